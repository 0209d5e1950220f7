package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"

	"github.com/gobwas/ws"
)

// ahead is how many ready-made frames lie one after the other, and so the most that one write sends.
const ahead = 512

// A crowd is all connections. mu guards what new ones are added to.
type crowd struct {
	settings
	frames []byte // ahead of them
	answer []byte
	epoll  int

	mu      sync.Mutex
	readers []*reader
}

// A reader is a connection that gets every frame. All frames are the same, so where it stands is a number of bytes.
type reader struct {
	fd   int
	sent int64
	gone bool
}

func run(ctx context.Context, s settings) error {
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return err
	}
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	frame := ready(s.Frame)
	c := &crowd{settings: s, frames: bytes.Repeat(frame, ahead), answer: ready(34), epoll: epoll}
	web := &http.Server{Handler: http.HandlerFunc(c.upgrade)}
	failed := make(chan error, 2)
	go func() { failed <- web.Serve(listener) }()
	go func() { failed <- c.serve() }()
	fmt.Printf("listening on %s\n", listener.Addr())
	select {
	case <-ctx.Done():
		return web.Close()
	case err := <-failed:
		return err
	}
}

// ready is a frame of size bytes with nothing in it.
func ready(size int) []byte {
	frame := bytes.Repeat([]byte("x"), max(size, 8))
	frame[0] = 0x81
	if size-2 < 126 {
		frame[1] = byte(size - 2)
		return frame
	}
	frame[1] = 126
	binary.BigEndian.PutUint16(frame[2:], uint16(size-4))
	return frame
}

func (c *crowd) upgrade(w http.ResponseWriter, r *http.Request) {
	conn, _, _, err := ws.HTTPUpgrader{}.Upgrade(r, w)
	if err != nil {
		return
	}
	fd, err := own(conn)
	if err != nil {
		return
	}
	if r.URL.Path == "/post" {
		_ = syscall.EpollCtl(c.epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)})
		return
	}
	c.mu.Lock()
	c.readers = append(c.readers, &reader{fd: fd, sent: -1})
	c.mu.Unlock()
}

// own takes a connection out of Go's hands: nothing but this program's loop looks at it.
func own(conn net.Conn) (int, error) {
	defer conn.Close()
	file, err := conn.(*net.TCPConn).File()
	if err != nil {
		return 0, err
	}
	defer file.Close()
	fd, err := syscall.Dup(int(file.Fd()))
	if err != nil {
		return 0, err
	}
	return fd, syscall.SetNonblock(fd, true)
}

// serve is the loop: count what was posted, answer it, send every reader what it is owed.
func (c *crowd) serve() error {
	events := make([]syscall.EpollEvent, 1024)
	in := make([]byte, 64<<10)
	rest := map[int32]int{} // bytes of a post that is not whole yet
	var owed int64          // bytes that each reader is to have
	wait := -1
	for {
		n, err := syscall.EpollWait(c.epoll, events, wait)
		if err != nil && !errors.Is(err, syscall.EINTR) {
			return err
		}
		posts := int64(0)
		for _, e := range events[:max(n, 0)] {
			size, err := syscall.Read(int(e.Fd), in)
			if size <= 0 && !errors.Is(err, syscall.EAGAIN) {
				_ = syscall.Close(int(e.Fd))
				delete(rest, e.Fd)
				continue
			}
			size = max(size, 0) + rest[e.Fd]
			rest[e.Fd] = size % c.Post
			for range size / c.Post {
				posts++
				_, _ = syscall.Write(int(e.Fd), c.answer) // a poster that is gone wants no answer
			}
		}
		wait = c.pass(&owed, posts)
	}
}

// pass sends to all, and says how long the loop may wait: not long while somebody's socket was full.
func (c *crowd) pass(owed *int64, posts int64) (wait int) {
	c.mu.Lock()
	readers := c.readers
	c.mu.Unlock()
	size := int64(c.Frame)
	rounds, each := int64(1), posts*size
	if c.Mode == "one" && posts > 0 {
		rounds, each = posts, size
	}
	wait = -1
	for range rounds {
		*owed += each
		for _, r := range readers {
			if r.sent < 0 {
				r.sent = *owed - each
			}
			if !r.gone && !c.send(r, *owed) {
				wait = 1
			}
		}
	}
	return wait
}

// send writes what a reader is owed; false says that its socket is full.
func (c *crowd) send(r *reader, owed int64) bool {
	for r.sent < owed {
		from := r.sent % int64(c.Frame)
		most := int64(len(c.frames)) - from
		if c.Mode == "one" {
			most = int64(c.Frame) - from
		}
		n, err := syscall.Write(r.fd, c.frames[from:from+min(most, owed-r.sent)])
		switch {
		case errors.Is(err, syscall.EAGAIN):
			return false
		case err != nil:
			r.gone = true
			_ = syscall.Close(r.fd)
			return true
		}
		r.sent += int64(n)
	}
	return true
}
