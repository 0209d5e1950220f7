package auth

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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

// Check finds the account of a name or a verified e-mail address and a password for a visitor who wants to sign in. A wrong name,
// an address that counts for nobody, a wrong password and an account that nobody can sign in to are the same Unauthenticated error
// after the same work: one look-up and one hash. After ten wrong ones within three minutes for what was typed as the name, or
// fifty from the network, the error is RateLimited and the password is not looked at; so it is when the network asks too often at all.
func (g *Gate) Check(r *http.Request, login, password string) (chat.User, error) {
	if err := g.Allow(r, SignIn, 0); err != nil {
		return chat.User{}, err
	}
	login = shown(login)
	takeBack, err := g.attempt(Prefix(g.Address(r)).String(), chat.NameKey(login))
	if err != nil {
		return chat.User{}, err
	}
	user, err := g.account(r.Context(), login)
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

// Confirm is Check for somebody who is signed in and about to change what signs in: it returns nil if the password is that of user,
// an error for the field "current" if it is not, and counts wrong ones as Check does.
func (g *Gate) Confirm(r *http.Request, user chat.User, password string) error {
	takeBack, err := g.attempt(Prefix(g.Address(r)).String(), user.NameKey)
	if err != nil {
		return err
	}
	right, err := Verify(r.Context(), user.Password, password)
	if err != nil || right {
		takeBack()
		return err
	}
	return chat.Errorf(chat.Invalid, "current", "That is not your password.")
}

// maxLogin is how many bytes a name or an address to sign in with has at most.
const maxLogin = 1024

// shown is what was typed to sign in, or "" if it can be neither a name nor an address.
func shown(login string) string {
	if len(login) > maxLogin || !utf8.ValidString(login) {
		return ""
	}
	return strings.TrimSpace(login)
}

// account is whoever can sign in under a name or an address, or the zero User.
func (g *Gate) account(ctx context.Context, login string) (chat.User, error) {
	user, err := g.users.ByLogin(ctx, login)
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
