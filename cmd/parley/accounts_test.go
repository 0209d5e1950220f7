package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/postbox"
	"parley/internal/socket"
)

const (
	firstPassword  = "five small boats at sea"
	secondPassword = "six large boats on land"
)

// startMailing is start for a server that sends e-mail to a box of its own.
func startMailing(t *testing.T) (*host, *mailbox) {
	t.Helper()
	box, err := postbox.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	address := freeAddress(t)
	h := start(t, "--listen", address, "--base-url", "http://"+address, "--smtp", box.URL(), "--mail-from", "Our chat <chat@example.org>")
	return h, &mailbox{t, h, box}
}

// A mailbox is where a server's letters arrive.
type mailbox struct {
	t    *testing.T
	host *host
	box  *postbox.Postbox
}

// next is to whom the next letter is, and the path of the link in it.
func (m *mailbox) next() (to, path string) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), 20*time.Second)
	defer cancel()
	letter, err := m.box.Next(ctx)
	if err != nil {
		m.t.Fatal(err)
	}
	return letter.To, strings.TrimPrefix(letter.Link(), m.host.url)
}

// does posts a form and fails the test unless it is done.
func (p *person) does(path string, pairs ...string) {
	p.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	if status, body := p.form(path, values); status != http.StatusSeeOther {
		p.t.Fatalf("POST %s %v: %d %s", path, pairs, status, body)
	}
}

// token is the secret in a link.
func token(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Query().Get("token") == "" {
		t.Fatalf("got the link %q", link)
	}
	return u.Query().Get("token")
}

// me is who the server takes the person for, "" for nobody.
func (p *person) me() string {
	p.t.Helper()
	_, me := p.json("GET", "/api/v1/me", "")
	return me.str("me.user.name")
}

func TestAccounts(t *testing.T) {
	h, letters := startMailing(t)
	ben := h.join("ben", "lobby")
	watcher, _ := ben.socket()
	room := watcher.ok("open", "room", "lobby").str("room")
	ana := h.join("ana", "lobby")
	for n := range 3 {
		if status, got := ana.json("POST", "/api/v1/rooms/lobby/messages", fmt.Sprintf(`{"text":"message %d"}`, n)); status != http.StatusCreated {
			t.Fatalf("posting: %d %v", status, got)
		}
	}
	_, before := ana.json("GET", "/api/v1/me", "")
	id := before.str("me.user.id")

	t.Run("a guest becomes a member in place, and others see the new name", func(t *testing.T) {
		planted := ana.cookie()
		ana.does("/-/register", "username", "ana lisa", "email", "Ana@example.org", "password", firstPassword)
		watcher.want(func(o object) bool { return o.str("member.user") == id && o.str("member.name") == "ana lisa" })
		_, after := ana.json("GET", "/api/v1/me", "")
		if after.str("me.user.id") != id || after.str("me.user.kind") != "member" {
			t.Errorf("got %v, want %s as a member", after["me"], id)
		}
		if ana.cookie() == planted {
			t.Error("the session's token is the guest's")
		}
		_, page := ben.json("GET", "/api/v1/rooms/lobby/messages", "")
		for _, m := range page.list("messages") {
			if m.str("by") != id {
				t.Errorf("got %v, want a message by %s", m, id)
			}
		}
		if status, profile := ben.json("GET", "/api/v1/users/"+id, ""); status != 200 || profile.str("kind") != "member" || profile.str("name") != "ana lisa" || profile.int("created_at") == 0 {
			t.Errorf("got %d %v", status, profile)
		}
	})
	t.Run("a second browser signs in by the address, once its link was opened, and has the same rooms", func(t *testing.T) {
		second := h.nobody()
		attempt := url.Values{"username": {"ana@example.org"}, "password": {firstPassword}}
		if status, _ := second.form("/-/sign-in", attempt); status != http.StatusUnauthorized {
			t.Errorf("before the link was opened: got %d, want 401", status)
		}
		to, link := letters.next()
		if response, _ := ana.do("GET", link, nil); to != "Ana@example.org" || response.StatusCode != 200 {
			t.Fatalf("opening %s, sent to %s: %d", link, to, response.StatusCode)
		}
		second.does("/-/sign-in", "username", "ana@example.org", "password", firstPassword)
		_, mine := second.json("GET", "/api/v1/me", "")
		if rooms := mine.list("me.rooms"); mine.str("me.user.id") != id || len(rooms) != 1 || rooms[0].str("id") != room {
			t.Errorf("got %v, want %s in %s", mine["me"], id, room)
		}
	})
	t.Run("a forgotten password is replaced by a letter's link, once", func(t *testing.T) {
		lost := h.nobody()
		for _, address := range []string{"nobody@example.org", "ANA@example.org"} {
			if status, _ := lost.form("/-/reset", url.Values{"email": {address}}); status != 200 {
				t.Fatalf("got %d, want 200", status)
			}
		}
		to, link := letters.next()
		if to != "Ana@example.org" {
			t.Errorf("got a letter to %s", to)
		}
		values := url.Values{"token": {token(t, link)}, "password": {secondPassword}}
		if status, body := lost.form("/-/reset", values); status != http.StatusSeeOther {
			t.Fatalf("got %d %s", status, body)
		}
		if ana.me() != "" {
			t.Error("a session from before is alive")
		}
		if status, _ := lost.form("/-/reset", values); status != http.StatusNotFound {
			t.Errorf("the same link again: got %d, want 404", status)
		}
		lost.does("/-/sign-in", "username", "ana lisa", "password", secondPassword)
	})
	t.Run("nothing of it is in the log", func(t *testing.T) {
		if err := h.stop(); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"token=", firstPassword, secondPassword, "@example.org"} {
			if strings.Contains(h.errs.String(), secret) {
				t.Errorf("the log has %q in it: %s", secret, h.errs)
			}
		}
	})
}

