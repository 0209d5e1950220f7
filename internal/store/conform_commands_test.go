package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/store"
)

// A fixture is a store with one room and one person in it.
type fixture struct {
	chat.Store
	log  *journal
	room chat.Room
	ana  chat.User
}

func newFixture(t testing.TB, open opener) *fixture {
	t.Helper()
	f := &fixture{log: new(journal)}
	f.Store = open(t, store.Config{Log: f.log})
	write(t, f, func(tx chat.Tx) error {
		f.ana = newUser(tx, "ana")
		f.room = newRoom(tx, "lobby")
		join(tx, f.room.ID, f.ana.ID)
		f.room = have(tx.Room(f.room.ID))
		return nil
	})
	f.log.reset()
	return f
}

// texts are the texts of the room's newest messages.
func (f *fixture) texts(t testing.TB) []string {
	t.Helper()
	var texts []string
	read(t, f, func(s chat.Snapshot) {
		page, _, err := s.Messages(f.room.ID, chat.Page{Limit: 200})
		must(err)
		for _, m := range page {
			texts = append(texts, m.Text)
		}
	})
	return texts
}

func testCommands(t *testing.T, open opener) {
	t.Run("an error undoes what the command did and is returned as it is", func(t *testing.T) {
		f := newFixture(t, open)
		refused := chat.Errorf(chat.Conflict, "", "no")
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			say(tx, f.room.ID, f.ana, "gone")
			newUser(tx, "ben")
			newRoom(tx, "garden")
			return refused
		})
		if err != error(refused) {
			t.Errorf("got error %v, want the command's own", err)
		}
		write(t, f, func(tx chat.Tx) error {
			if got, want := have(tx.Room(f.room.ID)), f.room; got != want {
				t.Errorf("the next command reads room %+v, want %+v", got, want)
			}
			say(tx, f.room.ID, f.ana, "stays")
			return nil
		})
		if got, want := f.texts(t), []string{"stays"}; !slices.Equal(got, want) {
			t.Errorf("got messages %q, want %q", got, want)
		}
		read(t, f, func(s chat.Snapshot) {
			_, err := s.UserByName(chat.NameKey("ben"))
			wantKind(t, err, chat.NotFound)
			_, err = s.RoomByName("garden")
			wantKind(t, err, chat.NotFound)
		})
		if got := f.log.all(); len(got) != 1 || got[0].Version != f.room.Version+1 {
			t.Errorf("the log heard %+v, want the one change that was stored", got)
		}
	})
	t.Run("a panic is that command's internal error", func(t *testing.T) {
		f := newFixture(t, open)
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			say(tx, f.room.ID, f.ana, "gone")
			panic("a bug")
		})
		wantKind(t, err, chat.Internal)
		write(t, f, func(tx chat.Tx) error { say(tx, f.room.ID, f.ana, "stays"); return nil })
		if got, want := f.texts(t), []string{"stays"}; !slices.Equal(got, want) {
			t.Errorf("got messages %q, want %q", got, want)
		}
	})
	t.Run("a command that stores nothing tells nobody", func(t *testing.T) {
		f := newFixture(t, open)
		write(t, f, func(tx chat.Tx) error { _, err := tx.Room(f.room.ID); return err })
		if got := f.log.len(); got != 0 {
			t.Errorf("the log was called %d times, want 0", got)
		}
	})
	t.Run("a done context drops a command that has not begun", func(t *testing.T) {
		f := newFixture(t, open)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := f.Write(ctx, func(tx chat.Tx) error { say(tx, f.room.ID, f.ana, "gone"); return nil })
		wantKind(t, err, chat.Unavailable)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want one that is context.Canceled", err)
		}
		wantKind(t, f.Read(ctx, func(chat.Snapshot) error { return nil }), chat.Unavailable)
		if got := f.texts(t); len(got) != 0 {
			t.Errorf("got messages %q, want none", got)
		}
	})
	t.Run("a command that has begun is finished", func(t *testing.T) {
		f := newFixture(t, open)
		ctx, cancel := context.WithCancel(t.Context())
		err := f.Write(ctx, func(tx chat.Tx) error { cancel(); say(tx, f.room.ID, f.ana, "stays"); return nil })
		if err != nil {
			t.Errorf("got error %v, want none", err)
		}
		if got, want := f.texts(t), []string{"stays"}; !slices.Equal(got, want) {
			t.Errorf("got messages %q, want %q", got, want)
		}
	})
	t.Run("the time is the store's clock's", func(t *testing.T) {
		want := time.UnixMilli(1790000000000)
		s := open(t, store.Config{Clock: func() time.Time { return want }})
		write(t, s, func(tx chat.Tx) error {
			if got := tx.Now(); !got.Equal(want) {
				t.Errorf("got %v in a command, want %v", got, want)
			}
			return nil
		})
		read(t, s, func(s chat.Snapshot) {
			if got := s.Now(); !got.Equal(want) {
				t.Errorf("got %v in a snapshot, want %v", got, want)
			}
		})
	})
}

