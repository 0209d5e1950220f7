package pages_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/auth"
	"parley/internal/chat"
)

// member makes somebody with an address whose link has been opened, and who is signed in.
func (s *site) member(name, address string) *browser {
	s.t.Helper()
	b := s.browser()
	redirects(s.t, b.post("/-/register", "username", name, "email", address, "password", goodPassword), "/-/me?done=mailed")
	m, link := s.letter()
	if m.To != address || !strings.HasPrefix(link, "/-/verify?token=") {
		s.t.Fatalf("got a letter to %s with %q, want the link that verifies %s", m.To, link, address)
	}
	expect(s.t, b.get(link), http.StatusOK, "Thank you")
	return b
}

// hueClass is what differs between two people.
var hueClass = regexp.MustCompile(`hue-[0-9]+`)

func TestVerify(t *testing.T) {
	t.Run("an address counts once its link was opened", func(t *testing.T) {
		s := start(t, options{mail: true})
		ana := s.browser()
		redirects(t, ana.post("/-/register", "username", "ana", "email", "Ana@example.org", "password", goodPassword), "/-/me?done=mailed")
		expect(t, ana.get("/-/me"), http.StatusOK, "Ana@example.org does not count yet")
		expect(t, s.browser().post("/-/sign-in", "username", "ana@example.org", "password", goodPassword), http.StatusUnauthorized)
		_, link := s.letter()
		res := ana.get(link)
		expect(t, res, http.StatusOK, "Ana@example.org is the address of ana now.")
		if got := res.Header.Get("Referrer-Policy"); got != "strict-origin" {
			t.Errorf("got the Referrer-Policy %q", got)
		}
		expect(t, ana.get("/-/me"), http.StatusOK, "Ana@example.org is yours")
		redirects(t, s.browser().post("/-/sign-in", "username", "ANA@example.org", "password", goodPassword), "/")
		expect(t, ana.get(link), http.StatusNotFound, "This link is not valid, or no longer")
	})
	t.Run("in another browser it asks first, so that a program that follows links changes nothing", func(t *testing.T) {
		s := start(t, options{mail: true})
		ana := s.browser()
		ana.post("/-/register", "username", "ana", "email", "ana@example.org", "password", goodPassword)
		_, link := s.letter()
		other := s.browser()
		res := other.get(link)
		expect(t, res, http.StatusOK, "Is this your address?", "ana@example.org", "account ana")
		expect(t, ana.get("/-/me"), http.StatusOK, "does not count yet")
		token, _ := value(res.body, "token")
		expect(t, other.post("/-/verify", "token", token), http.StatusOK, "Thank you")
		expect(t, ana.get("/-/me"), http.StatusOK, "ana@example.org is yours")
		expect(t, other.post("/-/verify", "token", token), http.StatusNotFound)
	})
	t.Run("the link ends after three days, and when another is sent", func(t *testing.T) {
		s := start(t, options{mail: true})
		ana := s.browser()
		ana.post("/-/register", "username", "ana", "email", "ana@example.org", "password", goodPassword)
		_, first := s.letter()
		redirects(t, ana.post("/-/me/email", "again", "yes"), "/-/me?done=email")
		_, second := s.letter()
		expect(t, ana.get(first), http.StatusNotFound)
		s.clock.Add(3*24*time.Hour - time.Second)
		expect(t, s.browser().get(second), http.StatusOK, "Is this your address?")
		s.clock.Add(time.Second)
		expect(t, s.browser().get(second), http.StatusNotFound)
	})
	t.Run("a taken address is answered as any other, and its owner gets the letter", func(t *testing.T) {
		s := start(t, options{mail: true})
		s.member("ana", "ana@example.org")
		answers := map[string]response{}
		for name, address := range map[string]string{"mallory": "ANA@example.org", "marlene": "new@example.org"} {
			b := s.browser()
			before := auth.Hashed()
			redirects(t, b.post("/-/register", "username", name, "email", address, "password", goodPassword), "/-/me?done=mailed")
			if got := auth.Hashed() - before; got != 1 {
				t.Errorf("%s: got %d hashes, want 1", name, got)
			}
			answers[name] = b.get("/-/me")
			m, link := s.letter()
			taken := name == "mallory"
			if isReset := link == "/-/sign-in"; isReset != taken || taken && m.To != "ana@example.org" {
				t.Errorf("%s: got a letter to %s with %q", name, m.To, link)
			}
		}
		same := strings.NewReplacer("mallory", "marlene", "ANA@example.org", "new@example.org", ">M<", ">M<")
		hues := func(page string) string { return hueClass.ReplaceAllString(visible(same.Replace(page)), "") }
		if diff := cmp.Diff(hues(answers["mallory"].body), hues(answers["marlene"].body)); diff != "" {
			t.Errorf("the answers differ (-taken +free):\n%s", diff)
		}
	})
	t.Run("of two who claimed an address the first to open the link has it", func(t *testing.T) {
		s := start(t, options{mail: true})
		ana, ben := s.browser(), s.browser()
		ana.post("/-/register", "username", "ana", "email", "us@example.org", "password", goodPassword)
		_, anas := s.letter()
		ben.post("/-/register", "username", "ben", "email", "us@example.org", "password", goodPassword)
		_, bens := s.letter()
		expect(t, ben.get(bens), http.StatusOK, "Thank you")
		expect(t, ana.get(anas), http.StatusConflict, "belongs to another account")
		user, err := s.users.ByLogin(context.Background(), "us@example.org")
		if err != nil || user.Name != "ben" {
			t.Errorf("got %q, %v, want ben", user.Name, err)
		}
	})
	t.Run("another address needs the password, and the old one hears of it", func(t *testing.T) {
		s := start(t, options{mail: true})
		ana := s.member("ana", "ana@example.org")
		expect(t, ana.post("/-/me/email", "email", "new@example.org"), http.StatusUnprocessableEntity, "Please give your password.")
		expect(t, ana.post("/-/me/email", "email", "new@example.org", "current", "wrong password"), http.StatusUnprocessableEntity, "That is not your password.")
		redirects(t, ana.post("/-/me/email", "email", "new@example.org", "current", goodPassword), "/-/me?done=email")
		_, link := s.letter()
		expect(t, ana.get("/-/me"), http.StatusOK, "ana@example.org is yours", "new@example.org does not count yet")
		expect(t, ana.get(link), http.StatusOK, "Thank you")
		if m, _ := s.letter(); m.To != "ana@example.org" || !strings.Contains(m.Text, "another e-mail address") {
			t.Errorf("got a letter to %s: %s", m.To, m.Text)
		}
		expect(t, s.browser().post("/-/sign-in", "username", "ana@example.org", "password", goodPassword), http.StatusUnauthorized)
		redirects(t, s.browser().post("/-/sign-in", "username", "new@example.org", "password", goodPassword), "/")
	})
}

