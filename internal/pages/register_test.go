package pages_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"parley/internal/chat"
)

// cookie is the session's token that a browser has, "" for none.
func (b *browser) cookie() string {
	for _, c := range b.client.Jar.Cookies(b.site.parsedURL()) {
		return c.Value
	}
	return ""
}

// bring puts a token into a browser, as one that was planted there.
func (b *browser) bring(token string) {
	b.client.Jar.SetCookies(b.site.parsedURL(), []*http.Cookie{{Name: "parley_session", Value: token, Path: "/"}})
}

// settle stores the server's settings.
func (s *site) settle(settings chat.Settings) {
	s.t.Helper()
	if err := s.store.Write(context.Background(), func(tx chat.Tx) error { return tx.PutSettings(settings) }); err != nil {
		s.t.Fatal(err)
	}
}

func TestRegister(t *testing.T) {
	t.Run("a guest becomes a member in place", func(t *testing.T) {
		s := start(t, options{})
		ana := s.browser()
		page := ana.join("ana", "lobby")
		for _, text := range []string{"one", "two", "three"} {
			redirects(t, ana.post(page, "text", text), page)
		}
		before, err := s.users.ByName(context.Background(), "ana")
		if err != nil {
			t.Fatal(err)
		}
		form := ana.get("/-/register?next=" + page)
		expect(t, form, http.StatusOK, "Become a member", "ana stays yours")
		holds(t, form, "username", "ana")
		redirects(t, ana.post("/-/register", "username", "ana", "password", goodPassword, "next", page), page)
		after, err := s.users.ByName(context.Background(), "ana")
		if err != nil || after.ID != before.ID || after.Kind != chat.Account {
			t.Errorf("got %+v, %v, want %s as a member", after, err, before.ID)
		}
		res := ana.get(page)
		expect(t, res, http.StatusOK, "one", "two", "three")
		if got := strings.Count(res.body, `class="message mine`); got != 3 {
			t.Errorf("got %d messages of mine, want 3", got)
		}
		second := s.browser()
		redirects(t, second.post("/-/sign-in", "username", "ana", "password", goodPassword), "/")
		expect(t, second.get(page), http.StatusOK, "one", "two", "three")
	})
	t.Run("by another name all the same, and the old address leads on", func(t *testing.T) {
		s := start(t, options{})
		ana := s.browser()
		page := ana.join("ana", "lobby")
		redirects(t, ana.post("/-/register", "username", "Ana Maria", "password", goodPassword), "/-/me?done=registered")
		redirects(t, ana.get(page), "/lobby/Ana%20Maria/")
	})
	t.Run("nobody becomes a new member", func(t *testing.T) {
		s := start(t, options{})
		b := s.browser()
		expect(t, b.get("/-/register"), http.StatusOK, "Become a member")
		redirects(t, b.post("/-/register", "username", "ben", "password", goodPassword), "/-/me?done=registered")
		expect(t, b.get("/-/me?done=registered"), http.StatusOK, "You are a member now.")
		redirects(t, b.get("/-/register"), "/-/me")
		expect(t, b.post("/-/register", "username", "ben2", "password", goodPassword), http.StatusForbidden, "You have an account already.")
	})
	t.Run("the session's token is a new one, and the one before is worth nothing", func(t *testing.T) {
		s := start(t, options{})
		mallory := s.browser()
		mallory.join("ana", "lobby")
		victim := s.browser()
		victim.bring(mallory.cookie())
		redirects(t, victim.post("/-/register", "username", "ana", "password", goodPassword), "/-/me?done=registered")
		if victim.cookie() == mallory.cookie() {
			t.Error("the token is the one that was planted")
		}
		expect(t, victim.get("/"), http.StatusOK, "You are ana")
		if strings.Contains(mallory.get("/").body, "You are ana") {
			t.Error("the planted token is ana's")
		}
		redirects(t, mallory.get("/-/me"), "/-/sign-in?next=/-/me")
	})
	t.Run("signing in makes a new token too, and ends what the browser had", func(t *testing.T) {
		s := start(t, options{})
		s.account("olga")
		mallory := s.browser()
		mallory.join("guest", "lobby")
		victim := s.browser()
		victim.bring(mallory.cookie())
		redirects(t, victim.post("/-/sign-in", "username", "olga", "password", goodPassword), "/")
		if victim.cookie() == mallory.cookie() {
			t.Error("the token is the one that was planted")
		}
		redirects(t, mallory.get("/-/me"), "/-/sign-in?next=/-/me")
	})
	t.Run("tells everything that is wrong at once, and changes nothing", func(t *testing.T) {
		s := start(t, options{mail: true})
		s.account("olga")
		b := s.browser()
		res := b.post("/-/register", "username", " ", "email", "nobody", "password", "short")
		expect(t, res, http.StatusUnprocessableEntity, "Please give a name.", "This is not an e-mail address", "too short")
		res = b.post("/-/register", "username", "Olga", "email", "o@example.org", "password", goodPassword)
		expect(t, res, http.StatusConflict, "Somebody else is called", "Be called Olga2")
		holds(t, res, "email", "o@example.org")
		if strings.Contains(res.body, goodPassword) || len(res.Cookies()) != 0 {
			t.Error("got the password back, or a cookie")
		}
		expect(t, b.post("/-/register", "username", "ben", "password", goodPassword), http.StatusUnprocessableEntity, "Please give an e-mail address.")
		expect(t, b.post("/-/register", "username", "benjamin", "email", "b@example.org", "password", "benjamin1"), http.StatusUnprocessableEntity, "anybody would try")
		if users, _ := s.counts(); users != 1 {
			t.Errorf("got %d users, want olga alone", users)
		}
	})
}

