package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/chat"
)

const (
	// A server that is told to stop finishes what is in flight within ten seconds: requests may take requestTime of them,
	// sockets goodbyeTime at the same time, and the rest is the store's.
	requestTime = 9 * time.Second
	goodbyeTime = 5 * time.Second
	// answerTime is how long a client may take to send a request's body and to read the answer. Streams give themselves more.
	answerTime = time.Minute
)

// serveCommand runs the server. Its fields are the settings, each a flag and a PARLEY_ variable.
type serveCommand struct {
	Listen       string         `default:"localhost:8000" placeholder:"ADDRESS" help:"Where to listen; :8000 for all networks. (${default})"`
	Data         string         `default:"data" placeholder:"DIR" help:"The directory that holds everything. (${default})"`
	BaseURL      *url.URL       `name:"base-url" placeholder:"URL" help:"Where people find this server, such as https://chat.example.org. Default: at the host that they ask for."`
	TrustedProxy []netip.Prefix `name:"trusted-proxy" placeholder:"CIDR" help:"Believe X-Forwarded-For, -Proto and -Host of proxies in this network. Can be repeated."`
	LogFormat    string         `name:"log-format" enum:"text,json" default:"text" help:"text or json. (${default})"`
	Limits       string         `enum:"on,off" default:"on" help:"off lifts the limits on how much one visitor may do, for load tests; only when listening on loopback. (${default})"`
	Debug        string         `placeholder:"ADDRESS" help:"Serve the profiles of Go's pprof at /debug/pprof/ of this loopback address, such as localhost:6060."`

	SMTP             *url.URL `name:"smtp" placeholder:"URL" help:"Send e-mail through this server: smtps://user@host (TLS) or smtp://user@host (STARTTLS; in the clear to a loopback address). Needs --base-url and --mail-from. Default: no e-mail is sent."`
	SMTPPasswordFile string   `name:"smtp-password-file" type:"existingfile" placeholder:"FILE" help:"The file whose first line is the password of the user that --smtp names."`
	MailFrom         string   `name:"mail-from" placeholder:"ADDRESS" help:"Who e-mail comes from, such as 'Our chat <chat@example.org>'."`

	OIDC            []string `name:"oidc" placeholder:"NAME=ISSUER" help:"Let people sign in by this OpenID Connect provider, such as Example=https://id.example.org. Its redirect address is /-/oidc/NAME/callback of this server. Can be repeated."`
	OIDCClients     []string `name:"oidc-client" placeholder:"NAME=ID" help:"The client id that the provider of that name has given this server."`
	OIDCSecretFiles []string `name:"oidc-secret-file" placeholder:"NAME=FILE" help:"The file whose first line is the client secret at the provider of that name; none for a public client."`

	StallTime time.Duration `name:"stall-time" default:"10s" placeholder:"DURATION" help:"How long a client may take nothing of what waits for it, before its connection is closed to be resumed. (${default})"`

	TextLimit   int `name:"text-limit" default:"8192" placeholder:"BYTES" help:"How long a message may be. (${default})"`
	NameLimit   int `name:"name-limit" default:"40" placeholder:"CHARACTERS" help:"How long a person's name may be. (${default})"`
	RoomLimit   int `name:"room-limit" default:"255" placeholder:"CHARACTERS" help:"How long a room's name may be. (${default})"`
	FrameLimit  int `name:"frame-limit" default:"65536" placeholder:"BYTES" help:"How long a WebSocket message or an API request may be. (${default})"`
	TailLimit   int `name:"tail-limit" default:"16777216" placeholder:"BYTES" help:"How much of a busy room's newest changes is held in memory, for readers who lag a little. (${default})"`
	BehindLimit int `name:"behind-limit" default:"1000" placeholder:"CHANGES" help:"How far a reader may lag before it is given a fresh snapshot. (${default})"`
}

// limits are the settings as the domain has them.
func (c *serveCommand) limits() (chat.Limits, error) {
	l := chat.Limits{Text: c.TextLimit, Name: c.NameLimit, Room: c.RoomLimit, Frame: c.FrameLimit, Behind: c.BehindLimit}
	for _, bound := range []struct {
		flag            string
		value, min, max int
	}{
		{"--text-limit", l.Text, 1, 1 << 20},
		{"--name-limit", l.Name, 1, 255},
		{"--room-limit", l.Room, 1, 255},
		{"--frame-limit", l.Frame, 1 << 10, 16 << 20},
		{"--behind-limit", l.Behind, 1, 100_000},
		{"--tail-limit", c.TailLimit, 1 << 20, 1 << 30},
	} {
		if bound.value < bound.min || bound.value > bound.max {
			return l, fmt.Errorf("%s must be from %d to %d", bound.flag, bound.min, bound.max)
		}
	}
	// A message must fit into a frame: JSON can make a byte of text six bytes long.
	if least := 6*l.Text + 512; l.Frame < least {
		return l, fmt.Errorf("--frame-limit must be at least %d, six times --text-limit and 512", least)
	}
	return l, nil
}

