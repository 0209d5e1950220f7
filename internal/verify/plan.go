package verify

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Act is something that the nemesis does.
type Act string

// The acts. Those on the server come one after the other; those on a connection are prepared in passing.
const (
	Kill     Act = "kill"      // SIGKILL, and start again
	Stop     Act = "stop"      // SIGTERM, and start again
	PowerCut Act = "power cut" // the disk forgets what was not synced
	SyncFail Act = "sync fail" // the server lives on for a while with a disk that is dead: every write and sync fails
	DiskFull Act = "disk full" // no room on the disk for a while
	Backup   Act = "backup"    // a backup while everybody works, restored a little later
	Strike   Act = "failpoint" // start with a failpoint, and start again once it has struck
	Check    Act = "check"     // everybody waits, and readers are compared with fresh loads

	CutReader  Act = "cut reader"  // after some bytes from the server
	CutWriter  Act = "cut writer"  // after some bytes to the server
	DropAnswer Act = "drop answer" // the next bytes of an answer are swallowed, and the connection is cut
	Stall      Act = "stall"       // nothing is read for a while
	Leave      Act = "leave"       // a reader is cut and stays away for a while, maybe for too long to resume
)

// A Step is an act at a moment of the run: once that many posts have been acknowledged.
type Step struct {
	At     int           `json:"at"`
	Act    Act           `json:"act"`
	Client int           `json:"client,omitempty"` // which reader or writer
	Bytes  int64         `json:"bytes,omitempty"`  // after which a connection is cut
	Rude   bool          `json:"rude,omitempty"`   // it is reset, not closed
	Wait   time.Duration `json:"wait,omitempty"`   // how long a stall, an absence or a full disk lasts, or the server lives on without its disk
	Point  string        `json:"point,omitempty"`  // of a strike
}

func (s Step) String() string {
	text := fmt.Sprintf("%d: %s", s.At, s.Act)
	switch s.Act {
	case CutReader, CutWriter:
		text += fmt.Sprintf(" %d after %d bytes", s.Client, s.Bytes)
	case DropAnswer:
		text += fmt.Sprintf(" of %d", s.Client)
	case Stall, Leave:
		text += fmt.Sprintf(" %d for %v", s.Client, s.Wait)
	case Strike:
		text += " " + s.Point
	}
	return text
}

// Amounts say how much of what a plan has.
type Amounts struct {
	Messages  int // acknowledged posts that it stretches over
	Kills     int
	Stops     int
	PowerCuts int
	SyncFails int
	DiskFulls int
	Backups   int
	Strikes   int // of failpoints
	Checks    int
	Resumes   int // connections of readers that are cut; as many of writers
	Stalls    int // as many readers leave for a while
	Readers   int // that resume
	Writers   int
	// Points are the failpoints that strikes take turns with, as internal/fault's plans with two verbs for numbers: %[1]d
	// is when the point is struck first, %[2]d when last.
	Points []string
}

// Plan is what the nemesis does in a run: a pure function of the seed and the amounts, ascending by At.
func Plan(seed uint64, a Amounts) []Step {
	r := rand.New(rand.NewPCG(seed, 1))
	var steps []Step
	// The first posts and the last have peace, so that there is something to lose and to see that it is not.
	first, span := a.Messages/20, max(1, a.Messages-a.Messages/10)
	add := func(n int, step func(i int) Step) {
		for i := range n {
			s := step(i)
			s.At = first + r.IntN(span)
			steps = append(steps, s)
		}
	}
	plain := func(act Act) func(int) Step { return func(int) Step { return Step{Act: act} } }
	add(a.Kills, plain(Kill))
	add(a.Stops, plain(Stop))
	add(a.PowerCuts, plain(PowerCut))
	add(a.SyncFails, func(int) Step { return Step{Act: SyncFail, Wait: time.Duration(1+r.IntN(200)) * time.Millisecond} })
	add(a.DiskFulls, func(int) Step { return Step{Act: DiskFull, Wait: time.Duration(100+r.IntN(400)) * time.Millisecond} })
	add(a.Backups, plain(Backup))
	add(a.Strikes, func(i int) Step {
		first := 1 + r.IntN(1<<r.IntN(9))
		last := first + r.IntN(20)
		// By hand, because a point need not have both numbers.
		point := strings.NewReplacer("%[1]d", strconv.Itoa(first), "%[2]d", strconv.Itoa(last)).Replace(a.Points[i%len(a.Points)])
		return Step{Act: Strike, Point: point}
	})
	add(a.Checks, plain(Check))
	add(a.Resumes, func(i int) Step {
		return Step{Act: CutReader, Client: i % a.Readers, Bytes: someBytes(r), Rude: r.IntN(2) == 0}
	})
	add(a.Resumes, func(i int) Step {
		if r.IntN(2) == 0 {
			return Step{Act: DropAnswer, Client: i % a.Writers, Rude: r.IntN(2) == 0}
		}
		return Step{Act: CutWriter, Client: i % a.Writers, Bytes: int64(r.IntN(600)), Rude: r.IntN(2) == 0}
	})
	add(a.Stalls, func(i int) Step {
		return Step{Act: Stall, Client: i % a.Readers, Wait: time.Duration(50+r.IntN(1000)) * time.Millisecond}
	})
	add(a.Stalls, func(i int) Step {
		return Step{Act: Leave, Client: i % a.Readers, Wait: time.Duration(100+r.IntN(3000)) * time.Millisecond}
	})
	slices.SortStableFunc(steps, func(a, b Step) int { return cmp.Compare(a.At, b.At) })
	return steps
}

// someBytes is a number of bytes of any magnitude, from within the handshake up to some hundred frames.
func someBytes(r *rand.Rand) int64 { return int64(r.IntN(1 << (8 + r.IntN(9)))) }
