package auth

import (
	"time"

	"golang.org/x/time/rate"

	"parley/internal/chat"
)

const (
	// A socket may send this many frames a second, and save up this many.
	framesPerSecond = 50
	framesBurst     = 300
	// refusals is how many frames more may be refused than taken before the socket is to be closed.
	refusals = 1000
)

// Frames is how many frames one socket may send, whatever is in them. It belongs to the goroutine that reads the socket.
type Frames struct {
	limiter *rate.Limiter // nil for no limit
	clock   func() time.Time
	refused int
}

// Frames makes the budget of a new socket.
func (g *Gate) Frames() *Frames {
	f := &Frames{clock: g.clock}
	if !g.unlimited {
		f.limiter = rate.NewLimiter(framesPerSecond, framesBurst)
	}
	return f
}

// Allow takes one frame. When there is none left the error is RateLimited; flood says that the client goes on all the same
// and is to be sent away. Each frame that is taken makes up for one that was refused, so a client that sends more than
// twice the rate for long is a flood, however evenly it does so.
func (f *Frames) Allow() (flood bool, err error) {
	if f.limiter == nil || f.limiter.AllowN(f.clock(), 1) {
		f.refused = max(0, f.refused-1)
		return false, nil
	}
	f.refused++
	e := chat.Errorf(chat.RateLimited, "", "Too many frames at once. Please wait a second.")
	e.RetryAfter = 1
	return f.refused > refusals, e
}
