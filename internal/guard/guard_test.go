package guard_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/guard"
)

// guarded is a guard before a handler that answers everything with "in".
func guarded(t *testing.T, base string, trusted ...netip.Prefix) http.Handler {
	t.Helper()
	var own *url.URL
	if base != "" {
		var err error
		if own, err = url.Parse(base); err != nil {
			t.Fatal(err)
		}
	}
	gate, err := auth.New(auth.Config{Users: &chat.Users{}, BaseURL: own, Trusted: trusted})
	if err != nil {
		t.Fatal(err)
	}
	h, err := guard.New(guard.Config{Gate: gate, BaseURL: own, AnyHost: []string{"/healthz"}, Logger: slog.New(slog.DiscardHandler)},
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("in")) }))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// asked is the answer to a request with headers; "Host" is the host that is asked for.
func asked(h http.Handler, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, r)
	return recorder.Result()
}

func TestHeaders(t *testing.T) {
	h := guarded(t, "")
	for path, want := range map[string][]string{
		"/":             {"script-src 'self'", "style-src 'self'", "form-action 'self'", "connect-src 'self' ws://example.com"},
		"/lobby/ana/":   {"script-src 'self'", "connect-src 'self' ws://example.com"},
		"/-/assets/x":   {"script-src 'self'"},
		"/admin/rooms/": {"style-src 'self'", "form-action 'self'"},
		"/api/v1/me":    {"form-action 'none'", "sandbox"},
	} {
		t.Run(path, func(t *testing.T) {
			got := asked(h, "GET", path).Header
			csp := got.Get("Content-Security-Policy")
			want := append(want, "default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'")
			for _, directive := range want {
				if !strings.Contains(csp+";", directive+";") {
					t.Errorf("no %q in the policy %q", directive, csp)
				}
			}
			if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || strings.HasPrefix(path, "/admin") && strings.Contains(csp, "script-src") {
				t.Errorf("got the policy %q", csp)
			}
			for name, value := range map[string]string{
				"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
				"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "",
			} {
				if got.Get(name) != value {
					t.Errorf("got %s %q, want %q", name, got.Get(name), value)
				}
			}
			if !strings.Contains(got.Get("Permissions-Policy"), "camera=()") {
				t.Errorf("got Permissions-Policy %q", got.Get("Permissions-Policy"))
			}
		})
	}
	t.Run("a host that is no host is not repeated", func(t *testing.T) {
		csp := asked(h, "GET", "/", "Host", "x;script-src='unsafe-inline'").Header.Get("Content-Security-Policy")
		if strings.Contains(csp, "unsafe") || !strings.HasSuffix(csp, "connect-src 'self'") {
			t.Errorf("got the policy %q", csp)
		}
	})
	t.Run("over https sockets are wss, and browsers stay with https", func(t *testing.T) {
		got := asked(guarded(t, "https://chat.example.org"), "GET", "/", "Host", "chat.example.org").Header
		if csp := got.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "connect-src 'self' wss://chat.example.org") {
			t.Errorf("got the policy %q", csp)
		}
		if sts := got.Get("Strict-Transport-Security"); sts != "max-age=31536000" {
			t.Errorf("got Strict-Transport-Security %q", sts)
		}
	})
	t.Run("the address of a page with a secret is told to nobody", func(t *testing.T) {
		if got := asked(h, "GET", "/-/reset?token=abc").Header.Get("Referrer-Policy"); got != "strict-origin" {
			t.Errorf("got Referrer-Policy %q", got)
		}
	})
	t.Run("a refusal has them too", func(t *testing.T) {
		for _, got := range []*http.Response{
			asked(guarded(t, "https://chat.example.org"), "GET", "/", "Host", "evil.example"),
			asked(h, "POST", "/", "Sec-Fetch-Site", "cross-site"),
		} {
			if got.StatusCode < 400 || got.Header.Get("Content-Security-Policy") == "" || got.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("got %d with %v", got.StatusCode, got.Header)
			}
		}
	})
}

