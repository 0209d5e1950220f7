package live

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/chat"
)

const (
	// headInterval is how often a reader hears of a room that it does not follow, at most.
	headInterval = time.Second
	// boardLife is how long the head of a room that nobody watches is kept: longer than whoever begins to watch takes from reading
	// the store to Watch.
	boardLife = 30 * time.Second
)

// Heads is the Log of a Behind that is about the heads which a reader watches: its rights are to be asked for anew, and Watch called.
var Heads chat.LogID

// A Head is where the log of a room stands, as a value.
type Head struct {
	Version int64 `json:"version"`
	Number  int64 `json:"number"` // of the newest message
}

// boards are the heads of the rooms that are watched, or have moved lately. A room that rests costs its board and nothing else.
type boards struct {
	mu    sync.Mutex
	rooms map[chat.RoomID]*board
	moved []*board // those with moving set
}

// A board is the head of a room for those who do not follow it. Its fields are under boards.mu.
type board struct {
	room     chat.RoomID
	head     Head // the newest
	shown    cell // what readers are told: the head, at most once in headInterval
	shownAt  time.Time
	movedAt  time.Time
	moving   bool // the board is to be looked at
	gone     bool // the room has been deleted: nobody hears of it any more
	watchers map[*Reader]struct{}
}

// An outlook is what a reader watches. Its fields, but due, are under Reader.mu.
type outlook struct {
	due        atomic.Bool // there may be something to gather
	on         bool        // Watch has been called
	stale      bool        // rights are to be asked for anew; nothing is gathered until then
	asked      bool        // … which has been said
	generation int32       // counts the times that it became stale, or would have
	watches    []watch
}

// A watch is a room that a reader watches, and the version of it that its client knows of.
type watch struct {
	board *board
	at    int64
}

// at is the board of a room, made if there is none. It is called with the lock held.
func (b *boards) at(room chat.RoomID, now time.Time) *board {
	board := b.rooms[room]
	if board == nil {
		board = newBoard(room, now)
		b.rooms[room] = board
	}
	return board
}

func newBoard(room chat.RoomID, now time.Time) *board { return &board{room: room, movedAt: now} }

// stir has a board looked at. It is called with the lock held.
func (b *boards) stir(board *board) {
	if !board.moving {
		board.moving = true
		b.moved = append(b.moved, board)
	}
}

// move takes in what was committed.
func (b *boards) move(changes []chat.Change, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range changes {
		c := &changes[i]
		room := c.Log.Room()
		if room == 0 {
			continue
		}
		board := b.at(room, now)
		board.movedAt, board.head.Version = now, max(board.head.Version, c.Version)
		if c.Posted {
			board.head.Number = max(board.head.Number, c.Message.Number)
		}
		if c.Info != nil && c.Info.Deleted {
			board.gone = true
		}
		b.stir(board)
	}
}

// show tells the watchers of rooms that have moved, and forgets rooms that nobody watches.
func (b *boards) show(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	waiting := b.moved[:0]
	for _, board := range b.moved {
		switch {
		case board.gone || len(board.watchers) == 0 && now.Sub(board.movedAt) >= boardLife:
			delete(b.rooms, board.room)
			board.moving = false
		case len(board.watchers) == 0 || now.Sub(board.shownAt) < headInterval:
			waiting = append(waiting, board)
		default:
			board.moving, board.shownAt = false, now
			board.shown.set(Value{Room: board.room, Head: new(board.head)})
			for r := range board.watchers {
				r.outlook.due.Store(true)
				r.wake()
			}
		}
	}
	clear(b.moved[len(waiting):])
	b.moved = waiting
}

// Watch has the reader told, once a second at most, when the logs of rooms that it does not follow have moved beyond these heads:
// all rooms whose heads its user may know. They were read after b was reported, or, the first time, after the reader was attached
// to its user's log; b is the zero Behind then. What has changed of the user's rooms since makes the reader ask for them anew.
func (r *Reader) Watch(b Behind, heads []chat.Head) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	o := &r.outlook
	o.on, o.asked = true, false
	if o.stale = int32(b.generation) != o.generation; !o.stale {
		r.replaceWatches(heads)
	}
	o.due.Store(true)
	r.wake()
}

func (r *Reader) replaceWatches(heads []chat.Head) {
	all, now := &r.logs.boards, r.logs.clock()
	all.mu.Lock()
	defer all.mu.Unlock()
	known := make(map[*board]int64, len(r.outlook.watches))
	for _, w := range r.outlook.watches {
		known[w.board] = w.at
		delete(w.board.watchers, r)
	}
	watches := make([]watch, 0, len(heads))
	for _, h := range heads {
		board := all.at(h.Room, now)
		if board.head.Version <= h.Version {
			board.head = Head{h.Version, max(h.Number, board.head.Number)}
		}
		board.head.Number = max(board.head.Number, h.Number)
		at, ok := known[board]
		if delete(known, board); !ok {
			at = h.Version
		}
		if board.watchers == nil {
			board.watchers = map[*Reader]struct{}{}
		}
		board.watchers[r] = struct{}{}
		watches = append(watches, watch{board, at})
	}
	r.outlook.watches = watches
	for board := range known {
		all.abandon(board, now)
	}
}

