package main

import (
	"fmt"
	"net/http"
	"testing"
)

// entry is my part of a room in a list of rooms.
func entry(rooms []object, id string) object {
	for _, r := range rooms {
		if r.str("id") == id {
			return r
		}
	}
	return nil
}

// post posts over HTTP.
func (p *person) post(room, text string) object {
	p.t.Helper()
	status, posted := p.json("POST", "/api/v1/rooms/"+room+"/messages", fmt.Sprintf(`{"text":%q}`, text))
	if status != http.StatusCreated {
		p.t.Fatalf("got %d %v", status, posted)
	}
	return posted
}

// enters makes somebody a member of a room and is its id.
func (p *person) enters(room string) string {
	p.t.Helper()
	status, joined := p.json("POST", "/api/v1/rooms/"+room+"/join", "")
	if status != http.StatusOK {
		p.t.Fatalf("got %d %v", status, joined)
	}
	return joined.str("room")
}

// TestUnread has what somebody has not read travel over sockets, HTTP, streams and polls.
func TestUnread(t *testing.T) {
	h := start(t)
	ana, ben := h.join("ana", "lobby"), h.join("ben", "lobby")
	garden, music := ana.enters("garden"), ana.enters("music")
	ben.enters("garden")
	tab, hello := ana.socket()
	other, _ := ana.socket()
	me := hello.str("hello.me.user.id")
	tab.ok("open", "room", "lobby")
	headOf := func(room string, number int64) func(object) bool {
		return func(o object) bool { return o.str("room") == room && o.int("head.number") >= number }
	}

	t.Run("a room of mine that is not open moves, and what I have not read is asked for", func(t *testing.T) {
		ben.post("garden", "hello @ANA and everybody")
		posted := ben.post("garden", "hello again")
		got := tab.want(headOf(garden, 2))
		if got.int("head.version") != posted.int("version") {
			t.Errorf("got %v, want version %d", got, posted.int("version"))
		}
		rooms := tab.ok("unread", "rooms", []string{garden, music, "r999"}).list("rooms")
		g, m := entry(rooms, garden), entry(rooms, music)
		if len(rooms) != 2 || g.int("unread") != 2 || g.int("mentions") != 1 || g.int("read") != 0 || m.int("unread") != 0 {
			t.Errorf("got %v", rooms)
		}
		if _, all := ana.json("GET", "/api/v1/unread", ""); len(all.list("rooms")) != 3 {
			t.Errorf("got %v, want all three rooms", all)
		}
		if list := tab.ok("history", "room", garden).list("messages"); fmt.Sprint(list[0]["mentions"]) != "["+me+"]" || list[1]["mentions"] != nil {
			t.Errorf("got %v", list)
		}
	})
	t.Run("a position is the same on all my connections, and may go back", func(t *testing.T) {
		for _, number := range []int64{2, 1} {
			got := tab.ok("read", "room", garden, "number", number)
			if got.int("read") != number || got.int("unread") != 2-number || got.int("mentions") != 0 {
				t.Errorf("got %v", got)
			}
			for _, w := range []*wire{tab, other} {
				w.want(func(o object) bool {
					return o.str("me.room.id") == garden && o.int("me.room.read") == number && o.int("me.room.unread") == 2-number
				})
			}
		}
		if status, got := ana.json("POST", "/api/v1/rooms/garden/read", `{"number":0}`); status != http.StatusOK || got.int("unread") != 2 || got.int("mentions") != 1 {
			t.Errorf("got %d %v", status, got)
		}
		wantError(t, tab.ask("read", "room", garden, "number", 3), "invalid", "number")
		wantError(t, tab.ask("read", "room", garden, "number", -1), "invalid", "number")
		wantError(t, tab.ask("read", "room", garden), "missing", "number")
	})
	t.Run("what I want to be told of is mine on all connections", func(t *testing.T) {
		tab.ok("notify", "room", garden, "level", "nothing")
		other.want(func(o object) bool { return o.str("me.room.notify") == "nothing" })
		if status, _ := ana.json("POST", "/api/v1/rooms/garden/notify", `{"level":""}`); status != http.StatusOK {
			t.Errorf("got %d", status)
		}
		other.want(func(o object) bool { return o.str("me.room.id") == garden && o.str("me.room.notify") == "" })
		wantError(t, tab.ask("notify", "room", garden, "level", "everything"), "invalid", "level")
		wantError(t, tab.ask("notify", "room", garden), "missing", "level")
	})
	t.Run("who is not in a room has no part of it", func(t *testing.T) {
		w, _ := ben.socket()
		wantError(t, w.ask("read", "room", music, "number", 0), "forbidden", "room")
		if rooms := w.ok("unread", "rooms", []string{music}).list("rooms"); len(rooms) != 0 {
			t.Errorf("got %v", rooms)
		}
		if status, _ := h.nobody().json("GET", "/api/v1/unread", ""); status != http.StatusUnauthorized {
			t.Errorf("nobody asks: got %d", status)
		}
	})
	t.Run("a stream and a poll hear of it too", func(t *testing.T) {
		s := ana.events("at=lobby")
		s.want(func(o object) bool { return o["reset"] != nil })
		poll := func(seen string) object {
			_, got := ana.json("GET", "/api/v1/changes?at=lobby:1000&wait=20&seen="+seen, "")
			return got
		}
		first := poll("")
		ben.post("garden", "to whoever listens")
		s.want(headOf(garden, 3))
		for seen := first.str("seen"); ; {
			got := poll(seen)
			if got.str("seen") == seen {
				t.Fatalf("the poll was not answered: %v", got)
			}
			seen = got.str("seen")
			if v := entryOf(got.list("values"), garden); v.int("head.number") == 3 {
				break
			}
		}
	})
	t.Run("who has left hears nothing more of the room", func(t *testing.T) {
		tab.ok("leave", "room", garden)
		left := ben.post("garden", "is anybody there?")
		carl := h.join("carl", "music")
		posted := carl.post("music", "here is something else")
		tab.want(headOf(music, posted.int("number")))
		for _, o := range tab.kept {
			if o.str("room") == garden && o.int("head.version") >= left.int("version") {
				t.Errorf("got %v after leaving", o)
			}
		}
		tab.ok("join", "room", garden)
		ben.post("garden", "welcome back")
		got := tab.want(headOf(garden, 5))
		if rooms := tab.ok("unread", "rooms", []string{garden}).list("rooms"); entry(rooms, garden).int("unread") != 1 {
			t.Errorf("got %v after %v, want only what came after the join", rooms, got)
		}
	})
}

// entryOf is the value of a room among others.
func entryOf(values []object, room string) object {
	for _, v := range values {
		if v.str("room") == room && v["head"] != nil {
			return v
		}
	}
	return nil
}
