package load_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"parley/bench/load"
)

// change is the frame of a message as a server writes it.
func change(version int64, key load.Key) string {
	return fmt.Sprintf(`{"room":"r7","version":%d,"message":{"number":%d,"by":"u7","key":"%s","at":1790000000000,"text":"hello"}}`,
		version, version-10, load.AppendKey(nil, 1_790_000_000_000, key))
}

// feed gives a receiver the frames of payloads in pieces of so many bytes, as a loop does.
func feed(r load.Receiver, piece int, payloads ...string) error {
	var b strings.Builder
	for _, p := range payloads {
		if err := ws.WriteFrame(&b, ws.NewTextFrame([]byte(p))); err != nil {
			return err
		}
	}
	var kept []byte
	for rest := []byte(b.String()); len(rest) > 0; {
		n := min(piece, len(rest))
		kept = append(kept, rest[:n]...)
		rest = rest[n:]
		taken, err := r.Receive(nil, kept)
		if err != nil {
			return err
		}
		kept = append([]byte(nil), kept[taken:]...)
	}
	return nil
}

func TestReader(t *testing.T) {
	t.Run("counts what comes in order, however it is cut", func(t *testing.T) {
		for _, piece := range []int{1, 2, 7, 100, 1 << 20} {
			r := &load.Reader{Room: "r7", Version: 10}
			err := feed(r, piece, change(11, load.Key{}), `{"room":"r7","here":{"count":1}}`, `{"me":{},"version":3}`,
				`{"room":"r7","version":12,"members":1100}`, change(13, load.Key{Seq: 1}))
			if err != nil || r.Frames != 3 || r.Others != 2 || r.Version != 13 {
				t.Errorf("pieces of %d: got %d changes and %d others up to version %d (%v)", piece, r.Frames, r.Others, r.Version, err)
			}
		}
	})

	for name, versions := range map[string][]int64{
		"lost": {11, 12, 14}, "doubled": {11, 12, 12}, "out of order": {11, 12, 11},
	} {
		t.Run("a change that is "+name+" is an error", func(t *testing.T) {
			var payloads []string
			for _, v := range versions {
				payloads = append(payloads, change(v, load.Key{}))
			}
			err := feed(&load.Reader{Room: "r7", Version: 10}, 64, payloads...)
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v", err)
			}
		})
	}

	t.Run("a reset is an error", func(t *testing.T) {
		if err := feed(&load.Reader{Room: "r7", Version: 10}, 64, `{"reset":{"room":"r7"}}`); err == nil {
			t.Error("got none")
		}
	})
}

func TestWitness(t *testing.T) {
	posters := []*load.Poster{{Receipts: []load.Receipt{{Number: 1, Version: 11}, {Number: 3, Version: 13}}, Answered: 2}, {Receipts: []load.Receipt{{Number: 2, Version: 12}}, Answered: 1}}
	first, second, third := change(11, load.Key{}), change(12, load.Key{By: 1}), change(13, load.Key{Seq: 1})
	for name, test := range map[string]struct {
		frames []string
		good   bool
	}{
		"everything as it was answered": {[]string{first, second, third}, true},
		"one that is missing":           {[]string{first, second}, false},
		"one in the place of another":   {[]string{first, change(12, load.Key{Seq: 1}), change(13, load.Key{By: 1})}, false},
		"one that nobody posted":        {[]string{first, second, change(13, load.Key{By: 2})}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := &load.Reader{Room: "r7", Version: 10}
			w := load.NewWitness(r)
			if err := feed(r, 50, test.frames...); err != nil {
				t.Fatal(err)
			}
			if err := w.Check(posters); (err == nil) != test.good {
				t.Errorf("got %v", err)
			}
		})
	}
}

