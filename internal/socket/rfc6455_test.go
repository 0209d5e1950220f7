package socket_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/google/go-cmp/cmp"

	"parley/internal/live"
	"parley/internal/socket"
)

// mirror sends back whole messages, text as text and binary as binary.
type mirror struct{}

func (mirror) Opened(*socket.Conn)                    {}
func (mirror) Message(c *socket.Conn, message []byte) { c.Send(frame(string(message))) }
func (mirror) Binary(c *socket.Conn, data []byte)     { c.Send(socket.AppendBinary(nil, data)) }
func (mirror) CatchUp(*socket.Conn, live.Behind)      {}
func (mirror) Closed(*socket.Conn)                    {}

// startMirror runs a server of mirrors and returns its address.
func startMirror(t *testing.T) string {
	t.Helper()
	writer := live.NewWriter()
	sockets := socket.New(socket.Config{Logs: live.New(nil), Writer: writer, Logger: slog.New(slog.DiscardHandler), Frame: frameLimit})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sockets.Upgrade(w, r, text{}, live.Who{}, mirror{})
	}))
	serving, end := context.WithCancel(context.Background())
	writing, endWriting := context.WithCancel(context.Background())
	var served, wrote sync.WaitGroup
	served.Go(func() { _ = sockets.Run(serving, time.Second) })
	wrote.Go(func() { _ = writer.Run(writing) })
	t.Cleanup(func() {
		end()
		served.Wait()
		endWriting()
		wrote.Wait()
		web.Close()
	})
	return strings.TrimPrefix(web.URL, "http://")
}

// in is a frame from a client: whole, or with more to follow if the opcode is negative.
func in(op int, payload string) string {
	h := ws.Header{Fin: op >= 0, OpCode: ws.OpCode(max(op, -op)), Masked: true, Mask: [4]byte{0x37, 0xfa, 0x21, 0x3d}, Length: int64(len(payload))}
	if op == more {
		h.OpCode = ws.OpContinuation
	}
	masked := []byte(payload)
	ws.Cipher(masked, h.Mask, 0)
	var b bytes.Buffer
	_ = ws.WriteHeader(&b, h)
	b.Write(masked)
	return b.String()
}

// The opcodes; the negative of one is a frame that is not the last of its message.
const (
	cont, txt, bin, bye, ping, pong = 0, 1, 2, 8, 9, 10
	more                            = -16 // a continuation that is not the last
)

// goodbye is the payload of a close frame.
func goodbye(code int, reason string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(code))) + reason
}

// A rfcCase is what a client sends and what it must get for it: frames, written as their opcode and payload, and at last the
// close code of the server, 0 if the connection stays.
type rfcCase struct {
	name string
	send string
	want []string
	code int
}

// run plays a case in writes of step bytes, 0 for a single one.
func (c rfcCase) run(t *testing.T, address string, step int) {
	conn := handshaken(t, address)
	defer conn.Close()
	send, want := c.send, c.want
	if c.code == 0 {
		send += in(ping, "still there?") + in(bye, goodbye(1000, ""))
		want = append(append([]string{}, want...), "pong still there?", "close 1000")
	} else {
		want = append(append([]string{}, want...), fmt.Sprint("close ", c.code))
	}
	var writing sync.WaitGroup
	defer writing.Wait()
	writing.Go(func() {
		for rest := send; rest != ""; {
			n := len(rest)
			if step > 0 {
				n = min(step, n)
			}
			if _, err := io.WriteString(conn, rest[:n]); err != nil {
				return // the server has said goodbye and waits no longer
			}
			rest = rest[n:]
		}
	})
	if got := received(conn); !cmp.Equal(got, want) {
		t.Errorf("got %.300q\nwant %.300q", got, want)
	}
}

// handshaken is a connection that is a WebSocket.
func handshaken(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, response := ask(t, address, upgradeRequest)
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal("no upgrade:", response.Status)
	}
	return conn
}

