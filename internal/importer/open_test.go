package importer_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/importer"
)

func TestOpenRefuses(t *testing.T) {
	write := func(t *testing.T, content string) string {
		path := filepath.Join(t.TempDir(), "db.sqlite3")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	schema := func(sql string) func(*testing.T) string {
		return func(t *testing.T) string { return bareFixture(t, sql).close().path }
	}
	for _, tc := range []struct {
		name string
		file func(t *testing.T) string
		kind chat.Kind
		says string
	}{
		{"a missing file", func(t *testing.T) string { return filepath.Join(t.TempDir(), "none") }, chat.NotFound, "There is no file"},
		{"a folder", func(t *testing.T) string { return t.TempDir() }, chat.Invalid, "is a folder"},
		{"a device", func(*testing.T) string { return "/dev/null" }, chat.Invalid, "is no ordinary file"},
		{"an empty file", func(t *testing.T) string { return write(t, "") }, chat.Invalid, "is empty"},
		{"a short text", func(t *testing.T) string { return write(t, "hello") }, chat.Invalid, "is not a SQLite database, or it is encrypted"},
		{"random bytes", func(t *testing.T) string { return write(t, strings.Repeat("\x9f\x03q!", 9000)) }, chat.Invalid, "is not a SQLite database"},
		{"a header alone", func(t *testing.T) string { return write(t, "SQLite format 3\x00") }, chat.Invalid, "is not a SQLite database"},
		{"a header with noise", func(t *testing.T) string { return write(t, "SQLite format 3\x00"+strings.Repeat("x", 9000)) }, chat.Invalid, "is not a SQLite database"},
		{"no tables", schema(`CREATE TABLE t (a); DROP TABLE t`), chat.Invalid, "has no table ChatApp_room (it has no tables at all)"},
		{"other tables", schema(`CREATE TABLE chat_room (id); CREATE TABLE users (id)`), chat.Invalid, "has no table ChatApp_room (it has chat_room, users)"},
		{"no messages", schema(`CREATE TABLE ChatApp_room (id, room_name)`), chat.Invalid, "has no table ChatApp_message"},
		{"other columns", schema(`CREATE TABLE ChatApp_room (id, room_name); CREATE TABLE ChatApp_message (id, author, message, room_id)`), chat.Invalid, "has no column sender (it has id, author, message, room_id)"},
		{"a view", schema(`CREATE VIEW ChatApp_room AS SELECT 1 AS id, 'a' AS room_name`), chat.Invalid, "has no table ChatApp_room"},
		{"a virtual table", schema(`CREATE VIRTUAL TABLE ChatApp_room USING fts5(id, room_name)`), chat.Invalid, "has no table ChatApp_room"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newStore(t, nil)
			path := tc.file(t)
			_, err := importer.File(context.Background(), s, path, nil)
			e, ok := errors.AsType[*chat.Error](err)
			if !ok || e.Kind != tc.kind || e.Field != "path" || !strings.Contains(e.Message, tc.says) {
				t.Errorf("error %v, want the kind %s saying %q", err, tc.kind, tc.says)
			}
			if n, rooms := sources(t, s), content(t, s); n != 0 || len(rooms) != 0 {
				t.Errorf("%d sources and the rooms %v are there, want no trace", n, rooms)
			}
		})
	}
}

