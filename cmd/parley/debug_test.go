package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestDebug(t *testing.T) {
	t.Run("profiles are served at the address that was asked for and nowhere else", func(t *testing.T) {
		address := freeAddress(t)
		h := start(t, "--debug", address)
		response, err := http.Get("http://" + address + "/debug/pprof/heap?debug=1&gc=1")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK || !bytes.Contains(text, []byte("# HeapAlloc = ")) {
			t.Errorf("got %d %.200s (%v), want the heap", response.StatusCode, text, err)
		}
		if response, _ := h.nobody().do("GET", "/debug/pprof/heap", nil); response.StatusCode != http.StatusNotFound {
			t.Errorf("at the server's own address: got %d, want 404", response.StatusCode)
		}
		if err := h.stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})

	t.Run("a page elsewhere that pretends to be here is refused", func(t *testing.T) {
		address := freeAddress(t)
		start(t, "--debug", address)
		request, err := http.NewRequest("GET", "http://"+address+"/debug/counts", nil)
		if err != nil {
			t.Fatal(err)
		}
		for host, want := range map[string]int{address: 200, "localhost:6060": 200, "[::1]:6060": 200, "rebound.example.org": 403, "10.0.0.1:6060": 403} {
			request.Host = host
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("%s: got %s, want %d", host, response.Status, want)
			}
		}
	})

	t.Run("other machines may not ask", func(t *testing.T) {
		var errs bytes.Buffer
		code := run(context.Background(), []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--debug", "0.0.0.0:0"}, nil, io.Discard, &errs)
		if code != 1 || !strings.Contains(errs.String(), "--debug must be a loopback address") {
			t.Errorf("got %d %q", code, errs.String())
		}
	})
}
