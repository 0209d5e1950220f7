package main

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// start serves echoes on a free port until the test ends.
func start(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, io.Discard) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	return listener.Addr().String()
}

func connect(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, _, _, err := ws.Dial(context.Background(), "ws://"+address+"/any/path")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestEcho(t *testing.T) {
	address := start(t)

	t.Run("text and bytes come back as they are, with their opcode", func(t *testing.T) {
		conn := connect(t, address)
		noise := rand.NewChaCha8([32]byte{1})
		for _, size := range []int{0, 1, 125, 126, 127, 65535, 65536, 1 << 20} {
			data := make([]byte, size)
			_, _ = noise.Read(data)
			for _, sent := range []wsutil.Message{{OpCode: ws.OpText, Payload: []byte(strings.Repeat("ä", size/2))}, {OpCode: ws.OpBinary, Payload: data}} {
				if err := wsutil.WriteClientMessage(conn, sent.OpCode, sent.Payload); err != nil {
					t.Fatal(err)
				}
				got, op, err := wsutil.ReadServerData(conn)
				if err != nil || op != sent.OpCode || !bytes.Equal(got, sent.Payload) {
					t.Fatalf("%d bytes: got %d bytes with opcode %d (%v), want them back with %d", size, len(got), op, err, sent.OpCode)
				}
			}
		}
	})

	t.Run("16 MiB come back, and one byte more is refused", func(t *testing.T) {
		conn := connect(t, address)
		data := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
		sent := make(chan error, 1)
		go func() { sent <- wsutil.WriteClientBinary(conn, data) }()
		got, op, err := wsutil.ReadServerData(conn)
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
		if err != nil || op != ws.OpBinary || !bytes.Equal(got, data) {
			t.Fatalf("got %d bytes with opcode %d (%v)", len(got), op, err)
		}
		if _, err := conn.Write(ws.MustCompileFrame(ws.MaskFrameInPlace(ws.NewBinaryFrame(nil)))[:1]); err != nil {
			t.Fatal(err)
		}
		// The rest of the header is enough: what is too long is refused before it comes.
		if _, err := conn.Write([]byte{0x80 | 127, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2, 3, 4}); err != nil {
			t.Fatal(err)
		}
		header, err := ws.ReadHeader(conn)
		if err != nil {
			t.Fatal(err)
		}
		reason := make([]byte, header.Length)
		if _, err := io.ReadFull(conn, reason); err != nil {
			t.Fatal(err)
		}
		if code, _ := ws.ParseCloseFrameData(reason); header.OpCode != ws.OpClose || code != ws.StatusMessageTooBig {
			t.Errorf("got opcode %d with code %d, want a goodbye with %d", header.OpCode, code, ws.StatusMessageTooBig)
		}
	})

	t.Run("many that are under way at once all come back", func(t *testing.T) {
		conn := connect(t, address)
		const count = 40
		data := bytes.Repeat([]byte("x"), 64<<10)
		sent := make(chan error, 1)
		go func() {
			for range count {
				if err := wsutil.WriteClientText(conn, data); err != nil {
					sent <- err
					return
				}
			}
			sent <- nil
		}()
		for i := range count {
			if got, err := wsutil.ReadServerText(conn); err != nil || len(got) != len(data) {
				t.Fatalf("echo %d: got %d bytes (%v)", i, len(got), err)
			}
		}
		if err := <-sent; err != nil {
			t.Error(err)
		}
	})
}
