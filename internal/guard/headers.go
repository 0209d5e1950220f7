package guard

import (
	"net/http"
	"regexp"
	"strings"
)

// common begins every content security policy: nothing that is not allowed further on, no frame around a page, and no script
// made of a text (Trusted Types: there is no policy that could).
const common = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// policies are the content security policies by what a path begins with; the first counts.
var policies = []struct{ prefix, policy string }{
	{"/api/", common + "; form-action 'none'; sandbox"},
	{"/admin/", common + "; style-src 'self'; img-src 'self' data:; form-action 'self'"}, // a site without any script
	// What is missing is where the page's own sockets are.
	{"/", common + "; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; form-action 'self'; connect-src 'self'"},
}

// fixed are the headers that are the same for every answer.
var fixed = map[string]string{
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

// yearOfHTTPS has browsers ask this host by https alone for a year (RFC 6797), which is for who serves by it.
const yearOfHTTPS = "max-age=31536000"

// plainHost is a host that can stand in a header without meaning anything else.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$|^\[[0-9A-Fa-f:.]+\](:[0-9]+)?$`)

func (c Config) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for name, value := range fixed {
			h.Set(name, value)
		}
		if r.URL.Query().Has("token") {
			// A secret in an address is told to nobody. Not "no-referrer": with that, browsers give no origin to the form on the
			// page either, and it would look as if it came from another site.
			h.Set("Referrer-Policy", "strict-origin")
		}
		own := c.Gate.Own(r)
		if own.Scheme == "https" {
			h.Set("Strict-Transport-Security", yearOfHTTPS)
		}
		h.Set("Content-Security-Policy", policy(r.URL.Path, own.Scheme, own.Host))
		next.ServeHTTP(w, r)
	})
}

func policy(path, scheme, host string) string {
	for _, p := range policies {
		switch {
		case !strings.HasPrefix(path, p.prefix):
		case p.prefix == "/" && plainHost.MatchString(host):
			// Some browsers do not take 'self' to mean sockets as well.
			socket := "ws://"
			if scheme == "https" {
				socket = "wss://"
			}
			return p.policy + " " + socket + host
		default:
			return p.policy
		}
	}
	return common
}
