package socket

import (
	"bufio"
	"errors"
	"sync"

	"github.com/gobwas/ws"
)

// A connection that is silent holds as little as can be: a goroutine with the smallest stack there is, which waits, and no
// buffer. What comes is read with a buffer from a pool, and when everything that came has been handled the goroutine ends
// and a new one waits: stacks grow with use and hardly ever shrink. A client that has sent many messages at once keeps its
// goroutine from then on.
const (
	// inboxBytes is the buffer for reading while something comes.
	inboxBytes = 4 << 10
	// busyMessages is how many messages come at once from a client whose goroutine is kept.
	busyMessages = 16
)

// An inbox is what it takes to read from one connection for a while.
type inbox struct {
	conn    *Conn
	pending []byte // to be read before the connection
	buffer  *bufio.Reader
	frames  frameReader
}

var inboxes = sync.Pool{New: func() any {
	in := new(inbox)
	in.buffer = bufio.NewReaderSize(in, inboxBytes)
	return in
}}

// openInbox is an inbox of a connection, with pending before what is still to come.
func openInbox(c *Conn, pending []byte) *inbox {
	in := inboxes.Get().(*inbox)
	in.conn, in.pending = c, pending
	in.buffer.Reset(in)
	in.frames = frameReader{r: in.buffer, limit: c.server.config.Frame, binary: c.binary != nil, controls: c}
	return in
}

func (in *inbox) close() {
	in.conn, in.pending, in.frames = nil, nil, frameReader{}
	inboxes.Put(in)
}

// Read reads what the buffer of the inbox asks for.
func (in *inbox) Read(p []byte) (int, error) {
	if len(in.pending) > 0 {
		n := copy(p, in.pending)
		in.pending = in.pending[n:]
		return n, nil
	}
	n, err := in.conn.net.Read(p)
	if n > 0 {
		in.conn.hear()
	}
	return n, err
}

// empty reports whether all that came has been read.
func (in *inbox) empty() bool { return len(in.pending) == 0 && in.buffer.Buffered() == 0 }

// serve is a connection's life. pending is what came with the upgrade already.
func (c *Conn) serve(pending []byte) {
	c.handler.Opened(c)
	if len(pending) == 0 && c.raw != nil {
		go c.rest()
		return
	}
	c.work(pending)
}

// rest waits for the client to say something.
func (c *Conn) rest() {
	if err := c.wait(); err != nil {
		c.end(err)
		return
	}
	c.work(nil)
}

// work handles what comes until nothing more is there, or the connection ends.
func (c *Conn) work(pending []byte) {
	for handled := 0; ; {
		n, err := c.take(pending)
		if err != nil {
			c.end(err)
			return
		}
		if handled += n; c.raw != nil && handled < busyMessages {
			go c.rest()
			return
		}
		if err := c.wait(); err != nil {
			c.end(err)
			return
		}
		pending = nil
	}
}

// take reads and handles what is there, one message at least unless only control frames came, and counts the messages.
func (c *Conn) take(pending []byte) (n int, err error) {
	in := openInbox(c, pending)
	defer in.close()
	for {
		op, message, err := in.frames.next()
		if err != nil {
			return n, err
		}
		if op != 0 {
			n++
			if err := c.handle(op, message); err != nil {
				return n, err
			}
		}
		if in.empty() {
			return n, nil
		}
	}
}

// end says goodbye for the reason that reading ended, and lets go of everything.
func (c *Conn) end(err error) {
	defer c.server.forget(c)
	c.reader.Close()
	c.Settle()
	c.handler.Closed(c)
	if why, ours := errors.AsType[closing](err); ours {
		c.Close(why.code, why.reason)
	} else if bye, theirs := errors.AsType[errClosed](err); theirs {
		c.Close(bye.code, "")
	} else {
		c.Close(ws.StatusNormalClosure, "")
	}
	c.linger(!errors.Is(err, errParted))
}

// ping answers the client's ping.
func (c *Conn) ping(payload []byte) { c.Send(appendFrame(nil, ws.OpPong, payload)) }
