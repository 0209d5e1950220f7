package verify

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"parley/internal/chat"
)

// A Kind is a promise that a run found broken, in a word for machines.
type Kind string

// The kinds of violations.
const (
	Lost      Kind = "lost"      // acknowledged or seen once, and not there
	Doubled   Kind = "doubled"   // two messages of one key, or the same change twice on one connection
	Reordered Kind = "reordered" // an earlier change after a later one on one connection
	Gap       Kind = "gap"       // a change that a reader was never given, or a hole in numbers or versions
	Phantom   Kind = "phantom"   // what nobody said, or what was refused
	Disagree  Kind = "disagree"  // two who look at the same version see different things
	Overruled Kind = "overruled" // the last acknowledged edit or deletion did not win
	RealTime  Kind = "real_time" // acknowledged before the other was sent, and placed behind it
	Answer    Kind = "answer"    // an answer that cannot be
	Stuck     Kind = "stuck"     // no answer, no start or no end in due time
	Leaked    Kind = "leaked"    // something of a closed room that reached who was no member
	Unordered Kind = "unordered" // memberships or read positions that no order of what was done explains
	Damaged   Kind = "damaged"   // the database itself: integrity, references, receipts, the search index
)

// Kinds are all kinds, in the order in which a report names them.
var Kinds = []Kind{Lost, Doubled, Reordered, Gap, Phantom, Disagree, Overruled, RealTime, Answer, Leaked, Unordered, Stuck, Damaged}

// A Violation is a promise that was broken, in words, with what happened around it.
type Violation struct {
	Kind    Kind     `json:"kind"`
	Text    string   `json:"text"`
	Excerpt []string `json:"excerpt,omitempty"`
}

const (
	// keptViolations is how many violations are kept in words; all of them are counted.
	keptViolations = 20
	// excerptLines is how much of the history is told with one, and excerptActs how many of the acts before it.
	excerptLines = 16
	excerptActs  = 5
	// journalEvents is how far back the history is kept in detail.
	journalEvents = 1 << 14
)

// An event is one thing that happened, as an excerpt tells it.
type event struct {
	at      time.Duration // since the run began
	who     string
	did     string
	room    chat.RoomID
	number  int64
	version int64
	op      OpID
}

func (e event) String() string {
	text := fmt.Sprintf("%9.3fs  %-12s %s", e.at.Seconds(), e.who, e.did)
	if e.room != 0 {
		text += " in " + e.room.String()
	}
	if e.number != 0 {
		text += fmt.Sprintf(" number %d", e.number)
	}
	if e.version != 0 {
		text += fmt.Sprintf(" version %d", e.version)
	}
	if e.op != 0 {
		text += fmt.Sprintf(" (op %d)", e.op)
	}
	return text
}

// A journal is the newest part of the history, event by event.
type journal struct {
	events []event
	next   int
}

func (j *journal) add(e event) {
	if len(j.events) < journalEvents {
		j.events = append(j.events, e)
		return
	}
	j.events[j.next] = e
	j.next = (j.next + 1) % journalEvents
}

// around is what the journal knows of the thing that e is about, the newest excerptLines of it, and the newest excerptActs
// of what has no room, such as a kill.
func (j *journal) around(e event) []string {
	near := func(a, b int64) bool { return a != 0 && b != 0 && a-b <= 1 && b-a <= 1 }
	var found []event
	lines, acts := 0, 0
	for i := range j.events {
		o := j.events[len(j.events)-1-i]
		if len(j.events) == journalEvents {
			o = j.events[(j.next+journalEvents-1-i)%journalEvents]
		}
		switch {
		case o.room == 0 && acts < excerptActs:
			acts++
		case o.room == e.room && e.room != 0 && lines < excerptLines &&
			(near(o.number, e.number) || near(o.version, e.version) || o.op == e.op && e.op != 0):
			lines++
		default:
			continue
		}
		found = append(found, o)
	}
	slices.Reverse(found)
	slices.SortStableFunc(found, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	text := make([]string, 0, len(found))
	for _, o := range found {
		text = append(text, o.String())
	}
	return text
}

// violateLocked notes a violation; about is what it concerns.
func (c *Checker) violateLocked(kind Kind, about event, format string, args ...any) {
	c.counts[kind]++
	c.found++
	if c.found == 1 {
		close(c.broken)
	}
	if len(c.violations) >= keptViolations {
		return
	}
	v := Violation{Kind: kind, Text: fmt.Sprintf(format, args...)}
	if about.op != 0 {
		v.Excerpt = append(v.Excerpt, c.describeLocked(about.op))
	}
	v.Excerpt = append(v.Excerpt, c.journal.around(about)...)
	c.violations = append(c.violations, v)
}

// Violate notes a violation that was found by other means than the history, such as a server that does not start.
func (c *Checker) Violate(kind Kind, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.violateLocked(kind, event{}, format, args...)
}

// Note adds to the history what concerns no message, such as a kill.
func (c *Checker) Note(who, did string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.journal.add(event{at: c.now(), who: who, did: did})
}

// Violations are the first violations in words, and how many there are of each kind.
func (c *Checker) Violations() ([]Violation, map[Kind]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	counts := map[Kind]int{}
	for _, k := range Kinds {
		counts[k] = c.counts[k]
	}
	return slices.Clone(c.violations), counts
}

// Broken is closed at the first violation.
func (c *Checker) Broken() <-chan struct{} { return c.broken }

// describeLocked tells an operation's whole life.
func (c *Checker) describeLocked(id OpID) string {
	o := c.op(id)
	text := fmt.Sprintf("op %d: %s by %s in %s, sent at %.3fs", id, o.kind, o.author, o.room.id, o.begun.seconds())
	if o.post != id {
		text += fmt.Sprintf(", of op %d (number %d)", o.post, c.op(o.post).number)
	}
	switch o.state {
	case acknowledged:
		text += fmt.Sprintf(", acknowledged at %.3fs", o.ended.seconds())
	case refused:
		text += fmt.Sprintf(", refused at %.3fs", o.ended.seconds())
	case undone:
		text += ", undone by a restore"
	case pending:
		text += ", not answered"
	}
	if o.version != 0 {
		text += fmt.Sprintf(", number %d version %d", c.op(o.post).number, o.version)
	}
	return text
}
