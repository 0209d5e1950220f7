package search_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/search"
	"parley/internal/store"
)

// reopen closes the index, does something to its file, and opens it again.
func (w *world) reopen(meanwhile func()) {
	w.t.Helper()
	w.close()
	meanwhile()
	w.open()
}

// wants wants a search to find exactly these.
func (w *world) wants(query string, want ...string) {
	w.t.Helper()
	if got := w.found(query, ""); !slices.Equal(got, want) {
		w.t.Errorf("search %q: got %q, want %q", query, got, want)
	}
}

// TestUnusableFile holds that a file that cannot be used is made anew, and kept if it may be of use to somebody.
func TestUnusableFile(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(t *testing.T, path string)
		kept  bool
	}{
		"missing": {func(t *testing.T, path string) { check(t, os.Remove(path)) }, false},
		"empty":   {func(t *testing.T, path string) { check(t, os.Truncate(path, 0)) }, false},
		"no database": {func(t *testing.T, path string) {
			check(t, os.WriteFile(path, []byte("this is no database, by any means"), 0o600))
		}, true},
		"cut off": {func(t *testing.T, path string) { check(t, os.Truncate(path, 8192)) }, true},
		"overwritten in its midst": {func(t *testing.T, path string) {
			text, err := os.ReadFile(path)
			check(t, err)
			for i := 4096; i < len(text); i++ {
				text[i] = 0x55
			}
			check(t, os.WriteFile(path, text, 0o600))
		}, true},
		"another program's": {func(t *testing.T, path string) {
			s, err := store.Open(t.Context(), store.Config{Path: path + "-other"})
			check(t, err)
			check(t, s.Close())
			check(t, os.Rename(path+"-other", path))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for i := range 50 {
				w.say("lobby", fmt.Sprint("needle ", i))
			}
			w.catchUp()
			w.reopen(func() { test.spoil(t, w.path()) })
			if got := w.index.Behind(); got == 0 {
				t.Error("before it has read anything, the index says that it has read everything")
			}
			w.catchUp()
			w.audit()
			if got := w.found("needle", ""); len(got) != 50 {
				t.Errorf("got %d hits, want 50", len(got))
			}
			if _, err := os.Stat(w.path() + ".damaged"); (err == nil) != test.kept {
				t.Errorf("the damaged file: got %v, want it kept %v", err, test.kept)
			}
			info, err := os.Stat(w.path())
			check(t, err)
			if got := info.Mode().Perm(); got != 0o600 {
				t.Errorf("got a file that others can read: %v", got)
			}
		})
	}
}

// TestDamagedMeanwhile holds that a file that turns out to be damaged while the index runs is made anew, also when it is a search
// that finds it.
func TestDamagedMeanwhile(t *testing.T) {
	w := newWorld(t)
	w.fill(2000, 3, newTalker(1))
	w.say("lobby", "needle one")
	w.catchUp()
	w.reopen(func() {})
	w.catchUp() // it opens the file, and has nothing to write
	info, err := os.Stat(w.path())
	check(t, err)
	f, err := os.OpenFile(w.path(), os.O_WRONLY, 0)
	check(t, err)
	_, err = f.WriteAt(bytes.Repeat([]byte{0x55}, int(info.Size()*3/4)), info.Size()/4)
	check(t, errors.Join(err, f.Close()))
	w.run()
	patience := time.After(30 * time.Second)
	for {
		_, heard := w.index.Progress()
		found, err := w.finder.Search(context.Background(), w.ana, chat.Search{Query: "needle"})
		if err == nil && len(found.Hits) == 1 && found.Behind == 0 {
			break
		}
		if err != nil && chat.KindOf(err) != chat.Unavailable {
			t.Fatalf("a search in a damaged file: got %v, want unavailable", err)
		}
		select {
		case <-heard:
		case <-patience:
			t.Fatalf("the file is not made anew: %v, %d hits", err, len(found.Hits))
		}
	}
	w.say("lobby", "needle two")
	w.caughtUp()
	w.wants("needle", "needle two", "needle one")
}

// TestNoFile holds that a file that cannot be made stops nothing, and that the index works once it can.
func TestNoFile(t *testing.T) {
	w := newWorld(t)
	check(t, os.Mkdir(w.path(), 0o700)) // in its place, and not empty
	check(t, os.WriteFile(filepath.Join(w.path(), "x"), nil, 0o600))
	w.run()
	_, heard := w.index.Progress()
	<-heard // it has tried
	p, _ := w.index.Progress()
	if p.Trouble == "" || !p.Building {
		t.Errorf("got %+v, want trouble", p)
	}
	w.say("lobby", "needle")
	if _, err := w.finder.Search(t.Context(), w.ana, chat.Search{Query: "needle"}); chat.KindOf(err) != chat.Unavailable {
		t.Errorf("a search without an index: got %v, want unavailable", err)
	}
	check(t, os.RemoveAll(w.path()))
	w.caughtUp()
	w.wants("needle", "needle")
	if p, _ := w.index.Progress(); p.Trouble != "" {
		t.Errorf("afterwards: got %+v", p)
	}
}

