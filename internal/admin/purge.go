package admin

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"parley/internal/chat"
)

// A Purger does in the background what deletions left to be done: it removes the rows of deleted rooms, deletes the
// messages of deleted users, and has these leave their rooms. Each piece is a transaction of at most 500 rows, and what
// others write gets in between.
type Purger struct {
	admin  *chat.Admin
	logger *slog.Logger
	wake   chan struct{} // of capacity 1
}

// NewPurger makes a Purger; logger may be nil for slog.Default.
func NewPurger(admin *chat.Admin, logger *slog.Logger) *Purger {
	if logger == nil {
		logger = slog.Default()
	}
	return &Purger{admin: admin, logger: logger, wake: make(chan struct{}, 1)}
}

// Wake tells Run that there is something to do. It never blocks.
func (p *Purger) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

const (
	firstPause   = time.Second // after a piece that could not be done
	longestPause = time.Minute
)

// Run first finishes what was left when the program last ended, and then whatever Wake tells of, until ctx ends. A piece
// that cannot be done just now is tried again after a pause. It returns nil.
func (p *Purger) Run(ctx context.Context) error {
	for pause := firstPause; ; {
		more, err := p.admin.Sweep(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			p.logger.Error("finishing a deletion", "error", err, "cause", errors.Unwrap(err), "again_in", pause)
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(pause):
			}
			pause = min(2*pause, longestPause)
			continue
		case !more:
			select {
			case <-ctx.Done():
				return nil
			case <-p.wake:
			}
		}
		pause = firstPause
	}
}
