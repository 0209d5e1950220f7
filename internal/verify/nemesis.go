package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/chat"
)

const (
	// catchUpTime is how long readers may take to reach the head once nobody posts.
	catchUpTime = 30 * time.Second
	// crashTime is how long a failpoint that kills is waited for.
	crashTime = 5 * time.Second
	// strikePosts is how much is posted with a failpoint that does not kill.
	strikePosts = 400
)

// haunt does the steps of the plan, each when its time has come. When the last message is posted and everybody has caught
// up it calls stop, which ends everybody's work.
func (t *torture) haunt(ctx context.Context, stop func()) error {
	for _, s := range t.steps {
		if err := t.await(ctx, s.At); err != nil {
			return err
		}
		if err := t.act(ctx, s); err != nil {
			return err
		}
		t.done.Add(1)
	}
	if err := t.await(ctx, t.Amounts.Messages); err != nil {
		return err
	}
	if err := t.strikeOut(ctx); err != nil {
		return err
	}
	t.working.Lock()
	defer t.working.Unlock()
	defer stop() // before anybody begins another operation
	return t.compare(ctx)
}

// strikeOut lets faults of readers that came close together take place one after the other, while posting goes on.
func (t *torture) strikeOut(ctx context.Context) error {
	for range 500 {
		if !slices.ContainsFunc(t.readers, (*Outlet).Pending) || ctx.Err() != nil {
			return nil
		}
		if err := t.await(ctx, t.checker.Posted()+20); err != nil {
			return err
		}
	}
	return nil
}

// await waits until that many posts have been acknowledged. A server that ends by itself meanwhile is a violation.
func (t *torture) await(ctx context.Context, posts int) error {
	select {
	case <-t.checker.Reached(posts):
		return nil
	case <-t.child.Ended():
		t.checker.Violate(Stuck, "the server ended by itself: %s", t.child.Obituary())
		return errViolated
	case <-ctx.Done():
		return nil
	}
}

// act does one step.
func (t *torture) act(ctx context.Context, s Step) error {
	if ctx.Err() != nil {
		return nil
	}
	switch s.Act {
	case CutReader:
		t.readers[s.Client].Inject(func(l *Line) { l.CutDown(s.Bytes, s.Rude) })
		return nil
	case CutWriter:
		t.writers[s.Client].Inject(func(l *Line) { l.CutUp(s.Bytes, s.Rude) })
		return nil
	case DropAnswer:
		t.writers[s.Client].Inject(func(l *Line) { l.Drop(s.Rude) })
		return nil
	case Stall:
		t.tally.stalls.Add(1)
		t.readers[s.Client].Inject(func(l *Line) { l.Still(s.Wait) })
		return nil
	case Leave:
		t.tally.absences.Add(1)
		t.readers[s.Client].Leave(s.Wait)
		return nil
	}
	t.checker.Note("nemesis", string(s.Act))
	switch s.Act {
	case Kill:
		t.child.Kill()
		t.tally.kills.Add(1)
		return t.start(ctx, "a kill")
	case Stop:
		t.tally.stops.Add(1)
		if err := t.child.Stop(); err != nil {
			t.checker.Violate(Stuck, "SIGTERM: %v", err)
		}
		return t.start(ctx, "a stop")
	case PowerCut:
		return t.cutPower(ctx)
	case SyncFail:
		return t.failSyncs(ctx, s.Wait)
	case DiskFull:
		return t.fillDisk(ctx, s.Wait)
	case Strike:
		return t.strike(ctx, s.Point)
	case Backup:
		return t.backUp(ctx)
	case Check:
		t.tally.checks.Add(1)
		t.working.Lock()
		defer t.working.Unlock()
		return t.compare(ctx)
	}
	return fmt.Errorf("there is no act %q", s.Act)
}

// start starts the server after something; that it does not start is a violation.
func (t *torture) start(ctx context.Context, after string, extra ...string) error {
	err := t.child.Start(ctx, extra...)
	if err == nil || ctx.Err() != nil {
		return nil
	}
	t.checker.Violate(Stuck, "after %s: %v", after, err)
	return errViolated
}

// cutPower takes the power from everything at once: the server is halted first, so that it cannot answer for a sync that is
// under way when the disk goes.
func (t *torture) cutPower(ctx context.Context) error {
	t.tally.powerCuts.Add(1)
	if err := t.child.Halt(ctx); err != nil {
		return t.unless(ctx, err)
	}
	if err := t.disk.Drop(); err != nil {
		return err
	}
	return t.recover(ctx, "a power cut")
}

