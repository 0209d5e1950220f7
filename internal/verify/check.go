package verify

import (
	"hash/maphash"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/internal/chat"
)

// An OpID names an operation of a run: 1, 2, 3, … in the order in which they were begun.
type OpID uint32

type opKind uint8

const (
	post opKind = iota
	edit
	deletion
)

func (k opKind) String() string { return [...]string{"post", "edit", "deletion"}[k] }

type opState uint8

const (
	pending      opState = iota // sent, maybe several times, and not answered
	acknowledged                // by an answer, or because a reader was given it
	refused                     // definitely
	undone                      // by the restore of a backup from before
)

// millis is a time since the run began, small.
type millis uint32

func (m millis) seconds() float64 { return float64(m) / 1000 }

// An op is everything that is remembered of an operation. A run has a million of them.
type op struct {
	hash           uint64 // of the text
	begun, ended   millis
	sent, settled  uint64 // the order of events: when it was first sent and when it was answered
	number         int64  // of a post, once it is known
	version        int64  // that it was given, once it is known
	numberThen     int64  // the newest number and version in the room that anybody knew of when it was sent
	versionThen    int64
	room           *roomFacts
	author         string
	by             chat.UserID // 0 where it is not known before it is seen
	post           OpID        // the post that an edit or deletion is of; of a post itself
	newest         OpID        // of a post: the newest operation on it
	final          OpID        // of a post: the operation on it with the highest version that is known
	kind           opKind
	state          opState
	keyed, audited bool
}

// otherChange stands among the facts for a version that concerns no message: somebody joined, say.
const otherChange OpID = math.MaxUint32

// roomFacts is what is known of a room, from whoever saw it first. Everybody else must see the same.
type roomFacts struct {
	id    chat.RoomID
	posts []OpID // by number
	facts []OpID // by version
}

func at(list []OpID, n int64) OpID {
	if n < 0 || n >= int64(len(list)) {
		return 0
	}
	return list[n]
}

func put(list []OpID, n int64, id OpID) []OpID {
	for int64(len(list)) <= n {
		list = append(list, 0)
	}
	list[n] = id
	return list
}

// head and number are the highest version and number that are known.
func (r *roomFacts) head() int64   { return max(0, int64(len(r.facts))-1) }
func (r *roomFacts) number() int64 { return max(0, int64(len(r.posts))-1) }

// A Checker holds the history of a run against the promises. It is told of every operation before it is sent, of its
// answer, and of everything that readers are given, and it compares as it goes: memory grows by what was said and not by
// how many read it. It does no I/O. Its methods may be called from any goroutine.
//
// Every text begins with the id of the operation that says it, so that a text which a reader is given names its origin.
type Checker struct {
	clock func() time.Duration
	seed  maphash.Seed

	mu         sync.Mutex
	ops        []op // ops[id-1]
	rooms      map[chat.RoomID]*roomFacts
	epoch      chat.Epoch
	epochs     map[chat.Epoch]bool // all there ever were
	order      uint64              // counts events
	posted     int                 // acknowledged posts
	wanted     int                 // posted that somebody waits for
	reached    chan struct{}       // closed when posted reaches wanted
	readers    []*Reader
	listeners  []*Listener
	moved      chan struct{} // closed when a reader moves; nil while nobody waits
	journal    journal
	violations []Violation
	counts     map[Kind]int
	found      int
	broken     chan struct{}
	explained  int // operations on registers that were put in order
	undecided  int // histories of registers for which there was no time
}

// NewChecker makes a Checker. clock is the time since the run began; it dates events and decides nothing.
func NewChecker(clock func() time.Duration) *Checker {
	return &Checker{
		clock: clock, seed: maphash.MakeSeed(), rooms: map[chat.RoomID]*roomFacts{}, counts: map[Kind]int{},
		epochs: map[chat.Epoch]bool{}, broken: make(chan struct{}),
	}
}

func (c *Checker) now() time.Duration { return c.clock() }

func (c *Checker) op(id OpID) *op { return &c.ops[id-1] }

func (c *Checker) room(id chat.RoomID) *roomFacts {
	r := c.rooms[id]
	if r == nil {
		r = &roomFacts{id: id}
		c.rooms[id] = r
	}
	return r
}

func (c *Checker) tick() uint64 {
	c.order++
	return c.order
}

// An Author is who says something.
type Author struct {
	Name string
	User chat.UserID // 0 if it is not known: whoever is seen first with it is taken for the author
}

// beginLocked remembers an operation that is about to be sent.
func (c *Checker) beginLocked(kind opKind, r *roomFacts, a Author) (OpID, *op) {
	id := OpID(len(c.ops) + 1)
	c.ops = append(c.ops, op{
		kind: kind, room: r, author: a.Name, by: a.User, begun: millis(c.now().Milliseconds()), sent: c.tick(),
		numberThen: r.number(), versionThen: r.head(), post: id, newest: id,
	})
	return id, c.op(id)
}

