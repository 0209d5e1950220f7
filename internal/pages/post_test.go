package pages_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"parley/internal/chat"
)

// texts are all texts of a room, as the store has them.
func (s *site) texts(room string) []string {
	s.t.Helper()
	history, err := s.rooms.History(context.Background(), chat.Actor{}, room, chat.Page{Limit: 200})
	if err != nil {
		s.t.Fatal(err)
	}
	texts := []string{}
	for _, m := range history.Messages {
		texts = append(texts, m.Text)
	}
	return texts
}

func TestPost(t *testing.T) {
	s := start(t, options{})
	ana := s.browser()
	page := ana.join("ana", "lobby")

	t.Run("a message by form is stored and shown", func(t *testing.T) {
		res := ana.get(page)
		key, ok := value(res.body, "key")
		if !ok || len(key) != 26 {
			t.Fatalf("got the key %q, want 26 characters", key)
		}
		redirects(t, ana.post(page, "key", key, "text", "hello\r\nthere"), page)
		expect(t, ana.get(page), http.StatusOK, "hello there")
		if again, _ := value(ana.get(page).body, "key"); again == key {
			t.Error("got the same key twice")
		}
	})
	t.Run("a form that is sent twice makes one message", func(t *testing.T) {
		before := len(s.texts("lobby"))
		for range 3 {
			redirects(t, ana.post(page, "key", "one-key", "text", "once"), page)
		}
		if got := len(s.texts("lobby")) - before; got != 1 {
			t.Errorf("got %d messages, want 1", got)
		}
	})
	t.Run("a key of another message is refused, and a fresh one offered", func(t *testing.T) {
		res := ana.post(page, "key", "one-key", "text", "something else")
		expect(t, res, http.StatusConflict, "key was used for another message", "something else")
		key, _ := value(res.body, "key")
		if key == "one-key" {
			t.Fatal("got the same key again")
		}
		redirects(t, ana.post(page, "key", key, "text", "something else"), page)
	})
	t.Run("without a key every form is a message", func(t *testing.T) {
		before := len(s.texts("lobby"))
		ana.post(page, "text", "again")
		ana.post(page, "text", "again")
		if got := len(s.texts("lobby")) - before; got != 2 {
			t.Errorf("got %d messages, want 2", got)
		}
	})
}

func TestBadTexts(t *testing.T) {
	s := start(t, options{})
	ana := s.browser()
	page := ana.join("ana", "lobby")
	for _, c := range []struct {
		name, text string
		status     int
		words      string
	}{
		{"a blank text", "", 422, "The message is empty."},
		{"a text of spaces", " \r\n\u200b ", 422, "The message is empty."},
		{"a text that is too long", strings.Repeat("x", 8193), 413, "at most 8192"},
		{"a text of control characters", "a\x1b[31mb", 422, "control character"},
		{"a text that is not UTF-8", "caf\xe9", 422, "not valid UTF-8"},
	} {
		t.Run(c.name+" is refused, kept in the form, and nothing is stored", func(t *testing.T) {
			before := s.texts("lobby")
			res := ana.post(page, "key", "k", "text", c.text)
			expect(t, res, c.status, c.words)
			if len(c.text) > 10 && !strings.Contains(res.body, c.text) {
				t.Error("the text is lost")
			}
			if got := s.texts("lobby"); len(got) != len(before) {
				t.Errorf("got %d messages, want %d", len(got), len(before))
			}
			expect(t, ana.do(http.MethodPost, page, "application/x-www-form-urlencoded", form("text", c.text).Encode(), "Accept", "application/json"), c.status, `"field":"text"`)
		})
	}
	t.Run("a text that begins with a line break keeps it in the form", func(t *testing.T) {
		res := ana.post(page, "key", strings.Repeat("k", 65), "text", "\n\nx")
		expect(t, res, http.StatusUnprocessableEntity, "at most 64")
		if !strings.Contains(res.body, "required>\n\n\nx</textarea>") {
			t.Errorf("got:\n%s", res.body)
		}
	})
	t.Run("a missing text is named", func(t *testing.T) {
		expect(t, ana.post(page, "key", "k"), http.StatusUnprocessableEntity, "Please give a message.")
		res := ana.do(http.MethodPost, page, "application/x-www-form-urlencoded", "key=k", "Accept", "application/json")
		expect(t, res, http.StatusUnprocessableEntity, `"code":"missing","field":"text"`)
	})
	t.Run("a form that is too long is refused", func(t *testing.T) {
		expect(t, ana.post(page, "text", strings.Repeat("x", 100_000)), http.StatusRequestEntityTooLarge, "too long")
	})
	t.Run("the longest text that may be set fits into a form", func(t *testing.T) {
		limits := chat.DefaultLimits
		limits.Text = 1 << 20
		ana := start(t, options{limits: limits}).browser()
		ana.join("ana", "lobby")
		redirects(t, ana.post("/lobby/ana/", "text", strings.Repeat("\n", limits.Text-1)+"x"), "/lobby/ana/")
	})
	t.Run("a text of exactly the limit is taken", func(t *testing.T) {
		redirects(t, ana.post(page, "text", strings.Repeat("x", 8192)), page)
	})
}

