package verify

import (
	"errors"
	"fmt"

	"parley/internal/chat"
)

// auditChanges is how many rows an audit reads at once.
const auditChanges = 1000

// Audit holds everything that the store has against the history: the rows of every room, their numbers and versions, and
// the receipts of keys. It reads all of the store in many pieces, each in a snapshot of its own, because a read may only take so
// long; nobody may post meanwhile.
func (c *Checker) Audit(read Reading) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := read(func(s chat.Snapshot) error {
		c.epochLocked(s.Epoch())
		return nil
	})
	if err != nil {
		return err
	}
	for _, r := range c.rooms {
		if err := c.auditRoomLocked(read, r); err != nil {
			return err
		}
	}
	for i := range c.ops {
		c.auditOpLocked(OpID(i + 1))
	}
	return c.auditReceiptsLocked(read)
}

// Reading runs f on one snapshot of the store, as chat.Store.Read does.
type Reading func(f func(s chat.Snapshot) error) error

func roomOf(read Reading, id chat.RoomID) (room chat.Room, err error) {
	err = read(func(s chat.Snapshot) (err error) {
		room, err = s.Room(id)
		return err
	})
	return room, err
}

func (c *Checker) auditRoomLocked(read Reading, r *roomFacts) error {
	room, err := roomOf(read, r.id)
	if chat.KindOf(err) == chat.NotFound {
		c.violateLocked(Lost, event{room: r.id}, "the room %s is not in the store", r.id)
		return nil
	}
	if err != nil {
		return err
	}
	about := event{at: c.now(), who: "the store", did: "has", room: r.id}
	if room.Version < r.head() {
		about.version = r.head()
		c.violateLocked(Lost, about, "the store has %s up to version %d, and version %d was acknowledged or seen", r.id, room.Version, r.head())
	}
	if room.Messages < r.number() {
		about.number = r.number()
		c.violateLocked(Lost, about, "the store has %s up to number %d, and number %d was acknowledged or seen", r.id, room.Messages, r.number())
	}
	rows := newRows(room)
	err = eachRow(read, r.id, func(row *chat.Change) {
		about.version, about.number = row.Version, 0
		if !rows.take(row) {
			c.violateLocked(Damaged, about, "the store has version %d of %s twice, or above the head %d", row.Version, r.id, room.Version)
		}
		if m := row.Message; m != nil {
			id := c.observeLocked(r.id, row.Version, m, "the store")
			c.finalLocked(id, row, about)
			if id != 0 {
				c.op(c.op(id).post).audited = true
			}
		} else if at(r.facts, row.Version) == 0 {
			r.facts = put(r.facts, row.Version, otherChange)
		}
	})
	if err != nil {
		return fmt.Errorf("reading the rows of %s: %w", r.id, err)
	}
	c.holesLocked(r, rows)
	return nil
}

// finalLocked compares the state that the store has of a message with the last operation on it that was acknowledged.
func (c *Checker) finalLocked(id OpID, row *chat.Change, about event) {
	if id == 0 {
		return
	}
	p := c.op(c.op(id).post)
	if p.final != 0 && p.final != id {
		about.op, about.number = p.final, p.number
		c.violateLocked(Overruled, about, "the store has op %d as the last state of number %d of %s, and op %d came after it at version %d",
			id, p.number, row.Log.Room(), p.final, c.op(p.final).version)
	}
}

// rows are the numbers and versions of a room's rows in the store.
type rows struct {
	room     chat.Room
	numbers  []bool
	versions []bool
}

func newRows(room chat.Room) *rows {
	return &rows{room: room, numbers: make([]bool, room.Messages+1), versions: make([]bool, room.Version+1)}
}

// take reports false for a row whose version or number was there before or cannot be.
func (r *rows) take(row *chat.Change) bool {
	if row.Version < 1 || row.Version > r.room.Version || r.versions[row.Version] {
		return false
	}
	r.versions[row.Version] = true
	m := row.Message
	if m == nil {
		return true
	}
	if m.Number < 1 || m.Number > r.room.Messages || r.numbers[m.Number] {
		return false
	}
	r.numbers[m.Number] = true
	return true
}

