package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/chat"
)

const (
	tokenBytes = 32
	// cookieLife is as long as browsers keep a cookie at most; the server decides when a session ends.
	cookieLife = 400 * 24 * time.Hour
	agentBytes = 200

	plainCookie  = "parley_session"
	secureCookie = "__Host-parley_session" // RFC 6265bis: only over https, for this host alone, for every path
)

// Begin mints a session and the cookie that carries its token. Nothing is stored or sent yet: the caller stores the
// session through chat.Users (Guest, SignIn, Enrol) and, only when that succeeded, sets the cookie.
func (g *Gate) Begin(r *http.Request) (*chat.Session, *http.Cookie) {
	secret := make([]byte, tokenBytes)
	rand.Read(secret) // never fails: it ends the program rather than give less than it was asked for
	token := base64.RawURLEncoding.EncodeToString(secret)
	cookie := g.cookie(r)
	cookie.Value = token
	cookie.MaxAge = int(cookieLife / time.Second)
	return &chat.Session{ID: sessionID(token), Agent: agent(r), Address: chat.NetworkOf(g.Address(r))}, cookie
}

// End has the browser forget its session. The caller ends the session itself, by chat.Users.SignOut.
func (g *Gate) End(w http.ResponseWriter, r *http.Request) {
	cookie := g.cookie(r)
	cookie.MaxAge = -1
	http.SetCookie(w, cookie)
}

func (g *Gate) cookie(r *http.Request) *http.Cookie {
	c := &http.Cookie{Name: plainCookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if g.Own(r).Scheme == "https" {
		c.Name, c.Secure = secureCookie, true
	}
	return c
}

// sessionOf is the session that the request's cookie names, whether there is such a session or not. Over https only the
// cookie counts that no plain-http page and no sibling host can set.
func (g *Gate) sessionOf(r *http.Request) (chat.SessionID, bool) {
	c, err := r.Cookie(g.cookie(r).Name)
	if err != nil {
		return "", false
	}
	secret, err := base64.RawURLEncoding.Strict().DecodeString(c.Value)
	if err != nil || len(secret) != tokenBytes {
		return "", false
	}
	return sessionID(c.Value), true
}

// Returns reports whether a browser brings a session's cookie, whether there is still such a session or not.
func (g *Gate) Returns(r *http.Request) bool {
	_, brings := g.sessionOf(r)
	return brings
}

func sessionID(token string) chat.SessionID {
	sum := sha256.Sum256([]byte(token))
	return chat.SessionID(hex.EncodeToString(sum[:]))
}

// agent is what the browser calls itself, as a valid string of at most agentBytes.
func agent(r *http.Request) string {
	a := strings.ToValidUTF8(r.UserAgent(), "")
	if len(a) <= agentBytes {
		return a
	}
	a = a[:agentBytes]
	for !utf8.ValidString(a) {
		a = a[:len(a)-1]
	}
	return a
}
