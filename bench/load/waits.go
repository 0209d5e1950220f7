package load

import (
	"math/bits"
	"time"
)

// Waits counts durations so that any number of them takes the same memory: in classes of a sixteenth of their length.
type Waits struct {
	counts [64 * 16]int64
	total  int64
}

// class is the class of a duration in microseconds.
func class(us uint64) int {
	if us < 16 {
		return int(us)
	}
	shift := bits.Len64(us) - 5
	return (shift+1)<<4 | int(us>>shift&15)
}

// top is the longest duration of a class, in microseconds.
func top(class int) uint64 {
	if class < 16 {
		return uint64(class)
	}
	shift := class>>4 - 1
	return uint64(class&15+17)<<shift - 1
}

// Add counts one duration.
func (w *Waits) Add(d time.Duration) { w.AddN(d, 1) }

// AddN counts one duration n times.
func (w *Waits) AddN(d time.Duration, n int64) {
	w.counts[class(uint64(max(d, 0)/time.Microsecond))] += n
	w.total += n
}

// Total is how many were counted.
func (w *Waits) Total() int64 { return w.total }

// Reset forgets everything.
func (w *Waits) Reset() { *w = Waits{} }

// At is the duration that a share of all stayed within, from 0 to 1; it is exact to a sixteenth. Of nothing it is 0.
func (w *Waits) At(share float64) time.Duration {
	rank := int64(share * float64(w.total))
	var seen int64
	for c, n := range w.counts {
		if seen += n; n > 0 && seen > rank || seen == w.total && n > 0 {
			return time.Duration(top(c)) * time.Microsecond
		}
	}
	return 0
}
