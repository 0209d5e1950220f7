package search

import "time"

// Bound sets how many messages a batch has, and how many ids one look for candidates goes over.
func (x *Index) Bound(rows int, window int64) { x.rows, x.window = rows, window }

// A Pace is a pace with a clock and a processor of the test's.
type Pace struct{ pace }

// NewPace makes one.
func NewPace(clock func() time.Time, processor func() time.Duration) *Pace {
	return &Pace{pace{clock: clock, processor: processor, at: clock(), used: processor()}}
}

// Rest is rest.
func (p *Pace) Rest(worked time.Duration, told, behind int64) time.Duration {
	return p.rest(worked, told, behind)
}
