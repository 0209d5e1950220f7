// Package socket is what the doors that speak WebSocket stand on: the upgrade, the frames of RFC 6455, and connections
// whose readers are cursors. It knows nothing of the messages themselves.
//
// A connection has one goroutine, which waits in read. One writer for all of them sends what lies between cursors and
// heads; a connection that is full gets a goroutine of its own until it has drained.
package socket

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gobwas/ws"

	"parley/internal/live"
)

const (
	pingAfter  = 30 * time.Second // of silence, the server pings
	closeAfter = 90 * time.Second // of silence, the server closes
	keepEvery  = 10 * time.Second
	tidyEvery  = 2 * time.Second
	// manyOpened is after how many new connections it is worth its while to give back what opening them took.
	manyOpened = 500
	// catchUps is how many connections read the store at once to catch up.
	catchUps = 4
)

// A Handler is one connection's side of a protocol. Opened, Message and Closed are called one after the other on the
// connection's own goroutine: what they wait for holds up this client only. CatchUp may be called beside them.
type Handler interface {
	// Opened is called first.
	Opened(c *Conn)
	// Message takes a whole text message, valid UTF-8, which is the handler's to keep.
	Message(c *Conn, text []byte)
	// CatchUp resumes a cursor that has fallen off its tail, from the store, or closes the connection.
	CatchUp(c *Conn, b live.Behind)
	// Closed is called last, when no more cursors are open.
	Closed(c *Conn)
}

// Binary is what a Handler also is when it takes binary messages; to others they are refused with Unsupported.
type Binary interface {
	// Binary is Handler.Message for a whole binary message.
	Binary(c *Conn, data []byte)
}

// Config is what a Server needs.
type Config struct {
	Logs   *live.Logs
	Writer *live.Writer
	Logger *slog.Logger
	Clock  func() time.Time // time.Now if nil
	Frame  int              // bytes in a message from a client
	Stall  time.Duration    // how long a client may take nothing while something waits for it; 10 s if 0
}

// A Server holds the connections of all doors.
type Server struct {
	config   Config
	catchUps chan struct{}
	catching sync.WaitGroup
	ended    chan struct{} // closed when Run ends
	stalls   atomic.Int64

	opened atomic.Int64 // connections ever

	mu      sync.Mutex
	conns   map[*Conn]struct{}
	closing bool
	gone    chan struct{} // closed when closing and the last connection is gone
}

// New makes a Server.
func New(c Config) *Server {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Stall == 0 {
		c.Stall = defaultStall
	}
	return &Server{config: c, catchUps: make(chan struct{}, catchUps), ended: make(chan struct{}), gone: make(chan struct{}), conns: map[*Conn]struct{}{}}
}

func (s *Server) now() time.Time { return s.config.Clock() }

// Connections is how many connections are open.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// Run pings silent connections and closes dead ones until ctx ends. Then it says goodbye to all with GoingAway, after the
// answer to the message that is being handled, waits until they are gone, for grace at most, and returns nil. The writer must run until Run has returned.
func (s *Server) Run(ctx context.Context, grace time.Duration) error {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	tidy := time.NewTicker(tidyEvery)
	defer tidy.Stop()
	var t tidier
	for {
		select {
		case <-tick.C:
			s.keep()
		case <-tidy.C:
			if t.due(s.opened.Load()) {
				debug.FreeOSMemory()
			}
		case <-ctx.Done():
			s.goodbye(grace)
			return nil
		}
	}
}

// A tidier finds the calm after a storm of new connections. What a connection is opened with is several times what it
// holds afterwards, and would be held for minutes when nothing else happens.
type tidier struct{ seen, tidied int64 }

// due is asked now and then with how many connections were ever opened, and says whether to give memory back.
func (t *tidier) due(opened int64) bool {
	calm := opened == t.seen
	t.seen = opened
	if !calm || opened-t.tidied < manyOpened {
		return false
	}
	t.tidied = opened
	return true
}

func (s *Server) keep() {
	now := s.now().UnixMilli()
	for _, c := range s.all() {
		switch silent := time.Duration(now-c.heard.Load()) * time.Millisecond; {
		case silent >= closeAfter:
			c.abort()
		case silent >= pingAfter:
			c.Add(appendFrame(nil, ws.OpPing, nil))
		}
	}
}

const goingAway = "the server is going away; connect again at once"

func (s *Server) goodbye(grace time.Duration) {
	s.mu.Lock()
	s.closing = true
	s.emptyLocked()
	s.mu.Unlock()
	close(s.ended)
	for _, c := range s.all() {
		c.part(GoingAway, goingAway)
	}
	patience := time.NewTimer(grace)
	defer patience.Stop()
	select {
	case <-s.gone:
	case <-patience.C:
		for _, c := range s.all() {
			c.abort()
		}
		<-s.gone
	}
	s.catching.Wait()
}

// emptyLocked tells goodbye that the last connection is gone. No connection comes after it.
func (s *Server) emptyLocked() {
	if !s.closing || len(s.conns) > 0 {
		return
	}
	select {
	case <-s.gone:
	default:
		close(s.gone)
	}
}

func (s *Server) all() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	conns := make([]*Conn, 0, len(s.conns))
	for c := range s.conns {
		conns = append(conns, c)
	}
	return conns
}

func (s *Server) forget(c *Conn) {
	s.mu.Lock()
	delete(s.conns, c)
	s.emptyLocked()
	s.mu.Unlock()
}

// Upgrade turns a request into a connection that writes in format f for who, and hands it to h. The caller has checked
// the Origin and who asks. A request that is no good upgrade is answered with the HTTP error that says so.
func (s *Server) Upgrade(w http.ResponseWriter, r *http.Request, f live.Format, who live.Who, h Handler) {
	key, ok := challenge(w, r)
	if !ok {
		return
	}
	conn, pending, err := hijack(w, key)
	if err != nil {
		s.config.Logger.Debug("upgrade failed", "path", r.Pattern, "error", err)
		return
	}
	s.start(conn, pending, f, who, h)
}

func (s *Server) start(conn net.Conn, pending []byte, f live.Format, who live.Who, h Handler) {
	c := &Conn{server: s, net: conn, handler: h}
	c.drained.L = &c.mu
	c.binary, _ = h.(Binary)
	c.mark = s.config.Writer.Mark(c)
	if sc, ok := conn.(syscall.Conn); ok {
		c.raw, _ = sc.SyscallConn()
	}
	boundUnsent(c.raw)
	if who.Ended == nil {
		who.Ended = func() { c.Close(SignedOut, "the session has ended") }
	}
	c.reader = s.config.Logs.Read(f, who, c.mark.Set)
	c.hear()
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		_, _ = conn.Write(appendFrame(nil, ws.OpClose, ws.NewCloseFrameBody(GoingAway, goingAway))) // fits into an empty socket
		c.abort()
		return
	}
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	s.opened.Add(1)
	// The handler of net/http returns, so that its goroutine and buffers are not kept.
	go c.serve(pending)
}
