package admin

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"parley/internal/chat"
)

// A Doer sends commands to an Operator; an http.Client is one.
type Doer interface {
	Do(r *http.Request) (*http.Response, error)
}

// Base is the address of an Operator whose Doer knows the way: Dial's and Local's.
const Base = "http://parley"

// Dial is a Doer that reaches the Operator of a running server over its unix socket. It connects when it is used.
func Dial(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		},
		DisableKeepAlives: true,
	}}
}

// Create makes an account that opens the admin site, or gives an existing one the role if c.Existing is set.
func Create(ctx context.Context, server Doer, c Command) (Administrator, error) {
	var created Administrator
	return created, ask(ctx, server, http.MethodPost, "/operator/admins", c, &created)
}

// List are those who can open the admin site, also the deactivated ones.
func List(ctx context.Context, server Doer) ([]Administrator, error) {
	var list []Administrator
	err := ask(ctx, server, http.MethodGet, "/operator/admins", nil, &list)
	return list, err
}

// SetPassword gives an account another password and signs it out everywhere.
func SetPassword(ctx context.Context, server Doer, name, password string) (Administrator, error) {
	var changed Administrator
	err := ask(ctx, server, http.MethodPost, "/operator/admins/password", Command{Name: name, Password: password}, &changed)
	return changed, err
}

// Remove takes the role that opens the admin site away from an account.
func Remove(ctx context.Context, server Doer, name string) (Administrator, error) {
	var removed Administrator
	err := ask(ctx, server, http.MethodPost, "/operator/admins/remove", Command{Name: name}, &removed)
	return removed, err
}

// LockDown puts a level of lockdown in force, at once.
func LockDown(ctx context.Context, server Doer, level chat.Lockdown, why string) (LockedDown, error) {
	var changed LockedDown
	err := ask(ctx, server, http.MethodPost, "/operator/lockdown", Command{Lockdown: level, Why: why}, &changed)
	return changed, err
}

// MakeResetLink makes a link to a new password for the account of that name.
func MakeResetLink(ctx context.Context, server Doer, name string) (ResetLink, error) {
	var made ResetLink
	err := ask(ctx, server, http.MethodPost, "/operator/reset-link", Command{Name: name}, &made)
	return made, err
}

// NewPassword is a random password of 20 letters and digits, worth 100 bits.
func NewPassword() string { return strings.ToLower(rand.Text()[:20]) }

// ask sends one command and reads its answer into result. What the server refuses is its *chat.Error.
func ask(ctx context.Context, server Doer, method, path string, command, result any) error {
	var body io.Reader = http.NoBody
	if command != nil {
		text, err := json.Marshal(command)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, Base+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := server.Do(r)
	if err != nil {
		return fmt.Errorf("asking the server: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		refused := &chat.Error{}
		if err := json.NewDecoder(response.Body).Decode(refused); err != nil || refused.Kind == "" {
			return fmt.Errorf("asking the server: it answered %s", response.Status)
		}
		return refused
	}
	if err := json.NewDecoder(response.Body).Decode(result); err != nil {
		return fmt.Errorf("reading the server's answer: %w", err)
	}
	return nil
}

// Local is a Doer that has h answer in this process, for when no server runs. Each request is answered by a goroutine that
// ends with h; closing the body of the response, or the end of the request's context, ends the context that h sees.
func Local(h http.Handler) Doer { return local{h} }

type local struct{ handler http.Handler }

func (l local) Do(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	reader, writer := io.Pipe()
	a := &localAnswer{header: http.Header{}, body: writer, began: make(chan struct{})}
	r = r.WithContext(ctx)
	go func() {
		defer cancel()
		l.handler.ServeHTTP(a, r)
		a.WriteHeader(http.StatusOK)
		writer.Close()
	}()
	select {
	case <-a.began:
	case <-r.Context().Done():
		select {
		case <-a.began: // it had ended, and that was the end of the context
		default:
			return nil, r.Context().Err()
		}
	}
	return &http.Response{
		Status: fmt.Sprint(a.status, " ", http.StatusText(a.status)), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.sent, Body: localBody{reader, cancel}, ContentLength: -1, Request: r,
	}, nil
}

// A localAnswer is a response on its way through a pipe.
type localAnswer struct {
	header http.Header
	body   *io.PipeWriter
	once   sync.Once
	began  chan struct{} // closed when what follows is set
	status int
	sent   http.Header
}

func (a *localAnswer) Header() http.Header { return a.header }

func (a *localAnswer) WriteHeader(status int) {
	a.once.Do(func() {
		a.status, a.sent = status, a.header.Clone()
		close(a.began)
	})
}

func (a *localAnswer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// Flush does nothing: a pipe holds nothing back.
func (a *localAnswer) Flush() {}

// A localBody ends the handler's context when it is closed.
type localBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (b localBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}