func TestRegistrationIsNotOpen(t *testing.T) {
	for registration, want := range map[chat.Registration]string{
		chat.ByInvitation: "needs an invitation", chat.NoRegistration: "nobody can make an account",
	} {
		t.Run(string(registration), func(t *testing.T) {
			s := start(t, options{})
			s.account("olga")
			s.settle(chat.Settings{Registration: registration})
			guest := s.browser()
			guest.join("ana", "lobby")
			for _, b := range []*browser{s.browser(), guest} {
				expect(t, b.get("/-/register"), http.StatusOK, want)
				expect(t, b.post("/-/register", "username", "ana", "password", goodPassword), http.StatusForbidden, want)
			}
			redirects(t, s.browser().post("/-/sign-in", "username", "olga", "password", goodPassword), "/")
			ana, err := s.users.ByName(context.Background(), "ana")
			if err != nil || ana.Kind != chat.Guest {
				t.Errorf("got %+v, %v, want a guest still", ana, err)
			}
		})
	}
	t.Run("an invitation that is used up with the account opens it, unless nobody may", func(t *testing.T) {
		s := start(t, options{})
		uses := 0
		enrol := func(name string, invited error) error {
			_, err := s.users.Enrol(context.Background(), chat.Enrolment{Name: name, Password: "x", Invited: func(_ chat.Tx, user chat.User) error {
				if user.Kind != chat.Account || user.ID == 0 {
					t.Errorf("got %+v, want the account", user)
				}
				uses++
				return invited
			}})
			return err
		}
		s.settle(chat.Settings{Registration: chat.ByInvitation})
		if err := enrol("ana", nil); err != nil || uses != 1 {
			t.Errorf("got %v after %d uses, want an account by one", err, uses)
		}
		if err := enrol("ben", chat.Errorf(chat.Conflict, "", "It is used up.")); chat.KindOf(err) != chat.Conflict {
			t.Errorf("got %v, want Conflict", err)
		}
		if _, err := s.users.ByName(context.Background(), "ben"); chat.KindOf(err) != chat.NotFound {
			t.Errorf("got %v, want no account by an invitation that is used up", err)
		}
		s.settle(chat.Settings{Registration: chat.NoRegistration})
		if err := enrol("cleo", nil); chat.KindOf(err) != chat.Forbidden || uses != 2 {
			t.Errorf("got %v after %d uses, want Forbidden and the invitation untouched", err, uses)
		}
	})
}
