package auth_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

const good = "five small boats at sea"

func hash(t *testing.T, password string) string {
	t.Helper()
	phc, err := auth.Hash(context.Background(), password)
	if err != nil {
		t.Fatalf("Hash: %v", err)
	}
	return phc
}

func TestHash(t *testing.T) {
	phc := hash(t, good)
	t.Run("has the form and the cost that are asked for", func(t *testing.T) {
		if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(phc, want) {
			t.Errorf("got %s, want %s…", phc, want)
		}
	})
	t.Run("is salted", func(t *testing.T) {
		if hash(t, good) == phc {
			t.Error("got the same hash twice")
		}
	})
	for name, c := range map[string]struct {
		phc, password string
		want          bool
	}{
		"the right password":                     {phc, good, true},
		"a wrong password":                       {phc, good + " ", false},
		"no password":                            {phc, "", false},
		"a password that is far too long":        {phc, strings.Repeat(good, 1000), false},
		"an account that there is not":           {"", good, false},
		"an account without one, no password":    {"", "", false},
		"the right one, typed in another form":   {hash(t, "Zürich im Regen"), "Zu\u0308rich im Regen", true},
		"an account without one, its dummy hash": {"", strings.Repeat("\x00", 16), false},
	} {
		t.Run("verify "+name, func(t *testing.T) {
			got, err := auth.Verify(context.Background(), c.phc, c.password)
			if err != nil || got != c.want {
				t.Errorf("got %t, %v, want %t", got, err, c.want)
			}
		})
	}
	for _, bad := range []string{
		"x", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA", "$argon2id$v=16$m=19456,t=2,p=1$AAAA$AAAA", "$argon2id$v=19$m=4294967295,t=2,p=1$" + strings.Repeat("A", 22) + "$" + strings.Repeat("A", 43),
		"$argon2id$v=19$m=19456,t=0,p=1$AAAA$" + strings.Repeat("A", 43), "$argon2id$v=19$m=19456,t=2,p=1$!$!", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$",
	} {
		t.Run("a stored "+bad+" is an error", func(t *testing.T) {
			if ok, err := auth.Verify(context.Background(), bad, good); ok || err == nil {
				t.Errorf("got %t, %v", ok, err)
			}
		})
	}
	t.Run("whoever has gone is not waited for", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		var wg sync.WaitGroup
		refused := make(chan error, 64)
		for range cap(refused) {
			wg.Go(func() {
				_, err := auth.Verify(ctx, phc, good)
				refused <- err
			})
		}
		wg.Wait()
		for range cap(refused) {
			if err := <-refused; err != nil && (chat.KindOf(err) != chat.Unavailable || !errors.Is(err, context.Canceled)) {
				t.Errorf("got %v, want Unavailable because of the context", err)
			}
		}
	})
}

func TestCheckPassword(t *testing.T) {
	for password, want := range map[string]chat.Kind{
		good:                           "",
		"ünïcödé!ÿé":                   "",
		"8472910385":                   "",
		strings.Repeat("ab cd ", 170):  "",
		"":                             chat.Missing,
		"short pw":                     chat.Invalid,
		"éééééééé":                     chat.Invalid,
		"aaaaaaaaaaaa":                 chat.Invalid,
		"abababababab":                 chat.Invalid,
		"1234567890":                   chat.Invalid,
		"password123!":                 chat.Invalid,
		"PASSWORD2026":                 chat.Invalid,
		"qwertyuiop":                   chat.Invalid,
		"correct horse battery staple": chat.Invalid,
		"not \xff valid utf-8":         chat.Invalid,
		strings.Repeat("ab cd ", 171):  chat.TooLong,
	} {
		err := auth.CheckPassword(password)
		if got := chat.KindOf(err); got != want {
			t.Errorf("%.40q: got %q (%v), want %q", password, got, err, want)
		}
		if err != nil && chat.AsError(err).Field != "password" {
			t.Errorf("%.40q: got the field %q, want password", password, chat.AsError(err).Field)
		}
	}
	t.Run("Hash refuses the same", func(t *testing.T) {
		if _, err := auth.Hash(context.Background(), "short"); chat.KindOf(err) != chat.Invalid {
			t.Errorf("got %v, want Invalid", err)
		}
	})
}