// serve takes connections on a free port until the test ends.
func serve(t *testing.T, handle func(conn net.Conn)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// posting answers every post as a server does, with its place as number and ten more as version.
func posting(answer func(n int) string) func(conn net.Conn) {
	return func(conn net.Conn) {
		if _, err := (ws.Upgrader{}).Upgrade(conn); err != nil {
			return
		}
		for n := 1; ; n++ {
			if _, err := wsutil.ReadClientText(conn); err != nil {
				return
			}
			if err := wsutil.WriteServerText(conn, []byte(answer(n))); err != nil {
				return
			}
		}
	}
}

// post has one poster post until it has so many answers.
func post(t *testing.T, answers int, answer func(n int) string) (*load.Poster, error) {
	t.Helper()
	c, err := load.Dial(serve(t, posting(answer)))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Upgrade("/ws"); err != nil {
		t.Fatal(err)
	}
	loop, err := load.NewLoop()
	if err != nil {
		t.Fatal(err)
	}
	defer loop.Close()
	p := &load.Poster{Room: "r7", Text: "hello", Window: 3, Waits: &load.Waits{}}
	if err := loop.Add(c, p); err != nil {
		t.Fatal(err)
	}
	if err := p.Start(c, time.Now()); err != nil {
		t.Fatal(err)
	}
	return p, loop.Run(func(time.Time) (time.Duration, bool, error) { return time.Second, p.Answered >= answers, nil })
}

func TestPoster(t *testing.T) {
	t.Run("keeps its window full and every answer", func(t *testing.T) {
		p, err := post(t, 50, func(n int) string { return fmt.Sprintf(`{"re":%d,"ok":{"number":%d,"version":%d}}`, n, n, n+10) })
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Receipts[49]; got != (load.Receipt{Number: 50, Version: 60}) || p.Waiting() != 3 || p.Waits.Total() != int64(p.Answered) {
			t.Errorf("got the receipt %+v, %d under way, %d waits of %d answers", got, p.Waiting(), p.Waits.Total(), p.Answered)
		}
	})

	for name, answer := range map[string]func(n int) string{
		"a refusal":              func(n int) string { return fmt.Sprintf(`{"re":%d,"error":{"code":"unavailable"}}`, n) },
		"an answer to nothing":   func(n int) string { return fmt.Sprintf(`{"re":%d,"ok":{"number":1,"version":2}}`, n+10) },
		"a second answer":        func(int) string { return `{"re":1,"ok":{"number":1,"version":2}}` },
		"an answer that is none": func(n int) string { return fmt.Sprintf(`{"re":%d,"ok":{}}`, n) },
	} {
		t.Run(name+" is an error", func(t *testing.T) {
			if _, err := post(t, 50, answer); err == nil {
				t.Error("got none")
			}
		})
	}

	t.Run("a connection that ends is an error", func(t *testing.T) {
		address := serve(t, func(conn net.Conn) { _, _ = (ws.Upgrader{}).Upgrade(conn) })
		c, err := load.Dial(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Upgrade("/ws"); err != nil {
			t.Fatal(err)
		}
		loop, err := load.NewLoop()
		if err != nil {
			t.Fatal(err)
		}
		defer loop.Close()
		if err := loop.Add(c, &load.Reader{}); err != nil {
			t.Fatal(err)
		}
		if err := loop.Run(func(time.Time) (time.Duration, bool, error) { return time.Second, false, nil }); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAsker(t *testing.T) {
	// Two answers in turn: one of a known length, and one in chunks that come apart.
	address := serve(t, func(conn net.Conn) {
		requests := bufio.NewReader(conn)
		for n := 0; ; n++ {
			if _, err := http.ReadRequest(requests); err != nil {
				return
			}
			if n%2 == 0 {
				fmt.Fprintf(conn, "HTTP/1.1 201 Created\r\ncontent-length: 4\r\nX: y\r\n\r\nall%d", n%10)
				continue
			}
			for _, part := range []string{"HTTP/1.1 200 OK\r\nTransfer-", "Encoding: chunked\r\n\r\n3\r", "\nab", "c\r\na\r\n0123456789\r\n0\r\n", "\r\n"} {
				if _, err := io.WriteString(conn, part); err != nil {
					return
				}
			}
		}
	})
	c, err := load.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	loop, err := load.NewLoop()
	if err != nil {
		t.Fatal(err)
	}
	defer loop.Close()
	var got []string
	a := &load.Asker{
		Request: func(dst []byte, _ int, _ time.Time) []byte {
			return append(dst, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"...)
		},
		Answer: func(seq, status int, body []byte) error {
			got = append(got, fmt.Sprintf("%d %d %s", seq, status, body))
			return nil
		},
	}
	if err := loop.Add(c, a); err != nil {
		t.Fatal(err)
	}
	if err := a.Start(c, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := loop.Run(func(time.Time) (time.Duration, bool, error) { return time.Second, a.Answered >= 4, nil }); err != nil {
		t.Fatal(err)
	}
	if want := "0 201 all0;1 200 abc0123456789;2 201 all2;3 200 abc0123456789"; strings.Join(got, ";") != want {
		t.Errorf("got %q, want %s", got, want)
	}
}
