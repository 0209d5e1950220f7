package mail_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/chat"
	"parley/internal/mail"
	"parley/internal/postbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func address(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// A log is what was logged.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start runs a sender to a postbox of its own until the test ends.
func start(t *testing.T, config mail.Config) (*mail.Sender, *postbox.Postbox, *log) {
	t.Helper()
	box, err := postbox.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	logged := &log{}
	config.Server, config.Base = address(t, box.URL()), address(t, "https://chat.example.org")
	config.From, config.Logger = "Our chat <chat@example.org>", slog.New(slog.NewTextHandler(logged, nil))
	sender, err := mail.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sender.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return sender, box, logged
}

func next(t *testing.T, box *postbox.Postbox) postbox.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	m, err := box.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func letters(all ...chat.Letter) func(context.Context) ([]chat.Letter, error) {
	return func(context.Context) ([]chat.Letter, error) { return all, nil }
}

var reset = chat.Letter{Kind: chat.ResetLetter, To: "ana@example.org", Name: "Åna", Path: "/-/reset?token=abc_-123"}

func TestSender(t *testing.T) {
	t.Run("a letter arrives as it was written, with its link", func(t *testing.T) {
		sender, box, _ := start(t, mail.Config{})
		sender.Later(letters(reset))
		got := next(t, box)
		if got.From != "chat@example.org" || got.To != "ana@example.org" {
			t.Errorf("got an envelope from %q to %q", got.From, got.To)
		}
		if from := got.Header.Get("From"); !strings.Contains(from, "Our chat") {
			t.Errorf("got From %q, want the name in it", from)
		}
		if got.Header.Get("Auto-Submitted") != "auto-generated" || got.Header.Get("Subject") == "" || got.Header.Get("Date") == "" {
			t.Errorf("got the header %v", got.Header)
		}
		if want := "https://chat.example.org/-/reset?token=abc_-123"; got.Link() != want {
			t.Errorf("got the link %q, want %q", got.Link(), want)
		}
		if !strings.Contains(got.Text, "Hello Åna,") {
			t.Errorf("got %q", got.Text)
		}
	})
	t.Run("there is a letter of every kind", func(t *testing.T) {
		sender, box, _ := start(t, mail.Config{})
		seen := map[string]bool{}
		for _, kind := range []chat.LetterKind{chat.VerifyLetter, chat.KnownLetter, chat.ResetLetter, chat.PasswordLetter, chat.ReplacedLetter} {
			sender.Later(letters(chat.Letter{Kind: kind, To: "ana@example.org", Name: "ana", Path: "/-/x"}))
			seen[next(t, box).Header.Get("Subject")] = true
		}
		if len(seen) != 5 {
			t.Errorf("got the subjects %v, want five", seen)
		}
	})
	t.Run("no letter, and one that cannot be written, keep none from those after", func(t *testing.T) {
		sender, box, logged := start(t, mail.Config{})
		sender.Later(func(context.Context) ([]chat.Letter, error) { return nil, chat.Errorf(chat.NotFound, "", "nobody") })
		sender.Later(func(context.Context) ([]chat.Letter, error) { return nil, errors.New("no disk") })
		sender.Later(letters(reset))
		next(t, box)
		if !box.Empty() {
			t.Error("more than one letter has arrived")
		}
		if text := logged.String(); !strings.Contains(text, "no disk") || strings.Contains(text, "nobody") {
			t.Errorf("got the log %q", text)
		}
	})
	t.Run("what is refused for now is tried again, what is refused for good is not", func(t *testing.T) {
		sender, box, logged := start(t, mail.Config{})
		box.Refuse("451 later")
		sender.Later(letters(reset))
		next(t, box)
		box.Refuse("550 never")
		sender.Later(letters(reset))
		sender.Later(letters(chat.Letter{Kind: chat.PasswordLetter, To: "ben@example.org", Path: "/-/reset"}))
		if got := next(t, box); got.To != "ben@example.org" {
			t.Errorf("got a letter to %s, want ben's", got.To)
		}
		if text := logged.String(); !strings.Contains(text, "never") || strings.Contains(text, "abc_-123") || strings.Contains(text, "ana@example.org") {
			t.Errorf("got the log %q, want the refusal without token and address", text)
		}
	})
	t.Run("one address gets five letters of a kind in an hour", func(t *testing.T) {
		now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		sender, box, _ := start(t, mail.Config{Clock: func() time.Time { return now }})
		other := chat.Letter{Kind: chat.VerifyLetter, To: "ana@example.org", Path: "/-/verify"}
		for range 6 {
			sender.Later(letters(reset))
		}
		sender.Later(letters(other))
		for n := range 6 {
			want := "Choose a new password"
			if n == 5 {
				want = "Is this your e-mail address?"
			}
			if got := next(t, box).Header.Get("Subject"); got != want {
				t.Errorf("letter %d: got %q, want %q", n+1, got, want)
			}
		}
		now = now.Add(time.Hour)
		sender.Later(letters(reset))
		next(t, box)
	})
}

func TestLater(t *testing.T) {
	sender, err := mail.New(mail.Config{
		Server: address(t, "smtp://127.0.0.1:1"), Base: address(t, "https://chat.example.org"), From: "chat@example.org", Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Run("never blocks, however many wait", func(*testing.T) {
		for range 5000 {
			sender.Later(letters(reset))
		}
	})
}

func TestNew(t *testing.T) {
	for server, ok := range map[string]bool{
		"smtp://mail.example.org": true, "smtps://user@mail.example.org:465": true, "http://mail.example.org": false,
		"smtp://": false, "smtp://mail.example.org:99999999": false,
	} {
		_, err := mail.New(mail.Config{
			Server: address(t, server), Base: address(t, "https://chat.example.org"), From: "chat@example.org", Logger: slog.New(slog.DiscardHandler),
		})
		if (err == nil) != ok {
			t.Errorf("%s: got %v, want it taken: %v", server, err, ok)
		}
	}
	_, err := mail.New(mail.Config{
		Server: address(t, "smtp://x"), Base: address(t, "https://chat.example.org"), From: "nobody", Logger: slog.New(slog.DiscardHandler),
	})
	if err == nil {
		t.Error("a sender without an address was taken")
	}
}
