package verify

import (
	"fmt"
	"slices"

	"parley/internal/chat"
)

// heldMessages is how many of a room's newest messages a reader's fold is kept of, to be compared with a fresh load. What is
// older is compared change by change.
const heldMessages = 256

// A Reader is the history of one client that follows rooms by a cursor, over all its connections. Its methods may be called
// from one goroutine at a time.
type Reader struct {
	c      *Checker
	name   string
	places map[chat.RoomID]*standing
}

// A standing is where a reader stands in a room.
type standing struct {
	position chat.Position
	placed   bool
	// owed are the versions that the reader was not given, which is right only where the same thing has changed again.
	owed map[int64]bool
	// held is the version of each of the newest messages, by number; what is below lowest was never given or is forgotten.
	held   map[int64]int64
	lowest int64
}

// Opened is the wire's answer to opening a room, or an unasked reset. docs/protocol.md has it.
type Opened struct {
	Room     chat.RoomID    `json:"room"`
	Epoch    chat.Epoch     `json:"epoch"`
	Version  int64          `json:"version"`
	Number   int64          `json:"number"`
	Reset    bool           `json:"reset"`
	Changes  []Change       `json:"changes"`
	Messages []chat.Message `json:"messages"`
	More     bool           `json:"more"`
}

// A Change is a room's change as it is on the wire. Message is nil where it is about something else.
type Change struct {
	Room    chat.RoomID   `json:"room"`
	Version int64         `json:"version"`
	Message *chat.Message `json:"message"`
}

// NewReader makes a Reader.
func (c *Checker) NewReader(name string) *Reader {
	r := &Reader{c: c, name: name, places: map[chat.RoomID]*standing{}}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.readers = append(c.readers, r)
	return r
}

// Position is where the reader stands in a room, false before it was given anything of it.
func (r *Reader) Position(room chat.RoomID) (chat.Position, bool) {
	r.c.mu.Lock()
	defer r.c.mu.Unlock()
	s := r.places[room]
	if s == nil || !s.placed {
		return chat.Position{}, false
	}
	return s.position, true
}

// An Asked is a question to the server, noted before it is sent: its answer must hold what was known by then.
type Asked struct {
	room    chat.RoomID
	from    chat.Position // the zero Position asks for a fresh load
	epoch   chat.Epoch    // the server's, as far as it is known
	version int64
	number  int64
}

// Ask notes that a room is about to be opened from a position, or afresh with the zero Position.
func (c *Checker) Ask(room chat.RoomID, from chat.Position) Asked {
	c.mu.Lock()
	defer c.mu.Unlock()
	facts := c.room(room)
	return Asked{room: room, from: from, epoch: c.epoch, version: facts.head(), number: facts.number()}
}

// Epoch tells of the epoch that the server names. One that nobody heard of is a violation unless it is the first: databases
// are restored by Restored alone.
func (c *Checker) Epoch(e chat.Epoch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epochLocked(e)
}

// epochLocked reports whether e is the epoch of now.
func (c *Checker) epochLocked(e chat.Epoch) bool {
	if c.epoch == "" {
		c.epoch, c.epochs[e] = e, true
	}
	if !c.epochs[e] {
		c.violateLocked(Lost, event{}, "the database is another one: its epoch is %s, and no backup has been restored since it was %s", e, c.epoch)
		c.epochs[e] = true
		c.epoch = e
	}
	return e == c.epoch
}

// Opened tells of the answer to a question. It reports false for one that came from before a restore, which is forgotten.
func (r *Reader) Opened(asked Asked, o Opened) bool {
	c := r.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.epochLocked(o.Epoch) {
		return false
	}
	about := event{at: c.now(), who: r.name, did: "resumes", room: o.Room, version: o.Version}
	if o.Reset {
		about.did = "is reset"
	}
	c.journal.add(about)
	c.freshLocked(asked, o, r.name, about)
	if !o.Reset {
		if asked.from.Epoch != o.Epoch {
			c.violateLocked(Disagree, about, "%s asked %s from epoch %q and was given a resume of epoch %q", r.name, o.Room, asked.from.Epoch, o.Epoch)
		}
		for _, change := range o.Changes {
			r.changeLocked(change)
		}
		if s := r.place(o.Room); s.position.Version != o.Version {
			c.violateLocked(Gap, about, "%s resumed %s from version %d up to %d, and the last change it was given is %d",
				r.name, o.Room, asked.from.Version, o.Version, s.position.Version)
		}
		r.c.moveLocked()
		return true
	}
	r.resetLocked(o)
	return true
}

