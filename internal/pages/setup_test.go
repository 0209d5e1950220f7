package pages_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"parley/internal/chat"
)

const (
	goodPassword = "five small boats at sea"
	link         = "/-/setup?token=" + setupToken
)

func TestSetup(t *testing.T) {
	t.Run("makes the owner, once", func(t *testing.T) {
		s := start(t, options{})
		b := s.browser()
		res := b.get(link)
		expect(t, res, http.StatusOK, "Set up this server", "Create the owner")
		holds(t, res, "token", setupToken)
		redirects(t, b.post("/-/setup", "token", setupToken, "username", "olga", "password", goodPassword), "/")
		expect(t, b.get("/"), http.StatusOK, "You are olga")
		olga, err := s.users.ByName(context.Background(), "olga")
		if err != nil || olga.Role != chat.Owner || olga.Kind != chat.Account {
			t.Errorf("got %+v, %v, want an owner", olga, err)
		}
		expect(t, s.browser().get(link), http.StatusNotFound, "not valid, or no longer")
		expect(t, s.browser().post("/-/setup", "token", setupToken, "username", "mallory", "password", goodPassword), http.StatusNotFound, "not valid, or no longer")
		redirects(t, s.browser().post("/-/sign-in", "username", "olga", "password", goodPassword), "/")
	})
	t.Run("a guest becomes the owner in place", func(t *testing.T) {
		s := start(t, options{})
		b := s.browser()
		page := b.join("ana", "lobby")
		redirects(t, b.post(page, "text", "mine"), page)
		holds(t, b.get(link), "username", "ana")
		redirects(t, b.post("/-/setup", "token", setupToken, "username", "ana", "password", goodPassword), "/")
		res := b.get(page)
		expect(t, res, http.StatusOK, "mine")
		if !strings.Contains(res.body, `class="message mine`) {
			t.Errorf("the message is another's by now:\n%s", res.body)
		}
	})
}

func TestSetupIsRefused(t *testing.T) {
	t.Run("a wrong token is nothing", func(t *testing.T) {
		s := start(t, options{})
		for _, token := range []string{"", "x", setupToken + "x", setupToken[1:]} {
			expect(t, s.browser().get("/-/setup?token="+token), http.StatusNotFound, "not valid")
			expect(t, s.browser().post("/-/setup", "token", token, "username", "olga", "password", goodPassword), http.StatusNotFound)
		}
		expect(t, s.browser().post("/-/setup?token="+setupToken, "username", "olga", "password", goodPassword), http.StatusNotFound)
	})
	t.Run("an owner made by other means ends it", func(t *testing.T) {
		s := start(t, options{})
		if _, err := s.users.Enrol(context.Background(), chat.Enrolment{Name: "olga", Role: chat.Owner}); err != nil {
			t.Fatal(err)
		}
		expect(t, s.browser().get(link), http.StatusConflict, "has an owner already")
		expect(t, s.browser().post("/-/setup", "token", setupToken, "username", "mallory", "password", goodPassword), http.StatusConflict)
	})
	t.Run("bad fields are told, all at once, and nothing is made", func(t *testing.T) {
		s := start(t, options{})
		s.browser().join("ana", "lobby")
		for _, c := range []struct {
			username, password string
			status             int
			words              []string
		}{
			{"", "", 422, []string{"Please give a name.", "Please give a password."}},
			{"olga", "tiny pw", 422, []string{"at least 8 characters"}},
			{"olga", "password1234", 422, []string{"first that anybody would try"}},
			{"olga", strings.Repeat("ab c", 257), 413, []string{"at most 1024"}},
			{"ANA", goodPassword, 409, []string{`Somebody else is called "ana"`}},
		} {
			res := s.browser().post("/-/setup", "token", setupToken, "username", c.username, "password", c.password)
			expect(t, res, c.status, c.words...)
			holds(t, res, "username", c.username)
			if c.password != "" && strings.Contains(res.body, c.password) {
				t.Error("the password came back")
			}
		}
		if owned, err := s.users.Owned(context.Background()); err != nil || owned {
			t.Errorf("got an owner (%v)", err)
		}
	})
	t.Run("of fifty at once one becomes the owner", func(t *testing.T) {
		s := start(t, options{})
		var wg sync.WaitGroup
		statuses := make(chan int, 50)
		for n := range cap(statuses) {
			b := s.browser()
			wg.Go(func() {
				statuses <- b.post("/-/setup", "token", setupToken, "username", fmt.Sprint("person", n), "password", goodPassword).StatusCode
			})
		}
		wg.Wait()
		won := 0
		for range cap(statuses) {
			switch status := <-statuses; status {
			case http.StatusSeeOther:
				won++
			case http.StatusConflict, http.StatusNotFound:
			default:
				t.Errorf("got %d", status)
			}
		}
		if users, _ := s.counts(); won != 1 || users != 1 {
			t.Errorf("got %d winners and %d users, want one", won, users)
		}
	})
}