func testGroupCommit(t *testing.T, open opener) {
	t.Run("what waits together is told once, in order, and before it is answered", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t, open)
			var answered bool
			f.log.hook = func([]chat.Change) {
				if answered {
					t.Error("a command was answered before the log was told")
				}
			}
			release := make(chan struct{})
			go func() {
				must(f.Write(t.Context(), func(chat.Tx) error { <-release; return nil }))
			}()
			synctest.Wait()
			const commands = 50
			errs := make(chan error, commands)
			for i := range commands {
				go func() {
					errs <- f.Write(t.Context(), func(tx chat.Tx) error {
						say(tx, f.room.ID, f.ana, fmt.Sprint(i))
						if i%7 == 0 {
							return chat.Errorf(chat.Conflict, "", "every seventh is refused")
						}
						return nil
					})
				}()
			}
			synctest.Wait()
			close(release)
			failed := 0
			for range commands {
				err := <-errs
				answered = true
				if err != nil {
					wantKind(t, err, chat.Conflict)
					failed++
				}
			}
			if failed != 8 {
				t.Errorf("%d commands failed, want the 8 that were refused", failed)
			}
			if got := f.log.len(); got != 1 {
				t.Errorf("the log was called %d times, want once for the whole batch", got)
			}
			changes := f.log.all(chat.RoomLog(f.room.ID))
			if got, want := len(changes), commands-failed; got != want {
				t.Fatalf("the log heard %d changes, want %d", got, want)
			}
			for i, c := range changes {
				if got, want := c.Version, f.room.Version+1+int64(i); got != want {
					t.Fatalf("change %d has version %d, want %d", i, got, want)
				}
				if got, want := c.Message.Number, int64(i+1); got != want {
					t.Fatalf("change %d is message %d, want %d", i, got, want)
				}
			}
		})
	})
	t.Run("nothing is visible before the commit and all is when the log hears of it", func(t *testing.T) {
		f := newFixture(t, open)
		var inHook []string
		f.log.hook = func([]chat.Change) { inHook = f.texts(t) }
		wrote, seen := make(chan struct{}), make(chan struct{})
		go func() {
			<-wrote
			if got := f.texts(t); len(got) != 0 {
				t.Errorf("a reader saw %q before the commit", got)
			}
			close(seen)
		}()
		write(t, f, func(tx chat.Tx) error {
			say(tx, f.room.ID, f.ana, "hello")
			close(wrote)
			<-seen
			return nil
		})
		if diff := cmp.Diff(inHook, []string{"hello"}); diff != "" {
			t.Errorf("what a reader sees when the log is told (-got +want):\n%s", diff)
		}
	})
	t.Run("a waiting command is dropped when its context ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t, open)
			release := make(chan struct{})
			first := make(chan error, 1)
			go func() { first <- f.Write(t.Context(), func(chat.Tx) error { <-release; return nil }) }()
			synctest.Wait()
			ctx, cancel := context.WithCancel(t.Context())
			second := make(chan error, 1)
			go func() {
				second <- f.Write(ctx, func(tx chat.Tx) error { say(tx, f.room.ID, f.ana, "gone"); return nil })
			}()
			synctest.Wait()
			cancel()
			wantKind(t, <-second, chat.Unavailable)
			close(release)
			if err := <-first; err != nil {
				t.Errorf("the command before it got %v", err)
			}
			write(t, f, func(chat.Tx) error { return nil })
			if got := f.texts(t); len(got) != 0 {
				t.Errorf("got messages %q, want none", got)
			}
		})
	})
}
