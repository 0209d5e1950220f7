package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"

	"parley/internal/chat"
)

// Migrations are never edited after they have landed; each change of the schema is a new file with the next number.
//
//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to what this program knows, one transaction a migration. A database with a newer schema is
// refused and left as it is.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	if err := foreign(ctx, db); err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case current > target:
		return fmt.Errorf("the database was written by a newer Parley (its schema is %d, this program knows %d): "+
			"start the newer program, or restore a backup", current, target)
	case current == target:
		return nil
	}
	_, err = provider.Up(ctx)
	return err
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
	random := make([]byte, 8)
	rand.Read(random)
	fresh := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random))[:10]
	var epoch chat.Epoch
	err := db.QueryRowContext(ctx, `SELECT epoch FROM server WHERE id = 1`).Scan(&epoch)
	if err != sql.ErrNoRows {
		return epoch, err
	}
	_, err = db.ExecContext(ctx, `INSERT INTO server (id, epoch, version) VALUES (1, $1, 0)`, fresh)
	return chat.Epoch(fresh), err
}
