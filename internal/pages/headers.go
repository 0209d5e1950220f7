package pages

import (
	"net/http"
	"regexp"
)

// policy is the content security policy; what is missing is where the page's own sockets are.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; connect-src 'self'"

// plainHost is a host that can stand in a header without meaning anything else.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$|^\[[0-9A-Fa-f:.]+\](:[0-9]+)?$`)

// Secure sets the headers that keep other sites, and whatever might be slipped into a page, from doing harm. The admin site,
// which has no script, sets stricter ones of its own.
func (p *Pages) Secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		csp := policy
		if own := p.gate.Own(r); plainHost.MatchString(own.Host) {
			// Some browsers do not take 'self' to mean sockets as well.
			socket := "ws://"
			if own.Scheme == "https" {
				socket = "wss://"
			}
			csp += " " + socket + own.Host
		}
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
