package importer

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"parley/internal/chat"
)

// The hints that go with what can be wrong with a file.
const (
	whereHint = "The tutorial's database is the file db.sqlite3 beside its manage.py."
	busyHint  = "Stop the Django server, or wait a moment, and try again."
	brokenTip = "Restore it from a backup, or mend a copy with: sqlite3 db.sqlite3 .recover | sqlite3 mended.sqlite3"
)

// A Source is a database of the tutorial that has been opened and found sound. It is read in one transaction, so that what
// is written to it meanwhile does not show. Its methods are for one goroutine.
type Source struct {
	path     string
	private  string // the folder of a private copy, "" when the file is read where it lies
	db       *sql.DB
	conn     *sql.Conn
	mark     string
	rooms    int64 // rows
	messages int64 // rows
}

// Open opens a database of the tutorial and checks the whole of it. The file is never changed, and nothing is made beside
// it: a database that could only be read by writing something (one that was cut off in the midst of a change, or a copy in
// WAL mode) is copied to a private place first. While a file in SQLite's usual mode is open its own server can read but not
// write; in WAL mode it can do both. Errors are chat.Errors that say what to do. The caller closes the Source.
func Open(ctx context.Context, path string) (*Source, error) {
	path, err := findFile(path)
	if err != nil {
		return nil, err
	}
	s := &Source{path: path}
	if err = s.open(ctx); err == nil {
		err = s.check(ctx)
	}
	if err != nil {
		s.Close()
		return nil, s.explain(ctx, err)
	}
	return s, nil
}

