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
	for _, path := range []string{"/", page, "/nothing", "/-/sign-in"} {
		t.Run(path+" is kept by nobody", func(t *testing.T) {
			if got := b.get(path).Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("got Cache-Control %q, want no-store", got)
			}
		})
	}
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
