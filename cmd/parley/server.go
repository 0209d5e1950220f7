package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"parley/internal/admin"
	"parley/internal/api"
	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/fault"
	"parley/internal/live"
	"parley/internal/pages"
	"parley/internal/problem"
	"parley/internal/search"
	"parley/internal/socket"
	"parley/internal/store"
	"parley/internal/tutorial"
	"parley/internal/ws"
	"parley/web"
)

// bodyTime is how long the body of a request may take to arrive.
const bodyTime = 30 * time.Second

// A server is everything that runs, wired together.
type server struct {
	command    *serveCommand
	data       *dataDir
	logger     *slog.Logger
	store      *store.Store
	index      *search.Index
	finder     *chat.Finder
	users      *chat.Users
	admin      *chat.Admin
	purger     *admin.Purger
	sessions   *auth.Sessions
	kept       *pages.Kept
	logs       *live.Logs
	writer     *live.Writer
	sockets    *socket.Server
	handler    http.Handler
	ending     chan struct{} // closed when the server is told to stop
	setupToken string        // "" once there is an owner
	debugging  net.Listener  // nil for none
}

func newServer(ctx context.Context, c *serveCommand, data *dataDir, limits chat.Limits, logger *slog.Logger) (*server, error) {
	s := &server{
		command: c, data: data, logger: logger, logs: live.New(nil), writer: live.NewWriter(),
		sessions: auth.NewSessions(), kept: pages.NewKept(), ending: make(chan struct{}),
	}
	s.logs.TailBytes = c.TailLimit
	var err error
	if s.index, err = search.New(search.Config{Path: data.file(indexName), Logger: logger}); err != nil {
		return nil, err
	}
	if s.store, err = store.Open(ctx, store.Config{Path: data.file(databaseName), Log: logs{s.sessions, s.kept, s.logs, s.index}, Clock: fault.Now(), Logger: logger}); err != nil {
		return nil, err
	}
	s.users = &chat.Users{Store: s.store, Limits: limits}
	s.finder = &chat.Finder{Store: s.store, Index: s.index}
	s.admin = &chat.Admin{Store: s.store, Limits: limits, Finder: s.finder}
	s.purger = admin.NewPurger(s.admin, logger)
	s.sockets = socket.New(socket.Config{Logs: s.logs, Writer: s.writer, Logger: logger, Frame: limits.Frame, Stall: c.StallTime})
	if err := s.wire(ctx, limits); err != nil {
		_ = s.store.Close()
		return nil, err
	}
	return s, nil
}

// wire makes the doors and the routes.
func (s *server) wire(ctx context.Context, limits chat.Limits) error {
	gate, err := auth.New(auth.Config{
		Users: s.users, BaseURL: s.command.BaseURL, Trusted: s.command.TrustedProxy, Unlimited: s.command.Limits == "off",
		Sessions: s.sessions,
	})
	if err != nil {
		return err
	}
	assets, err := web.New()
	if err != nil {
		return err
	}
	if err := s.mintSetupToken(ctx); err != nil {
		return err
	}
	rooms := &chat.Rooms{Store: s.store, Limits: limits}
	page, err := pages.New(pages.Config{
		Rooms: rooms, Users: s.users, Gate: gate, Assets: assets, Here: s.logs.Here, Kept: s.kept,
		SetupToken: s.setupToken, Logger: s.logger, Version: versionText(),
	})
	if err != nil {
		return err
	}
	site, err := admin.New(admin.Config{Admin: s.admin, Gate: gate, Assets: assets, Purger: s.purger, Logger: s.logger})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/ws", ws.New(ws.Config{
		Rooms: rooms, Gate: gate, Logs: s.logs, Sockets: s.sockets, Logger: s.logger,
	}))
	mux.Handle(tutorial.Pattern, tutorial.New(tutorial.Config{
		Rooms: rooms, Users: s.users, Gate: gate, Sockets: s.sockets, Logger: s.logger,
	}))
	api.New(api.Config{Rooms: rooms, Finder: s.finder, Gate: gate, Logs: s.logs, Logger: s.logger, Ending: s.ending}).Register(mux)
	mux.Handle("GET "+web.Prefix, assets)
	site.Register(mux)
	page.Register(mux)
	s.health(mux)
	s.handler, err = s.guard(mux)
	return err
}

// mintSetupToken makes the secret of the set-up link while nobody owns the server.
func (s *server) mintSetupToken(ctx context.Context) error {
	return s.store.Read(ctx, func(snapshot chat.Snapshot) error {
		owners, err := snapshot.Owners()
		if err == nil && owners == 0 {
			s.setupToken = newToken()
		}
		if err != nil {
			return err
		}
		settings, err := snapshot.Settings()
		s.kept.Settle(settings)
		return err
	})
}

// health is for whoever runs the server: alive, ready to serve, which version.
func (s *server) health(mux *http.ServeMux) {
	plain := func(w http.ResponseWriter, status int, text string) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		fmt.Fprintln(w, text)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-s.ending:
			plain(w, http.StatusServiceUnavailable, "going away")
			return
		default:
		}
		err := s.store.Read(r.Context(), func(snapshot chat.Snapshot) error {
			_, err := snapshot.ServerVersion()
			return err
		})
		if err != nil {
			s.logger.Error("readyz", "error", err)
			plain(w, http.StatusServiceUnavailable, "the store cannot be read")
			return
		}
		plain(w, http.StatusOK, "ready")
	})
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"version": versionText()})
	})
}

// guard stands before all routes: requests from other sites that would change something are refused, and a body that does
// not come is not waited for.
func (s *server) guard(next http.Handler) (http.Handler, error) {
	cross := http.NewCrossOriginProtection()
	if base := s.command.BaseURL; base != nil {
		own := url.URL{Scheme: base.Scheme, Host: base.Host}
		if err := cross.AddTrustedOrigin(own.String()); err != nil {
			return nil, fmt.Errorf("--base-url: %w", err)
		}
	}
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, s.logger, chat.Errorf(chat.Forbidden, "", "This request comes from another site."))
	}))
	return cross.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			// A connection without deadlines has none to set.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
		}
		next.ServeHTTP(w, r)
	})), nil
}
