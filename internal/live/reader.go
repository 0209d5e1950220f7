package live

import (
	"slices"
	"sync"

	"parley/internal/chat"
)

// Who a reader is, so that it is seen where it reads and ends with its session.
type Who struct {
	Person  chat.Person    // the zero Person is seen nowhere
	Session chat.SessionID // "" for none
	Ended   func()         // called, maybe more than once, when the session or the user is no more; must not block
}

// A Reader is one connection's cursors. It is woken when one of them may have something to read and then gathers
// everything at once. Its methods may be called from any goroutine; Gather by one at a time.
type Reader struct {
	logs   *Logs
	format Format
	who    Who
	wake   func()

	mu      sync.Mutex
	cursors []*cursor
	next    int // the cursor that the next Gather begins with
	closed  bool
	outlook outlook
}

// A cursor stands in one log. It is placed once somebody has read the store up to a version; until then it gathers nothing.
type cursor struct {
	reader     *Reader
	tail       *Tail
	index      int // in the tail's cursors, under its lock
	placed     bool
	generation int // counts the times that it was suspended
	at         int64
	number     int64 // of the newest message that was gathered or placed
	until      int64 // nothing from this version on may be gathered, 0: no such bound; under the tail's lock
	typing     int64 // sequences of the values that were gathered
	here       int64
}

// Read makes a reader. wake is called whenever there may be something to gather, from any goroutine and with locks held:
// it must not block and not call the reader.
func (l *Logs) Read(f Format, who Who, wake func()) *Reader {
	return &Reader{logs: l, format: f, who: who, wake: wake}
}

// Attach prepares a cursor in a log, before the store is read: from now on the log's tail keeps what is committed. The
// cursor gathers nothing until Place. Attaching again suspends the cursor until it is placed anew.
func (r *Reader) Attach(log chat.LogID) {
	r.mu.Lock()
	if c := r.cursor(log); c != nil {
		c.tail.mu.Lock()
		c.suspend()
		c.tail.mu.Unlock()
		r.mu.Unlock()
		return
	}
	r.mu.Unlock()
	c := r.logs.attach(r, log)
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		r.logs.detach(c)
		return
	}
	r.cursors = append(r.cursors, c)
	if r.who.Person.ID != 0 && log.Room() != 0 {
		// Under the lock, so that a rename or Close finds the reader either in the room or not yet there.
		c.tail.arrive(r.who.Person)
	}
	r.mu.Unlock()
}

// Place sets an attached cursor to the version that its reader has been given, and wakes the reader. number is that of
// the newest message it was given, for readers that go by numbers; 0 for others. The version comes from a store that was
// read after Attach and is its head then: what was committed before Attach and is above version is not given.
func (r *Reader) Place(log chat.LogID, version, number int64) {
	r.mu.Lock()
	if c := r.cursor(log); c != nil {
		c.placed, c.at, c.number = true, version, number
	}
	r.mu.Unlock()
	r.wake()
}

// Resume sets a cursor that was reported as Behind to where send brings its reader, as Place does, and wakes the reader.
// send is called first, with the reader's lock held; it must not block. If the cursor was attached anew or detached
// meanwhile nothing is sent and the result is false.
func (r *Reader) Resume(b Behind, version, number int64, send func()) bool {
	r.mu.Lock()
	c := r.cursor(b.Log)
	if c == nil || c.placed || c.generation != b.generation {
		r.mu.Unlock()
		return false
	}
	send()
	c.placed, c.at, c.number = true, version, number
	r.mu.Unlock()
	r.wake()
	return true
}

// End removes a cursor that was reported as Behind, unless it was attached anew meanwhile.
func (r *Reader) End(b Behind) {
	r.mu.Lock()
	c := r.cursor(b.Log)
	if c == nil || c.placed || c.generation != b.generation {
		r.mu.Unlock()
		return
	}
	r.remove(c)
	person := r.who.Person
	r.mu.Unlock()
	r.leave(c, person)
}

// Follows reports whether the reader has a cursor in the log.
func (r *Reader) Follows(log chat.LogID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cursor(log) != nil
}

// Cursors is how many logs the reader has a cursor in.
func (r *Reader) Cursors() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.cursors)
}

// Detach removes the cursor from a log.
func (r *Reader) Detach(log chat.LogID) {
	r.mu.Lock()
	gone := r.cursor(log)
	r.remove(gone)
	if gone != nil && gone.at > 0 && len(r.outlook.watches) > 0 {
		r.unfollowed(log.Room(), gone.at)
	}
	person := r.who.Person
	r.mu.Unlock()
	r.leave(gone, person)
}

func (r *Reader) remove(gone *cursor) {
	if i := slices.Index(r.cursors, gone); i >= 0 {
		r.cursors = append(r.cursors[:i:i], r.cursors[i+1:]...)
	}
}

// Close removes all cursors; nothing is gathered any more.
func (r *Reader) Close() {
	r.mu.Lock()
	r.closed = true
	cursors := r.cursors
	r.cursors = nil
	if r.outlook.watches != nil {
		r.unwatchAll()
	}
	person := r.who.Person
	r.mu.Unlock()
	for _, c := range cursors {
		r.leave(c, person)
	}
}