func TestReset(t *testing.T) {
	const other = "another fine password"
	t.Run("a letter leads to a new password, once", func(t *testing.T) {
		s := start(t, options{mail: true})
		ana := s.member("ana", "ana@example.org")
		forgetful := s.browser()
		expect(t, forgetful.post("/-/reset", "email", "ANA@example.org"), http.StatusOK, "a letter with a link is on its way")
		m, link := s.letter()
		if m.To != "ana@example.org" {
			t.Errorf("got a letter to %s, want the address as it was verified", m.To)
		}
		res := forgetful.get(link)
		expect(t, res, http.StatusOK, "For ana.")
		if got := res.Header.Get("Referrer-Policy"); got != "strict-origin" {
			t.Errorf("got the Referrer-Policy %q", got)
		}
		token, _ := value(res.body, "token")
		expect(t, forgetful.post("/-/reset", "token", token, "password", "short"), http.StatusUnprocessableEntity, "too short")
		redirects(t, forgetful.post("/-/reset", "token", token, "password", other), "/-/sign-in?done=reset")
		redirects(t, ana.get("/-/me"), "/-/sign-in?next=/-/me") // all devices are signed out
		expect(t, s.browser().post("/-/sign-in", "username", "ana", "password", goodPassword), http.StatusUnauthorized)
		redirects(t, s.browser().post("/-/sign-in", "username", "ana", "password", other), "/")
		expect(t, forgetful.get(link), http.StatusNotFound, "not valid, or no longer")
		expect(t, forgetful.post("/-/reset", "token", token, "password", goodPassword), http.StatusNotFound)
		if m, _ := s.letter(); !strings.Contains(m.Text, "has been changed") {
			t.Errorf("got %s, want to be told of the new password", m.Text)
		}
	})
	t.Run("says the same to everybody, and only verified addresses get a letter", func(t *testing.T) {
		s := start(t, options{mail: true})
		s.member("ana", "ana@example.org")
		s.browser().post("/-/register", "username", "ben", "email", "ben@example.org", "password", goodPassword)
		s.letter()
		want := visible(s.browser().post("/-/reset", "email", "x@example.org").body)
		for _, address := range []string{"ben@example.org", "nobody@example.org", "ana@example.org"} {
			before := auth.Hashed()
			res := s.browser().post("/-/reset", "email", address)
			if got := strings.Replace(visible(res.body), address, "x@example.org", 1); res.StatusCode != http.StatusOK || got != want {
				t.Errorf("%s: got %d, %q, want %q", address, res.StatusCode, got, want)
			}
			if got := auth.Hashed() - before; got != 0 {
				t.Errorf("%s: got %d hashes, want none", address, got)
			}
		}
		// Letters are written in the order in which they were asked for.
		if m, _ := s.letter(); m.To != "ana@example.org" || !s.box.Empty() {
			t.Errorf("got a letter to %s, want ana's alone", m.To)
		}
	})
	t.Run("the link ends after an hour, and when the password changes", func(t *testing.T) {
		s := start(t, options{mail: true})
		ana := s.member("ana", "ana@example.org")
		s.browser().post("/-/reset", "email", "ana@example.org")
		_, first := s.letter()
		s.browser().post("/-/reset", "email", "ana@example.org")
		_, second := s.letter()
		s.clock.Add(time.Hour - time.Second)
		expect(t, s.browser().get(first), http.StatusOK, "For ana.")
		redirects(t, ana.post("/-/me/password", "current", goodPassword, "password", other), "/-/me?done=password")
		expect(t, s.browser().get(first), http.StatusNotFound)
		expect(t, s.browser().get(second), http.StatusNotFound)
		s.letter()
		s.browser().post("/-/reset", "email", "ana@example.org")
		_, third := s.letter()
		s.clock.Add(time.Hour)
		expect(t, s.browser().get(third), http.StatusNotFound)
	})
	t.Run("a deactivated account gets none", func(t *testing.T) {
		s := start(t, options{mail: true})
		s.member("ana", "ana@example.org")
		ana, err := s.users.ByName(context.Background(), "ana")
		if err != nil {
			t.Fatal(err)
		}
		s.browser().post("/-/reset", "email", "ana@example.org")
		_, link := s.letter()
		ana.Deactivated = true
		if err := s.store.Write(context.Background(), func(tx chat.Tx) error { return tx.UpdateUser(ana) }); err != nil {
			t.Fatal(err)
		}
		expect(t, s.browser().get(link), http.StatusNotFound)
		expect(t, s.browser().post("/-/sign-in", "username", "ana@example.org", "password", goodPassword), http.StatusUnauthorized)
		s.browser().post("/-/reset", "email", "ana@example.org")
		s.member("ben", "ben@example.org") // whose letter is the next
	})
	t.Run("without mail it says whom to ask", func(t *testing.T) {
		s := start(t, options{})
		expect(t, s.browser().get("/-/reset"), http.StatusOK, "Ask an administrator")
		expect(t, s.browser().post("/-/reset", "email", "ana@example.org"), http.StatusForbidden, "Ask an administrator")
	})
}
