package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/chat"
)

const (
	// incoming is what a database is called while it is being brought in: nobody opens it, and it is removed if it stays.
	incoming = ".incoming"
	// restored, and a time, is what it is called once it is whole and checked. From then on the restore will happen: whoever
	// opens the data directory next completes it.
	restored = ".restored-"
	// replaced, and the same time, is the folder that keeps the former database.
	replaced = "replaced-"
	// stamp is the layout of that time, UTC.
	stamp = "20060102-150405"
)

// A Restore brings a database back into a data directory. The caller holds the directory's lock, and nobody has the database
// open.
type Restore struct {
	Path     string // the backup; it is only read
	Database string // where it belongs; its folder exists
	Replace  bool   // put what is in that folder aside; without it the folder must be empty
	// Adopt checks the database at a path, whether this program can use it, and mints a new epoch in it. It may leave nothing
	// of it in other files. Its errors do not name the path.
	Adopt    func(ctx context.Context, path string) (chat.Epoch, error)
	Progress func(Progress)   // unless nil, called about once a second by the goroutine of Run
	Clock    func() time.Time // nil for time.Now
}

// A Restored says what a restore did.
type Restored struct {
	Bytes int64
	Epoch chat.Epoch // the new one
	Aside string     // where the former database was put, "" if there was none
}

// Run restores. Until the file has been copied, checked and synced, nothing of the former database is touched, and an error
// leaves all as it was. After that the former database is moved aside, with its log, and the new one takes its place; a kill
// or a power cut in between is made good by Complete.
func (r Restore) Run(ctx context.Context) (Restored, error) {
	clock := r.Clock
	if clock == nil {
		clock = time.Now
	}
	if err := r.check(); err != nil {
		return Restored{}, err
	}
	whole := r.Database + restored + free(filepath.Dir(r.Database), clock().UTC())
	result, err := r.bring(ctx, whole)
	if err != nil {
		_ = os.Remove(r.Database + incoming)
		return Restored{}, fmt.Errorf("restoring %s: %w", r.Path, err)
	}
	result.Aside, err = complete(r.Database, whole)
	if err != nil {
		return Restored{}, fmt.Errorf("restoring %s: it is checked and will be in use at the next start, but cannot be put in its place now: %w", r.Path, err)
	}
	return result, nil
}

// free is a time, now or a little later, of which the folder keeps no former database.
func free(folder string, now time.Time) string {
	for ; ; now = now.Add(time.Second) {
		if _, err := os.Stat(filepath.Join(folder, replaced+now.Format(stamp))); err != nil {
			return now.Format(stamp)
		}
	}
}

// check refuses what is certainly no backup, and a folder with something in it.
func (r Restore) check() error {
	info, err := os.Stat(r.Path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return chat.Errorf(chat.Invalid, "path", "%s is not a file.", r.Path)
	}
	for _, end := range []string{"-wal", "-journal"} {
		if log, err := os.Stat(r.Path + end); err == nil && log.Size() > 0 {
			return chat.Errorf(chat.Invalid, "path",
				"%s%s is beside it, so it is in use, or a plain copy of files that were. Make a backup with parley backup.", r.Path, end)
		}
	}
	if r.Replace {
		return nil
	}
	folder := filepath.Dir(r.Database)
	there, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range there {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		// What a server leaves in an empty directory, and what a file system keeps at its root.
		if !info.IsDir() && info.Size() == 0 || strings.HasSuffix(entry.Name(), ".lock") || entry.Name() == "lost+found" {
			continue
		}
		return chat.Errorf(chat.Conflict, "data", "%s is not empty: it has %s. To put its database aside and restore, add --replace.", folder, entry.Name())
	}
	return nil
}

// bring makes the file whole: a checked and synced copy of the backup with an epoch of its own.
func (r Restore) bring(ctx context.Context, whole string) (Restored, error) {
	path := r.Database + incoming
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return Restored{}, err
	}
	if err := r.copy(ctx, path); err != nil {
		return Restored{}, err
	}
	epoch, err := r.Adopt(ctx, path)
	if err != nil {
		return Restored{}, err
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return Restored{}, err
	}
	info, err := file.Stat()
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return Restored{}, err
	}
	if err := os.Rename(path, whole); err != nil {
		return Restored{}, err
	}
	return Restored{Bytes: info.Size(), Epoch: epoch}, syncFolder(filepath.Dir(whole))
}

// copy copies the backup to path.
func (r Restore) copy(ctx context.Context, path string) (err error) {
	from, err := os.Open(r.Path)
	if err != nil {
		return err
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return err
	}
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	noticed, done := time.Now(), int64(0)
	for {
		n, err := io.CopyN(to, from, 4<<20)
		done += n
		if err == io.EOF {
			return nil
		}
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if r.Progress != nil && time.Since(noticed) >= noticeTime {
			noticed = time.Now()
			r.Progress(Progress{Done: done, Total: info.Size()})
		}
	}
}

// Complete puts a restored database in its place if a restore ended between the moment from which it counts and its end, and
// removes what one left that ended before. Whoever opens the data directory calls it first, with the directory's lock.
func Complete(database string) error {
	// A journal of the copy is of no use without it. The log of the database itself is not touched.
	for _, end := range []string{"", "-journal", "-wal", "-shm"} {
		if err := os.Remove(database + incoming + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	there, err := os.ReadDir(filepath.Dir(database))
	if err != nil {
		return err
	}
	// In the order of their times: the last one counts, and the one before it was in use for no time.
	prefix := filepath.Base(database) + restored
	for _, entry := range slices.SortedFunc(slices.Values(there), func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }) {
		if strings.HasPrefix(entry.Name(), prefix) {
			if _, err := complete(database, filepath.Join(filepath.Dir(database), entry.Name())); err != nil {
				return fmt.Errorf("completing a restore: %w", err)
			}
		}
	}
	return nil
}

// complete moves the former database aside, if there is one, and whole into its place. The log goes with the database it
// belongs to: beside another one it would be taken for that one's. Each step can be done again after a kill: whole is there
// until the last.
func complete(database, whole string) (aside string, err error) {
	_, time, _ := strings.Cut(filepath.Base(whole), restored)
	folder := filepath.Join(filepath.Dir(database), replaced+time)
	for _, end := range []string{"", "-journal", "-wal"} {
		if info, err := os.Stat(database + end); errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
			continue
		}
		if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			return "", err
		}
		if err := os.Rename(database+end, filepath.Join(folder, filepath.Base(database)+end)); err != nil {
			return "", err
		}
	}
	if _, err := os.Stat(folder); err == nil {
		if aside, err = folder, syncFolder(folder); err != nil {
			return "", err
		}
	}
	// What is left is empty, or made anew by whoever opens the database.
	for _, end := range []string{"-journal", "-wal", "-shm"} {
		if err := os.Remove(database + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	// All of that must be on the disk before the new database bears the name.
	if err := syncFolder(filepath.Dir(database)); err != nil {
		return "", err
	}
	if err := os.Rename(whole, database); err != nil {
		return "", err
	}
	return aside, syncFolder(filepath.Dir(database))
}
