package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/backup"
	"parley/internal/smalldisk"
	"parley/internal/verify"
)

func TestFullDisk(t *testing.T) {
	p := newPlace(t, 3000)
	t.Run("a backup that does not fit leaves nothing, and the former one", func(t *testing.T) {
		path := filepath.Join(smalldisk.Mount(t, "256k"), "backup.db")
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
		small := smalldisk.Mount(t, "320k")
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

// TestPowerCut cuts the power right after each has returned.
func TestPowerCut(t *testing.T) {
	p := newPlace(t, 50)
	file := p.backup()
	disk := func(t *testing.T) *verify.Disk {
		d, err := verify.NewDisk(t.Context(), t.TempDir(), 64<<20)
		if errors.Is(err, verify.ErrNoDisk) && os.Getenv("CI") != "true" {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		return d
	}
	t.Run("a backup is there", func(t *testing.T) {
		for _, force := range []bool{false, true} {
			d := disk(t)
			path := filepath.Join(d.Path(), "backup.db")
			_, err := backup.Job{Database: p.path, Path: path, Force: force}.Run(t.Context())
			if err := errors.Join(err, d.Cut(t.Context())); err != nil {
				t.Fatal(err)
			}
			if got, _ := restored(t, path).messages(); len(got) != 50 {
				t.Errorf("with force %v: got %d messages, want 50", force, len(got))
			}
		}
	})
	t.Run("a restore has happened, also into the root of a file system", func(t *testing.T) {
		d := disk(t)
		target := filepath.Join(d.Path(), "parley.db")
		_, err := restore(file, target, false).Run(t.Context())
		if err := errors.Join(err, d.Cut(t.Context())); err != nil {
			t.Fatal(err)
		}
		r := &place{t: t, path: target}
		r.open()
		if got, _ := r.messages(); len(got) != 50 {
			t.Errorf("got %d messages, want 50", len(got))
		}
		r.close() // before the disk goes
	})
	t.Run("what was replaced is aside, and its log with it", func(t *testing.T) {
		d := disk(t)
		target := filepath.Join(d.Path(), "parley.db")
		former, content := killed(t, 7)
		for _, end := range []string{"", "-wal"} {
			if err := copyFile(former+end, target+end); err != nil {
				t.Fatal(err)
			}
		}
		syscall.Sync()
		result, err := restore(file, target, true).Run(t.Context())
		if err := errors.Join(err, d.Cut(t.Context())); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(files(t, result.Aside), content); diff != "" {
			t.Error("what was put aside is not what was there")
		}
		if diff := cmp.Diff(names(t, d.Path()), []string{"lost+found", "parley.db", filepath.Base(result.Aside)}); diff != "" {
			t.Errorf("files (-got +want):\n%s", diff)
		}
	})
}