func TestMailSettings(t *testing.T) {
	for _, args := range [][]string{
		{"--smtp", "smtp://127.0.0.1:25"},
		{"--smtp", "smtp://127.0.0.1:25", "--mail-from", "chat@example.org"},
		{"--smtp", "http://127.0.0.1:25", "--mail-from", "chat@example.org", "--base-url", "http://chat.example.org"},
		{"--smtp", "smtp://127.0.0.1:25", "--mail-from", "nobody", "--base-url", "http://chat.example.org"},
		{"--mail-from", "chat@example.org"},
	} {
		var errs strings.Builder
		code := run(t.Context(), append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, args...), strings.NewReader(""), &errs, &errs)
		if code != 1 || !regexp.MustCompile(`--smtp`).MatchString(errs.String()) {
			t.Errorf("%v: got %d %s, want to be told what is missing", args, code, errs.String())
		}
	}
}

// registered is somebody with a password, who is signed in.
func (h *host) registered(name string) *person {
	h.t.Helper()
	p := h.nobody()
	p.does("/-/register", "username", name, "password", firstPassword)
	return p
}

// signIn is another browser of a member.
func (h *host) signIn(name string) *person {
	h.t.Helper()
	p := h.nobody()
	p.does("/-/sign-in", "username", name, "password", firstPassword)
	return p
}

