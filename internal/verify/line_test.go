package verify_test

import (
	"bytes"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/verify"
)

// lines are a Line and the server's end of it.
func lines(t *testing.T, outlet *verify.Outlet) (*verify.Line, net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []net.Conn{client, server} {
		if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	line := outlet.Plug(client)
	t.Cleanup(func() { line.Close(); server.Close() })
	return line, server
}

func TestLine(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789"), 1000)
	t.Run("a whole line carries everything in both directions", func(t *testing.T) {
		line, server := lines(t, new(verify.Outlet))
		go server.Write(text)
		got := make([]byte, len(text))
		if _, err := io.ReadFull(line, got); err != nil || !bytes.Equal(got, text) {
			t.Errorf("read %d bytes, %v", len(got), err)
		}
		go line.Write(text)
		if _, err := io.ReadFull(server, got); err != nil || !bytes.Equal(got, text) {
			t.Errorf("the server read %d bytes, %v", len(got), err)
		}
	})
	for _, n := range []int64{0, 1, 4097} {
		t.Run("it is cut after some bytes from the server", func(t *testing.T) {
			outlet := new(verify.Outlet)
			line, server := lines(t, outlet)
			line.CutDown(n, false)
			go server.Write(text)
			got, _ := io.ReadAll(line)
			if !bytes.Equal(got, text[:n]) {
				t.Errorf("read %d bytes, want %d", len(got), n)
			}
			if _, err := io.Copy(io.Discard, server); err != nil && n == 0 {
				t.Errorf("the server was told %v, want the end", err)
			}
			if outlet.Struck() != 1 {
				t.Errorf("%d cuts were counted, want 1", outlet.Struck())
			}
		})
		t.Run("it is cut after some bytes to the server", func(t *testing.T) {
			outlet := new(verify.Outlet)
			line, server := lines(t, outlet)
			line.CutUp(n, false)
			written, err := line.Write(text)
			if err == nil || int64(written) != n {
				t.Errorf("wrote %d bytes, %v, want %d and an error", written, err, n)
			}
			if got, err := io.ReadAll(server); err != nil || !bytes.Equal(got, text[:n]) {
				t.Errorf("the server read %d bytes, %v, want %d", len(got), err, n)
			}
			if outlet.Struck() != 1 {
				t.Errorf("%d cuts were counted, want 1", outlet.Struck())
			}
		})
	}
	t.Run("a rude cut resets the connection", func(t *testing.T) {
		line, server := lines(t, new(verify.Outlet))
		line.CutDown(0, true)
		if _, err := io.Copy(io.Discard, server); err == nil {
			t.Error("the server was told of a polite end")
		}
	})
	t.Run("an answer is dropped, and the line with it", func(t *testing.T) {
		line, server := lines(t, new(verify.Outlet))
		line.Drop(false)
		if _, err := line.Write([]byte("question")); err != nil {
			t.Fatal(err)
		}
		question := make([]byte, 8)
		if _, err := io.ReadFull(server, question); err != nil {
			t.Fatal(err)
		}
		if _, err := server.Write([]byte("answer")); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(line); len(got) > 0 || err == nil {
			t.Errorf("read %q, %v, want nothing and an error", got, err)
		}
	})
	t.Run("nothing is read for a while", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client, server := net.Pipe()
			line := verify.NewLine(client, nil)
			defer line.Close()
			line.Still(time.Minute)
			go server.Write([]byte("x"))
			begun := time.Now()
			if _, err := line.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(begun); waited != time.Minute {
				t.Errorf("it was still for %v, want a minute", waited)
			}
		})
	})
}

func TestOutlet(t *testing.T) {
	outlet := new(verify.Outlet)
	cut := func(l *verify.Line) { l.CutDown(0, false) }
	for range 3 {
		outlet.Inject(cut) // before there is a line
	}
	for n := int64(1); n <= 3; n++ {
		lines(t, outlet)
		if got := outlet.Struck(); got != n {
			t.Errorf("after %d lines %d were cut, want each once", n, got)
		}
	}
	line, server := lines(t, outlet)
	go server.Write([]byte("x"))
	if _, err := io.ReadFull(line, make([]byte, 1)); err != nil {
		t.Errorf("the fourth line was cut: %v", err)
	}
	outlet.Inject(func(l *verify.Line) { l.CutDown(5, false) })
	outlet.Inject(cut)
	if got := outlet.Struck(); got != 3 || !outlet.Pending() {
		t.Errorf("%d lines were cut, want the faults to wait for five bytes and for the next line", got)
	}
	line.Close() // before five bytes have come
	line, server = lines(t, outlet)
	if got := outlet.Struck(); got != 3 || !outlet.Pending() {
		t.Errorf("%d lines were cut, want the fault to wait for five bytes again", got)
	}
	go server.Write([]byte("123456"))
	if got, _ := io.ReadAll(line); len(got) != 5 || outlet.Struck() != 4 {
		t.Errorf("%d bytes were read and %d lines cut, want 5 and 4", len(got), outlet.Struck())
	}
	lines(t, outlet)
	if got := outlet.Struck(); got != 5 || outlet.Pending() {
		t.Errorf("%d lines were cut, want all 5", got)
	}
}
