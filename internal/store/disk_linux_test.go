package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley/internal/chat"
	"parley/internal/smalldisk"
	"parley/internal/store"
)

func TestFullDisk(t *testing.T) {
	dir := smalldisk.Mount(t, "4m")
	path, ballast := filepath.Join(dir, "parley.db"), filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	log := new(journal)
	s, err := store.Open(t.Context(), store.Config{Path: path, Log: log, Logger: quiet(t)})
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, s)
	// The file system cannot be unmounted before the store is closed, whatever fails here.
	t.Cleanup(func() { stop(); s.Close() })
	var room chat.Room
	var ana chat.User
	write(t, s, func(tx chat.Tx) error { room, ana = newRoom(tx, "lobby"), newUser(tx, "ana"); return nil })
	post := func() error {
		m := chat.Message{Room: room.ID, By: ana.ID, Text: strings.Repeat("x", 8000)}
		return s.Write(t.Context(), func(tx chat.Tx) error { return tx.InsertMessage(&m, chat.Person{ID: ana.ID}) })
	}
	acknowledged := int64(0)
	// fill has several people post until each of them is refused, then one until even that is: one message may still fit
	// where several do not. It is the last refusal.
	fill := func() error {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					err := post()
					if err != nil {
						wantKind(t, err, chat.Unavailable)
						return
					}
					mu.Lock()
					acknowledged++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		for {
			if err := post(); err != nil {
				return err
			}
			acknowledged++
		}
	}
	full := fill()
	t.Run("the sender is told why", func(t *testing.T) {
		wantKind(t, full, chat.Unavailable)
		if !strings.Contains(full.Error(), "the disk is full") {
			t.Errorf("got %q, want it to say that the disk is full", full)
		}
		for range 3 {
			wantKind(t, fill(), chat.Unavailable)
		}
	})
	t.Run("reading goes on, and nothing acknowledged is lost", func(t *testing.T) {
		read(t, s, func(s chat.Snapshot) {
			if got := have(s.Room(room.ID)).Messages; got != acknowledged || got == 0 {
				t.Errorf("the room has %d messages, %d were acknowledged", got, acknowledged)
			}
			for number := range acknowledged {
				have(s.Message(room.ID, number+1))
			}
			_, err := s.Message(room.ID, acknowledged+1)
			wantKind(t, err, chat.NotFound)
		})
		if got := int64(len(log.all(chat.RoomLog(room.ID)))); got != acknowledged+1 {
			t.Errorf("the log heard %d changes, want %d", got, acknowledged+1)
		}
	})
	t.Run("posting recovers by itself when there is room again", func(t *testing.T) {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		before := acknowledged
		wantKind(t, fill(), chat.Unavailable)
		if got := acknowledged - before; got < 10 {
			t.Errorf("%d posts went in after the disk had room again, want 10 at least", got)
		}
	})
	t.Run("the file is sound and opens again", func(t *testing.T) {
		stop()
		if err := s.Close(); err != nil {
			t.Logf("closing on a full disk: %v", err)
		}
		reopened(t, path, func(s *store.Store) {
			read(t, s, func(s chat.Snapshot) {
				if got := have(s.Room(room.ID)).Messages; got != acknowledged {
					t.Errorf("the room has %d messages, want %d", got, acknowledged)
				}
			})
		})
	})
}
