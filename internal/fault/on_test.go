//go:build fault

package fault_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"parley/internal/fault"
)

// planned is the environment variable that makes the test binary a child with that plan, which writes until it ends.
const planned = "PARLEY_FAULT_TEST"

func TestMain(m *testing.M) {
	if plan, is := os.LookupEnv(planned); is {
		os.Exit(child(plan, os.Args[1]))
	}
	os.Exit(m.Run())
}

// child adds 20 rows to a database, prints the number of each that was committed, and "failed" for each that was not.
func child(plan, path string) int {
	if err := fault.Arm(plan); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(5)")
	if err == nil {
		db.SetMaxOpenConns(1)
		_, err = db.Exec(`CREATE TABLE IF NOT EXISTS rows (n INTEGER)`)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for n := range 20 {
		if _, err := db.ExecContext(context.Background(), `INSERT INTO rows VALUES ($1)`, n); err != nil {
			fmt.Println("failed", n)
			continue
		}
		fault.Point(fault.Commit)
		fmt.Println(n)
	}
	return 0
}

// run runs the child and returns what it printed and how it ended.
func run(t *testing.T, plan, path string) ([]string, error) {
	t.Helper()
	c := exec.Command(os.Args[0], path)
	c.Env = append(os.Environ(), planned+"="+plan)
	c.Stderr = os.Stderr
	out, err := c.Output()
	return strings.Split(strings.TrimSpace(string(out)), "\n"), err
}

func killed(err error) bool {
	e, ok := errors.AsType[*exec.ExitError](err)
	status, is := e.Sys().(syscall.WaitStatus)
	return ok && is && status.Signal() == syscall.SIGKILL
}

func rows(t *testing.T, path string) (list []string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := db.Query(`SELECT n FROM rows ORDER BY rowid`)
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	for all.Next() {
		var n string
		if err := all.Scan(&n); err != nil {
			t.Fatal(err)
		}
		list = append(list, n)
	}
	return list
}

func TestPoints(t *testing.T) {
	for _, c := range []struct {
		plan    string
		printed int  // lines before the end
		stored  int  // rows found then, -1 for as many as were printed
		killed  bool // it killed itself
		failed  int  // commits that failed
	}{
		{plan: "", printed: 20, stored: 20},
		{plan: "commit.before-answer=crash@7", printed: 6, stored: 7, killed: true},
		{plan: "commit.before-answer=delay:1ms@2-5", printed: 20, stored: 20},
		{plan: "log.sync=error@8-10", printed: 20, stored: 17, failed: 3},
		{plan: "log.write=error@20", printed: 20, stored: 19, failed: 1},
		{plan: "log.sync=error@5+", printed: 20, stored: -1, failed: -1},
		{plan: "checkpoint.write=crash", printed: -1, stored: -1, killed: true},
		{plan: "checkpoint.sync=crash@2", printed: -1, stored: -1, killed: true},
		{plan: "checkpoint.write=error@1-4", printed: 20, stored: 20},
		{plan: "checkpoint.sync=error@1-3, log.sync=delay:1ms", printed: 20, stored: 20},
	} {
		t.Run("plan "+c.plan, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "parley.db")
			printed, err := run(t, c.plan, path)
			if c.killed != (err != nil) || c.killed && !killed(err) {
				t.Fatalf("ended with %v, want killed: %v", err, c.killed)
			}
			acknowledged, failed := []string{}, 0
			for _, line := range printed {
				if strings.HasPrefix(line, "failed") {
					failed++
				} else {
					acknowledged = append(acknowledged, line)
				}
			}
			stored := rows(t, path)
			if c.printed >= 0 && len(printed) != c.printed || c.failed >= 0 && failed != c.failed || c.stored >= 0 && len(stored) != c.stored {
				t.Errorf("got %d lines, %d of them failures, and %d rows, want %d, %d and %d", len(printed), failed, len(stored), c.printed, c.failed, c.stored)
			}
			there := " " + strings.Join(stored, " ") + " "
			for _, n := range acknowledged {
				if !strings.Contains(there, " "+n+" ") {
					t.Errorf("%s was committed and is not there", n)
				}
			}
		})
	}
	t.Run("other databases are let alone", func(t *testing.T) {
		if printed, err := run(t, "log.sync=error@1+", filepath.Join(t.TempDir(), "search.db")); err != nil || len(printed) != 20 {
			t.Errorf("got %d lines and %v", len(printed), err)
		}
	})
}

func TestPlans(t *testing.T) {
	for _, bad := range []string{"nowhere=crash", "log.sync", "log.sync=explode", "log.sync=delay", "log.sync=delay:long", "log.sync=crash:1s", "log.sync=crash@x", "log.sync=crash@1-x"} {
		if err := fault.Arm(bad); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}

func TestClock(t *testing.T) {
	if err := fault.Arm("clock=jump:24h@3,clock=jump:-48h@4"); err != nil {
		t.Fatal(err)
	}
	now := fault.Now()
	for i, want := range []time.Duration{0, 0, 24 * time.Hour, -24 * time.Hour, -24 * time.Hour} {
		if got := now().Sub(time.Now()).Round(time.Minute); got != want {
			t.Errorf("asked %d times: got %v from now, want %v", i+1, got, want)
		}
	}
}
