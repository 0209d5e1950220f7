package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRestartConn has a thousand of the page's own connections, in one process of Node, lose their server and come back by
// themselves: every one, with every message, each once and in order. How long that takes is printed:
//
//	go test ./cmd/parley -run TestRestartConn -v
func TestRestartConn(t *testing.T) {
	const readers = 1000
	address, data := freeAddress(t), filepath.Join(t.TempDir(), "data")
	begin := func() *host {
		t.Helper()
		return start(t, "--limits", "off", "--listen", address, "--data", data)
	}
	h := begin()
	ana := h.join("ana", "lobby")
	said := 0
	say := func() (version int64) {
		t.Helper()
		for range 5 {
			said++
			status, answer := ana.json("POST", "/api/v1/rooms/lobby/messages", fmt.Sprintf(`{"text":"message %d"}`, said), "Idempotency-Key", fmt.Sprint(said))
			if status != 201 {
				t.Fatalf("posting: %d %v", status, answer)
			}
			version = answer.int("version")
		}
		return version
	}
	c := startCrowd(t, address, readers)
	c.have(t, say()).check(t, readers)
	for _, away := range []struct {
		name string
		end  func() error
	}{
		{"after kill -9", func() error { h.kill(); return nil }},
		{"after SIGTERM", func() error { return h.stop() }},
		{"after kill -9 again", func() error { h.kill(); return nil }},
	} {
		t.Run(away.name, func(t *testing.T) {
			c.have(t, say()) // somebody may have had a message only just now
			ended := time.Now()
			if err := away.end(); err != nil {
				t.Fatal(err)
			}
			h = begin()
			ready := time.Now()
			head := say()
			report := c.have(t, head)
			report.check(t, readers)
			report.print(t, ended, ready)
		})
	}
}

// A crowd is the program of web/test/restart.
type crowd struct {
	in  io.WriteCloser
	out *bufio.Reader
}

// A crowdReport is what happened until all readers were online and had what was said.
type crowdReport struct {
	Attempts []int64  // unix milliseconds
	Back     []int64  // as well
	ByHTTP   int      // links that were tried by HTTP because a socket did not greet for seconds
	Faults   []string // in what was received
}

func startCrowd(t *testing.T, address string, readers int) *crowd {
	t.Helper()
	bundles := t.TempDir()
	build := exec.Command("go", "run", ".", "-tests", bundles, "test/restart/crowd.ts")
	build.Dir = filepath.Join("..", "..", "web", "build")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("bundling: %v\n%s", err, out)
	}
	node := exec.Command("node", filepath.Join(bundles, "crowd.mjs"), address, fmt.Sprint(readers), "lobby")
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	node.Stderr = &errs
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = node.Process.Kill()
		_ = node.Wait()
		if t.Failed() {
			t.Log(errs.String())
		}
	})
	return &crowd{in: in, out: bufio.NewReaderSize(out, 1<<20)}
}

// have waits until every reader is online and has the version; the test fails after a minute.
func (c *crowd) have(t *testing.T, version int64) crowdReport {
	t.Helper()
	if _, err := fmt.Fprintln(c.in, version); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 1)
	go func() {
		line, _ := c.out.ReadString('\n')
		lines <- line
	}()
	select {
	case line := <-lines:
		var report crowdReport
		if err := json.Unmarshal([]byte(line), &report); err != nil {
			t.Fatalf("the crowd said %q: %v", line, err)
		}
		return report
	case <-time.After(time.Minute):
		t.Fatalf("not everybody has version %d", version)
		panic("not reached")
	}
}

// check is that all came back, and none was told anything twice, out of order or not at all.
func (r crowdReport) check(t *testing.T, readers int) {
	t.Helper()
	if len(r.Back) < readers {
		t.Errorf("%d of %d are back", len(r.Back), readers)
	}
	if len(r.Faults) > 0 {
		t.Errorf("%d faults, such as %q", len(r.Faults), r.Faults[0])
	}
}

// print tells how long it took them to come back, and how their attempts were spread over time.
func (r crowdReport) print(t *testing.T, ended, ready time.Time) {
	t.Helper()
	slices.Sort(r.Back)
	at := func(share float64) int64 { return r.Back[int(share*float64(len(r.Back)-1))] - ready.UnixMilli() }
	t.Logf("away for %d ms; back after it was ready: p50 %d ms, p99 %d ms, the last %d ms", ready.Sub(ended).Milliseconds(), at(0.5), at(0.99), at(1))
	const bin = 100 // milliseconds
	var bins []int
	for _, attempt := range r.Attempts {
		i := int(max(0, attempt-ended.UnixMilli()) / bin)
		for len(bins) <= i {
			bins = append(bins, 0)
		}
		bins[i]++
	}
	t.Logf("%d attempts, in each 100 ms from the end: %v; %d links tried by HTTP", len(r.Attempts), bins, r.ByHTTP)
}
