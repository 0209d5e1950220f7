//go:build linux

package work

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver

	"parley/bench/load"
)

// makeBig makes a database with a long room and a short one. The server makes the file, the rooms and the authors; the messages
// are put in by SQL while it is stopped.
func (b *Bench) makeBig(ctx context.Context, dir string, messages int) error {
	b.say("big: making a database of %d messages", messages)
	began := time.Now()
	p, err := b.parley(ctx, launch{data: dir})
	if err != nil {
		return err
	}
	defer p.Kill()
	for _, room := range []string{bigRoom, smallRoom} {
		guests, err := load.Enter(p.Address, bigAuthors, func(i int) (string, string) { return fmt.Sprintf("author-%d-%s", i, room), room })
		if err != nil {
			return err
		}
		// Each author says something, and so becomes a member.
		for i := range guests {
			if err := b.speak(guests[i:i+1], room, 1); err != nil {
				return err
			}
		}
	}
	if err := p.Stop(); err != nil {
		return err
	}
	if err := fill(ctx, p.database(), map[string]int{bigRoom: messages, smallRoom: smallMessages}); err != nil {
		return err
	}
	if err := settled(p.database()); err != nil {
		return err
	}
	b.say("  made and checked in %s", time.Since(began).Round(time.Second))
	return nil
}

// settled waits until a file is on the disk, so that writing it is not measured with what comes after.
func settled(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// fill brings rooms to so many messages each, and checks the database.
func fill(ctx context.Context, path string, rooms map[string]int) error {
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: url.Values{"_pragma": {
		// What was made in vain is made again: nobody waits for the disk in between.
		"journal_mode(OFF)", "synchronous(OFF)", "locking_mode(EXCLUSIVE)", "cache_size(-262144)", "temp_store(MEMORY)",
	}}.Encode()}).String())
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	indexes, err := dropIndexes(ctx, db, "messages")
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(keys(rooms)) {
		if err := fillRoom(ctx, db, name, rooms[name]); err != nil {
			return fmt.Errorf("filling %s: %w", name, err)
		}
	}
	for _, index := range append(indexes, afterwards(ctx, db)...) {
		if _, err := db.ExecContext(ctx, index); err != nil {
			return fmt.Errorf("%s: %w", index, err)
		}
	}
	return check(ctx, db)
}

func keys(m map[string]int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// dropIndexes drops a table's indexes, which are built faster at once than row by row, and returns how to make them again.
func dropIndexes(ctx context.Context, db *sql.DB, table string) (again []string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		names, again = append(names, name), append(again, text)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, err := db.ExecContext(ctx, `DROP INDEX `+name); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// columns are how each column of a new message is computed, from i, its place among the new ones, and the room's row r.
var columns = map[string]string{
	"room_id": "r.id", "number": "r.messages + i", "version": "r.version + i", "posted_version": "r.version + i",
	"user_id": "r.author + i * 7919 % r.authors", "key": "''", "digest": "x''",
	"at": "1700000000000 + i * 2000", "edited_at": "0", "deleted_at": "0",
	"text": "'Has anyone seen the keys to the garden? I left them at number ' || i",
}

// fillRoom adds messages to a room until it has so many.
func fillRoom(ctx context.Context, db *sql.DB, room string, messages int) error {
	names, err := tableColumns(ctx, db, "messages")
	if err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "id" })
	values := make([]string, len(names))
	for i, name := range names {
		if values[i] = columns[name]; values[i] == "" {
			return fmt.Errorf("messages has a column %q that is not known here", name)
		}
	}
	_, err = db.ExecContext(ctx, `
		WITH RECURSIVE
			r AS MATERIALIZED (SELECT id, messages, version,
				(SELECT min(user_id) FROM members WHERE room_id = id) AS author, (SELECT count(*) FROM members WHERE room_id = id) AS authors
				FROM rooms WHERE name = $1),
			n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2 - (SELECT messages FROM r))
		INSERT INTO messages (`+strings.Join(names, ", ")+`) SELECT `+strings.Join(values, ", ")+` FROM n, r`, room, messages)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `UPDATE rooms SET version = version + $2 - messages, messages = $2, newest = (SELECT max(id) FROM messages) WHERE name = $1`,
		room, messages)
	return err
}

func tableColumns(ctx context.Context, db *sql.DB, table string) (names []string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT name FROM pragma_table_info($1)`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// afterwards is what else a schema with its own tables for authors and keys wants to know of the messages.
func afterwards(ctx context.Context, db *sql.DB) []string {
	if names, err := tableColumns(ctx, db, "message_tails"); err != nil || len(names) == 0 {
		return nil
	}
	return []string{
		`DELETE FROM message_authors`,
		`INSERT INTO message_authors (user_id, id) SELECT user_id, id FROM messages ORDER BY user_id, id`,
		`UPDATE message_tails SET authors = (SELECT max(id) FROM messages), keys = (SELECT max(id) FROM messages)`,
	}
}

// check has SQLite look at the whole file, and leaves it in the mode that the server keeps it in.
func check(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the database is damaged: %s", verdict)
	}
	rows, err := db.QueryContext(ctx, `PRAGMA foreign_key_check`)
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return fmt.Errorf("the database breaks a reference")
	}
	return rows.Err()
}
