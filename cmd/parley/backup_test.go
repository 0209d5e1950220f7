package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// backupOf backs up a data directory by the command.
func backupOf(t *testing.T, data string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "backup.db")
	if code, out, errs := command(t, "", "backup", path, "--data", data); code != 0 || !strings.Contains(out, path) {
		t.Fatalf("backup: got exit code %d, %q, %q", code, out, errs)
	}
	return path
}

// say posts over HTTP and is the answer.
func (p *person) say(text string) object {
	p.t.Helper()
	status, posted := p.json("POST", "/api/v1/rooms/lobby/messages", fmt.Sprintf(`{"text":%q}`, text))
	if status != 201 {
		p.t.Fatalf("posting: %d %v", status, posted)
	}
	return posted
}

// texts are what the lobby says, the newest 100 messages.
func (p *person) texts() []string {
	p.t.Helper()
	_, page := p.json("GET", "/api/v1/rooms/lobby/messages?limit=100", "")
	list := []string{}
	for _, m := range page.list("messages") {
		list = append(list, m.str("text"))
	}
	return list
}

func TestBackup(t *testing.T) {
	h := start(t)
	ana := h.join("ana", "lobby")
	ana.say("one")
	t.Run("is made while people post, and is a prefix", func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var acknowledged atomic.Int64
		began := make(chan struct{})
		var posting sync.WaitGroup
		posting.Go(func() {
			for n := 0; n < 90 && ctx.Err() == nil; n++ {
				ana.say(fmt.Sprint("more ", n))
				if acknowledged.Add(1) == 20 {
					close(began)
				}
			}
		})
		<-began
		least := acknowledged.Load()
		path := backupOf(t, h.data)
		most := acknowledged.Load() + 1
		stop()
		posting.Wait()
		data := filepath.Join(t.TempDir(), "data")
		if code, _, errs := command(t, "", "restore", path, "--data", data); code != 0 {
			t.Fatalf("restore: %d %s", code, errs)
		}
		r := start(t, "--data", data)
		got := r.nobody().texts()
		want := []string{"one"}
		for n := range len(got) - 1 {
			want = append(want, fmt.Sprint("more ", n))
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("messages (-got +want):\n%s", diff)
		}
		if n := int64(len(got)) - 1; n < least || n > most {
			t.Errorf("got %d messages, want from %d to %d", n, least, most)
		}
	})
	t.Run("replaces a file only by --force", func(t *testing.T) {
		path := backupOf(t, h.data)
		if code, _, errs := command(t, "", "backup", path, "--data", h.data); code != 1 || !strings.Contains(errs, "--force") {
			t.Errorf("got exit code %d and %q, want a refusal that names --force", code, errs)
		}
		if code, _, errs := command(t, "", "backup", path, "--force", "--data", h.data); code != 0 {
			t.Errorf("got exit code %d and %q, want it replaced", code, errs)
		}
	})
	t.Run("does not go to standard output", func(t *testing.T) {
		if code, _, errs := command(t, "", "backup", "--data", h.data, "--", "-"); code != 1 || !strings.Contains(errs, "standard output") {
			t.Errorf("got exit code %d and %q, want a refusal", code, errs)
		}
	})
	t.Run("works while no server runs, and changes nothing", func(t *testing.T) {
		if err := h.stop(); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(filepath.Join(h.data, databaseName))
		if err != nil {
			t.Fatal(err)
		}
		backupOf(t, h.data)
		if after, err := os.ReadFile(filepath.Join(h.data, databaseName)); err != nil || string(after) != string(before) {
			t.Errorf("the database was changed (%v)", err)
		}
	})
	t.Run("of no database is refused, and none is made", func(t *testing.T) {
		data := filepath.Join(t.TempDir(), "data")
		code, _, errs := command(t, "", "backup", filepath.Join(t.TempDir(), "backup.db"), "--data", data)
		if _, err := os.Stat(data); code != 1 || !strings.Contains(errs, "--data") || err == nil {
			t.Errorf("got exit code %d, %q and a directory %v, want a refusal", code, errs, err)
		}
	})
}

