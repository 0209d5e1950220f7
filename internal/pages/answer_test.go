package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/chat"
	"parley/internal/pages"
	"parley/internal/problem"
)

func TestErrors(t *testing.T) {
	s := start(t, options{})
	b := s.browser()
	t.Run("every kind has a heading", func(t *testing.T) {
		for _, kind := range chat.Kinds {
			if pages.Titles[problem.Status(chat.Errorf(kind, "", "x"))] == "" {
				t.Errorf("%s has none", kind)
			}
		}
	})
	t.Run("an address that there is not is a page", func(t *testing.T) {
		for _, path := range []string{"/nothing", "/a/b/c", "/a/b/c/", "/-/nothing", "/-/", "/.env", "/wp-login.php"} {
			res := b.get(path)
			if res.StatusCode == http.StatusSeeOther {
				res = b.get(res.to())
			}
			expect(t, res, http.StatusNotFound, "There is no page at this address.")
		}
	})
	t.Run("a method that there is not is a page that says so", func(t *testing.T) {
		for path, allow := range map[string]string{"/": "GET, HEAD, POST", "/lobby/ana/": "GET, HEAD, POST", "/robots.txt": "GET, HEAD"} {
			res := b.do(http.MethodPut, path, "", "")
			expect(t, res, http.StatusMethodNotAllowed, "cannot be used in that way")
			if got := res.Header.Get("Allow"); got != allow {
				t.Errorf("%s: got Allow %q, want %q", path, got, allow)
			}
		}
	})
	t.Run("who wants JSON gets an RFC 9457 problem", func(t *testing.T) {
		res := b.get("/nothing", "Accept", "application/json")
		expect(t, res, http.StatusNotFound, `"status":404,"detail":"There is no page at this address.","code":"not_found"`)
		if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("got the content type %q", got)
		}
	})
	t.Run("HEAD gives no body", func(t *testing.T) {
		res := b.do(http.MethodHead, "/", "", "")
		expect(t, res, http.StatusOK)
		if res.body != "" || res.ContentLength < 100 {
			t.Errorf("got %d bytes of %d", len(res.body), res.ContentLength)
		}
	})
}

func TestHeaders(t *testing.T) {
	s := start(t, options{})
	b := s.browser()
	page := b.join("ana", "lobby")
	for _, path := range []string{"/", page, "/nothing", "/-/sign-in", "/robots.txt", "/favicon.ico"} {
		t.Run(path, func(t *testing.T) {
			h := b.get(path).Header
			csp := h.Get("Content-Security-Policy")
			for _, want := range []string{
				"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
				"require-trusted-types-for 'script'", "connect-src 'self' ws://127.0.0.1:",
			} {
				if !strings.Contains(csp, want) {
					t.Errorf("no %s in the policy %q", want, csp)
				}
			}
			if strings.Contains(csp, "unsafe") {
				t.Errorf("got the policy %q", csp)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
				if got := h.Get(name); got != want {
					t.Errorf("got %s %q, want %q", name, got, want)
				}
			}
			if path != "/robots.txt" && path != "/favicon.ico" && h.Get("Cache-Control") != "no-store" {
				t.Errorf("got Cache-Control %q, want no-store", h.Get("Cache-Control"))
			}
		})
	}
	t.Run("a host that is no host is not repeated", func(t *testing.T) {
		req, err := http.NewRequest(http.MethodGet, s.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "x;script-src='unsafe-inline'"
		res, err := b.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got := res.Header.Get("Content-Security-Policy"); strings.Contains(got, "unsafe") {
			t.Errorf("got the policy %q", got)
		}
	})
	t.Run("pages carry no inline script, style or handler", func(t *testing.T) {
		body := b.get(page).body
		for _, bad := range []string{" style=", " onclick=", "<style", "<script>"} {
			if strings.Contains(body, bad) {
				t.Errorf("got %s in:\n%s", bad, body)
			}
		}
	})
	t.Run("favicon and robots", func(t *testing.T) {
		if res := b.get("/favicon.ico"); res.StatusCode != http.StatusFound || !strings.HasPrefix(res.to(), "/-/assets/favicon.") {
			t.Errorf("got %d to %q", res.StatusCode, res.to())
		}
		expect(t, b.get("/robots.txt"), http.StatusOK, "Disallow: /")
	})
}
