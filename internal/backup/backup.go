// Package backup copies the database into a file of its own while it is in use, and brings such a file back.
//
// A copied-back file alone is no restore: pages that are open hold positions in what was there before, and would take other
// messages for the ones they know. So a restore mints a new epoch, and every reader begins anew.
package backup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"

	"parley/internal/chat"
)

const (
	// stepPages is how many pages are copied between two looks at the clock and the context.
	stepPages = 512
	// maxLog is how large the database's log may become during a backup. The log cannot be emptied into the database
	// while a snapshot of it is being read, so a backup that takes longer than this much of writing gives up.
	maxLog = 4 << 30
	// partial is what a file is called until it is complete.
	partial = ".partial"
)

// noticeTime is how often progress is told.
var noticeTime = time.Second

// Progress is how far a copy is, in bytes.
type Progress struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

func (p Progress) String() string {
	return fmt.Sprintf("%d %% of %s", 100*p.Done/max(p.Total, 1), size(p.Total))
}

// size is a number of bytes for people.
func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%.0f KiB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}

// A Result says what a backup holds.
type Result struct {
	Path  string     `json:"path"`
	Bytes int64      `json:"bytes"`
	Epoch chat.Epoch `json:"epoch"`
}

func (r Result) String() string { return fmt.Sprintf("%s: %s", r.Path, size(r.Bytes)) }

// A Job is one backup to be made.
type Job struct {
	Database string         // the file of a database, which may be in use
	Path     string         // the backup; its folder must exist and must not be the database's
	Force    bool           // replace a file that is there
	Progress func(Progress) // unless nil, called about once a second by the goroutine of Run
}

// Run makes the backup: one file, which is the database at one moment, that of the call. Writers and readers of the database
// go on meanwhile; only its log, the -wal file, grows by what is written, and if it grows beyond 4 GiB the backup is given up.
// The file appears under its name when it is complete and on the disk; before that, and after an error, there is nothing of
// that name, or what was there before.
func (j Job) Run(ctx context.Context) (Result, error) {
	if err := j.check(); err != nil {
		return Result{}, err
	}
	temporary := j.Path + partial
	if err := os.Remove(temporary); err != nil && !errors.Is(err, os.ErrNotExist) {
		return Result{}, err
	}
	// Made here so that nobody else on this machine can read it.
	file, err := os.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Result{}, fmt.Errorf("the backup cannot be written: %w", err)
	}
	defer file.Close()
	result, err := j.copy(ctx, temporary)
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = j.publish(temporary)
	}
	if err != nil {
		_ = os.Remove(temporary)
		return Result{}, fmt.Errorf("backing up to %s: %w", j.Path, err)
	}
	return result, nil
}

// check refuses what would overwrite something.
func (j Job) check() error {
	folder, err := os.Stat(filepath.Dir(j.Path))
	if err != nil {
		return fmt.Errorf("the folder of the backup cannot be used: %w", err)
	}
	database, err := os.Stat(j.Database)
	if err != nil {
		return err
	}
	target, err := filepath.EvalSymlinks(j.Database)
	if err != nil {
		return err
	}
	for _, path := range []string{j.Database, target} {
		own, err := os.Stat(filepath.Dir(path))
		if err != nil {
			return err
		}
		if !os.SameFile(folder, own) {
			continue
		}
		return chat.Errorf(chat.Invalid, "path", "%s is in the data directory. A backup belongs elsewhere, best on another disk.", j.Path)
	}
	there, err := os.Stat(j.Path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case os.SameFile(there, database):
		return chat.Errorf(chat.Invalid, "path", "%s is the database itself.", j.Path)
	case !there.Mode().IsRegular():
		return chat.Errorf(chat.Invalid, "path", "%s is not a file.", j.Path)
	case !j.Force:
		return chat.Errorf(chat.Conflict, "path", "%s is there already. Give another name, or --force to replace it.", j.Path)
	}
	return nil
}