// TestRestore restores an hour-old backup, so to speak, under the feet of everybody who was there since.
func TestRestore(t *testing.T) {
	h := start(t)
	ana := h.join("ana", "lobby")
	ana.say("one")
	ana.say("two")
	backup := backupOf(t, h.data)
	ben := h.join("ben", "lobby") // came after the backup
	ben.say("three")
	ana.say("four")
	old, hello := ana.socket()
	opened := old.ok("open", "room", "lobby")
	at := map[string]any{"epoch": hello.str("hello.epoch"), "version": opened.int("version")}

	t.Run("is refused while the server runs", func(t *testing.T) {
		code, _, errs := command(t, "", "restore", backup, "--replace", "--data", h.data)
		if code != 1 || !strings.Contains(errs, fmt.Sprint("process ", h.process.Process.Pid)) {
			t.Errorf("got exit code %d and %q, want a refusal that names the process", code, errs)
		}
	})
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	t.Run("is refused over a database unless told to", func(t *testing.T) {
		code, _, errs := command(t, "", "restore", backup, "--data", h.data)
		if code != 1 || !strings.Contains(errs, "--replace") {
			t.Errorf("got exit code %d and %q, want a refusal that names --replace", code, errs)
		}
	})
	code, out, errs := command(t, "", "restore", backup, "--replace", "--data", h.data)
	if code != 0 || !strings.Contains(out, "replaced-") {
		t.Fatalf("restore: got exit code %d, %q, %q", code, out, errs)
	}
	start(t, "--data", h.data, "--listen", h.address())

	t.Run("what was backed up is there, and nothing else", func(t *testing.T) {
		if diff := cmp.Diff(ana.texts(), []string{"one", "two"}); diff != "" {
			t.Errorf("messages (-got +want):\n%s", diff)
		}
	})
	t.Run("who was there is still signed in, and who came later is not", func(t *testing.T) {
		_, hello := ana.socket()
		if hello.str("hello.me.user.name") != "ana" {
			t.Errorf("got %v, want ana", hello)
		}
		if _, hello := ben.socket(); hello.at("hello.me") != nil {
			t.Errorf("got %v, want nobody", hello)
		}
	})
	t.Run("a position from before is reset to what a fresh load shows", func(t *testing.T) {
		w, now := ana.socket()
		if now.str("hello.epoch") == at["epoch"] {
			t.Errorf("the epoch is %v, as before", at["epoch"])
		}
		fresh := w.ok("open", "room", "lobby")
		w.ok("close", "room", "lobby")
		// The head is lower than before. Also when it is as high again, what is there is not what was.
		for range 2 {
			resumed := w.ok("open", "room", "lobby", "at", at)
			if diff := cmp.Diff(resumed, fresh); diff != "" || resumed["reset"] != true {
				t.Errorf("resumed (-got +want a fresh load):\n%s", diff)
			}
			w.ok("close", "room", "lobby")
			for fresh.int("version") < opened.int("version") {
				ana.say("new")
				fresh = w.ok("open", "room", "lobby")
				w.ok("close", "room", "lobby")
			}
		}
		s := ana.events(fmt.Sprintf("at=lobby:%d&epoch=%s", opened.int("version"), at["epoch"]))
		if got := s.want(func(o object) bool { return o["reset"] != nil }); got.int("reset.version") != fresh.int("version") {
			t.Errorf("a stream: got %v, want a reset at %d", got, fresh.int("version"))
		}
		_, poll := ana.json("GET", fmt.Sprintf("/api/v1/changes?at=lobby:%d&epoch=%s", opened.int("version"), at["epoch"]), "")
		if resets := poll.list("resets"); len(resets) != 1 || resets[0].int("version") != fresh.int("version") {
			t.Errorf("a poll: got %v, want a reset at %d", poll, fresh.int("version"))
		}
	})
}

// TestRestoreKilled kills the command at many moments: either nothing has happened, or the restore happens.
func TestRestoreKilled(t *testing.T) {
	h := start(t)
	ana := h.join("ana", "lobby")
	for n := range 30 {
		ana.say(fmt.Sprint("backed up ", n, strings.Repeat(" and long", 800)))
	}
	backup := backupOf(t, h.data)
	outcomes := map[string]int{}
	// Later and later, until the kill comes too late.
	delay := 2 * time.Millisecond
	for round := 0; outcomes["restored"] < 2 && round < 60; round++ {
		data := filepath.Join(t.TempDir(), "data")
		h := start(t, "--data", data)
		h.join("cleo", "lobby").say("former")
		h.kill() // its newest messages are in the log only
		ctx, cancel := context.WithTimeout(t.Context(), delay)
		delay += delay / 5
		restore := exec.CommandContext(ctx, os.Args[0], "restore", backup, "--replace", "--data", data)
		restore.Env = append(os.Environ(), asServer+"=1")
		err := restore.Run()
		cancel()
		got := start(t, "--data", data).nobody().texts()
		switch {
		case len(got) == 30 && strings.HasPrefix(got[29], "backed up 29"):
			outcomes["restored"]++
		case len(got) == 1 && got[0] == "former" && err != nil:
			outcomes["as it was"]++
		default:
			t.Fatalf("round %d, which ended with %v: got %.100q", round, err, got)
		}
		if left, _ := filepath.Glob(filepath.Join(data, "parley.db.*")); len(left) > 0 {
			t.Errorf("round %d: got %v left behind", round, left)
		}
	}
	if len(outcomes) < 2 {
		t.Errorf("every kill came to the same: %v", outcomes)
	}
}
