package auth

import (
	"container/list"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"sync"
	"time"
)

const (
	// maxCeremonies bounds how many ceremonies of one sort are under way, at about a kilobyte each. When there are more the
	// oldest is forgotten, and whoever began it has to begin again.
	maxCeremonies = 1 << 14

	// The cookie tells the browser that began a ceremony from all others. It says nothing about who uses it.
	plainCeremony  = "parley_ceremony"
	secureCeremony = "__Host-parley_ceremony"
	// ceremonyCookieLife is longer than any ceremony's.
	ceremonyCookieLife = 30 * time.Minute
)

// ceremonies are ways to sign in that take more than one request and have begun: what the server has to remember until the browser
// comes back. Each is bound to the browser that began it, by a cookie, and to a name that comes back too, such as the challenge
// that was signed; it ends after some minutes, and with the first attempt to finish it, whatever comes of that.
// Its methods may be called from any goroutine.
type ceremonies[T any] struct {
	gate *Gate
	life time.Duration

	mu    sync.Mutex // protects what follows
	byKey map[[sha256.Size]byte]*list.Element
	byAge *list.List // of *ceremony[T], the oldest in front
}

type ceremony[T any] struct {
	key   [sha256.Size]byte
	value T
	until time.Time
}

func newCeremonies[T any](g *Gate, life time.Duration) *ceremonies[T] {
	return &ceremonies[T]{gate: g, life: life, byKey: map[[sha256.Size]byte]*list.Element{}, byAge: list.New()}
}

// begin remembers value under a name for the browser that asks, and gives it the cookie that it has to come back with.
func (c *ceremonies[T]) begin(w http.ResponseWriter, r *http.Request, name string, value T) {
	now := c.gate.clock()
	key := ceremonyKey(c.gate.ceremonyCookie(w, r), name)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.removeLocked(c.byKey[key])
	for oldest := c.byAge.Front(); oldest != nil; oldest = c.byAge.Front() {
		if len(c.byKey) < maxCeremonies && now.Before(oldest.Value.(*ceremony[T]).until) {
			break
		}
		c.removeLocked(oldest)
	}
	c.byKey[key] = c.byAge.PushBack(&ceremony[T]{key, value, now.Add(c.life)})
}

// finish ends what this browser has begun under a name, and gives it unless its time is over.
func (c *ceremonies[T]) finish(r *http.Request, name string) (T, bool) {
	var none T
	cookie, err := r.Cookie(c.gate.ceremonyName(r))
	if err != nil {
		return none, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[ceremonyKey(cookie.Value, name)]
	if e == nil {
		return none, false
	}
	c.removeLocked(e)
	begun := e.Value.(*ceremony[T])
	return begun.value, c.gate.clock().Before(begun.until)
}

func (c *ceremonies[T]) removeLocked(e *list.Element) {
	if e != nil {
		delete(c.byKey, e.Value.(*ceremony[T]).key)
		c.byAge.Remove(e)
	}
}

// ceremonyKey is what a ceremony is found by. Cookies are of one length, so no two pairs are one text.
func ceremonyKey(cookie, name string) [sha256.Size]byte {
	return sha256.Sum256([]byte(cookie + " " + name))
}

// ceremonyCookie is the secret of the browser that asks, a new one if it has none. Several ceremonies may be under way in a browser,
// one in each tab, so it keeps the one that it has.
func (g *Gate) ceremonyCookie(w http.ResponseWriter, r *http.Request) string {
	name := g.ceremonyName(r)
	value := ""
	if has, err := r.Cookie(name); err == nil {
		if secret, err := base64.RawURLEncoding.Strict().DecodeString(has.Value); err == nil && len(secret) == tokenBytes {
			value = has.Value
		}
	}
	if value == "" {
		secret := make([]byte, tokenBytes)
		rand.Read(secret) // never fails
		value = base64.RawURLEncoding.EncodeToString(secret)
	}
	// Lax: the browser comes back from another site's pages.
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: name == secureCeremony, MaxAge: int(ceremonyCookieLife / time.Second),
	})
	return value
}

func (g *Gate) ceremonyName(r *http.Request) string {
	if g.Own(r).Scheme == "https" {
		return secureCeremony
	}
	return plainCeremony
}
