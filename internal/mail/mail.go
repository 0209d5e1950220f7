// Package mail sends the letters of the domain as e-mail, some time later and one after the other, over SMTP (RFC 5321).
//
// What has a letter sent is answered before the letter is written, so that nobody can tell from an answer, or from how long it
// takes, whether there was one. Letters that wait are in memory: they are lost when the server dies, and whoever waits for one
// asks again.
package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	smtp "github.com/wneessen/go-mail"

	"parley/internal/chat"
)

const (
	// waiting is how many letters wait at most; what comes then is dropped.
	waiting = 1024
	// sendTime is how long one attempt to send takes at most, and partTime all that still wait when the server ends.
	sendTime = 30 * time.Second
	partTime = 5 * time.Second
)

// pauses are how long is waited before each further attempt to send a letter.
var pauses = []time.Duration{time.Second, 10 * time.Second}

// Config says how mail is sent. All of it is required, except as said.
type Config struct {
	// Server is where mail is handed in: smtps://user@host:465 (TLS from the start) or smtp://user@host:587 (STARTTLS, which the
	// server must offer; to a loopback address everything goes in the clear). User and port may be left out.
	Server   *url.URL
	Password string // of the user that Server names; "" to hand in without signing in
	From     string // "Parley <chat@example.org>"
	Base     *url.URL
	Logger   *slog.Logger
	Clock    func() time.Time // nil: time.Now
}

// A Sender sends letters; it is a chat.Mailer. Its methods may be called from any goroutine.
type Sender struct {
	client *smtp.Client
	from   string
	base   string
	logger *slog.Logger
	queue  chan func(context.Context) ([]chat.Letter, error)
	sent   *counts
}

// New makes a Sender. Nothing is sent before Run.
func New(c Config) (*Sender, error) {
	if c.Server == nil || c.Base == nil || c.Logger == nil {
		return nil, errors.New("mail: Config.Server, Base and Logger are required")
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("the address that mail comes from: %w", err)
	}
	if from.Name == "" {
		from.Name = "Parley"
	}
	options, err := clientOptions(c)
	if err != nil {
		return nil, err
	}
	client, err := smtp.NewClient(c.Server.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("the mail server: %w", err)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	base := url.URL{Scheme: c.Base.Scheme, Host: c.Base.Host}
	return &Sender{
		client: client, from: from.String(), base: base.String(), logger: c.Logger,
		queue: make(chan func(context.Context) ([]chat.Letter, error), waiting), sent: newCounts(c.Clock),
	}, nil
}

func clientOptions(c Config) ([]smtp.Option, error) {
	options := []smtp.Option{smtp.WithTimeout(sendTime), smtp.WithHELO(helo(c.Base))}
	port := 587
	switch c.Server.Scheme {
	case "smtps":
		port = 465
		options = append(options, smtp.WithSSL())
	case "smtp":
		policy := smtp.TLSMandatory
		if loopback(c.Server.Hostname()) {
			policy = smtp.NoTLS
		}
		options = append(options, smtp.WithTLSPolicy(policy))
	default:
		return nil, fmt.Errorf("the mail server is an address that begins with smtp:// or smtps://, not %q", c.Server.Redacted())
	}
	if c.Server.Hostname() == "" {
		return nil, errors.New("the address of the mail server names no host")
	}
	if p := c.Server.Port(); p != "" {
		var err error
		if port, err = strconv.Atoi(p); err != nil {
			return nil, fmt.Errorf("the port of the mail server: %w", err)
		}
	}
	options = append(options, smtp.WithPort(port))
	if user := c.Server.User.Username(); user != "" {
		options = append(options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(user), smtp.WithPassword(c.Password))
	}
	return options, nil
}

// helo is what this server calls itself to the mail server: a name, or an address literal (RFC 5321, section 4.1.3).
func helo(base *url.URL) string {
	host := base.Hostname()
	address, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return host
	case address.Is6():
		return "[IPv6:" + host + "]"
	default:
		return "[" + host + "]"
	}
}

func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// Later is chat.Mailer's Later.
func (s *Sender) Later(write func(ctx context.Context) ([]chat.Letter, error)) {
	select {
	case s.queue <- write:
	default:
		s.logger.Error("a letter was dropped: too many wait to be sent", "waiting", waiting)
	}
}

// Run sends what waits and what comes until ctx ends, and then what waits, for some seconds.
func (s *Sender) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case write := <-s.queue:
			s.deliver(ctx, write)
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), partTime)
	defer cancel()
	for last.Err() == nil {
		select {
		case write := <-s.queue:
			s.deliver(last, write)
		default:
			return nil
		}
	}
	if n := len(s.queue); n > 0 {
		s.logger.Error("letters were not sent before the end", "letters", n)
	}
	return nil
}

// deliver writes letters and sends them. A letter is tried again some times, and then given up.
func (s *Sender) deliver(ctx context.Context, write func(context.Context) ([]chat.Letter, error)) {
	letters, err := write(ctx)
	if chat.KindOf(err) == chat.NotFound {
		return
	}
	if err != nil {
		s.logger.Error("a letter could not be written", "error", err)
		return
	}
	for _, letter := range letters {
		if !s.sent.allow(string(letter.Kind) + " " + letter.To) {
			s.logger.Warn("a letter was not sent: too many of its kind to one address", "kind", string(letter.Kind))
			continue
		}
		if err := s.try(ctx, letter); err != nil {
			s.logger.Error("a letter could not be sent", "kind", string(letter.Kind), "error", err)
		}
	}
}

func (s *Sender) try(ctx context.Context, letter chat.Letter) error {
	for attempt := 0; ; attempt++ {
		err := s.send(ctx, letter)
		if err == nil || attempt == len(pauses) || permanent(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pauses[attempt]):
		}
	}
}

// permanent reports whether the mail server will never take a letter (RFC 5321, section 4.2.1).
func permanent(err error) bool {
	refused, ok := errors.AsType[*smtp.SendError](err)
	return ok && !refused.IsTemp()
}

func (s *Sender) send(ctx context.Context, letter chat.Letter) error {
	subject, body, err := s.render(letter)
	if err != nil {
		return err
	}
	message := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	if err := message.From(s.from); err != nil {
		return err
	}
	if err := message.To(letter.To); err != nil {
		return err
	}
	message.Subject(subject)
	message.SetGenHeader(smtp.Header("Auto-Submitted"), "auto-generated") // RFC 3834
	message.SetBodyString(smtp.TypeTextPlain, body)
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return s.client.DialAndSendWithContext(ctx, message)
}
