package socket

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gobwas/ws"

	"parley/internal/live"
)

const (
	// flushBytes is about how much one flush sends to one connection, so that a lagging one does not hold up the others.
	flushBytes = 128 << 10
	// answerBytes is how many bytes of answers may wait for a client before its next frame is read.
	answerBytes = 256 << 10
	// cloneBytes is how much of what a client did not take is copied, so that it does not hold a whole segment.
	cloneBytes = 16 << 10
)

// A Conn is one WebSocket connection: what its client says goes to a Handler, in order, on the connection's own goroutine;
// what it is sent lies in its answers and in the cursors of its live.Reader. Its methods may be called from any goroutine.
type Conn struct {
	server  *Server
	net     net.Conn
	raw     syscall.RawConn // nil where the connection is not the kernel's own, such as TLS
	mark    *live.Mark
	reader  *live.Reader
	handler Handler
	binary  Binary       // the handler, if it takes binary messages
	heard   atomic.Int64 // unix ms of the last byte from the client

	mu       sync.Mutex
	handling bool      // a message is with the handler
	held     int       // messages that are answered later
	leaving  *closing  // the goodbye that follows it
	drained  sync.Cond // on mu: answers were taken, or the connection is closed
	answers  []byte
	busy     bool // a goroutine of its own is writing; the writer leaves it alone
	again    bool // marked while busy
	last     bool // nothing may be added any more; close when answers are sent
	parted   bool // the goodbye is sent
	closed   bool
}

// Reader is the connection's cursors.
func (c *Conn) Reader() *live.Reader { return c.reader }

// Send sends whole frames, made by AppendText, after what was sent before. If the client leaves more than 256 KiB of answers
// unread it waits; the handler does not read on meanwhile, so that a client who only asks costs bounded memory.
func (c *Conn) Send(frames []byte) {
	c.await()
	c.Add(frames)
}

// Add is Send without waiting, for frames that the sender bounds itself.
func (c *Conn) Add(frames []byte) {
	c.mu.Lock()
	c.addLocked(frames)
	c.mu.Unlock()
	c.mark.Urge()
}

// await waits until the client has read all but a bounded number of bytes of its answers; false says that it never will.
func (c *Conn) await() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.answers) > answerBytes && !c.closed && !c.last {
		c.drained.Wait()
	}
	return !c.closed && !c.last
}

func (c *Conn) addLocked(frames []byte) {
	if !c.last && !c.closed {
		c.answers = append(c.answers, frames...)
	}
}

// Close says goodbye with a code once everything before it is sent, and closes. Closing twice is closing once.
func (c *Conn) Close(code Code, reason string) {
	c.mu.Lock()
	if !c.last && !c.closed {
		c.answers = appendFrame(c.answers, ws.OpClose, ws.NewCloseFrameBody(code, reason))
		c.last = true
		c.drained.Broadcast()
	}
	c.mu.Unlock()
	c.mark.Urge()
}

