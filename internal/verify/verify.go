// Package verify tortures a server and checks that it keeps what it promises: nothing lost, nothing twice, nothing out of
// order.
//
// A run starts the program itself as a process of its own, has authors and scripts post by every door and readers follow by
// every way, and meanwhile a nemesis kills the server, cuts lines, swallows answers, stalls readers, fills the disk, cuts the
// power and restores backups, after a plan that is a pure function of a seed (plan.go). Whatever is sent, answered and
// given goes to a Checker (check*.go), which knows the promises and does no I/O. At the end the store is audited.
package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/chat"
)

// A Store is the database of a server that does not run.
type Store interface {
	Read(ctx context.Context, f func(s chat.Snapshot) error) error
	// Faults are what is wrong with the database itself: integrity, references, the search index.
	Faults(ctx context.Context) ([]string, error)
	Close() error
}

// Config says what is run, with what, and for how long.
type Config struct {
	Program string   // the program to run as the server, and for backups
	Env     []string // its whole environment
	// Open opens the database of a data directory.
	Open func(ctx context.Context, dir string) (Store, error)

	Seed          uint64
	Amounts       Amounts // Readers and Writers are set by the fields below
	Rooms         int
	Circles       int // private rooms whose people come and go
	Writers       int // authors and, one in four, scripts on the tutorial's socket
	Readers       int // followers and, one in four, listeners on the tutorial's socket
	Duration      time.Duration
	FaultVariable string // names the failpoints that a server is started with, in its environment
	// Beginnings are failpoints that the server is started with before anything else, in an empty directory: it need not
	// become ready with them, and must do so without them.
	Beginnings []string
	// Skipped is what this run does not do, and why, for the report.
	Skipped []string

	Dir      string           // where data, logs and backups go; it must exist
	DiskSize int64            // of the disk that is made for power cuts and for being full
	Progress func(p Progress) // called now and then; nil for nobody
	Interval time.Duration    // how often; 0 for every 5 seconds
}

// errViolated ends the run early.
var errViolated = errors.New("a promise is broken")

// A CannotRun error says that the run could not be made, or not to its end: it found nothing and proves nothing.
type CannotRun struct{ error }

func (e CannotRun) Unwrap() error { return e.error }

// tally counts what was done.
type tally struct {
	posts, edits, deletions, repeats, reuses, twice atomic.Int64
	races                                           atomic.Int64
	unknown, retries, unavailable, looks            atomic.Int64
	frames, resumes, resets                         atomic.Int64
	stalls, absences                                atomic.Int64
	kills, stops, powerCuts, syncFails, diskFulls   atomic.Int64
	strikes, backups, checks                        atomic.Int64
	moves, attempts, refusals, marks, closedPosts   atomic.Int64
}

// torture is one run.
type torture struct {
	Config
	steps   []Step
	checker *Checker
	child   *Child
	disk    *Disk // nil without one
	begun   time.Time
	tally   tally

	names                       []string
	rooms                       []chat.RoomID
	circles                     []*circle
	authors, scripts, listeners int
	// writers are the outlets of the authors' sockets, then of their connections for HTTP, then of the scripts; readers
	// those of the followers, then of the listeners.
	writers []*Outlet
	readers []*Outlet

	working sync.RWMutex // held by whoever is at an operation, and by the nemesis when nothing may be under way
	era     atomic.Int64 // counts restores
	done    atomic.Int64 // steps
}

// Run makes a run and reports it. The error is a CannotRun if it could not be made to its end; violations are in the report
// and no error.
func Run(ctx context.Context, c Config) (Report, error) {
	t := &torture{Config: c, begun: time.Now()}
	t.checker = NewChecker(func() time.Duration { return time.Since(t.begun) })
	err := t.prepare(ctx)
	if err == nil {
		err = t.rage(ctx)
	}
	if t.child != nil {
		t.child.Kill()
	}
	if errors.Is(err, errViolated) && ctx.Err() == nil {
		// What the store has to say belongs to the first violation. That it may not even open is no news then.
		_ = t.audit(ctx)
	}
	if t.disk != nil {
		err = errors.Join(err, t.disk.Close())
	}
	report := t.report()
	if err != nil && !errors.Is(err, errViolated) && !report.Violated() {
		return report, CannotRun{err}
	}
	return report, nil
}

