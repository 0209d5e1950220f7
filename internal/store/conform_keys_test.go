package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// put posts a text with a key, without looking for the key first.
func put(tx chat.Tx, room chat.RoomID, by chat.User, key, text string) chat.Message {
	m := chat.Message{Room: room, By: by.ID, Key: key, At: chat.Millis(tx.Now()), Text: text}
	must(tx.InsertMessage(&m, chat.Person{ID: by.ID, Name: by.Name}))
	return m
}

func receiptOf(m chat.Message, text string) chat.Receipt {
	return chat.Receipt{
		Posted: chat.Posted{Number: m.Number, Version: m.Version}, Room: m.Room, Digest: chat.Digest(text),
	}
}

// testKeys holds the receipts of keys: they tell what was answered first, whatever became of the message and however many
// came after it.
func testKeys(t *testing.T, open opener) {
	f := newFixture(t, open)
	var ben chat.User
	want := map[string]chat.Receipt{}
	posted := map[string]chat.Message{}
	check := func(t *testing.T) {
		t.Helper()
		all := func(s chat.Snapshot) {
			for key, r := range want {
				if diff := cmp.Diff(have(s.Receipt(f.ana.ID, key)), r); diff != "" {
					t.Errorf("receipt of %s (-got +want):\n%s", key, diff)
				}
				_, err := s.Receipt(ben.ID, key)
				wantKind(t, err, chat.NotFound)
			}
		}
		write(t, f, func(tx chat.Tx) error { all(tx); return nil })
		read(t, f, all)
	}
	write(t, f, func(tx chat.Tx) error {
		ben = newUser(tx, "ben")
		for _, key := range []string{"stays", "edited", "deleted", "at once"} {
			posted[key] = put(tx, f.room.ID, f.ana, key, "text of "+key)
			want[key] = receiptOf(posted[key], "text of "+key)
		}
		m := posted["at once"]
		m.Text, m.Edited = "edited in the command that posted it", 7
		return tx.UpdateMessage(&m)
	})
	t.Run("are there at once", check)
	t.Run("outlive an edit and a deletion", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			for range 2 {
				m := posted["edited"]
				m.Text += " and more"
				must(tx.UpdateMessage(&m))
			}
			m := posted["deleted"]
			m.Deleted = true
			return tx.UpdateMessage(&m)
		})
		check(t)
	})
	t.Run("stay when many others have come", func(t *testing.T) {
		for i := range 30 {
			write(t, f, func(tx chat.Tx) error {
				key := fmt.Sprintf("other%02d", i)
				want[key] = receiptOf(put(tx, f.room.ID, f.ana, key, key), key)
				say(tx, f.room.ID, f.ana, "without a key")
				return nil
			})
		}
		check(t)
	})
	t.Run("a key is given once, in the same command, the same batch, or later", func(t *testing.T) {
		for _, key := range []string{"stays", "deleted", "other00", "other29"} {
			wantKind(t, f.Write(t.Context(), func(tx chat.Tx) error { put(tx, f.room.ID, f.ana, key, "again"); return nil }),
				chat.Internal) // the panic of put
		}
		wantKind(t, f.Write(t.Context(), func(tx chat.Tx) error {
			put(tx, f.room.ID, f.ana, "twice", "again")
			return tx.InsertMessage(&chat.Message{Room: f.room.ID, By: f.ana.ID, Key: "twice"}, chat.Person{ID: f.ana.ID})
		}), chat.KeyReused)
		write(t, f, func(tx chat.Tx) error {
			_, err := tx.Receipt(f.ana.ID, "twice")
			wantKind(t, err, chat.NotFound)
			put(tx, f.room.ID, ben, "stays", "somebody else's")
			return nil
		})
	})
	t.Run("of a command that was undone is free again", func(t *testing.T) {
		refused := errors.New("refused")
		wantErr := f.Write(t.Context(), func(tx chat.Tx) error { put(tx, f.room.ID, f.ana, "free", "1"); return refused })
		if !errors.Is(wantErr, refused) {
			t.Errorf("got %v, want %v", wantErr, refused)
		}
		write(t, f, func(tx chat.Tx) error {
			want["free"] = receiptOf(put(tx, f.room.ID, f.ana, "free", "2"), "2")
			return nil
		})
		delete(want, "stays") // ben has used it meanwhile
		check(t)
	})
	t.Run("of a room that is purged go with it, others stay", func(t *testing.T) {
		var garden chat.Room
		for i := range 20 {
			write(t, f, func(tx chat.Tx) error {
				if i == 0 {
					garden = newRoom(tx, "garden")
				}
				put(tx, garden.ID, f.ana, fmt.Sprintf("gone%02d", i), "x")
				return nil
			})
		}
		write(t, f, func(tx chat.Tx) error { garden.Deleted = true; return tx.UpdateRoom(&garden) })
		wantKind(t, f.Write(t.Context(), func(tx chat.Tx) error {
			have(tx.PurgeRoom(garden.ID, 100))
			return chat.Errorf(chat.Forbidden, "", "refused")
		}), chat.Forbidden)
		write(t, f, func(tx chat.Tx) error {
			for i := range 20 {
				have(tx.Receipt(f.ana.ID, fmt.Sprintf("gone%02d", i))) // that purge was undone
			}
			for have(tx.PurgeRoom(garden.ID, 7)) > 0 {
			}
			for i := range 20 {
				_, err := tx.Receipt(f.ana.ID, fmt.Sprintf("gone%02d", i))
				wantKind(t, err, chat.NotFound)
			}
			return nil
		})
		write(t, f, func(tx chat.Tx) error {
			want["gone03"] = receiptOf(put(tx, f.room.ID, f.ana, "gone03", "new"), "new")
			return nil
		})
		check(t)
	})
}

