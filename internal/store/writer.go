package store

import (
	"context"
	"fmt"
	"runtime"

	"parley/internal/chat"
)

// maxBatch bounds how many commands share a transaction, and so how long the first of them waits for the last.
const maxBatch = 1024

// Submit is chat.Store's Submit.
func (s *Store) Submit(ctx context.Context, f func(chat.Tx) error, done func(error)) {
	if err := s.queue.add(&command{ctx: ctx, f: f, done: done}); err != nil {
		done(err)
	}
}

// Write is chat.Store's Write.
func (s *Store) Write(ctx context.Context, f func(chat.Tx) error) error {
	answer := make(chan error, 1)
	c := &command{ctx: ctx, f: f, done: func(err error) { answer <- err }}
	if err := s.queue.add(c); err != nil {
		return err
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		if c.claim() {
			return notStored(ctx.Err())
		}
		return <-answer
	}
}

// Run writes until ctx ends. Then it finishes the batch at hand, answers everything that waits with Unavailable, and
// returns nil. It is called once.
func (s *Store) Run(ctx context.Context) error {
	w := &writer{store: s, cache: newCache()}
	defer w.disconnect()
	defer s.queue.stop()
	batch := make([]*command, 0, maxBatch)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.queue.wake:
		}
		for ctx.Err() == nil {
			// Let those who are about to write do so: on one processor the writer is run after every single command
			// otherwise, and each gets a transaction and a sync of its own.
			runtime.Gosched()
			batch = s.queue.take(batch[:0], maxBatch)
			if len(batch) == 0 {
				break
			}
			w.commit(batch)
			clear(batch)
		}
	}
}

// A writer owns the connection that writes. Only the goroutine of Run uses it.
type writer struct {
	store   *Store
	conn    *conn // nil until the next batch connects
	cache   *cache
	foreign int64 // foreignWrites when the cache was last known to be right
	failed  int   // batches since the last that was stored
}

// commit runs a batch in one transaction, tells the log of it, and answers every command.
func (w *writer) commit(batch []*command) {
	ctx, cancel := brief(context.Background())
	defer cancel()
	changes, err := w.attempt(ctx, batch)
	if err != nil {
		w.fail(ctx, batch, err)
		return
	}
	if w.failed > 0 {
		w.store.config.Logger.Info("storing works again", "failed_batches", w.failed)
		w.failed = 0
	}
	if len(changes) > 0 && w.store.config.Log != nil {
		w.store.config.Log.Committed(changes)
	}
	for _, c := range batch {
		if c != nil {
			c.done(c.err)
		}
	}
}

// attempt runs a batch and commits it. The commands that were dropped meanwhile become nil. An error means that nothing of
// the batch was stored.
func (w *writer) attempt(ctx context.Context, batch []*command) ([]chat.Change, error) {
	if w.conn == nil {
		c, err := connect(ctx, w.store.writeDB)
		if err != nil {
			return nil, claimed(batch, fmt.Errorf("connecting the writer: %w", err))
		}
		w.conn = c
	}
	t := &tx{
		snapshot: snapshot{queries: &queries{conn: w.conn, ctx: ctx}, epoch: w.store.epoch, now: w.store.config.Clock()},
		cache:    w.cache,
	}
	if err := w.begin(t); err != nil {
		return nil, claimed(batch, err)
	}
	for i, c := range batch {
		switch {
		case !c.claim():
			batch[i] = nil
		case t.trouble != nil:
		case c.ctx.Err() != nil:
			c.err = notStored(c.ctx.Err())
		default:
			c.err = t.command(w.store.config.Logger, c.f)
		}
	}
	if t.trouble != nil {
		return nil, t.trouble
	}
	if err := t.put(`COMMIT`); err != nil {
		return nil, err
	}
	return t.changes, nil
}

// begin starts the transaction and makes sure that the cache is as the database is.
func (w *writer) begin(t *tx) error {
	if err := t.put(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	foreign, err := foreignWrites(t.queries)
	if err != nil {
		return err
	}
	if foreign != w.foreign {
		w.cache.clear()
		w.foreign = foreign
	}
	return nil
}

// claimed takes a whole batch that could not begin, and returns err.
func claimed(batch []*command, err error) error {
	for i, c := range batch {
		if !c.claim() {
			batch[i] = nil
		}
	}
	return err
}

// fail undoes a batch and tells every command that it was not stored. The next batch begins on a new connection.
func (w *writer) fail(ctx context.Context, batch []*command, err error) {
	w.cache.clear()
	w.disconnect()
	if w.failed++; w.failed == 1 {
		w.store.config.Logger.ErrorContext(ctx, "nothing can be stored just now", "error", err, "commands", len(batch))
	}
	for _, c := range batch {
		if c != nil {
			c.done(notStored(err))
		}
	}
}

func (w *writer) disconnect() {
	if w.conn != nil {
		w.conn.drop()
		w.conn = nil
	}
}
