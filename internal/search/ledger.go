package search

import (
	"sync"

	"parley/internal/chat"
)

// A place is where a room stands and how far it has been read.
type place struct {
	head, cursor int64
	dropping     bool // what the index has of the room goes; then it is read from its beginning
	waiting      bool // it is in the ledger's queue
}

// A ledger knows of each room how far it has been read and which rooms have something to be read. Its methods may be called
// from any goroutine, and none of them waits for anything but the others.
type ledger struct {
	mu     sync.Mutex
	places map[chat.RoomID]*place
	queue  []chat.RoomID // rooms with something to be read, each once, the one that waits longest first
	behind int64         // sum over all rooms of head - cursor
	total  int64         // sum of head
	told   int64         // changes that committed has heard of
	sure   bool          // all heads are known
}

// reset makes the ledger that of a file that was just opened. It is not sure until the heads were compared.
func (l *ledger) reset(places map[chat.RoomID]place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.places, l.queue, l.behind, l.total, l.sure = make(map[chat.RoomID]*place, len(places)), nil, 0, 0, false
	for room, p := range places {
		l.places[room] = &p
		l.total += p.head
		l.behind += p.head - p.cursor
		if p.dropping {
			l.enqueueLocked(room, &p)
		}
	}
}

// tell notes that a room has come to a version.
func (l *ledger) tell(room chat.RoomID, version int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tellLocked(room, version)
}

func (l *ledger) tellLocked(room chat.RoomID, version int64) {
	p := l.places[room]
	if p == nil {
		p = &place{}
		l.places[room] = p
	}
	if version > p.head {
		l.behind += version - p.head
		l.total += version - p.head
		p.head = version
	}
	if p.head > p.cursor {
		l.enqueueLocked(room, p)
	}
}

func (l *ledger) enqueueLocked(room chat.RoomID, p *place) {
	if !p.waiting {
		p.waiting = true
		l.queue = append(l.queue, room)
	}
}

// committed is tell for every change of a room among changes. It reports whether there was one.
func (l *ledger) committed(changes []chat.Change) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	any := false
	for i := range changes {
		if room := changes[i].Log.Room(); room != 0 {
			l.tellLocked(room, changes[i].Version)
			l.told++
			any = true
		}
	}
	return any
}

// next takes the room that has waited longest out of the queue; ok is false when none waits.
func (l *ledger) next() (room chat.RoomID, p place, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		l.queue = nil
		return 0, place{}, false
	}
	room = l.queue[0]
	l.queue = l.queue[1:]
	at := l.places[room]
	if at == nil {
		return room, place{}, true // forgotten meanwhile
	}
	at.waiting = false
	return room, *at, true
}

// A move is what became of a room in a transaction of the index.
type move struct {
	room     chat.RoomID
	head     int64 // of the room, as it was read
	cursor   int64
	dropping bool
	anew     bool // what was known of the head before is worth nothing
	gone     bool // the store knows no such room
}

// moved notes a move, and queues the room if there is more to do.
func (l *ledger) moved(m move) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.places[m.room]
	if p == nil {
		return
	}
	l.behind -= p.head - p.cursor
	l.total -= p.head
	if m.gone {
		delete(l.places, m.room)
		return
	}
	if !m.anew {
		m.head = max(m.head, p.head) // it may have grown meanwhile
	}
	p.head, p.cursor, p.dropping = m.head, m.cursor, m.dropping
	l.behind += p.head - p.cursor
	l.total += p.head
	if p.dropping || p.head > p.cursor {
		l.enqueueLocked(m.room, p)
	}
}

// rooms are those that have been read at all.
func (l *ledger) rooms() map[chat.RoomID]int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	cursors := make(map[chat.RoomID]int64, len(l.places))
	for room, p := range l.places {
		if p.cursor > 0 || p.dropping {
			cursors[room] = p.cursor
		}
	}
	return cursors
}

// standing is how many changes have not been read, of how many that there are, and how many were told of so far. Before all
// heads are known, which is a moment after a start, there is at least one to be read.
func (l *ledger) standing() (behind, total, told int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.sure {
		return max(1, l.behind), max(1, l.total), l.told
	}
	return l.behind, l.total, l.told
}

// compared notes that all heads have been told.
func (l *ledger) compared() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sure = true
}

// check queues a room to be looked at whatever its head: because that is below its cursor, or what was read could not be stored.
func (l *ledger) check(room chat.RoomID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p := l.places[room]; p != nil {
		l.enqueueLocked(room, p)
	}
}

// idle reports whether no room waits.
func (l *ledger) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue) == 0
}
