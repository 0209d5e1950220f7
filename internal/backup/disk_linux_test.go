package backup_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/backup"
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

func TestFullDisk(t *testing.T) {
	p := newPlace(t, 3000)
	t.Run("a backup that does not fit leaves nothing, and the former one", func(t *testing.T) {
		path := filepath.Join(smallDisk(t, "256k"), "backup.db")
		if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Job{Database: p.path, Path: path, Force: true}.Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), "full") {
			t.Errorf("got %v, want that the disk is full", err)
		}
		if diff := cmp.Diff(files(t, filepath.Dir(path)), map[string]string{"backup.db": "precious"}); diff != "" {
			t.Errorf("files (-got +want):\n%s", diff)
		}
		p.post(3000) // the database is as well as before
	})
	t.Run("a restore that does not fit leaves all as it was", func(t *testing.T) {
		file := p.backup()
		small := smallDisk(t, "320k")
		target := filepath.Join(small, "parley.db")
		former, _ := killed(t, 1)
		if err := copyFile(former, target); err != nil {
			t.Fatal(err)
		}
		before := files(t, small)
		_, err := restore(file, target, true).Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("got %v, want that there is no space", err)
		}
		if diff := cmp.Diff(files(t, small), before); diff != "" {
			t.Error("the directory was changed")
		}
	})
}
