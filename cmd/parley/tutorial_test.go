package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gobwas/ws/wsutil"

	"parley/internal/socket"
)

const notifications = "/ws/notification/"

func (w *wire) say(room, sender, message string) {
	w.t.Helper()
	w.send(object{"message": message, "room_name": room, "sender": sender}.String())
}

// hear is the next message.
func (w *wire) hear(sender, message string) {
	w.t.Helper()
	got, err := w.read()
	if err != nil {
		w.t.Fatal(err)
	}
	if want := (object{"message": map[string]any{"sender": sender, "message": message}}); got.String() != want.String() {
		w.t.Fatalf("got %v, want %v", got, want)
	}
}

func (w *wire) refused(code, field string) {
	w.t.Helper()
	got, err := w.read()
	if err != nil {
		w.t.Fatal(err)
	}
	wantError(w.t, got, code, field)
}

// TestTutorialConnect has somebody post the moment that a socket is open: it hears that, and nothing from before.
func TestTutorialConnect(t *testing.T) {
	h := start(t, "--limits", "off")
	ana := h.join("ana", "lobby")
	poster, _ := ana.socket()
	for n := range 150 {
		before, text := fmt.Sprint("before ", n), fmt.Sprint("after ", n)
		poster.ok("post", "room", "lobby", "key", fmt.Sprint("b", n), "text", before)
		listener := h.nobody().connect(notifications + "lobby/")
		poster.ok("post", "room", "lobby", "key", fmt.Sprint("a", n), "text", text)
		listener.hear("ana", text)
		_ = listener.conn.Close()
	}
}

