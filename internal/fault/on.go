//go:build fault

package fault

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Enabled tells whether this program has failpoints.
const Enabled = true

var points = []Name{Commit, Delivery, Migration, LogWrite, LogSync, CheckpointWrite, CheckpointSync, Clock}

// A rule is what happens at a point.
type rule struct {
	action      string // crash, error, delay or jump
	by          time.Duration
	first, last int64
}

// A spot is a point with what has been planned for it.
type spot struct {
	rules []rule
	hits  atomic.Int64
}

var (
	plan      map[Name]*spot // written by Arm only, before anything runs
	migrating atomic.Bool
	offset    atomic.Int64 // of the clock, in nanoseconds
)

// Arm makes a plan come true from now on. It is called once, before anything else of the program runs.
func Arm(text string) error {
	armed := map[Name]*spot{}
	for _, name := range points {
		armed[name] = new(spot)
	}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		name, r, err := parse(item)
		if err != nil {
			return fmt.Errorf("fault: %q: %w", item, err)
		}
		armed[name].rules = append(armed[name].rules, r)
	}
	plan = armed
	return watchFiles()
}

func parse(item string) (Name, rule, error) {
	r := rule{first: 1, last: 1}
	name, action, _ := strings.Cut(item, "=")
	if !slices.Contains(points, Name(name)) {
		return "", r, fmt.Errorf("there is no point %q (there are %v)", name, points)
	}
	action, when, counted := strings.Cut(action, "@")
	action, by, long := strings.Cut(action, ":")
	r.action = action
	var err error
	switch {
	case (action == "delay" || action == "jump") && long:
		if r.by, err = time.ParseDuration(by); err != nil {
			return "", r, err
		}
	case action != "crash" && action != "error" || long:
		return "", r, fmt.Errorf("there is no action %q", action)
	}
	if counted {
		first, last, ranged := strings.Cut(when, "-")
		first, ever := strings.CutSuffix(first, "+")
		if r.first, err = strconv.ParseInt(first, 10, 64); err != nil {
			return "", r, err
		}
		switch r.last = r.first; {
		case ranged:
			r.last, err = strconv.ParseInt(last, 10, 64)
		case ever:
			r.last = 1 << 62
		}
	}
	return Name(name), r, err
}

// Point says that a point is reached: whatever was planned for it happens.
func Point(name Name) { hit(name) }

// hit is Point, and tells whether what is about to be done should fail.
func hit(name Name) (fails bool) {
	s := plan[name]
	if s == nil || len(s.rules) == 0 {
		return false
	}
	n := s.hits.Add(1)
	for _, r := range s.rules {
		if n < r.first || n > r.last {
			continue
		}
		switch r.action {
		case "crash":
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		case "error":
			fails = true
		case "delay":
			time.Sleep(r.by)
		case "jump":
			offset.Add(int64(r.by))
		}
	}
	return fails
}

// Migrating says that migrations begin or have ended.
func Migrating(now bool) { migrating.Store(now) }

// Now is a clock that shows the time, and after a jump another one.
func Now() func() time.Time {
	return func() time.Time {
		hit(Clock)
		// The wall clock alone: what was measured with it jumps too.
		return time.Now().Round(0).Add(time.Duration(offset.Load()))
	}
}
