package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// whole is an answer as it came, without what is of the moment: its date.
func (p *person) whole(method, path, body string, header ...string) string {
	p.t.Helper()
	response, text := p.do(method, path, strings.NewReader(body), header...)
	response.Header.Del("Date")
	var lines []string
	for name, values := range response.Header {
		lines = append(lines, name+": "+strings.Join(values, ", "))
	}
	slices.Sort(lines)
	return fmt.Sprintf("%d\n%s\n\n%s", response.StatusCode, strings.Join(lines, "\n"), text)
}

// upgrade is the answer to an upgrade at a path, as it came, without its date.
func (p *person) upgrade(path string) string {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.host.address())
	if err != nil {
		p.t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		path, p.host.address(), p.host.url, p.cookie())
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	response.Header.Del("Date")
	return fmt.Sprint(response.Status, response.Header, string(body))
}

// TestPrivateRoomsDoNotExist asks for a private room in every way, as somebody who is not in it, as an owner, a removed member and nobody,
// and compares with what is answered for an id and an address that were never given: byte for byte.
func TestPrivateRoomsDoNotExist(t *testing.T) {
	h := start(t, "--limits", "off")
	olga, ana, eve, rex := h.owner("olga"), h.member("ana"), h.member("eve"), h.member("rex")
	plans := ana.socketOnly().ok("create", "kind", "private", "name", "plans", "users", []string{rex.id()})
	id, address := plans.str("room.id"), plans.str("room.address")
	if status, got := ana.json("DELETE", "/api/v1/rooms/"+id+"/members/"+rex.id(), ""); status != http.StatusOK {
		t.Fatalf("removing rex: %d %v", status, got)
	}
	never := map[string]string{id: "r" + strings.Repeat("9", len(id)-1), address: "~" + strings.Repeat("a", len(address)-1)}
	for name, p := range map[string]*person{"another member": eve, "the owner": olga, "a removed member": rex, "nobody": h.nobody()} {
		t.Run(name, func(t *testing.T) {
			p.t = t
			var socket *wire
			if p.cookie() != "" {
				socket, _ = p.socket()
			}
			for ref, other := range never {
				for _, ask := range []struct{ method, path, body string }{
					{"GET", "/api/v1/rooms/%s", ""},
					{"GET", "/api/v1/rooms/%s/messages", ""},
					{"GET", "/api/v1/rooms/%s/members", ""},
					{"POST", "/api/v1/rooms/%s/join", ""},
					{"POST", "/api/v1/rooms/%s/leave", ""},
					{"POST", "/api/v1/rooms/%s/typing", "{}"},
					{"POST", "/api/v1/rooms/%s/messages", `{"text":"x"}`},
					{"PATCH", "/api/v1/rooms/%s/messages/1", `{"text":"x","version":1}`},
					{"DELETE", "/api/v1/rooms/%s/messages/1", ""},
					{"PATCH", "/api/v1/rooms/%s", `{"kind":"public"}`},
					{"DELETE", "/api/v1/rooms/%s", ""},
					{"POST", "/api/v1/rooms/%s/members", `{"users":["u1"]}`},
					{"DELETE", "/api/v1/rooms/%s/members/u1", ""},
					{"PATCH", "/api/v1/rooms/%s/members/u1", `{"role":"moderator"}`},
					{"GET", "/api/v1/changes?wait=0&at=%s:1", ""},
					{"GET", "/api/v1/search?q=x&room=%s", ""},
					{"GET", "/-/room/%s", ""},
					{"GET", "/-/room/%s/delete", ""},
					{"POST", "/-/room/%s/settings", "topic=x"},
					{"POST", "/-/room/%s/join", ""},
					{"GET", "/%s/eve/", ""},
					{"POST", "/%s/eve/", "text=x"},
				} {
					header := []string{"Content-Type", "application/x-www-form-urlencoded"}
					if strings.HasPrefix(ask.path, "/api/") {
						header = nil
					}
					got, want := p.whole(ask.method, fmt.Sprintf(ask.path, ref), ask.body, header...), p.whole(ask.method, fmt.Sprintf(ask.path, other), ask.body, header...)
					got, want = strings.ReplaceAll(got, ref, "REF"), strings.ReplaceAll(want, other, "REF")
					if diff := cmp.Diff(got, want); diff != "" {
						t.Errorf("%s %s (-got +never given):\n%s", ask.method, fmt.Sprintf(ask.path, ref), diff)
					}
					if strings.HasPrefix(ask.path, "/api/v1/rooms/") && !strings.HasPrefix(got, "404\n") {
						t.Errorf("%s %s: got %.100s, want 404", ask.method, ask.path, got)
					}
				}
				if got, want := p.upgrade("/ws/notification/"+ref+"/"), p.upgrade("/ws/notification/"+other+"/"); strings.ReplaceAll(got, ref, "REF") != strings.ReplaceAll(want, other, "REF") || !strings.HasPrefix(got, "404") {
					t.Errorf("the tutorial's socket of %s: got %s, want %s", ref, got, want)
				}
				if socket == nil {
					continue
				}
				for _, do := range []string{"open", "close", "history", "typing", "join", "leave", "post", "edit", "delete", "change", "drop", "add", "remove", "member", "members"} {
					fields := func(ref string) []any {
						return []any{
							"room", ref, "key", "k", "text", "x", "number", 1, "version", 1, "users", []string{"u1"}, "user", "u1", "role", "moderator", "topic", "x",
						}
					}
					got, want := socket.ask(do, fields(ref)...), socket.ask(do, fields(other)...)
					delete(got, "re")
					delete(want, "re")
					if diff := cmp.Diff(got, want); diff != "" {
						t.Errorf("%s %s (-got +never given):\n%s", do, ref, diff)
					}
				}
			}
			for _, path := range []string{"/api/v1/rooms", "/api/v1/me", "/", "/api/v1/search?q=plans"} {
				if _, text := p.do("GET", path, nil); strings.Contains(text, "plans") || strings.Contains(text, address) {
					t.Errorf("%s tells of the room: %s", path, text)
				}
			}
		})
	}
}

