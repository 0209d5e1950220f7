package store

import (
	"context"
	"fmt"
	"runtime"

	"parley/internal/chat"
	"parley/internal/fault"
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
	w := &writer{store: s, cache: newCache(), tails: tails{sizes: s.tails}}
	defer w.end()
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
	posts   posts
	tails   tails
	foreign int64 // foreignWrites when cache and tails were last known to be right, or 0
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
	q, err := w.begin(ctx)
	if err != nil {
		return nil, claimed(batch, err)
	}
	t := &tx{
		snapshot: snapshot{queries: q, epoch: w.store.epoch, now: w.store.config.Clock()},
		cache:    w.cache, posts: &w.posts, tails: &w.tails,
	}
	q.ahead = t.flush
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
	if err := t.flush(); err != nil {
		return nil, err
	}
	q.ahead = nil
	if err := w.tails.merge(q); err != nil {
		return nil, err
	}
	answerEarly(batch)
	if err := q.bare(`COMMIT`); err != nil {
		return nil, err
	}
	fault.Point(fault.Commit)
	return t.changes, nil
}

// begin starts a transaction and makes sure that what is kept in memory is as the database is.
func (w *writer) begin(ctx context.Context) (*queries, error) {
	if w.conn == nil {
		c, err := connect(ctx, w.store.writeDB)
		if err != nil {
			return nil, fmt.Errorf("connecting the writer: %w", err)
		}
		w.conn = c
	}
	q := &queries{conn: w.conn, ctx: ctx}
	if err := q.bare(`BEGIN IMMEDIATE`); err != nil {
		return nil, err
	}
	foreign, err := foreignWrites(q)
	if err != nil || foreign == w.foreign {
		return q, err
	}
	w.cache.clear()
	if err := w.tails.load(q); err != nil {
		return nil, err
	}
	w.foreign = foreign
	return q, nil
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

// disconnect undoes what has not been committed and forgets everything.
func (w *writer) disconnect() {
	w.cache.clear()
	w.posts.clear()
	w.foreign = 0
	if w.conn != nil {
		w.conn.drop()
		w.conn = nil
	}
}

// end adds what is left to the indices, so that the next start has nothing to read, and disconnects.
func (w *writer) end() {
	defer w.disconnect()
	ctx, cancel := brief(context.Background())
	defer cancel()
	for done := w.foreign == 0; !done; {
		var err error
		if done, err = w.mergeAll(ctx); err != nil {
			w.store.config.Logger.Warn("the indices of the newest messages are left to the next start", "error", err)
			return
		}
	}
}

func (w *writer) mergeAll(ctx context.Context) (bool, error) {
	q, err := w.begin(ctx)
	if err != nil {
		return false, err
	}
	done, err := w.tails.mergeAll(q)
	if err == nil {
		err = q.bare(`COMMIT`)
	}
	return done, err
}
