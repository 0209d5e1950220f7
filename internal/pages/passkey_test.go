package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/chat"
)

func (b *browser) json(path, body string) response {
	b.site.t.Helper()
	return b.do(http.MethodPost, path, "application/json", body, "Accept", "application/json")
}

func TestPasskeyRequests(t *testing.T) {
	s := start(t, options{})
	status := func(t *testing.T, res response, want int, has string) {
		t.Helper()
		if res.StatusCode != want || !strings.Contains(res.body, has) || res.Header.Get("Cache-Control") != "no-store" && want == http.StatusOK {
			t.Errorf("%s: got %d, want %d with %q\n%s", res.Request.URL, res.StatusCode, want, has, res.body)
		}
	}
	t.Run("an address that is no name has none", func(t *testing.T) {
		status(t, s.browser().json("/-/passkey/sign-in", "{}"), http.StatusUnprocessableEntity, "visited by its name")
	})
	s.url = strings.Replace(s.url, "127.0.0.1", "localhost", 1)
	t.Run("anybody may be asked who they are", func(t *testing.T) {
		status(t, s.browser().json("/-/passkey/sign-in", "{}"), http.StatusOK, `"rpId":"localhost"`)
	})
	t.Run("guests, and who gives a name, may add one", func(t *testing.T) {
		b := s.browser()
		status(t, b.json("/-/passkey/add", `{}`), http.StatusUnprocessableEntity, `"username"`)
		status(t, b.json("/-/passkey/add", `{"username":"eva"}`), http.StatusOK, `"name":"eva"`)
		b.join("ana", "lobby")
		status(t, b.json("/-/passkey/add", `{}`), http.StatusOK, `"name":"ana"`)
		status(t, s.browser().json("/-/passkey/add", `{"username":"ANA"}`), http.StatusConflict, `"name_taken"`)
	})
	t.Run("who has a password gives it first", func(t *testing.T) {
		s.account("olga")
		b := s.browser()
		redirects(t, b.post("/-/sign-in", "username", "olga", "password", goodPassword), "/")
		status(t, b.json("/-/passkey/add", `{}`), http.StatusUnprocessableEntity, "Please give your password.")
		status(t, b.json("/-/passkey/add", `{"current":"wrong password"}`), http.StatusUnprocessableEntity, "That is not your password.")
		status(t, b.json("/-/passkey/add", `{"current":"`+goodPassword+`"}`), http.StatusOK, `"challenge"`)
	})
	t.Run("where nobody may register, nobody is asked", func(t *testing.T) {
		s.settings(chat.Settings{Registration: chat.ByInvitation})
		b := s.browser()
		b.join("gus", "lobby")
		status(t, b.json("/-/passkey/add", `{}`), http.StatusForbidden, `"forbidden"`)
		status(t, b.json("/-/passkey/add", `{"invite":"made up"}`), http.StatusNotFound, `"token"`)
		s.settings(chat.Settings{})
	})
	t.Run("what cannot be read is told so", func(t *testing.T) {
		b := s.browser()
		for _, path := range []string{"/-/passkey/add", "/-/passkey/add/finish", "/-/passkey/sign-in/finish"} {
			status(t, b.json(path, "not JSON"), http.StatusBadRequest, `"bad_frame"`)
			status(t, b.json(path, `{"username":"`+strings.Repeat("x", 64<<10)+`"}`), http.StatusRequestEntityTooLarge, `"too_long"`)
		}
		for _, path := range []string{"/-/passkey/add/finish", "/-/passkey/sign-in/finish"} {
			for _, body := range []string{"{}", `{"credential":null}`, `{"credential":{}}`, `{"credential":{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA"}}}`} {
				status(t, b.json(path, body), http.StatusBadRequest, `"bad_frame"`)
			}
		}
	})
	t.Run("nobody has none to change", func(t *testing.T) {
		expect(t, s.browser().post("/-/passkey/remove", "id", "x"), http.StatusUnauthorized)
		expect(t, s.browser().post("/-/passkey/rename", "id", "x", "name", "y"), http.StatusUnauthorized)
	})
}
