package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley/internal/auth"
	"parley/internal/chat"
)

func TestSessions(t *testing.T) {
	c := newClock()
	users, _ := people(t, c)
	g := gate(t, auth.Config{Users: users, Clock: c.Now})
	ctx := context.Background()

	session, cookie := g.Begin(request("192.0.2.1:1", "User-Agent", "browser"))
	ana, err := users.Guest(ctx, "ana", *session)
	if err != nil {
		t.Fatal(err)
	}
	withCookie := func(value string) *http.Request {
		return request("192.0.2.1:1", "Cookie", cookie.Name+"="+value)
	}
	t.Run("the cookie says who asks", func(t *testing.T) {
		who, err := g.Who(withCookie(cookie.Value))
		if err != nil || who.User.ID != ana.ID || who.Session != session.ID || who.Actor().User != ana.ID {
			t.Errorf("got %+v, %v, want ana", who, err)
		}
	})
	t.Run("only the token's digest is kept", func(t *testing.T) {
		sum := sha256.Sum256([]byte(cookie.Value))
		if got, want := string(session.ID), hex.EncodeToString(sum[:]); got != want {
			t.Errorf("got the id %s, want %s", got, want)
		}
		if len(cookie.Value) != 43 {
			t.Errorf("got a token of %d characters, want the 43 of 256 bits", len(cookie.Value))
		}
	})
	t.Run("it knows the network that it was opened from", func(t *testing.T) {
		for peer, want := range map[string]string{"192.0.2.1:1": "192.0.2.1", "[2001:db8:1:2:3::4]:1": "2001:db8:1:2::/64", "@": ""} {
			if s, _ := g.Begin(request(peer)); s.Address != want {
				t.Errorf("%s: got %q, want %q", peer, s.Address, want)
			}
		}
	})
	other, _ := g.Begin(request("192.0.2.1:1"))
	for name, value := range map[string]string{
		"no token": "", "a token of nobody": strings.Repeat("A", 43), "the session's id": string(session.ID),
		"half a token": cookie.Value[:20], "a token and more": cookie.Value + "A", "nonsense": "%%%",
	} {
		t.Run(name+" is nobody", func(t *testing.T) {
			who, err := g.Who(withCookie(value))
			if err != nil || who != (auth.Identity{}) {
				t.Errorf("got %+v, %v, want nobody", who, err)
			}
		})
	}
	t.Run("no two tokens are equal", func(t *testing.T) {
		if other.ID == session.ID {
			t.Error("got the same twice")
		}
	})
	t.Run("a session that has ended is nobody", func(t *testing.T) {
		before, err := g.Who(withCookie(cookie.Value))
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Still(ctx, before); err != nil {
			t.Errorf("while it lives: %v", err)
		}
		if err := users.SignOut(ctx, session.ID); err != nil {
			t.Fatal(err)
		}
		if err := g.Still(ctx, before); chat.KindOf(err) != chat.Unauthenticated {
			t.Errorf("after its end: got %v, want Unauthenticated", err)
		}
		if err := g.Still(ctx, auth.Identity{}); err != nil {
			t.Errorf("nobody: %v", err)
		}
		if who, err := g.Who(withCookie(cookie.Value)); err != nil || who != (auth.Identity{}) {
			t.Errorf("got %+v, %v, want nobody", who, err)
		}
	})
	t.Run("a guest who was long away is nobody", func(t *testing.T) {
		session, cookie := g.Begin(request("192.0.2.1:1"))
		if _, err := users.Guest(ctx, "ben", *session); err != nil {
			t.Fatal(err)
		}
		c.Add(chat.GuestLife + time.Hour)
		who, err := g.Who(request("192.0.2.1:1", "Cookie", cookie.Name+"="+cookie.Value))
		if err != nil || who != (auth.Identity{}) {
			t.Errorf("got %+v, %v, want nobody", who, err)
		}
	})
	t.Run("a store that cannot be asked is an error", func(t *testing.T) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := g.Who(withCookie(cookie.Value).WithContext(ctx)); err == nil {
			t.Error("got no error")
		}
	})
}

func TestCookie(t *testing.T) {
	t.Run("over http", func(t *testing.T) {
		_, got := gate(t, auth.Config{}).Begin(request("192.0.2.1:1"))
		if got.Name != "parley_session" || got.Secure || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" {
			t.Errorf("got %s", got)
		}
		if want := 400 * 24 * 60 * 60; got.MaxAge != want {
			t.Errorf("got Max-Age %d, want %d", got.MaxAge, want)
		}
	})
	t.Run("over https", func(t *testing.T) {
		g := gate(t, auth.Config{BaseURL: address(t, "https://chat.example.org")})
		_, got := g.Begin(request("192.0.2.1:1"))
		if got.Name != "__Host-parley_session" || !got.Secure || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("is taken back", func(t *testing.T) {
		w := httptest.NewRecorder()
		gate(t, auth.Config{}).End(w, request("192.0.2.1:1"))
		if got := w.Header().Get("Set-Cookie"); !strings.Contains(got, "parley_session=;") || !strings.Contains(got, "Max-Age=0") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("of plain http does not count over https", func(t *testing.T) {
		c := newClock()
		users, _ := people(t, c)
		plain := gate(t, auth.Config{Users: users})
		session, cookie := plain.Begin(request("192.0.2.1:1"))
		if _, err := users.Guest(context.Background(), "ana", *session); err != nil {
			t.Fatal(err)
		}
		secure := gate(t, auth.Config{Users: users, BaseURL: address(t, "https://chat.example.org")})
		who, err := secure.Who(request("192.0.2.1:1", "Cookie", cookie.Name+"="+cookie.Value))
		if err != nil || who.User.ID != 0 {
			t.Errorf("got %+v, %v, want nobody", who, err)
		}
	})
	t.Run("a browser's name is cut to 200 bytes and valid", func(t *testing.T) {
		session, _ := gate(t, auth.Config{}).Begin(request("192.0.2.1:1", "User-Agent", "a\xff"+strings.Repeat("é", 200)))
		if len(session.Agent) > 200 || len(session.Agent) < 198 || !utf8.ValidString(session.Agent) {
			t.Errorf("got %d bytes: %q", len(session.Agent), session.Agent)
		}
	})
}
