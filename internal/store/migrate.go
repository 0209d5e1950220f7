package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"embed"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"parley/internal/chat"
	"parley/internal/fault"
)

// Migrations are never edited after they have landed; each change of the schema is a new file with the next number.
//
//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to what this program knows, one transaction a migration. A database with a newer schema is
// refused and left as it is.
func migrate(ctx context.Context, db *sql.DB) error {
	if err := foreign(ctx, db); err != nil {
		return err
	}
	provider, current, err := schema(ctx, db)
	if err != nil || current {
		return err
	}
	// What a migration puts aside may be as large as the database: it goes to the disk, and not into memory as else.
	if _, err := db.ExecContext(ctx, `PRAGMA temp_store = FILE`); err != nil {
		return err
	}
	fault.Migrating(true)
	_, err = provider.Up(ctx)
	fault.Migrating(false)
	if err == nil {
		_, err = db.ExecContext(ctx, `PRAGMA temp_store = MEMORY`)
	}
	return err
}

// schema is what brings the database's schema up to what this program knows, and whether it is there already. A newer schema
// is an error.
func schema(ctx context.Context, db *sql.DB) (provider *goose.Provider, current bool, err error) {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, false, err
	}
	provider, err = goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, false, err
	}
	has, target, err := provider.GetVersions(ctx)
	if err == nil && has > target {
		err = fmt.Errorf("the database was written by a newer Parley (its schema is %d, this program knows %d): "+
			"start the newer program, or restore a backup", has, target)
	}
	return provider, has == target, err
}

// Migration 4 calls it.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("parley_key_hash", 2,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			user, isUser := args[0].(int64)
			key, isKey := args[1].(string)
			if !isUser || !isKey {
				return nil, fmt.Errorf("parley_key_hash of %T and %T", args[0], args[1])
			}
			return keyHash(chat.UserID(user), key), nil
		})
}

// foreign returns an error if the database has tables and none of them is ours: it is another program's.
func foreign(ctx context.Context, db *sql.DB) error {
	var tables, ours int
	err := db.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(name = 'goose_db_version'), 0) FROM sqlite_master
		WHERE type = 'table' AND name NOT LIKE 'sqlite%'`).Scan(&tables, &ours)
	if err == nil && tables > 0 && ours == 0 {
		err = errors.New("it is another program's database")
	}
	return err
}

// mintEpoch reads the database's epoch, and mints it if the database is new.
func mintEpoch(ctx context.Context, db *sql.DB) (chat.Epoch, error) {
	fresh := newEpoch()
	var epoch chat.Epoch
	err := db.QueryRowContext(ctx, `SELECT epoch FROM server WHERE id = 1`).Scan(&epoch)
	if err != sql.ErrNoRows {
		return epoch, err
	}
	_, err = db.ExecContext(ctx, `INSERT INTO server (id, epoch, version) VALUES (1, $1, 0)`, fresh)
	return fresh, err
}

// newEpoch is one that no database has: 50 random bits.
func newEpoch() chat.Epoch {
	random := make([]byte, 8)
	rand.Read(random)
	return chat.Epoch(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random))[:10])
}
