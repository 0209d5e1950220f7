// Package store keeps everything durable in an SQL database: chat.Store on SQLite.
//
// One goroutine writes. Whatever waits for it is run in one transaction, each command in a savepoint of its own, and
// becomes durable by one sync (writer.go). Readers have connections of their own, and each read is one snapshot. Beyond
// that there is a file per table, which holds its SQL and the scanning of its rows; what only SQLite does is in sqlite.go.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver

	"parley/internal/chat"
)

// A Config says where the store is and who hears of its commits.
type Config struct {
	Path   string           // the database file; its folder must exist
	Log    chat.Log         // hears of every commit; nil for nobody
	Clock  func() time.Time // nil for time.Now
	Logger *slog.Logger     // nil for slog.Default
}

// A Store is a chat.Store on a SQLite file. That one process at a time has the file open is the caller's business.
// Write works while Run runs; Read works until Close.
type Store struct {
	config  Config
	epoch   chat.Epoch
	queue   *queue
	writeDB *sql.DB
	readDB  *sql.DB
	readers chan *conn // as many as may read at once; nil stands for one that is not connected yet
	closing sync.Once
	tails   tailSizes
}

var _ chat.Store = (*Store)(nil)

// Open opens the database file, makes it if there is none, and brings its schema up to date. A file with a newer schema, or
// one that is no database, is refused and left as it is. It starts no goroutine: Run does the writing.
func Open(ctx context.Context, config Config) (*Store, error) {
	if config.Path == "" {
		return nil, errors.New("store: Config.Path is empty")
	}
	if config.Clock == nil {
		config.Clock = time.Now
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	s := &Store{config: config, queue: newQueue(), tails: usualTails}
	var err error
	if s.writeDB, err = openSQLite(config.Path, writePragmas); err != nil {
		return nil, opened(config.Path, err)
	}
	s.writeDB.SetMaxOpenConns(1)
	if s.readDB, err = openSQLite(config.Path, readPragmas); err != nil {
		s.writeDB.Close()
		return nil, opened(config.Path, err)
	}
	s.readers = make(chan *conn, max(4, 2*runtime.GOMAXPROCS(0)))
	for range cap(s.readers) {
		s.readers <- nil
	}
	ctx, cancel := context.WithTimeout(ctx, migrationTime)
	defer cancel()
	if err = migrate(ctx, s.writeDB); err == nil {
		s.epoch, err = mintEpoch(ctx, s.writeDB)
	}
	if err != nil {
		s.Close()
		return nil, opened(config.Path, err)
	}
	return s, nil
}

// Close waits for the reads that are under way and closes the file. Run must have returned, or never have been called.
// Closing again does nothing.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		s.queue.stop()
		for range cap(s.readers) {
			if c := <-s.readers; c != nil {
				c.drop()
			}
		}
		close(s.readers)
		err = errors.Join(s.readDB.Close(), s.writeDB.Close())
	})
	return err
}

// Read is chat.Store's Read. At most a few reads run at once; the others wait their turn.
func (s *Store) Read(ctx context.Context, f func(chat.Snapshot) error) error {
	ctx, cancel := brief(ctx)
	defer cancel()
	var c *conn
	select {
	case waiting, open := <-s.readers:
		if !open {
			return chat.Errorf(chat.Unavailable, "", "The server is going away.")
		}
		c = waiting
	case <-ctx.Done():
		return notRead(ctx.Err())
	}
	sound := false
	defer func() {
		if !sound && c != nil {
			c.drop()
			c = nil
		}
		s.readers <- c
	}()
	if c == nil {
		var err error
		if c, err = connect(ctx, s.readDB); err != nil {
			return notRead(fmt.Errorf("connecting a reader: %w", err))
		}
	}
	q := &queries{conn: c, ctx: ctx}
	err := q.put(`BEGIN`)
	if err == nil {
		err = f(&snapshot{queries: q, epoch: s.epoch, now: s.config.Clock()})
		_ = q.put(`ROLLBACK`)
	}
	if q.trouble != nil {
		return notRead(q.trouble)
	}
	sound = true
	return err
}

// A snapshot is chat.Snapshot on one transaction.
type snapshot struct {
	*queries
	epoch chat.Epoch
	now   time.Time
}

func (s *snapshot) Epoch() chat.Epoch { return s.epoch }

func (s *snapshot) Now() time.Time { return s.now }

func (s *snapshot) ServerVersion() (int64, error) {
	return one(s.queries, scanInt, `SELECT version FROM server WHERE id = 1`)
}