// failSyncs has the server live on for d with a disk that fails every write and sync, and then cuts the power. Nothing that
// it acknowledges meanwhile will be there. A sync that is under way when the disk goes may succeed and not hold, which no
// program could know; so the disk goes when none is.
func (t *torture) failSyncs(ctx context.Context, d time.Duration) error {
	t.tally.syncFails.Add(1)
	if err := t.child.HaltAtRest(ctx); err != nil {
		return t.unless(ctx, err)
	}
	if err := t.disk.Drop(); err != nil {
		return err
	}
	if err := t.child.Resume(); err != nil {
		return err
	}
	_ = rest(ctx, d)
	return t.recover(ctx, "failed syncs")
}

// recover brings disk and server back.
func (t *torture) recover(ctx context.Context, after string) error {
	t.child.Kill()
	if err := t.disk.Remount(ctx); err != nil {
		return err
	}
	return t.start(ctx, after)
}

// fillDisk leaves no room on the disk until somebody has been told so, and for d after that. The server is started anew
// before, because files that have grown already take a while to be full.
func (t *torture) fillDisk(ctx context.Context, d time.Duration) error {
	if err := t.child.Stop(); err != nil {
		t.checker.Violate(Stuck, "SIGTERM: %v", err)
	}
	if err := t.start(ctx, "a stop"); err != nil || ctx.Err() != nil {
		return err
	}
	if err := t.disk.Fill(); err != nil {
		return err
	}
	told := t.tally.unavailable.Load()
	for range 250 {
		if t.tally.unavailable.Load() > told || rest(ctx, 20*time.Millisecond) != nil {
			break
		}
	}
	if t.tally.unavailable.Load() > told {
		t.tally.diskFulls.Add(1)
	}
	_ = rest(ctx, d)
	return t.disk.Free()
}

// strike starts the server with a failpoint and waits until it has struck: until the server is gone, or until more has been
// posted where it does not kill. One that does not strike in time was not reached, and is not counted.
func (t *torture) strike(ctx context.Context, point string) error {
	t.child.Kill()
	t.checker.Note("nemesis", point)
	err := t.child.Start(ctx, t.FaultVariable+"="+point)
	switch kills := strings.Contains(point, "=crash"); {
	case ctx.Err() != nil:
		return nil
	case kills && (err != nil || t.child.Gone(ctx, crashTime) == nil):
		t.tally.strikes.Add(1)
	case strings.Contains(point, "=error") && errors.Is(err, errNotStarted):
		// A server that has something to store when it starts, and cannot, says so and does not start.
		t.tally.strikes.Add(1)
	case err != nil:
		t.checker.Violate(Stuck, "with the failpoint %s: %v", point, err)
		return errViolated
	case !kills:
		if err := t.await(ctx, t.checker.Posted()+strikePosts); err != nil || ctx.Err() != nil {
			return err
		}
		t.tally.strikes.Add(1)
	}
	t.child.Kill()
	return t.start(ctx, "the failpoint "+point)
}

