package socket_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"go.uber.org/goleak"

	"parley/internal/chat"
	"parley/internal/live"
	"parley/internal/socket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rooms are those that every connection follows; most tests use the first.
var rooms = []chat.RoomID{7, 8}

const frameLimit = 64 << 10

// text writes changes as text frames with the message's text.
type text struct{}

func (text) AppendChange(dst []byte, c *chat.Change) []byte {
	return socket.AppendText(dst, func(dst []byte) []byte { return append(dst, c.Message.Text...) })
}

func (text) AppendValue(dst []byte, _ *live.Value) []byte { return dst }

// echo sends back what it hears and follows the rooms. What a cursor misses it reads from history.
type echo struct {
	at      map[chat.RoomID]int64
	heard   chan string   // everything but "sign me out"
	held    chan struct{} // the answer to "take your time" is given when it is closed
	closed  chan struct{}
	history func(room chat.RoomID, after int64) (texts []string, head int64)
}

func (e *echo) Opened(c *socket.Conn) {
	for _, room := range rooms {
		c.Reader().Attach(chat.RoomLog(room))
		texts, head := e.history(room, e.at[room]) // what was said since the upgrade was asked for
		for _, t := range texts {
			c.Send(frame(t))
		}
		c.Reader().Place(chat.RoomLog(room), head, 0)
	}
}

func (e *echo) Message(c *socket.Conn, message []byte) {
	if string(message) == "sign me out" {
		c.Close(socket.SignedOut, "as you wish")
		return
	}
	e.heard <- string(message)
	switch string(message) {
	case "take your time":
		<-e.held
	case "answer later":
		c.Hold()
		go func() {
			<-e.held
			c.Release(frame("answer later"))
		}()
		return
	case "after all that":
		c.Settle()
	}
	c.Send(frame(string(message)))
}

func (e *echo) CatchUp(c *socket.Conn, b live.Behind) {
	texts, head := e.history(b.Log.Room(), b.At)
	c.Reader().Resume(b, head, 0, func() {
		for _, t := range texts {
			c.Add(frame(t))
		}
	})
}

func (e *echo) Closed(*socket.Conn) { close(e.closed) }

func frame(s string) []byte {
	return socket.AppendText(nil, func(dst []byte) []byte { return append(dst, s...) })
}

// A bench is a running server and what was committed to its rooms.
type bench struct {
	t       *testing.T
	logs    *live.Logs
	sockets *socket.Server
	url     string
	echoes  chan *echo // of the connections, in their order
	stop    func()

	mu   sync.Mutex
	said map[chat.RoomID][]string
}

func start(t *testing.T) *bench {
	t.Helper()
	return startWith(t, 0)
}

// startWith is start with a stall time, 0 for the usual one.
func startWith(t *testing.T, stall time.Duration) *bench {
	t.Helper()
	b := &bench{t: t, logs: live.New(nil), echoes: make(chan *echo, 100), said: map[chat.RoomID][]string{}}
	writer := live.NewWriter()
	b.sockets = socket.New(socket.Config{Logs: b.logs, Writer: writer, Logger: slog.New(slog.DiscardHandler), Frame: frameLimit, Stall: stall})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := map[chat.RoomID]int64{}
		for _, room := range rooms {
			_, at[room] = b.after(room, 0)
		}
		if n, err := strconv.ParseInt(r.URL.Query().Get("at"), 10, 64); err == nil {
			at[rooms[0]] = n
		}
		e := &echo{at: at, heard: make(chan string, 10_000), held: make(chan struct{}), closed: make(chan struct{}), history: b.after}
		b.echoes <- e
		b.sockets.Upgrade(w, r, text{}, live.Who{}, e)
	}))
	b.url = strings.TrimPrefix(web.URL, "http://")
	running, end := context.WithCancel(context.Background())
	writing, endWriting := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { _ = writer.Run(writing) })
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = b.sockets.Run(running, time.Second)
	}()
	b.stop = sync.OnceFunc(func() {
		end()
		<-served
		endWriting()
		done.Wait()
		web.Close()
	})
	t.Cleanup(b.stop)
	return b
}

func (b *bench) after(room chat.RoomID, version int64) ([]string, int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.said[room][version:], int64(len(b.said[room]))
}

// commit commits a message to the first room.
func (b *bench) commit(message string) { b.commitTo(message, rooms[0]) }

// commitTo commits a message to each of the rooms at once.
func (b *bench) commitTo(message string, to ...chat.RoomID) {
	var changes []chat.Change
	b.mu.Lock()
	for _, room := range to {
		b.said[room] = append(b.said[room], message)
		version := int64(len(b.said[room]))
		changes = append(changes, chat.Change{Log: chat.RoomLog(room), Version: version, Message: &chat.Message{Text: message}})
	}
	b.mu.Unlock()
	b.logs.Committed(changes)
}

