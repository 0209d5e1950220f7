package chat_test

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"parley/internal/chat"
	"parley/internal/store"
)

// A house is the verbs on rooms over a real store, and what its logs were told.
type house struct {
	*chat.Rooms
	t    testing.TB
	ctx  context.Context
	told *told
}

// told is a chat.Log that remembers.
type told struct {
	mu      sync.Mutex
	changes []chat.Change
	sizes   []int // of the commits
}

func (l *told) Committed(changes []chat.Change) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes, l.sizes = append(l.changes, changes...), append(l.sizes, len(changes))
}

// of are the changes of a log so far.
func (l *told) of(log chat.LogID) []chat.Change {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []chat.Change
	for _, c := range l.changes {
		if c.Log == log {
			found = append(found, c)
		}
	}
	return found
}

func newHouse(t testing.TB) *house {
	t.Helper()
	log := &told{}
	s, err := store.Open(context.Background(), store.Config{Path: filepath.Join(t.TempDir(), "parley.db"), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		s.Close()
	})
	return &house{Rooms: &chat.Rooms{Store: s, Limits: chat.DefaultLimits}, t: t, ctx: context.Background(), told: log}
}

// write runs a command that has to succeed.
func (h *house) write(f func(tx chat.Tx) error) {
	h.t.Helper()
	if err := h.Store.Write(h.ctx, f); err != nil {
		h.t.Fatal(err)
	}
}

// user is a new user of a kind, called name.
func (h *house) user(name string, kind chat.UserKind) chat.Actor {
	h.t.Helper()
	u := chat.User{Name: name, NameKey: chat.NameKey(name), Kind: kind}
	h.write(func(tx chat.Tx) error {
		u.CreatedAt, u.SeenAt = chat.Millis(tx.Now()), chat.Millis(tx.Now())
		return tx.InsertUser(&u)
	})
	return chat.Actor{User: u.ID}
}

func (h *house) account(name string) chat.Actor { h.t.Helper(); return h.user(name, chat.Account) }

// promote gives somebody a role on the server.
func (h *house) promote(a chat.Actor, role chat.Role) {
	h.t.Helper()
	h.write(func(tx chat.Tx) error {
		u, err := tx.User(a.User)
		if err != nil {
			return err
		}
		u.Role = role
		return tx.UpdateUser(u)
	})
}

// make is a new room that has to succeed.
func (h *house) make(a chat.Actor, n chat.NewRoom) chat.RoomEntry {
	h.t.Helper()
	room, err := h.Create(h.ctx, a, n)
	if err != nil {
		h.t.Fatalf("creating %+v: %v", n, err)
	}
	return room
}

// names are the members of a room, with a star for its moderators, as somebody who is in it sees them.
func (h *house) names(a chat.Actor, room chat.RoomID) []string {
	h.t.Helper()
	names := []string{}
	page, err := h.Members(h.ctx, a, room.String(), chat.MemberQuery{})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, m := range page.Members {
		if m.Role == chat.Moderator {
			m.Name += "*"
		}
		names = append(names, m.Name)
	}
	return names
}

// mine are the names of the rooms that somebody is in.
func (h *house) mine(a chat.Actor) []string {
	h.t.Helper()
	hello, err := h.Hello(h.ctx, a)
	if err != nil {
		h.t.Fatal(err)
	}
	names := []string{}
	for _, e := range hello.Me.Rooms {
		names = append(names, e.Title(a.User))
	}
	slices.Sort(names)
	return names
}

// wantErr fails the test unless err is of that kind about that field; "" for no error at all.
func wantErr(t testing.TB, err error, kind chat.Kind, field string) {
	t.Helper()
	e := chat.AsError(err)
	if e == nil {
		e = &chat.Error{}
	}
	if e.Kind != kind || e.Field != field {
		t.Errorf("got the error %v (%q in %q), want %q in %q", err, e.Kind, e.Field, kind, field)
	}
}
