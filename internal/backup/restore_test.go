package backup_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/backup"
	"parley/internal/chat"
	"parley/internal/store"
)

// noon is when the restores of these tests happen.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// restore is a Restore of the file at path over the database at target.
func restore(path, target string, replace bool) backup.Restore {
	return backup.Restore{Path: path, Database: target, Replace: replace, Adopt: store.Adopt, Clock: func() time.Time { return noon }}
}

func TestRestore(t *testing.T) {
	p := newPlace(t, 20)
	file := p.backup()
	want, epoch := p.messages()
	for n := range 5 {
		p.post(20 + n) // after the backup
	}

	t.Run("an empty directory has what was backed up, under another epoch", func(t *testing.T) {
		before := files(t, filepath.Dir(file))
		got, fresh := restored(t, file).messages()
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("messages (-got +want):\n%s", diff)
		}
		if fresh == epoch || fresh == "" {
			t.Errorf("got the epoch %q, want one that is not %q", fresh, epoch)
		}
		if _, again := restored(t, file).messages(); again == fresh {
			t.Errorf("two restores have the same epoch %q", again)
		}
		if diff := cmp.Diff(files(t, filepath.Dir(file)), before); diff != "" {
			t.Error("the backup was changed")
		}
	})
	t.Run("keys are remembered as they were", func(t *testing.T) {
		r := restored(t, file)
		err := r.store.Read(t.Context(), func(s chat.Snapshot) error {
			ana, err := s.UserByName("ana")
			if err != nil {
				return err
			}
			if got, err := s.Receipt(ana.ID, "key 7"); err != nil || got.Number != 8 {
				t.Errorf("key 7: got %+v, %v, want message 8", got, err)
			}
			_, err = s.Receipt(ana.ID, "key 20")
			if chat.KindOf(err) != chat.NotFound {
				t.Errorf("key 20, which came after the backup: got %v, want that it is not there", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	t.Run("a directory that is not empty is refused and left as it is", func(t *testing.T) {
		other := newPlace(t, 3)
		other.close()
		before := files(t, filepath.Dir(other.path))
		_, err := restore(file, other.path, false).Run(t.Context())
		if chat.KindOf(err) != chat.Conflict || !strings.Contains(err.Error(), "--replace") {
			t.Errorf("got %v, want a conflict that names --replace", err)
		}
		if diff := cmp.Diff(files(t, filepath.Dir(other.path)), before); diff != "" {
			t.Error("the directory was changed")
		}
	})
	t.Run("what a server leaves in an empty directory does not count", func(t *testing.T) {
		target := filepath.Join(t.TempDir(), "parley.db")
		for _, name := range []string{"parley.lock", "parley.db"} {
			if err := os.WriteFile(filepath.Join(filepath.Dir(target), name), []byte(map[string]string{"parley.lock": "17\n"}[name]), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := restore(file, target, false).Run(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("the database that is replaced is put aside, whole", func(t *testing.T) {
		other, aside := killed(t, 30)
		result, err := restore(file, other, true).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(names(t, filepath.Dir(other)), []string{"parley.db", "replaced-20261122-120000"}); diff != "" {
			t.Errorf("files (-got +want):\n%s", diff)
		}
		if diff := cmp.Diff(files(t, result.Aside), aside); diff != "" {
			t.Error("what was put aside is not what was there")
		}
		now, former := &place{t: t, path: other}, &place{t: t, path: filepath.Join(result.Aside, "parley.db")}
		now.open()
		if got, fresh := now.messages(); len(got) != len(want) || fresh != result.Epoch {
			t.Errorf("got %d messages and epoch %q, want %d and %q", len(got), fresh, len(want), result.Epoch)
		}
		now.close()
		former.open()
		if got, _ := former.messages(); len(got) != 30 {
			t.Errorf("the former database has %d messages, want 30", len(got))
		}
		former.close()
		// Another one in the same second has a folder of its own.
		result, err = restore(file, other, true).Run(t.Context())
		if err != nil || filepath.Base(result.Aside) != "replaced-20261122-120001" {
			t.Errorf("again: got %+v and %v, want a later folder", result, err)
		}
	})
}

// killed is a data directory whose server was killed, so that the newest messages are in the log, and its files.
func killed(t *testing.T, messages int) (path string, content map[string]string) {
	t.Helper()
	p := newPlace(t, messages)
	path = filepath.Join(t.TempDir(), "parley.db")
	content = map[string]string{}
	for _, end := range []string{"", "-wal"} {
		bytes, err := os.ReadFile(p.path + end)
		if err != nil || len(bytes) == 0 {
			t.Fatalf("%s: %d bytes, %v", p.path+end, len(bytes), err)
		}
		if err := os.WriteFile(path+end, bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		content["parley.db"+end] = string(bytes)
	}
	return path, content
}

func TestRestoreRefuses(t *testing.T) {
	good := newPlace(t, 200).backup()
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	sql := func(statements string) func(path string) {
		return func(path string) {
			db, err := sql.Open("sqlite", path)
			if err == nil {
				_, err = db.Exec(statements)
			}
			if err := errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	bytes := func(content []byte) func(path string) {
		return func(path string) {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	damaged := append([]byte(nil), content...)
	copy(damaged[len(damaged)/2:], make([]byte, 6000))
	for _, c := range []struct {
		name, want string
		make       func(path string)
	}{
		{"no file", "no such file", func(string) {}},
		{"a folder", "not a file", func(path string) { _ = os.Mkdir(path, 0o700) }},
		{"an empty file", "empty", bytes(nil)},
		{"a text", "no database", bytes([]byte(strings.Repeat("I am no database.\n", 1000)))},
		{"another program's database", "another program", sql(`CREATE TABLE things (id INTEGER)`)},
		{"a database that was never in use", "never in use", func(path string) { bytes(content)(path); sql(`DELETE FROM server`)(path) }},
		{"a newer schema", "newer Parley", func(path string) {
			bytes(content)(path)
			sql(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)(path)
		}},
		{"a file that is cut off", "damaged", bytes(content[:len(content)*2/3])},
		{"a file with a hole", "damaged", bytes(damaged)},
		{"pages that belong to nothing", "damaged", func(path string) {
			bytes(content)(path)
			sql(`PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'messages_number'`)(path)
		}},
		{"a row that belongs to none", "damaged: a row of", func(path string) {
			bytes(content)(path)
			sql(`PRAGMA foreign_keys = OFF; DELETE FROM users`)(path)
		}},
		{"a file with its log beside it", "-wal is beside it", func(path string) { bytes(content)(path); bytes([]byte("log"))(path + "-wal") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.db")
			c.make(path)
			target, before := killed(t, 5)
			_, err := restore(path, target, true).Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
			if diff := cmp.Diff(files(t, filepath.Dir(target)), before); diff != "" {
				t.Error("the directory was changed")
			}
		})
	}
	t.Run("given up", func(t *testing.T) {
		target, before := killed(t, 5)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := restore(good, target, true).Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that it was cancelled", err)
		}
		if diff := cmp.Diff(files(t, filepath.Dir(target)), before); diff != "" {
			t.Error("the directory was changed")
		}
	})
}

// TestComplete ends a restore in each of the states in which a kill or a power cut can leave it.
func TestComplete(t *testing.T) {
	file := newPlace(t, 20).backup()
	const whole, aside = ".restored-20261122-120000", "replaced-20261122-120000"
	for _, c := range []struct {
		name   string
		left   func(database string) error
		counts bool // the restore happened
	}{
		{"while the file was copied", func(database string) error {
			return os.WriteFile(database+".incoming", []byte("half"), 0o600)
		}, false},
		{"while the file was checked", func(database string) error {
			return errors.Join(copyFile(file, database+".incoming"), os.WriteFile(database+".incoming-journal", []byte("half"), 0o600))
		}, false},
		{"when it counted", func(database string) error { return copyFile(file, database+whole) }, true},
		{"when the former database was moved", func(database string) error {
			folder := filepath.Join(filepath.Dir(database), aside)
			return errors.Join(copyFile(file, database+whole), os.Mkdir(folder, 0o700), os.Rename(database, filepath.Join(folder, "parley.db")))
		}, true},
		{"when its log was moved too", func(database string) error {
			folder := filepath.Join(filepath.Dir(database), aside)
			return errors.Join(copyFile(file, database+whole), os.Mkdir(folder, 0o700), os.Rename(database, filepath.Join(folder, "parley.db")),
				os.Rename(database+"-wal", filepath.Join(folder, "parley.db-wal")))
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			database, former := killed(t, 7)
			if err := c.left(database); err != nil {
				t.Fatal(err)
			}
			for range 2 { // completing again does nothing
				if err := backup.Complete(database); err != nil {
					t.Fatal(err)
				}
			}
			folder := filepath.Dir(database)
			if !c.counts {
				if diff := cmp.Diff(files(t, folder), former); diff != "" {
					t.Error("the directory was changed")
				}
				return
			}
			if diff := cmp.Diff(names(t, folder), []string{"parley.db", aside}); diff != "" {
				t.Errorf("files (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(files(t, filepath.Join(folder, aside)), former); diff != "" {
				t.Error("what was put aside is not what was there")
			}
			p := &place{t: t, path: database}
			p.open()
			if got, _ := p.messages(); len(got) != 20 {
				t.Errorf("got %d messages, want the 20 of the backup", len(got))
			}
		})
	}
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o600)
}
