package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"parley/internal/chat"
)

// A command is one call of Submit or Write on its way.
type command struct {
	ctx  context.Context
	f    func(chat.Tx) error
	done func(error) // takes the answer
	err  error       // what f came to
	mine atomic.Bool // set by whoever decides: the writer to begin it, or its caller to drop it
}

// claim reports whether the command is the claimer's: of the writer and the caller only the first one gets it.
func (c *command) claim() bool { return c.mine.CompareAndSwap(false, true) }

// A queue holds the commands that wait for the writer. Its callers bound it.
type queue struct {
	wake chan struct{} // of capacity 1: there is something to do

	mu      sync.Mutex
	waiting []*command
	stopped bool
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

var errStopped = errors.New("the writer has stopped")

func (q *queue) add(c *command) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped {
		return notStored(errStopped)
	}
	q.waiting = append(q.waiting, c)
	if len(q.waiting) == 1 {
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
	return nil
}

// take appends to batch up to limit commands, the oldest first.
func (q *queue) take(batch []*command, limit int) []*command {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), limit)
	batch = append(batch, q.waiting[:n]...)
	rest := copy(q.waiting, q.waiting[n:])
	clear(q.waiting[rest:])
	q.waiting = q.waiting[:rest]
	return batch
}

// stop answers everything that waits, and whatever comes later, with Unavailable.
func (q *queue) stop() {
	q.mu.Lock()
	q.stopped = true
	waiting := q.waiting
	q.waiting = nil
	q.mu.Unlock()
	for _, c := range waiting {
		if c.claim() {
			c.done(notStored(errStopped))
		}
	}
}
