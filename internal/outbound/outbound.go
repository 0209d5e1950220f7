// Package outbound is the only HTTP client for foreign addresses, which somebody else has chosen: a person who posts a link, a
// document of another server.
//
// Such an address may lead inside: to this machine, to the network that it stands in, to the metadata of its cloud (server-side
// request forgery). So what is dialled is checked, after the name was resolved: a name that resolves to another address the
// second time gains nothing. Only public addresses are dialled, by HTTPS at port 443.
//
// Hosts that whoever runs the server has named in its settings are another matter. A company's sign-in server often stands in its
// private network; who may set what this server is asked to trust can reach that network anyway. So exactly these hosts, with
// their ports, are dialled wherever they are. What such a host names in turn is as foreign as any address.
package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"code.dny.dev/ssrf"
)

const (
	// answerTime is how long a whole exchange may take, the answer's body included.
	answerTime = 10 * time.Second
	// answerBytes is how long an answer's body may be.
	answerBytes = 1 << 20
	// headerBytes is how long its header may be.
	headerBytes = 64 << 10
)

// ErrTooLong is the error of an answer's body that is longer than 1 MiB.
var ErrTooLong = errors.New("outbound: the answer is too long")

// Config says where a Client may go beside the public addresses of the net.
type Config struct {
	// Known are the addresses that the server's settings name: "https://id.example.org", "http://localhost:9000". Only their
	// scheme, host and port count. Those by http must be of this machine.
	Known []*url.URL
}

// A Client asks foreign addresses. It follows no redirect, which would be yet another address, keeps no cookies, and takes no
// proxy from the environment, behind which it could not see what is dialled. Its methods may be called from any goroutine.
type Client struct {
	http  *http.Client
	known map[string]bool // "https://id.example.org:443"
}

// New makes a Client.
func New(c Config) (*Client, error) {
	client := &Client{known: map[string]bool{}}
	dialled := map[string]bool{}
	for _, u := range c.Known {
		if err := CheckKnown(u); err != nil {
			return nil, err
		}
		client.known[origin(u)] = true
		dialled[net.JoinHostPort(u.Hostname(), port(u))] = true
	}
	guarded := &net.Dialer{Timeout: answerTime, Control: ssrf.New(ssrf.WithPorts(443)).Safe}
	free := &net.Dialer{Timeout: answerTime}
	client.http = &http.Client{
		Timeout: answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
		Transport: &checked{client.known, &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if dialled[address] {
					return free.DialContext(ctx, network, address)
				}
				return guarded.DialContext(ctx, network, address)
			},
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    answerTime,
			ResponseHeaderTimeout:  answerTime,
			IdleConnTimeout:        time.Minute,
			MaxIdleConns:           16,
			MaxConnsPerHost:        8,
			MaxResponseHeaderBytes: headerBytes,
		}},
	}
	return client, nil
}

// HTTP is the client as the libraries take it that speak a protocol over HTTP. All that is said of Client holds for it. An answer
// that is a redirect is returned as it is; reading more than 1 MiB of a body is ErrTooLong.
func (c *Client) HTTP() *http.Client { return c.http }

// Close closes the connections that are kept for the next request.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// CheckKnown is nil for an address that may be one of Config.Known: https, or http to this machine alone, so that what is said
// crosses no network in the clear; with a host, and without a password.
func CheckKnown(u *url.URL) error {
	switch {
	case u.Host == "" || u.Hostname() == "" || u.User != nil:
		return fmt.Errorf("outbound: %s is not an address with a host", u.Redacted())
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && ownMachine(u.Hostname()):
		return nil
	}
	return fmt.Errorf("outbound: %s has to be https; http is for addresses of this machine", u.Redacted())
}

func ownMachine(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}

func origin(u *url.URL) string {
	return u.Scheme + "://" + net.JoinHostPort(u.Hostname(), port(u))
}

// checked looks at what is asked before, and at how much is answered after.
type checked struct {
	known map[string]bool
	next  http.RoundTripper
}

// RoundTrip is http.RoundTripper's.
func (c *checked) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !c.known[origin(r.URL)] {
		return nil, fmt.Errorf("outbound: %s://%s is not asked: it has to be https", r.URL.Scheme, r.URL.Host)
	}
	response, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = &bounded{ReadCloser: response.Body, left: answerBytes}
	return response, nil
}

// CloseIdleConnections is what http.Client looks for.
func (c *checked) CloseIdleConnections() {
	if next, ok := c.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}

// bounded is a body that fails when it is longer than it may be, rather than end as if it were whole.
type bounded struct {
	io.ReadCloser
	left int
}

// Read is io.Reader's.
func (b *bounded) Read(p []byte) (int, error) {
	if len(p) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if n > b.left {
		return b.left, ErrTooLong
	}
	b.left -= n
	return n, err
}
