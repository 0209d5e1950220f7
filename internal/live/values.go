package live

import (
	"cmp"
	"slices"
	"time"

	"parley/internal/chat"
)

const (
	// valueInterval is how often values are looked at; who is here is told at most every second interval.
	valueInterval = 500 * time.Millisecond
	hereInterval  = time.Second
	// typingLife is how long somebody counts as typing without saying so again; with valueInterval it is gone within 5 s.
	typingLife = 4 * time.Second
	// hereNames is how many people are named; beyond that only the count is told.
	hereNames = 50
)

// A Value is the newest state of something that needs no history. Only the last one counts. Of Typing, Here and Head one is not nil.
type Value struct {
	Room   chat.RoomID   `json:"room"`
	Typing []chat.UserID `json:"typing,omitzero"`
	Here   *Here         `json:"here,omitempty"`
	Head   *Head         `json:"head,omitempty"`
}

// Here is who has a room open.
type Here struct {
	Count  int           `json:"count"`
	People []chat.Person `json:"people"` // at most 50
}

// values are the values of a room, beside its tail and under its lock.
type values struct {
	typingUntil map[chat.UserID]time.Time
	typing      cell

	here      map[chat.UserID]*presence
	hereStale bool
	hereAt    time.Time // when here was told last
	hereCell  cell
}

type presence struct {
	name    string
	readers int
}

// A cell holds the newest value and its frames, made once for each format.
type cell struct {
	sequence int64 // 0 before the first value
	value    Value
	frames   map[Format][]byte
}

func (c *cell) set(v Value) {
	c.sequence++
	c.value = v
	c.frames = map[Format][]byte{}
}

func (c *cell) encoded(f Format) []byte {
	frames, ok := c.frames[f]
	if !ok && c.sequence > 0 {
		frames = f.AppendValue(nil, &c.value)
		c.frames[f] = frames
	}
	return frames
}

// appendValues appends the newest values of the room, none where nobody has told them yet or a cursor's reader is to be asked first.
func (t *Tail) appendValues(values []Value, c *cursor) []Value {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, cell := range []*cell{&t.typing, &t.hereCell} {
		if cell.sequence > 0 && c.until == 0 {
			values = append(values, cell.value)
		}
	}
	return values
}

// Typing says that a user is typing in a room, for typingLife, or has stopped.
func (l *Logs) Typing(room chat.RoomID, user chat.UserID, on bool) {
	l.mu.RLock()
	tail := l.tails[chat.RoomLog(room)]
	l.mu.RUnlock()
	if tail == nil {
		return
	}
	tail.mu.Lock()
	_, was := tail.typingUntil[user]
	if on {
		if tail.typingUntil == nil {
			tail.typingUntil = map[chat.UserID]time.Time{}
		}
		tail.typingUntil[user] = l.clock().Add(typingLife)
	} else {
		delete(tail.typingUntil, user)
	}
	changed := was != on
	if changed {
		tail.setTyping()
	}
	tail.mu.Unlock()
	if changed {
		tail.wake()
	}
	if on {
		l.stir(tail)
	}
}

func (t *Tail) setTyping() {
	users := make([]chat.UserID, 0, len(t.typingUntil))
	for u := range t.typingUntil {
		users = append(users, u)
	}
	slices.Sort(users)
	t.typing.set(Value{Room: t.log.Room(), Typing: users[:min(len(users), hereNames)]})
}

// arrive and depart count a reader's user in and out of a room.
func (t *Tail) arrive(p chat.Person) {
	t.mu.Lock()
	if t.here == nil {
		t.here = map[chat.UserID]*presence{}
	}
	if t.here[p.ID] == nil {
		t.here[p.ID] = &presence{name: p.Name}
	}
	t.here[p.ID].readers++
	t.hereStale = true
	t.mu.Unlock()
	t.logs.stir(t)
}

func (t *Tail) depart(p chat.Person) {
	t.mu.Lock()
	if here := t.here[p.ID]; here != nil {
		if here.readers--; here.readers == 0 {
			delete(t.here, p.ID)
			t.hereStale = true
			if t.typingUntil[p.ID] != (time.Time{}) {
				t.typingUntil[p.ID] = t.logs.clock()
			}
		}
	}
	t.mu.Unlock()
	t.logs.stir(t)
}

func (t *Tail) renamed(p chat.Person) {
	if t.values == nil {
		return
	}
	t.mu.Lock()
	if here := t.here[p.ID]; here != nil && here.name != p.Name {
		here.name, t.hereStale = p.Name, true
	}
	t.mu.Unlock()
	t.logs.stir(t)
}

func (t *Tail) setHere() {
	people := make([]chat.Person, 0, len(t.here))
	for id, p := range t.here {
		people = append(people, chat.Person{ID: id, Name: p.name})
	}
	slices.SortFunc(people, func(a, b chat.Person) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	here := &Here{Count: len(people), People: people[:min(len(people), hereNames)]}
	t.hereCell.set(Value{Room: t.log.Room(), Here: here})
}

// stir has the values of a tail looked at when the next interval is over.
func (l *Logs) stir(t *Tail) {
	l.stirredMu.Lock()
	defer l.stirredMu.Unlock()
	l.stirred[t] = struct{}{}
}

// refresh looks at the values of all stirred tails.
func (l *Logs) refresh() {
	l.stirredMu.Lock()
	stirred := l.stirred
	l.stirred = map[*Tail]struct{}{}
	l.stirredMu.Unlock()
	now := l.clock()
	l.boards.show(now)
	for tail := range stirred {
		changed, again := tail.age(now)
		if changed {
			tail.wake()
		}
		if again {
			l.stir(tail)
		}
	}
}

// age renews the values as of now, and lets go of old changes; again says that there is something left to look at later.
func (t *Tail) age(now time.Time) (changed, again bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trim(now)
	heavy := t.weight > tailBytes && len(t.segments) > 1
	if t.values == nil {
		return false, heavy
	}
	for user, until := range t.typingUntil {
		if !now.Before(until) {
			delete(t.typingUntil, user)
			changed = true
		}
	}
	if changed {
		t.setTyping()
	}
	if t.hereStale && now.Sub(t.hereAt) >= hereInterval {
		t.setHere()
		t.hereStale, t.hereAt = false, now
		changed = true
	}
	return changed, heavy || t.hereStale || len(t.typingUntil) > 0
}