// prepare plans, makes the disk if one is needed, starts the server and makes the rooms.
func (t *torture) prepare(ctx context.Context) error {
	t.scripts = t.Writers / 4
	t.authors = t.Writers - t.scripts
	t.writers = outlets(2*t.authors + t.scripts)
	t.readers = outlets(t.Readers)
	t.listeners = t.Readers / 4
	t.Amounts.Readers, t.Amounts.Writers = t.Readers-t.listeners, len(t.writers)
	t.steps = Plan(t.Seed, t.Amounts)
	for i := range t.Rooms {
		t.names = append(t.names, fmt.Sprint("torture ", i+1))
	}
	data := filepath.Join(t.Dir, "data")
	if t.Amounts.PowerCuts+t.Amounts.SyncFails+t.Amounts.DiskFulls > 0 {
		disk, err := NewDisk(ctx, t.Dir, t.DiskSize)
		if err != nil {
			return err
		}
		t.disk, data = disk, filepath.Join(disk.Path(), "data")
	}
	log, err := os.OpenFile(filepath.Join(t.Dir, "server.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	t.child = NewChild(t.Program, t.Env, data, log)
	for _, point := range t.Beginnings {
		if err := t.child.Start(ctx, t.FaultVariable+"="+point); err != nil {
			t.tally.strikes.Add(1)
		}
		t.child.Kill()
	}
	if len(t.Beginnings) > 0 {
		err = t.start(ctx, "failpoints at its beginning")
	} else {
		err = t.child.Start(ctx)
	}
	if err != nil {
		return err
	}
	if err := t.makeRooms(ctx); err != nil {
		return err
	}
	return t.makeCircles(ctx)
}

func outlets(n int) []*Outlet {
	list := make([]*Outlet, n)
	for i := range list {
		list[i] = &Outlet{narrow: i%2 == 1}
	}
	return list
}

// makeRooms has somebody make the rooms, before anything goes wrong.
func (t *torture) makeRooms(ctx context.Context) error {
	address, err := t.child.Up(ctx)
	if err != nil {
		return err
	}
	outlet := new(Outlet)
	for i, name := range t.names {
		if _, err := enter(ctx, outlet, address, fmt.Sprint("founder ", i+1), name); err != nil {
			return err
		}
	}
	s, err := dialSocket(ctx, outlet, address, "/ws", "")
	if err != nil {
		return err
	}
	defer s.close()
	for i, name := range t.names {
		o, err := openFresh(s, int64(i+1), name)
		if r, refused := errors.AsType[*refusal](err); refused {
			t.checker.Violate(r.kind(), "the room %q was made, and cannot be opened: %v", name, r)
			return errViolated
		}
		if err != nil {
			return err
		}
		t.rooms = append(t.rooms, o.Room)
		t.checker.Compare(t.checker.Ask(o.Room, chat.Position{}), o)
	}
	return nil
}

// rage runs everybody until the plan is through, and then looks at what is left.
func (t *torture) rage(ctx context.Context) error {
	if t.Duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, t.Duration, fmt.Errorf("it took longer than %v", t.Duration))
		defer cancel()
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	all, during := errgroup.WithContext(working)
	for i := range t.authors {
		all.Go(func() error { return t.newAuthor(i).work(during) })
	}
	for i := range t.scripts {
		s := t.newScript(i, false)
		s.outlet = t.writers[2*t.authors+i]
		all.Go(func() error { return s.work(during) })
	}
	for i := range t.Readers - t.listeners {
		f := t.newFollower(i)
		all.Go(func() error { return f.work(during) })
	}
	for i := range t.listeners {
		s := t.newScript(i, true)
		s.outlet = t.readers[t.Readers-t.listeners+i]
		all.Go(func() error { return s.work(during) })
	}
	for _, c := range t.circles {
		c.start(during, all)
	}
	all.Go(func() error {
		select {
		case <-t.checker.Broken():
			return errViolated
		case <-during.Done():
			return nil
		}
	})
	all.Go(func() error { return t.tell(during) })
	all.Go(func() error { return t.haunt(during, stop) })
	err := all.Wait()
	if err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	if t.Progress != nil {
		p := t.progress()
		p.Auditing = true
		t.Progress(p)
	}
	return t.last(ctx)
}

// hold begins an operation; done ends it.
func (t *torture) hold(ctx context.Context) (done func(), err error) {
	t.working.RLock()
	if err := ctx.Err(); err != nil {
		t.working.RUnlock()
		return nil, err
	}
	return t.working.RUnlock, nil
}

func (t *torture) eraNow() int { return int(t.era.Load()) }

// tell reports the progress until ctx ends.
func (t *torture) tell(ctx context.Context) error {
	if t.Progress == nil {
		return nil
	}
	interval := t.Interval
	if interval == 0 {
		interval = 5 * time.Second
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			t.Progress(t.progress())
		case <-ctx.Done():
			return nil
		}
	}
}
