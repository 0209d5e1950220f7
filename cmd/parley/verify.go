package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/fault"
	"parley/internal/search"
	"parley/internal/store"
	"parley/internal/verify"
)

// verifyCommand is "parley verify": the torture run.
type verifyCommand struct {
	Messages  int `default:"20000" env:"-" help:"How many posts must be acknowledged. (${default})"`
	Kills     int `default:"8" env:"-" help:"How often the server is killed. (${default})"`
	Stops     int `default:"2" env:"-" help:"How often it is stopped by SIGTERM. (${default})"`
	Cuts      int `default:"0" env:"-" help:"How often the power is cut; takes root on Linux. (${default})"`
	SyncFails int `name:"sync-fails" default:"0" env:"-" help:"How often the disk fails every write and sync before the power is cut; takes root on Linux. (${default})"`
	DiskFulls int `name:"disk-fulls" default:"0" env:"-" help:"How often the disk is full; takes root on Linux. (${default})"`
	Strikes   int `default:"0" env:"-" help:"How often the server is started with a failpoint; takes a program with failpoints. (${default})"`
	Backups   int `default:"1" env:"-" help:"How often a backup is made and restored. (${default})"`
	Resumes   int `default:"200" env:"-" help:"How many connections of readers are cut, and as many of writers. (${default})"`
	Checks    int `default:"4" env:"-" help:"How often everybody waits and readers are compared with fresh loads. (${default})"`
	Rooms     int `default:"4" env:"-" help:"How many rooms. (${default})"`
	Circles   int `name:"private-rooms" default:"2" env:"-" help:"How many private rooms, whose people come and go, with read positions set by several devices. (${default})"`
	Writers   int `default:"16" env:"-" help:"How many write, every fourth on the tutorial's socket. (${default})"`
	Readers   int `default:"8" env:"-" help:"How many read: sockets, streams, long polls, and every fourth on the tutorial's socket. (${default})"`

	Duration time.Duration `default:"0" env:"-" help:"Give up after that long; 0 for never. (${default})"`
	Seed     uint64        `default:"0" env:"-" help:"The seed of the plan of faults, to replay a run; 0 for a new one."`
	Server   string        `type:"existingfile" env:"-" placeholder:"PATH" help:"The program to run as the server. Default: this one."`
	Dir      string        `type:"existingdir" env:"-" placeholder:"DIR" help:"Where data and logs go, in a directory of their own. Default: the system's place for temporary files."`
	Keep     bool          `env:"-" help:"Keep data and logs when a promise was broken."`
	JSON     bool          `name:"json" env:"-" help:"Print the report as JSON."`
}

// An exitError ends the program with a code of its own.
type exitError struct {
	error
	code int
}

func (e exitError) Unwrap() error { return e.error }

// Run makes the run. The exit code is 0 when every promise was kept, 1 when one was broken, 2 when the run could not be made.
func (c *verifyCommand) Run(ctx context.Context, t terminal) error {
	config, err := c.config()
	if err != nil {
		return exitError{err, 2}
	}
	progress := newProgressLine(t.errs)
	config.Progress, config.Interval = progress.show, progress.interval
	fmt.Fprintf(t.errs, "Torturing %s in %s, seed %d\n", config.Program, config.Dir, config.Seed)
	report, err := verify.Run(ctx, config)
	progress.end()
	report.Replay = c.replay(config.Seed)
	if printed := c.print(t.out, report); printed != nil {
		err = errors.Join(err, printed)
	}
	switch {
	case c.Keep && (err != nil || report.Violated()):
		fmt.Fprintln(t.errs, "Data and logs are in", config.Dir)
	default:
		if removed := os.RemoveAll(config.Dir); removed != nil {
			err = errors.Join(err, removed)
		}
	}
	switch {
	case report.Violated():
		return exitError{errors.New("a promise was broken"), 1}
	case err != nil:
		return exitError{err, 2}
	}
	return nil
}

func (c *verifyCommand) config() (verify.Config, error) {
	for _, least := range []struct {
		flag       string
		value, min int
	}{
		{"--messages", c.Messages, 100},
		{"--rooms", c.Rooms, 1},
		{"--writers", c.Writers, 1},
		{"--readers", c.Readers, 1},
		{"--kills", c.Kills, 0},
		{"--stops", c.Stops, 0},
		{"--cuts", c.Cuts, 0},
		{"--sync-fails", c.SyncFails, 0},
		{"--disk-fulls", c.DiskFulls, 0},
		{"--strikes", c.Strikes, 0},
		{"--backups", c.Backups, 0},
		{"--resumes", c.Resumes, 0},
		{"--checks", c.Checks, 0},
		{"--private-rooms", c.Circles, 0},
	} {
		if least.value < least.min {
			return verify.Config{}, fmt.Errorf("%s must be at least %d", least.flag, least.min)
		}
	}
	config := verify.Config{
		Program: c.Server, Env: serverEnvironment(os.Environ()), Seed: c.Seed,
		Rooms: c.Rooms, Circles: c.Circles, Writers: c.Writers, Readers: c.Readers, Duration: c.Duration,
		Amounts: verify.Amounts{
			Messages: c.Messages, Kills: c.Kills, Stops: c.Stops, PowerCuts: c.Cuts, SyncFails: c.SyncFails, DiskFulls: c.DiskFulls,
			Strikes: c.Strikes, Points: failpoints, Backups: c.Backups, Checks: c.Checks, Resumes: c.Resumes, Stalls: c.Resumes / 10,
		},
		// A message takes about 1 KiB with its indices; a backup and what a restore sets aside are as large again.
		DiskSize: 512<<20 + int64(c.Messages)*4<<10,
		Open:     openStopped, FaultVariable: faultVariable,
	}
	for config.Seed == 0 {
		config.Seed = rand.Uint64N(1_000_000_000)
	}
	var err error
	if config.Program == "" {
		if config.Program, err = os.Executable(); err != nil {
			return config, err
		}
	}
	if c.Strikes > 0 {
		if !fault.Enabled {
			return config, errors.New("--strikes: this program has no failpoints")
		}
		config.Beginnings = beginnings
	}
	config.Skipped = c.skipped()
	config.Dir, err = os.MkdirTemp(c.Dir, "parley-verify-")
	return config, err
}

