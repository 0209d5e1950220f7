package auth

import (
	"math"
	"net/http"
	"net/netip"
	"time"

	"golang.org/x/time/rate"

	"parley/internal/chat"
)

// A Budget is something that costs the server work and that one visitor may do only so often.
type Budget int

// The budgets.
const (
	Join    Budget = iota + 1 // come in with a name, be renamed, join and leave rooms
	Create                    // make a room
	Connect                   // open a socket or a stream
	Post                      // post, edit and delete
	Read                      // load a page or a piece of history
	Search                    // look for messages
	Mail                      // have a letter sent
	Report                    // tell the moderators of a message
	Invite                    // make a link that lets people in
	SignIn                    // give a password, right or wrong
	signIn                    // give a wrong password; counted by Guess
)

// allowance is how much of a budget there is: a rate per second and how much may be saved up.
type allowance struct {
	perSecond rate.Limit
	burst     int
}

// budgets are wide enough that two hundred people behind one address join and talk within one minute.
var budgets = map[Budget]struct{ user, address allowance }{
	Join:    {user: allowance{5, 60}, address: allowance{20, 400}},
	Create:  {user: allowance{1, 60}, address: allowance{20, 400}},
	Connect: {user: allowance{4, 60}, address: allowance{40, 800}},
	Post:    {user: allowance{10, 100}, address: allowance{400, 1000}},
	Read:    {user: allowance{50, 500}, address: allowance{1000, 5000}},
	Search:  {user: allowance{5, 50}, address: allowance{50, 500}},
	Report:  {user: allowance{0.2, 20}, address: allowance{4, 80}},
	Invite:  {user: allowance{0.5, 30}, address: allowance{5, 100}},
	SignIn:  {user: allowance{1, 20}, address: allowance{5, 200}},
	Mail:    {user: allowance{1.0 / 60, 10}, address: allowance{1.0 / 10, 200}},
}

// A bucket holds what is left of one budget.
type bucket = rate.Limiter

// Allow takes one from the budget of the user, if who is one, and of the network that the request comes from. When either
// has run out nothing is taken, and the error is RateLimited with RetryAfter in seconds.
func (g *Gate) Allow(r *http.Request, b Budget, who chat.UserID) error {
	return g.AllowFrom(g.Address(r), b, who)
}

// AllowFrom is Allow for a visitor whose address is known, such as a socket's.
func (g *Gate) AllowFrom(address netip.Addr, b Budget, who chat.UserID) error {
	if g.unlimited {
		return nil
	}
	size, ok := budgets[b]
	if !ok {
		return chat.Errorf(chat.Internal, "", "There is no budget %d.", b)
	}
	prefix, now := Prefix(address), g.clock()
	g.mu.Lock()
	defer g.mu.Unlock()
	var own *rate.Reservation
	if who != 0 {
		own = g.take(key{budget: b, user: who}, size.user, now)
		if wait := own.DelayFrom(now); wait > 0 {
			own.CancelAt(now)
			return tooMuch(wait)
		}
	}
	shared := g.take(key{budget: b, prefix: prefix}, size.address, now)
	if wait := shared.DelayFrom(now); wait > 0 {
		shared.CancelAt(now)
		if own != nil {
			own.CancelAt(now)
		}
		return tooMuch(wait)
	}
	return nil
}

func (g *Gate) take(k key, a allowance, now time.Time) *rate.Reservation {
	full := time.Duration(float64(a.burst) / float64(a.perSecond) * float64(time.Second))
	b := g.buckets.get(k, now, full, func() *bucket { return rate.NewLimiter(a.perSecond, a.burst) })
	return b.ReserveN(now, 1)
}

func tooMuch(wait time.Duration) error {
	seconds := max(1, int(math.Ceil(wait.Seconds())))
	e := chat.Errorf(chat.RateLimited, "", "That was too much at once. Please wait %s and try again.", spoken(seconds))
	e.RetryAfter = seconds
	return e
}