// testAside has commands of one batch post, change their minds, and look at what others of the batch have posted.
func testAside(t *testing.T, open opener) {
	f := newFixture(t, open)
	refused := errors.New("refused")
	type answer struct {
		name string
		err  error
	}
	answers := make(chan answer, 20)
	submit := func(name string, command func(tx chat.Tx) error) {
		f.Submit(t.Context(), command, func(err error) { answers <- answer{name, err} })
	}
	gate := make(chan struct{})
	submit("gate", func(chat.Tx) error { <-gate; return nil }) // all that follow share a batch
	submit("first", func(tx chat.Tx) error { put(tx, f.room.ID, f.ana, "k1", "first"); return nil })
	submit("refused", func(tx chat.Tx) error { put(tx, f.room.ID, f.ana, "k2", "never"); return refused })
	submit("second", func(tx chat.Tx) error { put(tx, f.room.ID, f.ana, "k2", "second"); return nil })
	submit("refused after a look", func(tx chat.Tx) error {
		put(tx, f.room.ID, f.ana, "k3", "never")
		if got := have(tx.Message(f.room.ID, 3)).Text; got != "never" {
			t.Errorf("the command reads %q, want its own message", got)
		}
		put(tx, f.room.ID, f.ana, "k4", "never")
		return refused
	})
	submit("third", func(tx chat.Tx) error { put(tx, f.room.ID, f.ana, "k3", "third"); return nil })
	submit("edit", func(tx chat.Tx) error {
		m := have(tx.Message(f.room.ID, 2))
		m.Text = "second, edited"
		return tx.UpdateMessage(&m)
	})
	submit("refused after a write", func(tx chat.Tx) error {
		put(tx, f.room.ID, f.ana, "k5", "never")
		newUser(tx, "ben")
		put(tx, f.room.ID, f.ana, "k6", "never")
		return refused
	})
	submit("repeat", func(tx chat.Tx) error {
		if got, want := have(tx.Receipt(f.ana.ID, "k2")), chat.Digest("second"); got.Number != 2 || string(got.Digest) != string(want) {
			t.Errorf("got receipt %+v, want one of message 2 as it was posted", got)
		}
		_, err := tx.Receipt(f.ana.ID, "k5")
		wantKind(t, err, chat.NotFound)
		return nil
	})
	submit("joins and posts", func(tx chat.Tx) error {
		ben := newUser(tx, "ben")
		join(tx, f.room.ID, ben.ID)
		say(tx, f.room.ID, ben, "fourth")
		return nil
	})
	submit("room by name", func(tx chat.Tx) error {
		r := have(tx.RoomByName("lobby"))
		if r.Messages != 4 || r.Version != f.room.Version+6 || r != have(tx.Room(f.room.ID)) {
			t.Errorf("got room %+v", r)
		}
		page, _, err := tx.Messages(f.room.ID, chat.Page{Limit: 10})
		if len(page) != 4 {
			t.Errorf("got %d messages, want 4", len(page))
		}
		return err
	})
	close(gate)
	write(t, f, func(chat.Tx) error { return nil })
	close(answers)
	for a := range answers {
		if want := len(a.name) >= 7 && a.name[:7] == "refused"; want != errors.Is(a.err, refused) || !want && a.err != nil {
			t.Errorf("%s: got error %v", a.name, a.err)
		}
	}
	if diff := cmp.Diff(f.texts(t), []string{"first", "second, edited", "third", "fourth"}); diff != "" {
		t.Errorf("messages (-got +want):\n%s", diff)
	}
	next := f.room.Version
	for _, c := range f.log.all(chat.RoomLog(f.room.ID)) {
		if next++; c.Version != next {
			t.Errorf("the log heard version %d, want %d", c.Version, next)
		}
	}
	if next != f.room.Version+6 {
		t.Errorf("the log ends at version %d, want %d", next, f.room.Version+6)
	}
}

