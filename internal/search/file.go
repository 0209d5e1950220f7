package search

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"parley/internal/chat"
)

// format is the file's user_version. A file of another format is not brought up to date: everything in it can be read again.
const format = 1

// schema of the file. messages says which messages are in grams, and by which of their versions. Merging segments less often
// than by default, and a batch of 4,000 messages in one segment, make a million messages a third cheaper and searches no slower.
const schema = `
CREATE TABLE state (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    epoch    TEXT    NOT NULL, -- of the store that was read; '' before the first
    building INTEGER NOT NULL  -- 1 until the index has caught up for the first time
);
INSERT INTO state (id, epoch, building) VALUES (1, '', 1);
CREATE TABLE cursors (
    room_id  INTEGER PRIMARY KEY,
    version  BIGINT  NOT NULL, -- of the room: everything up to it has been read
    dropping INTEGER NOT NULL  -- 1: what there is of the room is being removed, and version is not to be trusted
);
CREATE TABLE messages (
    id      INTEGER PRIMARY KEY, -- messages.id of the store, and the rowid in grams
    version BIGINT NOT NULL
);
CREATE VIRTUAL TABLE grams USING fts5(tokens, content='', contentless_delete=1, detail=none, tokenize='ascii');
INSERT INTO grams (grams, rank) VALUES ('automerge', 8), ('hashsize', 4194304);
`

// synchronous=NORMAL: after a power cut the newest transactions may be missing, each as a whole, with the cursors that it
// moved; reading goes on from those that are there. So the index never waits for the disk, and never makes posts wait for it
// but at a checkpoint.
var (
	writing = []string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)", "temp_store(MEMORY)", "cache_size(-16384)",
		"wal_autocheckpoint(2048)", "journal_size_limit(16777216)",
	}
	reading = []string{"busy_timeout(5000)", "query_only(ON)", "cache_size(-4096)"}
)

// readers is how many searches the file is asked for at once; others wait.
const readers = 4

// A file is search.db, open. One goroutine writes; any may read.
type file struct {
	writeDB *sql.DB
	readDB  *sql.DB
	conn    *sql.Conn // that writes

	statements                   []*sql.Stmt // all of the following
	begin, commit, rollback      *sql.Stmt
	known, insert, note, forget  *sql.Stmt
	remove, move, unmove, finish *sql.Stmt
	ofRoom                       *sql.Stmt
	find, findUp, ends           *sql.Stmt // of readDB
}

// errFormat says that a file is of another format than this program's.
var errFormat = errors.New("it is of another version of Parley")

