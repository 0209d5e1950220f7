package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"

	"parley/internal/admin"
	"parley/internal/api"
	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/fault"
	"parley/internal/guard"
	"parley/internal/live"
	"parley/internal/mail"
	"parley/internal/pages"
	"parley/internal/search"
	"parley/internal/socket"
	"parley/internal/store"
	"parley/internal/tutorial"
	"parley/internal/ws"
	"parley/web"
)

// A server is everything that runs, wired together.
type server struct {
	command    *serveCommand
	data       *dataDir
	logger     *slog.Logger
	store      *store.Store
	index      *search.Index
	finder     *chat.Finder
	users      *chat.Users
	mail       *mail.Sender // nil: no e-mail is sent
	admin      *chat.Admin
	purger     *admin.Purger
	sessions   *auth.Sessions
	kept       *pages.Kept
	logs       *live.Logs
	writer     *live.Writer
	sockets    *socket.Server
	handler    http.Handler
	routes     []chat.Route  // all that handler serves
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
	if err := s.openMail(c); err != nil {
		_ = s.store.Close()
		return nil, err
	}
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
	rooms := &chat.Rooms{Store: s.store, Limits: limits, Wake: s.purger.Wake}
	moderation := &chat.Moderation{Store: s.store, Rooms: rooms, Wake: s.purger.Wake}
	providers, err := s.openProviders(gate)
	if err != nil {
		return err
	}
	page, err := pages.New(pages.Config{
		Rooms: rooms, Users: s.users, Gate: gate, Assets: assets, Here: s.logs.Here, Kept: s.kept,
		SetupToken: s.setupToken, Providers: providers, Sweep: s.purger.Wake, Logger: s.logger, Version: versionText(),
	})
	if err != nil {
		return err
	}
	site, err := admin.New(admin.Config{Admin: s.admin, Moderation: moderation, Gate: gate, Assets: assets, Purger: s.purger, Logger: s.logger})
	if err != nil {
		return err
	}
	mux, err := s.route(append(s.health(),
		served{"/ws", chat.Anybody, ws.New(ws.Config{
			Rooms: rooms, Gate: gate, Logs: s.logs, Sockets: s.sockets, Logger: s.logger,
		})},
		served{tutorial.Pattern, chat.Read, tutorial.New(tutorial.Config{
			Rooms: rooms, Users: s.users, Gate: gate, Sockets: s.sockets, Logger: s.logger,
		})},
		served{"GET " + web.Prefix, chat.Anybody, assets},
	), api.New(api.Config{
		Rooms: rooms, Users: s.users, Moderation: moderation, Finder: s.finder, Gate: gate, Logs: s.logs, Logger: s.logger, Ending: s.ending,
	}), site, page)
	if err != nil {
		return err
	}
	s.handler, err = guard.New(guard.Config{
		Gate: gate, BaseURL: s.command.BaseURL, AnyHost: []string{"/healthz", "/readyz", "/version"}, Logger: s.logger,
	}, mux)
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
