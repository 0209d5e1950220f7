package pages_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/issuer"
)

// moves makes a link of the page that goes on with a phone, and gives its token.
func (b *browser) moves() string {
	b.site.t.Helper()
	_, rest, _ := strings.Cut(b.post("/-/move").body, "token=")
	if len(rest) < 43 {
		b.site.t.Fatal("there is no link on the page")
	}
	return rest[:43]
}

func TestWelcomeIsOfWhoWentThere(t *testing.T) {
	c := startClub(t)
	c.account("olga")
	olga := c.browser()
	redirects(t, olga.post("/-/sign-in", "username", "olga", "password", goodPassword), "/")
	thief := c.browser()
	c.example.Behave(issuer.Manner{Person: person("s-thief", "olga")})
	redirects(t, thief.get(thief.sent(toExample)), "/-/welcome")
	thief.get("/-/welcome")
	thief.bring(olga.cookie())
	expect(t, thief.post("/-/welcome", "username", "anything"), http.StatusConflict, "somebody else here now")
	nobody := c.browser()
	redirects(t, nobody.get(nobody.sent(toExample)), "/-/welcome")
	if got := nobody.me().ID; got != 0 {
		t.Errorf("the thief's sign-in is that of %s", got)
	}
	t.Run("and an account is refused by the verb itself", func(t *testing.T) {
		_, err := c.users.AddIdentity(context.Background(), chat.Newcomer{Actor: chat.Actor{User: olga.me().ID}}, "https://issuer.example", "s")
		if chat.KindOf(err) != chat.Conflict {
			t.Errorf("got %v, want a conflict", err)
		}
	})
}

func TestWaysNeedAFreshSignIn(t *testing.T) {
	c := startClub(t)
	ana := c.browser()
	c.passwordless(ana, "ana")
	c.example.Behave(issuer.Manner{Person: person("s-ana", "ana")})
	redirects(t, ana.get(ana.added("Example", "")), "/-/me?done=identity")
	callback := ana.added("Other", "")
	c.clock.Add(16 * time.Minute)
	expect(t, ana.post("/-/identity/add", "provider", "Other"), http.StatusForbidden, "sign out and in again")
	expect(t, ana.get(callback), http.StatusUnauthorized) // that took too long as well
	expect(t, ana.post("/-/identity/remove", "issuer", c.example.URL(), "subject", "s-ana"), http.StatusForbidden, "sign out and in again")
	moved := c.browser()
	redirects(t, moved.post("/-/move", "token", ana.moves()), "/")
	if got := moved.me().Name; got != "ana" {
		t.Fatalf("got %q on the other device", got)
	}
	expect(t, moved.post("/-/identity/add", "provider", "Other"), http.StatusForbidden, "sign out and in again")
	expect(t, moved.post("/-/me/password", "password", "another fine password"), http.StatusForbidden, "sign out and in again")
	again := c.browser()
	redirects(t, again.get(again.sent(toExample)), "/")
	c.other.Behave(issuer.Manner{Person: person("s-ana", "ana")})
	redirects(t, again.get(again.added("Other", "")), "/-/me?done=identity")
}

func TestMoveEndsWithItsSession(t *testing.T) {
	for name, end := range map[string]func(thief, ana *browser) response{
		"signing out":         func(thief, _ *browser) response { return thief.post("/-/sign-out") },
		"sign out all others": func(_, ana *browser) response { return ana.post("/-/me/devices/others") },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, options{mail: true})
			ana, thief := s.member("ana", "ana@example.org"), s.browser()
			redirects(t, thief.post("/-/sign-in", "username", "ana", "password", goodPassword), "/")
			token := thief.moves()
			end(thief, ana)
			later := s.browser()
			expect(t, later.get("/-/move?token="+token), http.StatusNotFound)
			expect(t, later.post("/-/move", "token", token), http.StatusNotFound, "not valid, or no longer")
		})
	}
}

func TestResetOfAFormerAddress(t *testing.T) {
	s := start(t, options{mail: true})
	ana, thief := s.member("ana", "old@example.org"), s.browser()
	thief.post("/-/reset", "email", "old@example.org")
	_, reset := s.letter()
	redirects(t, ana.post("/-/me/email", "email", "new@example.org", "current", goodPassword), "/-/me?done=email")
	_, link := s.letter()
	expect(t, thief.get(reset), http.StatusOK) // until the new address counts
	expect(t, ana.get(link), http.StatusOK, "Thank you")
	s.letter()
	expect(t, thief.get(reset), http.StatusNotFound, "not valid, or no longer")
}

func TestNobodyNewRegisters(t *testing.T) {
	for name, c := range map[string]struct {
		settings chat.Settings
		banned   bool
		register int // the status for who is nobody
	}{
		"in a lockdown":               {settings: chat.Settings{Lockdown: chat.NoNewGuests}, register: http.StatusForbidden},
		"from a network with a ban":   {banned: true, register: http.StatusForbidden},
		"but where no guests come in": {settings: chat.Settings{NoGuests: true}, register: http.StatusSeeOther},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, options{})
			gus, nobody := s.browser(), s.browser()
			gus.join("gus", "lobby")
			s.settle(c.settings)
			if c.banned {
				s.must(nil, s.store.Write(context.Background(), func(tx chat.Tx) error {
					return tx.PutAddressBan(chat.AddressBan{Network: "127.0.0.1", At: chat.Millis(s.clock.Now())})
				}))
			}
			if c.register == http.StatusForbidden {
				expect(t, nobody.get("/-/register"), http.StatusOK, "Nobody new can come in")
			}
			if got := nobody.post("/-/register", "username", "ben", "password", goodPassword).StatusCode; got != c.register {
				t.Errorf("got %d, want %d", got, c.register)
			}
			redirects(t, gus.post("/-/register", "username", "gus", "password", goodPassword), "/-/me?done=registered")
		})
	}
}

func TestPressedTwice(t *testing.T) {
	s := start(t, options{})
	g, o := s.browser(), s.browser()
	g.join("gina", "lobby")
	o.bring(g.cookie())
	redirects(t, g.post("/-/register", "username", "gina", "password", goodPassword), "/-/me?done=registered")
	expect(t, o.post("/-/register", "username", "gina", "password", goodPassword), http.StatusConflict, "You may be a member by that name already")
}

func TestNobodyIsOfferedToSignInWhereNothingIs(t *testing.T) {
	s := start(t, options{})
	b := s.browser()
	first := b.get("/~abcdefghijklmnop/ana/")
	expect(t, first, http.StatusNotFound, "There is no page at this address. Sign in")
	for _, path := range []string{"/~bcdefghijklmnopq/ben/", "/-/nothing"} {
		if got := b.get(path); got.StatusCode != http.StatusNotFound || got.body != first.body {
			t.Errorf("%s: got %d and other bytes:\n%s", path, got.StatusCode, got.body)
		}
	}
	b.join("gus", "lobby")
	if res := b.get("/-/nothing"); strings.Contains(res.body, "Sign in") {
		t.Error("a guest is asked to sign in")
	}
}
