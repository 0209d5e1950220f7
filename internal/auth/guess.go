package auth

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"parley/internal/chat"
)

const (
	// maxGuesses is how many wrong passwords one name may be tried with in guessWindow; networkGuesses how many may come from
	// one network for all names together, which is more because a whole class may sit behind one address.
	maxGuesses     = 10
	networkGuesses = 50
	guessWindow    = 3 * time.Minute
)

// A guess counts wrong passwords, for a name or for a network: the times of those within the window.
type guess struct {
	wrong []time.Time
}

// Check finds the account of a name and a password for a visitor who wants to sign in. A wrong name, a wrong password and
// an account that nobody can sign in to are the same Unauthenticated error after the same work. After ten wrong ones
// within three minutes for the name, or fifty from the network, the error is RateLimited and the password is not looked at.
func (g *Gate) Check(r *http.Request, name, password string) (chat.User, error) {
	nameKey := ""
	if name, err := chat.CheckName(name, g.users.Limits.Name); err == nil {
		nameKey = chat.NameKey(name)
	}
	takeBack, err := g.attempt(Prefix(g.Address(r)).String(), nameKey)
	if err != nil {
		return chat.User{}, err
	}
	user, err := g.account(r.Context(), name, nameKey)
	if err != nil {
		takeBack()
		return chat.User{}, err
	}
	right, err := Verify(r.Context(), user.Password, password)
	if err != nil || right {
		takeBack()
		return user, err
	}
	return chat.User{}, chat.Errorf(chat.Unauthenticated, "", "The name or the password is wrong.")
}

// account is whoever can sign in under a name, or the zero User.
func (g *Gate) account(ctx context.Context, name, nameKey string) (chat.User, error) {
	if nameKey == "" {
		return chat.User{}, nil
	}
	user, err := g.users.ByName(ctx, name)
	if chat.KindOf(err) == chat.NotFound || err == nil && (user.Kind != chat.Account || user.Deactivated) {
		return chat.User{}, nil
	}
	return user, err
}

// attempt counts a try as wrong before its password is looked at, so that many at once are no way around the limit; takeBack
// is called when it turns out not to be.
func (g *Gate) attempt(network, nameKey string) (takeBack func(), err error) {
	now := g.clock()
	g.mu.Lock()
	defer g.mu.Unlock()
	limits := map[key]int{{budget: signIn, name: "from " + network}: networkGuesses}
	if nameKey != "" {
		limits[key{budget: signIn, name: "as " + nameKey}] = maxGuesses
	}
	counts := make([]*guess, 0, len(limits))
	for k, most := range limits {
		c := g.guesses.get(k, now, guessWindow, func() *guess { return &guess{} })
		c.wrong = slices.DeleteFunc(c.wrong, func(at time.Time) bool { return now.Sub(at) >= guessWindow })
		if len(c.wrong) >= most {
			wait := guessWindow - now.Sub(c.wrong[0])
			e := chat.AsError(tooMuch(wait))
			e.Message = fmt.Sprintf("Too many wrong passwords. Please wait %s and try again.", spoken(e.RetryAfter))
			return nil, e
		}
		counts = append(counts, c)
	}
	for _, c := range counts {
		c.wrong = append(c.wrong, now)
	}
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, c := range counts {
			if i := slices.Index(c.wrong, now); i >= 0 {
				c.wrong = slices.Delete(c.wrong, i, i+1)
			}
		}
	}, nil
}

// spoken is a number of seconds as people say it.
func spoken(seconds int) string {
	switch {
	case seconds == 1:
		return "a second"
	case seconds < 90:
		return fmt.Sprintf("%d seconds", seconds)
	default:
		return fmt.Sprintf("%d minutes", (seconds+59)/60)
	}
}