// openFile opens the file and makes it if there is none.
func openFile(ctx context.Context, path string) (*file, error) {
	// Made here so that nobody else on this machine can read it; SQLite's other files take after it.
	made, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := made.Close(); err != nil {
		return nil, err
	}
	f := &file{}
	if f.writeDB, err = handle(path, writing); err == nil {
		f.readDB, err = handle(path, reading)
	}
	if err == nil {
		f.readDB.SetMaxOpenConns(readers)
		f.readDB.SetMaxIdleConns(readers)
		err = f.connect(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func handle(path string, pragmas []string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	return sql.Open("sqlite", address.String())
}

func (f *file) connect(ctx context.Context) error {
	var err error
	if f.conn, err = f.writeDB.Conn(ctx); err != nil {
		return err
	}
	var version, tables int
	if err := f.conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if err := f.conn.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&tables); err != nil {
		return err
	}
	switch {
	case version == 0 && tables == 0:
		make := fmt.Sprintf("BEGIN IMMEDIATE; %s PRAGMA user_version = %d; COMMIT", schema, format)
		if _, err := f.conn.ExecContext(ctx, make); err != nil {
			return err
		}
	case version != format:
		return errFormat
	}
	return f.prepare(ctx)
}

func (f *file) prepare(ctx context.Context) error {
	const find = `SELECT rowid FROM grams WHERE grams MATCH $1 AND rowid >= $2 AND rowid <= $3 ORDER BY rowid `
	for _, p := range []struct {
		stmt **sql.Stmt
		on   interface {
			PrepareContext(context.Context, string) (*sql.Stmt, error)
		}
		query string
	}{
		{&f.begin, f.conn, `BEGIN IMMEDIATE`},
		{&f.commit, f.conn, `COMMIT`},
		{&f.rollback, f.conn, `ROLLBACK`},
		{&f.known, f.conn, `SELECT version FROM messages WHERE id = $1`},
		{&f.insert, f.conn, `INSERT INTO grams (rowid, tokens) VALUES ($1, $2)`},
		{&f.note, f.conn, `REPLACE INTO messages (id, version) VALUES ($1, $2)`},
		{&f.forget, f.conn, `DELETE FROM messages WHERE id = $1`},
		{&f.remove, f.conn, `DELETE FROM grams WHERE rowid = $1`},
		{&f.move, f.conn, `REPLACE INTO cursors VALUES ($1, $2, $3)`},
		{&f.unmove, f.conn, `DELETE FROM cursors WHERE room_id = $1`},
		{&f.finish, f.conn, `UPDATE state SET epoch = $1, building = $2`},
		{&f.ofRoom, f.conn, `SELECT rowid FROM grams WHERE grams MATCH $1 LIMIT $2`},
		{&f.find, f.readDB, find + `DESC LIMIT $4`},
		{&f.findUp, f.readDB, find + `ASC LIMIT $4`},
		{&f.ends, f.readDB, `SELECT coalesce((SELECT min(id) FROM messages), 1), coalesce((SELECT max(id) FROM messages), 0)`},
	} {
		stmt, err := p.on.PrepareContext(ctx, p.query)
		if err != nil {
			return err
		}
		*p.stmt, f.statements = stmt, append(f.statements, stmt)
	}
	return nil
}

// Close closes the file; it may be half open.
func (f *file) Close() error {
	// SQLite keeps a connection, and its log, as long as there are statements.
	var err error
	for _, stmt := range f.statements {
		err = errors.Join(err, stmt.Close())
	}
	if f.readDB != nil {
		err = errors.Join(err, f.readDB.Close())
	}
	if f.conn != nil {
		err = errors.Join(err, f.conn.Close())
	}
	if f.writeDB != nil {
		err = errors.Join(err, f.writeDB.Close())
	}
	return err
}

// A saved state is what the file says of how far it is.
type saved struct {
	epoch    chat.Epoch
	building bool
	places   map[chat.RoomID]place
	newest   int64 // the highest id of a message in it
}

func (f *file) load(ctx context.Context) (saved, error) {
	s := saved{places: map[chat.RoomID]place{}}
	if err := f.conn.QueryRowContext(ctx, `SELECT epoch, building FROM state WHERE id = 1`).Scan(&s.epoch, &s.building); err != nil {
		return s, err
	}
	if err := f.conn.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM messages`).Scan(&s.newest); err != nil {
		return s, err
	}
	rows, err := f.conn.QueryContext(ctx, `SELECT room_id, version, dropping FROM cursors`)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		var room chat.RoomID
		var p place
		if err := rows.Scan(&room, &p.cursor, &p.dropping); err != nil {
			return s, err
		}
		p.head = p.cursor
		s.places[room] = p
	}
	return s, rows.Err()
}

// span is from the lowest to the highest id of a message in the file; there is none when low is above high.
func (f *file) span(ctx context.Context) (low, high int64, err error) {
	err = f.ends.QueryRowContext(ctx).Scan(&low, &high)
	return low, high, err
}

// candidateTime bounds one look into the file.
const candidateTime = 5 * time.Second

// ids are up to limit messages that have all tokens of a query, with ids from low to high, both included.
func (f *file) ids(ctx context.Context, query string, low, high int64, ascending bool, limit int) ([]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, candidateTime)
	defer cancel()
	stmt := f.find
	if ascending {
		stmt = f.findUp
	}
	rows, err := stmt.QueryContext(ctx, query, low, high, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// isDamaged reports whether an error says that the file is no index that could be used, rather than that it cannot be read or
// written just now.
func isDamaged(err error) bool {
	if _, theirs := errors.AsType[*chat.Error](err); theirs {
		return false // it is the store that is damaged, or cannot be read
	}
	code := codeOf(err)
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// isForeign is isDamaged for opening, where a table that is missing, or not what it should be, shows too.
func isForeign(err error) bool {
	return isDamaged(err) || errors.Is(err, errFormat) || codeOf(err) == sqlite3.SQLITE_ERROR
}

// codeOf is the primary result code of SQLite, or SQLITE_OK for another error.
func codeOf(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return sqlite3.SQLITE_OK
}

// setAside moves a file that cannot be used out of the way, in the place of the one that was there before; or removes it.
func setAside(path string, remove bool) error {
	var err error
	if remove {
		err = os.Remove(path)
	} else {
		err = os.Rename(path, path+".damaged")
	}
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if e := os.Remove(path + suffix); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}
