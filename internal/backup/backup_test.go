package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/backup"
	"parley/internal/chat"
)

func TestBackup(t *testing.T) {
	t.Run("made under load it is a prefix of what was stored, and has all that was acknowledged before it", func(t *testing.T) {
		p := newPlace(t, 100)
		var acknowledged, sent atomic.Int64
		acknowledged.Store(100)
		sent.Store(100)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var posting sync.WaitGroup
		for range 8 {
			posting.Go(func() {
				for ctx.Err() == nil {
					p.post(int(sent.Add(1)))
					acknowledged.Add(1)
				}
			})
		}
		for range 5 {
			// Each backup begins in the midst of the posting.
			for next := acknowledged.Load() + 50; acknowledged.Load() < next; {
				p.post(int(sent.Add(1)))
				acknowledged.Add(1)
			}
			before := acknowledged.Load()
			path := p.backup()
			after := sent.Load()
			got, _ := restored(t, path).messages()
			if n := int64(len(got)); n < before || n > after {
				t.Errorf("the backup has %d messages, want from %d to %d", n, before, after)
			}
			all, _ := p.messages()
			if diff := cmp.Diff(got, all[:len(got)]); diff != "" {
				t.Errorf("the backup is no prefix (-got +want):\n%s", diff)
			}
		}
		stop()
		posting.Wait()
	})
	t.Run("it is of the moment at which it begins, and ends although people go on posting", func(t *testing.T) {
		defer backup.NoticeAll()()
		p := newPlace(t, 20)
		long := strings.Repeat("long ", 1500)
		p.write(func(tx chat.Tx) error { // about 8 MiB, a few steps' worth
			for range 1000 {
				m := chat.Message{Room: p.room.ID, By: p.ana.ID, Text: long}
				if err := tx.InsertMessage(&m, chat.Person{ID: p.ana.ID}); err != nil {
					return err
				}
			}
			return nil
		})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		noticed := 0
		path := filepath.Join(t.TempDir(), "backup.db")
		_, err := backup.Job{Database: p.path, Path: path, Progress: func(now backup.Progress) {
			if now.Done <= 0 || now.Done >= now.Total || now.Total < 8<<20 {
				t.Errorf("got the progress %+v", now)
			}
			p.post(100 + noticed)
			if noticed++; noticed > 100 {
				stop()
			}
		}}.Run(ctx)
		if err != nil || noticed < 2 {
			t.Fatalf("after %d posts: %v", noticed, err)
		}
		if got, _ := restored(t, path).messages(); len(got) != 1020 {
			t.Errorf("got %d messages, want the 1020 that there were", len(got))
		}
	})
	t.Run("it is one file, that only its owner can read, and that needs nothing beside it", func(t *testing.T) {
		path := newPlace(t, 10).backup()
		if diff := cmp.Diff(names(t, filepath.Dir(path)), []string{"backup.db"}); diff != "" {
			t.Errorf("files (-got +want):\n%s", diff)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode() != 0o600 {
			t.Errorf("got mode %v and %v, want 0600", info.Mode(), err)
		}
		content, err := os.ReadFile(path)
		// Bytes 18 and 19 are 1 where there is no log beside the file (sqlite.org/fileformat2.html, 1.3.3).
		if err != nil || content[18] != 1 || content[19] != 1 {
			t.Errorf("got format %d and %d, want 1 and 1", content[18], content[19])
		}
	})
	t.Run("it replaces a file only when told to", func(t *testing.T) {
		p := newPlace(t, 10)
		path := filepath.Join(t.TempDir(), "backup.db")
		if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Job{Database: p.path, Path: path}.Run(t.Context())
		if content, _ := os.ReadFile(path); chat.KindOf(err) != chat.Conflict || string(content) != "precious" {
			t.Errorf("got %v and %q, want a conflict and the former file", err, content)
		}
		result, err := backup.Job{Database: p.path, Path: path, Force: true}.Run(t.Context())
		if info, _ := os.Stat(path); err != nil || result.Bytes != info.Size() || info.Size() < 4096 {
			t.Errorf("got %+v, %v, and a file of %d bytes, want it replaced", result, err, info.Size())
		}
		if got, _ := restored(t, path).messages(); len(got) != 10 {
			t.Errorf("got %d messages, want 10", len(got))
		}
	})
	t.Run("places where it cannot be are refused", func(t *testing.T) {
		p := newPlace(t, 1)
		folder := t.TempDir()
		for name, path := range map[string]string{
			"a folder":            folder,
			"a missing folder":    filepath.Join(folder, "missing", "backup.db"),
			"the data directory":  filepath.Join(filepath.Dir(p.path), "backup.db"),
			"the database itself": p.path,
		} {
			if _, err := (backup.Job{Database: p.path, Path: path, Force: true}).Run(t.Context()); err == nil {
				t.Errorf("%s: got no error", name)
			}
		}
		if got := names(t, folder); len(got) != 0 {
			t.Errorf("got %v left behind", got)
		}
	})
	t.Run("given up it leaves what was there", func(t *testing.T) {
		p := newPlace(t, 3000) // more than one step
		path := filepath.Join(t.TempDir(), "backup.db")
		if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := backup.Job{Database: p.path, Path: path, Force: true}.Run(ctx)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that it was cancelled", err)
		}
		if diff := cmp.Diff(files(t, filepath.Dir(path)), map[string]string{"backup.db": "precious"}); diff != "" {
			t.Errorf("files (-got +want):\n%s", diff)
		}
	})
	t.Run("what a killed one left is replaced", func(t *testing.T) {
		p := newPlace(t, 10)
		path := filepath.Join(t.TempDir(), "backup.db")
		if err := os.WriteFile(path+".partial", make([]byte, 1<<20), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (backup.Job{Database: p.path, Path: path}).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, _ := restored(t, path).messages(); len(got) != 10 {
			t.Errorf("got %d messages, want 10", len(got))
		}
		if diff := cmp.Diff(names(t, filepath.Dir(path)), []string{"backup.db"}); diff != "" {
			t.Errorf("files (-got +want):\n%s", diff)
		}
	})
	t.Run("another program's database is refused", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "parley.db")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Job{Database: path, Path: filepath.Join(t.TempDir(), "backup.db")}.Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), "not a Parley database") {
			t.Errorf("got %v, want that it is none", err)
		}
	})
}

func TestHandler(t *testing.T) {
	p := newPlace(t, 10)
	server := &local{backup.Handler(p.path)}
	path := filepath.Join(t.TempDir(), "backup.db")
	t.Run("the answer says what was made", func(t *testing.T) {
		result, err := backup.Ask(t.Context(), server, "http://parley", backup.Job{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		_, epoch := p.messages()
		if diff := cmp.Diff(result, backup.Result{Path: path, Bytes: info.Size(), Epoch: epoch}); err != nil || diff != "" {
			t.Errorf("result (-got +want), %v:\n%s", err, diff)
		}
	})
	t.Run("an error is that of the backup", func(t *testing.T) {
		_, err := backup.Ask(t.Context(), server, "http://parley", backup.Job{Path: path})
		if chat.KindOf(err) != chat.Conflict {
			t.Errorf("got %v, want a conflict", err)
		}
		if _, err := backup.Ask(t.Context(), server, "http://parley", backup.Job{Path: path, Force: true}); err != nil {
			t.Errorf("with force: got %v", err)
		}
	})
}