// TestAnotherStore holds that an index of another database, or of this one before it was restored, is made anew.
func TestAnotherStore(t *testing.T) {
	w := newWorld(t)
	w.say("lobby", "needle of the old one")
	w.catchUp()
	w.reopen(func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(filepath.Join(w.dir, "parley.db"+suffix)); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
	})
	users := &chat.Users{Store: w.store, Limits: chat.DefaultLimits}
	ben, err := users.Guest(t.Context(), "ben", chat.Session{ID: "ben"})
	check(t, err)
	w.ana = chat.Actor{User: ben.ID}
	w.say("music", "needle of the new one")
	w.catchUp()
	w.audit()
	w.wants("needle", "needle of the new one")
}

// TestHeadBelowCursor holds that a room that stands lower than it was read, which is so after somebody copied an old database
// back, is read again from its beginning.
func TestHeadBelowCursor(t *testing.T) {
	w := newWorld(t)
	w.say("lobby", "needle one")
	old := filepath.Join(t.TempDir(), "old.db")
	w.reopen(func() { copyFile(t, filepath.Join(w.dir, "parley.db"), old) })
	w.say("lobby", "needle two")
	w.say("lobby", "needle three")
	w.say("music", "a room that will never have been")
	w.catchUp()
	w.reopen(func() { copyFile(t, old, filepath.Join(w.dir, "parley.db")) })
	w.catchUp()
	w.audit()
	w.wants("needle", "needle one")
	w.say("lobby", "needle four")
	w.catchUp()
	w.audit()
	w.wants("needle", "needle four", "needle one")
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	check(t, err)
	check(t, os.WriteFile(to, text, 0o600))
}

// TestAuditFindsFaults holds that an audit is worth something: it finds what is planted.
func TestAuditFindsFaults(t *testing.T) {
	for name, statement := range map[string]string{
		"a message that is not there":             `DELETE FROM messages WHERE id = 1`,
		"a message of another version":            `UPDATE messages SET version = 99 WHERE id = 1`,
		"a message that the store does not have":  `INSERT INTO messages VALUES (99, 1)`,
		"tokens that are not there":               `DELETE FROM grams WHERE rowid = 1`,
		"tokens of another text":                  `REPLACE INTO grams (rowid, tokens) VALUES (1, 'xyz')`,
		"tokens of what the store does not have":  `INSERT INTO grams (rowid, tokens) VALUES (99, 'xyz')`,
		"one token too many":                      `REPLACE INTO grams (rowid, tokens) SELECT 1, 'n ne nee e ee eed d ed edl l dl dle le room1 zzz'`,
		"a full-text table that does not hold up": `UPDATE grams_data SET block = x'0000' WHERE id > 1000`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.say("lobby", "needle")
			w.say("lobby", "other")
			w.catchUp()
			w.audit()
			w.reopen(func() { execute(t, w.path(), statement) })
			r, err := search.Audit(t.Context(), w.index, w.store)
			check(t, err)
			if r.OK() {
				t.Error("the audit finds nothing")
			}
		})
	}
}

// TestDamagedStore holds that damage of the database is not taken for damage of the index, which would be thrown away and
// read anew without end.
func TestDamagedStore(t *testing.T) {
	w := newWorld(t)
	for i := range 3000 {
		w.say("lobby", fmt.Sprint("ordinary words that are long enough to fill pages of the file ", i))
	}
	w.catchUp()
	for i := range 10 {
		w.say("lobby", fmt.Sprint("later ", i))
	}
	w.reopen(func() {
		path := filepath.Join(w.dir, "parley.db")
		pages, err := os.ReadFile(path)
		check(t, err)
		spoiled := 0
		for page := range slices.Chunk(pages, 4096) {
			if bytes.Contains(page, []byte("later 5")) {
				copy(page, bytes.Repeat([]byte{0x55}, len(page)))
				spoiled++
			}
		}
		if spoiled == 0 {
			t.Fatal("no page has the message")
		}
		check(t, os.WriteFile(path, pages, 0o600))
	})
	if err := w.index.CatchUp(t.Context(), w.store, nil); err == nil {
		t.Error("it read what cannot be read")
	}
	if _, err := os.Stat(w.path() + ".damaged"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the index was thrown away (%v)", err)
	}
}