func TestOpenRefusesWhatIsDamaged(t *testing.T) {
	whole := func() *fixture {
		f := newFixture(t)
		f.exec(`BEGIN`)
		room := f.room("lobby")
		for i := range 3000 {
			f.say(room, "ana", fmt.Sprint("message ", i, strings.Repeat(" and more", 20)))
		}
		f.exec(`COMMIT`)
		return f.close()
	}
	for _, tc := range []struct {
		name   string
		damage func(data []byte) []byte
	}{
		{"cut off in the middle", func(data []byte) []byte { return data[:len(data)/2] }},
		{"cut off within a page", func(data []byte) []byte { return data[:len(data)/2+100] }},
		{"a page of zeroes", func(data []byte) []byte {
			page := len(data) / 4096 / 2 * 4096
			clear(data[page : page+4096])
			return data
		}},
		{"pages swapped", func(data []byte) []byte {
			page := len(data) / 4096 / 2
			a, b := data[page*4096:][:4096], data[(page+7)*4096:][:4096]
			for i := range a {
				a[i], b[i] = b[i], a[i]
			}
			return data
		}},
		{"noise in the middle", func(data []byte) []byte {
			copy(data[len(data)/2:], strings.Repeat("\xde\xad\xbe\xef", 3000))
			return data
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, s := whole(), newStore(t, nil)
			data, err := os.ReadFile(f.path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(f.path, tc.damage(data), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err = importer.File(context.Background(), s, f.path, nil)
			if got := chat.AsError(err); got.Kind != chat.Invalid || !strings.Contains(got.Message, "damaged") {
				t.Errorf("error %v, want one that says that it is damaged", err)
			}
			if n, rooms := sources(t, s), content(t, s); n != 0 || len(rooms) != 0 {
				t.Errorf("%d sources and the rooms %v are there, want no trace", n, rooms)
			}
		})
	}
}

func TestOpenLeavesTheSourceAlone(t *testing.T) {
	want := map[string][]said{"lobby": {{"ana", "one"}, {"ben", "two"}}}
	fill := func(f *fixture) {
		f.say(f.room("lobby"), "ana", "one")
		f.say(1, "ben", "two")
	}
	check := func(t *testing.T, folder, path string, want map[string][]said) {
		t.Helper()
		s, before := newStore(t, nil), folderState(t, folder)
		source, err := importer.Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := source.Run(context.Background(), s, nil); err != nil {
			t.Error(err)
		}
		if err := source.Close(); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(content(t, s), want); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(folderState(t, folder), before); diff != "" {
			t.Errorf("the folder has changed: %s", diff)
		}
		if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "parley-import-*")); len(left) > 0 {
			t.Errorf("private copies are left: %v", left)
		}
	}
	t.Setenv("TMPDIR", t.TempDir())

	t.Run("that is closed", func(t *testing.T) {
		f := newFixture(t)
		fill(f)
		check(t, filepath.Dir(f.path), f.close().path, want)
	})
	t.Run("that is open in another program", func(t *testing.T) {
		f := newFixture(t)
		fill(f)
		check(t, filepath.Dir(f.path), f.path, want)
	})
	t.Run("in WAL mode and open, with what is in the WAL only", func(t *testing.T) {
		f := newFixture(t)
		f.exec(`PRAGMA journal_mode = WAL`)
		fill(f)
		check(t, filepath.Dir(f.path), f.path, want)
	})
	t.Run("in WAL mode and closed", func(t *testing.T) {
		f := newFixture(t)
		f.exec(`PRAGMA journal_mode = WAL`)
		fill(f)
		check(t, filepath.Dir(f.path), f.close().path, want)
	})
	t.Run("in WAL mode and closed, with an index that was left", func(t *testing.T) {
		f := newFixture(t)
		f.exec(`PRAGMA journal_mode = WAL`)
		fill(f)
		f.close()
		if err := os.WriteFile(f.path+"-shm", make([]byte, 32768), 0o600); err != nil {
			t.Fatal(err)
		}
		check(t, filepath.Dir(f.path), f.path, want)
	})
	t.Run("a copy in WAL mode with its WAL", func(t *testing.T) {
		f := newFixture(t)
		f.exec(`PRAGMA journal_mode = WAL`)
		fill(f)
		folder := t.TempDir()
		path := filepath.Join(folder, "copy")
		copyTo(t, path, f.path)
		copyTo(t, path+"-wal", f.path+"-wal")
		check(t, folder, path, want)
	})
	t.Run("a copy that was cut off in the midst of a change", func(t *testing.T) {
		f := newFixture(t)
		fill(f)
		folder := t.TempDir()
		path := filepath.Join(folder, "copy")
		f.exec(`PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN`)
		for range 2000 {
			f.say(1, "ana", strings.Repeat("never committed ", 100))
		}
		copyTo(t, path, f.path)
		copyTo(t, path+"-journal", f.path+"-journal")
		f.exec(`ROLLBACK`)
		check(t, folder, path, want)
	})
	t.Run("through a link, under an odd name", func(t *testing.T) {
		f := newFixture(t)
		fill(f)
		folder := filepath.Join(t.TempDir(), "50% of a?b#c&d=é \"quoted\" 'name'\nline")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "file:x?mode=rwc&.db")
		copyTo(t, path, f.close().path)
		link := filepath.Join(t.TempDir(), "link")
		if err := os.Symlink(path, link); err != nil {
			t.Fatal(err)
		}
		check(t, folder, link, want)
	})
	t.Run("under a relative path", func(t *testing.T) {
		f := newFixture(t)
		fill(f)
		t.Chdir(filepath.Dir(f.path))
		check(t, ".", "db.sqlite3", want)
	})
}

func TestOpenInUse(t *testing.T) {
	t.Run("what is written meanwhile comes with the next run", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		f.exec(`PRAGMA journal_mode = WAL`)
		f.say(f.room("lobby"), "ana", "one")
		source, err := importer.Open(context.Background(), f.path)
		if err != nil {
			t.Fatal(err)
		}
		f.say(1, "ana", "two")
		if _, err := source.Run(context.Background(), s, nil); err != nil {
			t.Error(err)
		}
		source.Close()
		if diff := cmp.Diff(content(t, s), map[string][]said{"lobby": {{"ana", "one"}}}); diff != "" {
			t.Error(diff)
		}
		f.run(s)
		if diff := cmp.Diff(content(t, s), map[string][]said{"lobby": {{"ana", "one"}, {"ana", "two"}}}); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a locked database is an error that says so", func(t *testing.T) {
		f := newFixture(t)
		f.exec(`BEGIN EXCLUSIVE`)
		_, err := importer.Open(context.Background(), f.path)
		if got := chat.AsError(err); got.Kind != chat.Unavailable || !strings.Contains(got.Message, "is in use") {
			t.Errorf("error %v, want one that says that it is in use", err)
		}
	})
	t.Run("a done context ends the opening", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := importer.Open(ctx, newFixture(t).path)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want canceled", err)
		}
	})
}

// folderState is the names of a folder's files with digests of their content. The index of a WAL counts by its name only: it
// holds the locks of those who read.
func folderState(t testing.TB, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	state := map[string]string{}
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasSuffix(name, "-shm") {
			state[name] = ""
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		state[name] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	return state
}
