package auth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A clock is the time of a test; it stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// people are users on a store of their own, at the clock's time.
func people(t *testing.T, c *clock) (*chat.Users, *store.Store) {
	t.Helper()
	s, err := store.Open(context.Background(), store.Config{Path: filepath.Join(t.TempDir(), "parley.db"), Clock: c.Now})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		s.Close()
	})
	return &chat.Users{Store: s, Limits: chat.DefaultLimits}, s
}

// gate is a Gate with what config leaves out.
func gate(t *testing.T, config auth.Config) *auth.Gate {
	t.Helper()
	if config.Users == nil {
		config.Users = &chat.Users{Limits: chat.DefaultLimits}
	}
	g, err := auth.New(config)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return g
}

func address(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// request is a request from a peer with header fields given in pairs; "Host" is the host that it names.
func request(peer string, header ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = peer
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

func TestNew(t *testing.T) {
	t.Run("refuses to work without users", func(t *testing.T) {
		if _, err := auth.New(auth.Config{}); err == nil {
			t.Error("got no error")
		}
	})
	for _, base := range []string{"ftp://example.org", "/here", "https://", "https://ana@example.org"} {
		t.Run("refuses the base URL "+base, func(t *testing.T) {
			if _, err := auth.New(auth.Config{Users: &chat.Users{}, BaseURL: address(t, base)}); err == nil {
				t.Error("got no error")
			}
		})
	}
}

func TestAddress(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"the peer", "192.0.2.1:5000", nil, "192.0.2.1"},
		{"a peer that claims to be another", "192.0.2.1:5000", []string{"198.51.100.7"}, "192.0.2.1"},
		{"what a trusted proxy says", "10.1.2.3:5000", []string{"198.51.100.7"}, "198.51.100.7"},
		{"only the last hop that is not trusted", "10.1.2.3:5000", []string{"203.0.113.9, 198.51.100.7, 10.4.4.4"}, "198.51.100.7"},
		{"over several fields", "10.1.2.3:5000", []string{"203.0.113.9", "198.51.100.7"}, "198.51.100.7"},
		{"with a port", "[::1]:5000", []string{"[2001:db8::7]:4433"}, "2001:db8::7"},
		{"the proxy when it says nonsense", "10.1.2.3:5000", []string{"unknown"}, "10.1.2.3"},
		{"the proxy when it says nothing", "10.1.2.3:5000", nil, "10.1.2.3"},
		{"IPv4 written as IPv6", "[::ffff:192.0.2.1]:5000", nil, "192.0.2.1"},
		{"nothing for a unix socket", "@", nil, "invalid IP"},
	} {
		t.Run("is "+c.name, func(t *testing.T) {
			r := request(c.peer)
			r.Header["X-Forwarded-For"] = c.forwarded
			if got := gate(t, auth.Config{Trusted: trusted}).Address(r).String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestPrefix(t *testing.T) {
	for address, want := range map[string]string{"192.0.2.1": "192.0.2.1/32", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64"} {
		if got := auth.Prefix(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("Prefix(%s): got %s, want %s", address, got, want)
		}
	}
	if got := auth.Prefix(netip.Addr{}); got.IsValid() {
		t.Errorf("got %s for no address, want none", got)
	}
}

func TestCheckOrigin(t *testing.T) {
	const cookie = "parley_session=x"
	proxy := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		name    string
		base    string // "" for none
		peer    string
		header  []string
		refused bool
	}{
		{"our own", "", "192.0.2.1:1", []string{"Host", "localhost:8000", "Origin", "http://localhost:8000"}, false},
		{"our own in other letters", "", "192.0.2.1:1", []string{"Host", "LocalHost:8000", "Origin", "HTTP://localhost:8000"}, false},
		{"our own with the default port", "", "192.0.2.1:1", []string{"Host", "example.org", "Origin", "http://example.org:80"}, false},
		{"our own, IPv6", "", "192.0.2.1:1", []string{"Host", "[::1]:8000", "Origin", "http://[::1]:8000"}, false},
		{"another scheme", "", "192.0.2.1:1", []string{"Host", "example.org", "Origin", "https://example.org"}, true},
		{"another host", "", "192.0.2.1:1", []string{"Host", "localhost:8000", "Origin", "http://127.0.0.1:8000"}, true},
		{"a host below ours", "", "192.0.2.1:1", []string{"Host", "example.org", "Origin", "http://x.example.org"}, true},
		{"a host that begins like ours", "", "192.0.2.1:1", []string{"Host", "example.org", "Origin", "http://example.org.evil.example"}, true},
		{"another port", "", "192.0.2.1:1", []string{"Host", "localhost:8000", "Origin", "http://localhost:8001"}, true},
		{"null", "", "192.0.2.1:1", []string{"Host", "localhost:8000", "Origin", "null"}, true},
		{"an empty one", "", "192.0.2.1:1", []string{"Host", "localhost:8000", "Origin", ""}, true},
		{"two of them", "", "192.0.2.1:1", []string{"Host", "a.example", "Origin", "http://a.example", "Origin", "http://b.example"}, true},
		{"one with a path", "", "192.0.2.1:1", []string{"Host", "a.example", "Origin", "http://a.example/"}, true},
		{"one with a name", "", "192.0.2.1:1", []string{"Host", "a.example", "Origin", "http://ana@a.example"}, true},
		{"none, no cookie", "", "192.0.2.1:1", []string{"Host", "a.example"}, false},
		{"none, with the cookie", "", "192.0.2.1:1", []string{"Host", "a.example", "Cookie", cookie}, true},
		{"none, with the cookie of https", "", "192.0.2.1:1", []string{"Host", "a.example", "Cookie", "__Host-" + cookie}, true},
		{"none, with a cookie of others", "", "192.0.2.1:1", []string{"Host", "a.example", "Cookie", "theirs=x"}, false},
		{"our own, with the cookie", "", "192.0.2.1:1", []string{"Host", "a.example", "Origin", "http://a.example", "Cookie", cookie}, false},
		{"the base URL's", "https://chat.example.org", "192.0.2.1:1", []string{"Host", "127.0.0.1:8000", "Origin", "https://chat.example.org"}, false},
		{"the base URL's with a path", "https://chat.example.org/", "192.0.2.1:1", []string{"Host", "x", "Origin", "https://chat.example.org:443"}, false},
		{"the request's beside a base URL", "https://chat.example.org", "192.0.2.1:1", []string{"Host", "127.0.0.1:8000", "Origin", "http://127.0.0.1:8000"}, true},
		{"as the proxy tells it", "", "10.0.0.1:1", []string{"Host", "inner:80", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "chat.example.org", "Origin", "https://chat.example.org"}, false},
		{"as a stranger tells it", "", "192.0.2.1:1", []string{"Host", "inner", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example", "Origin", "https://evil.example"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := auth.Config{Trusted: proxy}
			if c.base != "" {
				config.BaseURL = address(t, c.base)
			}
			err := gate(t, config).CheckOrigin(request(c.peer, c.header...))
			want := chat.Kind("")
			if c.refused {
				want = chat.Forbidden
			}
			if got := chat.KindOf(err); got != want {
				t.Errorf("got %q (%v), want %q", got, err, want)
			}
		})
	}
}
