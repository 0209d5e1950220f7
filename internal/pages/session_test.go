package pages_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// account makes somebody who can sign in with goodPassword.
func (s *site) account(name string) chat.User {
	s.t.Helper()
	phc, err := auth.Hash(context.Background(), goodPassword)
	if err != nil {
		s.t.Fatal(err)
	}
	user, err := s.users.Enrol(context.Background(), chat.Enrolment{Name: name, Password: phc})
	if err != nil {
		s.t.Fatal(err)
	}
	return user
}

func TestSignIn(t *testing.T) {
	s := start(t, options{})
	s.account("olga")
	olga := s.browser()

	t.Run("with the right password", func(t *testing.T) {
		expect(t, olga.get("/-/sign-in"), http.StatusOK, "Sign in", "Password")
		res := olga.post("/-/sign-in", "username", "OLGA", "password", goodPassword)
		redirects(t, res, "/")
		if !strings.Contains(res.Header.Get("Set-Cookie"), "HttpOnly") {
			t.Errorf("got the cookie %q", res.Header.Get("Set-Cookie"))
		}
		expect(t, olga.get("/"), http.StatusOK, "You are olga", "Sign out")
		expect(t, olga.get("/-/sign-in"), http.StatusOK, "You are signed in as olga.")
	})
	t.Run("tells every failure in the same words", func(t *testing.T) {
		for _, fields := range [][]string{{"olga", "wrong password"}, {"nobody", goodPassword}, {"a/b", goodPassword}} {
			res := s.browser().post("/-/sign-in", "username", fields[0], "password", fields[1], "next", "/admin/")
			expect(t, res, http.StatusUnauthorized, "The name or the password is wrong.")
			holds(t, res, "username", fields[0])
			holds(t, res, "next", "/admin/")
			if strings.Contains(res.body, fields[1]) || len(res.Cookies()) != 0 {
				t.Error("got the password back, or a cookie")
			}
		}
	})
	t.Run("needs both fields", func(t *testing.T) {
		expect(t, s.browser().post("/-/sign-in", "username", "olga"), http.StatusUnprocessableEntity, "Please give a name and a password.")
		expect(t, s.browser().post("/-/sign-in"), http.StatusUnprocessableEntity, "Please give a name and a password.")
	})
	t.Run("leads on, within this server alone", func(t *testing.T) {
		for next, want := range map[string]string{
			"/admin/":                 "/admin/",
			"/lobby/olga/?at=3":       "/lobby/olga/?at=3",
			"":                        "/",
			"https://evil.example/":   "/",
			"//evil.example/":         "/",
			"///evil.example/":        "/",
			"/\\evil.example/":        "/",
			"\\\\evil.example/":       "/",
			"/\t/evil.example/":       "/",
			"\t//evil.example/":       "/",
			" //evil.example":         "/",
			"javascript:alert(1)":     "/",
			"evil.example":            "/",
			"http:evil.example":       "/",
			"/a\r\nSet-Cookie: x=1":   "/",
			"http:///evil.example/":   "/",
			"/.//evil.example/":       "/evil.example/",
			"/%0d%0aSet-Cookie:%20x=": "/%0d%0aSet-Cookie:%20x=",
		} {
			b := s.browser()
			if got, _ := value(b.do(http.MethodGet, "/-/sign-in?"+form("next", next).Encode(), "", "").body, "next"); want == "/" && got != "" {
				t.Errorf("next=%q: got %q in the form, want none", next, got)
			}
			redirects(t, b.post("/-/sign-in", "username", "olga", "password", goodPassword, "next", next), want)
		}
	})
	t.Run("gives up the guest's name that the browser had", func(t *testing.T) {
		b := s.browser()
		b.join("gus", "lobby")
		expect(t, b.get("/-/sign-in"), http.StatusOK, "the guest gus", "gives up that name")
		redirects(t, b.post("/-/sign-in", "username", "olga", "password", goodPassword), "/")
		s.browser().join("gus", "lobby")
	})
	t.Run("a browser whose cookie was stolen before it is nobody after it", func(t *testing.T) {
		b := s.browser()
		old := b.post("/", "username", "hal", "room", "lobby").Header.Get("Set-Cookie")
		b.post("/-/sign-in", "username", "olga", "password", goodPassword)
		cookie, _, _ := strings.Cut(old, ";")
		expect(t, s.browser().get("/", "Cookie", cookie), http.StatusOK, "Pick a name and a room")
	})
}

func TestSignInIsLimited(t *testing.T) {
	s := start(t, options{unlimited: true})
	s.account("olga")
	b := s.browser()
	for range 10 {
		expect(t, b.post("/-/sign-in", "username", "olga", "password", "wrong password"), http.StatusUnauthorized)
		s.clock.Add(time.Second)
	}
	res := b.post("/-/sign-in", "username", "olga", "password", goodPassword)
	expect(t, res, http.StatusTooManyRequests, "Too many wrong passwords. Please wait 3 minutes and try again.")
	if got := res.Header.Get("Retry-After"); got != "170" {
		t.Errorf("got Retry-After %q, want 170", got)
	}
	s.clock.Add(170 * time.Second)
	redirects(t, b.post("/-/sign-in", "username", "olga", "password", goodPassword), "/")
}

func TestSignOut(t *testing.T) {
	s := start(t, options{})
	s.account("olga")
	t.Run("a guest is asked first, and told what is lost", func(t *testing.T) {
		b := s.browser()
		b.join("ana", "lobby")
		for _, res := range []response{b.post("/-/sign-out"), b.get("/-/sign-out")} {
			expect(t, res, http.StatusOK, "The name ana is kept by this browser alone", "Leave", "Stay ana")
		}
		expect(t, b.get("/"), http.StatusOK, "You are ana")
		res := b.post("/-/sign-out", "confirm", "yes")
		redirects(t, res, "/")
		if !strings.Contains(res.Header.Get("Set-Cookie"), "Max-Age=0") {
			t.Errorf("got the cookie %q, want it taken back", res.Header.Get("Set-Cookie"))
		}
		expect(t, b.get("/"), http.StatusOK, "Pick a name and a room")
		s.browser().join("ana", "lobby")
	})
	t.Run("an account is not asked", func(t *testing.T) {
		b := s.browser()
		cookie, _, _ := strings.Cut(b.post("/-/sign-in", "username", "olga", "password", goodPassword).Header.Get("Set-Cookie"), ";")
		expect(t, b.get("/-/sign-out"), http.StatusOK, "You are signed in as olga")
		redirects(t, b.post("/-/sign-out"), "/")
		expect(t, s.browser().get("/", "Cookie", cookie), http.StatusOK, "Pick a name and a room")
	})
	t.Run("nobody is sent to the front page", func(t *testing.T) {
		redirects(t, s.browser().get("/-/sign-out"), "/")
		redirects(t, s.browser().post("/-/sign-out"), "/")
	})
}

func TestFormsAreLimited(t *testing.T) {
	s := start(t, options{})
	b := s.browser()
	b.join("ana", "lobby")
	for range 1000 {
		res := b.post("/-/sign-out")
		if res.StatusCode == http.StatusTooManyRequests {
			expect(t, res, http.StatusTooManyRequests, "That was too much at once.")
			s.clock.Add(time.Second)
			expect(t, b.post("/-/sign-out"), http.StatusOK)
			return
		}
	}
	t.Error("a thousand forms at one moment were all answered")
}
