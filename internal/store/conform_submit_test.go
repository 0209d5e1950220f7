package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"parley/internal/chat"
	"parley/internal/store"
)

func testSubmit(t *testing.T, open opener) {
	t.Run("commands run and are answered in the order of their calls, after the log heard of them", func(t *testing.T) {
		f := newFixture(t, open)
		const commands = 3000 // several batches
		refused := errors.New("refused")
		var order []int
		answers := make(chan error, commands+1)
		for i := range commands {
			f.Submit(t.Context(), func(tx chat.Tx) error {
				if i%7 == 3 {
					return refused
				}
				say(tx, f.room.ID, f.ana, fmt.Sprint(i))
				return nil
			}, func(err error) {
				order = append(order, i) // the writer's goroutine alone appends
				if i%100 == 0 && len(f.log.all()) < i-i/7 {
					err = errors.New("the log has not heard of it")
				}
				answers <- err
			})
		}
		write(t, f, func(chat.Tx) error { return nil })
		if len(answers) != commands {
			t.Fatalf("%d commands were answered before a later Write, want %d", len(answers), commands)
		}
		for i := range commands {
			var want error
			if i%7 == 3 {
				want = refused
			}
			if got := <-answers; got != want {
				t.Fatalf("command %d got %v, want %v", i, got, want)
			}
		}
		if !slices.IsSorted(order) || len(order) != commands {
			t.Errorf("%d commands were answered, in order is %t", len(order), slices.IsSorted(order))
		}
		last := -1
		for _, c := range f.log.all() {
			var n int
			if _, err := fmt.Sscan(c.Message.Text, &n); err != nil || n <= last || n%7 == 3 {
				t.Fatalf("message %q comes after %d", c.Message.Text, last)
			}
			last = n
		}
	})
	t.Run("a panic is that command's internal error, a done context drops it", func(t *testing.T) {
		f := newFixture(t, open)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		answers := make(chan error, 3)
		answer := func(err error) { answers <- err }
		f.Submit(t.Context(), func(tx chat.Tx) error { say(tx, f.room.ID, f.ana, "gone"); panic("a bug") }, answer)
		f.Submit(ctx, func(tx chat.Tx) error { say(tx, f.room.ID, f.ana, "gone"); return nil }, answer)
		f.Submit(t.Context(), func(tx chat.Tx) error { say(tx, f.room.ID, f.ana, "stays"); return nil }, answer)
		wantKind(t, <-answers, chat.Internal)
		if err := <-answers; !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want one that is context.Canceled", err)
		}
		if err := <-answers; err != nil {
			t.Errorf("got error %v, want none", err)
		}
		if got, want := f.texts(t), []string{"stays"}; !slices.Equal(got, want) {
			t.Errorf("got messages %q, want %q", got, want)
		}
	})
	t.Run("an answer may submit the next command", func(t *testing.T) {
		f := newFixture(t, open)
		ended := make(chan struct{})
		left := 20
		var next func(error)
		next = func(err error) {
			must(err)
			if left--; left < 0 {
				close(ended)
				return
			}
			f.Submit(context.Background(), func(tx chat.Tx) error { say(tx, f.room.ID, f.ana, "hello"); return nil }, next)
		}
		next(nil)
		<-ended
		if got := len(f.texts(t)); got != 20 {
			t.Errorf("got %d messages, want 20", got)
		}
	})
}

func TestSubmit(t *testing.T) {
	t.Run("to a store that has stopped is answered with Unavailable, also by an answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "parley.db")})
			if err != nil {
				t.Fatal(err)
			}
			var answers []error
			nothing := func(chat.Tx) error { return nil }
			s.Submit(t.Context(), nothing, func(err error) {
				answers = append(answers, err)
				s.Submit(t.Context(), nothing, func(err error) { answers = append(answers, err) })
			})
			if len(answers) != 0 {
				t.Errorf("answered %v while it could still be run", answers)
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			s.Submit(t.Context(), nothing, func(err error) { answers = append(answers, err) })
			if len(answers) != 3 {
				t.Fatalf("got %d answers, want 3", len(answers))
			}
			for _, err := range answers {
				wantKind(t, err, chat.Unavailable)
			}
		})
	})
}