func TestDevices(t *testing.T) {
	h := start(t)
	h.join("watcher", "lobby")
	here := h.registered("olga")
	sessions := func() []object {
		t.Helper()
		_, got := here.json("GET", "/api/v1/me/sessions", "")
		return got.list("sessions")
	}
	t.Run("one that is signed out has its sockets closed, and the others go on", func(t *testing.T) {
		there := h.signIn("olga")
		theirs, _ := there.socket()
		theirs.ok("open", "room", "lobby")
		mine, _ := here.socket()
		mine.ok("open", "room", "lobby")
		ended := 0
		for _, s := range sessions() {
			if s["current"] == true {
				continue
			}
			ended++
			if s.str("device") == "" || s.str("network") != "127.0.0.1" || s.int("seen_at") == 0 || len(s.str("id")) != 16 {
				t.Errorf("got the session %v", s)
			}
			began := time.Now()
			if status, got := here.json("DELETE", "/api/v1/me/sessions/"+s.str("id"), ""); status != 200 {
				t.Fatalf("got %d %v", status, got)
			}
			theirs.ends(socket.SignedOut)
			if took := time.Since(began); took > time.Second {
				t.Errorf("the socket closed after %v, want at most a second", took)
			}
		}
		if ended != 1 || there.me() != "" {
			t.Errorf("ended %d sessions, and it is %q's still", ended, there.me())
		}
		mine.ok("ping")
		if left := sessions(); len(left) != 1 {
			t.Errorf("got %v, want this one", left)
		}
	})
	t.Run("of somebody else are not mine", func(t *testing.T) {
		mallory := h.join("mallory", "lobby")
		id := sessions()[0].str("id")
		if status, _ := mallory.json("DELETE", "/api/v1/me/sessions/"+id, ""); status != http.StatusNotFound {
			t.Errorf("got %d, want 404", status)
		}
		if status, _ := h.nobody().json("GET", "/api/v1/me/sessions", ""); status != http.StatusUnauthorized {
			t.Errorf("nobody: got %d, want 401", status)
		}
	})
	t.Run("a new password ends all of them with their sockets, but for a new session here", func(t *testing.T) {
		there := h.signIn("olga")
		theirs, _ := there.socket()
		theirs.ok("open", "room", "lobby")
		stolen := h.nobody()
		u, _ := url.Parse(h.url)
		stolen.http.Jar.SetCookies(u, here.http.Jar.Cookies(u))
		thiefs, _ := stolen.socket()
		thiefs.ok("open", "room", "lobby")
		here.does("/-/me/password", "current", firstPassword, "password", secondPassword)
		theirs.ends(socket.SignedOut)
		thiefs.ends(socket.SignedOut)
		if here.me() != "olga" || there.me() != "" || stolen.me() != "" {
			t.Errorf("got %q here, %q there, %q with the old token; want olga here alone", here.me(), there.me(), stolen.me())
		}
	})
	t.Run("a phone goes on by a code that works once", func(t *testing.T) {
		_, body := here.form("/-/move", nil)
		found := regexp.MustCompile(`data-testid="move-link">([^<]+)<`).FindStringSubmatch(body)
		if found == nil {
			t.Fatalf("there is no link on the page: %s", body)
		}
		phone, late := h.nobody(), h.nobody()
		link := token(t, found[1])
		phone.does("/-/move", "token", link)
		if status, _ := late.form("/-/move", url.Values{"token": {link}}); status != http.StatusNotFound || late.me() != "" {
			t.Errorf("the second: got %d as %q, want 404 and nobody", status, late.me())
		}
		if phone.me() != "olga" || phone.cookie() == here.cookie() {
			t.Errorf("got %q, want olga by a token of its own", phone.me())
		}
	})
	t.Run("the profile is changed by the API", func(t *testing.T) {
		status, got := here.json("PATCH", "/api/v1/me", `{"bio":"I sail."}`)
		if status != 200 || got.str("user.name") != "olga" || got.str("user.bio") != "I sail." {
			t.Errorf("got %d %v", status, got)
		}
		if status, got = here.json("PATCH", "/api/v1/me", `{"name":"watcher"}`); status != http.StatusConflict || got.str("field") != "name" {
			t.Errorf("got %d %v, want 409 for the field name", status, got)
		}
		if status, got = here.json("PATCH", "/api/v1/me", `{"name":"olga m","role":"owner","kind":"bot"}`); status != 200 || got.str("user.name") != "olga m" || got.str("user.role") != "" || got.str("user.kind") != "member" {
			t.Errorf("got %d %v", status, got)
		}
	})
}

