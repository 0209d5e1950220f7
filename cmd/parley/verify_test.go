package main

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/verify"
)

// torment runs "parley verify" with the test binary as the server and is its exit code and its report.
func torment(t *testing.T, args ...string) (int, verify.Report) {
	t.Helper()
	t.Setenv(asServer, "1")
	dir := t.TempDir()
	code, out, errs := command(t, "", append([]string{"verify", "--json", "--dir", dir}, args...)...)
	var report verify.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("exit code %d, and no report: %q\n%s", code, out, errs)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	return code, report
}

func TestVerify(t *testing.T) {
	t.Run("a sound server keeps every promise", func(t *testing.T) {
		code, report := torment(t, "--messages", "1500", "--kills", "3", "--stops", "1", "--backups", "1", "--resumes", "30",
			"--checks", "1", "--seed", "5", "--duration", "2m")
		if code != 0 || report.Violated() {
			t.Errorf("got exit code %d and %v", code, report.Violations)
		}
		if report.Operations.Acknowledged < 1500 || report.Faults.Kills != 3 || report.Faults.Stops != 1 || report.Faults.Backups != 1 {
			t.Errorf("got %+v and %+v", report.Operations, report.Faults)
		}
		if report.Faults.Readers < 20 || report.Readers.Resumes < report.Faults.Readers || report.Readers.Frames < 1500 {
			t.Errorf("got %+v after %d cuts of readers", report.Readers, report.Faults.Readers)
		}
		if report.Seed != 5 || !strings.Contains(report.Replay, "--seed 5 --messages 1500 --kills 3") {
			t.Errorf("got %d and %q", report.Seed, report.Replay)
		}
		if !slices.ContainsFunc(report.Skipped, func(s string) bool { return strings.Contains(s, "power cuts") }) {
			t.Errorf("the report does not say that there were no power cuts: %q", report.Skipped)
		}
	})
	t.Run("a sound server keeps every promise when the disk fails", func(t *testing.T) {
		if os.Geteuid() != 0 && os.Getenv("CI") != "true" {
			t.Skip("a disk of its own takes root")
		}
		code, report := torment(t, "--messages", "1000", "--kills", "0", "--stops", "0", "--cuts", "3", "--sync-fails", "2",
			"--disk-fulls", "1", "--backups", "0", "--resumes", "10", "--checks", "1", "--seed", "6", "--duration", "2m")
		if code != 0 || report.Violated() {
			t.Errorf("got exit code %d and %v", code, report.Violations)
		}
		if report.Faults.PowerCuts != 3 || report.Faults.SyncFails != 2 || report.Operations.Retries == 0 {
			t.Errorf("got %+v and %+v", report.Operations, report.Faults)
		}
	})
	t.Run("what takes too long proves nothing", func(t *testing.T) {
		code, report := torment(t, "--messages", "100000000", "--kills", "0", "--backups", "0", "--duration", "2s")
		if code != 2 || report.Violated() {
			t.Errorf("got exit code %d and %v", code, report.Violations)
		}
	})
	t.Run("a program that is no server cannot be tortured", func(t *testing.T) {
		code, _, errs := command(t, "", "verify", "--server", "/bin/true", "--messages", "100", "--dir", t.TempDir())
		if code != 2 || !strings.Contains(errs, "did not start") {
			t.Errorf("got exit code %d and %q", code, errs)
		}
	})
	t.Run("settings that cannot be are refused by name", func(t *testing.T) {
		for _, test := range [][]string{
			{"--messages", "0"},
			{"--kills", "-1"},
			{"--writers", "0"},
			{"--server", filepath.Join(t.TempDir(), "missing")},
			{"--strikes", "1", "--server", "/bin/true"},
		} {
			if code, _, errs := command(t, "", append([]string{"verify"}, test...)...); code != 2 || !strings.Contains(errs, test[0]) {
				t.Errorf("%v: got exit code %d and %q", test, code, errs)
			}
		}
	})
}

// TestStoppedStore damages a database on purpose: the audit of the run must find it.
func TestStoppedStore(t *testing.T) {
	h := start(t)
	w, _ := h.join("ana", "lobby").socket()
	w.ok("post", "room", "lobby", "key", "k1", "text", "hello")
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	faults := func() string {
		opened, err := openStopped(t.Context(), h.data)
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		faults, err := opened.Faults(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(faults, "\n")
	}
	damage := func(file, statement string) {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(h.data, file))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if got := faults(); got != "" {
		t.Errorf("a sound database: got %q", got)
	}
	damage(indexName, `UPDATE messages SET version = 99`)
	if got := faults(); !strings.Contains(got, "search index") {
		t.Errorf("a damaged search index: got %q", got)
	}
	damage(databaseName, `INSERT INTO old_names (name_key, user_id) VALUES ('nobody', 999)`)
	if got := faults(); !strings.Contains(got, "foreign_key_check") || !strings.Contains(got, "old_names") {
		t.Errorf("a reference to nothing: got %q", got)
	}
}
