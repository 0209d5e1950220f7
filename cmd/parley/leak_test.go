package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"golang.org/x/sync/errgroup"
)

// TestLeaks holds that whoever has gone, in whatever way, costs nothing any more.
func TestLeaks(t *testing.T) {
	debug := freeAddress(t)
	h := start(t, "--limits", "off", "--debug", debug)
	ana := h.join("ana", "lobby")
	ana.http.CloseIdleConnections()
	comeAndGo(t, ana, 400) // what is made once and kept, such as handles of the database
	var before counts
	for same := 0; same < 20; same++ { // what is on its way out goes
		now := settled(t, debug, func(c counts) bool { return c.Sockets == 0 && c.Logs == 0 })
		if now.Goroutines != before.Goroutines || now.Descriptors != before.Descriptors {
			same = 0
		}
		before = now
	}

	comeAndGo(t, ana, 10_000)
	after := settled(t, debug, func(c counts) bool {
		return c.Sockets == 0 && c.Logs == 0 && c.Goroutines <= before.Goroutines && c.Descriptors <= before.Descriptors && c.Heap < before.Heap+1<<20
	})
	t.Logf("before %+v, after %+v", before, after)
}

// comeAndGo has n sockets open the lobby and end, 50 at a time, each in one of the ways in which sockets end.
func comeAndGo(t *testing.T, p *person, n int) {
	t.Helper()
	var all errgroup.Group
	all.SetLimit(50)
	for i := range n {
		all.Go(func() error {
			w, err := dialWire(p, nil)
			if err != nil {
				return err
			}
			defer w.conn.Close()
			if _, err := w.wait(`"hello"`); err != nil {
				return err
			}
			if err := w.tell(`{"id":1,"do":"open","room":"lobby"}`); err != nil {
				return err
			}
			if _, err := w.wait(`{"re":1,"ok"`); err != nil {
				return err
			}
			switch i % 5 {
			case 0: // in good order
				_ = ws.WriteFrame(w.conn, ws.MaskFrame(ws.NewCloseFrame(ws.NewCloseFrameBody(1000, ""))))
				_, err = w.wait("never")
				if closed, ok := errors.AsType[wsutil.ClosedError](err); !ok || closed.Code != 1000 {
					return fmt.Errorf("after a goodbye: %w", err)
				}
			case 1: // without a word
			case 2: // after a post, whose answer nobody waits for, and with a reset
				_ = w.tell(fmt.Sprintf(`{"id":2,"do":"post","room":"lobby","key":"%d-%d","text":"bye"}`, n, i))
				_ = w.conn.(*net.TCPConn).SetLinger(0)
			case 3: // in the midst of a frame
				_, _ = w.conn.Write([]byte{0x81, 0xfe, 0x10})
			case 4: // with an answer on its way
				_ = w.tell(`{"id":2,"do":"history","room":"lobby","limit":200}`)
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
}

// TestMassLeaveMassJoin has a crowd leave a room while another comes: everybody who came is there, and hears what is said.
func TestMassLeaveMassJoin(t *testing.T) {
	const people, crowd = 100, 1000 // sockets of the people, ten of each
	h := start(t, "--limits", "off")
	guests := make([]*person, people)
	var entering errgroup.Group
	entering.SetLimit(20)
	for i := range guests {
		entering.Go(func() error {
			guests[i] = h.join(fmt.Sprintf("guest %d", i), "lobby")
			guests[i].http.CloseIdleConnections()
			return nil
		})
	}
	_ = entering.Wait() // joining fails the test by itself

	enter := func(i int) (*rawWire, error) {
		w, err := dialWire(guests[i%people], nil)
		if err != nil {
			return nil, err
		}
		if err := w.tell(`{"id":1,"do":"join","room":"lobby"}`); err != nil {
			return w, err
		}
		if err := w.tell(`{"id":2,"do":"open","room":"lobby"}`); err != nil {
			return w, err
		}
		_, err = w.wait(`{"re":2,"ok"`)
		return w, err
	}
	crowds := [2][]*rawWire{make([]*rawWire, crowd), make([]*rawWire, crowd)}
	t.Cleanup(func() {
		for _, w := range crowds[1] {
			if w != nil {
				_ = w.conn.Close()
			}
		}
	})
	var first errgroup.Group
	first.SetLimit(50)
	for i := range crowd {
		first.Go(func() (err error) {
			crowds[0][i], err = enter(i)
			return err
		})
	}
	if err := first.Wait(); err != nil {
		t.Fatal("the first crowd:", err)
	}
	var both errgroup.Group
	both.SetLimit(200)
	for i := range crowd {
		both.Go(func() error {
			w := crowds[0][i]
			if i%3 == 0 {
				_ = w.tell(`{"id":3,"do":"leave","room":"lobby"}`)
			}
			return w.conn.Close()
		})
		both.Go(func() (err error) {
			crowds[1][i], err = enter(i)
			return err
		})
	}
	if err := both.Wait(); err != nil {
		t.Fatal("the change:", err)
	}
	speaker, _ := guests[0].socket()
	speaker.ok("post", "room", "lobby", "key", "k", "text", "does everybody hear me?")
	var hearing errgroup.Group
	for _, w := range crowds[1] {
		hearing.Go(func() error {
			_, err := w.wait("does everybody hear me?")
			return err
		})
	}
	if err := hearing.Wait(); err != nil {
		t.Error("a message after the change:", err)
	}
}

// TestLargerThanBuffers has messages and answers that are larger than any buffer on the way cross each other.
func TestLargerThanBuffers(t *testing.T) {
	h := start(t, "--limits", "off", "--text-limit", "60000", "--frame-limit", "400000")
	ana := h.join("ana", "lobby")
	const messages = 60
	body := strings.Repeat("x", 60_000-4)
	var all errgroup.Group
	for range 4 {
		w, err := dialWire(ana, smallBuffers)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = w.conn.Close() })
		if err := w.tell(`{"id":1,"do":"open","room":"lobby"}`); err != nil {
			t.Fatal(err)
		}
		if _, err := w.wait(`{"re":1,"ok"`); err != nil { // what is posted from now on comes as changes
			t.Fatal(err)
		}
		all.Go(func() error {
			answers, n := 0, 0
			for answers < messages || n < messages {
				frame, err := w.wait("")
				if err != nil {
					return fmt.Errorf("after %d answers and %d messages: %w", answers, n, err)
				}
				switch {
				case strings.HasPrefix(frame, `{"re":2,"ok":{"room"`):
					answers++
				case strings.Contains(frame, fmt.Sprintf(`"text":"%04d%s"`, n, body)) && strings.HasPrefix(frame, `{"room"`):
					n++
				}
			}
			return nil
		})
		all.Go(func() error {
			for range messages {
				if err := w.tell(`{"id":2,"do":"history","room":"lobby","limit":10}`); err != nil {
					return err
				}
			}
			return nil
		})
	}
	poster, _ := ana.socket()
	for i := range messages {
		poster.ok("post", "room", "lobby", "key", fmt.Sprint(i), "text", fmt.Sprintf("%04d%s", i, body))
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
}

// smallBuffers has a socket hold as little as it can.
func smallBuffers(_, _ string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10)
		_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_SNDBUF, 4<<10)
	})
}

