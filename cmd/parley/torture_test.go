//go:build torture

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/fault"
	"parley/internal/verify"
)

// built builds the program with a tag, or without.
func built(t *testing.T, tag string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley")
	out, err := exec.Command("go", "build", "-tags", tag, "-o", path, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("building with %q: %v\n%s", tag, err, out)
	}
	return path
}

// A found is what "parley verify" says of a run.
type found struct {
	Found      map[string]int `json:"found"`
	Violations []struct {
		Text string `json:"text"`
	} `json:"violations"`
}

// tortured has one program verify another, by a plan that is always the same, and returns the exit code too.
func tortured(t *testing.T, program, server string, flags ...string) (int, found) {
	t.Helper()
	args := append([]string{
		"verify", "--server", server, "--dir", t.TempDir(), "--json", "--seed", "1", "--duration", "5m",
		"--messages", "4000", "--resumes", "100", "--backups", "0",
	}, flags...)
	verify := exec.Command(program, args...)
	verify.Stderr = t.Output()
	out, err := verify.Output()
	exit, ended := errors.AsType[*exec.ExitError](err)
	if err != nil && !ended {
		t.Fatal(err)
	}
	var f found
	if err := json.Unmarshal(out, &f); err != nil {
		t.Fatalf("not a report: %v\n%s", err, out)
	}
	if ended {
		return exit.ExitCode(), f
	}
	return 0, f
}

// needsDisk skips the test where the power of a disk cannot be cut; where CI runs it, it fails.
func needsDisk(t *testing.T) {
	t.Helper()
	disk, err := verify.NewDisk(t.Context(), t.TempDir(), 0)
	switch {
	case err == nil:
		err = disk.Close()
	case errors.Is(err, verify.ErrNoDisk) && os.Getenv("CI") != "true":
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestTorturePlanted has the run find each mistake that can be planted, and none without one.
func TestTorturePlanted(t *testing.T) {
	program := built(t, "")
	for _, c := range []struct {
		tag, kind string
		flags     []string
		disk      bool // it takes a power cut to see it
		alone     bool // and nothing else is found
	}{
		{tag: "fault_ack", kind: "lost", flags: []string{"--kills", "10"}},
		{tag: "fault_key", kind: "doubled", flags: []string{"--kills", "10"}},
		{tag: "fault_resume", kind: "gap", flags: []string{"--kills", "10"}},
		{tag: "fault_member", kind: "leaked", flags: []string{"--kills", "10"}, alone: true},
		{tag: "fault_sync", kind: "lost", flags: []string{"--kills", "0", "--cuts", "5"}, disk: true},
	} {
		t.Run(c.tag+" turns the run red", func(t *testing.T) {
			if c.disk {
				needsDisk(t)
			}
			code, got := tortured(t, program, built(t, c.tag), c.flags...)
			if code != 1 || got.Found[c.kind] == 0 {
				t.Errorf("got exit code %d and %v, want 1 and the kind %q", code, got.Found, c.kind)
			}
			for kind, n := range got.Found {
				if c.alone && kind != c.kind && n > 0 {
					t.Errorf("got %d of the kind %q too: %v", n, kind, got.Violations)
				}
			}
		})
		t.Run("without "+c.tag+" the same run is green", func(t *testing.T) {
			if c.disk {
				needsDisk(t)
			}
			code, got := tortured(t, program, program, c.flags...)
			if code != 0 || len(got.Violations) != 0 {
				t.Errorf("got exit code %d and %v, want 0 and nothing", code, got)
			}
		})
	}
}

// TestTortureNoTrace looks into the program as it is released.
func TestTortureNoTrace(t *testing.T) {
	traces := []string{
		string(fault.Commit), string(fault.Delivery), string(fault.Migration), string(fault.LogWrite), string(fault.LogSync),
		string(fault.CheckpointWrite), string(fault.CheckpointSync), "PARLEY_FAULT",
		fault.EarlyAnswer, fault.ForgottenKeys, fault.SkippedChange, fault.TrustedCursor, fault.NoSync,
	}
	sound, faulty := built(t, ""), built(t, "fault")
	symbols := func(path string) string {
		out, err := exec.Command("go", "tool", "nm", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "parley/internal/fault") || strings.Contains(line, "store.answerEarly") || strings.Contains(line, "store.skipChange") {
				list = append(list, line)
			}
		}
		return strings.Join(list, "")
	}
	if got := symbols(sound); got != "" {
		t.Errorf("a build without tags has these symbols:\n%s", got)
	}
	if symbols(faulty) == "" {
		t.Error("a build with failpoints shows none: this test would find nothing")
	}
	program, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range traces {
		if bytes.Contains(program, []byte(trace)) {
			t.Errorf("a build without tags holds %q", trace)
		}
	}
}
