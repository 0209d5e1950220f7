// Package guard stands before all doors: it turns away what comes from other sites or asks for another server, waits for no body
// that does not come, and gives every answer the headers that keep browsers from doing harm with it. This is the one place of
// them.
package guard

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/problem"
)

// bodyTime is how long the body of a request may take to arrive.
const bodyTime = 30 * time.Second

// Config is what a guard needs to know.
type Config struct {
	Gate    *auth.Gate
	BaseURL *url.URL // where people find this server; nil: at whatever host their request names
	// AnyHost are the paths that are answered whatever host is asked for: those of whoever watches over the server.
	AnyHost []string
	Logger  *slog.Logger
}

// New puts a guard before a handler.
func New(c Config, next http.Handler) (http.Handler, error) {
	if c.Gate == nil || c.Logger == nil || next == nil {
		return nil, errors.New("guard: Config.Gate and Logger are required")
	}
	cross := http.NewCrossOriginProtection()
	if c.BaseURL != nil {
		own := url.URL{Scheme: c.BaseURL.Scheme, Host: c.BaseURL.Host}
		if err := cross.AddTrustedOrigin(own.String()); err != nil {
			return nil, fmt.Errorf("guard: the base URL: %w", err)
		}
	}
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, c.Logger, chat.Errorf(chat.Forbidden, "", "This request comes from another site."))
	}))
	return c.headers(c.host(cross.Handler(impatient(next)))), nil
}

// host refuses requests for another server than this one, where it is known what this one is called: a name that somebody else
// pointed here would make this server's pages those of another origin (DNS rebinding).
func (c Config) host(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !c.Gate.Ours(r) && !slices.Contains(c.AnyHost, r.URL.Path) {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "This server is not called that.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// impatient gives the body of a request bodyTime to arrive.
func impatient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			// A connection without deadlines has none to set.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
		}
		next.ServeHTTP(w, r)
	})
}
