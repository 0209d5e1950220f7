package verify_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"parley/internal/verify"
)

// newDisk is a disk for the test; without root the test is skipped, and fails where CI runs it.
func newDisk(t *testing.T) *verify.Disk {
	t.Helper()
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

// write makes a file and syncs it and its folder if it is to be durable.
func write(t *testing.T, path string, content []byte, durable bool) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.Write(content)
	if durable {
		err = errors.Join(err, file.Sync())
	}
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	if !durable {
		return
	}
	folder, err := os.Open(filepath.Dir(path))
	if err == nil {
		err = errors.Join(folder.Sync(), folder.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestDisk(t *testing.T) {
	d := newDisk(t)
	synced, written := filepath.Join(d.Path(), "synced"), filepath.Join(d.Path(), "written")
	content := bytes.Repeat([]byte("parley "), 100_000)

	t.Run("a power cut keeps what was synced and loses what was only written", func(t *testing.T) {
		for round := range 3 {
			write(t, synced, append(content, byte(round)), true)
			write(t, written, content, false)
			// What was synced grows by a part that is not.
			file, err := os.OpenFile(synced, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := file.Write(content); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(file.Close(), d.Cut(t.Context())); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(synced)
			if err != nil || !bytes.Equal(got, append(content, byte(round))) {
				t.Errorf("round %d: got %d bytes and %v of what was synced, want %d", round, len(got), err, len(content)+1)
			}
			if got, err := os.ReadFile(written); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("round %d: got %d bytes and %v of what was only written, want no file", round, len(got), err)
			}
		}
	})
	t.Run("a file that is open when the power goes can be neither written nor synced", func(t *testing.T) {
		file, err := os.OpenFile(synced, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := d.Drop(); err != nil {
			t.Fatal(err)
		}
		if err := file.Sync(); !errors.Is(err, syscall.EIO) {
			t.Errorf("syncing: got %v, want an I/O error", err)
		}
		if _, err := file.Write(content); !errors.Is(err, syscall.EIO) {
			t.Errorf("writing: got %v, want an I/O error", err)
		}
		file.Close()
		if err := d.Remount(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(synced); err != nil || len(got) != len(content)+1 {
			t.Errorf("got %d bytes and %v, want the %d that were synced", len(got), err, len(content)+1)
		}
	})
	t.Run("a full disk takes nothing, and a freed one does", func(t *testing.T) {
		for range 2 {
			if err := d.Fill(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(d.Path(), "late"), make([]byte, 4<<10), 0o600); !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("writing on a full disk: got %v, want that there is no room", err)
			}
			if err := d.Free(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(written, make([]byte, 16<<20), 0o600); err != nil {
				t.Errorf("writing on a freed disk: got %v", err)
			}
		}
	})
	t.Run("a freed disk is free after a power cut too", func(t *testing.T) {
		if err := errors.Join(d.Fill(), d.Free(), d.Cut(t.Context())); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d.Path(), "new"), make([]byte, 16<<20), 0o600); err != nil {
			t.Errorf("writing: got %v", err)
		}
	})
	t.Run("closing leaves nothing behind", func(t *testing.T) {
		home := filepath.Dir(d.Path())
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(home); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v, want no folder", err)
		}
		mounts, err := os.ReadFile("/proc/mounts")
		if err != nil || bytes.Contains(mounts, []byte(home)) {
			t.Errorf("still mounted (%v):\n%s", err, mounts)
		}
	})
}
