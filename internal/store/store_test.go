package store_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"parley/internal/chat"
	"parley/internal/store"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashPath); path != "" {
		os.Exit(postUntilKilled(path))
	}
	goleak.VerifyTestMain(m)
}

// shortTails has messages added to the indices by author and by key after a few others.
func shortTails(s *store.Store) { s.ShortTails(3, 4, 2) }

// start opens a store in a folder of its own, unless config says where, prepares it, and runs it until the test ends.
func start(t testing.TB, config store.Config, prepare ...func(*store.Store)) *store.Store {
	t.Helper()
	if config.Path == "" {
		config.Path = filepath.Join(t.TempDir(), "parley.db")
	}
	config.Logger = quiet(t)
	s, err := store.Open(context.Background(), config)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	for _, f := range prepare {
		f(s)
	}
	stop := run(t, s)
	t.Cleanup(func() {
		stop()
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// quiet is a logger whose lines are shown with the test that they belong to.
func quiet(t testing.TB) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

// run runs s until stop is called, which may be done more than once.
func run(t testing.TB, s *store.Store) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// must panics with err if there is one: inside a command that makes the command fail.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// have is must for lookups.
func have[T any](v T, err error) T {
	must(err)
	return v
}

// write runs a command that has to succeed.
func write(t testing.TB, s chat.Store, f func(tx chat.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), f); err != nil {
		t.Fatalf("Write: %v", err)
	}
}

// read runs f on a snapshot; f panics for what must not fail.
func read(t testing.TB, s chat.Store, f func(snapshot chat.Snapshot)) {
	t.Helper()
	if err := s.Read(context.Background(), func(snapshot chat.Snapshot) error { f(snapshot); return nil }); err != nil {
		t.Fatalf("Read: %v", err)
	}
}

// wantKind fails the test unless err is of that kind.
func wantKind(t testing.TB, err error, want chat.Kind) {
	t.Helper()
	if got := chat.KindOf(err); got != want {
		t.Errorf("got error %v of kind %q, want kind %q", err, got, want)
	}
}

func newUser(tx chat.Tx, name string) chat.User {
	u := chat.User{Name: name, NameKey: chat.NameKey(name), Kind: chat.Guest, CreatedAt: chat.Millis(tx.Now())}
	must(tx.InsertUser(&u))
	return u
}

func newRoom(tx chat.Tx, name string) chat.Room {
	r := chat.Room{Name: name, Kind: chat.Public, CreatedAt: chat.Millis(tx.Now())}
	must(tx.InsertRoom(&r))
	return r
}

// say posts a text without a key.
func say(tx chat.Tx, room chat.RoomID, by chat.User, text string) chat.Message {
	m := chat.Message{Room: room, By: by.ID, At: chat.Millis(tx.Now()), Text: text}
	must(tx.InsertMessage(&m, chat.Person{ID: by.ID, Name: by.Name}))
	return m
}

func join(tx chat.Tx, room chat.RoomID, user chat.UserID) chat.Member {
	m := chat.Member{Room: room, User: user, Joined: true, At: chat.Millis(tx.Now())}
	must(tx.PutMember(&m))
	return m
}

func leave(tx chat.Tx, room chat.RoomID, user chat.UserID) chat.Member {
	m := chat.Member{Room: room, User: user, At: chat.Millis(tx.Now())}
	must(tx.PutMember(&m))
	return m
}

// A journal is a chat.Log that remembers.
type journal struct {
	hook func(changes []chat.Change) // called first, if there is one

	mu      sync.Mutex
	commits [][]chat.Change
}

func (j *journal) Committed(changes []chat.Change) {
	if j.hook != nil {
		j.hook(changes)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.commits = append(j.commits, changes)
}

// all are the changes of one log so far, or of all logs.
func (j *journal) all(log ...chat.LogID) []chat.Change {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []chat.Change
	for _, commit := range j.commits {
		for _, c := range commit {
			if len(log) == 0 || c.Log == log[0] {
				all = append(all, c)
			}
		}
	}
	return all
}

// reset forgets what was heard, and len is how many commits there were since.
func (j *journal) reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.commits = nil
}

func (j *journal) len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.commits)
}

// post stores a message as the room's verb does: it looks at everything that decides, then stores.
func post(tx chat.Tx, m *chat.Message, by chat.Person) error {
	user, err := tx.User(m.By)
	if err != nil {
		return err
	}
	room, err := tx.Room(m.Room)
	if err != nil {
		return err
	}
	settings, err := tx.Settings()
	if err != nil {
		return err
	}
	member, err := tx.Member(m.Room, m.By)
	if err != nil && chat.KindOf(err) != chat.NotFound {
		return err
	}
	if err := (chat.Standing{User: user, Settings: settings, Room: room, Member: member}).Can(chat.Speak); err != nil {
		return err
	}
	switch receipt, err := tx.Receipt(m.By, m.Key); {
	case err == nil && receipt.Room == m.Room && bytes.Equal(receipt.Digest, chat.Digest(m.Text)):
		m.Number, m.Version = receipt.Number, receipt.Version
		return nil
	case err == nil:
		return chat.Errorf(chat.KeyReused, "key", "That key has made another message.")
	case chat.KindOf(err) != chat.NotFound:
		return err
	}
	member, err = tx.Member(m.Room, m.By)
	if err != nil && chat.KindOf(err) != chat.NotFound {
		return err
	}
	if !member.Joined {
		member = chat.Member{Room: m.Room, User: m.By, Joined: true, At: m.At}
		if err := tx.PutMember(&member); err != nil {
			return err
		}
	}
	return tx.InsertMessage(m, by)
}
