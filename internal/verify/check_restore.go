package verify

import (
	"fmt"

	"parley/internal/chat"
)

// A Mark is a moment of the history.
type Mark struct {
	order uint64
	heads map[chat.RoomID]int64
}

// Mark is the moment of now: everything that is known by now is before it.
func (c *Checker) Mark() Mark {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := Mark{order: c.tick(), heads: map[chat.RoomID]int64{}}
	for id, r := range c.rooms {
		m.heads[id] = r.head()
	}
	return m
}

// Restored holds a restored store against the history: it must be a prefix that reaches at least to before, the moment at
// which its backup was begun, and its epoch must be new. From then on what came after the prefix has never been. It is
// called while nothing is under way and no server runs.
func (c *Checker) Restored(read Reading, before Mark) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.journal.add(event{at: c.now(), who: "nemesis", did: "a backup is restored"})
	var e chat.Epoch
	err := read(func(s chat.Snapshot) error {
		e = s.Epoch()
		return nil
	})
	if err != nil {
		return err
	}
	if c.epochs[e] {
		c.violateLocked(Damaged, event{}, "a restored database has the epoch %s, which there was before", e)
	} else {
		c.epoch, c.epochs[e] = e, true
	}
	latest := uint64(0) // when the last operation of the prefix was sent
	heads := map[*roomFacts]chat.Room{}
	for id, r := range c.rooms {
		room, err := c.restoredRoomLocked(read, r, before.heads[id])
		if err != nil {
			return err
		}
		heads[r] = room
		for _, fact := range r.facts[:min(int64(len(r.facts)), room.Version+1)] {
			if fact != 0 && fact != otherChange {
				latest = max(latest, c.op(fact).sent)
			}
		}
	}
	for i := range c.ops {
		c.cutLocked(OpID(i+1), heads, before, latest)
	}
	for r, room := range heads {
		r.facts = r.facts[:min(int64(len(r.facts)), room.Version+1)]
		r.posts = r.posts[:min(int64(len(r.posts)), room.Messages+1)]
	}
	for _, l := range c.listeners {
		l.connected, l.waiting = 0, nil
	}
	return nil
}

// restoredRoomLocked compares the rows of a restored room with what its messages were at the version that it has.
func (c *Checker) restoredRoomLocked(read Reading, r *roomFacts, least int64) (chat.Room, error) {
	room, err := roomOf(read, r.id)
	if chat.KindOf(err) == chat.NotFound && least == 0 {
		return chat.Room{ID: r.id}, nil
	}
	if err != nil {
		return chat.Room{}, fmt.Errorf("reading %s: %w", r.id, err)
	}
	about := event{at: c.now(), who: "the backup", did: "has", room: r.id, version: room.Version}
	if room.Version < least {
		c.violateLocked(Lost, about, "the backup has %s up to version %d, and version %d was known before it was begun", r.id, room.Version, least)
	}
	if room.Version > r.head() {
		c.violateLocked(Phantom, about, "the backup has %s up to version %d, and %d was the last", r.id, room.Version, r.head())
	}
	// What each message was at that version.
	states := make([]OpID, room.Messages+1)
	for _, id := range r.facts[:min(int64(len(r.facts)), room.Version+1)] {
		if id == 0 || id == otherChange {
			continue
		}
		if n := c.op(c.op(id).post).number; n > 0 && n <= room.Messages {
			states[n] = id
		}
	}
	rows := newRows(room)
	err = eachRow(read, r.id, func(row *chat.Change) {
		about.version = row.Version
		if !rows.take(row) {
			c.violateLocked(Damaged, about, "the backup has version %d of %s twice, or above the head %d", row.Version, r.id, room.Version)
			return
		}
		m := row.Message
		if m == nil {
			return
		}
		about.number = m.Number
		id := at(r.facts, row.Version)
		said, _ := c.saidBy(m.Text)
		switch {
		case id == 0 || id == otherChange:
			c.violateLocked(Phantom, about, "the backup has version %d of %s, which nobody has seen", row.Version, r.id)
		case id != states[m.Number] || m.Deleted != (c.op(id).kind == deletion) || !m.Deleted && said != id:
			c.violateLocked(Disagree, about, "the backup has op %d as number %d of %s at version %d, and it was op %d", said, m.Number, r.id, row.Version, states[m.Number])
		}
	})
	if err != nil {
		return room, fmt.Errorf("reading the rows of %s: %w", r.id, err)
	}
	for n := int64(1); n <= room.Messages; n++ {
		if about.number = n; !rows.numbers[n] {
			c.violateLocked(Gap, about, "the backup has no number %d of %s, and %d is the newest", n, r.id, room.Messages)
		}
	}
	return room, nil
}

// cutLocked sets an operation back to what it was at the moment of the backup, or undoes it. One that was acknowledged before
// another of the prefix was sent must be in the prefix itself.
func (c *Checker) cutLocked(id OpID, heads map[*roomFacts]chat.Room, before Mark, latest uint64) {
	o := c.op(id)
	if o.state == refused || o.state == undone {
		return
	}
	head := heads[o.room].Version
	if o.version != 0 && o.version <= head {
		// Ids ascend, so that the last one of the prefix stays.
		p := c.op(o.post)
		p.newest, p.final = id, id
		return
	}
	if o.state == acknowledged && o.settled < max(before.order, latest) {
		about := event{at: c.now(), who: "the backup", did: "lacks", room: o.room.id, number: o.number, version: o.version, op: id}
		c.violateLocked(Lost, about, "the backup lacks op %d, which was acknowledged before the backup was begun, or before something that it has", id)
	}
	o.state = undone
}