func (r *Reader) leave(c *cursor, person chat.Person) {
	if c == nil {
		return
	}
	if person.ID != 0 && c.tail.log.Room() != 0 {
		c.tail.depart(person)
	}
	r.logs.detach(c)
}

func (r *Reader) rename(name string) {
	r.mu.Lock()
	r.who.Person.Name = name
	person := r.who.Person
	tails := make([]*Tail, 0, len(r.cursors))
	for _, c := range r.cursors {
		tails = append(tails, c.tail)
	}
	r.mu.Unlock()
	for _, t := range tails {
		t.renamed(person)
	}
}

// ask has the reader's rights in all rooms asked for anew.
func (r *Reader) ask() {
	r.mu.Lock()
	for _, c := range r.cursors {
		if c.tail.log.Room() != 0 {
			c.tail.mu.Lock()
			c.end(c.tail.head + 1)
			c.tail.mu.Unlock()
		}
	}
	r.mu.Unlock()
	r.wake()
}

// Values are the newest values of the rooms in which the reader has a cursor that is placed and whose rights are not being asked
// for. They are shared: not to be modified.
func (r *Reader) Values() []Value {
	r.mu.Lock()
	defer r.mu.Unlock()
	var values []Value
	for _, c := range r.cursors {
		if c.placed && c.tail.values != nil {
			values = c.tail.appendValues(values, c)
		}
	}
	return values
}

func (r *Reader) cursor(log chat.LogID) *cursor {
	for _, c := range r.cursors {
		if c.tail.log == log {
			return c
		}
	}
	return nil
}

// end has the cursor gather nothing from a version on. It is called with the lock of the tail held.
func (c *cursor) end(version int64) {
	if c.until == 0 || version < c.until {
		c.until = version
	}
}

// suspend is called with the locks of the reader and of the tail held. Whoever places the cursor again asks before whether its
// reader may read; a change that ends that in the meantime sets until again.
func (c *cursor) suspend() {
	c.placed, c.until = false, 0
	c.generation++
}

func (c *cursor) behind(asked bool) Behind {
	c.suspend()
	return Behind{Log: c.tail.log, At: c.at, Number: c.number, Asked: asked, generation: c.generation}
}

// Behind is a cursor that gathers nothing until it is resumed: it has fallen off its tail and is to be brought on from the store,
// or, where Asked is set, it is only asked whether its reader may still read. Then it is resumed where it stands, or ended.
type Behind struct {
	Log        chat.LogID
	At         int64 // the version where it stands
	Number     int64 // of the newest message that its reader has
	Asked      bool
	generation int
}

// Gathered is what a reader is to send.
type Gathered struct {
	Parts  [][]byte // to be sent in this order; shared, not to be modified
	Bytes  int
	More   bool // there is more than the limit allowed: gather again after sending
	Behind []Behind
}

// Gather takes what lies between the cursors and the heads, and the newest values, about limit bytes at most (a single
// segment may go over it), and moves the cursors. parts is storage to reuse.
//
// also, unless nil, is called at the same moment, with the reader's lock held: what it takes belongs before what is gathered.
// No cursor is attached, placed or detached in between. It must not block.
func (r *Reader) Gather(parts [][]byte, limit int, also func()) Gathered {
	g := Gathered{Parts: parts[:0]}
	r.mu.Lock()
	defer r.mu.Unlock()
	if also != nil {
		also()
	}
	// Begin with another cursor each time, so that a busy room does not starve the others.
	for i := range r.cursors {
		r.gather(r.cursors[(r.next+i)%len(r.cursors)], &g, limit)
	}
	r.next++
	if r.outlook.due.Load() {
		r.gatherHeads(&g)
	}
	return g
}

func (r *Reader) gather(c *cursor, g *Gathered, limit int) {
	if !c.placed {
		return
	}
	c.tail.mu.Lock()
	defer c.tail.mu.Unlock()
	for c.at < c.tail.head && (c.until == 0 || c.at < c.until-1) {
		if g.Bytes >= limit {
			g.More = true
			return
		}
		p := c.tail.after(c.at, c.until, r.format)
		if p.at == 0 {
			g.Behind = append(g.Behind, c.behind(false))
			return
		}
		g.add(p.frames)
		c.at, c.number = p.at, max(c.number, p.number)
	}
	if c.until != 0 {
		g.Behind = append(g.Behind, c.behind(true))
		return
	}
	if c.tail.values == nil {
		return
	}
	if cell := &c.tail.typing; c.typing < cell.sequence {
		c.typing = cell.sequence
		g.add(cell.encoded(r.format))
	}
	if cell := &c.tail.hereCell; c.here < cell.sequence {
		c.here = cell.sequence
		g.add(cell.encoded(r.format))
	}
}

func (g *Gathered) add(frames []byte) {
	if len(frames) > 0 {
		g.Parts = append(g.Parts, frames)
		g.Bytes += len(frames)
	}
}