func TestHost(t *testing.T) {
	proxy := netip.MustParsePrefix("192.0.2.0/24") // where httptest's requests come from
	for _, c := range []struct {
		name, base, path string
		trusted          []netip.Prefix
		header           []string
		want             int
	}{
		{"the host of the base URL", "https://chat.example.org", "/", nil, []string{"Host", "chat.example.org"}, 200},
		{"its port spelled out", "https://chat.example.org", "/", nil, []string{"Host", "chat.example.org:443"}, 200},
		{"in capitals", "https://chat.example.org", "/", nil, []string{"Host", "Chat.Example.ORG"}, 200},
		{"another host", "https://chat.example.org", "/", nil, []string{"Host", "evil.example"}, 421},
		{"another port", "https://chat.example.org", "/", nil, []string{"Host", "chat.example.org:8443"}, 421},
		{"the address itself", "https://chat.example.org", "/", nil, []string{"Host", "192.0.2.7"}, 421},
		{"a host below it", "https://chat.example.org", "/", nil, []string{"Host", "a.chat.example.org"}, 421},
		{"none", "https://chat.example.org", "/", nil, []string{"Host", ""}, 421},
		{"one that is none", "https://chat.example.org", "/", nil, []string{"Host", "chat.example.org/x"}, 421},
		{"another host's health", "https://chat.example.org", "/healthz", nil, []string{"Host", "10.0.0.1"}, 200},
		{"another host, of a program", "https://chat.example.org", "/api/v1/me", nil, []string{"Host", "evil.example"}, 421},
		{"another host for a socket", "https://chat.example.org", "/ws", nil, []string{"Host", "evil.example"}, 421},
		{"no base URL", "", "/", nil, []string{"Host", "anything.example"}, 200},
		{
			"what a trusted proxy was asked for", "https://chat.example.org", "/",
			[]netip.Prefix{proxy},
			[]string{"Host", "10.0.0.1:8000", "X-Forwarded-Host", "chat.example.org"},
			200,
		},
		{
			"another host, as a trusted proxy says", "https://chat.example.org", "/",
			[]netip.Prefix{proxy},
			[]string{"Host", "chat.example.org", "X-Forwarded-Host", "evil.example"},
			421,
		},
		{
			"what anybody says to have been asked for", "https://chat.example.org", "/",
			nil,
			[]string{"Host", "evil.example", "X-Forwarded-Host", "chat.example.org"},
			421,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := asked(guarded(t, c.base, c.trusted...), "GET", c.path, c.header...)
			if got.StatusCode != c.want {
				t.Errorf("got %d, want %d", got.StatusCode, c.want)
			}
			if c.want == 421 && !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") {
				t.Errorf("got %s, want plain text", got.Header.Get("Content-Type"))
			}
		})
	}
}

func TestOtherSites(t *testing.T) {
	plain, known := guarded(t, ""), guarded(t, "https://chat.example.org")
	for _, c := range []struct {
		name    string
		handler http.Handler
		method  string
		header  []string
		want    int
	}{
		{"a form of another site", plain, "POST", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a form of a sibling", plain, "POST", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"a form of our own", plain, "POST", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"another origin, of an old browser", plain, "POST", []string{"Origin", "http://evil.example"}, 403},
		{"no origin to speak of", plain, "POST", []string{"Origin", "null"}, 403},
		{"our own origin, of an old browser", plain, "POST", []string{"Origin", "http://example.com"}, 200},
		{"our own origin behind a proxy", known, "POST", []string{"Host", "chat.example.org", "Origin", "https://chat.example.org"}, 200},
		{"a program", plain, "POST", nil, 200},
		{"a deletion from another site", plain, "DELETE", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a change from another site", plain, "PATCH", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a link on another site", plain, "GET", []string{"Sec-Fetch-Site", "cross-site"}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := asked(c.handler, c.method, "/", c.header...); got.StatusCode != c.want {
				t.Errorf("got %d, want %d", got.StatusCode, c.want)
			}
		})
	}
}