// A client speaks frames by hand.
type client struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func (b *bench) dial() *client { return b.dialBy(&net.Dialer{}, "/") }

// dialBy dials a path; "/?at=3" resumes the first room from its third message.
func (b *bench) dialBy(dialer *net.Dialer, path string) *client {
	b.t.Helper()
	conn, err := dialer.Dial("tcp", b.url)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.Close() })
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", path, b.url)
	c := &client{b.t, conn, bufio.NewReader(conn)}
	response, err := http.ReadResponse(c.r, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		b.t.Fatal("no upgrade:", response, err)
	}
	return c
}

func (c *client) send(h ws.Header, payload string) {
	c.t.Helper()
	h.Masked, h.Mask = true, [4]byte{1, 2, 3, 4}
	h.Length = int64(len(payload))
	masked := []byte(payload)
	ws.Cipher(masked, h.Mask, 0)
	c.sendRaw(h, masked)
}

func (c *client) sendRaw(h ws.Header, payload []byte) {
	c.t.Helper()
	var buf bytes.Buffer
	if err := ws.WriteHeader(&buf, h); err != nil {
		c.t.Fatal(err)
	}
	buf.Write(payload)
	if _, err := c.conn.Write(buf.Bytes()); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) read() (ws.OpCode, string) {
	c.t.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	h, err := ws.ReadHeader(c.r)
	if err != nil {
		c.t.Fatal("reading:", err)
	}
	if h.Masked || !h.Fin {
		c.t.Fatalf("the server sent a masked or fragmented frame: %+v", h)
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(c.r, payload); err != nil {
		c.t.Fatal("reading:", err)
	}
	return h.OpCode, string(payload)
}

func (c *client) wantText(want string) {
	c.t.Helper()
	if op, got := c.read(); op != ws.OpText || got != want {
		c.t.Fatalf("got %v %.100q, want text %.100q", op, got, want)
	}
}

func (c *client) wantClose(want socket.Code) {
	c.t.Helper()
	op, got := c.read()
	code, _ := ws.ParseCloseFrameData([]byte(got))
	if op != ws.OpClose || code != want {
		c.t.Fatalf("got %v %d %.100q, want close %d", op, code, got, want)
	}
	if _, err := c.r.ReadByte(); !errors.Is(err, io.EOF) {
		c.t.Errorf("after the goodbye: got %v, want the end", err)
	}
}

var textFrame = ws.Header{Fin: true, OpCode: ws.OpText}

func TestFrames(t *testing.T) {
	b := start(t)
	t.Run("come back at every length", func(t *testing.T) {
		c := b.dial()
		for _, n := range []int{0, 1, 125, 126, 127, 1023, 1024, 65535, frameLimit} {
			want := strings.Repeat("x", n)
			c.send(textFrame, want)
			c.wantText(want)
		}
	})
	t.Run("a message of a thousand fragments with pings between is one message", func(t *testing.T) {
		c := b.dial()
		for i := range 1000 {
			op := ws.OpContinuation
			if i == 0 {
				op = ws.OpText
			}
			if i%100 == 50 {
				c.send(ws.Header{Fin: true, OpCode: ws.OpPing}, "are you there")
			}
			c.send(ws.Header{Fin: i == 999, OpCode: op}, "xé"[i%2:1+i%2*2])
		}
		for range 10 {
			if op, got := c.read(); op != ws.OpPong || got != "are you there" {
				t.Fatalf("got %v %q, want the pong", op, got)
			}
		}
		c.wantText(strings.Repeat("xé", 500))
	})
	t.Run("endless empty fragments are ended", func(t *testing.T) {
		c := b.dial()
		c.send(ws.Header{OpCode: ws.OpText}, "")
		for range 1100 {
			h := ws.Header{OpCode: ws.OpContinuation, Masked: true}
			var buf bytes.Buffer
			_ = ws.WriteHeader(&buf, h)
			if _, err := c.conn.Write(buf.Bytes()); err != nil {
				break // the server has closed already
			}
		}
		c.wantClose(socket.TooBig)
	})
	t.Run("an empty ping is answered and a pong is not", func(t *testing.T) {
		c := b.dial()
		c.send(ws.Header{Fin: true, OpCode: ws.OpPong}, "unasked")
		c.send(ws.Header{Fin: true, OpCode: ws.OpPing}, "")
		if op, got := c.read(); op != ws.OpPong || got != "" {
			t.Fatalf("got %v %q, want an empty pong", op, got)
		}
	})
	t.Run("what comes with the upgrade is not lost", func(t *testing.T) {
		conn, err := net.Dial("tcp", b.url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		var buf bytes.Buffer
		fmt.Fprintf(&buf, "GET / HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", b.url)
		_ = ws.WriteHeader(&buf, ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Length: 5})
		buf.WriteString("early")
		if _, err := conn.Write(buf.Bytes()); err != nil {
			t.Fatal(err)
		}
		c := &client{t, conn, bufio.NewReader(conn)}
		if _, err := http.ReadResponse(c.r, nil); err != nil {
			t.Fatal(err)
		}
		c.wantText("early")
	})
}

func TestBrokenFrames(t *testing.T) {
	b := start(t)
	for name, test := range map[string]struct {
		send func(c *client)
		want socket.Code
	}{
		"without a mask": {func(c *client) { c.sendRaw(ws.Header{Fin: true, OpCode: ws.OpText, Length: 2}, []byte("hi")) }, socket.Protocol},
		"binary":         {func(c *client) { c.send(ws.Header{Fin: true, OpCode: ws.OpBinary}, "hi") }, socket.Unsupported},
		"over the limit": {func(c *client) {
			c.sendRaw(ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Length: frameLimit + 1}, nil)
		}, socket.TooBig},
		"of 2^62 bytes": {func(c *client) {
			c.sendRaw(ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Length: 1 << 62}, nil)
		}, socket.TooBig},
		"over it in fragments": {func(c *client) {
			c.send(ws.Header{OpCode: ws.OpText}, strings.Repeat("x", frameLimit))
			c.send(ws.Header{OpCode: ws.OpContinuation}, "x")
		}, socket.TooBig},
		"not UTF-8":        {func(c *client) { c.send(textFrame, "\xff") }, socket.NotUTF8},
		"half a character": {func(c *client) { c.send(textFrame, "\xc3") }, socket.NotUTF8},
		"with a reserved bit": {func(c *client) {
			c.send(ws.Header{Fin: true, Rsv: ws.Rsv(true, false, false), OpCode: ws.OpText}, "hi")
		}, socket.Protocol},
		"with a reserved opcode": {func(c *client) { c.send(ws.Header{Fin: true, OpCode: 3}, "hi") }, socket.Protocol},
		"a lone continuation":    {func(c *client) { c.send(ws.Header{Fin: true, OpCode: ws.OpContinuation}, "hi") }, socket.Protocol},
		"text in a text":         {func(c *client) { c.send(ws.Header{OpCode: ws.OpText}, "hi"); c.send(textFrame, "ho") }, socket.Protocol},
		"a fragmented ping":      {func(c *client) { c.send(ws.Header{OpCode: ws.OpPing}, "hi") }, socket.Protocol},
		"a close of one byte":    {func(c *client) { c.send(ws.Header{Fin: true, OpCode: ws.OpClose}, "x") }, socket.Protocol},
		"a close with 1005":      {func(c *client) { c.send(ws.Header{Fin: true, OpCode: ws.OpClose}, "\x03\xed") }, socket.Protocol},
		"a goodbye":              {func(c *client) { c.send(ws.Header{Fin: true, OpCode: ws.OpClose}, "\x03\xe8bye") }, ws.StatusNormalClosure},
		"a goodbye of no words":  {func(c *client) { c.send(ws.Header{Fin: true, OpCode: ws.OpClose}, "") }, ws.StatusNormalClosure},
	} {
		t.Run(name, func(t *testing.T) {
			c := b.dial()
			test.send(c)
			c.wantClose(test.want)
			other := b.dial()
			other.send(textFrame, "still there")
			other.wantText("still there")
		})
	}
	t.Run("a request that is no upgrade gets 426", func(t *testing.T) {
		response, err := http.Get("http://" + b.url)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusUpgradeRequired {
			t.Errorf("got %s, want 426", response.Status)
		}
	})
}

