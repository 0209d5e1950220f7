package pages_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rsc.io/qr"

	"parley/internal/chat"
)

func TestMe(t *testing.T) {
	t.Run("is for who is somebody", func(t *testing.T) {
		s := start(t, options{})
		b := s.browser()
		redirects(t, b.get("/-/me"), "/-/sign-in?next=/-/me")
		for _, path := range []string{"/-/me", "/-/me/email", "/-/me/password", "/-/me/devices", "/-/me/devices/others"} {
			expect(t, b.post(path, "username", "x", "session", "x"), http.StatusUnauthorized)
		}
	})
	t.Run("a guest is told that the cookie is the only key, and has no password to change", func(t *testing.T) {
		s := start(t, options{mail: true})
		b := s.browser()
		b.join("ana", "lobby")
		expect(t, b.get("/-/me"), http.StatusOK, "the cookie of this browser is the only key to the name ana", "Become a member")
		expect(t, b.post("/-/me/password", "password", goodPassword), http.StatusForbidden, "This needs an account.")
		expect(t, b.post("/-/me/email", "email", "ana@example.org"), http.StatusForbidden, "This needs an account.")
	})
	t.Run("changes name and bio", func(t *testing.T) {
		s := start(t, options{})
		s.account("olga")
		b := s.browser()
		page := b.join("ana", "lobby")
		redirects(t, b.post("/-/me", "username", "anna", "bio", " I sail.\r\nAnd sing. "), "/-/me?done=profile")
		expect(t, b.get("/-/me?done=profile"), http.StatusOK, "Your profile has been changed.", "I sail. And sing.")
		redirects(t, b.get(page), "/lobby/anna/")
		anna, err := s.users.ByName(context.Background(), "anna")
		if err != nil || anna.Bio != "I sail.\nAnd sing." {
			t.Errorf("got %+v, %v", anna, err)
		}
		res := b.post("/-/me", "username", "OLGA", "bio", "kept")
		expect(t, res, http.StatusConflict, "Somebody else is called", "kept")
		holds(t, res, "username", "OLGA")
		expect(t, b.post("/-/me", "username", "anna", "bio", strings.Repeat("é", 201)), http.StatusRequestEntityTooLarge, "at most 200 fit")
		redirects(t, b.post("/-/me", "username", "anna", "bio", strings.Repeat("é", 200)), "/-/me?done=profile")
		expect(t, b.post("/-/me", "username", "anna", "bio", "a\x00b"), http.StatusUnprocessableEntity, "control character")
		redirects(t, b.post("/-/me", "username", "anna", "bio", ""), "/-/me?done=profile")
	})
	t.Run("others see who one is", func(t *testing.T) {
		s := start(t, options{})
		olga := s.account("olga")
		b := s.browser()
		expect(t, b.get("/-/people/"+olga.ID.String()), http.StatusUnauthorized)
		b.join("ana", "lobby")
		expect(t, b.get("/-/people/"+olga.ID.String()), http.StatusOK, "olga", "Member, here since 22 November 2026")
		expect(t, b.get("/-/people/u999"), http.StatusNotFound)
		expect(t, b.get("/-/people/olga"), http.StatusNotFound)
	})
}

func TestChangePassword(t *testing.T) {
	const other = "another fine password"
	t.Run("ends all other devices, and gives this one a new token", func(t *testing.T) {
		s := start(t, options{})
		s.account("olga")
		here, there, stolen := s.browser(), s.browser(), s.browser()
		for _, b := range []*browser{here, there} {
			redirects(t, b.post("/-/sign-in", "username", "olga", "password", goodPassword), "/")
		}
		stolen.bring(here.cookie())
		expect(t, stolen.get("/-/me"), http.StatusOK, "olga")
		expect(t, here.post("/-/me/password", "password", other), http.StatusUnprocessableEntity, "Please give your password.")
		expect(t, here.post("/-/me/password", "current", "wrong password", "password", other), http.StatusUnprocessableEntity, "That is not your password.")
		expect(t, here.post("/-/me/password", "current", goodPassword, "password", "password1"), http.StatusUnprocessableEntity, "anybody would try")
		expect(t, there.get("/-/me"), http.StatusOK, "olga")
		redirects(t, here.post("/-/me/password", "current", goodPassword, "password", other), "/-/me?done=password")
		expect(t, here.get("/-/me"), http.StatusOK, "olga")
		for _, b := range []*browser{there, stolen} {
			redirects(t, b.get("/-/me"), "/-/sign-in?next=/-/me")
		}
		redirects(t, s.browser().post("/-/sign-in", "username", "olga", "password", other), "/")
	})
	t.Run("who has none needs to have signed in lately", func(t *testing.T) {
		s := start(t, options{})
		b := s.browser()
		token := s.passwordless(b, "pia")
		s.clock.Add(15*time.Minute + time.Second)
		expect(t, b.post("/-/me/password", "password", other), http.StatusForbidden, "Please sign out and in again first")
		s.clock.Add(-time.Minute)
		redirects(t, b.post("/-/me/password", "password", other), "/-/me?done=password")
		if b.cookie() == token {
			t.Error("the token is the old one")
		}
		redirects(t, s.browser().post("/-/sign-in", "username", "pia", "password", other), "/")
	})
}

