package auth_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

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
		"short p":                      chat.Invalid,
		"eight ch":                     "",
		"baseball":                     chat.Invalid,
		"Summer2026!":                  chat.Invalid,
		"secret1234":                   chat.Invalid,
		"qwerty1234":                   chat.Invalid,
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
	t.Run("who it is for is no password", func(t *testing.T) {
		for _, password := range []string{"Wilhelmina", "wilhelmina99", "mina@example.org", "minasmith", "MinaSmithMinaSmith1"} {
			if err := auth.CheckPassword(password, "Wilhelmina", "mina@example.org", "MinaSmith@example.org"); chat.KindOf(err) != chat.Invalid {
				t.Errorf("%q: got %v, want Invalid", password, err)
			}
		}
		if err := auth.CheckPassword("wilhelmina and the whale", "Wilhelmina", ""); err != nil {
			t.Errorf("got %v, want it taken", err)
		}
	})
	t.Run("Hash refuses the same", func(t *testing.T) {
		if _, err := auth.Hash(context.Background(), "short"); chat.KindOf(err) != chat.Invalid {
			t.Errorf("got %v, want Invalid", err)
		}
	})
}
