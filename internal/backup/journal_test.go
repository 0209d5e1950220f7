package backup_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/backup"
)

// TestHotJournal restores into a directory whose former database was killed while it wrote with a rollback journal, as it
// does when a restored one is started first. The journal is the former one's: beside the new database it would be played
// back into it.
func TestHotJournal(t *testing.T) {
	const messages = 200
	good := newPlace(t, messages).backup()
	former := filepath.Join(t.TempDir(), "former.db")
	if err := copyFile(newPlace(t, 50).backup(), former); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", former+"?_pragma=journal_mode(DELETE)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, q := range []string{
		"PRAGMA cache_size=1", "PRAGMA cache_spill=1", "BEGIN IMMEDIATE", "UPDATE server SET version = version + 1",
		"UPDATE messages SET text = text || hex(randomblob(500))",
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	database := filepath.Join(t.TempDir(), "parley.db")
	if err := errors.Join(copyFile(former, database), copyFile(former+"-journal", database+"-journal")); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := restore(good, database, true).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	restored, err := sql.Open("sqlite", database)
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	var verdict string
	var n int
	if err := restored.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("the restored database: %s, %v", verdict, err)
	}
	if err := restored.QueryRow("SELECT count(*) FROM messages").Scan(&n); err != nil || n != messages {
		t.Errorf("got %d messages and %v, want %d", n, err, messages)
	}
}

func TestBackupOverTheDatabaseItself(t *testing.T) {
	p := newPlace(t, 20)
	before, err := os.Stat(p.path)
	if err != nil {
		t.Fatal(err)
	}
	for name, link := range map[string]func(from, to string) error{"symbolic": os.Symlink, "hard": os.Link} {
		t.Run("by a "+name+" link", func(t *testing.T) {
			linked := filepath.Join(t.TempDir(), "parley.db")
			if err := link(p.path, linked); err != nil {
				t.Fatal(err)
			}
			if _, err := (backup.Job{Database: linked, Path: p.path, Force: true}).Run(t.Context()); err == nil {
				t.Error("it was taken")
			}
			if after, err := os.Stat(p.path); err != nil || !os.SameFile(before, after) {
				t.Errorf("the database is another file now (%v)", err)
			}
		})
	}
}
