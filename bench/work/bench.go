//go:build linux

// Package work holds what the bench does to a server: each kind of work starts it anew, loads it, counts everything that
// comes back, stops it, and compares its database with what it had acknowledged.
package work

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/bench/audit"
	"parley/bench/figures"
	"parley/bench/host"
	"parley/bench/load"
)

// A Bench is one run.
type Bench struct {
	Root   string // of the module
	Dir    string // for what is built and stored
	Rounds int
	Size   Size
	Text   string
	// Subjects are those of a work that are measured; all if there are none.
	Subjects []string
	Book     *figures.Book
	Log      io.Writer // what is being done
	Parley   string    // the server's program; built from Root if ""

	built map[string]string
	count int // data directories that were made
}

// A Work is one kind of work.
type Work struct {
	Name  string
	About string
	Run   func(ctx context.Context, b *Bench) error
}

// All is every kind of work, in the order in which they are done.
var All = []Work{
	{"fanout", "1,000 readers in one room, 100 posters; beside the references", fanout},
	{"steady", "1,000 readers, 1 poster: what a frame costs, and how long it takes", steady},
	{"posts", "256 posters in 100 rooms over WebSocket", posts},
	{"stalled", "1,000 readers that do not read, beside 100 that do", stalled},
	{"search", "how soon a message is found at 3,000 posts a second", search},
	{"http", "16 clients post over HTTP", httpPosts},
	{"idle", "10,000 connections that do nothing", idle},
	{"page", "16 clients load the page of a room; beside a bare handler", page},
	{"big", "a room of 10,000,000 messages, and starting on its database", big},
}

// A wrong is a promise that was not kept: the run goes on, and fails at its end.
type wrong struct{ error }

// A skip is why something cannot be measured here.
type skip struct{ why string }

func (s skip) Error() string { return s.why }

// asked says whether a subject is to be measured.
func (b *Bench) asked(subject string) bool {
	return len(b.Subjects) == 0 || slices.Contains(b.Subjects, subject)
}

// say tells what is being done.
func (b *Bench) say(format string, args ...any) { fmt.Fprintf(b.Log, format+"\n", args...) }

// A Size is how much is done.
type Size struct {
	Readers, Posters int           // of one room
	Idle             int           // connections that do nothing
	Long             int           // messages of the long room
	Asks             int           // questions of each kind, a round
	Longest          time.Duration // that a load may last; 0 for as long as it is to
}

// The sizes of a run: what the figures are meant for, and a glance.
var (
	Full  = Size{Readers: 1000, Posters: 100, Idle: 10_000, Long: 10_000_000, Asks: 1000}
	Short = Size{Readers: 1000, Posters: 100, Idle: 1000, Long: 200_000, Asks: 200, Longest: 2 * time.Second}
)

// seconds is how long a load lasts.
func (b *Bench) seconds(full float64) time.Duration {
	d := time.Duration(full * float64(time.Second))
	if b.Size.Longest > 0 {
		d = min(d, b.Size.Longest)
	}
	return d
}

// dataDir is a new, empty directory for a server.
func (b *Bench) dataDir() (string, error) {
	b.count++
	dir := filepath.Join(b.Dir, fmt.Sprintf("data-%d", b.count))
	return dir, os.MkdirAll(dir, 0o700)
}

// program is a package of this module, built as it is released.
func (b *Bench) program(ctx context.Context, pkg string) (string, error) {
	if pkg == "./cmd/parley" && b.Parley != "" {
		return b.Parley, nil
	}
	if path := b.built[pkg]; path != "" {
		return path, nil
	}
	path := filepath.Join(b.Dir, filepath.Base(pkg))
	dir, target := b.Root, pkg
	if _, err := os.Stat(filepath.Join(b.Root, pkg, "go.mod")); err == nil {
		dir, target = filepath.Join(b.Root, pkg), "."
	}
	b.say("building %s", pkg)
	_, err := host.Run(ctx, dir, []string{"CGO_ENABLED=0"}, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, target)
	if err != nil {
		return "", err
	}
	if b.built == nil {
		b.built = map[string]string{}
	}
	b.built[pkg] = path
	return path, nil
}

// A parley is a running Parley server with its own data.
type parley struct {
	*host.Process
	bench *Bench
	data  string
	debug string // the address for profiles
}

var ready = regexp.MustCompile(`ready: http://(\S+)`)

// launch is how a server runs: on which core, with what in its environment.
type launch struct {
	core int // 0: all
	env  []string
	data string // a new directory if ""
	// debug is an address for profiles, "" for none.
	debug string
}

// parley starts a Parley server without limits on visitors.
func (b *Bench) parley(ctx context.Context, how launch) (*parley, error) {
	path, err := b.program(ctx, "./cmd/parley")
	if err != nil {
		return nil, err
	}
	if how.data == "" {
		if how.data, err = b.dataDir(); err != nil {
			return nil, err
		}
	}
	args := []string{"serve", "--limits", "off", "--listen", "127.0.0.1:0", "--data", how.data}
	if how.debug != "" {
		args = append(args, "--debug", how.debug)
	}
	process, err := host.Start(ctx, host.Program{Path: path, Args: args, Env: how.env, Core: how.core, Ready: ready})
	if err != nil {
		return nil, err
	}
	return &parley{Process: process, bench: b, data: how.data, debug: how.debug}, nil
}

func (p *parley) database() string { return filepath.Join(p.data, "parley.db") }

// audit stops the server and compares its database with what was answered. The data is removed.
func (p *parley) audit(ctx context.Context, what string, posters []audit.Posted) error {
	if err := p.Stop(); err != nil {
		return err
	}
	report, err := audit.Check(ctx, p.database(), posters)
	if err != nil {
		return err
	}
	p.bench.say("  audit: %d acknowledged, %d stored, %d lost, %d doubled, %d wrong, %d holes",
		report.Acknowledged, report.Stored, report.Lost, report.Doubled, report.Wrong, report.Holes)
	if !report.OK() {
		return wrong{fmt.Errorf("%s: %s", what, strings.Join(report.Faults, "; "))}
	}
	return os.RemoveAll(p.data)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// Do does one work. A promise that was not kept is noted in the book, and the run goes on.
func (b *Bench) Do(ctx context.Context, w Work) error {
	err := w.Run(ctx, b)
	broken, isBroken := errors.AsType[load.Broken](err)
	found, isWrong := errors.AsType[wrong](err)
	switch {
	case isBroken:
		err = fmt.Errorf("%s: %w", w.Name, broken)
	case isWrong:
		err = found
	default:
		return err
	}
	b.say("WRONG: %s", err)
	b.Book.Faults = append(b.Book.Faults, err.Error())
	return nil
}