func TestTutorialSocket(t *testing.T) {
	h := start(t)
	ana := h.join("ana", "lobby")
	path := notifications + "lobby/"
	a, script := ana.connect(path), h.nobody().connect(path)

	t.Run("everyone gets the message, the sender included, as raw text", func(t *testing.T) {
		for _, text := range []string{"hello", `<img src=x onerror=alert(1)> & "quotes"`, "日本語 🎉\nsecond line"} {
			a.say("lobby", "ana", text)
			a.hear("ana", text)
			script.hear("ana", text)
		}
	})
	t.Run("the same text twice is two messages", func(t *testing.T) {
		for range 2 {
			a.say("lobby", "ana", "twice")
			a.hear("ana", "twice")
			script.hear("ana", "twice")
		}
	})
	t.Run("the speaker is the session's user, whatever sender says", func(t *testing.T) {
		a.say("lobby", "somebody else", "it is me")
		a.hear("ana", "it is me")
		script.hear("ana", "it is me")
	})
	t.Run("a script speaks under a free name and holds it", func(t *testing.T) {
		script.say("lobby", "robot", "beep")
		script.hear("robot", "beep")
		a.hear("robot", "beep")
		second := h.nobody().connect(path)
		second.say("lobby", "Robot", "me too")
		second.refused("name_taken", "sender")
		status, _ := h.nobody().form("/", map[string][]string{"username": {"robot"}, "room": {"lobby"}})
		if status != http.StatusConflict {
			t.Errorf("joining under the script's name: got %d, want 409", status)
		}
	})
	t.Run("nobody speaks under another's name", func(t *testing.T) {
		for _, name := range []string{"ana", "ANA", "аnа"} { // the last in Cyrillic
			script.say("lobby", name, "it was me")
			script.refused("name_taken", "sender")
		}
	})
	t.Run("a name is free again when the socket has closed", func(t *testing.T) {
		first := h.nobody().connect(path)
		first.say("lobby", "passing", "hi")
		first.hear("passing", "hi")
		for _, w := range []*wire{a, script} {
			w.hear("passing", "hi")
		}
		_ = first.conn.Close()
		second := h.nobody().connect(path)
		// The server learns of the end when the network tells it; every try in between is refused in words.
		for {
			second.say("lobby", "passing", "hi again")
			got, err := second.read()
			if err != nil {
				t.Fatal(err)
			}
			if got["message"] != nil {
				break
			}
			wantError(t, got, "name_taken", "sender")
		}
		for _, w := range []*wire{a, script} {
			w.hear("passing", "hi again")
		}
		_, page := ana.json("GET", "/api/v1/rooms/lobby/messages?limit=2", "")
		if m := page.list("messages"); m[0].str("by") == m[1].str("by") {
			t.Errorf("a name taken again is the same user: %v", m)
		}
	})
	t.Run("broken frames get an error that names the field and nothing else", func(t *testing.T) {
		for frame, want := range map[string][2]string{
			`{"message":`:                                             {"bad_frame", ""},
			`"text"`:                                                  {"bad_frame", ""},
			`{"room_name":"lobby","sender":"ana"}`:                    {"missing", "message"},
			`{"message":"x","sender":"ana"}`:                          {"missing", "room_name"},
			`{"message":"x","room_name":"lobby"}`:                     {"missing", "sender"},
			`{"message":5,"room_name":"lobby","sender":"ana"}`:        {"bad_frame", "message"},
			`{"message":"x","room_name":"garden","sender":"ana"}`:     {"invalid", "room_name"},
			`{"message":"x","room_name":"Lobby","sender":"ana"}`:      {"invalid", "room_name"},
			`{"message":"  ","room_name":"lobby","sender":"ana"}`:     {"invalid", "message"},
			`{"message":"\u0007","room_name":"lobby","sender":"ana"}`: {"invalid", "message"},
			fmt.Sprintf(`{"message":%q,"room_name":"lobby","sender":"ana"}`, strings.Repeat("x", 8193)): {"too_long", "message"},
		} {
			a.send(frame)
			a.refused(want[0], want[1])
		}
		for sender, code := range map[string]string{"": "invalid", strings.Repeat("x", 41): "too_long", "a/b": "invalid", "a\u202eb": "invalid"} {
			script.say("lobby", sender, "x")
			script.refused(code, "sender")
		}
		a.say("lobby", "ana", "still here")
		a.hear("ana", "still here")
		script.hear("ana", "still here")
	})
	t.Run("a message that cannot be posted takes no name", func(t *testing.T) {
		for _, text := range []string{"", " ", "\u0007", strings.Repeat("x", 8193)} {
			script.say("lobby", "nemo", text)
			got, err := script.read()
			if err != nil || got.str("error.field") != "message" {
				t.Errorf("%.10q: got %v, %v, want an error in message", text, got, err)
			}
		}
		h.join("nemo", "elsewhere")
	})
	t.Run("a flood is told to wait and then sent away", func(t *testing.T) {
		flood := h.nobody().connect(path)
		go func() {
			var frames bytes.Buffer
			for range 3000 {
				_ = wsutil.WriteClientText(&frames, []byte(`{"message":`)) // a buffer takes everything
			}
			_, _ = flood.conn.Write(frames.Bytes()) // what comes of it is read below
		}()
		for got, err := flood.read(); ; got, err = flood.read() {
			if err != nil {
				if closed, ok := errors.AsType[wsutil.ClosedError](err); !ok || closed.Code != socket.Flood {
					t.Errorf("got %v, want the code %d", err, socket.Flood)
				}
				break
			}
			if code := got.str("error.code"); code != "bad_frame" && code != "rate_limited" {
				t.Fatalf("got %v", got)
			}
		}
		a.say("lobby", "ana", "undisturbed")
		a.hear("ana", "undisturbed")
		script.hear("ana", "undisturbed")
	})
	t.Run("messages of other doors arrive, edits and deletions do not", func(t *testing.T) {
		w, _ := ana.socket()
		posted := w.ok("post", "room", "lobby", "key", "x1", "text", "from the page")
		w.ok("edit", "room", "lobby", "number", posted.int("number"), "version", posted.int("version"), "text", "edited")
		w.ok("delete", "room", "lobby", "number", posted.int("number"))
		w.ok("post", "room", "lobby", "key", "x2", "text", "after")
		for _, w := range []*wire{a, script} {
			w.hear("ana", "from the page")
			w.hear("ana", "after")
		}
	})
	t.Run("an unknown room is 404 at the upgrade", func(t *testing.T) {
		for _, room := range []string{"nowhere", "r1", "admin", "%2e%2e", "%FF"} {
			if got := h.handshake(notifications + room + "/"); got != http.StatusNotFound {
				t.Errorf("%s: got %d, want 404", room, got)
			}
		}
	})
	t.Run("any room name works", func(t *testing.T) {
		for _, room := range []string{"a b", "ü?#%;+&=", "日本 🎉", "Cafe\u0301"} {
			ana.form("/", map[string][]string{"username": {"ana"}, "room": {room}})
			w := ana.connect(notifications + strings.ReplaceAll(escape(room), "+", "%2B") + "/")
			w.say(room, "ana", "hi")
			w.hear("ana", "hi")
		}
	})
}
