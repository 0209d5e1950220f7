package outbound_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"code.dny.dev/ssrf"
	"go.uber.org/goleak"

	"parley/internal/outbound"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func client(t *testing.T, known ...string) *http.Client {
	t.Helper()
	var c outbound.Config
	for _, k := range known {
		c.Known = append(c.Known, parse(t, k))
	}
	made, err := outbound.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.Close)
	return made.HTTP()
}

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// serve serves at an address of this machine and counts the requests.
func serve(t *testing.T, handle http.HandlerFunc) (address string, asked func() int) {
	t.Helper()
	requests := make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- struct{}{}
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() int { return len(requests) }
}

func TestInside(t *testing.T) {
	c := client(t, "http://127.0.0.1:1")
	for address, want := range map[string]error{
		"https://127.0.0.1/":                   ssrf.ErrProhibitedIP,
		"https://localhost/":                   ssrf.ErrProhibitedIP,
		"https://[::1]/":                       ssrf.ErrProhibitedIP,
		"https://[::ffff:127.0.0.1]/":          ssrf.ErrProhibitedIP,
		"https://[::ffff:10.0.0.1]/":           ssrf.ErrProhibitedIP,
		"https://0.0.0.0/":                     ssrf.ErrProhibitedIP,
		"https://10.1.2.3/":                    ssrf.ErrProhibitedIP,
		"https://172.16.0.1/":                  ssrf.ErrProhibitedIP,
		"https://192.168.1.1/":                 ssrf.ErrProhibitedIP,
		"https://100.64.0.1/":                  ssrf.ErrProhibitedIP,
		"https://169.254.169.254/latest/meta/": ssrf.ErrProhibitedIP,
		"https://[fe80::1]/":                   ssrf.ErrProhibitedIP,
		"https://[fd00::1]/":                   ssrf.ErrProhibitedIP,
		"https://[64:ff9b::7f00:1]/":           ssrf.ErrProhibitedIP,
		"https://192.0.2.1:22/":                ssrf.ErrProhibitedPort,
		"https://127.0.0.1:1/":                 nil, // known, but by http: dialled, and nobody listens
	} {
		_, err := c.Get(address)
		if err == nil {
			t.Errorf("%s was asked", address)
			continue
		}
		prohibited := errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedPort)
		if want != nil && !errors.Is(err, want) || want == nil && prohibited {
			t.Errorf("%s: got %v, want %v", address, err, want)
		}
	}
}

func TestPlain(t *testing.T) {
	address, asked := serve(t, func(http.ResponseWriter, *http.Request) {})
	for _, u := range []string{address, "http://192.0.2.1/", "ftp://192.0.2.1/", "http://127.0.0.1/"} {
		if _, err := client(t).Get(u); err == nil || !strings.Contains(err.Error(), "has to be https") {
			t.Errorf("%s: got %v, want that it has to be https", u, err)
		}
	}
	if got := asked(); got != 0 {
		t.Errorf("got %d requests, want none", got)
	}
}

func TestKnown(t *testing.T) {
	t.Run("is asked wherever it is", func(t *testing.T) {
		address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })
		response, err := client(t, address).Get(address + "/path")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if got, err := io.ReadAll(response.Body); err != nil || string(got) != "hello" {
			t.Errorf("got %q, %v", got, err)
		}
	})
	t.Run("says nothing for its neighbours", func(t *testing.T) {
		address, _ := serve(t, func(http.ResponseWriter, *http.Request) {})
		other, asked := serve(t, func(http.ResponseWriter, *http.Request) {})
		if _, err := client(t, address).Get(other); err == nil || asked() != 0 {
			t.Errorf("another port of the same host was asked: %v", err)
		}
	})
	t.Run("does not lead on", func(t *testing.T) {
		other, asked := serve(t, func(http.ResponseWriter, *http.Request) {})
		address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusFound) })
		response, err := client(t, address, other).Get(address)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := response.StatusCode; got != http.StatusFound || asked() != 0 {
			t.Errorf("got %d and %d requests after it, want 302 and none", got, asked())
		}
	})
	t.Run("is https, or of this machine", func(t *testing.T) {
		for address, want := range map[string]bool{
			"https://id.example.org":      true,
			"https://id.example.org:8443": true,
			"https://10.0.0.5":            true,
			"http://localhost:9000":       true,
			"http://127.0.0.1":            true,
			"http://[::1]:9000":           true,
			"http://id.example.org":       false,
			"http://10.0.0.5":             false,
			"https://u:p@id.example.org":  false,
			"https://":                    false,
			"https://:443":                false,
			"id.example.org":              false,
			"file:///etc/passwd":          false,
		} {
			if err := outbound.CheckKnown(parse(t, address)); (err == nil) != want {
				t.Errorf("%s: got %v, want allowed: %t", address, err, want)
			}
			if _, err := outbound.New(outbound.Config{Known: []*url.URL{parse(t, address)}}); (err == nil) != want {
				t.Errorf("New with %s: got %v, want allowed: %t", address, err, want)
			}
		}
	})
}

func TestLongAnswers(t *testing.T) {
	const most = 1 << 20
	for length, want := range map[int]error{0: nil, 1: nil, most - 1: nil, most: nil, most + 1: outbound.ErrTooLong, 3 * most: outbound.ErrTooLong} {
		address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", length)) })
		response, err := client(t, address).Get(address)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(response.Body)
		response.Body.Close()
		if !errors.Is(err, want) || len(got) != min(length, most) {
			t.Errorf("%d bytes: got %d and %v, want %v", length, len(got), err, want)
		}
	}
	t.Run("headers too", func(t *testing.T) {
		address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 100_000)) })
		if _, err := client(t, address).Get(address); err == nil {
			t.Error("a header of 100 kB was taken")
		}
	})
}

func TestProxies(t *testing.T) {
	proxy, asked := serve(t, func(http.ResponseWriter, *http.Request) {})
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy)
	}
	if _, err := client(t).Get("https://10.0.0.1/"); !errors.Is(err, ssrf.ErrProhibitedIP) || asked() != 0 {
		t.Errorf("got %v and %d requests to the proxy, want that the address is refused and none", err, asked())
	}
}