// freshLocked compares an answer with what was known when it was asked for.
func (c *Checker) freshLocked(asked Asked, o Opened, who string, about event) {
	if asked.epoch != o.Epoch {
		return
	}
	if o.Version < asked.version {
		about.version = asked.version
		about.op = at(c.room(o.Room).facts, asked.version)
		c.violateLocked(Lost, about, "%s was given %s up to version %d, and version %d was known before it asked", who, o.Room, o.Version, asked.version)
	}
	if o.Number < asked.number {
		about.number = asked.number
		c.violateLocked(Lost, about, "%s was told that the newest number of %s is %d, and number %d was known before it asked", who, o.Room, o.Number, asked.number)
	}
}

// Looked tells of a page of messages that was asked for to see one of them, which was acknowledged just before. The page is
// as Opened, with what a page has.
func (c *Checker) Looked(who string, asked Asked, number int64, page Opened) {
	c.mu.Lock()
	defer c.mu.Unlock()
	about := event{at: c.now(), who: who, did: "looks", room: asked.room, number: number, version: page.Version}
	c.journal.add(about)
	if page.Version < asked.version {
		about.version = asked.version
		c.violateLocked(Lost, about, "%s was shown %s as of version %d, and version %d was known before it asked", who, asked.room, page.Version, asked.version)
	}
	seen := false
	for i := range page.Messages {
		m := &page.Messages[i]
		seen = seen || m.Number == number
		c.observeLocked(asked.room, m.Version, m, who)
	}
	if id := at(c.room(asked.room).posts, number); !seen && id != 0 && c.op(c.op(id).newest).kind != deletion {
		about.op = id
		c.violateLocked(Lost, about, "%s looked for number %d of %s, which was acknowledged, and it is not there", who, number, asked.room)
	}
}

// Unknown is the first number from a number on that nobody has seen yet, as when a script's post has no answer and every reader
// was away; 0 if there is none.
func (c *Checker) Unknown(room chat.RoomID, from int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	facts := c.room(room)
	for n := max(from, 1); n <= facts.number(); n++ {
		if at(facts.posts, n) == 0 {
			return n
		}
	}
	return 0
}

// Paged tells of a page of messages that was asked for to see who said them.
func (c *Checker) Paged(who string, room chat.RoomID, page Opened) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range page.Messages {
		c.observeLocked(room, page.Messages[i].Version, &page.Messages[i], who)
	}
}

// Reset tells of a reset that nobody asked for.
func (r *Reader) Reset(o Opened) {
	c := r.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.epochLocked(o.Epoch) {
		return
	}
	about := event{at: c.now(), who: r.name, did: "is reset unasked", room: o.Room, version: o.Version}
	c.journal.add(about)
	if s := r.place(o.Room); s.placed && s.position.Epoch == o.Epoch && s.position.Version > o.Version {
		c.violateLocked(Lost, about, "%s stood at version %d of %s and was reset to version %d", r.name, s.position.Version, o.Room, o.Version)
	}
	r.resetLocked(o)
}

func (r *Reader) place(room chat.RoomID) *standing {
	s := r.places[room]
	if s == nil {
		s = &standing{owed: map[int64]bool{}, held: map[int64]int64{}}
		r.places[room] = s
	}
	return s
}

// resetLocked begins a room anew with a snapshot.
func (r *Reader) resetLocked(o Opened) {
	s := &standing{owed: map[int64]bool{}, held: map[int64]int64{}, placed: true}
	s.position = chat.Position{Epoch: o.Epoch, Version: o.Version}
	r.places[o.Room] = s
	r.c.pageLocked(o, r.name)
	s.lowest = o.Number + 1
	for i := range o.Messages {
		m := &o.Messages[i]
		s.held[m.Number] = m.Version
		s.lowest = min(s.lowest, m.Number)
	}
	r.c.moveLocked()
}

