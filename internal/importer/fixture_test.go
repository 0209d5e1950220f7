package importer_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	_ "modernc.org/sqlite"

	"parley/internal/chat"
	"parley/internal/importer"
	"parley/internal/store"
)

// The tables as Django's migrations make them for the tutorial's models.
const (
	djangoTables = `
CREATE TABLE "ChatApp_room" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "room_name" varchar(255) NOT NULL);
CREATE TABLE "ChatApp_message" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sender" varchar(255) NOT NULL,
	"message" text NOT NULL, "room_id" bigint NOT NULL REFERENCES "ChatApp_room" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "ChatApp_message_room_id_549c1ca2" ON "ChatApp_message" ("room_id");`

	djangoMigrations = `
CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL,
	"name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL,
	"model" varchar(100) NOT NULL);
INSERT INTO django_content_type (app_label, model) VALUES ('ChatApp', 'room'), ('ChatApp', 'message'), ('auth', 'user');`

	// looseTables are the same without the constraints and types that keep odd values out.
	looseTables = `
CREATE TABLE ChatApp_room (id, room_name);
CREATE TABLE ChatApp_message (id, sender, message, room_id);`
)

// A fixture is a database of the tutorial.
type fixture struct {
	t    testing.TB
	path string
	db   *sql.DB
}

var fixtures atomic.Int64

// newFixture makes a database as Django does, with a record of migrations like no other.
func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := bareFixture(t, djangoTables+djangoMigrations)
	n := fixtures.Add(1)
	f.exec(`INSERT INTO django_migrations (app, name, applied) VALUES
		('contenttypes', '0001_initial', '2024-03-01 09:15:02.001100'),
		('ChatApp', '0001_initial', $1), ('sessions', '0001_initial', '2024-03-01 09:15:03.001100')`,
		fmt.Sprintf("2024-03-01 09:15:02.%06d", n))
	return f
}

// bareFixture makes a database with just these tables.
func bareFixture(t testing.TB, schema string) *fixture {
	t.Helper()
	f := &fixture{t: t, path: filepath.Join(t.TempDir(), "db.sqlite3")}
	f.db = open(t, f.path)
	f.exec(schema)
	return f
}

// open opens a database for the test to write to.
func open(t testing.TB, path string) *sql.DB {
	t.Helper()
	file := url.URL{Scheme: "file", Path: path}
	db, err := sql.Open("sqlite", file.String())
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func (f *fixture) exec(query string, args ...any) {
	f.t.Helper()
	if _, err := f.db.Exec(query, args...); err != nil {
		f.t.Fatalf("%.80s: %v", query, err)
	}
}

// room adds a room and returns its id.
func (f *fixture) room(name any) int64 {
	f.t.Helper()
	return f.insert(`INSERT INTO ChatApp_room (room_name) VALUES ($1)`, name)
}

// say adds a message to a room and returns its id.
func (f *fixture) say(room int64, sender, text any) int64 {
	f.t.Helper()
	return f.insert(`INSERT INTO ChatApp_message (room_id, sender, message) VALUES ($1, $2, $3)`, room, sender, text)
}

func (f *fixture) insert(query string, args ...any) int64 {
	f.t.Helper()
	result, err := f.db.Exec(query, args...)
	if err != nil {
		f.t.Fatalf("%s: %v", query, err)
	}
	id, err := result.LastInsertId()
	if err != nil {
		f.t.Fatal(err)
	}
	return id
}

// close closes the database, so that nothing of it is open any more.
func (f *fixture) close() *fixture {
	if err := f.db.Close(); err != nil {
		f.t.Fatal(err)
	}
	return f
}

// run imports the fixture and returns the report.
func (f *fixture) run(s chat.Store) importer.Report {
	f.t.Helper()
	report, err := importer.File(context.Background(), s, f.path, nil)
	if err != nil {
		f.t.Fatalf("importing: %v", err)
	}
	return report
}

// newStore is an empty Parley. The changes of its commits go to log, unless that is nil.
func newStore(t testing.TB, log chat.Log) *store.Store {
	t.Helper()
	return openStore(t, store.Config{Path: filepath.Join(t.TempDir(), "parley.db"), Log: log})
}

// openStore opens a store and runs it until the test ends.
func openStore(t testing.TB, config store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}))
	return s
}

// A said is a message as a reader sees it.
type said struct{ By, Text string }

// content is everything that there is in a store: the public rooms with what is said in them.
func content(t testing.TB, s chat.Store) map[string][]said {
	t.Helper()
	all := map[string][]said{}
	err := s.Read(context.Background(), func(s chat.Snapshot) error {
		rooms, err := s.PublicRooms(100_000)
		if err != nil {
			return err
		}
		for _, room := range rooms {
			if all[room.Name], err = contentOf(s, room); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func contentOf(s chat.Snapshot, room chat.Room) ([]said, error) {
	all := []said{}
	users := map[chat.UserID]chat.User{}
	for number := int64(0); ; {
		page, _, err := s.MessagesAfter(room.ID, number, 1000)
		if err != nil || len(page) == 0 {
			return all, err
		}
		for _, m := range page {
			number++
			by, ok := users[m.By]
			if !ok {
				if by, err = s.User(m.By); err != nil {
					return nil, err
				}
				users[m.By] = by
			}
			imported := by.Kind == chat.Imported
			if m.Number != number || imported && (m.At != 0 || m.Edited != 0 || m.Key != "" || by.NameKey != "") {
				return nil, fmt.Errorf("message %d of %s is %+v, by %+v", number, room.Name, m, by)
			}
			all = append(all, said{by.Name, m.Text})
		}
	}
}
