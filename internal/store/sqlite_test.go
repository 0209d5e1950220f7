package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/chat"
	"parley/internal/store"
)

// outside opens the file as any other program would.
func outside(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func outsideExec(t testing.TB, path, query string) {
	t.Helper()
	if _, err := outside(t, path).ExecContext(t.Context(), query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// sound fails the test unless the database checks itself without a complaint.
func sound(t testing.TB, path string) {
	t.Helper()
	db := outside(t, path)
	var verdict string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity_check says %q, error %v", verdict, err)
	}
	var broken int
	if err := db.QueryRow(`SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil || broken != 0 {
		t.Errorf("foreign_key_check finds %d rows, error %v", broken, err)
	}
	for _, count := range []string{
		`SELECT count(*) FROM rooms r WHERE deleted = 0 AND messages <> (SELECT count(*) FROM messages WHERE room_id = r.id)`,
		`SELECT count(*) FROM rooms r WHERE deleted = 0 AND members <> (SELECT count(*) FROM members WHERE room_id = r.id AND joined = 1)`,
		`SELECT count(*) FROM messages m JOIN rooms r ON r.id = m.room_id WHERE m.version > r.version`,
		`SELECT count(*) FROM messages WHERE room_id NOT IN (SELECT id FROM rooms) OR user_id NOT IN (SELECT id FROM users)`,
		`SELECT count(*) FROM (SELECT posted_version <= lag(posted_version) OVER (PARTITION BY room_id ORDER BY number) AS wrong
			FROM messages) WHERE wrong`,
		`SELECT count(*) FROM messages WHERE posted_version > version`,
		`SELECT count(*) FROM (SELECT 1 FROM messages WHERE key <> '' GROUP BY user_id, key HAVING count(*) > 1)`,
		`SELECT count(*) FROM (SELECT user_id, id FROM messages WHERE id <= (SELECT authors FROM message_tails)
			EXCEPT SELECT user_id, id FROM message_authors)`,
		`SELECT count(*) FROM (SELECT user_id, id FROM message_authors EXCEPT SELECT user_id, id FROM messages)`,
		`SELECT count(*) FROM (SELECT parley_key_hash(user_id, key), id FROM messages
			WHERE key <> '' AND id <= (SELECT keys FROM message_tails) EXCEPT SELECT hash, id FROM message_keys)`,
		`SELECT count(*) FROM (SELECT hash, id FROM message_keys
			EXCEPT SELECT parley_key_hash(user_id, key), id FROM messages WHERE key <> '')`,
	} {
		if err := db.QueryRow(count).Scan(&broken); err != nil || broken != 0 {
			t.Errorf("%s finds %d rows, error %v", count, broken, err)
		}
	}
}

// reopened opens the file, gives it to f, and closes it.
func reopened(t testing.TB, path string, f func(s *store.Store)) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: path, Logger: quiet(t)})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	stop := run(t, s)
	f(s)
	stop()
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
}

func epoch(t testing.TB, s chat.Store) (epoch chat.Epoch) {
	read(t, s, func(s chat.Snapshot) { epoch = s.Epoch() })
	return epoch
}

func TestOpen(t *testing.T) {
	t.Run("a new database has an epoch of its own and keeps it", func(t *testing.T) {
		dir := t.TempDir()
		var first, again, other chat.Epoch
		reopened(t, filepath.Join(dir, "a.db"), func(s *store.Store) { first = epoch(t, s) })
		reopened(t, filepath.Join(dir, "a.db"), func(s *store.Store) { again = epoch(t, s) })
		reopened(t, filepath.Join(dir, "b.db"), func(s *store.Store) { other = epoch(t, s) })
		if len(first) != 10 || again != first || other == first {
			t.Errorf("got epochs %q, reopened %q, of another database %q", first, again, other)
		}
	})
	t.Run("what was stored is there again", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "a b?c%20d#e.db")
		var room chat.Room
		reopened(t, path, func(s *store.Store) {
			write(t, s, func(tx chat.Tx) error {
				room = newRoom(tx, "lobby")
				say(tx, room.ID, newUser(tx, "ana"), "hello")
				return nil
			})
		})
		reopened(t, path, func(s *store.Store) {
			read(t, s, func(s chat.Snapshot) {
				if got := have(s.Message(room.ID, 1)).Text; got != "hello" {
					t.Errorf("got %q, want %q", got, "hello")
				}
			})
		})
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	})
	t.Run("a newer schema is refused and left as it is", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "parley.db")
		reopened(t, path, func(*store.Store) {})
		outsideExec(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
		_, err := store.Open(t.Context(), store.Config{Path: path})
		if err == nil || !strings.Contains(err.Error(), "newer Parley") {
			t.Errorf("got error %v, want one that speaks of a newer Parley", err)
		}
		sound(t, path)
	})
	t.Run("a file that is no database is refused and left as it is", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "parley.db")
		want := []byte(strings.Repeat("These are notes, not a database.\n", 100))
		if err := os.WriteFile(path, want, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := store.Open(t.Context(), store.Config{Path: path})
		if err == nil || !strings.Contains(err.Error(), "not a Parley database") {
			t.Errorf("got error %v, want one that says so", err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("the file has changed (error %v)", err)
		}
	})
	t.Run("another program's database is refused and gets no tables", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "parley.db")
		outsideExec(t, path, `CREATE TABLE recipes (id INTEGER PRIMARY KEY)`)
		_, err := store.Open(t.Context(), store.Config{Path: path})
		if err == nil || !strings.Contains(err.Error(), "another program") {
			t.Errorf("got error %v, want one that says so", err)
		}
		if _, err := store.Open(t.Context(), store.Config{Path: path}); err == nil {
			t.Error("the second try was taken")
		}
	})
	t.Run("a folder that there is not is refused", func(t *testing.T) {
		_, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "none", "parley.db")})
		if err == nil || !strings.Contains(err.Error(), "check that the folder exists") {
			t.Errorf("got error %v, want one that says what to check", err)
		}
		if _, err := store.Open(t.Context(), store.Config{}); err == nil {
			t.Error("got no error for no path")
		}
	})
}

func TestRun(t *testing.T) {
	t.Run("that ends finishes what is at hand and answers what waits with Unavailable", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "parley.db")})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			release := make(chan struct{})
			ended, first, second := make(chan error, 1), make(chan error, 1), make(chan error, 1)
			go func() { ended <- s.Run(ctx) }()
			go func() {
				first <- s.Write(t.Context(), func(tx chat.Tx) error { <-release; newRoom(tx, "lobby"); return nil })
			}()
			synctest.Wait()
			go func() {
				second <- s.Write(t.Context(), func(tx chat.Tx) error { newRoom(tx, "garden"); return nil })
			}()
			synctest.Wait()
			cancel()
			close(release)
			if err := <-ended; err != nil {
				t.Errorf("Run returned %v", err)
			}
			if err := <-first; err != nil {
				t.Errorf("the command at hand got %v, want to be finished", err)
			}
			wantKind(t, <-second, chat.Unavailable)
			wantKind(t, s.Write(t.Context(), func(chat.Tx) error { return nil }), chat.Unavailable)
			read(t, s, func(s chat.Snapshot) {
				if got := names(have(s.PublicRooms(10))); len(got) != 1 || got[0] != "lobby" {
					t.Errorf("got rooms %q, want the lobby", got)
				}
			})
			for range 2 {
				if err := s.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}
			wantKind(t, s.Read(t.Context(), func(chat.Snapshot) error { return nil }), chat.Unavailable)
		})
	})
}

func TestSQLite(t *testing.T) {
	t.Run("a deleted text is gone from the file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "parley.db")
		secrets := []string{"a short secret", strings.Repeat("a long secret ", 600)}
		reopened(t, path, func(s *store.Store) {
			write(t, s, func(tx chat.Tx) error {
				room, ana := newRoom(tx, "lobby"), newUser(tx, "ana")
				for _, text := range secrets {
					say(tx, room.ID, ana, text)
				}
				return nil
			})
			write(t, s, func(tx chat.Tx) error {
				room := have(tx.RoomByName("lobby"))
				for i := range secrets {
					must(tx.UpdateMessage(&chat.Message{Room: room.ID, Number: int64(i + 1), Deleted: true}))
				}
				return nil
			})
		})
		files, err := filepath.Glob(path + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(content, []byte("secret")) {
				t.Errorf("%s still holds the text", filepath.Base(file))
			}
		}
	})
	t.Run("what another program writes is not overwritten from memory", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "parley.db")
		reopened(t, path, func(s *store.Store) {
			var ana chat.User
			var room chat.Room
			write(t, s, func(tx chat.Tx) error {
				room, ana = newRoom(tx, "lobby"), newUser(tx, "ana")
				say(tx, room.ID, ana, "hello")
				return nil
			})
			outsideExec(t, path, `UPDATE rooms SET version = version + 10; UPDATE users SET role = 'owner'`)
			write(t, s, func(tx chat.Tx) error {
				if got := have(tx.User(ana.ID)).Role; got != chat.Owner {
					t.Errorf("got role %q, want %q", got, chat.Owner)
				}
				if got := say(tx, room.ID, ana, "again").Version; got != 13 {
					t.Errorf("got version %d, want 13", got)
				}
				return nil
			})
		})
		sound(t, path)
	})
	t.Run("a database that somebody else holds is unavailable until it is let go", func(t *testing.T) {
		if testing.Short() {
			t.Skip("waits for five seconds")
		}
		path := filepath.Join(t.TempDir(), "parley.db")
		reopened(t, path, func(s *store.Store) {
			write(t, s, func(tx chat.Tx) error { newRoom(tx, "lobby"); return nil })
			hold, err := outside(t, path).Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := hold.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
				t.Fatal(err)
			}
			err = s.Write(t.Context(), func(tx chat.Tx) error { newRoom(tx, "garden"); return nil })
			wantKind(t, err, chat.Unavailable)
			read(t, s, func(s chat.Snapshot) { have(s.RoomByName("lobby")) })
			if err := errors.Join(execOn(t, hold, `ROLLBACK`), hold.Close()); err != nil {
				t.Fatal(err)
			}
			write(t, s, func(tx chat.Tx) error { newRoom(tx, "garden"); return nil })
		})
	})
	t.Run("a reader that stops half-way leaves the store as it was", func(t *testing.T) {
		s := start(t, store.Config{})
		for range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			err := s.Read(ctx, func(s chat.Snapshot) error {
				cancel()
				_, err := s.PublicRooms(10)
				return err
			})
			wantKind(t, err, chat.Unavailable)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic of a reader did not reach its caller")
				}
			}()
			_ = s.Read(t.Context(), func(chat.Snapshot) error { panic("a bug") })
		}()
		read(t, s, func(s chat.Snapshot) { have(s.PublicRooms(10)) })
	})
}

func execOn(t testing.TB, c *sql.Conn, query string) error {
	_, err := c.ExecContext(t.Context(), query)
	return err
}

// BenchmarkOpen is the part of a first start that the store takes: an empty folder, every migration. It is to stay well
// under 100 ms.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	for i := 0; b.Loop(); i++ {
		s, err := store.Open(b.Context(), store.Config{Path: filepath.Join(dir, time.Duration(i).String()+".db")})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
