package search_test

import (
	"testing"
	"time"

	"parley/internal/search"
)

// TestPace holds that the index makes room for the others.
func TestPace(t *testing.T) {
	for name, test := range map[string]struct {
		changes int64         // in the second before the batch's end
		behind  int64         // changes that have not been read
		others  time.Duration // of a processor, used by the rest of the program in it
		want    time.Duration // for a batch of 50 ms
	}{
		"alone":                     {0, 5_000_000, 0, 0},
		"beside a little":           {3000, 1000, 400 * time.Millisecond, 0},
		"beside much":               {3000, 1000, 600 * time.Millisecond, 100 * time.Millisecond},
		"beside readers only":       {0, 1000, 2 * time.Second, 100 * time.Millisecond},
		"in a flood":                {4501, 1000, 0, 800 * time.Millisecond},
		"in a flood, beside others": {30_000, 999_999, 2 * time.Second, 800 * time.Millisecond},
		"in a flood without an end": {30_000, 1_000_000, 0, 100 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			now, used := time.Unix(1, 0), time.Duration(0)
			p := search.NewPace(func() time.Time { return now }, func() time.Duration { return used })
			now, used = now.Add(time.Second), used+test.others+50*time.Millisecond
			if got := p.Rest(50*time.Millisecond, test.changes, test.behind); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			t.Run("but no more than two seconds", func(t *testing.T) {
				now, used = now.Add(time.Second), used+test.others+time.Minute
				if got := p.Rest(time.Minute, 2*test.changes, test.behind); got > 2*time.Second {
					t.Errorf("got %s", got)
				}
			})
		})
	}
}
