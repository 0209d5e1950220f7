package mail

import "time"

const (
	// One address gets at most perAddress letters of one kind in window, whoever asks for them.
	perAddress = 5
	window     = time.Hour
	// remembered is for how many addresses that is counted.
	remembered = 10_000
)

// counts is how many letters went where lately. It belongs to the goroutine that sends.
type counts struct {
	clock func() time.Time
	times map[string][]time.Time
}

func newCounts(clock func() time.Time) *counts {
	return &counts{clock: clock, times: map[string][]time.Time{}}
}

// allow counts one more letter of a kind to an address, unless there were too many.
func (c *counts) allow(key string) bool {
	now := c.clock()
	if _, known := c.times[key]; !known && len(c.times) >= remembered {
		c.forget(now)
	}
	times := c.times[key]
	for len(times) > 0 && now.Sub(times[0]) >= window {
		times = times[1:]
	}
	if len(times) >= perAddress {
		return false
	}
	c.times[key] = append(times, now)
	return true
}

// forget makes room: of what is over, or else of everything.
func (c *counts) forget(now time.Time) {
	for key, times := range c.times {
		if now.Sub(times[len(times)-1]) >= window {
			delete(c.times, key)
		}
	}
	if len(c.times) >= remembered {
		clear(c.times)
	}
}