// backUp makes a backup while everybody works, and restores it a little later, when nothing is under way.
func (t *torture) backUp(ctx context.Context) error {
	file := filepath.Join(t.Dir, fmt.Sprintf("backup-%d.db", t.tally.backups.Add(1)))
	mark := t.checker.Mark()
	if _, err := t.child.Command(ctx, "backup", file, "--data", t.child.data); err != nil {
		return t.unless(ctx, err)
	}
	defer os.Remove(file)
	if err := t.await(ctx, t.checker.Posted()+200); err != nil || ctx.Err() != nil {
		return err
	}
	t.working.Lock()
	defer t.working.Unlock()
	if err := t.compare(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	if err := t.child.Stop(); err != nil {
		t.checker.Violate(Stuck, "SIGTERM: %v", err)
	}
	if err := t.audit(ctx); err != nil {
		return t.unless(ctx, err)
	}
	if _, err := t.child.Command(ctx, "restore", file, "--replace", "--data", t.child.data); err != nil {
		return t.unless(ctx, err)
	}
	if err := t.withStore(ctx, func(read Reading) error { return t.checker.Restored(read, mark) }); err != nil {
		return t.unless(ctx, err)
	}
	t.restoreCircles()
	t.era.Add(1)
	if err := t.clearAside(); err != nil {
		return err
	}
	return t.start(ctx, "a restore")
}

// unless is err, but nil when the run has been ended.
func (t *torture) unless(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// clearAside removes the databases that restores have set aside, so that many of them do not fill the disk.
func (t *torture) clearAside() error {
	entries, err := os.ReadDir(t.child.data)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.Contains(e.Name(), "replaced") || strings.Contains(e.Name(), "before-restore") {
			if err := os.RemoveAll(filepath.Join(t.child.data, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// openFresh opens a room afresh on a socket, by id or name, and is the answer.
func openFresh(s *wireSocket, id int64, room string) (Opened, error) {
	var o Opened
	err := s.ask(id, map[string]any{"do": "open", "room": room, "limit": chat.PageLimit}, &o)
	return o, err
}

// learn reads the messages that nobody has seen yet.
func (t *torture) learn(s *wireSocket, room chat.RoomID) error {
	for n := t.checker.Unknown(room, 1); n > 0; n = t.checker.Unknown(room, n+1) {
		var page Opened
		if err := s.ask(n, map[string]any{"do": "history", "room": room, "around": n, "limit": chat.PageLimit}, &page); err != nil {
			return err
		}
		t.checker.Paged("a page", room, page)
	}
	return nil
}

// compare waits until every reader has caught up and holds them against fresh loads. Nothing may be under way.
func (t *torture) compare(ctx context.Context) error {
	address, err := t.child.Up(ctx)
	if err != nil {
		return nil
	}
	s, err := dialSocket(ctx, new(Outlet), address, "/ws", "")
	if err != nil {
		return t.unless(ctx, err)
	}
	defer s.close()
	var asked []Asked
	var fresh []Opened
	for i, room := range t.rooms {
		asked = append(asked, t.checker.Ask(room, chat.Position{}))
		o, err := openFresh(s, int64(i+1), room.String())
		if err != nil {
			return t.unless(ctx, err)
		}
		t.checker.Head(o)
		if err := t.learn(s, room); err != nil {
			return t.unless(ctx, err)
		}
		fresh = append(fresh, o)
	}
	if err := t.caughtUp(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	for i := range fresh {
		t.checker.Compare(asked[i], fresh[i])
	}
	return t.settleCircles(ctx)
}

// caughtUp waits until every reader has reached the head.
func (t *torture) caughtUp(ctx context.Context) error {
	late := time.NewTimer(catchUpTime)
	defer late.Stop()
	for {
		lagging, moved := t.checker.Lagging()
		if len(lagging) == 0 {
			return nil
		}
		select {
		case <-moved:
		case <-late.C:
			t.checker.Violate(Lost, "%v after the last message these have not been given everything: %s",
				catchUpTime, strings.Join(lagging[:min(len(lagging), 10)], ", "))
			return errViolated
		case <-ctx.Done():
			return nil
		}
	}
}

// withStore opens the database while no server runs.
func (t *torture) withStore(ctx context.Context, f func(read Reading) error) error {
	store, err := t.Open(ctx, t.child.data)
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	err = f(func(f func(chat.Snapshot) error) error { return store.Read(ctx, f) })
	return errors.Join(err, store.Close())
}

// audit holds the store against the history while no server runs.
func (t *torture) audit(ctx context.Context) error {
	if err := t.withStore(ctx, t.checker.Audit); err != nil {
		return err
	}
	if err := t.withStore(ctx, t.auditCircles); err != nil {
		return err
	}
	if _, counts := t.checker.Violations(); sum(counts) > 0 {
		return errViolated
	}
	return nil
}

// last looks at everything when the run is over: readers against fresh loads, the store against the history, and the
// database itself. The server ends by a stop, as the operator's own would.
func (t *torture) last(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	if err := t.child.Stop(); err != nil {
		t.checker.Violate(Stuck, "SIGTERM: %v", err)
	}
	if err := t.audit(ctx); err != nil {
		return err
	}
	store, err := t.Open(ctx, t.child.data)
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	faults, err := store.Faults(ctx)
	for _, fault := range faults {
		t.checker.Violate(Damaged, "%s", fault)
	}
	return errors.Join(err, store.Close())
}

func sum(counts map[Kind]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