// Post begins a post: it must be sent after this, and told of by Acknowledged or Refused as soon as its fate is known.
// The text is id and a blank and what fill makes. keyed says that it is sent with Key(id).
func (c *Checker) Post(a Author, room chat.RoomID, keyed bool, fill func(id OpID) string) (OpID, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, o := c.beginLocked(post, c.room(room), a)
	text := textOf(id, fill)
	o.keyed, o.hash = keyed, maphash.String(c.seed, text)
	c.journal.add(event{at: c.now(), who: a.Name, did: "posts", room: room, op: id})
	return id, text
}

// Edit begins an edit of a post that was acknowledged, by its author, after everything before it on that post was answered,
// or at once with another edit.
func (c *Checker) Edit(target OpID, fill func(id OpID) string) (OpID, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := c.onLocked(edit, target)
	text := textOf(id, fill)
	c.op(id).hash = maphash.String(c.seed, text)
	return id, text
}

// Delete begins a deletion, as Edit does an edit.
func (c *Checker) Delete(target OpID) OpID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.onLocked(deletion, target)
}

func (c *Checker) onLocked(kind opKind, target OpID) OpID {
	p := c.op(target)
	id, o := c.beginLocked(kind, p.room, Author{p.author, p.by})
	o.post = target
	p = c.op(target) // ops may have moved
	p.newest = id
	c.journal.add(event{at: c.now(), who: p.author, did: kind.String() + " of", room: p.room.id, number: p.number, op: id})
	return id
}

// textOf puts the id before a text.
func textOf(id OpID, fill func(id OpID) string) string {
	return strconv.FormatUint(uint64(id), 10) + " " + fill(id)
}

// saidBy is the operation that a text names.
func (c *Checker) saidBy(text string) (OpID, bool) {
	digits, _, _ := strings.Cut(text, " ")
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || n == 0 || n > uint64(len(c.ops)) {
		return 0, false
	}
	o := c.op(OpID(n))
	return OpID(n), o.kind != deletion && o.hash == maphash.String(c.seed, text)
}

// Acknowledged tells of the answer to an operation: of a post number and version, of others the version. A post that has
// no answer of its own but was seen is acknowledged with zeros.
func (c *Checker) Acknowledged(id OpID, number, version int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.op(id)
	if o.state == pending {
		o.state, o.settled, o.ended = acknowledged, c.tick(), millis(c.now().Milliseconds())
		if o.kind == post {
			c.postedLocked()
		}
	}
	c.journal.add(event{at: c.now(), who: o.author, did: "is answered", room: o.room.id, number: number, version: version, op: id})
	if version != 0 {
		c.learnLocked(id, number, version, "the answer to "+o.author)
	}
}

func (c *Checker) postedLocked() {
	c.posted++
	if c.reached != nil && c.posted >= c.wanted {
		close(c.reached)
		c.reached = nil
	}
}

// Posted is how many posts have been acknowledged.
func (c *Checker) Posted() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.posted
}

// Reached is closed when that many posts have been acknowledged. One goroutine at a time may wait.
func (c *Checker) Reached(posts int) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	reached := make(chan struct{})
	if c.posted >= posts {
		close(reached)
		return reached
	}
	c.wanted, c.reached = posts, reached
	return reached
}

// Refused tells that an operation was definitely refused: nobody may ever see it. Of two edits that were sent at once, the one
// that took place is acknowledged first.
func (c *Checker) Refused(id OpID, code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.op(id)
	about := event{at: c.now(), who: o.author, did: "is refused (" + code + ")", room: o.room.id, number: o.number, version: o.version, op: id}
	c.journal.add(about)
	switch {
	case o.state == acknowledged:
		c.violateLocked(Answer, about, "op %d was acknowledged and then refused (%s)", id, code)
	case o.version != 0:
		c.violateLocked(Phantom, about, "op %d was refused (%s), and somebody has seen it as version %d", id, code, o.version)
	}
	o.state, o.settled, o.ended = refused, c.tick(), millis(c.now().Milliseconds())
	if p := c.op(o.post); p.newest == id && id != o.post {
		p.newest = max(p.final, o.post)
	}
}

// Repeated tells of the answer to a post that was sent once more with the key of an acknowledged one: it must be the same.
func (c *Checker) Repeated(id OpID, number, version int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.op(id)
	about := event{at: c.now(), who: o.author, did: "repeats and is answered", room: o.room.id, number: number, version: version, op: id}
	c.journal.add(about)
	switch {
	case number != o.number:
		c.violateLocked(Doubled, about, "op %d is number %d of %s, and its key sent again was answered with number %d", id, o.number, o.room.id, number)
	case version != o.version:
		c.violateLocked(Answer, about, "op %d was answered with version %d, and its key sent again with version %d", id, o.version, version)
	}
}