// abandon has a board that may have lost its last watcher looked at, to be forgotten later. It is called with the lock held.
func (b *boards) abandon(board *board, now time.Time) {
	if len(board.watchers) == 0 {
		board.movedAt = now
		b.stir(board)
	}
}

// unsettle says that what the reader's user may know has changed. It is called with the reader's lock held.
func (r *Reader) unsettle() {
	o := &r.outlook
	o.generation++
	if o.on {
		o.stale = true
		o.due.Store(true)
		r.wake()
	}
}

// mayKnow says that the reader's user is somebody else than before, or is in a room, which is news unless it is watched.
func (r *Reader) mayKnow(room *chat.RoomEntry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if room == nil || !slices.ContainsFunc(r.outlook.watches, func(w watch) bool { return w.board.room == room.ID }) {
		r.unsettle()
	}
}

// unwatch ends a watch at once. It is called with the reader's lock held.
func (r *Reader) unwatch(room chat.RoomID) {
	r.outlook.generation++ // whoever has read that the user is a member has read too early
	all := &r.logs.boards
	all.mu.Lock()
	defer all.mu.Unlock()
	watches := r.outlook.watches
	for i, w := range watches {
		if w.board.room == room {
			delete(w.board.watchers, r)
			all.abandon(w.board, r.logs.clock())
			watches[i] = watches[len(watches)-1]
			r.outlook.watches = watches[:len(watches)-1]
			return
		}
	}
}

// unwatchAll ends all watches. It is called with the reader's lock held.
func (r *Reader) unwatchAll() {
	all := &r.logs.boards
	all.mu.Lock()
	defer all.mu.Unlock()
	for _, w := range r.outlook.watches {
		delete(w.board.watchers, r)
		all.abandon(w.board, r.logs.clock())
	}
	r.outlook.watches = nil
}

// unfollowed says that the reader's client knows a room up to a version and follows it no longer. It is called with the reader's lock
// held.
func (r *Reader) unfollowed(room chat.RoomID, version int64) {
	all := &r.logs.boards
	all.mu.Lock()
	defer all.mu.Unlock()
	for i := range r.outlook.watches {
		w := &r.outlook.watches[i]
		if w.board.room != room {
			continue
		}
		if w.at = version; w.board.head.Version > version {
			r.outlook.due.Store(true)
			r.wake()
		}
	}
}

// gatherHeads takes the heads that were shown and that the client does not know of. It is called with the reader's lock held.
func (r *Reader) gatherHeads(g *Gathered) {
	o := &r.outlook
	o.due.Store(false)
	if o.stale {
		if !o.asked {
			o.asked = true
			g.Behind = append(g.Behind, Behind{Log: Heads, generation: int(o.generation)})
		}
		return
	}
	all := &r.logs.boards
	all.mu.Lock()
	defer all.mu.Unlock()
	for i := range o.watches {
		w := &o.watches[i]
		shown := w.board.shown.value.Head
		if shown == nil || shown.Version <= w.at || w.board.gone {
			continue
		}
		w.at = shown.Version
		if r.cursor(chat.RoomLog(w.board.room)) == nil {
			g.add(w.board.shown.encoded(r.format))
		}
	}
}

// Heads are the heads of the rooms that the reader watches and does not follow, for one that tells them whole. Between two calls a
// head changes at most once a second.
func (r *Reader) Heads() []Value {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.outlook.stale {
		return nil
	}
	all, now := &r.logs.boards, r.logs.clock()
	all.mu.Lock()
	defer all.mu.Unlock()
	var values []Value
	for _, w := range r.outlook.watches {
		if w.board.gone || r.cursor(chat.RoomLog(w.board.room)) != nil {
			continue
		}
		value := Value{Room: w.board.room, Head: &Head{w.at, w.board.head.Number}}
		if shown := w.board.shown.value; shown.Head != nil && (shown.Head.Version >= w.at || now.Sub(w.board.shownAt) < headInterval+valueInterval) {
			value = shown
		}
		values = append(values, value)
	}
	return values
}

// leaveHeads applies what a commit means for what readers watch: who is in a room no more hears nothing of it from this very
// commit on, and after a change of the settings nobody hears of any before their rights are asked for anew. It is called with Logs.mu held, before the heads move.
func (l *Logs) leaveHeads(changes []chat.Change) {
	for i := range changes {
		if server := changes[i].Server; server != nil && server.Settings != nil {
			l.unsettleAll()
		}
		me := changes[i].Me
		if me == nil || me.Room == nil || !me.Room.Left && !me.Room.Deleted {
			continue
		}
		if tail := l.tails[changes[i].Log]; tail != nil {
			for _, r := range tail.snapshot() {
				r.mu.Lock()
				r.unwatch(me.Room.ID)
				r.mu.Unlock()
			}
		}
	}
}

// unsettleAll has all that is watched asked for anew: the server's settings have changed. It is called with Logs.mu held.
func (l *Logs) unsettleAll() {
	for log, tail := range l.tails {
		if log.User() == 0 {
			continue
		}
		for _, r := range tail.snapshot() {
			r.mu.Lock()
			r.unsettle()
			r.mu.Unlock()
		}
	}
}
