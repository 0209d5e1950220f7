// Package auth answers who is asking: by the session cookie, by a password, by the address that a request comes from; and
// whether they ask too much.
//
// A session's token is 256 random bits that only the browser keeps. The server stores its SHA-256, so a copy of the
// database signs nobody in.
package auth

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"parley/internal/chat"
)

// Config is what a Gate needs to know.
type Config struct {
	Users   *chat.Users
	BaseURL *url.URL       // where people find this server; nil: at whatever host their request names
	Trusted []netip.Prefix // proxies whose X-Forwarded-For, -Proto and -Host are believed
	// Sessions must hear of every commit of the store that Users are in; nil: each request reads its session from there.
	Sessions *Sessions
	// Unlimited lifts every budget, for load tests; guessing passwords stays limited.
	Unlimited bool
	Clock     func() time.Time // nil: time.Now
}

// A Gate tells requests apart. Its methods may be called from any goroutine.
type Gate struct {
	users     *chat.Users
	sessions  *Sessions // nil: none are remembered
	base      *url.URL
	trusted   []netip.Prefix
	unlimited bool
	clock     func() time.Time

	mu      sync.Mutex // protects what follows
	buckets *recent[*bucket]
	guesses *recent[*guess]
}

// New makes a Gate.
func New(c Config) (*Gate, error) {
	if c.Users == nil {
		return nil, errors.New("auth: Config.Users is missing")
	}
	if b := c.BaseURL; b != nil && (b.Scheme != "http" && b.Scheme != "https" || b.Host == "" || b.User != nil) {
		return nil, errors.New("auth: Config.BaseURL is not an http or https address")
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return &Gate{
		users: c.Users, sessions: c.Sessions, base: c.BaseURL, trusted: c.Trusted, unlimited: c.Unlimited, clock: c.Clock,
		buckets: newRecent[*bucket](maxRemembered), guesses: newRecent[*guess](maxRemembered),
	}, nil
}

// An Identity is who asks; the zero Identity is nobody.
type Identity struct {
	User    chat.User
	Session chat.SessionID
}

// Actor is the identity as the domain's verbs take it.
func (i Identity) Actor() chat.Actor { return chat.Actor{User: i.User.ID} }

// Who finds whose session the request's cookie names. No cookie, a cookie that is none of ours, and a session that has
// ended are nobody without an error; there is one only if the store cannot be asked.
func (g *Gate) Who(r *http.Request) (Identity, error) {
	session, ok := g.sessionOf(r)
	if !ok {
		return Identity{}, nil
	}
	user, err := g.user(r.Context(), session)
	if chat.KindOf(err) == chat.Unauthenticated {
		return Identity{}, nil
	}
	if err != nil {
		return Identity{}, err
	}
	return Identity{User: user, Session: session}, nil
}

// Still returns nil while the session lives by which Who found i, and Unauthenticated once it has ended; nobody stays
// nobody. A door that keeps a connection open asks again after it began to follow the user's own log, which tells it of an
// end from then on: a session that ended between Who and that moment would live as long as the connection.
func (g *Gate) Still(ctx context.Context, i Identity) error {
	if i.Session == "" {
		return nil
	}
	_, err := g.user(ctx, i.Session)
	return err
}

func (g *Gate) user(ctx context.Context, id chat.SessionID) (chat.User, error) {
	if g.sessions == nil {
		return g.users.Session(ctx, id)
	}
	return g.sessions.user(ctx, g.users, id, g.clock())
}

// Address is where the request comes from: the peer, or what the trusted proxies before it say. It is the zero Addr for a
// peer without an address, such as a unix socket's.
func (g *Gate) Address(r *http.Request) netip.Addr {
	peer := parseAddress(r.RemoteAddr)
	if !g.trusts(peer) {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := parseAddress(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			return peer
		}
		peer = hop
		if !g.trusts(peer) {
			return peer
		}
	}
	return peer
}

// Prefix is the network that one visitor may be expected to have: an IPv4 address, or an IPv6 /64.
func Prefix(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

func (g *Gate) trusts(a netip.Addr) bool {
	for _, p := range g.trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// parseAddress reads "1.2.3.4", "1.2.3.4:80", "::1" and "[::1]:80"; anything else is the zero Addr.
func parseAddress(s string) netip.Addr {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// Own is the origin of this server as the visitor sees it, scheme and host alone: the base URL's, or what the request, or
// the trusted proxy before it, says. Without a base URL the host is the visitor's word, so it must be escaped like any input.
func (g *Gate) Own(r *http.Request) *url.URL {
	if g.base != nil {
		return &url.URL{Scheme: g.base.Scheme, Host: g.base.Host}
	}
	own := &url.URL{Scheme: "http", Host: r.Host}
	if r.TLS != nil {
		own.Scheme = "https"
	}
	if !g.trusts(parseAddress(r.RemoteAddr)) {
		return own
	}
	if scheme := strings.ToLower(forwarded(r, "X-Forwarded-Proto")); scheme == "http" || scheme == "https" {
		own.Scheme = scheme
	}
	if host := forwarded(r, "X-Forwarded-Host"); host != "" {
		own.Host = host
	}
	return own
}

// Ours reports whether a request asks for this server by its own name: always without a base URL, else if the host that it
// names, or that the trusted proxy before it says was named, is the base URL's.
func (g *Gate) Ours(r *http.Request) bool {
	if g.base == nil {
		return true
	}
	host := r.Host
	if g.trusts(parseAddress(r.RemoteAddr)) {
		host = cmp.Or(forwarded(r, "X-Forwarded-Host"), host)
	}
	return canonical(g.base.Scheme, host) == canonical(g.base.Scheme, g.base.Host)
}

// forwarded is what the nearest proxy said, the last value of a header.
func forwarded(r *http.Request, name string) string {
	all := strings.Join(r.Header.Values(name), ",")
	return strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:])
}