// copy copies the database into the empty file at path.
func (j Job) copy(ctx context.Context, path string) (Result, error) {
	db, err := open(j.Database, "mode=rw&_pragma=busy_timeout(5000)&_pragma=query_only(ON)")
	if err != nil {
		return Result{}, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return Result{}, err
	}
	defer conn.Close()
	// One snapshot for the whole of it: without a transaction each step would read another state, and begin again.
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return Result{}, err
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) }()
	result := Result{Path: j.Path}
	if err := conn.QueryRowContext(ctx, `SELECT epoch FROM server WHERE id = 1`).Scan(&result.Epoch); err != nil {
		return Result{}, fmt.Errorf("%s is not a Parley database: %w", j.Database, err)
	}
	var pageSize int64
	if err := conn.QueryRowContext(ctx, `PRAGMA page_size`).Scan(&pageSize); err != nil {
		return Result{}, err
	}
	if err := conn.Raw(func(driver any) error { return j.steps(ctx, driver, path, pageSize) }); err != nil {
		return Result{}, err
	}
	if err := single(ctx, path); err != nil {
		return Result{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Result{}, err
	}
	result.Bytes = info.Size()
	return result, nil
}

// A source is the driver's connection, which can copy its database. (The package sqlite exports no name for it.)
type source interface {
	NewBackup(uri string) (*sqlite.Backup, error)
}

func (j Job) steps(ctx context.Context, driver any, path string, pageSize int64) (err error) {
	// The file is thrown away if anything fails, so it needs no journal, and it is synced once at the end.
	target, err := uri(path, "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=locking_mode(EXCLUSIVE)")
	if err != nil {
		return err
	}
	copying, err := driver.(source).NewBackup(target)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copying.Finish()) }()
	noticed := time.Now()
	for {
		more, err := copying.Step(stepPages)
		if err != nil || !more {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if time.Since(noticed) < noticeTime {
			continue
		}
		noticed = time.Now()
		if err := j.checkLog(); err != nil {
			return err
		}
		if j.Progress != nil {
			total := int64(copying.PageCount())
			j.Progress(Progress{Done: (total - int64(copying.Remaining())) * pageSize, Total: total * pageSize})
		}
	}
}

// checkLog gives up when the database's log has become too large.
func (j Job) checkLog() error {
	log, err := os.Stat(j.Database + "-wal")
	if err == nil && log.Size() > maxLog {
		return chat.Errorf(chat.Unavailable, "", "So much is written meanwhile that the log has grown to %s. Try again when there is less to do.", size(log.Size()))
	}
	return nil
}

// single makes a copy of a database in WAL mode one that is complete in its one file and can be read where nothing can be
// written.
func single(ctx context.Context, path string) error {
	db, err := open(path, "mode=rw&_pragma=journal_mode(DELETE)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	var mode string
	err = db.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode)
	if err == nil && mode != "delete" {
		err = fmt.Errorf("the backup stays in journal mode %q", mode)
	}
	return errors.Join(err, db.Close())
}

// publish gives the complete file its name, durably.
func (j Job) publish(temporary string) error {
	if !j.Force {
		// Unlike a rename, a link does not replace a file that has appeared meanwhile. Where there are no links, it does.
		if err := os.Link(temporary, j.Path); err == nil {
			return errors.Join(os.Remove(temporary), syncFolder(filepath.Dir(j.Path)))
		} else if errors.Is(err, os.ErrExist) {
			return chat.Errorf(chat.Conflict, "path", "%s is there already. Give another name, or --force to replace it.", j.Path)
		}
	}
	if err := os.Rename(temporary, j.Path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(j.Path))
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func open(path, query string) (*sql.DB, error) {
	name, err := uri(path, query)
	if err != nil {
		return nil, err
	}
	return sql.Open("sqlite", name)
}

func uri(path, query string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: query}).String(), nil
}
