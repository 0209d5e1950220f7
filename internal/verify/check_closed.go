package verify

import (
	"fmt"
	"slices"
	"sync"

	"parley/internal/chat"
)

// A ClosedRoom is the history of a private room whose people come and go while others write and read. It is told of every change
// of its people before that is sent and when it is answered, and of everything that anybody is given, and holds that against two
// promises: nothing of the room reaches who is no member, from the very version of the removal on, until they are let in again; and nothing
// that was acknowledged is missing for who is one. Its methods may be called from any goroutine.
type ClosedRoom struct {
	c  *Checker
	id chat.RoomID

	mu      sync.Mutex
	people  map[chat.UserID]*closedMember
	posts   map[int64]closedPost // by number
	newest  int64                // the highest number and version that were acknowledged
	head    int64
	readers []*ClosedReader
}

type closedPost struct {
	version int64
	text    string
}

// A closedMember is what is known of somebody's place in the room.
type closedMember struct {
	out     bool  // a removal was answered, and nobody has been asked to undo it
	in      bool  // a membership was answered, and nobody has been asked to end it
	removed int64 // the version of the removal
	spell   int   // counts the changes, so that an answer can be told from one of another time
	highest int64 // the highest version that this person was given
	who     string
	there   *Register // 1 while a member
}

// NewClosedRoom makes the history of a room without members.
func (c *Checker) NewClosedRoom(id chat.RoomID) *ClosedRoom {
	r := &ClosedRoom{c: c, id: id}
	r.forgetLocked()
	return r
}

// forgetLocked forgets all but the readers, who begin anew.
func (r *ClosedRoom) forgetLocked() {
	r.people, r.posts, r.newest, r.head = map[chat.UserID]*closedMember{}, map[int64]closedPost{}, 0, 0
	for _, reader := range r.readers {
		reader.placed = false
	}
}

func (r *ClosedRoom) member(user chat.UserID) *closedMember {
	m := r.people[user]
	if m == nil {
		m = &closedMember{there: NewRegister(fmt.Sprintf("the membership of %s in %s", user, r.id))}
		r.people[user] = m
	}
	return m
}

// There is the register of somebody's membership, 1 for a member and 0 for nobody.
func (r *ClosedRoom) There(user chat.UserID) *Register {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.member(user).there
}

// Changing tells that somebody's place is about to be changed: from now on nobody knows what they may be given.
func (r *ClosedRoom) Changing(user chat.UserID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.member(user)
	m.in, m.out = false, false
	m.spell++
}

// Added tells that somebody is a member, as was answered.
func (r *ClosedRoom) Added(user chat.UserID, version int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.member(user)
	m.in, m.out, r.head = true, false, max(r.head, version)
}

// Removed tells that somebody is no member, as was answered with the room's version after it.
func (r *ClosedRoom) Removed(user chat.UserID, version int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.member(user)
	m.in, m.out, m.removed, r.head = false, true, version, max(r.head, version)
	if m.highest >= version {
		r.leakLocked(m, "was given version %d of %s, and had been removed from it at version %d", m.highest, r.id, version)
	}
}

func (r *ClosedRoom) leakLocked(m *closedMember, format string, args ...any) {
	r.c.Violate(Leaked, "%s "+format, append([]any{m.who}, args...)...)
}

// givenLocked tells that somebody was given something of the room with that version.
func (r *ClosedRoom) givenLocked(who string, user chat.UserID, version int64) {
	m := r.member(user)
	m.who, m.highest = who, max(m.highest, version)
	if m.out && version >= m.removed {
		r.leakLocked(m, "was given version %d of %s, and was removed from it at version %d", version, r.id, m.removed)
	}
}

// In reports whether somebody is known to be a member.
func (r *ClosedRoom) In(user chat.UserID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.member(user).in
}

// Away reports whether somebody is known to be no member, and names the spell of it.
func (r *ClosedRoom) Away(user chat.UserID) (spell int, away bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.member(user)
	return m.spell, m.out
}

// Served tells that something of the room was answered to who asked in a spell, in which they were away: unless it has ended
// since, that is a leak.
func (r *ClosedRoom) Served(who string, user chat.UserID, spell int, what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.member(user); m.out && m.spell == spell {
		m.who = who
		r.leakLocked(m, "was removed from %s at version %d, and after that was answered %s", r.id, m.removed, what)
	}
}

// Posted tells of a message that was acknowledged.
func (r *ClosedRoom) Posted(text string, number, version int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if was, ok := r.posts[number]; ok && was.text != text {
		r.c.Violate(Doubled, "number %d of %s is both %.40q and %.40q", number, r.id, was.text, text)
	}
	r.posts[number] = closedPost{version, text}
	r.newest, r.head = max(r.newest, number), max(r.head, version)
}

// Newest is the highest number that was acknowledged.
func (r *ClosedRoom) Newest() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.newest
}

// A ClosedReader is one of the room's people, who follows it over many connections. Its methods may be called by one goroutine at a time.
type ClosedReader struct {
	room *ClosedRoom
	name string
	user chat.UserID

	placed   bool
	epoch    chat.Epoch
	base     int64 // the version of the snapshot that it began with
	version  int64 // where it stands
	versions map[int64]bool
}

// NewReader makes a reader; who it is is told by Is.
func (r *ClosedRoom) NewReader(name string) *ClosedReader {
	f := &ClosedReader{room: r, name: name}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.readers = append(r.readers, f)
	return f
}

// Is tells whose reader it is.
func (f *ClosedReader) Is(user chat.UserID) {
	f.room.mu.Lock()
	defer f.room.mu.Unlock()
	f.user = user
}

