package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func testMessages(t *testing.T, open opener) {
	f := newFixture(t, open)
	by := chat.Person{ID: f.ana.ID, Name: "ana"}
	hello := chat.Message{Room: f.room.ID, By: f.ana.ID, Key: "k1", At: 1790000000000, Text: "hello\n\x00 <b>世界</b>"}

	t.Run("a new message takes the next number and version and is told as posted", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error { return tx.InsertMessage(&hello, by) })
		if hello.Number != 1 || hello.Version != f.room.Version+1 {
			t.Errorf("got number %d and version %d, want 1 and %d", hello.Number, hello.Version, f.room.Version+1)
		}
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Message(f.room.ID, 1)), hello); diff != "" {
				t.Errorf("the message that is read (-got +want):\n%s", diff)
			}
			if r := have(s.Room(f.room.ID)); r.Version != hello.Version || r.Messages != 1 {
				t.Errorf("the room is at version %d with %d messages, want %d and 1", r.Version, r.Messages, hello.Version)
			}
		})
		want := []chat.Change{{
			Log: chat.RoomLog(f.room.ID), Version: hello.Version, Message: &hello, Posted: true, By: by,
		}}
		if diff := cmp.Diff(f.log.all(), want, cmp.AllowUnexported(chat.LogID{})); diff != "" {
			t.Errorf("what the log heard (-got +want):\n%s", diff)
		}
	})
	t.Run("a key leaves a receipt, no key leaves none", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			want := chat.Receipt{
				Posted: chat.Posted{Number: 1, Version: hello.Version}, Room: f.room.ID, Digest: chat.Digest(hello.Text),
			}
			if diff := cmp.Diff(have(tx.Receipt(f.ana.ID, "k1")), want); diff != "" {
				t.Errorf("receipt (-got +want):\n%s", diff)
			}
			ben := newUser(tx, "ben")
			_, err := tx.Receipt(ben.ID, "k1")
			wantKind(t, err, chat.NotFound)
			say(tx, f.room.ID, f.ana, "without")
			say(tx, f.room.ID, f.ana, "without")
			_, err = tx.Receipt(f.ana.ID, "")
			wantKind(t, err, chat.NotFound)
			return nil
		})
	})
	t.Run("an edit takes the next version and keeps the number", func(t *testing.T) {
		f.log.reset()
		edited := hello
		edited.Text, edited.Edited = "hi", 1790000060000
		write(t, f, func(tx chat.Tx) error { return tx.UpdateMessage(&edited) })
		want := hello
		want.Text, want.Edited, want.Version = "hi", 1790000060000, hello.Version+3
		if diff := cmp.Diff(edited, want); diff != "" {
			t.Errorf("the message that was edited (-got +want):\n%s", diff)
		}
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Message(f.room.ID, 1)), want); diff != "" {
				t.Errorf("the message that is read (-got +want):\n%s", diff)
			}
			if got := have(s.Receipt(f.ana.ID, "k1")); got.Version != hello.Version {
				t.Errorf("the receipt is of version %d, want %d as before", got.Version, hello.Version)
			}
		})
		if got := f.log.all(); len(got) != 1 || got[0].Posted || got[0].Message.Text != "hi" {
			t.Errorf("the log heard %+v, want the edit", got)
		}
	})
	t.Run("a tombstone keeps its number and loses its text", func(t *testing.T) {
		f.log.reset()
		gone := chat.Message{Room: f.room.ID, Number: 1, Deleted: true, Text: "must not be stored"}
		write(t, f, func(tx chat.Tx) error { return tx.UpdateMessage(&gone) })
		want := chat.Message{
			Room: f.room.ID, Number: 1, Version: hello.Version + 4, By: f.ana.ID, Key: "k1", At: hello.At, Deleted: true,
		}
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Message(f.room.ID, 1)), want); diff != "" {
				t.Errorf("the message that is read (-got +want):\n%s", diff)
			}
		})
		if got := f.log.all(); len(got) != 1 || got[0].Message.Text != "" || !got[0].Message.Deleted {
			t.Errorf("the log heard %+v, want the tombstone", got)
		}
		write(t, f, func(tx chat.Tx) error {
			if got := say(tx, f.room.ID, f.ana, "next").Number; got != 4 {
				t.Errorf("the next message has number %d, want 4", got)
			}
			return nil
		})
	})
	t.Run("what is told is never changed afterwards", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			m := say(tx, f.room.ID, f.ana, "told")
			m.Text = "changed by the command"
			return nil
		})
		if got := f.log.all()[0].Message.Text; got != "told" {
			t.Errorf("the log holds %q, want %q", got, "told")
		}
	})
	t.Run("in a room that there is not, or of number 99, is not found", func(t *testing.T) {
		wantKind(t, f.Write(t.Context(), func(tx chat.Tx) error {
			return tx.InsertMessage(&chat.Message{Room: 1_000_000, By: f.ana.ID, Text: "x"}, by)
		}), chat.NotFound)
		wantKind(t, f.Write(t.Context(), func(tx chat.Tx) error {
			return tx.UpdateMessage(&chat.Message{Room: f.room.ID, Number: 99, Text: "x"})
		}), chat.NotFound)
	})
}

