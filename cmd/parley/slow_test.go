package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// TestManyRoomsBehind has much said in many rooms while a reader of all of them does not read: a socket that reads again
// catches up in all of them at once, and polls do in answers of bounded size; each change comes once, in order.
func TestManyRoomsBehind(t *testing.T) {
	// With what is reckoned for each, that is more than is kept of a room in memory, and less text than makes a reset.
	const rooms, messages, size = 20, 140, 7400
	h := start(t, "--limits", "off", "--stall-time", "1m", "--tail-limit", "1048576")
	ana := h.join("ana", "lobby")
	sleeper, err := dialWire(ana, smallBuffers)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sleeper.conn.Close() })
	poster, _ := ana.socket()
	at, head := map[string]int64{}, map[string]int64{} // by room id
	for i := range rooms {
		name := fmt.Sprint("room ", i)
		joined := poster.ok("join", "room", name)
		at[joined.str("room")] = joined.int("version")
		if err := sleeper.tell(fmt.Sprintf(`{"id":%d,"do":"open","room":%q,"limit":1}`, i+1, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := sleeper.wait(fmt.Sprintf(`{"re":%d,"ok"`, i+1)); err != nil {
			t.Fatal(err)
		}
	}
	// From here on the sleeper reads nothing.
	var posting errgroup.Group
	for room := range at {
		w, _ := ana.socket()
		posting.Go(func() error {
			for n := range messages {
				text := fmt.Sprint(n, strings.Repeat("x", size))
				if err := wireError(w, fmt.Sprintf(`{"id":%d,"do":"post","room":%q,"key":"%s-%d","text":%q}`, n+1, room, room, n, text)); err != nil {
					return err
				}
			}
			return w.conn.Close()
		})
	}
	if err := posting.Wait(); err != nil {
		t.Fatal(err)
	}
	for room := range at {
		head[room] = poster.ok("open", "room", room, "limit", 1).int("version")
		if head[room] < at[room]+messages {
			t.Fatalf("%s stands at version %d, want at least %d", room, head[room], at[room]+messages)
		}
	}
	t.Run("by a socket", func(t *testing.T) {
		stands := sequence{at: maps.Clone(at), head: head}
		for stands.behind() > 0 {
			frame, err := sleeper.wait("")
			if err != nil {
				t.Fatalf("%d rooms are behind: %v", stands.behind(), err)
			}
			var o object
			if err := json.Unmarshal([]byte(frame), &o); err != nil {
				t.Fatal(err)
			}
			stands.take(t, o)
		}
	})
	t.Run("by polls", func(t *testing.T) {
		stands := sequence{at: maps.Clone(at), head: head}
		for stands.behind() > 0 {
			places := make([]string, 0, rooms)
			for room, version := range stands.at {
				places = append(places, fmt.Sprintf("%s:%d", room, version))
			}
			_, body := ana.do("GET", "/api/v1/changes?at="+strings.Join(places, ","), nil)
			if len(body) > 4<<20 {
				t.Fatalf("an answer has %d bytes", len(body))
			}
			var answer object
			if err := json.Unmarshal([]byte(body), &answer); err != nil {
				t.Fatal(err)
			}
			if len(answer.list("changes")) == 0 || len(answer.list("resets")) > 0 {
				t.Fatalf("got %.300s", body)
			}
			for _, change := range answer.list("changes") {
				stands.take(t, change)
			}
		}
	})
}

// A sequence is where a reader stands in each room, and where it is to come to.
type sequence struct{ at, head map[string]int64 }

func (s sequence) behind() (rooms int) {
	for room, head := range s.head {
		if s.at[room] < head {
			rooms++
		}
	}
	return rooms
}

// take takes a frame; the versions of a room must come one after the other.
func (s sequence) take(t *testing.T, frame object) {
	t.Helper()
	room := frame.str("room")
	if _, followed := s.at[room]; !followed || frame["version"] == nil {
		return
	}
	if got, want := frame.int("version"), s.at[room]+1; got != want {
		t.Fatalf("%s: got version %d, want %d", room, got, want)
	}
	s.at[room]++
}

// wireError sends a request and waits for its answer, for goroutines.
func wireError(w *wire, request string) error {
	w.send(request)
	for {
		o, err := w.read()
		switch {
		case err != nil:
			return err
		case o["error"] != nil:
			return fmt.Errorf("%v", o)
		case o["ok"] != nil:
			return nil
		}
	}
}

// TestStopWhileStuck has the server stopped while one client does not send the rest of its request, and another does not read
// its answer: it stops all the same, in good order and in ten seconds.
func TestStopWhileStuck(t *testing.T) {
	h := start(t, "--limits", "off")
	ana := h.join("ana", "lobby")
	w, _ := ana.socket()
	for i := range 200 {
		w.ok("post", "room", "lobby", "key", fmt.Sprint(i), "text", strings.Repeat("x", 8192))
	}
	stuck := func(request string) net.Conn {
		dialer := net.Dialer{Control: smallBuffers}
		conn, err := dialer.Dial("tcp", h.address())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := io.WriteString(conn, strings.ReplaceAll(request, "COOKIE", ana.cookie())); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	stuck("POST /api/v1/rooms/lobby/messages HTTP/1.1\r\nHost: " + h.address() + "\r\nCookie: COOKIE\r\nContent-Length: 100\r\n\r\n{\"text\":")
	deaf := stuck("GET /api/v1/rooms/lobby/messages?limit=200 HTTP/1.1\r\nHost: " + h.address() + "\r\nCookie: COOKIE\r\n\r\n")
	first := make([]byte, len("HTTP/1.1 200"))
	if _, err := io.ReadFull(deaf, first); err != nil || string(first) != "HTTP/1.1 200" {
		t.Fatalf("got %q, %v", first, err)
	}
	began := time.Now()
	if err := h.stop(); err != nil {
		t.Errorf("the server ended with %v\n%s", err, h.errs)
	}
	if took := time.Since(began); took > 15*time.Second { // ten, and what a busy machine adds
		t.Errorf("stopping took %s", took)
	}
	if _, err := http.Get(h.url + "/healthz"); err == nil {
		t.Error("somebody still answers")
	}
}