const upgradeRequest = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// oneByte reads a byte at a time, so that a buffer on it holds nothing back.
type oneByte struct{ io.Reader }

func (r oneByte) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), 1)]) }

// received is every frame up to the end of the connection, which comes last unless it ends in good order.
func received(conn io.Reader) []string {
	var got []string
	r := bufio.NewReader(conn)
	for {
		h, err := ws.ReadHeader(r)
		if err == io.EOF {
			return got
		}
		if err != nil {
			return append(got, err.Error())
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(r, payload); err != nil {
			return append(got, err.Error())
		}
		switch {
		case h.Masked || !h.Fin || h.Rsv != 0:
			got = append(got, fmt.Sprintf("a frame that no server sends: %+v", h))
		case h.OpCode == ws.OpClose:
			code, _ := ws.ParseCloseFrameData(payload)
			got = append(got, fmt.Sprint("close ", code))
		default:
			got = append(got, names[h.OpCode]+" "+string(payload))
		}
	}
}

var names = map[ws.OpCode]string{ws.OpText: "text", ws.OpBinary: "binary", ws.OpPing: "ping", ws.OpPong: "pong"}

// TestRFC6455 plays each case at once, and byte by byte where it is short enough.
func TestRFC6455(t *testing.T) {
	address := startMirror(t)
	for section, cases := range map[string][]rfcCase{
		"5.2 framing": framing(), "5.4 fragmentation": fragmentation(), "5.5 control frames": control(), "7.4 closing": closings(),
		"8.1 text": texts(),
	} {
		t.Run(section, func(t *testing.T) {
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.run(t, address, 0)
					if len(c.send) < 1000 {
						c.run(t, address, 1)
					}
				})
			}
		})
	}
}

func framing() []rfcCase {
	var cases []rfcCase
	for _, n := range []int{0, 1, 125, 126, 127, 128, 65535, frameLimit} {
		payload := strings.Repeat("*", n)
		cases = append(cases,
			rfcCase{name: fmt.Sprintf("text of %d bytes comes back", n), send: in(txt, payload), want: []string{"text " + payload}},
			rfcCase{name: fmt.Sprintf("binary of %d bytes comes back", n), send: in(bin, payload), want: []string{"binary " + payload}})
	}
	for _, op := range []int{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		cases = append(cases, rfcCase{
			name: fmt.Sprintf("opcode %d is refused, what came before is answered", op),
			send: in(txt, "hello") + in(op, "x") + in(ping, ""), want: []string{"text hello"}, code: 1002,
		})
	}
	for rsv := 1; rsv < 8; rsv++ {
		for op, name := range map[int]string{txt: "text", bin: "binary", ping: "a ping", pong: "a pong", bye: "a goodbye"} {
			reserved := []byte(in(op, "\x03\xe8"))
			reserved[0] |= byte(rsv << 4)
			cases = append(cases, rfcCase{
				name: fmt.Sprintf("reserved bits %d in %s are refused", rsv, name),
				send: in(txt, "hello") + string(reserved) + in(ping, ""), want: []string{"text hello"}, code: 1002,
			})
		}
	}
	mask := "\x00\x00\x00\x00"
	return append(cases,
		rfcCase{name: "a mask of zeros is a mask", send: "\x81\x82" + mask + "hi", want: []string{"text hi"}},
		rfcCase{name: "text without a mask is refused", send: "\x81\x02hi", code: 1002},
		rfcCase{name: "empty text without a mask is refused", send: "\x81\x00", code: 1002},
		rfcCase{name: "a ping without a mask is refused", send: "\x89\x00", code: 1002},
		rfcCase{name: "a goodbye without a mask is refused", send: "\x88\x02\x03\xe8", code: 1002},
		rfcCase{name: "125 bytes with a length of 16 bits are refused", send: "\x81\xfe\x00\x7d" + mask + strings.Repeat("x", 125), code: 1002},
		rfcCase{name: "126 bytes with a length of 64 bits are refused", send: "\x81\xff\x00\x00\x00\x00\x00\x00\x00\x7e" + mask, code: 1002},
		rfcCase{name: "65535 bytes with a length of 64 bits are refused", send: "\x81\xff\x00\x00\x00\x00\x00\x00\xff\xff" + mask, code: 1002},
		rfcCase{name: "a length with the highest bit is refused", send: "\x81\xff\x80\x00\x00\x00\x00\x01\x00\x00" + mask, code: 1002},
		rfcCase{name: "more bytes than the limit are too big", send: in(txt, strings.Repeat("x", frameLimit+1))[:14], code: 1009},
		rfcCase{name: "2^62 bytes are too big", send: "\x82\xff\x40\x00\x00\x00\x00\x00\x00\x00" + mask, code: 1009},
		rfcCase{name: "2^63-1 bytes are too big", send: "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff" + mask, code: 1009},
	)
}