// TestReplay holds what a token is worth after its session ended: nothing, at any door.
func TestReplay(t *testing.T) {
	for how, end := range map[string]func(h *host, p *person){
		"signing out": func(_ *host, p *person) { p.does("/-/sign-out", "confirm", "yes") },
		"another password": func(_ *host, p *person) {
			p.does("/-/me/password", "current", firstPassword, "password", secondPassword)
		},
		"from elsewhere":    func(h *host, _ *person) { h.signIn("olga").does("/-/me/devices/others") },
		"signing in anew":   func(_ *host, p *person) { p.does("/-/sign-in", "username", "olga", "password", firstPassword) },
		"becoming a member": nil,
	} {
		t.Run(how, func(t *testing.T) {
			h := start(t)
			h.join("watcher", "lobby")
			var p *person
			if end == nil {
				p = h.join("olga", "lobby")
				end = func(_ *host, p *person) { p.does("/-/register", "username", "olga", "password", firstPassword) }
			} else {
				p = h.registered("olga")
			}
			thief := h.nobody()
			u, _ := url.Parse(h.url)
			thief.http.Jar.SetCookies(u, p.http.Jar.Cookies(u))
			if thief.me() != "olga" {
				t.Fatal("the token was worth nothing before")
			}
			end(h, p)
			if got := thief.me(); got != "" {
				t.Errorf("the API takes it for %q", got)
			}
			for method, path := range map[string]string{"PATCH": "/api/v1/me", "POST": "/api/v1/rooms/lobby/messages"} {
				if status, got := thief.json(method, path, `{"text":"x","bio":"x"}`); status != http.StatusUnauthorized {
					t.Errorf("%s %s: got %d %v, want 401", method, path, status, got)
				}
			}
			w, hello := thief.socket()
			if hello.at("hello.me") != nil {
				t.Errorf("the socket takes it for %v", hello.at("hello.me"))
			}
			wantError(t, w.ask("post", "room", "lobby", "key", "k1", "text", "x"), "unauthenticated", "room")
			stream := thief.events("at=lobby:0")
			if hello := stream.want(func(o object) bool { return o["hello"] != nil }); hello.at("hello.me") != nil {
				t.Errorf("the stream takes it for %v", hello.at("hello.me"))
			}
			for _, path := range []string{"/-/me", "/lobby/olga/"} {
				for _, mine := range []string{`data-testid="message-box"`, `data-testid="devices"`} {
					if _, body := thief.do("GET", path, nil); strings.Contains(body, mine) {
						t.Errorf("%s is shown as to olga", path)
					}
				}
			}
			script := thief.connect(notifications + "lobby/")
			script.send(object{"message": "hi", "room_name": "lobby", "sender": "olga"}.String())
			if answer, err := script.read(); err != nil || answer["error"] == nil {
				t.Errorf("the tutorial's socket spoke as olga: %v, %v", answer, err)
			}
		})
	}
}

func TestGuessing(t *testing.T) {
	h := start(t)
	h.registered("olga")
	guesser := h.nobody()
	for n := range 10 {
		if status, _ := guesser.form("/-/sign-in", url.Values{"username": {"olga"}, "password": {fmt.Sprint("wrong password ", n)}}); status != http.StatusUnauthorized {
			t.Fatalf("try %d: got %d, want 401", n+1, status)
		}
	}
	response, body := guesser.do("POST", "/-/sign-in", strings.NewReader(url.Values{"username": {"olga"}, "password": {firstPassword}}.Encode()),
		"Content-Type", "application/x-www-form-urlencoded")
	if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" || !strings.Contains(body, "Please wait") {
		t.Errorf("got %d, Retry-After %q, want to be told to wait", response.StatusCode, response.Header.Get("Retry-After"))
	}
}

func TestResetLinkCommand(t *testing.T) {
	h := start(t)
	olga := h.registered("olga")
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"admin", "reset-link", "OLGA", "--data", h.data, "--base-url", h.url}, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("got %d %s", code, errs.String())
	}
	_, link, found := strings.Cut(strings.TrimSpace(out.String()), h.url+"/-/reset?token=")
	if !found {
		t.Fatalf("got %q, want a link", out.String())
	}
	other := h.nobody()
	other.does("/-/reset", "token", link, "password", secondPassword)
	if olga.me() != "" {
		t.Error("a session from before is alive")
	}
	other.does("/-/sign-in", "username", "olga", "password", secondPassword)
	if code := run(t.Context(), []string{"admin", "reset-link", "nobody", "--data", h.data}, strings.NewReader(""), &out, &errs); code != 1 || !strings.Contains(errs.String(), "Nobody is called") {
		t.Errorf("for nobody: got %d %s", code, errs.String())
	}
}
