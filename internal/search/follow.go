package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/internal/chat"
)

const (
	comparing    = 2 * time.Second        // between two comparisons of all heads
	gathering    = 200 * time.Millisecond // between two batches that keep up: the larger a batch, the less a message costs
	listening    = 10 * time.Millisecond  // between a wake and its batch: what is posted together is read together
	firstPause   = 500 * time.Millisecond // after an error
	longestPause = time.Minute

	batchRows  = 4000                   // changes in one batch; at least one piece of a room is read
	batchBytes = 4 << 20                // and about how much text
	batchTime  = 300 * time.Millisecond // and how long it may read
	headsPiece = 1000                   // rooms that are read at once to compare
)

// Run reads what changes in the store until ctx ends; it returns nil then. What goes wrong is logged and tried again after a
// pause, and concerns nobody else.
func (x *Index) Run(ctx context.Context, store chat.Store) error {
	pace, pause := newPace(), firstPause
	compareAt := time.Now()
	for ctx.Err() == nil {
		began, full := time.Now(), false
		err := x.attempt(ctx, store, func(ctx context.Context, store chat.Store) (err error) {
			if !began.Before(compareAt) {
				if err = x.compare(ctx, store); err != nil {
					return err
				}
				// In a store of very many rooms it is done less often, so that it stays cheap.
				compareAt = time.Now().Add(max(comparing, 50*time.Since(began)))
			}
			full, err = x.batch(ctx, store)
			return err
		})
		if err != nil {
			pause = x.failed(ctx, err, pause)
			continue
		}
		if pause > firstPause {
			x.config.Logger.InfoContext(ctx, "the search index works again")
			pause = firstPause
		}
		behind, _, told := x.ledger.standing()
		rest := pace.rest(time.Since(began), told, behind)
		if !full {
			rest = max(rest, gathering)
		}
		if wait(ctx, rest) {
			x.await(ctx, time.Until(compareAt))
		}
	}
	return nil
}

// await returns when a room waits, after patience, or when ctx ends.
func (x *Index) await(ctx context.Context, patience time.Duration) {
	if !x.ledger.idle() {
		return
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-x.wake:
		wait(ctx, listening)
	}
}

// wait returns after d, or false as soon as ctx ends.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// failed logs the first of several errors, waits, and returns how long to wait after the next one.
func (x *Index) failed(ctx context.Context, err error, pause time.Duration) time.Duration {
	if ctx.Err() != nil {
		return pause
	}
	x.trouble.Store(err.Error())
	x.advanced()
	if pause == firstPause {
		x.config.Logger.ErrorContext(ctx, "the search index cannot go on just now; messages are not affected",
			"error", err, "cause", errors.Unwrap(err))
	}
	wait(ctx, pause)
	return min(2*pause, longestPause)
}

// CatchUp reads until there is nothing more to read, without resting. progress, unless nil, is called after each batch by
// this goroutine. What was read stays when ctx ends.
func (x *Index) CatchUp(ctx context.Context, store chat.Store, progress func(Progress)) error {
	if err := x.attempt(ctx, store, x.compare); err != nil {
		return err
	}
	for {
		err := x.attempt(ctx, store, func(ctx context.Context, store chat.Store) error {
			_, err := x.batch(ctx, store)
			return err
		})
		if err != nil {
			return fmt.Errorf("reading into %s: %w", x.config.Path, err)
		}
		if progress != nil {
			p, _ := x.Progress()
			progress(p)
		}
		if x.ledger.idle() {
			return nil
		}
	}
}

// attempt does a piece of work with the file open. A file that turns out to be damaged, or to be another store's, is made anew
// and the work is tried once more.
func (x *Index) attempt(ctx context.Context, store chat.Store, work func(ctx context.Context, store chat.Store) error) error {
	for tried := false; ; tried = true {
		err := x.open(ctx, store)
		if err == nil {
			err = work(ctx, store)
		}
		if tried || !isDamaged(err) && !errors.Is(err, errEpoch) {
			return err
		}
		if err := x.discard(ctx, err); err != nil {
			return err
		}
	}
}

// errEpoch says that the file was read from another store, or from this one before it was restored.
var errEpoch = errors.New("it was read from another database")

// open opens the file if it is not, after making it anew if that was asked for.
func (x *Index) open(ctx context.Context, store chat.Store) error {
	switch {
	case x.anew.Load():
		if err := x.discard(ctx, errRebuild); err != nil {
			return err
		}
	case x.damaged.Load():
		if err := x.discard(ctx, errDamaged); err != nil {
			return err
		}
	}
	if x.file != nil {
		return nil
	}
	f, state, err := x.load(ctx)
	if isForeign(err) {
		if err = x.discard(ctx, err); err == nil {
			f, state, err = x.load(ctx)
		}
	}
	if err != nil {
		return fmt.Errorf("opening %s: %w", x.config.Path, err)
	}
	x.mu.Lock()
	x.file, x.epoch, x.building = f, state.epoch, state.building
	x.mu.Unlock()
	x.newest = state.newest
	x.ledger.reset(state.places)
	x.anew.Store(false)
	return x.compare(ctx, store)
}

func (x *Index) load(ctx context.Context) (*file, saved, error) {
	f, err := openFile(ctx, x.config.Path)
	if err != nil {
		return nil, saved{}, err
	}
	state, err := f.load(ctx)
	if err != nil {
		return nil, saved{}, errors.Join(err, f.Close())
	}
	return f, state, nil
}