// Close ends the reading and removes the private copy, if there is one.
func (s *Source) Close() error {
	var err error
	if s.conn != nil {
		err = s.conn.Close()
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	if s.private != "" {
		err = errors.Join(err, os.RemoveAll(s.private))
	}
	s.conn, s.db, s.private = nil, nil, ""
	return err
}

// findFile is the real path of a file that may be a database.
func findFile(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	var info fs.FileInfo
	if err == nil {
		info, err = os.Stat(real)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", chat.Errorf(chat.NotFound, "path", "There is no file %s. %s", path, whereHint)
	case errors.Is(err, fs.ErrPermission):
		return "", chat.Errorf(chat.Forbidden, "path", "The file %s may not be read. Run the command as its owner.", path)
	case err != nil:
		return "", chat.Errorf(chat.Invalid, "path", "The file %s cannot be found: %w.", path, err)
	case info.IsDir():
		return "", chat.Errorf(chat.Invalid, "path", "%s is a folder. %s", path, whereHint)
	case !info.Mode().IsRegular():
		return "", chat.Errorf(chat.Invalid, "path", "%s is no ordinary file. %s", path, whereHint)
	case info.Size() == 0:
		return "", chat.Errorf(chat.Invalid, "path", "The file %s is empty. %s", path, whereHint)
	}
	return real, nil
}

// open connects to the file where it lies, or to a private copy where that would not leave its folder as it is.
func (s *Source) open(ctx context.Context) error {
	// A database in WAL mode gets a WAL and an index of it beside it when it is opened, even for reading, unless they are
	// there because somebody has it open. Such a one is also not to be touched other than by SQLite: if it is this very
	// program that has it open, closing the file would drop the locks it holds.
	bare := false
	if !exists(s.path+"-shm") || !exists(s.path+"-wal") {
		wal, err := inWALMode(s.path)
		if err != nil {
			return err
		}
		bare = wal
	}
	if !bare {
		err := s.connect(ctx, s.path, "ro")
		if !needsWriting(err) {
			return err
		}
		s.disconnect()
	}
	if err := s.copyFiles(); err != nil {
		return err
	}
	return s.connect(ctx, filepath.Join(s.private, copyName), "rw")
}

// connect opens the file at path and begins the transaction that everything is read in.
func (s *Source) connect(ctx context.Context, path, mode string) error {
	query := url.Values{"mode": {mode}, "_pragma": {"busy_timeout(2000)", "trusted_schema(OFF)", "cell_size_check(ON)"}}
	file := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	var err error
	if s.db, err = sql.Open("sqlite", file.String()); err != nil {
		return err
	}
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return err
	}
	for _, statement := range []string{`PRAGMA query_only = ON`, `BEGIN`, `SELECT count(*) FROM sqlite_master`} {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (s *Source) disconnect() {
	if s.conn != nil {
		s.conn.Close()
	}
	s.db.Close()
	s.conn, s.db = nil, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// inWALMode reads from a database's header whether it is in WAL mode, and returns an error if that is no header.
func inWALMode(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var header [20]byte
	_, err = io.ReadFull(f, header[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	if err != nil || !bytes.HasPrefix(header[:], []byte("SQLite format 3\x00")) {
		return false, errNoDatabase
	}
	return header[18] == 2 || header[19] == 2, nil
}

var errNoDatabase = errors.New("no SQLite header")

// copyName is what the private copy is called; its journals are called after it.
const copyName = "copy.sqlite3"

// copyFiles copies the database with its journals to a private folder.
func (s *Source) copyFiles() error {
	var err error
	if s.private, err = os.MkdirTemp("", "parley-import-"); err != nil {
		return fmt.Errorf("making room for a private copy: %w", err)
	}
	for range 3 {
		before, err := s.stamp()
		if err != nil {
			return err
		}
		for _, suffix := range []string{"", "-wal", "-journal"} {
			if err := copyFile(filepath.Join(s.private, copyName+suffix), s.path+suffix); err != nil {
				return err
			}
		}
		after, err := s.stamp()
		if err != nil || before == after {
			return err
		}
	}
	return errBusy
}

var errBusy = errors.New("the file is being written to")

// stamp changes when the database or one of its journals does.
func (s *Source) stamp() (string, error) {
	var stamp strings.Builder
	for _, suffix := range []string{"", "-wal", "-journal"} {
		info, err := os.Stat(s.path + suffix)
		if err == nil {
			fmt.Fprintln(&stamp, suffix, info.Size(), info.ModTime().UnixNano())
		} else if suffix == "" || !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return stamp.String(), nil
}

// copyFile makes to what from is now; if there is no from there is no to either.
func copyFile(to, from string) error {
	in, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.Remove(to)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	if err != nil || in == nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// sqliteCode is the code of an error of SQLite, 0 for others.
func sqliteCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

// needsWriting reports whether err says that the database cannot be read without writing something beside it.
func needsWriting(err error) bool {
	switch sqliteCode(err) {
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return true
	}
	return false
}

// explain turns an error of opening, checking or reading into one for people.
func (s *Source) explain(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*chat.Error](err); ok || err == nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	code := sqliteCode(err)
	switch {
	case errors.Is(err, errNoDatabase) || code == sqlite3.SQLITE_NOTADB:
		return chat.Errorf(chat.Invalid, "path", "%s is not a SQLite database, or it is encrypted. %s", s.path, whereHint).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return chat.Errorf(chat.Forbidden, "path", "The file %s may not be read. Run the command as its owner.", s.path).Because(err)
	case errors.Is(err, errBusy), code == sqlite3.SQLITE_BUSY, code == sqlite3.SQLITE_LOCKED:
		return chat.Errorf(chat.Unavailable, "path", "The database %s is in use. %s", s.path, busyHint).Because(err)
	case code == sqlite3.SQLITE_CORRUPT:
		return chat.Errorf(chat.Invalid, "path", "The database %s is damaged (%w). %s", s.path, err, brokenTip)
	}
	return chat.Errorf(chat.Invalid, "path", "The database %s cannot be read: %w.", s.path, err)
}

// The tables of the tutorial and their columns.
var tables = []struct {
	name    string
	columns []string
}{
	{"ChatApp_room", []string{"id", "room_name"}},
	{"ChatApp_message", []string{"id", "sender", "message", "room_id"}},
}

// check sees whether the database has the tutorial's tables and whether they are sound, and counts their rows.
func (s *Source) check(ctx context.Context) error {
	names, err := s.strings(ctx, `SELECT name FROM sqlite_master
		WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name LIMIT 40`)
	if err != nil {
		return err
	}
	for _, t := range tables {
		found, err := s.strings(ctx, `SELECT name FROM sqlite_master
			WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name = $1 COLLATE NOCASE`, t.name)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return chat.Errorf(chat.Invalid, "path", "The database %s is not the tutorial's: it has no table %s (%s). %s",
				s.path, t.name, has(names), whereHint)
		}
		columns, err := s.strings(ctx, `SELECT lower(name) FROM pragma_table_info($1)`, t.name)
		if err != nil {
			return err
		}
		for _, column := range t.columns {
			if !slices.Contains(columns, column) {
				return chat.Errorf(chat.Invalid, "path", "The database %s is not the tutorial's: its table %s has no column %s (it has %s).",
					s.path, t.name, column, strings.Join(columns, ", "))
			}
		}
	}
	for _, t := range tables {
		if err := s.sound(ctx, t.name); err != nil {
			return err
		}
	}
	row := s.conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM "ChatApp_room"), (SELECT count(*) FROM "ChatApp_message")`)
	if err := row.Scan(&s.rooms, &s.messages); err != nil {
		return err
	}
	s.mark, err = s.findMark(ctx)
	return err
}

func has(tables []string) string {
	if len(tables) == 0 {
		return "it has no tables at all"
	}
	return "it has " + strings.Join(tables, ", ")
}

// sound has SQLite walk through a table. What it says about values is no damage: values are taken as they come.
func (s *Source) sound(ctx context.Context, table string) error {
	findings, err := s.strings(ctx, `PRAGMA quick_check("`+table+`")`)
	if err != nil {
		return err
	}
	for _, finding := range findings {
		if finding == "ok" || strings.Contains(finding, " value in ") || strings.HasPrefix(finding, "CHECK constraint") {
			continue
		}
		finding, _, _ = strings.Cut(strings.TrimPrefix(finding, "*** in database main ***\n"), "\n")
		return chat.Errorf(chat.Invalid, "path", "The database %s is damaged in its table %s (%s). %s", s.path, table, finding, brokenTip)
	}
	return nil
}

// findMark is when Django made the tables, to the microsecond: that stays the same however the database grows and wherever
// it is moved. A database without Django's record of it has the mark "".
func (s *Source) findMark(ctx context.Context) (string, error) {
	columns, err := s.strings(ctx, `SELECT lower(name) FROM pragma_table_info('django_migrations')`)
	if err != nil || !slices.Contains(columns, "app") || !slices.Contains(columns, "applied") || !slices.Contains(columns, "id") {
		return "", err
	}
	marks, err := s.strings(ctx, `SELECT 'ChatApp ' || substr(CAST(applied AS TEXT), 1, 100) FROM django_migrations
		WHERE app = 'ChatApp' COLLATE NOCASE AND applied IS NOT NULL ORDER BY id LIMIT 1`)
	if err != nil || len(marks) == 0 {
		return "", err
	}
	return strings.ToValidUTF8(marks[0], "\uFFFD"), nil
}

func (s *Source) strings(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := s.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