// eachRow calls f with everything that a room has, ascending by version.
func eachRow(read Reading, room chat.RoomID, f func(row *chat.Change)) error {
	for version := int64(0); ; {
		var changes []chat.Change
		more := false
		err := read(func(s chat.Snapshot) (err error) {
			changes, more, err = s.Changes(room, version, auditChanges)
			return err
		})
		if err != nil {
			return err
		}
		for i := range changes {
			if changes[i].Version <= version {
				return fmt.Errorf("version %d comes after version %d", changes[i].Version, version)
			}
			version = changes[i].Version
			f(&changes[i])
		}
		if !more {
			return nil
		}
		if len(changes) == 0 {
			return errors.New("there are more changes, and none was given")
		}
	}
}

// holesLocked looks for numbers without a message, for versions that stand for nothing, and for rows that a reader was never
// given.
func (c *Checker) holesLocked(r *roomFacts, have *rows) {
	about := event{at: c.now(), who: "the store", did: "has a hole", room: r.id}
	for n := int64(1); n <= have.room.Messages; n++ {
		if about.number = n; !have.numbers[n] {
			c.violateLocked(Gap, about, "the store has no number %d of %s, and %d is the newest", n, r.id, have.room.Messages)
		}
	}
	about.number = 0
	for v := int64(1); v <= have.room.Version; v++ {
		// In large rooms joins are counted, and only the newest has a row to show.
		if about.version = v; !have.versions[v] && at(r.facts, v) == 0 && have.room.Members <= chat.CountedMembers {
			c.violateLocked(Gap, about, "version %d of %s was given to nothing that anybody knows of", v, r.id)
		}
	}
	for _, reader := range c.readers {
		s := reader.places[r.id]
		if s == nil || s.position.Epoch != c.epoch {
			continue
		}
		reader.settleLocked(s, r.id)
		for v := range s.owed {
			if about.version = v; v < int64(len(have.versions)) && have.versions[v] {
				c.violateLocked(Gap, about, "%s was never given version %d of %s, which the store has", reader.name, v, r.id)
			}
		}
	}
}

// auditOpLocked looks whether an acknowledged operation left its mark.
func (c *Checker) auditOpLocked(id OpID) {
	o := c.op(id)
	if o.state != acknowledged {
		return
	}
	about := event{at: c.now(), who: "the store", did: "lacks", room: o.room.id, number: o.number, version: o.version, op: id}
	if o.kind == post && !o.audited {
		c.violateLocked(Lost, about, "op %d was acknowledged, and the store does not have it", id)
	}
	o.audited = false
	// An edit or deletion that was overruled by a later one needs no mark; finalLocked has compared the last.
}

// auditReceiptsLocked asks for the receipts of acknowledged keys: of every one in small runs, of some in large ones.
func (c *Checker) auditReceiptsLocked(read Reading) error {
	step := 1 + len(c.ops)/20_000
	for i := 0; i < len(c.ops); i += step {
		id := OpID(i + 1)
		o := c.op(id)
		if o.kind != post || !o.keyed || o.state != acknowledged || o.by == 0 {
			continue
		}
		about := event{at: c.now(), who: "the store", did: "has the receipt", room: o.room.id, number: o.number, op: id}
		var receipt chat.Receipt
		err := read(func(s chat.Snapshot) (err error) {
			receipt, err = s.Receipt(o.by, Key(id))
			return err
		})
		switch {
		case chat.KindOf(err) == chat.NotFound:
			c.violateLocked(Lost, about, "the store has no receipt for the key of op %d", id)
		case err != nil:
			return fmt.Errorf("reading the receipt of op %d: %w", id, err)
		case receipt.Number != o.number || receipt.Version != o.version || receipt.Room != o.room.id:
			c.violateLocked(Damaged, about, "the receipt of op %d says number %d version %d of %s, and it was answered with number %d version %d of %s",
				id, receipt.Number, receipt.Version, receipt.Room, o.number, o.version, o.room.id)
		}
	}
	return nil
}
