package verify_test

import (
	"testing"

	"parley/internal/verify"
)

// TestRegister tells registers histories that can be explained and histories that cannot.
func TestRegister(t *testing.T) {
	for name, c := range map[string]struct {
		tell func(r *verify.Register)
		want bool
	}{
		"what was set is read": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			r.Read(1, r.Begin(1), 5)
		}, true},
		"something else is read than was set": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			r.Read(1, r.Begin(1), 4)
		}, false},
		"what was set before is read again": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			r.Set(0, r.Begin(1), 6)
			r.Read(1, r.Begin(1), 5)
		}, false},
		"two that read at once while it is set see the one and the other": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			set, early, late := r.Begin(1), r.Begin(1), r.Begin(1)
			r.Read(1, early, 6)
			r.Read(2, late, 5)
			r.Set(0, set, 6)
		}, true},
		"the new value is read, and the old one after that": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			set := r.Begin(1)
			r.Read(1, r.Begin(1), 6)
			r.Read(2, r.Begin(1), 5)
			r.Set(0, set, 6)
		}, false},
		"what had no answer took place": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			r.Doubted(0, r.Begin(1), 6, 1)
			r.Read(1, r.Begin(2), 6)
		}, true},
		"what had no answer did not take place": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			r.Doubted(0, r.Begin(1), 6, 1)
			r.Read(1, r.Begin(2), 5)
		}, true},
		"what had no answer takes place late": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			r.Doubted(0, r.Begin(1), 6, 1)
			r.Read(1, r.Begin(1), 5)
			r.Read(1, r.Begin(1), 6)
		}, true},
		"what was sent to a server that was killed takes place after that": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			r.Doubted(0, r.Begin(1), 6, 1)
			r.Read(1, r.Begin(2), 5)
			r.Read(1, r.Begin(2), 6)
		}, false},
		"what was answered is lost in a restart": {func(r *verify.Register) {
			r.Set(0, r.Begin(1), 5)
			r.Set(0, r.Begin(1), 6)
			r.Read(1, r.Begin(2), 5)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := verify.NewRegister("a register")
			c.tell(r)
			if got, decided := r.Check(-1); got != c.want || !decided {
				t.Errorf("explained: %v, decided: %v, want %v", got, decided, c.want)
			}
		})
	}
	t.Run("what a history ended with is where the next one begins", func(t *testing.T) {
		r := verify.NewRegister("a register")
		r.Set(0, r.Begin(1), 5)
		r.Check(5)
		r.Read(0, r.Begin(1), 4)
		if got, _ := r.Check(-1); got {
			t.Error("another value than the known one was explained")
		}
	})
}
