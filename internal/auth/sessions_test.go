package auth_test

import (
	"context"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/store"
)

// A countingStore counts reads, and can have something happen right after one.
type countingStore struct {
	chat.Store
	mu        sync.Mutex
	reads     int
	meanwhile func()
}

func (s *countingStore) Read(ctx context.Context, f func(chat.Snapshot) error) error {
	err := s.Store.Read(ctx, f)
	s.mu.Lock()
	s.reads++
	meanwhile := s.meanwhile
	s.meanwhile = nil
	s.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	return err
}

func (s *countingStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

// remembering is a gate that remembers sessions, of a store that it hears of, and a signed-in guest.
type remembering struct {
	*testing.T
	clock   *clock
	store   *countingStore
	users   *chat.Users
	gate    *auth.Gate
	ana     chat.User
	session chat.SessionID
	request *http.Request
}

func newRemembering(t *testing.T) *remembering {
	t.Helper()
	r := &remembering{T: t, clock: newClock()}
	sessions := auth.NewSessions()
	s, err := store.Open(context.Background(), store.Config{Path: filepath.Join(t.TempDir(), "parley.db"), Clock: r.clock.Now, Log: sessions})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		s.Close()
	})
	r.store = &countingStore{Store: s}
	r.users = &chat.Users{Store: r.store, Limits: chat.DefaultLimits}
	r.gate = gate(t, auth.Config{Users: r.users, Clock: r.clock.Now, Sessions: sessions})
	session, cookie := r.gate.Begin(request("192.0.2.1:1"))
	if r.ana, err = r.users.Guest(context.Background(), "ana", *session); err != nil {
		t.Fatal(err)
	}
	r.session = session.ID
	r.request = request("192.0.2.1:1", "Cookie", cookie.Name+"="+cookie.Value)
	return r
}

// who is who the gate says asks.
func (r *remembering) who() chat.User {
	r.Helper()
	identity, err := r.gate.Who(r.request)
	if err != nil {
		r.Fatal(err)
	}
	return identity.User
}

func (r *remembering) update(change func(u *chat.User)) {
	r.Helper()
	err := r.store.Write(context.Background(), func(tx chat.Tx) error {
		u, err := tx.User(r.ana.ID)
		if err != nil {
			return err
		}
		change(&u)
		return tx.UpdateUser(u)
	})
	if err != nil {
		r.Fatal(err)
	}
}

func TestRememberedSessions(t *testing.T) {
	t.Run("are not read again", func(t *testing.T) {
		r := newRemembering(t)
		r.who()
		before := r.store.count()
		for range 10 {
			if got := r.who(); got != r.ana {
				t.Errorf("got %+v, want %+v", got, r.ana)
			}
		}
		if got := r.store.count(); got != before {
			t.Errorf("got %d reads more, want none", got-before)
		}
	})
	t.Run("are read again after a minute", func(t *testing.T) {
		r := newRemembering(t)
		r.who()
		before := r.store.count()
		r.clock.Add(time.Minute)
		r.who()
		if got := r.store.count(); got == before {
			t.Error("got no read")
		}
	})
	t.Run("end with their session", func(t *testing.T) {
		r := newRemembering(t)
		identity, err := r.gate.Who(r.request)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.users.SignOut(context.Background(), r.session); err != nil {
			t.Fatal(err)
		}
		if got := r.who(); got != (chat.User{}) {
			t.Errorf("got %+v, want nobody", got)
		}
		if err := r.gate.Still(context.Background(), identity); chat.KindOf(err) != chat.Unauthenticated {
			t.Errorf("got %v, want Unauthenticated", err)
		}
	})
	t.Run("follow a new name, a new role and the end of an account", func(t *testing.T) {
		r := newRemembering(t)
		r.who()
		r.update(func(u *chat.User) { u.Name, u.NameKey = "anna", "anna" })
		if got := r.who(); got.Name != "anna" {
			t.Errorf("got %q, want anna", got.Name)
		}
		r.update(func(u *chat.User) { u.Kind, u.Role = chat.Account, chat.Moderator })
		if got := r.who(); got.Role != chat.Moderator {
			t.Errorf("got the role %q, want moderator", got.Role)
		}
		r.update(func(u *chat.User) { u.Deactivated = true })
		if got := r.who(); got != (chat.User{}) {
			t.Errorf("got %+v, want nobody", got)
		}
	})
	t.Run("are not remembered past an end that came while they were read", func(t *testing.T) {
		r := newRemembering(t)
		r.store.meanwhile = func() {
			if err := r.users.SignOut(context.Background(), r.session); err != nil {
				t.Error(err)
			}
		}
		if got := r.who(); got.ID != r.ana.ID {
			t.Fatalf("got %+v, want ana, whose session lived when it was read", got)
		}
		if got := r.who(); got != (chat.User{}) {
			t.Errorf("got %+v, want nobody", got)
		}
	})
	t.Run("of others stay", func(t *testing.T) {
		r := newRemembering(t)
		r.who()
		session, _ := r.gate.Begin(request("192.0.2.2:1"))
		if _, err := r.users.Guest(context.Background(), "ben", *session); err != nil {
			t.Fatal(err)
		}
		before := r.store.count()
		if err := r.users.SignOut(context.Background(), session.ID); err != nil {
			t.Fatal(err)
		}
		if r.who(); r.store.count() != before {
			t.Error("ana was read again")
		}
	})
}