// passwordless makes a member without a password, who is signed in in b, and gives the session's token.
func (s *site) passwordless(b *browser, name string) string {
	s.t.Helper()
	b.join(name, "lobby")
	user, err := s.users.ByName(context.Background(), name)
	if err == nil {
		user.Kind = chat.Account
		err = s.store.Write(context.Background(), func(tx chat.Tx) error { return tx.UpdateUser(user) })
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return b.cookie()
}

func TestDevices(t *testing.T) {
	const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	s := start(t, options{})
	s.account("olga")
	signIn := func(b *browser, agent string) {
		t.Helper()
		body := url.Values{"username": {"olga"}, "password": {goodPassword}}.Encode()
		redirects(t, b.do("POST", "/-/sign-in", "application/x-www-form-urlencoded", body, "User-Agent", agent), "/")
	}
	here, there := s.browser(), s.browser()
	signIn(there, firefox)
	signIn(here, "curl/8.5.0")
	t.Run("are listed in words, with their network", func(t *testing.T) {
		expect(t, here.get("/-/me"), http.StatusOK, "Firefox on Linux", "curl this one", "127.0.0.1, seen 22 November 2026, 12:00 UTC")
	})
	theirs := find(t, here.get("/-/me").body, `name="session" value="([0-9a-f]{16})"`)
	t.Run("another's are not mine to end", func(t *testing.T) {
		mallory := s.browser()
		mallory.join("mallory", "lobby")
		mallory.post("/-/me/devices", "session", theirs)
		expect(t, there.get("/-/me"), http.StatusOK, "olga")
	})
	t.Run("one is signed out", func(t *testing.T) {
		redirects(t, here.post("/-/me/devices", "session", theirs), "/-/me?done=device")
		redirects(t, there.get("/-/me"), "/-/sign-in?next=/-/me")
		expect(t, here.get("/-/me"), http.StatusOK, "olga")
	})
	t.Run("all others are signed out", func(t *testing.T) {
		signIn(there, firefox)
		third := s.browser()
		signIn(third, firefox)
		redirects(t, here.post("/-/me/devices/others"), "/-/me?done=devices")
		for _, b := range []*browser{there, third} {
			redirects(t, b.get("/-/me"), "/-/sign-in?next=/-/me")
		}
		expect(t, here.get("/-/me"), http.StatusOK, "olga")
	})
	t.Run("are a hundred at most, and the one seen longest ago gives way", func(t *testing.T) {
		olga, err := s.users.ByName(context.Background(), "olga")
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Add(2 * time.Hour)
		for n := range 100 {
			if err := s.users.SignIn(context.Background(), olga.ID, chat.Session{ID: chat.SessionID(strings.Repeat("0", 13) + string(rune('A'+n/10)) + string(rune('a'+n%10)))}); err != nil {
				t.Fatal(err)
			}
		}
		redirects(t, here.get("/-/me"), "/-/sign-in?next=/-/me")
		self, err := s.users.Self(context.Background(), chat.Actor{User: olga.ID})
		if err != nil || len(self.Sessions) != 100 {
			t.Errorf("got %d sessions, %v, want 100", len(self.Sessions), err)
		}
	})
	t.Run("a session ends that was not seen for ninety days", func(t *testing.T) {
		b := s.browser()
		signIn(b, firefox)
		s.clock.Add(90*24*time.Hour - time.Minute)
		expect(t, b.get("/-/me"), http.StatusOK, "olga")
		s.clock.Add(90*24*time.Hour + time.Minute)
		redirects(t, b.get("/-/me"), "/-/sign-in?next=/-/me")
	})
}

func TestMove(t *testing.T) {
	// code is what the picture on the page says.
	code := func(t *testing.T, b *browser) string {
		t.Helper()
		res := b.post("/-/move")
		expect(t, res, http.StatusOK, "It works once, until")
		link := find(t, res.body, `data-testid="move-link">([^<]*)<`)
		picture, err := qr.Encode(link, qr.M)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := find(t, res.body, `<img src="data:image/png;base64,([^"]*)"`), base64.StdEncoding.EncodeToString(picture.PNG()); got != want {
			t.Error("the picture is not that of the link")
		}
		if !strings.HasPrefix(link, b.site.url+"/-/move?token=") {
			t.Fatalf("got the link %q", link)
		}
		return strings.TrimPrefix(link, b.site.url)
	}
	// goOn opens the link on another device and presses the button.
	goOn := func(t *testing.T, b *browser, link, name string) response {
		t.Helper()
		res := b.get(link)
		expect(t, res, http.StatusOK, "Go on as "+name)
		token, _ := value(res.body, "token")
		return b.post("/-/move", "token", token)
	}
	t.Run("a phone goes on as a member", func(t *testing.T) {
		s := start(t, options{})
		s.account("olga")
		desk, phone := s.browser(), s.browser()
		desk.post("/-/sign-in", "username", "olga", "password", goodPassword)
		link := code(t, desk)
		redirects(t, goOn(t, phone, link, "olga"), "/")
		expect(t, phone.get("/"), http.StatusOK, "You are olga")
		if phone.cookie() == desk.cookie() {
			t.Error("both have one token")
		}
		expect(t, desk.get("/"), http.StatusOK, "You are olga")
	})
	t.Run("a guest has the name until the last device has left", func(t *testing.T) {
		s := start(t, options{})
		desk, phone := s.browser(), s.browser()
		page := desk.join("ana", "lobby")
		redirects(t, goOn(t, phone, code(t, desk), "ana"), "/")
		redirects(t, desk.post("/-/sign-out", "confirm", "yes"), "/")
		expect(t, phone.get(page), http.StatusOK, "ana")
		expect(t, s.browser().post("/", "username", "ana", "room", "lobby"), http.StatusConflict)
		redirects(t, phone.post("/-/sign-out", "confirm", "yes"), "/")
		s.browser().join("ana", "lobby")
	})
	t.Run("works once, for two minutes, and only the newest", func(t *testing.T) {
		s := start(t, options{})
		desk := s.browser()
		desk.join("ana", "lobby")
		used := code(t, desk)
		redirects(t, goOn(t, s.browser(), used, "ana"), "/")
		expect(t, s.browser().get(used), http.StatusNotFound, "not valid, or no longer")
		_, token, _ := strings.Cut(used, "token=")
		res := s.browser().post("/-/move", "token", token)
		expect(t, res, http.StatusNotFound)
		if len(res.Cookies()) != 0 {
			t.Error("got a cookie for a code that was used")
		}
		former, late := code(t, desk), code(t, desk)
		expect(t, s.browser().get(former), http.StatusNotFound)
		s.clock.Add(2*time.Minute - time.Millisecond)
		expect(t, s.browser().get(late), http.StatusOK, "Go on as ana")
		s.clock.Add(time.Millisecond)
		expect(t, s.browser().get(late), http.StatusNotFound)
	})
	t.Run("lets one of twenty at once go on", func(t *testing.T) {
		s := start(t, options{unlimited: true})
		desk := s.browser()
		desk.join("ana", "lobby")
		_, token, _ := strings.Cut(code(t, desk), "token=")
		phones := make([]*browser, 20)
		for i := range phones {
			phones[i] = s.browser()
		}
		arrived := make(chan int, len(phones))
		var all sync.WaitGroup
		for _, phone := range phones {
			all.Go(func() { arrived <- phone.post("/-/move", "token", token).StatusCode })
		}
		all.Wait()
		statuses := map[int]int{}
		for range phones {
			statuses[<-arrived]++
		}
		if statuses[http.StatusSeeOther] != 1 || statuses[http.StatusNotFound] != 19 {
			t.Errorf("got %v, want one to go on", statuses)
		}
	})
	t.Run("says what is given up on the device", func(t *testing.T) {
		s := start(t, options{})
		desk, phone := s.browser(), s.browser()
		desk.join("ana", "lobby")
		phone.join("ben", "lobby")
		link := code(t, desk)
		expect(t, phone.get(link), http.StatusOK, "You are here as the guest ben.")
		redirects(t, goOn(t, phone, link, "ana"), "/")
		s.browser().join("ben", "lobby") // the name is free
	})
	t.Run("nobody gets no code", func(t *testing.T) {
		s := start(t, options{})
		redirects(t, s.browser().get("/-/move"), "/-/sign-in?next=/-/move")
		expect(t, s.browser().post("/-/move"), http.StatusUnauthorized)
	})
}
