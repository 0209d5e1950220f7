package live

import (
	"context"
	"runtime"
	"sync"
	"time"

	"parley/internal/fault"
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
//
// There are two kinds of marks. One that is urgent, an answer to the connection's own client, is flushed before the next
// of the others: who posts is answered in the midst of a pass over a thousand readers, posts again meanwhile, and so the
// next pass carries all that was posted during this one. Without that each pass would carry one change for each of those
// who post, and the system's call to write, which costs far more than the bytes, would be made many times as often.
type Writer struct {
	mu     sync.Mutex
	dirty  []*Mark
	urgent []*Mark
	wake   chan struct{} // capacity 1
}

// A Mark is a connection's place with its writer.
type Mark struct {
	writer  *Writer
	flusher Flusher
	state   markState // under writer.mu
}

// markState is what a mark stands for. A mark lies in the list of its state; one that became urgent lies in both, and is
// passed over in that of the others.
type markState uint8

const (
	clean markState = iota
	dirty
	urgent
)

// NewWriter makes a Writer.
func NewWriter() *Writer { return &Writer{wake: make(chan struct{}, 1)} }

// Mark makes the mark of a connection.
func (w *Writer) Mark(f Flusher) *Mark { return &Mark{writer: w, flusher: f} }

// Set has the connection flushed soon. It never blocks and may be called from any goroutine.
func (m *Mark) Set() {
	w := m.writer
	w.mu.Lock()
	if m.state != clean {
		w.mu.Unlock()
		return
	}
	m.state = dirty
	w.dirty = append(w.dirty, m)
	w.mu.Unlock()
	w.rouse()
}

// Urge is Set for what the connection's own client waits for: it is flushed before all that are only Set.
func (m *Mark) Urge() {
	w := m.writer
	w.mu.Lock()
	if m.state == urgent {
		w.mu.Unlock()
		return
	}
	m.state = urgent
	w.urgent = append(w.urgent, m)
	w.mu.Unlock()
	w.rouse()
}

func (w *Writer) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

const (
	// crowd is how many connections are answered in a pass when a pause after it is worth its while.
	crowd = 8
	// pauseMax bounds that pause.
	pauseMax = 10 * time.Millisecond
	// yieldEvery is how many connections are flushed in a pass before the others of the processor have their turn: so that on
	// one core, too, posts are taken and stored while a pass goes on.
	yieldEvery = 64
)

// Run flushes until ctx ends, and then once more whatever is marked. It returns nil.
//
// After a pass in which many were answered, and so many will post again, the next begins only when as much time has gone by
// as the pass took, 10 ms at most: each pass then carries more, and what a pass costs does not depend on what it carries.
// Where one person speaks, or where a pass takes no time, there is no such pause. Urgent marks never wait.
func (w *Writer) Run(ctx context.Context) error {
	var p pass
	rest := time.NewTimer(0)
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			w.pass(&p)
			return nil
		case <-w.wake:
		case <-rest.C:
		}
		// Let those who are about to commit do so: on one core the woken writer would otherwise run after every single post,
		// and each delivery would carry one change.
		runtime.Gosched()
		begun := time.Now()
		if pause := p.next.Sub(begun); pause > 0 {
			w.mu.Lock()
			w.flushUrgent(&p)
			w.mu.Unlock()
			rest.Reset(pause)
			continue
		}
		p.answered = 0
		w.pass(&p)
		if p.answered >= crowd {
			ended := time.Now()
			p.next = ended.Add(min(ended.Sub(begun), pauseMax))
		}
	}
}

// A pass is the storage that one pass leaves to the next, and when that may begin.
type pass struct {
	scratch  Scratch
	batch    []*Mark
	first    []*Mark // the urgent ones
	answered int     // how many urgent ones there were
	next     time.Time
}

// pass flushes all that are marked when it begins, and the urgent ones that come while it goes on.
func (w *Writer) pass(p *pass) {
	w.mu.Lock()
	p.batch, w.dirty = w.dirty, p.batch[:0]
	for i, m := range p.batch {
		w.flushUrgent(p)
		fault.Point(fault.Delivery)
		w.flush(m, &p.scratch)
		if i%yieldEvery == yieldEvery-1 {
			w.mu.Unlock()
			runtime.Gosched()
			w.mu.Lock()
		}
	}
	w.flushUrgent(p)
	w.mu.Unlock()
	clear(p.batch)
}

// flushUrgent flushes those that were marked urgent until now. It is called with the lock held, which it lets go meanwhile.
func (w *Writer) flushUrgent(p *pass) {
	if len(w.urgent) == 0 {
		return
	}
	p.first, w.urgent = w.urgent, p.first[:0]
	for _, m := range p.first {
		w.flush(m, &p.scratch)
	}
	p.answered += len(p.first)
	clear(p.first)
}

// flush flushes a connection unless that has been done since it was marked. It is called with the lock held, which it lets
// go meanwhile.
func (w *Writer) flush(m *Mark, scratch *Scratch) {
	if m.state == clean {
		return
	}
	m.state = clean
	w.mu.Unlock()
	m.flusher.Flush(scratch)
	w.mu.Lock()
}
