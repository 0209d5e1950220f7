package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"parley/web"
)

func assets(t *testing.T) *web.Assets {
	t.Helper()
	a, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func get(a *web.Assets, method, url, encoding string) *http.Response {
	r := httptest.NewRequest(method, url, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestURL(t *testing.T) {
	a := assets(t)
	for name, want := range map[string]string{
		"app.js":      `^/-/assets/app\.[0-9a-f]{12}\.js$`,
		"app.css":     `^/-/assets/app\.[0-9a-f]{12}\.css$`,
		"favicon.svg": `^/-/assets/favicon\.[0-9a-f]{12}\.svg$`,
		"nothing.js":  `^$`,
	} {
		if got := a.URL(name); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("URL(%q) = %q, want %s", name, got, want)
		}
	}
}

func TestServeHTTP(t *testing.T) {
	a := assets(t)

	t.Run("serves with the right type and for ever", func(t *testing.T) {
		for name, want := range map[string]string{
			"app.js":      "text/javascript; charset=utf-8",
			"app.css":     "text/css; charset=utf-8",
			"favicon.svg": "image/svg+xml",
		} {
			r := get(a, http.MethodGet, a.URL(name), "")
			if got := r.StatusCode; got != http.StatusOK {
				t.Errorf("%s: status %d, want 200", name, got)
			}
			if got := r.Header.Get("Content-Type"); got != want {
				t.Errorf("%s: Content-Type %q, want %q", name, got, want)
			}
			if got := r.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
				t.Errorf("%s: Cache-Control %q", name, got)
			}
			if got := len(body(t, r)); got == 0 {
				t.Errorf("%s is empty", name)
			}
		}
	})

	t.Run("compresses for those who accept it", func(t *testing.T) {
		plain := body(t, get(a, http.MethodGet, a.URL("app.js"), ""))
		for encoding, want := range map[string]string{
			"gzip":               "gzip",
			"br, GZIP;q=0.5":     "gzip",
			"*":                  "gzip",
			"gzip;q=0":           "",
			"gzip;q=0, *":        "",
			"identity, *;q=0.0":  "",
			"br":                 "",
			"gzip; q=nonsense":   "",
			"deflate, gzip;q=1 ": "gzip",
		} {
			r := get(a, http.MethodGet, a.URL("app.js"), encoding)
			if got := r.Header.Get("Content-Encoding"); got != want {
				t.Errorf("Accept-Encoding %q: Content-Encoding %q, want %q", encoding, got, want)
				continue
			}
			if got := r.Header.Get("Vary"); got != "Accept-Encoding" {
				t.Errorf("Vary = %q", got)
			}
			var data io.Reader = r.Body
			if want == "gzip" {
				unzipped, err := gzip.NewReader(r.Body)
				if err != nil {
					t.Fatal(err)
				}
				data = unzipped
			}
			got, err := io.ReadAll(data)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, plain) {
				t.Errorf("Accept-Encoding %q: another file", encoding)
			}
		}
	})

	t.Run("answers HEAD without a body", func(t *testing.T) {
		r := get(a, http.MethodHead, a.URL("app.js"), "")
		if got := r.StatusCode; got != http.StatusOK {
			t.Errorf("status %d, want 200", got)
		}
		if got := len(body(t, r)); got != 0 {
			t.Errorf("%d bytes, want none", got)
		}
	})

	t.Run("knows nothing else", func(t *testing.T) {
		for _, url := range []string{"/-/assets/", "/-/assets/app.js", "/-/assets/app.000000000000.js", "/-/assets/../web.go", "/-/assets/dist/app.js"} {
			if got := get(a, http.MethodGet, url, "").StatusCode; got != http.StatusNotFound {
				t.Errorf("%s: status %d, want 404", url, got)
			}
		}
	})

	t.Run("takes no POST", func(t *testing.T) {
		r := get(a, http.MethodPost, a.URL("app.js"), "")
		if got := r.StatusCode; got != http.StatusMethodNotAllowed {
			t.Errorf("status %d, want 405", got)
		}
		if got := r.Header.Get("Allow"); got != "GET, HEAD" {
			t.Errorf("Allow = %q", got)
		}
	})
}

// The first load is promised to be small.
func TestFirstLoad(t *testing.T) {
	const budget = 60 << 10
	a := assets(t)
	size := 0
	for _, name := range []string{"app.js", "app.css"} {
		size += len(body(t, get(a, http.MethodGet, a.URL(name), "gzip")))
	}
	if size > budget {
		t.Errorf("script and style are %d bytes compressed, want at most %d", size, budget)
	}
}

func TestBuiltFiles(t *testing.T) {
	a := assets(t)
	t.Run("say nothing of where they were built", func(t *testing.T) {
		for _, name := range []string{"app.js", "app.css"} {
			text := string(body(t, get(a, http.MethodGet, a.URL(name), "")))
			for _, bad := range []string{"sourceMappingURL", "node_modules", "/home/", "file:"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s has %q", name, bad)
				}
			}
		}
	})
}
