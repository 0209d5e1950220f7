package search

import (
	"syscall"
	"time"
)

const (
	// flood is how many changes a second are so many that the index stays behind and reads them later: every processor is the
	// posters' and the readers' then.
	flood = 4500
	// farBehind is how many changes it stays behind for that: a flood that does not end must be read, too.
	farBehind = 1_000_000
	// crowded is how many processors the rest of the program uses when the index makes room for it.
	crowded = 0.5
	// longestRest bounds how long one batch is made up for.
	longestRest = 2 * time.Second
)

// A pace decides how long the index rests after each batch, so that it makes room for the others. One goroutine uses it.
type pace struct {
	clock     func() time.Time
	processor func() time.Duration // time of all processors that this program has used

	at   time.Time
	used time.Duration
	told int64
}

func newPace() *pace {
	p := &pace{clock: time.Now, processor: processorTime}
	p.at, p.used = p.clock(), p.processor()
	return p
}

// rest is how long to rest after a batch that took worked, when told changes have been told of since the start and behind are
// still to be read: nothing while the program has nothing else to do, twice the batch beside other work, sixteen times in a
// flood.
func (p *pace) rest(worked time.Duration, told, behind int64) time.Duration {
	now, used := p.clock(), p.processor()
	seconds := now.Sub(p.at).Seconds()
	rate := float64(told-p.told) / max(seconds, 0.001)
	others := (used - p.used - worked).Seconds() / max(seconds, 0.001)
	p.at, p.used, p.told = now, used, told
	switch {
	case rate > flood && behind < farBehind:
		return min(16*worked, longestRest)
	case others > crowded || rate > flood:
		return min(2*worked, longestRest)
	default:
		return 0
	}
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0 // then nobody else seems to work
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
