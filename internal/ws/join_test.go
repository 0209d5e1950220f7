package ws_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/store"
	"parley/internal/ws"
)

func TestJoin(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Path: filepath.Join(t.TempDir(), "parley.db")})
	if err != nil {
		t.Fatal(err)
	}
	writing, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Run(writing) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		s.Close()
	})
	users := &chat.Users{Store: s, Limits: chat.DefaultLimits}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	gate, err := auth.New(auth.Config{Users: users, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	ana, err := users.Guest(ctx, "ana", chat.Session{ID: "ana"})
	if err != nil {
		t.Fatal(err)
	}
	door := ws.New(ws.Config{Rooms: &chat.Rooms{Store: s, Limits: chat.DefaultLimits}, Gate: gate})

	t.Run("making rooms has a budget of its own, going into them has not", func(t *testing.T) {
		made := 0
		for made < 1000 && err == nil {
			if err = ws.Join(ctx, door, ana.ID, fmt.Sprint("room ", made)); err == nil {
				made++
			}
		}
		if made != 60 || chat.KindOf(err) != chat.RateLimited {
			t.Errorf("got %d rooms and the error %v, want 60 and RateLimited", made, err)
		}
		if err := ws.Join(ctx, door, ana.ID, "room 7"); err != nil {
			t.Errorf("joining a room that is there: %v", err)
		}
	})
}
