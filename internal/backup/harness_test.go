package backup_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"parley/internal/backup"
	"parley/internal/chat"
	"parley/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A place is a data directory, with a store that is open while it is used.
type place struct {
	t     *testing.T
	path  string // the database
	store *store.Store
	close func()
	room  chat.Room
	ana   chat.User
}

// newPlace is a directory with a database that has a room, somebody and that many messages.
func newPlace(t *testing.T, messages int) *place {
	t.Helper()
	p := &place{t: t, path: filepath.Join(t.TempDir(), "parley.db")}
	p.open()
	p.write(func(tx chat.Tx) error {
		p.room = chat.Room{Name: "lobby", Kind: chat.Public}
		p.ana = chat.User{Name: "ana", NameKey: chat.NameKey("ana"), Kind: chat.Guest}
		if err := tx.InsertRoom(&p.room); err != nil {
			return err
		}
		return tx.InsertUser(&p.ana)
	})
	for n := range messages {
		p.post(n)
	}
	return p
}

func (p *place) open() {
	p.t.Helper()
	s, err := store.Open(context.Background(), store.Config{Path: p.path, Logger: slog.New(slog.NewTextHandler(p.t.Output(), nil))})
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	p.store = s
	p.close = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			p.t.Error(err)
		}
		if err := s.Close(); err != nil {
			p.t.Error(err)
		}
	})
	p.t.Cleanup(p.close)
}

func (p *place) write(f func(chat.Tx) error) {
	p.t.Helper()
	if err := p.store.Write(context.Background(), f); err != nil {
		p.t.Fatal(err)
	}
}

// post posts message n of this database, and returns it as stored.
func (p *place) post(n int) chat.Message {
	p.t.Helper()
	m := chat.Message{Room: p.room.ID, By: p.ana.ID, Key: fmt.Sprint("key ", n), Text: fmt.Sprint("text ", n)}
	p.write(func(tx chat.Tx) error { return tx.InsertMessage(&m, chat.Person{ID: p.ana.ID}) })
	return m
}

// messages are the room's, by number from 1, and the database's epoch.
func (p *place) messages() (list []chat.Message, epoch chat.Epoch) {
	p.t.Helper()
	err := p.store.Read(context.Background(), func(s chat.Snapshot) error {
		epoch = s.Epoch()
		room, err := s.RoomByName("lobby")
		if err != nil {
			return err
		}
		for more := true; more; {
			var page []chat.Message
			if page, more, err = s.MessagesAfter(room.ID, int64(len(list)), 1_000_000); err != nil {
				return err
			}
			list = append(list, page...)
		}
		if int64(len(list)) != room.Messages {
			return fmt.Errorf("the room has %d messages and counts %d", len(list), room.Messages)
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return list, epoch
}

// backup makes a backup of what is there now.
func (p *place) backup() string {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "backup.db")
	if _, err := (backup.Job{Database: p.path, Path: path}).Run(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// restored is a new directory into which the file was restored.
func restored(t *testing.T, path string) *place {
	t.Helper()
	p := &place{t: t, path: filepath.Join(t.TempDir(), "parley.db")}
	if _, err := (backup.Restore{Path: path, Database: p.path, Adopt: store.Adopt}).Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	p.open()
	return p
}

// files are the contents of a folder by their paths in it.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(folder, path))
		all[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// names are the names of what is in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, entry := range entries {
		list = append(list, entry.Name())
	}
	return list
}

// local answers requests in this process.
type local struct{ handler http.Handler }

func (l *local) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	return w.Result(), nil
}
