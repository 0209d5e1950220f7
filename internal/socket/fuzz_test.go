package socket_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/gobwas/ws"
	"pgregory.net/rapid"

	"parley/internal/socket"
)

// FuzzFrames feeds the frame decoder anything: it ends with the input, with a reason to close, and never holds more than
// the limit.
func FuzzFrames(f *testing.F) {
	for _, frame := range []ws.Frame{
		ws.NewTextFrame([]byte("hello")), ws.NewPingFrame([]byte("x")), ws.NewCloseFrame(ws.NewCloseFrameBody(1000, "bye")),
		ws.NewBinaryFrame(nil), ws.NewFrame(ws.OpText, false, []byte("a")), ws.NewFrame(ws.OpContinuation, true, []byte("b")),
	} {
		f.Add(ws.MustCompileFrame(ws.MaskFrameWith(frame, [4]byte{1, 2, 3, 4})))
		f.Add(ws.MustCompileFrame(frame))
	}
	f.Add([]byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
	f.Add([]byte{0x81, 0xfe, 0xff, 0xff, 0, 0, 0, 0})
	const limit = 1 << 10
	f.Fuzz(func(t *testing.T, data []byte) {
		messages, _, err := socket.ReadAll(bytes.NewReader(data), limit)
		if !socket.Blames(err) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("ended with %v", err)
		}
		total := 0
		for _, m := range messages {
			if len(m) > limit {
				t.Errorf("a message of %d bytes is over the limit", len(m))
			}
			total += len(m)
		}
		if total > len(data) {
			t.Errorf("%d bytes of messages from %d bytes of frames", total, len(data))
		}
	})
}

// TestFramesRoundTrip holds the law that what a client sends, however it is cut into fragments and whatever control frames
// come between, is what is read.
func TestFramesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var wire bytes.Buffer
		var want [][]byte
		pings := 0
		send := func(fin bool, op ws.OpCode, payload []byte) {
			mask := [4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "mask"))
			frame := ws.NewFrame(op, fin, bytes.Clone(payload))
			if err := ws.WriteFrame(&wire, ws.MaskFrameInPlaceWith(frame, mask)); err != nil {
				t.Fatal(err)
			}
		}
		for range rapid.IntRange(0, 5).Draw(t, "messages") {
			message := []byte(rapid.StringN(0, 300, -1).Draw(t, "text"))
			want = append(want, message)
			cuts := rapid.SliceOfN(rapid.IntRange(0, len(message)), 0, 5).Draw(t, "cuts")
			op, rest := ws.OpText, message
			for _, cut := range cuts {
				cut = min(cut, len(rest))
				send(false, op, rest[:cut])
				op, rest = ws.OpContinuation, rest[cut:]
				if rapid.Bool().Draw(t, "ping") {
					send(true, ws.OpPing, []byte("p"))
					pings++
				}
			}
			send(true, op, rest)
		}
		got, gotPings, err := socket.ReadAll(&wire, 64<<10)
		if !errors.Is(err, io.EOF) || gotPings != pings || len(got) != len(want) {
			t.Fatalf("got %d messages, %d pings, %v; want %d and %d", len(got), gotPings, err, len(want), pings)
		}
		for i := range want {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("message %d is %q, want %q", i, got[i], want[i])
			}
		}
	})
}
