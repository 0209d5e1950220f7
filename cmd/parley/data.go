package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"parley/internal/backup"
)

// A dataDir is the directory that holds everything, locked for this process.
type dataDir struct {
	path string
	lock *os.File
}

// errInUse says that another process has the data directory.
var errInUse = errors.New("in use")

// databaseName is the database's file in the data directory.
const databaseName = "parley.db"

// openData is lockData, and makes the database file if it is missing.
func openData(path string) (*dataDir, error) {
	d, err := lockData(path)
	if err != nil {
		return nil, err
	}
	// The database is made here so that nobody else on this machine can read it; SQLite's other files take after it.
	database, err := os.OpenFile(d.file(databaseName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the database cannot be written: %w", err), d.Close())
	}
	if err := database.Close(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// lockData makes the directory if it is missing and locks it. The kernel frees the lock when the process ends, however it
// ends. An error that is errInUse names the process that has it. A restore that was broken off when it counted already is
// completed.
func lockData(path string) (*dataDir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("the data directory cannot be made: %w", err)
	}
	d := &dataDir{path: path}
	lock, err := os.OpenFile(d.file("parley.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data directory cannot be written: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(lock.Name())
		_ = lock.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("the data directory %s cannot be locked: %w", path, err)
		}
		who := "another Parley"
		if pid := strings.TrimSpace(string(holder)); pid != "" {
			who += " (process " + pid + ")"
		}
		return nil, hinted{
			fmt.Errorf("%s uses the data directory %s already (%w)", who, path, errInUse),
			"Stop it first, or give this one a directory of its own with --data.",
		}
	}
	d.lock = lock
	if err := backup.Complete(d.file(databaseName)); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if err := lock.Truncate(0); err == nil {
		_, err = lock.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
		if err != nil && !errors.Is(err, syscall.ENOSPC) {
			return nil, errors.Join(err, lock.Close())
		}
	}
	return d, nil
}

func (d *dataDir) file(name string) string { return filepath.Join(d.path, name) }

// Close frees the directory.
func (d *dataDir) Close() error { return d.lock.Close() }