func testPages(t *testing.T, open opener) {
	f := newFixture(t, open)
	write(t, f, func(tx chat.Tx) error {
		other := newRoom(tx, "other")
		for i := range 20 {
			m := say(tx, f.room.ID, f.ana, fmt.Sprint(i+1))
			say(tx, other.ID, f.ana, "elsewhere")
			if m.Number%3 == 0 {
				m.Deleted = true
				must(tx.UpdateMessage(&m))
			}
		}
		return nil
	})
	// There are 1 2 4 5 7 8 10 11 13 14 16 17 19 20.
	for _, test := range []struct {
		name string
		page chat.Page
		want []int64
		more bool
	}{
		{"the newest", chat.Page{Limit: 4}, []int64{16, 17, 19, 20}, true},
		{"all", chat.Page{Limit: 14}, []int64{1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20}, false},
		{"all but one", chat.Page{Limit: 13}, []int64{2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20}, true},
		{"before a message", chat.Page{Before: 8, Limit: 3}, []int64{4, 5, 7}, true},
		{"before a tombstone", chat.Page{Before: 9, Limit: 3}, []int64{5, 7, 8}, true},
		{"before, to the beginning", chat.Page{Before: 5, Limit: 3}, []int64{1, 2, 4}, false},
		{"before the first", chat.Page{Before: 1, Limit: 3}, nil, false},
		{"after a message", chat.Page{After: 8, Limit: 3}, []int64{10, 11, 13}, true},
		{"after a tombstone", chat.Page{After: 9, Limit: 3}, []int64{10, 11, 13}, true},
		{"after, to the end", chat.Page{After: 16, Limit: 3}, []int64{17, 19, 20}, false},
		{"after the last", chat.Page{After: 20, Limit: 3}, nil, false},
		{"around a message", chat.Page{Around: 10, Limit: 4}, []int64{7, 8, 10, 11}, true},
		{"around a tombstone", chat.Page{Around: 9, Limit: 4}, []int64{7, 8, 10, 11}, true},
		{"around, an odd number", chat.Page{Around: 10, Limit: 5}, []int64{7, 8, 10, 11, 13}, true},
		{"around the first", chat.Page{Around: 1, Limit: 4}, []int64{1, 2, 4, 5}, false},
		{"around the last", chat.Page{Around: 20, Limit: 4}, []int64{16, 17, 19, 20}, true},
		{"around what is not there yet", chat.Page{Around: 99, Limit: 4}, []int64{16, 17, 19, 20}, true},
		{"around, all", chat.Page{Around: 10, Limit: 14}, []int64{1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			read(t, f, func(s chat.Snapshot) {
				page, more, err := s.Messages(f.room.ID, test.page)
				must(err)
				var got []int64
				for _, m := range page {
					got = append(got, m.Number)
				}
				if !slices.Equal(got, test.want) || more != test.more {
					t.Errorf("got %v, more %t; want %v, more %t", got, more, test.want, test.more)
				}
			})
		})
	}
	t.Run("messages after a number are the first ones", func(t *testing.T) {
		read(t, f, func(s chat.Snapshot) {
			page, more, err := s.MessagesAfter(f.room.ID, 2, 2)
			must(err)
			if len(page) != 2 || page[0].Number != 4 || page[1].Number != 5 || !more {
				t.Errorf("got %+v, more %t, want 4 and 5 and more", page, more)
			}
		})
	})
}

// testConcurrency has many callers post into a few rooms at once, some of which change their mind.
func testConcurrency(t *testing.T, open opener) {
	f := newFixture(t, open)
	const callers, posts = 32, 40
	var rooms []chat.Room
	write(t, f, func(tx chat.Tx) error {
		for i := range 3 {
			rooms = append(rooms, newRoom(tx, fmt.Sprint("room ", i)))
		}
		return nil
	})
	f.log.reset()
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for i := range posts {
				err := f.Write(t.Context(), func(tx chat.Tx) error {
					m := chat.Message{
						Room: rooms[(caller+i)%3].ID, By: f.ana.ID, Key: fmt.Sprint(caller, "-", i), Text: "hello",
					}
					must(tx.InsertMessage(&m, chat.Person{ID: f.ana.ID, Name: f.ana.Name}))
					if i%5 == 0 {
						return errors.New("changed my mind")
					}
					return nil
				})
				if (err != nil) != (i%5 == 0) {
					t.Errorf("post %d of caller %d got %v", i, caller, err)
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, r := range rooms {
		changes := f.log.all(chat.RoomLog(r.ID))
		total += len(changes)
		for i, c := range changes {
			if c.Version != int64(i+2) || c.Message.Version != c.Version || c.Message.Number != int64(i+1) {
				t.Fatalf("change %d has version %d and number %d, want %d and %d", i, c.Version, c.Message.Number, i+2, i+1)
			}
		}
		read(t, f, func(s chat.Snapshot) {
			stored, _, err := s.Changes(r.ID, 1, callers*posts)
			must(err)
			for i := range changes {
				changes[i].Posted, changes[i].By = false, chat.Person{}
			}
			if diff := cmp.Diff(stored, changes, cmp.AllowUnexported(chat.LogID{})); diff != "" {
				t.Errorf("what is stored and what the log heard (-stored +heard):\n%s", diff)
			}
		})
	}
	if want := callers * posts * 4 / 5; total != want {
		t.Errorf("the log heard of %d messages, want %d", total, want)
	}
}