// pageLocked looks at the messages of a snapshot: ascending, each as it is known, and none left out but deleted ones.
func (c *Checker) pageLocked(o Opened, who string) {
	about := event{at: c.now(), who: who, did: "shows", room: o.Room, version: o.Version}
	facts := c.room(o.Room)
	next := int64(0)
	for i := range o.Messages {
		m := &o.Messages[i]
		about.number, about.version = m.Number, m.Version
		if i > 0 && m.Number < next {
			c.violateLocked(Reordered, about, "%s was given number %d of %s after number %d", who, m.Number, o.Room, next-1)
		}
		if m.Version > o.Version || m.Number > o.Number {
			c.violateLocked(Disagree, about, "%s was given number %d version %d in a page of %s up to number %d version %d",
				who, m.Number, m.Version, o.Room, o.Number, o.Version)
		}
		if i > 0 {
			c.missingLocked(facts, next, m.Number, o.Version, about)
		}
		c.observeLocked(o.Room, m.Version, m, who)
		next = m.Number + 1
	}
	if next > 0 || !o.More {
		c.missingLocked(facts, max(next, 1), o.Number+1, o.Version, about)
	}
}

// missingLocked looks at the numbers that a page leaves out: from, …, to-1. Only deleted messages are left out.
func (c *Checker) missingLocked(facts *roomFacts, from, to, version int64, about event) {
	for n := from; n < to; n++ {
		id := at(facts.posts, n)
		if id == 0 || c.op(c.op(id).newest).kind == deletion {
			continue // not known to anybody yet, or deleted
		}
		about.number, about.op = n, id
		c.violateLocked(Lost, about, "%s was given a page of %s up to version %d without number %d, which is not deleted", about.who, facts.id, version, n)
	}
}

// Change tells of a change on a connection that has opened its room.
func (r *Reader) Change(epoch chat.Epoch, change Change) {
	r.c.mu.Lock()
	defer r.c.mu.Unlock()
	if epoch != r.c.epoch {
		return // read from a connection to what a restore has undone
	}
	r.changeLocked(change)
	r.c.moveLocked()
}

func (r *Reader) changeLocked(change Change) {
	c, s := r.c, r.place(change.Room)
	about := event{at: c.now(), who: r.name, did: "is given", room: change.Room, version: change.Version}
	if m := change.Message; m != nil {
		about.number = m.Number
	}
	c.journal.add(about)
	if !s.placed {
		c.violateLocked(Answer, about, "%s was given version %d of %s, which it has not opened", r.name, change.Version, change.Room)
		return
	}
	switch stood := s.position.Version; {
	case change.Version <= stood && s.owed[change.Version]:
		c.violateLocked(Reordered, about, "%s was given version %d of %s after version %d", r.name, change.Version, change.Room, stood)
		return
	case change.Version <= stood:
		c.violateLocked(Doubled, about, "%s was given version %d of %s again, at version %d", r.name, change.Version, change.Room, stood)
		return
	}
	for v := s.position.Version + 1; v < change.Version; v++ {
		r.oweLocked(s, change.Room, v, about)
	}
	s.position.Version = change.Version
	m := change.Message
	if m == nil {
		facts := c.room(change.Room)
		if at(facts.facts, change.Version) == 0 {
			facts.facts = put(facts.facts, change.Version, otherChange)
		} else if at(facts.facts, change.Version) != otherChange {
			c.violateLocked(Disagree, about, "%s was given version %d of %s as no message's, and it was op %d",
				r.name, change.Version, change.Room, at(facts.facts, change.Version))
		}
		return
	}
	c.observeLocked(change.Room, change.Version, m, r.name)
	if m.Number < s.lowest {
		return // older than the snapshot that it began with
	}
	s.held[m.Number] = change.Version
	if len(s.held) > 2*heldMessages {
		s.forget(c.room(change.Room).number() - heldMessages)
	}
}

// oweLocked notes that the reader was not given a version. It is a gap at once if nobody has changed that message again.
func (r *Reader) oweLocked(s *standing, room chat.RoomID, version int64, about event) {
	c := r.c
	if id := at(c.room(room).facts, version); id != 0 && id != otherChange && c.op(c.op(id).post).newest == id {
		about.op, about.number, about.did = id, c.op(c.op(id).post).number, "is not given"
		c.violateLocked(Gap, about, "%s was given version %d of %s and not version %d, which nobody has changed again", r.name, about.version, room, version)
		return
	}
	s.owed[version] = true
}

// forget lets go of what is below a number.
func (s *standing) forget(below int64) {
	for n := range s.held {
		if n < below {
			delete(s.held, n)
		}
	}
	s.lowest = max(s.lowest, below)
}

