package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"parley/internal/chat"
)

// Settings of every connection. secure_delete overwrites what is deleted, so that a deleted text is not left in the file.
var (
	writePragmas = []string{
		"busy_timeout(5000)", "journal_mode(WAL)", synchronous, "foreign_keys(ON)", "secure_delete(ON)",
		"temp_store(MEMORY)", "cache_size(-65536)", "wal_autocheckpoint(4096)", "journal_size_limit(67108864)",
	}
	readPragmas = []string{"busy_timeout(5000)", "query_only(ON)", "cache_size(-8192)"}
)

// openSQLite makes a handle on the database file at path whose connections have these pragmas.
func openSQLite(path string, pragmas []string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	query := url.Values{"_pragma": pragmas}
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: query.Encode()}
	return sql.Open("sqlite", file.String())
}

// foreignWrites is a number above 0 that changes when another connection has written to the database since q last asked.
func foreignWrites(q *queries) (int64, error) {
	n, err := q.bareInts(`PRAGMA data_version`)
	if err == nil && len(n) == 0 {
		err = errors.New("no data_version")
	}
	if err != nil {
		return 0, err
	}
	return n[0], nil
}

// isTrouble reports whether err says that the database itself cannot go on, rather than that one statement is at fault.
func isTrouble(err error) bool {
	if err == nil {
		return false
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, driver.ErrBadConn) {
		return true
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
		sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return true
	}
	return false
}

// isFull reports whether err says that there is no room left on the disk.
func isFull(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) &&
		(e.Code()&0xff == sqlite3.SQLITE_FULL || e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE)
}

// isDamage reports whether err says that a file is not a sound database.
func isDamage(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_NOTADB || e.Code()&0xff == sqlite3.SQLITE_CORRUPT)
}

// notStored is what a command is told when the database is in trouble.
func notStored(err error) *chat.Error {
	if isFull(err) {
		return chat.Errorf(chat.Unavailable, "", "Cannot be stored just now: the disk is full.").Because(err)
	}
	return chat.Errorf(chat.Unavailable, "", "Cannot be stored just now.").Because(err)
}

// notRead is what a reader is told when the database is in trouble.
func notRead(err error) *chat.Error {
	return chat.Errorf(chat.Unavailable, "", "Cannot be read just now.").Because(err)
}

const (
	// statementTime bounds a transaction and with it every statement in it.
	statementTime = 30 * time.Second
	// migrationTime bounds all migrations together; one may have to touch every row of a large database.
	migrationTime = 30 * time.Minute
)

// brief is a context with the deadline of one transaction.
func brief(parent context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(parent, statementTime)
}

// opened turns an error of opening into one that names the file and says what can be done about it.
func opened(path string, err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return fmt.Errorf("%s is damaged or not a Parley database (restore a backup): %w", path, err)
		case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
			return fmt.Errorf("%s cannot be opened for writing (check that the folder exists and its owner): %w", path, err)
		}
	}
	return fmt.Errorf("opening %s: %w", path, err)
}