// socketOnly is a socket of which the hello is of no interest.
func (p *person) socketOnly() *wire {
	p.t.Helper()
	w, _ := p.socket()
	return w
}

// room is what a frame is about, for messages.
func saying(text string) func(object) bool {
	return func(o object) bool { return o.str("message.text") == text }
}

// none fails the test if a frame is there that matches, among all that was to be sent by now: what lies there when the first ping is
// answered follows that answer, and comes before the next.
func (w *wire) none(what string, wanted func(object) bool) {
	w.t.Helper()
	w.ok("ping")
	w.ok("ping")
	for _, o := range w.kept {
		if wanted(o) {
			w.t.Errorf("%s: got %v", what, o)
		}
	}
}

func TestRemovalEndsDelivery(t *testing.T) {
	h := start(t)
	ana, ben, cy := h.member("ana"), h.member("ben"), h.member("cy")
	a, b, c := ana.socketOnly(), ben.socketOnly(), cy.socketOnly()
	room := a.ok("create", "kind", "private", "name", "plans", "users", []string{ben.id(), cy.id()}).str("room.id")
	ofRoom := func(o object) bool { return o["re"] == nil && o.str("room") == room }
	added := b.want(func(o object) bool { return o.str("me.room.id") == room })
	if added.str("me.room.kind") != "private" || added.at("me.room.read") == nil {
		t.Errorf("ben was told %v", added)
	}
	other := b.ok("join", "room", "lobby").str("room")
	for _, w := range []*wire{a, b, c} {
		w.ok("open", "room", room)
	}
	b.ok("open", "room", other)
	a.ok("post", "room", room, "key", "1", "text", "before")
	b.want(saying("before"))
	stream := ben.events("at=" + room + "," + other)
	stream.want(func(o object) bool { return o.str("reset.room") == room })

	version := a.ok("remove", "room", room, "user", ben.id(), "why", "because").int("version")
	a.ok("post", "room", room, "key", "2", "text", "after")
	a.ok("typing", "room", room)
	left := b.want(func(o object) bool { return o.str("me.room.id") == room && o.at("me.room.left") == true })
	if left.at("me.room.read") != nil {
		t.Errorf("ben was told %v", left)
	}
	for _, w := range []*wire{a, c} {
		w.change(version)
		w.want(saying("after"))
	}
	t.Run("nothing of the room reaches the removed person, and the other rooms go on", func(t *testing.T) {
		a.ok("post", "room", other, "key", "3", "text", "elsewhere")
		b.want(saying("elsewhere"))
		from := func(o object) bool { return ofRoom(o) && (o.int("version") >= version || o["typing"] != nil) }
		b.none("after the removal", from)
		stream.want(saying("elsewhere"))
		for _, o := range stream.kept {
			if from(o) {
				t.Errorf("the stream: got %v", o)
			}
		}
		wantError(t, b.ask("open", "room", room), "not_found", "room")
		status, got := ben.json("GET", "/api/v1/changes?wait=0&at="+room+":1,"+other+":1", "")
		if status != http.StatusOK || fmt.Sprint(got["ended"]) != "["+room+"]" || len(got.list("changes")) == 0 {
			t.Errorf("the poll: got %d %v", status, got)
		}
		for _, change := range got.list("changes") {
			if change.str("room") != other {
				t.Errorf("the poll: got %v", change)
			}
		}
		if status, _ := ben.json("GET", "/api/v1/changes?wait=0&at="+room+":1", ""); status != http.StatusNotFound {
			t.Errorf("a poll of that room alone: got %d, want 404", status)
		}
	})
	t.Run("who is added again is told and has everything", func(t *testing.T) {
		c.ok("add", "room", room, "users", []string{ben.id()})
		b.want(func(o object) bool { return o.str("me.room.id") == room && o.at("me.room.left") == nil })
		opened := b.ok("open", "room", room)
		if len(opened.list("messages")) != 2 {
			t.Errorf("got %v", opened)
		}
		a.ok("post", "room", room, "key", "4", "text", "again")
		b.want(saying("again"))
	})
	t.Run("a long poll that waits is answered when its room ends", func(t *testing.T) {
		answered := make(chan object, 1)
		head := b.ok("open", "room", room).int("version")
		place := b.ok("open", "room", other).int("version")
		go func() {
			_, got := ben.json("GET", fmt.Sprintf("/api/v1/changes?at=%s:%d,%s:%d", room, head, other, place), "")
			answered <- got
		}()
		a.want(func(o object) bool { return strings.Contains(fmt.Sprint(o["here"]), "ben") })
		a.ok("remove", "room", room, "user", ben.id())
		got := <-answered
		if fmt.Sprint(got["ended"]) != "["+room+"]" || len(got.list("changes")) != 0 {
			t.Errorf("got %v, want that the room has ended", got)
		}
	})
}