// Run serves until ctx ends, then finishes what is in flight.
func (c *serveCommand) Run(ctx context.Context, t terminal) (err error) {
	limits, err := c.limits()
	if err != nil {
		return err
	}
	if u := c.BaseURL; u != nil && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "") {
		return fmt.Errorf("--base-url must be http:// or https:// and a host, without a path: %s", u)
	}
	if c.StallTime < time.Second || c.StallTime > time.Hour {
		return errors.New("--stall-time must be from 1s to 1h")
	}
	logger := c.logger(t)
	data, err := openData(c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	listener, err := c.listen()
	if err != nil {
		return err
	}
	var debugging net.Listener
	if c.Debug != "" {
		if debugging, err = c.listenDebug(); err != nil {
			return errors.Join(err, listener.Close())
		}
		defer debugging.Close()
	}
	server, err := newServer(ctx, c, data, limits, logger)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server.debugging = debugging
	return server.run(ctx, listener, t)
}

func (c *serveCommand) logger(t terminal) *slog.Logger {
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(t.errs, nil))
	}
	return slog.New(slog.NewTextHandler(t.errs, nil))
}

func (c *serveCommand) listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, hinted{fmt.Errorf("something listens on %s already", c.Listen), "Choose another address with --listen."}
	}
	if err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	address, _ := netip.ParseAddrPort(listener.Addr().String())
	if c.Limits == "off" && !address.Addr().IsLoopback() {
		return nil, errors.Join(errors.New("--limits off is for load tests: it needs --listen on a loopback address"), listener.Close())
	}
	return listener, nil
}

// address is where to find the server, for people.
func (c *serveCommand) address(l net.Listener) string {
	if c.BaseURL != nil {
		return strings.TrimRight(c.BaseURL.String(), "/")
	}
	host, _, _ := net.SplitHostPort(c.Listen)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// newToken is the secret of a one-time link.
func newToken() string {
	secret := make([]byte, 20)
	rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// run starts everything and ends it in the order in which it depends on each other: first no new requests, then the
// sockets, then the writer that says goodbye to them, last the store, so that what is in flight is stored and answered.
func (s *server) run(ctx context.Context, listener net.Listener, t terminal) error {
	last, endLast := context.WithCancel(context.WithoutCancel(ctx)) // for what ends last
	defer endLast()
	middle, endMiddle := context.WithCancel(last)
	defer endMiddle()
	// Who reads that the server is ready may send it commands.
	commands, commanded, err := s.listenForCommands()
	if err != nil {
		return errors.Join(err, s.store.Close(), listener.Close())
	}
	var storing errgroup.Group
	storing.Go(func() error { return s.store.Run(last) })
	if err := s.users.ReleaseAll(ctx); err != nil {
		endLast()
		if commanded {
			err = errors.Join(err, commands.Close())
		}
		return errors.Join(err, storing.Wait(), s.store.Close(), listener.Close())
	}

	serving, servingCtx := errgroup.WithContext(ctx)
	// Whatever of these fails ends the whole server, in good order.
	var awake errgroup.Group
	awake.Go(func() error { return s.logs.Run(middle) })
	awake.Go(func() error { return s.writer.Run(middle) })
	awake.Go(func() error { return s.purger.Run(middle) })
	if s.mail != nil {
		awake.Go(func() error { return s.mail.Run(middle) })
	}
	awake.Go(func() error { return s.index.Run(middle, s.store) })
	serving.Go(func() error { return s.sockets.Run(servingCtx, goodbyeTime) })
	serving.Go(func() error { return s.serve(servingCtx, listener) })
	if commanded {
		serving.Go(func() error { return s.operate(servingCtx, commands) })
	}
	if s.debugging != nil {
		serving.Go(func() error { return s.debug(servingCtx, s.debugging) })
	}
	s.announce(ctx, listener, t)

	err = serving.Wait()
	endMiddle()
	err = errors.Join(err, awake.Wait(), s.index.Close())
	endLast()
	return errors.Join(err, storing.Wait(), s.store.Close())
}

// serve answers requests until ctx ends, and then those in flight.
func (s *server) serve(ctx context.Context, listener net.Listener) error {
	web := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      answerTime,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelDebug),
	}
	return serveUntil(ctx, web, listener, func() { close(s.ending) })
}

// serveUntil runs an HTTP server until ctx ends; ending is called then, before it waits for the requests in flight.
func serveUntil(ctx context.Context, web *http.Server, listener net.Listener, ending func()) error {
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		ending()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTime)
		defer cancel()
		err := web.Shutdown(late)
		if errors.Is(err, context.DeadlineExceeded) {
			err = web.Close()
		}
		stopped <- err
	}()
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// announce says where the server is, and how to own it while nobody does.
func (s *server) announce(ctx context.Context, listener net.Listener, t terminal) {
	address := s.command.address(listener)
	fmt.Fprintf(t.out, "Parley %s is ready: %s\n", versionText(), address)
	if s.setupToken != "" {
		fmt.Fprintf(t.out, "Nobody owns this server yet. Become its owner here: %s/-/setup?token=%s\n", address, s.setupToken)
	}
	s.logger.InfoContext(ctx, "listening", "address", listener.Addr().String(), "data", s.data.path, "pid", os.Getpid())
}
