package store

import (
	"context"
	"errors"

	"parley/internal/chat"
)

// ShortTails has messages added to the indices by author and by key after a few others. It is called before Run.
func (s *Store) ShortTails(authors int64, keys, piece int) {
	s.tails = tailSizes{authors: authors, keys: keys, piece: piece}
}

// CollideKeys makes many keys look alike until back is called. No store may run meanwhile that ran before.
func CollideKeys() (back func()) {
	usual := keyHash
	keyHash = func(_ chat.UserID, key string) int64 { return usual(0, key) & 7 }
	return func() { keyHash = usual }
}

// MigrateTo makes a database of an earlier schema, with what query adds to it.
func MigrateTo(ctx context.Context, path string, version int64, query string) error {
	db, err := openSQLite(path, writePragmas)
	if err != nil {
		return err
	}
	provider, _, err := schema(ctx, db)
	if err == nil {
		_, err = provider.UpTo(ctx, version)
	}
	if err == nil {
		_, err = db.ExecContext(ctx, query)
	}
	return errors.Join(err, db.Close())
}
