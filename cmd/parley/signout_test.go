package main

import (
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/gobwas/ws/wsutil"

	"parley/internal/socket"
)

// ends reads to the end of a connection and checks the code that it is closed with.
func (w *wire) ends(code socket.Code) {
	w.t.Helper()
	for {
		_, err := w.read()
		if err == nil {
			continue
		}
		if closed, ok := errors.AsType[wsutil.ClosedError](err); !ok || closed.Code != code {
			w.t.Errorf("got %v, want the code %d", err, code)
		}
		return
	}
}

// here waits until somebody is seen in a room that w follows.
func (w *wire) here(name string) {
	w.t.Helper()
	w.want(func(o object) bool {
		for _, p := range o.list("here.people") {
			if p.str("name") == name {
				return true
			}
		}
		return false
	})
}

func TestSignOut(t *testing.T) {
	h := start(t)
	watcher, _ := h.join("watcher", "lobby").socket()
	head := watcher.ok("open", "room", "lobby")
	room := head.str("room")
	signOut := func(p *person) {
		p.t.Helper()
		if status, body := p.form("/-/sign-out", url.Values{"confirm": {"yes"}}); status != 303 {
			p.t.Fatalf("signing out: %d %s", status, body)
		}
	}
	t.Run("closes the sockets of every door and ends streams", func(t *testing.T) {
		ana := h.join("ana", "lobby")
		page, _ := ana.socket()
		script, stream := ana.connect(notifications+"lobby/"), ana.events("at="+room)
		// Each of them is served by now.
		page.ok("open", "room", "lobby")
		script.say("lobby", "ana", "hi")
		script.hear("ana", "hi")
		stream.want(func(o object) bool { return o["reset"] != nil })
		signOut(ana)
		page.ends(socket.SignedOut)
		script.ends(socket.SignedOut)
		for {
			if _, err := stream.read(); err != nil {
				break
			}
		}
	})
	t.Run("ends a poll that waits, which tells nothing more", func(t *testing.T) {
		pia := h.join("pia", "lobby")
		_, me := pia.json("GET", "/api/v1/me", "")
		_, opened := pia.json("GET", "/api/v1/rooms/lobby", "")
		type answer struct {
			status int
			body   object
		}
		answered := make(chan answer, 1)
		go func() {
			status, body := pia.json("GET", fmt.Sprintf("/api/v1/changes?at=%s:%d&me=%d&server=%d&wait=20", room, opened.int("version"),
				me.int("me.version"), me.int("server.version")), "")
			answered <- answer{status, body}
		}()
		watcher.here("pia")
		signOut(pia)
		if got := <-answered; got.status != 401 || got.body["hello"] != nil {
			t.Errorf("got %d %v, want 401", got.status, got.body)
		}
	})
	t.Run("nobody goes on speaking under a name that is another's by now", func(t *testing.T) {
		ben := h.join("ben", "lobby")
		script := ben.connect(notifications + "lobby/")
		script.say("lobby", "ben", "the first ben")
		script.hear("ben", "the first ben")
		signOut(ben)
		second := h.join("ben", "lobby").connect(notifications + "lobby/")
		// What is sent before the goodbye has arrived is not acted on.
		script.send(object{"message": "still the first", "room_name": "lobby", "sender": "ben"}.String())
		script.ends(socket.SignedOut)
		second.say("lobby", "ben", "the second ben")
		second.hear("ben", "the second ben")
	})
	t.Run("ends a poll", func(t *testing.T) {
		cleo := h.join("cleo", "lobby")
		now := watcher.ok("open", "room", "lobby")
		answered := make(chan object, 1)
		go func() {
			_, got := cleo.json("GET", fmt.Sprintf("/api/v1/changes?at=%s:%d", room, now.int("version")), "")
			answered <- got
		}()
		watcher.here("cleo")
		signOut(cleo)
		if got := <-answered; len(got.list("changes"))+len(got.list("resets")) != 0 {
			t.Errorf("got %v, want nothing", got)
		}
	})
}