// testByAuthor asks for messages by author while some of them are long stored and some are new.
func testByAuthor(t *testing.T, open opener) {
	f := newFixture(t, open)
	var people []chat.User
	want := map[chat.UserID][]int64{}
	write(t, f, func(tx chat.Tx) error {
		people = []chat.User{f.ana, newUser(tx, "ben"), newUser(tx, "cleo")}
		return nil
	})
	var last int64
	for i := range 25 {
		write(t, f, func(tx chat.Tx) error {
			for j := range 1 + i%3 {
				by := people[(i*i+j)%3]
				m := say(tx, f.room.ID, by, fmt.Sprint(i))
				if i%4 == 3 {
					m.Deleted = true
					must(tx.UpdateMessage(&m))
				} else {
					want[by.ID] = append(want[by.ID], m.Number)
				}
				last = m.Number
			}
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			for _, u := range people {
				var got, listed []int64
				for _, m := range have(s.MessagesBy(u.ID, 0, 1<<40, 1000)) {
					got = append(got, m.Number)
				}
				for _, m := range have(s.MessageList(chat.MessageQuery{Author: u.ID})).Rows {
					listed = append(listed, m.Number)
				}
				if diff := cmp.Diff(got, want[u.ID]); diff != "" {
					t.Fatalf("messages by %s after %d (-got +want):\n%s", u.Name, last, diff)
				}
				if diff := cmp.Diff(listed, want[u.ID]); diff != "" {
					t.Fatalf("list of messages by %s after %d (-got +want):\n%s", u.Name, last, diff)
				}
			}
			var all, wanted []int64
			for _, m := range have(s.MessageList(chat.MessageQuery{Paging: chat.Paging{Sort: chat.SortAuthor, Descending: true}})).Rows {
				all = append(all, m.Number)
			}
			for _, u := range []chat.User{people[2], people[1], people[0]} {
				for i := len(want[u.ID]) - 1; i >= 0; i-- {
					wanted = append(wanted, want[u.ID][i])
				}
			}
			if diff := cmp.Diff(all, wanted); diff != "" {
				t.Fatalf("list by author after %d (-got +want):\n%s", last, diff)
			}
		})
	}
	read(t, f, func(s chat.Snapshot) {
		rows := have(s.MessagesBy(f.ana.ID, 0, 1<<40, 1000))
		first, limited := rows[2], have(s.MessagesBy(f.ana.ID, rows[1].ID, rows[4].ID, 2))
		if len(limited) != 2 || limited[0].ID != first.ID {
			t.Errorf("got %d messages from %+v, want 2 from %+v", len(limited), limited[0], first)
		}
		if got := have(s.MessagesBy(f.ana.ID, rows[1].ID, rows[4].ID, 10)); len(got) != 3 {
			t.Errorf("got %d messages up to one of them, want 3", len(got))
		}
	})
}

// testOldChanges has edits far back in a long room: whoever asks from wherever gets each thing that changed since, once, in
// order, also in pieces.
func testOldChanges(t *testing.T, open opener) {
	f := newFixture(t, open)
	newest := map[int64]int64{} // the version by the number
	const posts = 700
	for i := range 7 {
		write(t, f, func(tx chat.Tx) error {
			for range posts / 7 {
				m := say(tx, f.room.ID, f.ana, "hello")
				newest[m.Number] = m.Version
			}
			for n := int64(1 + i); n <= int64(i)*posts/7; n += 60 {
				m := have(tx.Message(f.room.ID, n))
				m.Text, m.Deleted = "changed", n%2 == 0
				must(tx.UpdateMessage(&m))
				newest[n] = m.Version
			}
			return nil
		})
	}
	write(t, f, func(tx chat.Tx) error { // in the end there are far more versions than messages
		for i := range int64(400) {
			m := have(tx.Message(f.room.ID, 601+i%9))
			m.Text = fmt.Sprint(i)
			must(tx.UpdateMessage(&m))
			newest[m.Number] = m.Version
		}
		return nil
	})
	read(t, f, func(s chat.Snapshot) {
		head := have(s.Room(f.room.ID)).Version
		all, _, err := s.Changes(f.room.ID, 0, 10_000)
		must(err)
		next := 0
		for from := range head {
			for all[next].Version <= from {
				next++
			}
			first, more, err := s.Changes(f.room.ID, from, 1)
			must(err)
			if len(first) != 1 || first[0].Version != all[next].Version || more != (next < len(all)-1) {
				t.Fatalf("after version %d comes %+v, more is %t, want version %d", from, first, more, all[next].Version)
			}
		}
		for _, limit := range []int{1, 7, 256, 10_000} {
			step := max(1, head/int64(min(40, 3*limit)))
			for from := int64(0); from <= head; from += step {
				var got, want []int64
				for at := from; ; {
					changes, more, err := s.Changes(f.room.ID, at, limit)
					must(err)
					if len(changes) > limit || more && len(changes) == 0 {
						t.Fatalf("got %d changes with the limit %d, more is %t", len(changes), limit, more)
					}
					for _, c := range changes {
						if c.Version <= at {
							t.Fatalf("version %d comes after %d", c.Version, at)
						}
						at = c.Version
						if c.Message != nil {
							got = append(got, c.Version)
							if newest[c.Message.Number] != c.Version {
								t.Fatalf("message %d comes at version %d, want %d", c.Message.Number, c.Version, newest[c.Message.Number])
							}
						}
					}
					if !more {
						break
					}
				}
				for _, v := range newest {
					if v > from {
						want = append(want, v)
					}
				}
				if len(got) != len(want) {
					t.Fatalf("from version %d with the limit %d: got %d messages, want %d", from, limit, len(got), len(want))
				}
			}
		}
	})
}
