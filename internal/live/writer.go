package live

import (
	"context"
	"runtime"
	"sync"
)

// A Flusher sends what there is for one connection, without ever blocking for long.
type Flusher interface {
	Flush(scratch *Scratch)
}

// Scratch is storage that a writer lends to each Flush in turn; it must not be kept.
type Scratch struct {
	Parts [][]byte
	Bytes []byte
}

// A Writer is the one goroutine that flushes all connections which have something to send. Connections are marked, not
// queued: one that is marked ten times is flushed once.
type Writer struct {
	mu    sync.Mutex
	dirty []*Mark
	wake  chan struct{} // capacity 1
}

// A Mark is a connection's place with its writer.
type Mark struct {
	writer  *Writer
	flusher Flusher
	marked  bool // under writer.mu
}

// NewWriter makes a Writer.
func NewWriter() *Writer { return &Writer{wake: make(chan struct{}, 1)} }

// Mark makes the mark of a connection.
func (w *Writer) Mark(f Flusher) *Mark { return &Mark{writer: w, flusher: f} }

// Set has the connection flushed soon. It never blocks and may be called from any goroutine.
func (m *Mark) Set() {
	w := m.writer
	w.mu.Lock()
	if m.marked {
		w.mu.Unlock()
		return
	}
	m.marked = true
	w.dirty = append(w.dirty, m)
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run flushes until ctx ends, and then once more whatever is marked. It returns nil.
func (w *Writer) Run(ctx context.Context) error {
	var scratch Scratch
	var batch []*Mark
	for {
		select {
		case <-ctx.Done():
			w.pass(batch, &scratch)
			return nil
		case <-w.wake:
		}
		// Let those who are about to commit do so: on one core the woken writer would otherwise run after every single post,
		// and each delivery would carry one change.
		runtime.Gosched()
		batch = w.pass(batch, &scratch)
	}
}

func (w *Writer) pass(batch []*Mark, scratch *Scratch) []*Mark {
	w.mu.Lock()
	batch, w.dirty = w.dirty, batch[:0]
	for _, m := range batch {
		m.marked = false
	}
	w.mu.Unlock()
	for _, m := range batch {
		m.flusher.Flush(scratch)
	}
	clear(batch)
	return batch
}
