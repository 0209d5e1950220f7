package auth_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// accounts are users of whom "Ana" can sign in with the good password, and "guest" cannot.
func accounts(t *testing.T, c *clock) (users *chat.Users, ana chat.User) {
	t.Helper()
	users, _ = people(t, c)
	ctx := context.Background()
	ana, err := users.Enrol(ctx, chat.Enrolment{Name: "Ana", Password: hash(t, good)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := users.Guest(ctx, "guest", chat.Session{ID: "x"}); err != nil {
		t.Fatal(err)
	}
	return users, ana
}

// check tries to sign in from a peer.
func check(g *auth.Gate, peer, name, password string) error {
	_, err := g.Check(request(peer), name, password)
	return err
}

func TestCheck(t *testing.T) {
	c := newClock()
	users, account := accounts(t, c)
	t.Run("finds the account, whatever the case of the name", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		user, err := g.Check(request(home), " ANA ", good)
		if err != nil || user.ID != account.ID {
			t.Errorf("got %+v, %v, want ana", user, err)
		}
	})
	t.Run("says the same of every failure", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		want := check(g, home, "ana", "wrong password")
		if chat.KindOf(want) != chat.Unauthenticated {
			t.Fatalf("got %v, want Unauthenticated", want)
		}
		for name, password := range map[string]string{"nobody": good, "guest": "", "": good, "a/b": good, "\xff": good} {
			if err := check(g, home, name, password); err == nil || err.Error() != want.Error() || chat.KindOf(err) != chat.Unauthenticated {
				t.Errorf("%q: got %v, want %v", name, err, want)
			}
		}
	})
}

func TestCheckByEmail(t *testing.T) {
	c := newClock()
	users, ana := accounts(t, c)
	ctx := context.Background()
	claim := func(user chat.UserID, address string, verified int64) {
		t.Helper()
		_, key, err := chat.CheckEmail(address)
		if err == nil {
			err = users.Store.Write(ctx, func(tx chat.Tx) error {
				return tx.PutEmail(chat.Email{User: user, Address: address, Key: key, VerifiedAt: verified})
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	claim(ana.ID, "Ana@Example.org", 1)
	claim(ana.ID, "other@example.org", 0)
	g := gate(t, auth.Config{Users: users, Clock: c.Now})
	t.Run("finds the account, whatever the case of the address", func(t *testing.T) {
		user, err := g.Check(request(home), " ana@EXAMPLE.org", good)
		if err != nil || user.ID != ana.ID {
			t.Errorf("got %+v, %v, want ana", user, err)
		}
	})
	t.Run("an address that was not verified matches nobody", func(t *testing.T) {
		if err := check(g, home, "other@example.org", good); chat.KindOf(err) != chat.Unauthenticated {
			t.Errorf("got %v, want Unauthenticated", err)
		}
	})
	t.Run("a name that looks like an address takes nothing from its owner", func(t *testing.T) {
		if _, err := users.Enrol(ctx, chat.Enrolment{Name: "ana@example.org", Password: hash(t, "another good one")}); err != nil {
			t.Fatal(err)
		}
		if user, err := g.Check(request(home), "ana@example.org", good); err != nil || user.ID != ana.ID {
			t.Errorf("got %+v, %v, want ana", user, err)
		}
	})
	t.Run("known and unknown cost the same: one hash", func(t *testing.T) {
		for _, login := range []string{"ana", "guest", "nobody", "ana@example.org", "other@example.org", "nobody@example.org", "a/b", "", "\xff"} {
			before := auth.Hashed()
			if err := check(gate(t, auth.Config{Users: users, Clock: c.Now}), home, login, "wrong password"); chat.KindOf(err) != chat.Unauthenticated {
				t.Errorf("%q: got %v, want Unauthenticated", login, err)
			}
			if got := auth.Hashed() - before; got != 1 {
				t.Errorf("%q: got %d hashes, want 1", login, got)
			}
		}
	})
	t.Run("a password is asked for again no more often than to sign in", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		for range 10 {
			if err := chat.AsError(g.Confirm(request(home), ana, "wrong password")); err == nil || err.Kind != chat.Invalid || err.Field != "current" {
				t.Fatalf("got %v, want Invalid for the field current", err)
			}
		}
		for name, err := range map[string]error{"Confirm": g.Confirm(request(home), ana, good), "Check": check(g, home, "ana", good)} {
			if chat.KindOf(err) != chat.RateLimited {
				t.Errorf("%s: got %v, want RateLimited", name, err)
			}
		}
	})
}

func TestCheckIsLimited(t *testing.T) {
	c := newClock()
	users, _ := accounts(t, c)
	t.Run("ten wrong ones for a name, from anywhere, and it is told to wait", func(t *testing.T) {
		for _, unlimited := range []bool{false, true} {
			g := gate(t, auth.Config{Users: users, Clock: c.Now, Unlimited: unlimited})
			for n := range 10 {
				if err := check(g, "198.51.100."+string(rune('1'+n%9))+":1", "ana", "wrong password"); chat.KindOf(err) != chat.Unauthenticated {
					t.Fatalf("try %d: got %v, want Unauthenticated", n+1, err)
				}
				c.Add(time.Second)
			}
			err := chat.AsError(check(g, home, "ANA", good))
			if err == nil || err.Kind != chat.RateLimited || err.RetryAfter != 170 {
				t.Fatalf("got %#v, want RateLimited for 170 seconds", err)
			}
			if err := check(g, home, "nobody", good); chat.KindOf(err) != chat.Unauthenticated {
				t.Errorf("another name: got %v, want Unauthenticated", err)
			}
			c.Add(170 * time.Second)
			if err := check(g, home, "ana", good); err != nil {
				t.Errorf("after the wait: %v", err)
			}
		}
	})
	t.Run("fifty wrong ones from a network, for any name, and it is told to wait", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		for n := range 50 {
			if err := check(g, "[2001:db8::"+string(rune('1'+n%9))+"]:1", "name"+string(rune('A'+n)), "wrong password"); chat.KindOf(err) != chat.Unauthenticated {
				t.Fatalf("try %d: got %v, want Unauthenticated", n+1, err)
			}
		}
		if err := check(g, "[2001:db8::ff]:1", "ana", good); chat.KindOf(err) != chat.RateLimited {
			t.Errorf("got %v, want RateLimited", err)
		}
		if err := check(g, home, "ana", good); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
	})
	t.Run("right ones do not count", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		for range 15 {
			if err := check(g, home, "ana", good); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("many at once are no way around", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		var wg sync.WaitGroup
		kinds := make(chan chat.Kind, 30)
		for range cap(kinds) {
			wg.Go(func() { kinds <- chat.KindOf(check(g, home, "ana", "wrong password")) })
		}
		wg.Wait()
		looked := 0
		for range cap(kinds) {
			if <-kinds == chat.Unauthenticated {
				looked++
			}
		}
		if looked != 10 {
			t.Errorf("got %d passwords looked at, want 10", looked)
		}
	})
}