// skipped is what the run does not do, and why.
func (c *verifyCommand) skipped() []string {
	var skipped []string
	if c.Cuts == 0 {
		skipped = append(skipped, "power cuts: ask for them with --cuts, as root on Linux")
	}
	if c.SyncFails == 0 {
		skipped = append(skipped, "failing syncs: ask for them with --sync-fails, as root on Linux")
	}
	if c.DiskFulls == 0 {
		skipped = append(skipped, "a full disk: ask for it with --disk-fulls, as root on Linux")
	}
	const points = "crashes at chosen points, failing syncs of the log alone, a clock that jumps: "
	switch {
	case !fault.Enabled:
		skipped = append(skipped, points+"this program has no failpoints")
	case c.Strikes == 0:
		skipped = append(skipped, points+"ask for them with --strikes")
	}
	return skipped
}

// replay is the command that makes the same plan again.
func (c *verifyCommand) replay(seed uint64) string {
	return fmt.Sprintf("parley verify --seed %d --messages %d --kills %d --stops %d --cuts %d --sync-fails %d --disk-fulls %d --strikes %d --backups %d --resumes %d --checks %d --rooms %d --private-rooms %d --writers %d --readers %d",
		seed, c.Messages, c.Kills, c.Stops, c.Cuts, c.SyncFails, c.DiskFulls, c.Strikes, c.Backups, c.Resumes, c.Checks, c.Rooms, c.Circles, c.Writers, c.Readers)
}

func (c *verifyCommand) print(w io.Writer, report verify.Report) error {
	if !c.JSON {
		_, err := report.WriteTo(w)
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

// serverEnvironment is an environment without our own settings, which are for another server than the one under test.
func serverEnvironment(all []string) []string {
	var env []string
	for _, pair := range all {
		if !strings.HasPrefix(pair, "PARLEY_") || strings.HasPrefix(pair, "PARLEY_TEST_") || fault.Enabled && strings.HasPrefix(pair, faultVariable+"=") {
			env = append(env, pair)
		}
	}
	return env
}

// A stoppedStore is the database of a server that does not run.
type stoppedStore struct {
	*store.Store
	path string
}

func openStopped(ctx context.Context, dir string) (verify.Store, error) {
	path := filepath.Join(dir, databaseName)
	opened, err := store.Open(ctx, store.Config{Path: path, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return stoppedStore{opened, path}, nil
}

// Faults are what SQLite finds wrong with the file, and what the search index has wrong.
func (s stoppedStore) Faults(ctx context.Context) (faults []string, err error) {
	db, err := sql.Open("sqlite", "file:"+s.path+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, pragma := range []string{"integrity_check", "foreign_key_check"} {
		found, err := pragmaRows(ctx, db, pragma)
		if err != nil {
			return faults, fmt.Errorf("%s: %w", pragma, err)
		}
		faults = append(faults, found...)
	}
	found, err := s.searchFaults(ctx)
	return append(faults, found...), err
}

// searchFaults are what the search index has otherwise than the messages, once it has caught up.
func (s stoppedStore) searchFaults(ctx context.Context) (faults []string, err error) {
	path := filepath.Join(filepath.Dir(s.path), indexName)
	index, err := search.New(search.Config{Path: path, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	if err := index.CatchUp(ctx, s.Store, nil); err != nil {
		return nil, fmt.Errorf("the search index cannot catch up: %w", err)
	}
	report, err := search.Audit(ctx, index, s.Store)
	if err != nil || report.OK() {
		return nil, err
	}
	return []string{report.String()}, nil
}

// pragmaRows are the faults that a check of SQLite reports, one a row.
func pragmaRows(ctx context.Context, db *sql.DB, pragma string) ([]string, error) {
	rows, err := db.QueryContext(ctx, "PRAGMA "+pragma)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var faults []string
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		if values[0].String != "ok" {
			faults = append(faults, fmt.Sprint(pragma, ": ", values))
		}
	}
	return faults, rows.Err()
}

// A progressLine shows the progress: one line that is written over on a terminal, else a line every five seconds.
type progressLine struct {
	w        io.Writer
	interval time.Duration
	terminal bool
	shown    bool
}

func newProgressLine(w io.Writer) *progressLine {
	p := &progressLine{w: w, interval: 5 * time.Second}
	if file, ok := w.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.terminal, p.interval = true, 200*time.Millisecond
		}
	}
	return p
}

func (p *progressLine) show(progress verify.Progress) {
	if !p.terminal {
		fmt.Fprintln(p.w, progress)
		return
	}
	p.shown = true
	fmt.Fprintf(p.w, "\r\x1b[K%s", progress)
}

func (p *progressLine) end() {
	if p.shown {
		fmt.Fprintln(p.w)
	}
}