// part is Close, but messages that are with the handler, or held, are answered first.
func (c *Conn) part(code Code, reason string) {
	c.mu.Lock()
	if c.handling || c.held > 0 {
		c.leaving = &closing{code, reason}
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	c.Close(code, reason)
}

// handle gives the handler one message, unless the goodbye is said: what comes after it is not acted on.
func (c *Conn) handle(op ws.OpCode, message []byte) error {
	c.mu.Lock()
	if c.last || c.closed {
		c.mu.Unlock()
		return errParted
	}
	c.handling = true
	c.mu.Unlock()
	if op == ws.OpBinary {
		c.binary.Binary(c, message)
	} else {
		c.handler.Message(c, message)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.handling = false
	if c.leaving != nil {
		return *c.leaving
	}
	return nil
}

// abort closes without a word.
func (c *Conn) abort() {
	c.mu.Lock()
	c.closed, c.answers = true, nil
	c.drained.Broadcast()
	c.mu.Unlock()
	_ = c.net.Close() // a connection that is gone already is what we want
}

func (c *Conn) hear() { c.heard.Store(c.server.now().UnixMilli()) }

// linger lets the goodbye reach the client: what it still sends is thrown away, so that the kernel does not answer it with
// a reset that overtakes the goodbye. done says that the client sends nothing more, or has had its time to.
func (c *Conn) linger(done bool) {
	c.mu.Lock()
	if !c.parted || !done {
		patience := lingerTime
		if !c.parted {
			patience = c.server.config.Stall + goodbyeTime // finish shortens it
		}
		_ = c.net.SetReadDeadline(time.Now().Add(patience))
		c.mu.Unlock()
		_, _ = io.Copy(io.Discard, io.LimitReader(c.net, lingerBytes))
		c.mu.Lock()
	}
	for !c.parted && !c.closed {
		c.drained.Wait() // until the goodbye is sent or given up
	}
	c.mu.Unlock()
	c.abort()
}

const (
	lingerTime  = time.Second
	lingerBytes = 16 << 20
)

// Flush sends what there is, as far as it goes at once. It is called by the writer.
func (c *Conn) Flush(scratch *live.Scratch) {
	c.mu.Lock()
	if c.closed || c.busy || c.parted {
		c.again = c.busy
		c.mu.Unlock()
		return
	}
	c.busy = true
	c.mu.Unlock()
	if c.raw == nil {
		go func() {
			frames, _, last, more := c.collect(new(live.Scratch))
			c.drain(piece{frames: frames}, last, more)
		}()
		return
	}
	frames, shared, last, more := c.collect(scratch)
	if len(frames) > 0 {
		n, err := c.attempt(frames)
		if err != nil {
			c.abort()
			return
		}
		if n < len(frames) {
			p := remainder(frames, n)
			if !shared || len(p.frames) <= cloneBytes {
				p.frames = bytes.Clone(p.frames)
			}
			go c.drain(p, last, true)
			return
		}
	}
	c.finish(last, more)
}

// collect takes everything that is to be sent, in one piece. The piece is shared with others or lies in scratch.
func (c *Conn) collect(scratch *live.Scratch) (frames []byte, shared, last, more bool) {
	var answers []byte
	g := c.reader.Gather(scratch.Parts, flushBytes, func() {
		c.mu.Lock()
		answers, c.answers, last = c.answers, nil, c.last
		c.drained.Broadcast()
		c.mu.Unlock()
	})
	scratch.Parts = g.Parts
	c.catchUp(g.Behind)
	switch {
	case last:
		// A goodbye is the last that is sent.
		return answers, true, true, false
	case len(g.Parts) == 0:
		return answers, true, last, g.More
	case len(g.Parts) == 1 && len(answers) == 0:
		return g.Parts[0], true, last, g.More
	}
	scratch.Bytes = append(scratch.Bytes[:0], answers...)
	for _, part := range g.Parts {
		scratch.Bytes = append(scratch.Bytes, part...)
	}
	return scratch.Bytes, false, last, g.More
}

// attempt writes as much as the kernel takes now.
func (c *Conn) attempt(frames []byte) (n int, err error) {
	outer := c.raw.Write(func(fd uintptr) bool {
		n, err = syscall.Write(int(fd), frames)
		return true
	})
	switch {
	case outer != nil:
		return 0, outer
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return 0, nil
	}
	return max(n, 0), err
}

// finish ends a flush that has sent everything.
func (c *Conn) finish(last, more bool) {
	c.mu.Lock()
	c.busy, c.parted = false, last
	more = more || c.again || len(c.answers) > 0
	c.again = false
	if last {
		// The reading goroutine closes once the client has answered; end its wait if it does not.
		_ = c.net.SetReadDeadline(time.Now().Add(lingerTime))
		c.halfClose()
		c.drained.Broadcast()
	}
	c.mu.Unlock()
	if more {
		c.mark.Set()
	}
}

func (c *Conn) halfClose() {
	if tcp, ok := c.net.(interface{ CloseWrite() error }); ok {
		_ = tcp.CloseWrite()
	}
}

// catchUp has cursors that fell off their tails brought back from the store, by a goroutine of this connection that
// ends with its work; the server bounds how many of them read at once.
func (c *Conn) catchUp(behind []live.Behind) {
	if len(behind) == 0 {
		return
	}
	c.server.catching.Add(1)
	go func() {
		defer c.server.catching.Done()
		for _, b := range behind {
			if !c.await() {
				return
			}
			select {
			case c.server.catchUps <- struct{}{}:
			case <-c.server.ended:
				return
			}
			c.handler.CatchUp(c, b)
			<-c.server.catchUps
		}
	}()
}