var (
	errRebuild = errors.New("it is to be built anew")
	errDamaged = errors.New("a search found it damaged")
)

// discard closes the file and moves it out of the way; open makes another.
func (x *Index) discard(ctx context.Context, why error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	_ = x.closeLocked() // whatever it says, the file goes
	harmless := errors.Is(why, errEpoch) || errors.Is(why, errRebuild) || errors.Is(why, errFormat)
	if err := setAside(x.config.Path, harmless); err != nil {
		return fmt.Errorf("removing %s: %w", x.config.Path, err)
	}
	x.damaged.Store(false)
	if harmless {
		x.config.Logger.InfoContext(ctx, "the search index is built anew", "because", why)
	} else {
		x.config.Logger.WarnContext(ctx, "the search index is damaged and built anew", "because", why, "kept_as", x.config.Path+".damaged")
	}
	return nil
}

// compare tells the ledger where all rooms stand in the store.
func (x *Index) compare(ctx context.Context, store chat.Store) error {
	read := x.ledger.rooms()
	err := store.Read(ctx, func(s chat.Snapshot) error {
		if err := x.checkEpoch(s); err != nil {
			return err
		}
		for after := chat.RoomID(0); ; {
			heads, err := s.Heads(after, headsPiece)
			if err != nil {
				return err
			}
			for _, h := range heads {
				cursor := read[h.Room]
				delete(read, h.Room)
				x.ledger.tell(h.Room, h.Version)
				if h.Version < cursor {
					x.ledger.check(h.Room)
				}
			}
			if len(heads) < headsPiece {
				return nil
			}
			after = heads[len(heads)-1].Room
		}
	})
	if err != nil {
		return err
	}
	for room := range read {
		x.ledger.check(room) // the store does not know it
	}
	x.ledger.compared()
	return nil
}

// checkEpoch returns errEpoch unless the file was read from this store, or from none.
func (x *Index) checkEpoch(s chat.Snapshot) error {
	if x.epoch != "" && x.epoch != s.Epoch() {
		return errEpoch
	}
	return nil
}

// An entry is a message as the index is to have it.
type entry struct {
	id, version int64
	room        chat.RoomID
	text        string // "" for one that is not to be found
}

// A batch is what one transaction of the index does.
type batch struct {
	epoch   chat.Epoch
	entries []entry
	moves   []move
	drops   []move // what becomes of rooms once all that the index has of them is removed
	rows    int    // bound of entries
	bytes   int
	until   time.Time
}

// full reports whether the batch has come to a bound.
func (b *batch) full() bool {
	return len(b.entries) >= b.rows || b.bytes >= batchBytes || len(b.drops) > 0 || time.Now().After(b.until)
}

// batch reads what the rooms that wait have to be read, up to a bound, and stores it. It reports whether it came to the bound.
func (x *Index) batch(ctx context.Context, store chat.Store) (full bool, err error) {
	b := batch{rows: x.rows, until: time.Now().Add(batchTime)}
	taken := map[chat.RoomID]bool{}
	err = store.Read(ctx, func(s chat.Snapshot) error {
		if err := x.checkEpoch(s); err != nil {
			return err
		}
		b.epoch = s.Epoch()
		for !b.full() && ctx.Err() == nil {
			room, p, ok := x.ledger.next()
			if !ok {
				break
			}
			if taken[room] {
				x.ledger.check(room) // it has changed since; this snapshot knows nothing of that
				break
			}
			taken[room] = true
			if err := b.read(s, room, p); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	if err == nil {
		err = x.apply(&b)
	}
	if err != nil {
		for room := range taken {
			x.ledger.check(room)
		}
		return false, err
	}
	x.trouble.Store("")
	x.advanced()
	return b.full(), nil
}

// read reads the next piece of a room.
func (b *batch) read(s chat.Snapshot, id chat.RoomID, p place) error {
	room, err := s.Room(id)
	switch {
	case chat.KindOf(err) == chat.NotFound:
		b.drops = append(b.drops, move{room: id, gone: true})
		return nil
	case err != nil:
		return err
	case room.Deleted && p.cursor != room.Version:
		b.drops = append(b.drops, move{room: id, head: room.Version, cursor: room.Version, anew: true})
		return nil
	case p.dropping || room.Version < p.cursor:
		b.drops = append(b.drops, move{room: id, head: room.Version, anew: true})
		return nil
	}
	changes, more, err := s.Changes(id, p.cursor, b.rows-len(b.entries))
	if err != nil {
		return err
	}
	m := move{room: id, head: room.Version, cursor: room.Version}
	if more {
		m.cursor = changes[len(changes)-1].Version
	}
	b.moves = append(b.moves, m)
	return b.add(s, id, changes)
}

// add adds the messages among changes.
func (b *batch) add(s chat.Snapshot, id chat.RoomID, changes []chat.Change) error {
	var messages []*chat.Message
	var numbers []int64
	for i := range changes {
		if m := changes[i].Message; m != nil {
			messages, numbers = append(messages, m), append(numbers, m.Number)
		}
	}
	slices.Sort(numbers)
	ids, err := s.MessageIDs(id, numbers)
	if err != nil {
		return err
	}
	for _, m := range messages {
		e := entry{id: ids[m.Number], version: m.Version, room: id, text: m.Text}
		if m.Deleted {
			e.text = ""
		}
		b.bytes += len(e.text)
		b.entries = append(b.entries, e)
	}
	return nil
}