func TestDelivery(t *testing.T) {
	t.Run("everybody gets every change in order", func(t *testing.T) {
		b := start(t)
		clients := []*client{b.dial(), b.dial(), b.dial()}
		for i := range 500 {
			b.commit(fmt.Sprint(i))
		}
		for _, c := range clients {
			for i := range 500 {
				c.wantText(fmt.Sprint(i))
			}
		}
	})
	t.Run("frames larger than every buffer arrive whole", func(t *testing.T) {
		b := start(t)
		c := b.dial()
		big := strings.Repeat("x", 8<<20)
		b.commit(big)
		b.commit("after")
		c.wantText(big)
		c.wantText("after")
	})
	t.Run("a reader that does not read delays nobody and misses nothing", func(t *testing.T) {
		b := start(t)
		slow, quick := b.dial(), b.dial()
		body := strings.Repeat("x", 16<<10)
		const changes = 1000 // 16 MiB: more than the kernel and the tail hold together
		for i := range changes {
			b.commit(fmt.Sprint(i, body))
			quick.wantText(fmt.Sprint(i, body))
		}
		for i := range changes {
			slow.wantText(fmt.Sprint(i, body))
		}
	})
	t.Run("what is left of a write that did not fit is not touched by the next", func(t *testing.T) {
		b := start(t)
		slow, quick := b.dial(), b.dial()
		body := strings.Repeat("x", 30<<10)
		// The changes of two rooms are put into one piece, in storage that the writer uses again for the next connection.
		const rounds = 300 // 18 MiB for each: more than the kernel holds
		for i := range rounds {
			b.commitTo(fmt.Sprint(i, body), rooms...)
			quick.wantText(fmt.Sprint(i, body))
			quick.wantText(fmt.Sprint(i, body))
		}
		seen := map[string]int{}
		for range 2 * rounds {
			_, got := slow.read()
			n, rest, _ := strings.Cut(got, "x")
			if "x"+rest != body {
				t.Fatalf("got a broken message: %.60q", got)
			}
			seen[n]++
		}
		if len(seen) != rounds {
			t.Errorf("got %d different messages, want %d", len(seen), rounds)
		}
	})
	t.Run("a client that asks and does not listen is not read on", func(t *testing.T) {
		b := start(t)
		c := b.dial()
		body := strings.Repeat("x", 60<<10)
		_ = c.conn.SetWriteDeadline(time.Now().Add(2 * time.Second))
		sent := 0
		for ; sent < 2000; sent++ {
			h := ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Length: int64(len(body))}
			var buf bytes.Buffer
			_ = ws.WriteHeader(&buf, h)
			buf.WriteString(body) // the mask is zero
			if _, err := c.conn.Write(buf.Bytes()); err != nil {
				break
			}
		}
		if sent == 2000 {
			t.Error("the server took 120 MB of questions whose answers nobody read")
		}
	})
}

