package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley/internal/smalldisk"
)

// TestFullDisk fills the disk under a server: the sender is told, nothing is acknowledged that is not stored, reading goes
// on, and posting recovers by itself.
func TestFullDisk(t *testing.T) {
	disk := smalldisk.Mount(t, "8m")
	h := start(t, "--limits", "off", "--data", filepath.Join(disk, "data"))
	t.Cleanup(h.kill) // before the unmounting
	ana := h.join("ana", "lobby")
	w, _ := ana.socket()
	w.ok("open", "room", "lobby")
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)

	text := strings.Repeat("x", 8000)
	n, refused := 0, object(nil)
	for refused == nil {
		key := fmt.Sprint("k", n)
		answer := w.ask("post", "room", "lobby", "key", key, "text", text)
		if answer["error"] != nil {
			refused = answer
			break
		}
		if n++; n > 2000 {
			t.Fatal("a disk of 8 MB took 16 MB")
		}
	}
	wantError(t, refused, "unavailable", "")
	if got := w.ok("history", "room", "lobby"); n > 0 && len(got.list("messages")) == 0 {
		t.Errorf("reading on a full disk: got %v", got)
	}
	if r, _ := ana.do("GET", "/lobby/ana/", nil); r.StatusCode != http.StatusOK {
		t.Errorf("the page on a full disk: %s", r.Status)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	posted := w.ok("post", "room", "lobby", "key", fmt.Sprint("k", n), "text", text)
	if posted.int("number") != int64(n+1) {
		t.Errorf("after making room got %v, want number %d", posted, n+1)
	}
	if err := h.stop(); err != nil {
		t.Errorf("the server ended with %v\n%s", err, h.errs)
	}
	if got := len(stored(t, filepath.Join(disk, "data"))); got != n+1 {
		t.Errorf("%d messages are stored, want %d", got, n+1)
	}
}

// fill writes until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 64<<10); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}
