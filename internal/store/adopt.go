package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley/internal/chat"
)

// Adopt makes the database file at path, a copy of one that was in use, one of its own: it mints another epoch, by which every
// reader that knew the original is told to begin anew. Before that it reads the whole file and refuses one that is damaged, that is
// not Parley's, or whose schema is newer than this program's; an older one is left as old as it is. All is in the one file
// afterwards. Nobody else may have the file open.
func Adopt(ctx context.Context, path string) (epoch chat.Epoch, err error) {
	// In exclusive mode and with a rollback journal: the file is nobody else's, and has no log.
	db, err := openSQLite(path, []string{"locking_mode(EXCLUSIVE)", "journal_mode(DELETE)", "synchronous(FULL)", "trusted_schema(OFF)", "cache_size(-65536)"})
	if err != nil {
		return "", err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := adoptable(ctx, db); err != nil {
		return "", adopted(err)
	}
	epoch = newEpoch()
	result, err := db.ExecContext(ctx, `UPDATE server SET epoch = $1 WHERE id = 1`, epoch)
	if err != nil {
		return "", adopted(err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return "", errors.Join(errors.New("it has no epoch: it was never in use"), err)
	}
	return epoch, nil
}

// adopted is an error of Adopt, which names no path: the caller knows it by another.
func adopted(err error) error {
	if isDamage(err) {
		return fmt.Errorf("it is damaged or no database: %w", err)
	}
	return err
}

func adoptable(ctx context.Context, db *sql.DB) error {
	if err := foreign(ctx, db); err != nil {
		return err
	}
	var tables int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name IN ('goose_db_version', 'server')`).Scan(&tables); err != nil {
		return err
	}
	if tables != 2 {
		return errors.New("it is empty")
	}
	if _, _, err := schema(ctx, db); err != nil {
		return err
	}
	var found string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("it is damaged: %s", found)
	}
	var table string
	switch err := db.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`).Scan(&table); {
	case err == nil:
		return fmt.Errorf("it is damaged: a row of %s belongs to one that is missing", table)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	return nil
}