func TestBanAndConversionEndDelivery(t *testing.T) {
	h := start(t)
	ana, ben := h.member("ana"), h.member("ben")
	a, b, n := ana.socketOnly(), ben.socketOnly(), h.nobody().socketOnly()
	room := a.ok("create", "kind", "public", "name", "club").str("room.id")
	tutorial := ben.connect("/ws/notification/club/")
	for _, w := range []*wire{a, b, n} {
		w.ok("open", "room", "club")
	}
	a.ok("remove", "room", room, "user", ben.id(), "ban", true)
	a.ok("post", "room", room, "key", "1", "text", "for the others")
	n.want(saying("for the others"))
	b.want(func(o object) bool { return o.str("me.room.id") == room })
	b.none("after the ban", saying("for the others"))
	wantError(t, b.ask("open", "room", room), "forbidden", "room")
	b.ok("close", "room", room)
	if got, err := tutorial.read(); err == nil {
		t.Errorf("the tutorial's socket of who was banned: got %v", got)
	}
	for _, rest := range []string{"", "/messages", "/members"} {
		if status, got := ben.json("GET", "/api/v1/rooms/"+room+rest, ""); status != http.StatusForbidden {
			t.Errorf("%s: got %d %v, want 403", rest, status, got)
		}
	}
	a.ok("member", "room", room, "user", ben.id(), "banned", false)
	b.ok("open", "room", room)

	a.ok("change", "room", room, "kind", "private")
	a.ok("post", "room", room, "key", "2", "text", "for members")
	for _, w := range []*wire{b, n} {
		w.want(func(o object) bool { return o.str("server.room.id") == room && o.at("server.room.deleted") == true })
		w.none("after the room became private", saying("for members"))
		w.none("after the room became private", func(o object) bool { return o.str("info.kind") == "private" })
	}
	a.want(saying("for members"))
}