func fragmentation() []rfcCase {
	var bytewise strings.Builder
	all := strings.Repeat("0123456789abcdef", frameLimit/16)
	bytewise.WriteString(in(-txt, ""))
	for i := range all {
		bytewise.WriteString(in(more, all[i:i+1]))
	}
	bytewise.WriteString(in(cont, ""))
	empties := func(n int) string { return strings.Repeat(in(more, ""), n) }
	return []rfcCase{
		{name: "two fragments are one text", send: in(-txt, "hel") + in(cont, "lo"), want: []string{"text hello"}},
		{name: "two fragments are one binary", send: in(-bin, "\xff\x00") + in(cont, "\xfe"), want: []string{"binary \xff\x00\xfe"}},
		{name: "empty fragments count for nothing", send: in(-txt, "") + in(more, "") + in(more, "hello") + in(more, "") + in(cont, ""), want: []string{"text hello"}},
		{name: "fragments that are all empty are an empty text", send: in(-txt, "") + in(more, "") + in(cont, ""), want: []string{"text "}},
		{name: "as many fragments as the limit has bytes are one text", send: bytewise.String(), want: []string{"text " + all}},
		{name: "a thousand empty fragments are borne", send: in(-txt, "") + empties(1000) + in(cont, "x"), want: []string{"text x"}},
		{name: "endless empty fragments are not", send: in(-txt, "") + empties(1100), code: 1009},
		{name: "fragments over the limit are too big", send: in(-txt, strings.Repeat("x", frameLimit)) + in(cont, "x"), code: 1009},
		{name: "fragments may begin a second message", send: in(-txt, "a") + in(cont, "b") + in(-bin, "c") + in(cont, "d"), want: []string{"text ab", "binary cd"}},
		{name: "a ping between fragments is answered at once", send: in(-txt, "hel") + in(ping, "1") + in(cont, "lo"), want: []string{"pong 1", "text hello"}},
		{name: "a ping between any two fragments", send: in(-txt, "a") + in(ping, "1") + in(more, "b") + in(ping, "2") + in(more, "c") + in(ping, "3") + in(cont, "d"), want: []string{"pong 1", "pong 2", "pong 3", "text abcd"}},
		{name: "a pong between fragments is borne", send: in(-txt, "hel") + in(pong, "unasked") + in(cont, "lo"), want: []string{"text hello"}},
		{name: "a goodbye between fragments ends it", send: in(-txt, "hel") + in(bye, goodbye(1000, "")) + in(cont, "lo"), code: 1000},
		{name: "a continuation of nothing is refused", send: in(cont, "lo"), code: 1002},
		{name: "an unfinished continuation of nothing is refused", send: in(more, "lo"), code: 1002},
		{name: "a continuation after a whole text is refused", send: in(txt, "hello") + in(cont, "lo"), want: []string{"text hello"}, code: 1002},
		{name: "a continuation after the last fragment is refused", send: in(-txt, "a") + in(cont, "b") + in(cont, "c"), want: []string{"text ab"}, code: 1002},
		{name: "a text within a text is refused", send: in(-txt, "a") + in(txt, "b"), code: 1002},
		{name: "an unfinished text within a text is refused", send: in(-txt, "a") + in(-txt, "b"), code: 1002},
		{name: "a binary within a text is refused", send: in(-txt, "a") + in(bin, "b"), code: 1002},
		{name: "a text within a binary is refused", send: in(-bin, "a") + in(-txt, "b"), code: 1002},
	}
}