// A rawWire is a socket for goroutines, of which there may be thousands: it returns errors, and reads no JSON.
type rawWire struct {
	conn net.Conn
	rw   io.ReadWriter
	mu   sync.Mutex // one frame at a time is written
}

// dialWire opens /ws with the person's cookie; control, unless nil, prepares the socket.
func dialWire(p *person, control func(network, address string, c syscall.RawConn) error) (*rawWire, error) {
	header := http.Header{"Origin": {p.host.url}, "Cookie": {p.cookie()}}
	dialer := net.Dialer{Control: control}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, early, _, err := ws.Dialer{Header: ws.HandshakeHeaderHTTP(header), NetDial: dialer.DialContext}.Dial(ctx, "ws://"+p.host.address()+"/ws")
	if err != nil {
		return nil, err
	}
	from := bufio.NewReader(io.MultiReader(buffered(early), conn))
	return &rawWire{conn: conn, rw: struct {
		io.Reader
		io.Writer
	}{from, conn}}, nil
}

// buffered is what a reader, which may be nil, holds already.
func buffered(r *bufio.Reader) io.Reader {
	if r == nil {
		return strings.NewReader("")
	}
	held, _ := r.Peek(r.Buffered())
	return strings.NewReader(string(held))
}

func (w *rawWire) tell(text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return wsutil.WriteClientText(w.conn, []byte(text))
}

// wait is the next frame with a text in it, and an error after 30 s without one.
func (w *rawWire) wait(text string) (string, error) {
	_ = w.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	for {
		frame, err := wsutil.ReadServerText(w.rw)
		if err != nil {
			return "", err
		}
		if strings.Contains(string(frame), text) {
			return string(frame), nil
		}
	}
}

// counts are what the debug address tells.
type counts struct {
	Goroutines, Descriptors, Sockets, Stalled int
	Logs                                      int `json:"logs_awake"`
	Heap                                      int64
}

// settled asks until the counts are as they should be, for half a minute at most.
func settled(t *testing.T, debug string, good func(counts) bool) counts {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	deadline := time.Now().Add(30 * time.Second)
	for {
		response, err := client.Get("http://" + debug + "/debug/counts?gc=1")
		if err != nil {
			t.Fatal(err)
		}
		var c counts
		err = json.NewDecoder(response.Body).Decode(&c)
		_ = response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if good(c) {
			return c
		}
		if time.Now().After(deadline) {
			t.Fatalf("still %+v", c)
		}
	}
}

// freeAddress is a loopback address that was free just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
