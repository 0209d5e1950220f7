package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gobwas/ws/wsutil"
)

// TestStalledReader has readers not read until they are closed: what they were sent is whole and without a gap, the code says
// resume, and with it they have what a fresh load shows.
func TestStalledReader(t *testing.T) {
	debug := freeAddress(t)
	h := start(t, "--limits", "off", "--stall-time", "1s", "--debug", debug)
	ana := h.join("ana", "lobby")
	readers := make([]*rawWire, 20)
	for i := range readers {
		w, err := dialWire(ana, smallBuffers)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = w.conn.Close() })
		readers[i] = w
		if err := w.tell(`{"id":1,"do":"open","room":"lobby","limit":1}`); err != nil {
			t.Fatal(err)
		}
	}
	poster, hello := ana.socket()
	const messages = 400
	for i := range messages {
		poster.ok("post", "room", "lobby", "key", fmt.Sprint(i), "text", fmt.Sprint(i, strings.Repeat("x", 1<<10)))
	}
	fresh := poster.ok("open", "room", "lobby")
	settled(t, debug, func(c counts) bool { return c.Stalled == len(readers) })
	epoch := hello.str("hello.epoch")
	for i, w := range readers {
		version, err := readToEnd(w)
		if closed, ok := errors.AsType[wsutil.ClosedError](err); !ok || closed.Code != 4009 {
			t.Fatalf("reader %d ended with %v at version %d, want the code 4009", i, err, version)
		}
		back, _ := ana.socket()
		resumed := back.ok("open", "room", "lobby", "at", map[string]any{"epoch": epoch, "version": version})
		if resumed["reset"] != nil || resumed.int("version") != fresh.int("version") {
			t.Fatalf("reader %d resumed from version %d with %.200s", i, version, resumed)
		}
		for _, change := range resumed.list("changes") {
			if version++; change.int("version") != version {
				t.Fatalf("reader %d was given version %d, want %d", i, change.int("version"), version)
			}
		}
		if version != fresh.int("version") {
			t.Errorf("reader %d has version %d, want %d", i, version, fresh.int("version"))
		}
		_ = back.conn.Close()
	}
}

// readToEnd reads the changes of a room until the connection ends, and is the version of the last; a gap is an error.
func readToEnd(w *rawWire) (version int64, err error) {
	for {
		frame, err := w.wait(`"version"`)
		if err != nil {
			return version, err
		}
		var o object
		if err := json.Unmarshal([]byte(frame), &o); err != nil {
			return version, err
		}
		switch {
		case o.int("re") == 1:
			version = o.int("ok.version")
		case o["room"] == nil:
		case o.int("version") != version+1:
			return version, fmt.Errorf("version %d came after %d", o.int("version"), version)
		default:
			version++
		}
	}
}
