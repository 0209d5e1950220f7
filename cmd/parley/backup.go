package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"parley/internal/admin"
	"parley/internal/backup"
	"parley/internal/store"
)

// backupCommand is "parley backup".
type backupCommand struct {
	dataFlag
	File  string `arg:"" help:"The file to write, outside of the data directory."`
	Force bool   `env:"-" help:"Replace a file that is there."`
}

// Run has the running server write the backup, or writes it itself while none runs. The database is not changed, nor is its
// schema brought up to date.
func (c *backupCommand) Run(ctx context.Context, t terminal) error {
	result, err := c.write(ctx, backup.Job{
		Path: c.File, Force: c.Force, Progress: func(p backup.Progress) { fmt.Fprintln(t.errs, p) },
	})
	if err == nil {
		_, err = fmt.Fprintln(t.out, "Backed up to", result)
	}
	return err
}

func (c *backupCommand) write(ctx context.Context, job backup.Job) (result backup.Result, err error) {
	if c.File == "-" {
		return result, errors.New("a backup is a file that is synced to the disk, and cannot go to standard output")
	}
	files := &dataDir{path: c.Data}
	if _, err := os.Stat(files.file(databaseName)); err != nil {
		return result, hinted{fmt.Errorf("there is no database to back up: %w", err), "Name the data directory with --data."}
	}
	data, err := openData(c.Data)
	if errors.Is(err, errInUse) {
		if _, missing := os.Stat(files.file(socketName)); missing != nil {
			return result, err
		}
		return backup.Ask(ctx, admin.Dial(files.file(socketName)), admin.Base, job)
	}
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	job.Database = data.file(databaseName)
	return job.Run(ctx)
}

// restoreCommand is "parley restore".
type restoreCommand struct {
	dataFlag
	File    string `arg:"" help:"A file that parley backup wrote."`
	Replace bool   `env:"-" help:"Put the database that is there aside. Without it the data directory must be empty."`
}

// Run brings the backup into the data directory, with an epoch of its own.
func (c *restoreCommand) Run(ctx context.Context, t terminal) (err error) {
	if _, err := os.Stat(c.File); err != nil {
		return err
	}
	data, err := lockData(c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	done, err := backup.Restore{
		Path: c.File, Database: data.file(databaseName), Replace: c.Replace, Adopt: store.Adopt,
		Progress: func(p backup.Progress) { fmt.Fprintln(t.errs, p) },
	}.Run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "Restored %s into %s. Open pages will begin anew.\n", c.File, c.Data)
	if done.Aside != "" {
		fmt.Fprintf(t.out, "The former database is in %s; remove it when it is not needed any more.\n", done.Aside)
	}
	return nil
}
