package verify

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// narrowBytes is what the kernel holds for a client on a narrow line.
const narrowBytes = 16 << 10

// errCut is what a client gets from a line that was cut on purpose.
var errCut = errors.New("the line was cut")

// A Line is a TCP connection to the server that can go wrong as networks do: it is cut after some bytes in either
// direction, swallows an answer, or carries nothing for a while, so that the server's writes back up. The client's end of
// it is what fails: bytes beyond the cut were sent and are never seen.
type Line struct {
	net.Conn
	struck func() // called when a cut or a drop has taken place
	spent  atomic.Bool

	mu       sync.Mutex
	down, up int64 // bytes that may still pass, below 0 for any number
	drop     bool
	rude     bool
	still    time.Time // nothing is read until then
	closed   chan struct{}
	close    sync.Once
}

// NewLine makes a Line of a connection. struck is called when it was cut on purpose; nil for nobody.
func NewLine(conn net.Conn, struck func()) *Line {
	if struck == nil {
		struck = func() {}
	}
	return &Line{Conn: conn, struck: struck, down: -1, up: -1, closed: make(chan struct{})}
}

// cut closes the line on purpose.
func (l *Line) cut() {
	if !l.isClosed() && !l.spent.Swap(true) {
		l.struck()
	}
	_ = l.Close()
}

// isSpent reports whether the line was cut on purpose, or has nothing that would cut it.
func (l *Line) isSpent() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.spent.Load() || l.down < 0 && l.up < 0 && !l.drop
}

// CutDown cuts the line when n more bytes have come from the server; 0 is at once. rude resets the connection.
func (l *Line) CutDown(n int64, rude bool) {
	l.mu.Lock()
	l.down, l.rude = n, rude
	l.mu.Unlock()
	if n == 0 {
		l.cut()
	}
}

// CutUp cuts the line when n more bytes have gone to the server.
func (l *Line) CutUp(n int64, rude bool) {
	l.mu.Lock()
	l.up, l.rude = n, rude
	l.mu.Unlock()
}

// Drop swallows what comes next from the server and cuts the line.
func (l *Line) Drop(rude bool) {
	l.mu.Lock()
	l.drop, l.rude = true, rude
	l.mu.Unlock()
}

// Still has the client read nothing for d.
func (l *Line) Still(d time.Duration) {
	l.mu.Lock()
	l.still = time.Now().Add(d)
	l.mu.Unlock()
}

// Close closes the connection, with a reset if that was asked for.
func (l *Line) Close() error {
	var err error
	l.close.Do(func() {
		l.mu.Lock()
		rude := l.rude
		l.mu.Unlock()
		if tcp, ok := l.Conn.(*net.TCPConn); ok && rude {
			_ = tcp.SetLinger(0)
		}
		close(l.closed)
		err = l.Conn.Close()
	})
	return err
}

func (l *Line) isClosed() bool {
	select {
	case <-l.closed:
		return true
	default:
		return false
	}
}

// Read reads what may pass.
func (l *Line) Read(p []byte) (int, error) {
	l.mu.Lock()
	still := time.Until(l.still)
	l.mu.Unlock()
	if still > 0 {
		timer := time.NewTimer(still)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-l.closed:
		}
	}
	n, err := l.Conn.Read(p)
	l.mu.Lock()
	cut := l.drop && n > 0 || l.down >= 0 && int64(n) >= l.down
	switch {
	case l.drop:
		n = 0
	case cut:
		n = int(l.down)
		l.down = 0
	case l.down >= 0:
		l.down -= int64(n)
	}
	l.mu.Unlock()
	if cut || l.isClosed() {
		l.cut()
		if n == 0 {
			return 0, errCut
		}
		return n, nil
	}
	return n, err
}

// Write writes what may pass.
func (l *Line) Write(p []byte) (int, error) {
	l.mu.Lock()
	cut := l.up >= 0 && int64(len(p)) >= l.up
	passes := p
	if cut {
		passes = p[:l.up]
		l.up = 0
	} else if l.up >= 0 {
		l.up -= int64(len(p))
	}
	l.mu.Unlock()
	n, err := l.Conn.Write(passes)
	if cut {
		l.cut()
		return n, errCut
	}
	return n, err
}

var _ io.ReadWriter = (*Line)(nil)

// isFaulty reports whether a cut or a drop is prepared or has taken place.
func (l *Line) isFaulty() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.down >= 0 || l.up >= 0 || l.drop || l.isClosed()
}

// An Outlet is where a client gets its lines from. Faults that are prepared for a client wait for their turn: each line has
// one.
type Outlet struct {
	struck atomic.Int64 // lines that were cut on purpose
	narrow bool         // its lines hold little of what was not read, so that the server's writes back up soon

	mu      sync.Mutex
	line    *Line
	fault   func(*Line) // that the line has, nil for none
	waiting []func(*Line)
	away    time.Time // nobody dials before
}

// Plug makes a line of the client's newest connection, with the fault that waited longest, and those that cut nothing before it.
func (o *Outlet) Plug(conn net.Conn) *Line {
	if tcp, ok := conn.(*net.TCPConn); ok && o.narrow {
		_ = tcp.SetReadBuffer(narrowBytes)
	}
	l := NewLine(conn, func() { o.struck.Add(1) })
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fault != nil && !o.line.isSpent() {
		o.waiting = append([]func(*Line){o.fault}, o.waiting...) // the line went before its fault struck
	}
	o.line, o.fault = l, nil
	for len(o.waiting) > 0 && !l.isFaulty() {
		o.fault = o.waiting[0]
		o.waiting = o.waiting[1:]
		o.fault(l)
	}
	return l
}

// Inject does something to the line that the client has, or to one of its next if that one is faulty already.
func (o *Outlet) Inject(fault func(*Line)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.line != nil && !o.line.isFaulty() {
		o.fault = fault
		fault(o.line)
		return
	}
	o.waiting = append(o.waiting, fault)
}

// Leave cuts the line that the client has, and keeps it from having another one for d.
func (o *Outlet) Leave(d time.Duration) {
	o.mu.Lock()
	line := o.line
	o.away = time.Now().Add(d)
	o.mu.Unlock()
	if line != nil {
		_ = line.Close()
	}
}

// back waits until the client may have a line again.
func (o *Outlet) back(ctx context.Context) error {
	o.mu.Lock()
	away := time.Until(o.away)
	o.mu.Unlock()
	if away <= 0 {
		return nil
	}
	return rest(ctx, away)
}

// Pending reports whether a fault has not struck yet.
func (o *Outlet) Pending() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.waiting) > 0 || o.line != nil && !o.line.isClosed() && o.line.isFaulty()
}

// Struck is how many lines were cut on purpose.
func (o *Outlet) Struck() int64 { return o.struck.Load() }
