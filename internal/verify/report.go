package verify

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A Progress is how far a run has come.
type Progress struct {
	Elapsed                    time.Duration
	Messages, OfMessages       int
	Kills, PowerCuts           int64
	Steps, OfSteps             int64
	Frames, Resumes, Violation int64
	Auditing                   bool // everything is posted, and the store is looked at
}

// String is one line for people.
func (p Progress) String() string {
	text := fmt.Sprintf("%7.1fs  %d of %d messages  %d of %d faults  %d kills", p.Elapsed.Seconds(), p.Messages, p.OfMessages, p.Steps, p.OfSteps, p.Kills)
	if p.PowerCuts > 0 {
		text += fmt.Sprintf("  %d power cuts", p.PowerCuts)
	}
	text += fmt.Sprintf("  %d resumes  %d frames read  %d violations", p.Resumes, p.Frames, p.Violation)
	if p.Auditing {
		text += "  auditing the store"
	}
	return text
}

func (t *torture) progress() Progress {
	_, counts := t.checker.Violations()
	return Progress{
		Elapsed: time.Since(t.begun), Messages: t.checker.Posted(), OfMessages: t.Amounts.Messages,
		Kills: t.tally.kills.Load() + t.tally.strikes.Load(), PowerCuts: t.tally.powerCuts.Load(),
		Steps: t.done.Load(), OfSteps: int64(len(t.steps)),
		Frames: t.tally.frames.Load(), Resumes: t.tally.resumes.Load(), Violation: int64(sum(counts)),
	}
}

// A Report is what a run did and found.
type Report struct {
	Seed       uint64       `json:"seed"`
	Seconds    float64      `json:"seconds"`
	Operations Operations   `json:"operations"`
	Faults     Faults       `json:"faults"`
	Readers    Readers      `json:"readers"`
	Planned    Amounts      `json:"planned"`
	Found      map[Kind]int `json:"found"`
	Violations []Violation  `json:"violations"`
	Skipped    []string     `json:"skipped"`
	Replay     string       `json:"replay"` // the command that makes the same plan
}

// Operations are what authors and scripts did.
type Operations struct {
	Acknowledged int   `json:"acknowledged"` // posts
	Posts        int64 `json:"posts"`
	Edits        int64 `json:"edits"`
	Races        int64 `json:"races"` // of two edits of one message
	Deletions    int64 `json:"deletions"`
	Twice        int64 `json:"twice"`        // posts that were sent by two doors at once
	Repeats      int64 `json:"repeats"`      // of a key long after its answer
	Reuses       int64 `json:"reuses"`       // of a key for another text
	Looks        int64 `json:"looks"`        // for a message that was acknowledged this very moment
	Unknown      int64 `json:"unknown"`      // posts of the tutorial's socket whose fate nobody was told
	Retries      int64 `json:"retries"`      // on any doubt
	Unavailable  int64 `json:"unavailable"`  // answers that said "not now"
	ClosedPosts  int64 `json:"closed_posts"` // acknowledged in private rooms
	Moves        int64 `json:"moves"`        // of people into private rooms and out of them
	Attempts     int64 `json:"attempts"`     // to read one, by whoever is a member just then or not
	Refusals     int64 `json:"refusals"`     // of whatever who was removed asked for
	Marks        int64 `json:"marks"`        // read positions set and read by several devices
	Explained    int   `json:"explained"`    // operations on memberships and read positions that were put in an order
	Undecided    int   `json:"undecided"`    // histories of them for which that took too long
}

// Faults are what the nemesis did.
type Faults struct {
	Kills     int64 `json:"kills"`
	Stops     int64 `json:"stops"`
	PowerCuts int64 `json:"power_cuts"`
	SyncFails int64 `json:"sync_fails"`
	DiskFulls int64 `json:"disk_fulls"`
	Strikes   int64 `json:"strikes"` // of failpoints
	Backups   int64 `json:"backups"`
	Readers   int64 `json:"readers_cut"` // connections of readers cut after some bytes; each reader resumed
	Writers   int64 `json:"writers_cut"` // connections of writers cut, or their answers dropped
	Stalls    int64 `json:"stalls"`
	Absences  int64 `json:"absences"` // of readers
}

// Readers are what readers were given.
type Readers struct {
	Frames  int64 `json:"frames"`
	Resumes int64 `json:"resumes"`
	Resets  int64 `json:"resets"`
	Checks  int64 `json:"checks"` // against fresh loads, beside the one at the end
}

// Violated reports whether a promise was found broken.
func (r Report) Violated() bool { return sum(r.Found) > 0 }

