package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/search"
	"parley/internal/store"
)

// find searches until the index has read everything, and returns the texts of the hits.
func (p *person) find(query string) []string {
	p.host.t.Helper()
	again, patience := time.NewTicker(20*time.Millisecond), time.After(20*time.Second)
	defer again.Stop()
	for {
		status, found := p.json("GET", "/api/v1/search?q="+url.QueryEscape(query), "")
		if status != http.StatusOK && status != http.StatusServiceUnavailable {
			p.host.t.Fatalf("search %q: got %d %v", query, status, found)
		}
		if status == http.StatusOK && found.at("behind") == nil {
			texts := []string{}
			for _, hit := range found.list("hits") {
				texts = append(texts, hit.str("text"))
			}
			return texts
		}
		select {
		case <-again.C:
		case <-patience:
			p.host.t.Fatalf("search %q: the index does not catch up: %d %v", query, status, found)
		}
	}
}

// TestSearch holds the search of a whole server, over a kill and with the file gone.
func TestSearch(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	serve := func() *host { return start(t, "--data", data, "--limits", "off") } // until the whole test ends
	h := serve()
	ana := h.join("ana", "lobby")
	for _, text := range []string{"hello world", "我家在上海东边。", "Good bye"} {
		ana.json("POST", "/api/v1/rooms/lobby/messages", fmt.Sprintf(`{"text":%q}`, text))
	}
	wants := func(t *testing.T, p *person, query string, want ...string) {
		t.Helper()
		if got := p.find(query); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("search %q: got %q, want %q", query, got, want)
		}
	}
	t.Run("finds words, parts of words and single characters, the newest first", func(t *testing.T) {
		wants(t, ana, "HELLO", "hello world")
		wants(t, ana, "上海", "我家在上海东边。")
		wants(t, h.nobody(), "o", "Good bye", "hello world")
	})
	t.Run("what is edited and deleted is not found by what it was", func(t *testing.T) {
		_, history := ana.json("GET", "/api/v1/rooms/lobby/messages", "")
		version := history.list("messages")[0].int("version")
		ana.json("PATCH", "/api/v1/rooms/lobby/messages/1", fmt.Sprintf(`{"text":"changed","version":%d}`, version))
		wants(t, ana, "hello")
		wants(t, ana, "changed", "changed")
		ana.json("DELETE", "/api/v1/rooms/lobby/messages/3", "")
		wants(t, ana, "bye")
	})
	t.Run("after a kill everything that was acknowledged is found", func(t *testing.T) {
		for i := range 200 {
			status, _ := ana.json("POST", "/api/v1/rooms/lobby/messages", fmt.Sprintf(`{"text":"needle %d."}`, i))
			if status != http.StatusCreated {
				t.Fatalf("posting: got %d", status)
			}
		}
		h.kill()
		h = serve()
		ana = h.join("ben", "lobby")
		wants(t, ana, `"needle 199."`, "needle 199.")
		wants(t, ana, `"needle 0."`, "needle 0.")
	})
	t.Run("a file that is gone, or damaged, is made again", func(t *testing.T) {
		for _, spoil := range []func(path string) error{os.Remove, func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) }} {
			if err := h.stop(); err != nil {
				t.Fatal(err)
			}
			if err := spoil(filepath.Join(data, indexName)); err != nil {
				t.Fatal(err)
			}
			h = serve()
			wants(t, h.nobody(), "changed", "changed")
		}
	})
	t.Run("reindex works beside a server and without one", func(t *testing.T) {
		for _, running := range []bool{true, false} {
			if !running {
				if err := h.stop(); err != nil {
					t.Fatal(err)
				}
			}
			var out, errs bytes.Buffer
			if code := run(t.Context(), []string{"reindex", "--data", data}, strings.NewReader(""), &out, &errs); code != 0 {
				t.Fatalf("running %v: got %d: %s", running, code, &errs)
			}
			if out.String() != "The search index is complete.\n" || !strings.Contains(errs.String(), "100 %") {
				t.Errorf("running %v: got %q and %q", running, &out, &errs)
			}
			if running {
				wants(t, h.nobody(), "changed", "changed")
			}
		}
		audited(t, data)
	})
	t.Run("reindex that is interrupted says how it goes on", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var out, errs bytes.Buffer
		if code := run(ctx, []string{"reindex", "--data", data}, strings.NewReader(""), &out, &errs); code != 1 {
			t.Errorf("got %d: %s", code, &errs)
		}
	})
}

// audited wants the index in a data directory that nobody uses to equal the messages.
func audited(t *testing.T, data string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(data, databaseName)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	index, err := search.New(search.Config{Path: filepath.Join(data, indexName)})
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	report, err := search.Audit(t.Context(), index, s)
	if err != nil || !report.OK() {
		t.Errorf("audit: got %v, %v", report, err)
	}
}

func TestBar(t *testing.T) {
	now := time.Unix(0, 0)
	show := func(tty bool) string {
		var out bytes.Buffer
		b := newBar(&out)
		b.tty, b.clock = tty, func() time.Time { return now }
		for _, p := range []search.Progress{
			{Done: 0, Total: 2000, Building: true},
			{Done: 500, Total: 2000, Building: true},
			{Done: 1000, Total: 2000, Building: true, Trouble: "the disk is full"},
			{Done: 2000, Total: 2000},
		} {
			b.show(p)
			now = now.Add(2 * time.Second)
		}
		b.end()
		return out.String()
	}
	t.Run("is one line that is written over on a terminal", func(t *testing.T) {
		want := "\r\x1b[K[..............................]   0 %  0 of 2,000 changes" +
			"\r\x1b[K[#######.......................]  25 %  500 of 2,000 changes, 6s left" +
			"\r\x1b[K[###############...............]  50 %  1,000 of 2,000 changes, 4s left  waiting: the disk is full" +
			"\r\x1b[K[##############################] 100 %  2,000 of 2,000 changes\n"
		if got := show(true); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("is a line every few seconds, and the last, elsewhere", func(t *testing.T) {
		want := "[..............................]   0 %  0 of 2,000 changes\n" +
			"[###############...............]  50 %  1,000 of 2,000 changes, 4s left  waiting: the disk is full\n" +
			"[##############################] 100 %  2,000 of 2,000 changes\n"
		if got := show(false); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
