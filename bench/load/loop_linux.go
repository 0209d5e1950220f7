package load

import (
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"
)

// A Receiver takes what arrives on a connection.
type Receiver interface {
	// Receive is given everything that has arrived and was not taken yet, and returns how much of it it takes. It must not
	// keep b. An error ends the loop.
	Receive(c *Conn, b []byte) (taken int, err error)
}

// A Loop reads from any number of connections on the goroutine that calls Run. It belongs to that goroutine.
type Loop struct {
	epoll  int
	events []syscall.EpollEvent
	buffer []byte
	conns  map[int32]*Conn
	now    time.Time
}

const (
	// loopBuffer is how much is read at once: it stays in the cache of the core.
	loopBuffer = 256 << 10
	loopEvents = 1024
)

// NewLoop makes a Loop.
func NewLoop() (*Loop, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("load: epoll: %w", err)
	}
	return &Loop{epoll: fd, events: make([]syscall.EpollEvent, loopEvents), buffer: make([]byte, loopBuffer), conns: map[int32]*Conn{}, now: time.Now()}, nil
}

// Now is the time of the last wake.
func (l *Loop) Now() time.Time { return l.now }

// Close closes the loop and all its connections.
func (l *Loop) Close() {
	for _, c := range l.conns {
		c.Close()
	}
	clear(l.conns)
	_ = syscall.Close(l.epoll)
}

// Add has a connection's bytes given to r, beginning with those that came with its handshake.
func (l *Loop) Add(c *Conn, r Receiver) error {
	c.loop, c.receiver = l, r
	if err := syscall.SetNonblock(c.fd, true); err != nil {
		return err
	}
	if err := l.take(c, nil); err != nil {
		return err
	}
	l.conns[int32(c.fd)] = c
	return syscall.EpollCtl(l.epoll, syscall.EPOLL_CTL_ADD, c.fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(c.fd)})
}

// Run reads until step says that it is done or fails. step is called after each round of reading, and says within what time
// it wants to be called again even if nothing arrives.
func (l *Loop) Run(step func(now time.Time) (again time.Duration, done bool, err error)) error {
	for {
		l.now = time.Now()
		wait, done, err := step(l.now)
		if done || err != nil {
			return err
		}
		// Rounded up: waiting must not cost a core that the server may want.
		n, err := syscall.EpollWait(l.epoll, l.events, int((max(wait, 0)+time.Millisecond-1)/time.Millisecond))
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return fmt.Errorf("load: epoll: %w", err)
		}
		l.now = time.Now()
		for _, e := range l.events[:n] {
			if c := l.conns[e.Fd]; c != nil {
				if err := l.read(c); err != nil {
					return err
				}
			}
		}
	}
}

// read reads once: what is left in the socket is reported again.
func (l *Loop) read(c *Conn) error {
	kept := copy(l.buffer, c.kept)
	n, err := syscall.Read(c.fd, l.buffer[kept:])
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return nil
	case err != nil:
		return fmt.Errorf("load: %s: reading: %w", c.Name, err)
	case n == 0:
		return fmt.Errorf("load: %s: %w", c.Name, io.ErrUnexpectedEOF)
	}
	c.kept = c.kept[:0]
	return l.take(c, l.buffer[:kept+n])
}

// take gives a connection's receiver what there is, and keeps what it does not take.
func (l *Loop) take(c *Conn, b []byte) error {
	if b == nil {
		b, c.kept = c.kept, nil
	}
	taken, err := c.receiver.Receive(c, b)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	if rest := b[taken:]; len(rest) > 0 {
		if len(rest) > loopBuffer/2 {
			return fmt.Errorf("load: %s: a frame is longer than %d bytes", c.Name, loopBuffer/2)
		}
		c.kept = append(c.kept, rest...)
	}
	return nil
}
