package store_test

import (
	"strings"
	"testing"

	"parley/internal/chat"
)

// testLargeTexts has pages and changes bounded by what they weigh, without a gap: texts of another system know no limit.
func testLargeTexts(t *testing.T, open opener) {
	f := newFixture(t, open)
	const messages = 8
	text := strings.Repeat("x", 2<<20)
	write(t, f, func(tx chat.Tx) error {
		f.room = have(tx.Room(f.room.ID))
		for range messages {
			say(tx, f.room.ID, f.ana, text)
		}
		return nil
	})
	// small checks that a piece is not all, and not nothing.
	small := func(t *testing.T, n int, more bool) {
		t.Helper()
		if n == 0 || n >= messages || !more {
			t.Fatalf("got %d messages, more %t, want some of %d and more", n, more, messages)
		}
	}
	t.Run("pages after a number", func(t *testing.T) {
		read(t, f, func(s chat.Snapshot) {
			var got []int64
			for from, more := f.room.Messages, true; more; {
				var page []chat.Message
				var err error
				page, more, err = s.MessagesAfter(f.room.ID, from, 100)
				must(err)
				if from == f.room.Messages {
					small(t, len(page), more)
				}
				for _, m := range page {
					from = m.Number
					got = append(got, m.Number)
				}
			}
			if len(got) != messages || got[0] != f.room.Messages+1 || got[messages-1] != f.room.Messages+messages {
				t.Errorf("got %v, want all %d in order", got, messages)
			}
		})
	})
	t.Run("the newest page and those before it", func(t *testing.T) {
		read(t, f, func(s chat.Snapshot) {
			count := 0
			for before, more := int64(0), true; more; {
				page, further, err := s.Messages(f.room.ID, chat.Page{Before: before, Limit: 100})
				must(err)
				if before == 0 {
					small(t, len(page), further)
				}
				before, more = page[0].Number, further
				count += len(page)
			}
			if want := int(f.room.Messages) + messages; count != want {
				t.Errorf("got %d messages on all pages, want %d", count, want)
			}
		})
	})
	t.Run("changes, where what comes after a message that is left out is left out too", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error { join(tx, f.room.ID, newUser(tx, "late").ID); return nil })
		read(t, f, func(s chat.Snapshot) {
			at := f.room.Version
			for more := true; more; {
				var changes []chat.Change
				var err error
				changes, more, err = s.Changes(f.room.ID, at, 100)
				must(err)
				if at == f.room.Version {
					small(t, len(changes), more)
				}
				for _, c := range changes {
					if c.Version != at+1 {
						t.Fatalf("version %d follows %d", c.Version, at)
					}
					at = c.Version
				}
			}
			if want := f.room.Version + messages + 1; at != want {
				t.Errorf("reached version %d, want %d", at, want)
			}
		})
	})
}

// testAuthors renames somebody who wrote in a room and never joined it: the room's readers hear of it.
func testAuthors(t *testing.T, open opener) {
	f := newFixture(t, open)
	var author chat.User
	write(t, f, func(tx chat.Tx) error {
		author = chat.User{Name: "from elsewhere", Kind: chat.Imported}
		must(tx.InsertUser(&author))
		say(tx, f.room.ID, author, "hello")
		say(tx, f.room.ID, author, "again")
		f.room = have(tx.Room(f.room.ID))
		return nil
	})
	write(t, f, func(tx chat.Tx) error {
		author.Name = "renamed"
		return tx.UpdateUser(author)
	})
	read(t, f, func(s chat.Snapshot) {
		changes, _, err := s.Changes(f.room.ID, f.room.Version, 10)
		must(err)
		if len(changes) != 1 || changes[0].Member == nil || changes[0].Member.Name != "renamed" || changes[0].Member.Joined {
			t.Errorf("got %+v, want the new name, and no join", changes)
		}
		if r := have(s.Room(f.room.ID)); r.Members != f.room.Members {
			t.Errorf("got %d members, want %d as before", r.Members, f.room.Members)
		}
	})
}

// testSwallowed has a command ignore that one of its writes failed: it fails all the same, and nothing of it stays.
func testSwallowed(t *testing.T, open opener) {
	f := newFixture(t, open)
	write(t, f, func(tx chat.Tx) error {
		m := chat.Message{Room: f.room.ID, By: f.ana.ID, Key: "k", Text: "first"}
		must(tx.InsertMessage(&m, chat.Person{ID: f.ana.ID}))
		f.room = have(tx.Room(f.room.ID))
		return nil
	})
	err := f.Write(t.Context(), func(tx chat.Tx) error {
		// The key is given already; whoever posts looks for it first.
		m := chat.Message{Room: f.room.ID, By: f.ana.ID, Key: "k", Text: "second"}
		if tx.InsertMessage(&m, chat.Person{ID: f.ana.ID}) == nil {
			t.Error("a key was given twice")
		}
		return nil
	})
	if err == nil {
		t.Error("a command whose write failed was acknowledged")
	}
	write(t, f, func(tx chat.Tx) error {
		if m := say(tx, f.room.ID, f.ana, "third"); m.Number != f.room.Messages+1 || m.Version != f.room.Version+1 {
			t.Errorf("got number %d at version %d, want %d and %d", m.Number, m.Version, f.room.Messages+1, f.room.Version+1)
		}
		return nil
	})
}
