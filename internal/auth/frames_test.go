package auth_test

import (
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

func TestFrames(t *testing.T) {
	// sends is how many of the frames of a socket are taken that sends so many a second for so long, and whether it is a flood.
	sends := func(t *testing.T, unlimited bool, perSecond int, long time.Duration) (taken int, flood bool) {
		t.Helper()
		c := newClock()
		frames := gate(t, auth.Config{Clock: c.Now, Unlimited: unlimited}).Frames()
		for range int(long.Seconds()) * perSecond {
			is, err := frames.Allow()
			if err == nil {
				taken++
			} else if e := chat.AsError(err); e.Kind != chat.RateLimited || e.RetryAfter != 1 {
				t.Fatalf("got %#v, want RateLimited for a second", e)
			}
			if is {
				return taken, true
			}
			c.Add(time.Second / time.Duration(perSecond))
		}
		return taken, false
	}
	for name, test := range map[string]struct {
		perSecond int
		unlimited bool
		flood     bool
	}{
		"the rate for a minute is fine":                              {perSecond: 50},
		"a little more than the rate is told to wait and stays":      {perSecond: 80},
		"several times the rate is a flood, however evenly it comes": {perSecond: 200, flood: true},
		"a flood":                      {perSecond: 100_000, flood: true},
		"without limits anything goes": {perSecond: 1000, unlimited: true},
	} {
		t.Run(name, func(t *testing.T) {
			long := time.Minute
			taken, flood := sends(t, test.unlimited, test.perSecond, long)
			if flood != test.flood {
				t.Errorf("got flood %v after %d frames, want %v", flood, taken, test.flood)
			}
			if most := 300 + 50*60 + 1; !test.unlimited && taken > most {
				t.Errorf("%d frames of a minute were taken, want at most %d", taken, most)
			}
			if all := test.perSecond * 60; test.unlimited && taken != all {
				t.Errorf("got %d frames, want all %d", taken, all)
			}
		})
	}
}