func TestCheck(t *testing.T) {
	c := newClock()
	users, _ := people(t, c)
	ctx := context.Background()
	account, err := users.Enrol(ctx, chat.Enrolment{Name: "Ana", Password: hash(t, good)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := users.Guest(ctx, "guest", chat.Session{ID: "x"}); err != nil {
		t.Fatal(err)
	}
	from := func(peer string) func(g *auth.Gate, name, password string) error {
		return func(g *auth.Gate, name, password string) error {
			_, err := g.Check(request(peer), name, password)
			return err
		}
	}
	home := from("192.0.2.1:1")

	t.Run("finds the account, whatever the case of the name", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		user, err := g.Check(request("192.0.2.1:1"), " ANA ", good)
		if err != nil || user.ID != account.ID {
			t.Errorf("got %+v, %v, want ana", user, err)
		}
	})
	t.Run("says the same of every failure", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		want := home(g, "ana", "wrong password")
		if chat.KindOf(want) != chat.Unauthenticated {
			t.Fatalf("got %v, want Unauthenticated", want)
		}
		for name, password := range map[string]string{"nobody": good, "guest": "", "": good, "a/b": good, "\xff": good} {
			if err := home(g, name, password); err == nil || err.Error() != want.Error() || chat.KindOf(err) != chat.Unauthenticated {
				t.Errorf("%q: got %v, want %v", name, err, want)
			}
		}
	})
	t.Run("ten wrong ones for a name, from anywhere, and it is told to wait", func(t *testing.T) {
		for _, unlimited := range []bool{false, true} {
			g := gate(t, auth.Config{Users: users, Clock: c.Now, Unlimited: unlimited})
			for n := range 10 {
				if err := from("198.51.100."+string(rune('1'+n%9))+":1")(g, "ana", "wrong password"); chat.KindOf(err) != chat.Unauthenticated {
					t.Fatalf("try %d: got %v, want Unauthenticated", n+1, err)
				}
				c.Add(time.Second)
			}
			err := chat.AsError(home(g, "ANA", good))
			if err == nil || err.Kind != chat.RateLimited || err.RetryAfter != 170 {
				t.Fatalf("got %#v, want RateLimited for 170 seconds", err)
			}
			if err := home(g, "nobody", good); chat.KindOf(err) != chat.Unauthenticated {
				t.Errorf("another name: got %v, want Unauthenticated", err)
			}
			c.Add(170 * time.Second)
			if err := home(g, "ana", good); err != nil {
				t.Errorf("after the wait: %v", err)
			}
		}
	})
	t.Run("ten wrong ones from a network, for any name, and it is told to wait", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		for n := range 10 {
			if err := from("[2001:db8::"+string(rune('1'+n%9))+"]:1")(g, "name"+string(rune('a'+n)), "wrong password"); chat.KindOf(err) != chat.Unauthenticated {
				t.Fatalf("try %d: got %v, want Unauthenticated", n+1, err)
			}
		}
		if err := from("[2001:db8::ff]:1")(g, "ana", good); chat.KindOf(err) != chat.RateLimited {
			t.Errorf("got %v, want RateLimited", err)
		}
		if err := home(g, "ana", good); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
	})
	t.Run("right ones do not count", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		for range 15 {
			if err := home(g, "ana", good); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("many at once are no way around", func(t *testing.T) {
		g := gate(t, auth.Config{Users: users, Clock: c.Now})
		var wg sync.WaitGroup
		kinds := make(chan chat.Kind, 30)
		for range cap(kinds) {
			wg.Go(func() { kinds <- chat.KindOf(home(g, "ana", "wrong password")) })
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
