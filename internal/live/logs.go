// Package live keeps awake the logs that somebody reads: it holds the newest changes of each in a tail, knows every
// reader's cursors, and wakes readers when there is something between a cursor and a head.
//
// Nothing is queued for a reader. A reader is woken, once, however much happens, and then takes everything that lies
// between its cursors and the heads; a reader that does not come costs its cursors. Tails are shared: a change is encoded
// once for each wire format and every reader of that format sends the same bytes.
//
// Lock order: Logs.mu, then Reader.mu, then Tail.mu or boards.mu, then Writer.mu; each may be taken without those before it. Inside
// Logs.stirredMu none is taken.
package live

import (
	"context"
	"sync"
	"time"

	"parley/internal/chat"
)

// A Format is one way to write changes and values on a wire. Formats are compared with ==; each reader has one. Its
// methods append whole frames, or nothing where the format does not show such a thing. They must not keep or modify what
// they are given, and may be called by any goroutine.
type Format interface {
	AppendChange(dst []byte, c *chat.Change) []byte
	AppendValue(dst []byte, v *Value) []byte
}

// Logs are the logs of one server that are awake. Its methods may be called from any goroutine.
type Logs struct {
	// TailBytes is what the tail of a log holds at most while it is busy, in bytes; it holds 1 MiB in any case. New makes it
	// 16 MiB; it is changed before anything else is done.
	TailBytes int

	clock func() time.Time

	mu    sync.RWMutex // protects tails and who reads them
	tails map[chat.LogID]*Tail

	stirredMu sync.Mutex
	stirred   map[*Tail]struct{} // tails with values that are to be looked at again

	boards boards
}

// New makes Logs that tell the time by clock, time.Now if nil.
func New(clock func() time.Time) *Logs {
	if clock == nil {
		clock = time.Now
	}
	return &Logs{
		TailBytes: 16 << 20, clock: clock, tails: map[chat.LogID]*Tail{}, stirred: map[*Tail]struct{}{},
		boards: boards{rooms: map[chat.RoomID]*board{}},
	}
}

// Run lets values grow old: it shows who is here at most once a second and forgets who has stopped typing. It returns nil
// when ctx ends.
func (l *Logs) Run(ctx context.Context) error {
	tick := time.NewTicker(valueInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			l.refresh()
		}
	}
}

// Committed takes in what was committed; see chat.Log.
func (l *Logs) Committed(changes []chat.Change) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	touched := make([]*Tail, 0, 8)
	now := l.clock()
	l.leaveHeads(changes)
	l.boards.move(changes, now)
	for i := range changes {
		if changes[i].Ends && changes[i].Server != nil && !trusting {
			l.endAll()
		}
		tail := l.tails[changes[i].Log]
		if tail == nil {
			continue
		}
		rested, heavy := tail.append(&changes[i], now)
		if rested {
			touched = append(touched, tail)
			if heavy {
				l.stir(tail)
			}
		}
		if changes[i].Me != nil {
			l.mine(tail, &changes[i])
		}
	}
	for _, tail := range touched {
		tail.wake()
	}
}

// endAll has all rights in rooms asked for anew: the server's settings have become narrower.
func (l *Logs) endAll() {
	for log, tail := range l.tails {
		if log.Room() == 0 {
			continue
		}
		tail.mu.Lock()
		tail.end(tail.head+1, 0)
		tail.mu.Unlock()
		tail.wake()
	}
}

// mine applies what a user's own change means for the user's open readers.
func (l *Logs) mine(tail *Tail, c *chat.Change) {
	me := c.Me
	for _, r := range tail.snapshot() {
		switch {
		case me.User != nil && me.User.Deactivated, me.SignedOut == "*", me.SignedOut != "" && me.SignedOut == r.who.Session:
			if r.who.Ended != nil {
				r.who.Ended()
			}
		case me.User != nil:
			r.rename(me.User.Name)
			if c.Ends && !trusting {
				r.ask()
			}
		}
		if me.User != nil || me.Room != nil && me.Room.Own != nil && !me.Room.Left {
			r.mayKnow(me.Room)
		}
	}
}

// Here is how many people have a room open now.
func (l *Logs) Here(room chat.RoomID) int {
	l.mu.RLock()
	tail := l.tails[chat.RoomLog(room)]
	l.mu.RUnlock()
	if tail == nil {
		return 0
	}
	tail.mu.Lock()
	defer tail.mu.Unlock()
	return len(tail.here)
}

// CountHere fills in how many people have each of the rooms open now.
func (l *Logs) CountHere(rooms []chat.RoomEntry) {
	for i := range rooms {
		rooms[i].Here = l.Here(rooms[i].ID)
	}
}

// Awake is how many logs have readers.
func (l *Logs) Awake() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.tails)
}

// attach makes a cursor of r in a log.
func (l *Logs) attach(r *Reader, log chat.LogID) *cursor {
	l.mu.Lock()
	defer l.mu.Unlock()
	tail := l.tails[log]
	if tail == nil {
		tail = &Tail{log: log, logs: l}
		if log.Room() != 0 {
			tail.values = new(values)
		}
		l.tails[log] = tail
	}
	tail.mu.Lock()
	defer tail.mu.Unlock()
	c := &cursor{reader: r, tail: tail, index: len(tail.cursors)}
	tail.cursors = append(tail.cursors, c)
	return c
}

func (l *Logs) detach(c *cursor) {
	l.mu.Lock()
	defer l.mu.Unlock()
	tail := c.tail
	tail.mu.Lock()
	defer tail.mu.Unlock()
	last := len(tail.cursors) - 1
	tail.cursors[c.index] = tail.cursors[last]
	tail.cursors[c.index].index = c.index
	tail.cursors[last] = nil
	tail.cursors = tail.cursors[:last]
	if last == 0 {
		delete(l.tails, tail.log)
	}
}