func TestWhoPosts(t *testing.T) {
	s := start(t, options{})
	ana := s.browser()
	page := ana.join("ana", "lobby")
	t.Run("nobody writes under another's name", func(t *testing.T) {
		ben := s.browser()
		ben.join("ben", "lobby")
		before := len(s.texts("lobby"))
		expect(t, ben.post(page, "text", "I am ana"), http.StatusForbidden, `You are called "ben"`)
		res := s.browser().post(page, "text", "I am ana")
		expect(t, res, http.StatusUnauthorized, "Please join with a name first.")
		holds(t, res, "room", "lobby")
		if got := len(s.texts("lobby")) - before; got != 0 {
			t.Errorf("got %d messages, want none", got)
		}
	})
	t.Run("a room that there is not is offered to be made", func(t *testing.T) {
		expect(t, ana.post("/nowhere/ana/", "text", "x"), http.StatusNotFound, "Make this room")
	})
	t.Run("under my old name it is mine", func(t *testing.T) {
		redirects(t, ana.post("/", "username", "anna", "room", "lobby", "confirm", "yes"), "/lobby/anna/")
		redirects(t, ana.post(page, "text", "from an old page"), "/lobby/anna/")
		if got := s.texts("lobby"); got[len(got)-1] != "from an old page" {
			t.Errorf("got %q", got[len(got)-1])
		}
	})
	t.Run("a flood is told to wait, and the text and its key stay", func(t *testing.T) {
		var res response
		for range 101 {
			if res = ana.post("/lobby/anna/", "key", "", "text", "flood"); res.StatusCode != http.StatusSeeOther {
				break
			}
		}
		res = ana.post("/lobby/anna/", "key", "keep-me", "text", "flood")
		expect(t, res, http.StatusTooManyRequests, "Please wait", "flood")
		holds(t, res, "key", "keep-me")
	})
}

func TestPostThatCannotBeStored(t *testing.T) {
	s := start(t, options{})
	ana := s.browser()
	page := ana.join("ana", "lobby")
	redirects(t, ana.post(page, "text", "before"), page)
	s.stop()
	res := ana.post(page, "key", "keep-me", "text", "my long thoughts")
	expect(t, res, http.StatusServiceUnavailable, "my long thoughts", "before")
	holds(t, res, "key", "keep-me")
	res = ana.post(page, "key", `"><b>no key</b>`, "text", "my long thoughts")
	if strings.Contains(res.body, "<b>no key") {
		t.Error("the key of a form is markup in the page that comes back")
	}
	expect(t, ana.get(page), http.StatusOK, "before")
	expect(t, s.browser().post("/", "username", "ben", "room", "lobby"), http.StatusServiceUnavailable, "Join")
}
