package search_test

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/chat"
	"parley/internal/search"
	"parley/internal/store"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		os.Exit(indexUntilKilled(dir))
	}
	goleak.VerifyTestMain(m)
}

// A world is a store with an index beside it that hears of its commits, and somebody to talk.
type world struct {
	t      testing.TB
	dir    string
	store  *store.Store
	stop   func() // stops the store; it may be called twice
	index  *search.Index
	rooms  *chat.Rooms
	admin  *chat.Admin
	finder *chat.Finder
	ana    chat.Actor
	owner  chat.Actor
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	w.open()
	t.Cleanup(func() { w.close() })
	users := &chat.Users{Store: w.store, Limits: chat.DefaultLimits}
	ana, err := users.Guest(t.Context(), "ana", chat.Session{ID: "ana"})
	check(t, err)
	w.ana = chat.Actor{User: ana.ID}
	owner, err := w.admin.Appoint(t.Context(), chat.Appointment{Name: "olga", Role: chat.Owner, Password: "none"})
	check(t, err)
	w.owner = chat.Actor{User: owner.ID}
	return w
}

func (w *world) path() string { return filepath.Join(w.dir, "search.db") }

// open opens the store and the index; the index reads when it is told to.
func (w *world) open() {
	w.t.Helper()
	logger := slog.New(slog.NewTextHandler(w.t.Output(), nil))
	var err error
	w.index, err = search.New(search.Config{Path: w.path(), Logger: logger})
	check(w.t, err)
	s, err := store.Open(context.Background(), store.Config{Path: filepath.Join(w.dir, "parley.db"), Log: w.index, Logger: logger})
	check(w.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		check(w.t, <-ended)
		check(w.t, s.Close())
	})
	w.store = s
	w.finder = &chat.Finder{Store: s, Index: w.index, Patience: 10 * time.Second}
	w.rooms = &chat.Rooms{Store: s, Limits: chat.DefaultLimits}
	w.admin = &chat.Admin{Store: s, Limits: chat.DefaultLimits, Finder: w.finder}
}

func (w *world) close() {
	check(w.t, w.index.Close())
	w.stop()
}

// run runs the index until stop is called, which may be done twice, or the test ends.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	index := w.index
	go func() { ended <- index.Run(ctx, w.store) }()
	stop = sync.OnceFunc(func() {
		cancel()
		check(w.t, <-ended)
	})
	w.t.Cleanup(stop)
	return stop
}

// caughtUp waits until the running index has read everything.
func (w *world) caughtUp() {
	w.t.Helper()
	patience := time.NewTimer(20 * time.Second)
	defer patience.Stop()
	for {
		p, heard := w.index.Progress()
		if p.Done == p.Total && !p.Building {
			return
		}
		select {
		case <-heard:
		case <-patience.C:
			w.t.Fatalf("the index does not catch up: %+v", p)
		}
	}
}

// catchUp has the index read everything that there is.
func (w *world) catchUp() {
	w.t.Helper()
	check(w.t, w.index.CatchUp(context.Background(), w.store, nil))
}

// audit wants the index to equal the messages.
func (w *world) audit() {
	w.t.Helper()
	r, err := search.Audit(context.Background(), w.index, w.store)
	check(w.t, err)
	if !r.OK() {
		w.t.Errorf("audit: %s", r)
	}
}

// execute runs a statement on a file that nobody has open.
func execute(t testing.TB, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	check(t, err)
	defer db.Close()
	_, err = db.Exec(statement)
	check(t, err)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

// say posts a text into a room, which is made if there is none of that name, and returns its number.
func (w *world) say(room, text string) int64 {
	w.t.Helper()
	if _, err := w.rooms.Join(context.Background(), w.ana, room); err != nil {
		w.t.Fatalf("Join: %v", err)
	}
	posted, err := w.rooms.Post(context.Background(), w.ana, room, chat.Draft{Text: text})
	check(w.t, err)
	return posted.Number
}

func (w *world) edit(room string, number int64, text string) {
	w.t.Helper()
	history, err := w.rooms.History(context.Background(), w.ana, room, chat.Page{Around: number, Limit: 1})
	check(w.t, err)
	_, err = w.rooms.Edit(context.Background(), w.ana, room, number, history.Messages[0].Version, text)
	check(w.t, err)
}

func (w *world) remove(room string, number int64) {
	w.t.Helper()
	_, err := w.rooms.Delete(context.Background(), w.ana, room, number)
	check(w.t, err)
}

// found are the texts that a search finds, page by page.
func (w *world) found(query, room string) []string {
	w.t.Helper()
	texts := []string{}
	for before := ""; ; {
		found, err := w.finder.Search(context.Background(), w.ana, chat.Search{Query: query, Room: room, Before: before, Limit: 7})
		check(w.t, err)
		for _, hit := range found.Hits {
			texts = append(texts, hit.Text)
		}
		if !found.More {
			return texts
		}
		before = found.Next
	}
}
