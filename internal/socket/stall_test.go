package socket_test

import (
	"fmt"
	"net"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley/internal/socket"
)

// unreading dials with a receive buffer of 4 KiB, as a client does that will not read.
var unreading = &net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
	var err error
	outer := c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10) })
	if outer != nil {
		return outer
	}
	return err
}}

// TestStalled is the promise about readers that do not read: bounded memory, nobody else is held up, and when they read again
// they find whole messages without a gap, the code that says resume, and by resuming the rest.
func TestStalled(t *testing.T) {
	t.Run("a hundred readers cost little, are told to resume, and can", func(t *testing.T) {
		cast := newCast(t, 100)
		before := memory()
		cast.say(1000, func(int) int { return 1 << 10 })
		grown := (memory() - before) / int64(len(cast.readers)) >> 10
		t.Logf("a reader that does not read costs %d KiB", grown)
		if grown > 64 {
			t.Error("want at most 64 KiB")
		}
		cast.resume()
	})
	t.Run("so they are with frames of all sizes", func(t *testing.T) {
		cast := newCast(t, 10)
		cast.say(600, func(i int) int { return []int{0, 120, 3 << 10, 70 << 10}[i%4] })
		cast.resume()
	})
}

// A cast is readers that do not read, one that does, and what they are told.
type cast struct {
	*bench
	quick   *client
	readers []*client
	ends    []chan struct{} // closed when the server is done with the reader
	said    []string
}

func newCast(t *testing.T, readers int) *cast {
	t.Helper()
	c := &cast{bench: startWith(t, time.Second)}
	c.quick = c.dial()
	<-c.echoes
	for range readers {
		c.readers = append(c.readers, c.dialBy(unreading, "/"))
		c.ends = append(c.ends, (<-c.echoes).closed)
	}
	return c
}

// say tells them n messages, and sees that the quick one has each at once.
func (c *cast) say(n int, size func(i int) int) {
	c.t.Helper()
	for i := range n {
		message := fmt.Sprint(i, strings.Repeat("x", size(i)))
		c.said = append(c.said, message)
		c.commit(message)
		c.quick.wantText(message)
	}
}

// resume has each of them read what is there for it, and the rest by a new connection.
func (c *cast) resume() {
	c.t.Helper()
	for i, reader := range c.readers {
		select {
		case <-c.ends[i]:
		case <-time.After(20 * time.Second):
			c.t.Fatalf("reader %d was not ended", i)
		}
		n := reader.drain(c.said)
		back := c.dialBy(&net.Dialer{}, fmt.Sprintf("/?at=%d", n))
		for ; n < len(c.said); n++ {
			back.wantText(c.said[n])
		}
		_ = back.conn.Close()
	}
}

// drain reads what was sent until the goodbye that says resume, and returns how many messages that was.
func (c *client) drain(said []string) (messages int) {
	c.t.Helper()
	for {
		op, got := c.read()
		if op == ws.OpClose {
			if code, _ := ws.ParseCloseFrameData([]byte(got)); code != socket.TooSlow {
				c.t.Errorf("closed with %d, want %d", code, socket.TooSlow)
			}
			return messages
		}
		if want := said[messages]; got != want {
			c.t.Fatalf("got %.20q, want %.20q", got, want)
		}
		messages++
	}
}

// memory is what the heap and the stacks hold now.
func memory() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
