package store_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/store"
)

// A world is a store that anything happens to, and what has to be in it.
type world struct {
	t      *testing.T
	random *rand.Rand
	path   string
	store  *store.Store
	stop   func()

	rooms    []chat.RoomID
	people   []chat.User
	messages map[chat.RoomID][]chat.Message
	receipts map[keyOf]chat.Receipt
}

type keyOf struct {
	user chat.UserID
	key  string
}

// open runs a store on the world's file.
func (w *world) open() {
	s, err := store.Open(w.t.Context(), store.Config{Path: w.path, Logger: quiet(w.t)})
	if err != nil {
		w.t.Fatalf("Open: %v", err)
	}
	s.ShortTails(1+w.random.Int64N(6), 1+w.random.IntN(8), 1+w.random.IntN(4))
	w.store, w.stop = s, run(w.t, s)
}

func (w *world) close() {
	w.stop()
	if err := w.store.Close(); err != nil {
		w.t.Errorf("Close: %v", err)
	}
}

// crash goes on with the files as they are while the store is running.
func (w *world) crash() {
	dir := w.t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		copyFile(w.t, filepath.Join(dir, "parley.db"+suffix), w.path+suffix)
	}
	w.close()
	w.path = filepath.Join(dir, "parley.db")
	w.open()
}

func copyFile(t *testing.T, to, from string) {
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
}

// act lets one thing happen.
func (w *world) act() {
	room := w.rooms[w.random.IntN(len(w.rooms))]
	switch n := w.random.IntN(20); {
	case n < 10:
		w.batch(room)
	case n < 14:
		w.change(room)
	case n < 15:
		w.purge(room)
	case n < 16:
		w.close()
		w.open()
	case n < 17:
		w.crash()
	case n < 18:
		// Another program writes: what the store has in memory does not count any more.
		outsideExec(w.t, w.path, `UPDATE server SET version = version + 1`)
	default:
		w.check()
	}
}

// A told is what a command has come to.
type told struct {
	message chat.Message
	refused bool
	err     error
}

// batch submits some commands at once, each of which posts a few messages; some of them are refused in the end.
func (w *world) batch(room chat.RoomID) {
	answers := make(chan told, 100)
	commands := 1 + w.random.IntN(6)
	for range commands {
		by := w.people[w.random.IntN(len(w.people))]
		key, text := fmt.Sprint("key ", w.random.IntN(120)), fmt.Sprint("text ", w.random.IntN(3))
		refused, looks := w.random.IntN(4) == 0, w.random.IntN(4) == 0
		m := chat.Message{Room: room, By: by.ID, Key: key, At: 1, Text: text}
		w.store.Submit(w.t.Context(), func(tx chat.Tx) error {
			say(tx, room, by, "without a key")
			if looks {
				have(tx.Message(room, have(tx.Room(room)).Messages))
			}
			if err := post(tx, &m, chat.Person{ID: by.ID}); err != nil {
				return err
			}
			if refused {
				return chat.Errorf(chat.Forbidden, "", "refused")
			}
			return nil
		}, func(err error) { answers <- told{m, refused, err} })
	}
	for range commands {
		w.posted(room, <-answers)
	}
}

// posted holds an answer against what has to be.
func (w *world) posted(room chat.RoomID, a told) {
	k := keyOf{a.message.By, a.message.Key}
	before, used := w.receipts[k]
	reused := used && (before.Room != room || string(before.Digest) != string(chat.Digest(a.message.Text)))
	switch {
	case reused:
		wantKind(w.t, a.err, chat.KeyReused)
		return
	case a.refused:
		wantKind(w.t, a.err, chat.Forbidden)
		return
	case a.err != nil:
		w.t.Fatalf("a post got %v", a.err)
	}
	without := chat.Message{Room: room, By: a.message.By, Text: "without a key"}
	if !used {
		w.receipts[k] = receiptOf(a.message, a.message.Text)
	} else if got := receiptOf(a.message, a.message.Text); cmp.Diff(got, before) != "" {
		w.t.Fatalf("a repeated key got %+v, want %+v", got, before)
	}
	read(w.t, w.store, func(s chat.Snapshot) {
		without = have(s.Message(room, int64(len(w.messages[room])+1)))
	})
	if without.Text != "without a key" {
		w.t.Fatalf("got message %+v", without)
	}
	w.messages[room] = append(w.messages[room], without)
	if !used {
		w.messages[room] = append(w.messages[room], a.message)
	}
}

