// Package pages is the door for browsers: the pages that the server renders, the room page among them, and the forms on
// them. Everything that they offer works without JavaScript; the client of package web takes the room page over.
//
// The markup is described in web/MARKUP.md, which the client's views follow as well.
package pages

import (
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"sync"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/web"
)

// Config is what the pages are made of. All of it is required, except as said.
type Config struct {
	Rooms  *chat.Rooms
	Users  *chat.Users
	Gate   *auth.Gate
	Assets *web.Assets
	// Kept must hear of every commit of the store that Rooms are in; nil: each page is read and rendered anew.
	Kept *Kept
	// Here is how many people have a room open now.
	Here func(chat.RoomID) int
	// SetupToken is the secret of the one-time link that makes the first owner; "" when there is no such link.
	SetupToken string
	// Providers are other servers that sign people in; nil: there are none.
	Providers *auth.Providers
	// Sweep is told that somebody has deleted an account, which leaves work for chat.Admin's Sweep; nil: nobody does it.
	Sweep   func()
	Logger  *slog.Logger
	Version string // of Parley, shown at the foot of the join page unless it is ""
}

// Pages serves the pages. Its methods may be called from any goroutine.
type Pages struct {
	rooms     *chat.Rooms
	users     *chat.Users
	gate      *auth.Gate
	assets    *web.Assets
	kept      *Kept
	here      func(chat.RoomID) int
	logger    *slog.Logger
	version   string
	sweep     func()
	passkeys  *auth.Passkeys
	providers *auth.Providers
	exports   exports
	mux       *http.ServeMux
	templates map[string]*template.Template

	mu    sync.Mutex // protects what follows
	token string     // of the set-up link; "" once it has been used
}

// New makes the pages.
func New(c Config) (*Pages, error) {
	if c.Rooms == nil || c.Users == nil || c.Gate == nil || c.Assets == nil || c.Here == nil || c.Logger == nil {
		return nil, errors.New("pages: something is missing from Config")
	}
	for _, name := range []string{"app.css", "app.js", "favicon.svg"} {
		if c.Assets.URL(name) == "" {
			return nil, fmt.Errorf("pages: the client has not been built: there is no %s", name)
		}
	}
	p := &Pages{
		rooms: c.Rooms, users: c.Users, gate: c.Gate, assets: c.Assets, kept: c.Kept, here: c.Here, logger: c.Logger,
		version: c.Version, sweep: c.Sweep, token: c.SetupToken, mux: http.NewServeMux(),
	}
	p.passkeys, p.providers = auth.NewPasskeys(c.Gate), c.Providers
	var err error
	if p.providers == nil {
		if p.providers, err = auth.NewProviders(c.Gate, nil, nil); err != nil {
			return nil, fmt.Errorf("pages: %w", err)
		}
	}
	if p.templates, err = parseTemplates(c.Assets.URL); err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	for _, r := range p.routes() {
		p.mux.Handle(r.pattern, p.answer(r.handle))
	}
	return p, nil
}