func control() []rfcCase {
	long := strings.Repeat("\xfe", 125)
	var ten string
	var pongs []string
	for i := range 10 {
		ten += in(ping, fmt.Sprint(i))
		pongs = append(pongs, fmt.Sprint("pong ", i))
	}
	return []rfcCase{
		{name: "a ping of nothing gets a pong of nothing", send: in(ping, ""), want: []string{"pong "}},
		{name: "a ping's words come back", send: in(ping, "Hello, world!"), want: []string{"pong Hello, world!"}},
		{name: "a ping may hold any bytes", send: in(ping, "\x00\xff\xfe\xfd\x80"), want: []string{"pong \x00\xff\xfe\xfd\x80"}},
		{name: "a ping of 125 bytes comes back", send: in(ping, long), want: []string{"pong " + long}},
		{name: "ten pings get ten pongs in order", send: ten, want: pongs},
		{name: "a ping of 126 bytes is refused", send: in(ping, long+"\xfe"), code: 1002},
		{name: "a pong of 126 bytes is refused", send: in(pong, long+"\xfe"), code: 1002},
		{name: "a ping of 65536 bytes is refused", send: in(ping, strings.Repeat("x", 65536)), code: 1002},
		{name: "a ping in fragments is refused", send: in(-ping, "x") + in(cont, "y"), code: 1002},
		{name: "a pong in fragments is refused", send: in(-pong, "x") + in(cont, "y"), code: 1002},
		{name: "a goodbye in fragments is refused", send: in(-bye, goodbye(1000, "")), code: 1002},
		{name: "a pong that nobody asked for is borne", send: in(pong, "") + in(pong, "unasked"), want: nil},
		{name: "a pong and then a ping", send: in(pong, "unasked") + in(ping, "1"), want: []string{"pong 1"}},
	}
}

func closings() []rfcCase {
	cases := []rfcCase{
		{name: "a goodbye of no words gets 1000", send: in(bye, ""), code: 1000},
		{name: "a goodbye with a reason gets its code", send: in(bye, goodbye(1000, "So long")), code: 1000},
		{name: "a reason may have 123 bytes", send: in(bye, goodbye(1001, strings.Repeat("é", 61)+"x")), code: 1001},
		{name: "a goodbye of 126 bytes is refused", send: in(bye, goodbye(1000, strings.Repeat("x", 124))), code: 1002},
		{name: "a goodbye of one byte is refused", send: in(bye, "\x03"), code: 1002},
		{name: "a reason that is not UTF-8 is refused", send: in(bye, goodbye(1000, "\xce\xba\xed\xa0\x80")), code: 1007},
		{name: "a reason of half a character is refused", send: in(bye, goodbye(1000, "\xc3")), code: 1007},
		{name: "what came before a goodbye is answered", send: in(txt, "hello") + in(bye, goodbye(1000, "")), want: []string{"text hello"}, code: 1000},
		{name: "what comes after a goodbye is not", send: in(bye, goodbye(1000, "")) + in(txt, "hello") + in(ping, "") + in(bye, goodbye(1001, "")), code: 1000},
		{name: "nor what comes after a refusal", send: in(3, "") + in(txt, "hello") + in(ping, "") + in(bye, goodbye(1000, "")), code: 1002},
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999} {
		cases = append(cases, rfcCase{name: fmt.Sprintf("the code %d comes back", code), send: in(bye, goodbye(code, "x")), code: code})
	}
	for _, code := range []int{0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		cases = append(cases, rfcCase{name: fmt.Sprintf("the code %d is refused", code), send: in(bye, goodbye(code, "")), code: 1002})
	}
	return cases
}