func TestGoodbye(t *testing.T) {
	t.Run("ends what is acted on", func(t *testing.T) {
		b := start(t)
		c := b.dial()
		var buf bytes.Buffer
		for _, message := range []string{"before", "sign me out", "after"} {
			_ = ws.WriteFrame(&buf, ws.MaskFrame(ws.NewTextFrame([]byte(message))))
		}
		if _, err := c.conn.Write(buf.Bytes()); err != nil {
			t.Fatal(err)
		}
		c.wantText("before")
		c.wantClose(socket.SignedOut)
		e := <-b.echoes
		<-e.closed
		if got := len(e.heard); got != 1 {
			t.Errorf("acted on %d messages, want only the one before the end", got)
		}
	})
	t.Run("waits for the answer to the message at hand", func(t *testing.T) {
		b := start(t)
		c, other := b.dial(), b.dial()
		c.send(textFrame, "take your time")
		e := <-b.echoes
		<-e.heard
		c.send(textFrame, "after")
		go b.stop()
		other.wantClose(socket.GoingAway) // the end has begun
		close(e.held)
		c.wantText("take your time")
		c.wantClose(socket.GoingAway)
		<-e.closed
		if got := len(e.heard); got != 0 {
			t.Errorf("acted on %d messages after the end had begun", got)
		}
	})
	t.Run("arrives although the client goes on sending", func(t *testing.T) {
		b := start(t)
		const before, after = 100, 3000 // the answers to those before fit into the kernel
		long := strings.Repeat("x", 1000)
		for range 20 {
			c := b.dial()
			var buf bytes.Buffer
			for i := range before + 1 + after {
				message := long
				if i == before {
					message = "sign me out"
				}
				_ = ws.WriteFrame(&buf, ws.MaskFrame(ws.NewTextFrame([]byte(message))))
			}
			sent := make(chan struct{})
			go func() {
				defer close(sent)
				_, _ = c.conn.Write(buf.Bytes()) // the server may end it before it is through
			}()
			<-(<-b.echoes).closed
			for range before {
				c.wantText(long)
			}
			c.wantClose(socket.SignedOut)
			<-sent
		}
	})
	t.Run("says come back at once", func(t *testing.T) {
		b := start(t)
		c, silent := b.dial(), b.dial()
		go b.stop()
		op, payload := c.read()
		code, _ := ws.ParseCloseFrameData([]byte(payload))
		if op != ws.OpClose || code != socket.GoingAway {
			t.Errorf("got %v %d, want close 1001", op, code)
		}
		_ = silent
		b.stop()
		if got := b.sockets.Connections(); got != 0 {
			t.Errorf("%d connections are left", got)
		}
		if got := b.logs.Awake(); got != 0 {
			t.Errorf("%d logs are awake", got)
		}
	})
}

func TestAppendText(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 65535, 65536, 200000} {
		payload := strings.Repeat("y", n)
		got := socket.AppendText([]byte("before"), func(dst []byte) []byte { return append(dst, payload...) })
		want := append([]byte("before"), ws.MustCompileFrame(ws.NewTextFrame([]byte(payload)))...)
		if !bytes.Equal(got, want) {
			t.Errorf("a frame of %d bytes differs from the library's", n)
		}
	}
}