// moveLocked tells who waits that a reader has moved.
func (c *Checker) moveLocked() {
	if c.moved != nil {
		close(c.moved)
		c.moved = nil
	}
}

// Lagging names who has not reached the head of a room as far as it is known, and a channel that is closed when somebody
// has moved. It is asked while nobody posts.
func (c *Checker) Lagging() ([]string, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []string
	for id, facts := range c.rooms {
		for _, r := range c.readers {
			if s := r.places[id]; s == nil || s.position.Epoch != c.epoch || s.position.Version < facts.head() {
				names = append(names, fmt.Sprintf("%s in %s (%s)", r.name, id, r.whereLocked(s, facts)))
			}
		}
		for _, l := range c.listeners {
			if l.laggingLocked(facts) {
				names = append(names, fmt.Sprintf("%s in %s (%s)", l.name, id, l.whereLocked(facts)))
			}
		}
	}
	slices.Sort(names)
	if c.moved == nil {
		c.moved = make(chan struct{})
	}
	return names, c.moved
}

// whereLocked says how far a reader has come.
func (r *Reader) whereLocked(s *standing, facts *roomFacts) string {
	switch {
	case s == nil:
		return "never opened"
	case s.position.Epoch != r.c.epoch:
		return "of another epoch"
	}
	return fmt.Sprintf("at version %d of %d", s.position.Version, facts.head())
}

// Head tells of the head of a room that a fresh load has reached: readers who follow it must reach it too.
func (c *Checker) Head(fresh Opened) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.room(fresh.Room); r.head() < fresh.Version {
		r.facts = put(r.facts, fresh.Version, 0)
	}
}

// Compare holds a fresh load of a room, asked for while nobody posts and after everybody has caught up, against what each
// reader has made of the changes. Afterwards what readers were rightly not given is forgotten.
func (c *Checker) Compare(asked Asked, fresh Opened) {
	c.mu.Lock()
	defer c.mu.Unlock()
	about := event{at: c.now(), who: "a fresh load", did: "shows", room: fresh.Room, version: fresh.Version}
	c.freshLocked(asked, fresh, about.who, about)
	c.pageLocked(fresh, about.who)
	for _, r := range c.readers {
		if s := r.places[fresh.Room]; s != nil && s.position.Epoch == fresh.Epoch {
			r.compareLocked(s, fresh)
		}
	}
}

func (r *Reader) compareLocked(s *standing, fresh Opened) {
	c := r.c
	about := event{at: c.now(), who: r.name, did: "differs from a fresh load", room: fresh.Room}
	if s.position.Version != fresh.Version {
		c.violateLocked(Gap, about, "%s stands at version %d of %s, and a fresh load at %d", r.name, s.position.Version, fresh.Room, fresh.Version)
	}
	shown := map[int64]bool{}
	for i := range fresh.Messages {
		m := &fresh.Messages[i]
		shown[m.Number] = true
		if m.Number >= s.lowest && s.held[m.Number] != m.Version {
			about.number, about.version = m.Number, m.Version
			c.violateLocked(Gap, about, "%s holds number %d of %s as of version %d, and a fresh load shows version %d",
				r.name, m.Number, fresh.Room, s.held[m.Number], m.Version)
		}
	}
	if len(fresh.Messages) > 0 {
		for n, version := range s.held {
			if n < fresh.Messages[0].Number || shown[n] {
				continue
			}
			if id := at(c.room(fresh.Room).facts, version); id == 0 || id == otherChange || c.op(id).kind != deletion {
				about.number, about.version = n, version
				c.violateLocked(Gap, about, "%s holds number %d of %s, which a fresh load does not show", r.name, n, fresh.Room)
			}
		}
	}
	r.settleLocked(s, fresh.Room)
}

// settleLocked looks at what a reader was not given, while nothing is under way: right is only what has changed again.
func (r *Reader) settleLocked(s *standing, room chat.RoomID) {
	c := r.c
	facts := c.room(room)
	for v := range s.owed {
		id := at(facts.facts, v)
		if id == 0 || id == otherChange {
			continue // the store will tell
		}
		delete(s.owed, v)
		if p := c.op(c.op(id).post); p.final == id {
			about := event{at: c.now(), who: r.name, did: "was never given", room: room, number: p.number, version: v, op: id}
			c.violateLocked(Gap, about, "%s was never given version %d of %s, which is the last of number %d", r.name, v, room, p.number)
		}
	}
}
