package live

import (
	"sync"
	"time"

	"parley/internal/chat"
)

const (
	// segmentChanges and segmentBytes bound a segment: what one reader is given in one piece.
	segmentChanges = 256
	segmentBytes   = 64 << 10
	// tailBytes bounds what a tail holds of texts and frames; the oldest segments go first. The newest stays always. So
	// that a reader which is a moment behind in a room where thousands of messages a second are posted is not off its tail,
	// what is younger than tailTime stays, within Logs.TailBytes.
	tailBytes = 1 << 20
	tailTime  = 5 * time.Second
	// changeBytes is what a change is reckoned to weigh beside its text.
	changeBytes = 256
)

// A Tail is the newest part of a log that has readers: segments of changes without a gap, and their frames in every
// format that was asked for. What is older is in the store.
type Tail struct {
	log  chat.LogID
	logs *Logs

	mu       sync.Mutex
	cursors  []*cursor
	segments []*segment // without a gap, the oldest first
	head     int64      // version of the newest change, 0 before the first
	number   int64      // of the newest message that was posted while the tail was awake, 0 before the first
	weight   int        // bytes held
	stirring bool       // changes were appended and the readers not woken yet

	*values // of a room; nil in other logs
}

// A segment is a run of changes; its frames lie in one piece for each format. Bytes and changes once there never change,
// so readers may send them after the lock is released; both only grow at the end.
type segment struct {
	at      time.Time // of the newest change
	first   int64     // version of changes[0]
	number  int64     // of the newest message posted up to its end, 0 if none was since the tail is awake
	changes []chat.Change
	weight  int
	runs    map[Format]*run
}

// A run is the frames of a segment's changes in one format; ends[i] is where the frame of changes[i] ends.
type run struct {
	frames []byte
	ends   []int
}

func (s *segment) last() int64 { return s.first + int64(len(s.changes)) - 1 }

// append adds a change that was committed now and reports whether the tail was at rest until now, so that a caller which
// appends several wakes the readers once, and whether it holds more than it will when time has passed. A change that is not the next one (it can only be later) begins the tail anew: readers
// before it find themselves behind the tail and read the store.
func (t *Tail) append(c *chat.Change, now time.Time) (rested, heavy bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.head != 0 && c.Version <= t.head {
		return false, false
	}
	if t.head != 0 && c.Version != t.head+1 {
		t.segments, t.weight = nil, 0
	}
	weight := changeBytes
	if c.Message != nil {
		weight += len(c.Message.Text)
	}
	s := t.newest()
	if s == nil || len(s.changes) == segmentChanges || s.weight+weight > segmentBytes && len(s.changes) > 0 {
		s = &segment{first: c.Version, runs: map[Format]*run{}}
		t.segments = append(t.segments, s)
	}
	if c.Posted {
		t.number = c.Message.Number
	}
	s.at, s.changes, s.number = now, append(s.changes, *c), t.number
	s.weight += weight
	t.head = c.Version
	if c.Ends && t.log.Room() != 0 && !trusting {
		t.end(c.Version, c.Gone)
	}
	t.grow(weight)
	rested = !t.stirring
	t.stirring = true
	return rested, t.weight > tailBytes
}

// end has the cursors of a user, or all if that is 0, gather nothing from a version on before their reader's rights have been asked
// for anew. It is called with the tail's lock held.
func (t *Tail) end(version int64, user chat.UserID) {
	for _, c := range t.cursors {
		if user == 0 || c.reader.who.Person.ID == user {
			c.end(version)
		}
	}
}

func (t *Tail) newest() *segment {
	if len(t.segments) == 0 {
		return nil
	}
	return t.segments[len(t.segments)-1]
}

// grow counts bytes and lets go of the oldest segments when they are too many.
func (t *Tail) grow(bytes int) {
	t.weight += bytes
	if t.weight > tailBytes {
		t.trim(t.newest().at)
	}
}

// trim lets go of the oldest segments as of now.
func (t *Tail) trim(now time.Time) {
	for t.weight > tailBytes && len(t.segments) > 1 && (t.weight > t.logs.TailBytes || now.Sub(t.segments[0].at) >= tailTime) {
		t.weight -= t.segments[0].weight
		t.segments[0] = nil
		t.segments = t.segments[1:]
	}
}

// wake wakes all readers.
func (t *Tail) wake() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stirring = false
	for _, c := range t.cursors {
		c.reader.wake()
	}
}

func (t *Tail) snapshot() []*Reader {
	t.mu.Lock()
	defer t.mu.Unlock()
	readers := make([]*Reader, 0, len(t.cursors))
	for _, c := range t.cursors {
		readers = append(readers, c.reader)
	}
	return readers
}

// A piece is what a cursor takes at once.
type piece struct {
	frames []byte
	at     int64 // the version that it reaches; 0: the tail does not reach back that far and the store must be asked
	number int64 // of the newest message posted up to there, 0 if none was since the tail is awake
}

// after is the frames of the changes after version up to the end of the segment that they begin in, and before until unless that
// is 0.
func (t *Tail) after(version, until int64, f Format) piece {
	for i := len(t.segments) - 1; i >= 0; i-- {
		s := t.segments[i]
		if s.first > version+1 {
			continue
		}
		r := t.encoded(s, f)
		start, end := 0, len(r.frames)
		if n := version - s.first; n >= 0 {
			start = r.ends[n]
		}
		p := piece{at: s.last(), number: s.number}
		if until != 0 && until <= p.at {
			p.at = until - 1
			end, p.number = r.ends[p.at-s.first], s.postedUpto(p.at)
		}
		p.frames = r.frames[start:end:end]
		return p
	}
	return piece{}
}

// postedUpto is the number of the newest of its messages that was posted at version at the latest, 0 if there is none.
func (s *segment) postedUpto(version int64) int64 {
	for i := version - s.first; i >= 0; i-- {
		if s.changes[i].Posted {
			return s.changes[i].Message.Number
		}
	}
	return 0
}

// encoded is the run of a segment in a format, made as far as it is missing.
func (t *Tail) encoded(s *segment, f Format) *run {
	r := s.runs[f]
	if r == nil {
		r = &run{}
		s.runs[f] = r
	}
	before := len(r.frames)
	for i := len(r.ends); i < len(s.changes); i++ {
		r.frames = f.AppendChange(r.frames, &s.changes[i])
		r.ends = append(r.ends, len(r.frames))
	}
	s.weight += len(r.frames) - before
	t.grow(len(r.frames) - before)
	return r
}
