package main

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// TestVerbsByHTTP holds that what a page needs goes without a socket too.
func TestVerbsByHTTP(t *testing.T) {
	h := start(t)
	ana, ben := h.join("ana", "lobby"), h.join("ben", "lobby")
	_, opened := ana.json("GET", "/api/v1/rooms/lobby", "")
	room, epoch := opened.str("room"), opened.str("epoch")
	if opened["reset"] != true || opened.str("info.name") != "lobby" || opened["member"] != true || epoch == "" {
		t.Fatalf("got %v, want a snapshot", opened)
	}
	post := func(text string) int64 {
		_, posted := ben.json("POST", "/api/v1/rooms/lobby/messages", fmt.Sprintf(`{"text":%q}`, text))
		return posted.int("version")
	}
	t.Run("a room is opened from a position", func(t *testing.T) {
		v := post("since")
		_, got := ana.json("GET", fmt.Sprintf("/api/v1/rooms/%s?version=%d&epoch=%s", room, opened.int("version"), epoch), "")
		if changes := got.list("changes"); got["reset"] == true || got.int("version") != v || len(changes) != 1 || changes[0].str("message.text") != "since" {
			t.Errorf("got %v", got)
		}
		_, got = ana.json("GET", "/api/v1/rooms/"+room+"?version=0&epoch=other", "")
		if got["reset"] != true {
			t.Errorf("got %v, want a reset from another epoch", got)
		}
	})
	t.Run("a room is opened around a message", func(t *testing.T) {
		for i := range 5 {
			post(fmt.Sprint(i))
		}
		_, got := ana.json("GET", "/api/v1/rooms/lobby?around=2&limit=3", "")
		if m := got.list("messages"); len(m) != 3 || m[1].int("number") != 2 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("wrong positions are told", func(t *testing.T) {
		for query, want := range map[string]string{"version=1": "epoch", "version=x&epoch=e": "version", "around=0": "around", "limit=x": "limit"} {
			if _, got := ana.json("GET", "/api/v1/rooms/lobby?"+query, ""); got.str("field") != want {
				t.Errorf("%s: got %v, want an error in %s", query, got, want)
			}
		}
	})
	t.Run("join makes a room, leave leaves it", func(t *testing.T) {
		status, joined := ana.json("POST", "/api/v1/rooms/"+url.PathEscape("tea room")+"/join", "")
		if status != http.StatusOK || joined.str("room") == "" {
			t.Fatalf("got %d %v", status, joined)
		}
		status, left := ana.json("POST", "/api/v1/rooms/"+joined.str("room")+"/leave", "")
		if status != http.StatusOK || left.int("version") != joined.int("version")+1 {
			t.Errorf("got %d %v", status, left)
		}
		if _, me := ana.json("GET", "/api/v1/me", ""); len(me.list("me.rooms")) != 1 {
			t.Errorf("got %v, want the lobby alone", me)
		}
		if status, _ := h.nobody().json("POST", "/api/v1/rooms/nowhere/join", ""); status != http.StatusUnauthorized {
			t.Errorf("nobody joins: got %d", status)
		}
	})
	t.Run("typing reaches a socket, until the message is posted", func(t *testing.T) {
		w, _ := ben.socket()
		w.ok("open", "room", room)
		_, me := ana.json("GET", "/api/v1/me", "")
		typing := func(want int) {
			w.want(func(o object) bool { list, ok := o["typing"].([]any); return ok && len(list) == want })
		}
		if status, got := ana.json("POST", "/api/v1/rooms/"+room+"/typing", `{"on":true}`); status != http.StatusOK {
			t.Fatalf("got %d %v for %v", status, got, me)
		}
		typing(1)
		ana.json("POST", "/api/v1/rooms/"+room+"/messages", `{"text":"typed"}`)
		typing(0)
	})
	t.Run("who says to be another user is refused", func(t *testing.T) {
		_, me := ana.json("GET", "/api/v1/me", "")
		id := me.str("me.user.id")
		for user, want := range map[string]int{id: http.StatusOK, "u999": http.StatusUnauthorized} {
			if status, got := ana.json("POST", "/api/v1/rooms/"+room+"/typing", `{}`, "Parley-User", user); status != want {
				t.Errorf("ana as %s: got %d %v, want %d", user, status, got, want)
			}
		}
		if status, _ := h.nobody().json("GET", "/api/v1/rooms", "", "Parley-User", id); status != http.StatusUnauthorized {
			t.Errorf("nobody as ana: got %d", status)
		}
	})
}

// TestPoll holds what a page is told by polls beside changes.
func TestPoll(t *testing.T) {
	h := start(t)
	ana, ben := h.join("ana", "lobby"), h.join("ben", "lobby")
	_, opened := ana.json("GET", "/api/v1/rooms/lobby", "")
	room, version := opened.str("room"), opened.int("version")
	poll := func(query string, args ...any) object {
		t.Helper()
		status, got := ana.json("GET", fmt.Sprintf("/api/v1/changes?at=%s:%d&", room, version)+fmt.Sprintf(query, args...), "")
		if status != http.StatusOK {
			t.Fatalf("got %d %v", status, got)
		}
		return got
	}
	t.Run("one that may not wait answers at once with nothing", func(t *testing.T) {
		got := poll("wait=0")
		if len(got.list("changes"))+len(got.list("resets")) != 0 || got["hello"] != nil || got["values"] != nil {
			t.Errorf("got %v", got)
		}
	})
	first := poll("wait=0&seen=&me=0&server=0")
	me, server := first.int("hello.me.version"), first.int("hello.server.version")
	if me == 0 || server == 0 || first.str("hello.epoch") == "" || first.str("hello.me.user.name") != "ana" {
		t.Fatalf("got %v, want a hello", first)
	}
	heads := func() string { return fmt.Sprintf("&me=%d&server=%d", me, server) }
	t.Run("one that has the heads waits until they move", func(t *testing.T) {
		if got := poll("wait=0%s", heads()); got["hello"] != nil {
			t.Errorf("got %v", got)
		}
		answered := make(chan object)
		go func() { answered <- poll("wait=20%s", heads()) }()
		w, _ := ben.socket()
		w.ok("open", "room", room)
		w.here("ana")
		ben.json("POST", "/api/v1/rooms/a-new-one/join", "")
		got := <-answered
		if got.int("hello.server.version") <= server || len(got.list("hello.server.rooms")) != 2 {
			t.Errorf("got %v, want the new list of rooms", got)
		}
		me, server = got.int("hello.me.version"), got.int("hello.server.version")
	})
	t.Run("one is told who is here and who types, once", func(t *testing.T) {
		w, _ := ben.socket()
		w.ok("open", "room", room)
		seen := ""
		next := func(wanted func(o object) bool) {
			t.Helper()
			for {
				got := poll("wait=20&seen=%s%s", seen, heads())
				if got.str("seen") == seen {
					t.Fatalf("got the same values again: %v", got)
				}
				seen = got.str("seen")
				for _, v := range got.list("values") {
					if wanted(v) {
						return
					}
				}
			}
		}
		next(func(o object) bool { return o.int("here.count") == 2 })
		w.ok("typing", "room", room)
		next(func(o object) bool { list, _ := o["typing"].([]any); return len(list) == 1 })
		w.ok("typing", "room", room, "on", false)
		next(func(o object) bool { list, ok := o["typing"].([]any); return ok && len(list) == 0 })
	})
	t.Run("who polls is here between polls", func(t *testing.T) {
		carl := h.join("carl", "garden")
		w, _ := carl.socket()
		w.ok("open", "room", room)
		poll("wait=0&seen=")
		w.here("ana")
		// Two seconds in which ana asks nothing: somebody else's poll ends then.
		if status, got := h.nobody().json("GET", "/api/v1/changes?wait=2&at="+room+":"+fmt.Sprint(version), ""); status != http.StatusOK || len(got.list("changes")) != 0 {
			t.Fatalf("got %d %v", status, got)
		}
		w.ok("ping")
		for _, o := range w.kept {
			if people := o.list("here.people"); o.at("here") != nil && !named(people, "ana") {
				t.Errorf("ana was away: %v", o)
			}
		}
	})
	t.Run("a stream and a poll tell that a room is gone which was followed", func(t *testing.T) {
		h.deleteRoom(room)
		got := poll("wait=0")
		if c := got.list("changes"); len(c) != 1 || c[0].at("info.deleted") != true {
			t.Errorf("got %v, want the room's last change", got)
		}
		s := ana.events(fmt.Sprintf("at=%s:%d", room, version))
		s.want(func(o object) bool { return o.at("info.deleted") == true })
	})
}

func named(people []object, name string) bool {
	for _, p := range people {
		if p.str("name") == name {
			return true
		}
	}
	return false
}
