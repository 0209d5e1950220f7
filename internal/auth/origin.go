package auth

import (
	"net/http"
	"net/url"
	"strings"

	"parley/internal/chat"
)

// CheckOrigin guards the upgrade to a WebSocket, which browsers allow across sites and send cookies with. An Origin must
// be this server's own: scheme, host and port. A request with our cookie but without an Origin comes from no browser's page
// and is refused as well; a program without a cookie needs no Origin. A refusal is Forbidden.
func (g *Gate) CheckOrigin(r *http.Request) error {
	origins := r.Header.Values("Origin")
	switch len(origins) {
	case 0:
		if carriesCookie(r) {
			return chat.Errorf(chat.Forbidden, "", "A request with a session needs an Origin header.")
		}
		return nil
	case 1:
		own := g.Own(r)
		if from, ok := parseOrigin(origins[0]); ok && from == canonical(own.Scheme, own.Host) {
			return nil
		}
	}
	return chat.Errorf(chat.Forbidden, "", "Pages of other sites may not connect to this server.")
}

// carriesCookie reports whether the request has one of our cookies, good or bad.
func carriesCookie(r *http.Request) bool {
	for _, name := range []string{plainCookie, secureCookie} {
		if _, err := r.Cookie(name); err == nil {
			return true
		}
	}
	return false
}

// parseOrigin reads a serialised origin (RFC 6454, section 6.2), scheme://host[:port] and nothing more. "null", which
// sandboxed pages and files send, is none.
func parseOrigin(s string) (string, bool) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" || !strings.EqualFold(u.Scheme+"://"+u.Host, s) {
		return "", false
	}
	return canonical(u.Scheme, u.Host), true
}

// canonical is an origin in lower case and with its port, so that equal origins are equal strings.
func canonical(scheme, host string) string {
	u := url.URL{Scheme: strings.ToLower(scheme), Host: strings.ToLower(host)}
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	case u.Scheme == "http":
		port = "80"
	}
	return u.Scheme + "://" + u.Hostname() + ":" + port
}
