package search_test

import (
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"parley/internal/search"
)

// smallDisk mounts a file system of that many bytes, which only root can do.
func smallDisk(t *testing.T, bytes string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+bytes); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no small disk can be mounted (run the tests as root): %v", err)
		}
		t.Skipf("no small disk can be mounted, which takes root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmounting %s: %v", dir, err)
		}
	})
	return dir
}

// TestFullDisk holds that an index whose disk is full stops nothing but itself, finds what it has, and goes on afterwards.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t, "1m")
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
	check(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=32m"))
	w.run()
	w.caughtUp()
}