// change edits or deletes a message.
func (w *world) change(room chat.RoomID) {
	all := w.messages[room]
	if len(all) == 0 {
		return
	}
	m := &all[w.random.IntN(len(all))]
	if m.Deleted {
		return
	}
	m.Text, m.Edited, m.Deleted = "changed", 5, w.random.IntN(2) == 0
	write(w.t, w.store, func(tx chat.Tx) error { return tx.UpdateMessage(m) })
}

// purge deletes a room with all that is in it and makes another one.
func (w *world) purge(room chat.RoomID) {
	if w.random.IntN(3) > 0 {
		return
	}
	write(w.t, w.store, func(tx chat.Tx) error {
		r := have(tx.Room(room))
		r.Deleted = true
		must(tx.UpdateRoom(&r))
		for have(tx.PurgeRoom(room, 1+w.random.IntN(9))) > 0 {
		}
		w.rooms[slices.Index(w.rooms, room)] = newRoom(tx, fmt.Sprint("room ", w.random.Int64())).ID
		return nil
	})
	delete(w.messages, room)
	for k, r := range w.receipts {
		if r.Room == room {
			delete(w.receipts, k)
		}
	}
}

// check compares everything that can be asked for.
func (w *world) check() {
	all := func(s chat.Snapshot) {
		by := map[chat.UserID]int{}
		for _, room := range w.rooms {
			page, _, err := s.Messages(room, chat.Page{Limit: 10_000})
			must(err)
			want := slices.DeleteFunc(slices.Clone(w.messages[room]), func(m chat.Message) bool { return m.Deleted })
			if diff := cmp.Diff(page, want); diff != "" && len(page)+len(want) > 0 {
				w.t.Fatalf("messages of %s (-got +want):\n%s", room, diff)
			}
			for _, m := range want {
				by[m.By]++
			}
			changes, _, err := s.Changes(room, 0, 10_000)
			must(err)
			told := 0
			for _, c := range changes {
				if c.Message != nil {
					told++
				}
			}
			if told != len(w.messages[room]) {
				w.t.Fatalf("%d messages of %s changed, want %d", told, room, len(w.messages[room]))
			}
		}
		for _, u := range w.people {
			if got := len(have(s.MessagesBy(u.ID, 0, 1<<40, 10_000))); got != by[u.ID] {
				w.t.Fatalf("got %d messages by %s, want %d", got, u.Name, by[u.ID])
			}
			for n := range 120 {
				k := keyOf{u.ID, fmt.Sprint("key ", n)}
				got, err := s.Receipt(k.user, k.key)
				want, used := w.receipts[k]
				if used != (err == nil) || used && cmp.Diff(got, want) != "" {
					w.t.Fatalf("receipt of %v: got %+v, error %v, want %+v", k, got, err, want)
				}
			}
		}
	}
	read(w.t, w.store, all)
	write(w.t, w.store, func(tx chat.Tx) error { all(tx); return nil })
}

// TestRestarts lets anything happen to a store, restarts with and without a proper end among it, and holds it against a model.
func TestRestarts(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			if seed%3 == 2 {
				defer store.CollideKeys()()
			}
			w := &world{
				t: t, random: rand.New(rand.NewPCG(seed, 0)), path: filepath.Join(t.TempDir(), "parley.db"),
				messages: map[chat.RoomID][]chat.Message{}, receipts: map[keyOf]chat.Receipt{},
			}
			w.open()
			write(t, w.store, func(tx chat.Tx) error {
				for i := range 3 {
					w.rooms = append(w.rooms, newRoom(tx, fmt.Sprint("room ", i)).ID)
					w.people = append(w.people, newUser(tx, fmt.Sprint("user ", i)))
				}
				for _, room := range w.rooms {
					for _, u := range w.people {
						join(tx, room, u.ID)
					}
				}
				return nil
			})
			for range 120 {
				w.act()
			}
			w.check()
			w.close()
			sound(t, w.path)
		})
	}
}