// TestNarrowerSettings locks the server to its members: guests hear no more, members miss nothing, and no socket is closed.
func TestNarrowerSettings(t *testing.T) {
	h := start(t)
	olga, gus := h.owner("olga"), h.join("gus", "lobby")
	o, g := olga.socketOnly(), gus.socketOnly()
	for _, w := range []*wire{o, g} {
		w.ok("open", "room", "lobby")
	}
	o.ok("post", "room", "lobby", "key", "1", "text", "for all")
	g.want(saying("for all"))
	if status, got := olga.json("PATCH", "/api/v1/settings", `{"lockdown":"members_only"}`); status != http.StatusOK {
		t.Fatalf("got %d %v", status, got)
	}
	o.ok("post", "room", "lobby", "key", "2", "text", "for members")
	o.want(saying("for members"))
	g.want(func(o object) bool { return o.str("server.settings.lockdown") == "members_only" })
	g.none("after the lockdown", saying("for members"))
	wantError(t, g.ask("open", "room", "lobby"), "forbidden", "room")
}

// TestRoomPagesWithoutScript goes through the life of a room with forms alone.
func TestRoomPagesWithoutScript(t *testing.T) {
	h := start(t)
	ana, ben, cy := h.member("ana"), h.member("ben"), h.member("cy")
	post := func(p *person, path string, fields ...string) (int, string) {
		values := url.Values{}
		for i := 0; i+1 < len(fields); i += 2 {
			values.Set(fields[i], fields[i+1])
		}
		return p.form(path, values)
	}
	go303 := func(p *person, path string, fields ...string) string {
		t.Helper()
		response, body := p.do("POST", path, strings.NewReader(func() string {
			values := url.Values{}
			for i := 0; i+1 < len(fields); i += 2 {
				values.Set(fields[i], fields[i+1])
			}
			return values.Encode()
		}()), "Content-Type", "application/x-www-form-urlencoded")
		if response.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s %v: got %d\n%s", path, fields, response.StatusCode, body)
		}
		return response.Header.Get("Location")
	}
	page := func(p *person, path string) string {
		t.Helper()
		response, body := p.do("GET", path, nil)
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s: got %d\n%s", path, response.StatusCode, body)
		}
		return body
	}
	has := func(body string, texts ...string) {
		t.Helper()
		for _, text := range texts {
			if !strings.Contains(body, text) {
				t.Errorf("there is no %q in\n%s", text, body)
			}
		}
	}
	has(page(ana, "/-/rooms/new"), `action="/-/rooms/new"`)
	link := go303(ana, "/-/rooms/new", "kind", "private", "name", "plans", "users", "Ben")
	if !regexp.MustCompile(`^/~[a-z2-7]+/ana/$`).MatchString(link) {
		t.Fatalf("got %q", link)
	}
	room := page(ana, link)
	about := regexp.MustCompile(`href="(/-/room/r\d+)"`).FindStringSubmatch(room)[1]
	has(page(ana, about), "plans", "ben", "Make it public", "Archive", "Delete the room", "Add people")
	if theirs := page(ben, about); strings.Contains(theirs, "Make it public") || strings.Contains(theirs, "/remove") {
		t.Error("a member without a role is shown a moderator's forms")
	}
	if status, body := post(ana, about+"/add", "users", "nobody like that"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Nobody here is called") {
		t.Errorf("got %d\n%s", status, body)
	}
	go303(ana, about+"/add", "users", "cy, ben")
	go303(ana, about+"/settings", "name", "secret plans", "topic", "hush", "description", "two\nlines", "slow", "0")
	has(page(cy, about), "secret plans", "hush", "two\nlines", "3 members")
	theirs := strings.Replace(link, "/ana/", "/cy/", 1)
	has(page(cy, theirs), "message-box")
	has(page(cy, theirs), "message-box") // as it is kept in memory
	go303(ana, about+"/member", "user", ben.id(), "role", "moderator")
	go303(ben, about+"/remove", "user", cy.id(), "ban", "yes", "why", "spam")
	page(ana, link)
	if response, body := cy.do("GET", theirs, nil); response.StatusCode != http.StatusNotFound || strings.Contains(body, "plans") {
		t.Errorf("who was banned is shown %d\n%s", response.StatusCode, body)
	}
	if status, _ := post(cy, about+"/join"); status != http.StatusNotFound {
		t.Errorf("who was banned joins: %d", status)
	}
	has(page(ana, about), `data-testid="banned"`, "Lift the ban")
	go303(ana, about+"/member", "user", cy.id(), "banned", "no")
	go303(ana, about+"/archive", "archived", "yes")
	archived := page(ana, link)
	has(archived, `data-testid="quiet"`)
	if strings.Contains(archived, "message-box") {
		t.Error("an archived room has a message box")
	}
	go303(ana, about+"/archive", "archived", "no")
	has(page(ana, link), "message-box")
	h.join("gus", "taken")
	if status, body := post(ana, about+"/convert", "kind", "public", "public_name", "taken"); status != http.StatusConflict {
		t.Errorf("got %d\n%s", status, body)
	}
	go303(ana, about+"/convert", "kind", "public", "public_name", "open plans")
	response, _ := cy.do("GET", theirs, nil)
	if to := response.Header.Get("Location"); to != "/open%20plans/cy/" {
		t.Errorf("the former address leads to %q", to)
	}
	go303(ana, about+"/settings", "name", "open plans", "no_preview", "yes")
	response, body := cy.do("GET", "/open%20plans/cy/", nil)
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("a room for its members: got %d", response.StatusCode)
	}
	has(body, "Only members read", ">Join<")
	_, body = h.nobody().do("GET", "/open%20plans/dan/", nil)
	has(body, "Only members read", `name="username"`, ">Join<")
	if to := go303(cy, "/", "username", "cy", "room", "open plans"); to != "/open%20plans/cy/" {
		t.Errorf("joining leads to %q", to)
	}
	has(page(cy, "/open%20plans/cy/"), "message-box")
	go303(cy, about+"/leave")
	if to := go303(ana, about+"/delete"); to != about+"/delete" {
		t.Errorf("deleting without a confirmation leads to %q", to)
	}
	has(page(ana, about+"/delete"), "Delete open plans?")
	go303(ana, about+"/delete", "confirm", "yes")
	if response, _ := ana.do("GET", about, nil); response.StatusCode != http.StatusNotFound {
		t.Errorf("got %d, want 404", response.StatusCode)
	}
	direct := go303(ana, "/-/rooms/new", "kind", "direct", "users", "ben")
	has(page(ana, direct), `data-testid="room">ben</h1>`, `<title>ben`)
	if again := go303(ben, "/-/rooms/new", "kind", "direct", "users", "ana"); strings.Split(again, "/")[1] != strings.Split(direct, "/")[1] {
		t.Errorf("got %q and %q, want one room", direct, again)
	}
	var boot struct {
		Page struct{ Room string }
	}
	text := regexp.MustCompile(`(?s)id="boot">(.*?)</script>`).FindStringSubmatch(page(ana, direct))[1]
	if err := json.Unmarshal([]byte(text), &boot); err != nil || "/"+boot.Page.Room+"/ana/" != direct {
		t.Errorf("got %q, %v", boot.Page.Room, err)
	}
	response, _ = ana.do("GET", strings.Replace(direct, "/ana/", "/somebody/", 1), nil)
	if to := response.Header.Get("Location"); to != direct {
		t.Errorf("another's address of my room leads to %q", to)
	}
}