func (t *torture) report() Report {
	n := &t.tally
	r := Report{
		Seed: t.Seed, Seconds: time.Since(t.begun).Seconds(), Planned: t.Amounts, Skipped: t.Skipped,
		Operations: Operations{
			Acknowledged: t.checker.Posted(), Posts: n.posts.Load(), Edits: n.edits.Load(), Races: n.races.Load(), Deletions: n.deletions.Load(),
			Twice: n.twice.Load(), Repeats: n.repeats.Load(), Reuses: n.reuses.Load(), Unknown: n.unknown.Load(), Looks: n.looks.Load(),
			Retries: n.retries.Load(), Unavailable: n.unavailable.Load(),
		},
		Faults: Faults{
			Kills: n.kills.Load(), Stops: n.stops.Load(), PowerCuts: n.powerCuts.Load(), SyncFails: n.syncFails.Load(), DiskFulls: n.diskFulls.Load(),
			Strikes: n.strikes.Load(), Backups: n.backups.Load(), Readers: struck(t.readers), Writers: struck(t.writers), Stalls: n.stalls.Load(), Absences: n.absences.Load(),
		},
		Readers: Readers{Frames: n.frames.Load(), Resumes: n.resumes.Load(), Resets: n.resets.Load(), Checks: n.checks.Load()},
	}
	o := &r.Operations
	o.ClosedPosts, o.Moves, o.Attempts, o.Refusals, o.Marks = n.closedPosts.Load(), n.moves.Load(), n.attempts.Load(), n.refusals.Load(), n.marks.Load()
	o.Explained, o.Undecided = t.checker.Explained()
	r.Violations, r.Found = t.checker.Violations()
	return r
}

func struck(outlets []*Outlet) int64 {
	n := int64(0)
	for _, o := range outlets {
		n += o.Struck()
	}
	return n
}

// WriteTo writes the report for people.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	row := func(name string, value any) { fmt.Fprintf(&b, "  %-34s %12v\n", name, value) }
	fmt.Fprintf(&b, "\nIn %.1f s, with the seed %d\n\n", r.Seconds, r.Seed)
	row("messages acknowledged", r.Operations.Acknowledged)
	row("edits", r.Operations.Edits)
	row("races of two edits", r.Operations.Races)
	row("deletions", r.Operations.Deletions)
	row("sent by two doors at once", r.Operations.Twice)
	row("keys repeated later", r.Operations.Repeats)
	row("keys reused for another text", r.Operations.Reuses)
	row("looked for at once", r.Operations.Looks)
	row("retried in doubt", r.Operations.Retries)
	row("unknown (tutorial's socket)", r.Operations.Unknown)
	row("answered \"not now\"", r.Operations.Unavailable)
	row("messages in private rooms", r.Operations.ClosedPosts)
	row("people let in and out of them", r.Operations.Moves)
	row("attempts to read them", r.Operations.Attempts)
	row("refused to who was removed", r.Operations.Refusals)
	row("read positions set and read", r.Operations.Marks)
	row("of all these put in an order", r.Operations.Explained)
	row("histories that took too long", r.Operations.Undecided)
	row("frames read", r.Readers.Frames)
	row("resumes", r.Readers.Resumes)
	row("resets", r.Readers.Resets)
	b.WriteString("\n")
	row("kills", r.Faults.Kills)
	row("stops", r.Faults.Stops)
	row("failpoints struck", r.Faults.Strikes)
	row("power cuts", r.Faults.PowerCuts)
	row("failing syncs", r.Faults.SyncFails)
	row("disk full", r.Faults.DiskFulls)
	row("backups restored", r.Faults.Backups)
	row("readers cut at some byte", r.Faults.Readers)
	row("writers cut, answers dropped", r.Faults.Writers)
	row("readers stalled", r.Faults.Stalls)
	row("readers away for a while", r.Faults.Absences)
	b.WriteString("\n")
	for _, k := range Kinds {
		row(strings.ReplaceAll(string(k), "_", " "), r.Found[k])
	}
	for i, v := range r.Violations {
		fmt.Fprintf(&b, "\n%s: %s\n", strings.ToUpper(string(v.Kind)), v.Text)
		if i == 0 {
			for _, line := range v.Excerpt {
				fmt.Fprintf(&b, "    %s\n", line)
			}
		}
	}
	if len(r.Skipped) > 0 {
		b.WriteString("\nNot done:\n")
		for _, s := range r.Skipped {
			fmt.Fprintf(&b, "  - %s\n", s)
		}
	}
	if r.Replay != "" {
		fmt.Fprintf(&b, "\nThe same plan again: %s\n", r.Replay)
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}