// Position is where the reader stands, false if it has to begin anew.
func (f *ClosedReader) Position() (chat.Position, bool) {
	f.room.mu.Lock()
	defer f.room.mu.Unlock()
	return chat.Position{Epoch: f.epoch, Version: f.version}, f.placed
}

// isNow reports whether an epoch is that of now: what comes from before a restore is forgotten.
func (c *Checker) isNow(e chat.Epoch) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return e == c.epoch
}

// Opened tells of the answer to opening the room, or of a reset that nobody asked for.
func (f *ClosedReader) Opened(o Opened) {
	r := f.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.c.isNow(o.Epoch) {
		return
	}
	r.givenLocked(f.name, f.user, o.Version)
	if o.Reset {
		f.placed, f.epoch, f.base, f.version, f.versions = true, o.Epoch, o.Version, o.Version, map[int64]bool{}
		for i := range o.Messages {
			r.shownLocked(f.name, &o.Messages[i])
		}
		return
	}
	for _, change := range o.Changes {
		f.changeLocked(change)
	}
	f.version = max(f.version, o.Version)
}

// Change tells of a change of the room, on a connection to a server with that epoch.
func (f *ClosedReader) Change(epoch chat.Epoch, change Change) {
	f.room.mu.Lock()
	defer f.room.mu.Unlock()
	if f.room.c.isNow(epoch) {
		f.changeLocked(change)
	}
}

func (f *ClosedReader) changeLocked(change Change) {
	r := f.room
	r.givenLocked(f.name, f.user, change.Version)
	if change.Message != nil {
		r.shownLocked(f.name, change.Message)
	}
	if !f.placed {
		return // what a restore has undone, or who is no member and has been told of that as a leak
	}
	if f.versions[change.Version] {
		r.c.Violate(Doubled, "%s was given version %d of %s again, at version %d", f.name, change.Version, r.id, f.version)
	}
	f.versions[change.Version] = true
	f.version = max(f.version, change.Version)
}

// shownLocked holds a message against what was acknowledged.
func (r *ClosedRoom) shownLocked(who string, m *chat.Message) {
	if was, ok := r.posts[m.Number]; ok && was.text != m.Text {
		r.c.Violate(Disagree, "%s was given number %d of %s as %.40q, and it is %.40q", who, m.Number, r.id, m.Text, was.text)
	}
}

// Lagging names the members who have not been given everything that was acknowledged. It is asked while nothing is under way.
func (r *ClosedRoom) Lagging() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var names []string
	for _, f := range r.readers {
		if m := r.people[f.user]; m != nil && m.in && (!f.placed || f.version < r.head) {
			names = append(names, fmt.Sprintf("%s in %s (at version %d of %d)", f.name, r.id, f.version, r.head))
		}
	}
	return names
}

// Settle looks whether readers were given every post between the snapshot that they began with and where they stand. It is called
// while nothing is under way.
func (r *ClosedRoom) Settle() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.readers {
		for number, p := range r.posts {
			if f.placed && p.version > f.base && p.version <= f.version && !f.versions[p.version] {
				r.c.Violate(Gap, "%s was never given number %d of %s, version %d", f.name, number, r.id, p.version)
			}
		}
	}
}

// Audit holds the store against the history: what was said, and who is there. Nothing may be under way.
func (r *ClosedRoom) Audit(s chat.Snapshot) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for number, p := range r.posts {
		m, err := s.Message(r.id, number)
		switch {
		case chat.KindOf(err) == chat.NotFound:
			r.c.Violate(Lost, "number %d of %s was acknowledged, and the store does not have it", number, r.id)
		case err != nil:
			return fmt.Errorf("reading number %d of %s: %w", number, r.id, err)
		case m.Text != p.text || m.Version != p.version:
			r.c.Violate(Disagree, "the store has number %d of %s as version %d, %.40q, and it is version %d, %.40q", number, r.id, m.Version, m.Text, p.version, p.text)
		}
	}
	for user, m := range r.people {
		row, err := s.Member(r.id, user)
		if err != nil && chat.KindOf(err) != chat.NotFound {
			return fmt.Errorf("reading the membership of %s in %s: %w", user, r.id, err)
		}
		r.audited(m.there, number(row.Joined))
	}
	return nil
}

func number(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// auditor is the client that an audit reads registers as.
const auditor = 1 << 20

// audited ends the history of a register with what the store has.
func (r *ClosedRoom) audited(g *Register, value int64) { r.c.audited(g, value) }

func (c *Checker) audited(g *Register, value int64) {
	g.Read(auditor, g.Begin(0), value)
	c.Explain(g, value)
}

// Explain looks whether the history of a register can be explained, and begins another one with a value.
func (c *Checker) Explain(g *Register, value int64) {
	n := g.Len()
	if n == 0 {
		return
	}
	explained, decided := g.Check(value)
	if !explained {
		c.Violate(Unordered, "no order of the %d operations on %s explains their answers", n, g.what)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.explained += n
	if !decided {
		c.undecided++
	}
}

// Explained is how many operations were put in order, and how many histories took too long for that.
func (c *Checker) Explained() (operations, undecided int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.explained, c.undecided
}

// Restored forgets everything: who is there and what was said is what it was at some moment before.
func (r *ClosedRoom) Restored() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgetLocked()
}

// Registers are those of everybody's membership, by the ids of their users.
func (r *ClosedRoom) Registers() []*Register {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []chat.UserID
	for id := range r.people {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	all := make([]*Register, len(ids))
	for i, id := range ids {
		all[i] = r.people[id].there
	}
	return all
}
