package search_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"parley/internal/search"
	"parley/internal/smalldisk"
)

// TestFullDisk holds that an index whose disk is full stops nothing but itself, finds what it has, and goes on afterwards.
func TestFullDisk(t *testing.T) {
	dir := smalldisk.Mount(t, "1m")
	ballast := filepath.Join(dir, "ballast")
	w := newWorld(t)
	index, err := search.New(search.Config{Path: filepath.Join(dir, "search.db")})
	check(t, err)
	// The file system cannot be unmounted before the index is closed, whatever fails here.
	t.Cleanup(func() { check(t, index.Close()) })
	w.index, w.finder.Index = index, index
	w.say("lobby", "needle one")
	stop := w.run()
	w.caughtUp()
	check(t, os.WriteFile(ballast, make([]byte, 512<<10), 0o600))
	w.fill(7000, 3, newTalker(2)) // which the store has no trouble with
	for {
		p, heard := index.Progress()
		if p.Trouble != "" {
			break
		}
		<-heard
	}
	if got := w.found("needle", ""); !slices.Equal(got, []string{"needle one"}) {
		t.Errorf("with a full disk: got %q", got)
	}
	if index.Behind() == 0 {
		t.Error("with a full disk the index says that it has read everything")
	}
	stop()
	check(t, os.Remove(ballast))
	smalldisk.Grow(t, dir, "32m")
	w.run()
	w.caughtUp()
}
