package socket_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley/internal/socket"
)

func TestLater(t *testing.T) {
	t.Run("the next message is read while an answer is awaited", func(t *testing.T) {
		b := start(t)
		c := b.dial()
		c.send(textFrame, "answer later")
		c.send(textFrame, "meanwhile")
		c.wantText("meanwhile")
		close((<-b.echoes).held)
		c.wantText("answer later")
	})
	t.Run("settling waits for all that is held", func(t *testing.T) {
		b := start(t)
		c := b.dial()
		for range 3 {
			c.send(textFrame, "answer later")
		}
		c.send(textFrame, "after all that")
		e := <-b.echoes
		for range 4 {
			<-e.heard
		}
		close(e.held)
		for range 3 {
			c.wantText("answer later")
		}
		c.wantText("after all that")
	})
	t.Run("only so many are held", func(t *testing.T) {
		b := start(t)
		c := b.dial()
		const all, held = 400, 256
		var buf bytes.Buffer
		for range all {
			_ = ws.WriteFrame(&buf, ws.MaskFrame(ws.NewTextFrame([]byte("answer later"))))
		}
		go func() { _, _ = c.conn.Write(buf.Bytes()) }()
		e := <-b.echoes
		for range held + 1 { // the handler has the last one, and waits
			<-e.heard
		}
		select {
		case <-e.heard:
			t.Errorf("more than %d are held", held)
		default:
		}
		close(e.held)
		for range all {
			c.wantText("answer later")
		}
	})
	t.Run("only so many answers wait for a client that does not read", func(t *testing.T) {
		b := startWith(t, time.Second)
		c := b.dialBy(unreading, "/")
		e := <-b.echoes
		close(e.held)
		var buf bytes.Buffer
		for range 1000 {
			_ = ws.WriteFrame(&buf, ws.MaskFrame(ws.NewTextFrame([]byte("answer later"))))
		}
		go func() {
			for {
				if _, err := c.conn.Write(buf.Bytes()); err != nil {
					return // it was sent away
				}
			}
		}()
		accepted := 0
		for ended := false; !ended; {
			select {
			case <-e.heard:
				accepted++
			case <-e.closed:
				ended = true
			}
		}
		if accepted += len(e.heard); accepted > 100_000 {
			t.Errorf("accepted %d messages whose answers nobody reads", accepted)
		}
	})
	t.Run("the goodbye of the server waits for it", func(t *testing.T) {
		b := start(t)
		c, other := b.dial(), b.dial()
		c.send(textFrame, "answer later")
		e := <-b.echoes
		<-e.heard
		go b.stop()
		other.wantClose(socket.GoingAway) // the end has begun
		close(e.held)
		c.wantText("answer later")
		c.wantClose(socket.GoingAway)
		<-e.closed
	})
	t.Run("a connection that is gone ends when it is released", func(t *testing.T) {
		b := start(t)
		c := b.dial()
		c.send(textFrame, "answer later")
		e := <-b.echoes
		<-e.heard
		c.conn.Close()
		select {
		case <-e.closed:
			t.Error("it ended while it was held")
		default:
		}
		close(e.held)
		<-e.closed
	})
}