// learnLocked takes note that an operation was given a number and a version, and compares with what is known.
func (c *Checker) learnLocked(id OpID, number, version int64, source string) {
	o := c.op(id)
	r, p := o.room, c.op(o.post)
	about := event{at: c.now(), who: source, did: "shows", room: r.id, number: number, version: version, op: id}
	if o.state == refused || o.state == undone {
		why := map[opState]string{refused: "refused", undone: "undone by a restore"}[o.state]
		c.violateLocked(Phantom, about, "op %d was %s, and %s shows it as version %d", id, why, source, version)
		return
	}
	if o.version == version && (p.number == number || o.kind != post && number == 0) && at(r.facts, version) == id {
		return
	}
	if !c.agreesLocked(id, number, version, about) {
		return
	}
	if was := at(r.facts, version); was != 0 && was != id {
		c.violateLocked(Disagree, about, "version %d of %s is op %d (%s), and was op %d", version, r.id, id, source, was)
		return
	}
	if o.version == 0 && (version <= o.versionThen || o.kind == post && number <= o.numberThen) {
		c.violateLocked(RealTime, about, "op %d is number %d version %d of %s, and was sent when number %d version %d were known",
			id, number, version, r.id, o.numberThen, o.versionThen)
	}
	o.version = version
	r.facts = put(r.facts, version, id)
	if o.kind == post {
		o.number = number
		r.posts = put(r.posts, number, id)
	}
	if p.final == 0 || version > c.op(p.final).version {
		p.final = id
	}
}

// agreesLocked compares an operation's number and version with what they were.
func (c *Checker) agreesLocked(id OpID, number, version int64, about event) bool {
	o := c.op(id)
	r, p := o.room, c.op(o.post)
	switch {
	case o.kind == post && o.number != 0 && o.number != number:
		c.violateLocked(Doubled, about, "op %d is both number %d and number %d of %s", id, o.number, number, r.id)
	case o.kind == post && at(r.posts, number) != 0 && at(r.posts, number) != id:
		c.violateLocked(Disagree, about, "number %d of %s is op %d (%s), and was op %d", number, r.id, id, about.who, at(r.posts, number))
	case o.kind != post && number != 0 && p.number != number:
		c.violateLocked(Disagree, about, "op %d changes number %d of %s, and %s shows it at number %d", id, p.number, r.id, about.who, number)
	case o.version != 0 && o.version != version:
		c.violateLocked(Doubled, about, "op %d has taken place twice, as version %d and as version %d of %s", id, o.version, version, r.id)
	default:
		return true
	}
	return false
}

// observeLocked takes note of the state of a message as somebody was given it, and is the operation that made it, 0 if
// there is none.
func (c *Checker) observeLocked(room chat.RoomID, version int64, m *chat.Message, source string) OpID {
	r := c.room(room)
	about := event{at: c.now(), who: source, did: "shows", room: room, number: m.Number, version: version}
	id := c.stateOfLocked(r, m)
	if id == 0 {
		if m.Deleted {
			c.violateLocked(Phantom, about, "%s shows number %d of %s as deleted, and nobody has deleted it", source, m.Number, room)
		} else {
			c.violateLocked(Phantom, about, "%s shows a text that nobody has said as number %d of %s: %.60q", source, m.Number, room, m.Text)
		}
		return 0
	}
	o := c.op(id)
	p := c.op(o.post)
	about.op = id
	switch {
	case o.room != r:
		c.violateLocked(Phantom, about, "%s shows op %d in %s, and it was said in %s", source, id, room, o.room.id)
		return 0
	case p.by == 0:
		p.by = m.By
	case p.by != m.By:
		c.violateLocked(Disagree, about, "%s shows op %d as said by %s, and it was %s (%s)", source, id, m.By, p.by, p.author)
	}
	if p.keyed != (m.Key != "") || p.keyed && m.Key != Key(o.post) {
		c.violateLocked(Disagree, about, "%s shows op %d with the key %q", source, id, m.Key)
	}
	c.learnLocked(id, m.Number, version, source)
	return id
}

// stateOfLocked is the operation that made a message what it is.
func (c *Checker) stateOfLocked(r *roomFacts, m *chat.Message) OpID {
	if !m.Deleted {
		id, ok := c.saidBy(m.Text)
		if !ok {
			return 0
		}
		return id
	}
	p := at(r.posts, m.Number)
	if p == 0 || m.Text != "" || c.op(c.op(p).newest).kind != deletion {
		return 0
	}
	return c.op(p).newest
}

// Key is the idempotency key of a post. Every other one does not grow with time.
func Key(id OpID) string {
	if id%2 == 0 {
		return "v-" + strconv.FormatUint(uint64(id)*0x9E3779B97F4A7C15, 36) + "-" + strconv.FormatUint(uint64(id), 36)
	}
	return "v" + strconv.FormatUint(1<<40+uint64(id), 36)
}
