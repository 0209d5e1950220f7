// Package smalldisk gives tests a disk that is soon full: a file system of its own in memory, which takes root.
package smalldisk

import (
	"os"
	"syscall"
	"testing"
)

// Mount mounts a file system of so many bytes, as mount's option size has it ("4m"), in a directory of its own until the
// test ends. Where that is not allowed the test is skipped; with CI=true it fails.
func Mount(t *testing.T, bytes string) string {
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

// Grow makes the disk at dir larger.
func Grow(t *testing.T, dir, bytes string) {
	t.Helper()
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size="+bytes); err != nil {
		t.Fatal(err)
	}
}
