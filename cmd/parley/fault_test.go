//go:build fault

package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// faulty starts a server in a data directory with a plan of faults.
func faulty(t *testing.T, plan, data string) *host {
	t.Helper()
	t.Setenv("PARLEY_FAULT", plan)
	defer t.Setenv("PARLEY_FAULT", "")
	return start(t, "--data", data, "--limits", "off")
}

// died waits for a server that kills itself.
func (h *host) died() {
	h.t.Helper()
	e, _ := errors.AsType[*exec.ExitError](h.wait())
	if e == nil {
		h.t.Fatal("the server ended by itself")
	}
	if status, is := e.Sys().(syscall.WaitStatus); !is || status.Signal() != syscall.SIGKILL {
		h.t.Fatalf("the server ended with %v\n%s", e, h.errs)
	}
}

// try posts with a key and returns the status, 0 if there was no answer.
func (p *person) try(key, text string) int {
	p.t.Helper()
	r, err := http.NewRequest("POST", p.host.url+"/api/v1/rooms/lobby/messages", strings.NewReader(fmt.Sprintf(`{"text":%q}`, text)))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	response, err := p.http.Do(r)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

// with is the same person at another server.
func (p *person) with(h *host) *person { return &person{t: p.t, host: h, http: p.http} }

func TestFaultCommit(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	h := faulty(t, "commit.before-answer=crash@10", data)
	ana := h.join("ana", "lobby")
	tried := 0
	for status := http.StatusCreated; status != 0; tried++ {
		if status != http.StatusCreated || tried > 100 {
			t.Fatalf("post %d: got status %d, want 201 or none", tried-1, status)
		}
		status = ana.try(fmt.Sprint("key-", tried), fmt.Sprint("text ", tried))
	}
	h.died()
	h = start(t, "--data", data)
	ana = ana.with(h)
	// The last one was stored before the crash, so it is there, and posting it again makes no other.
	for range 2 {
		got := ana.texts()
		if len(got) != tried || got[tried-1] != fmt.Sprint("text ", tried-1) {
			t.Errorf("got %q, want %d messages", got, tried)
		}
		if status := ana.try(fmt.Sprint("key-", tried-1), fmt.Sprint("text ", tried-1)); status != http.StatusCreated {
			t.Errorf("posting again: got status %d, want 201", status)
		}
	}
}

func TestFaultSync(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	h := faulty(t, "log.sync=error@12-14", data)
	ana := h.join("ana", "lobby")
	reader, _ := h.nobody().socket()
	reader.ok("open", "room", "lobby")
	refused := 0
	for n := range 20 {
		for {
			status := ana.try(fmt.Sprint("key-", n), fmt.Sprint("text ", n))
			if status == http.StatusCreated {
				break
			}
			if refused++; status != http.StatusServiceUnavailable || refused > 10 {
				t.Fatalf("post %d: got status %d, want 503 a few times", n, status)
			}
		}
	}
	if refused != 3 {
		t.Errorf("%d posts were refused, want 3", refused)
	}
	want := []string{}
	for n := range 20 {
		want = append(want, fmt.Sprint("text ", n))
		got := reader.want(func(o object) bool { return o.at("message.number") != nil })
		if got.str("message.text") != want[n] {
			t.Errorf("the reader got %v, want %q", got, want[n])
		}
	}
	h.kill()
	if diff := cmp.Diff(ana.with(start(t, "--data", data)).texts(), want); diff != "" {
		t.Errorf("after a kill (-got +want):\n%s", diff)
	}
}

func TestFaultDelivery(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	h := faulty(t, "answer.before-delivery=crash@4", data)
	ana := h.join("ana", "lobby")
	reader, hello := h.nobody().socket()
	head := reader.ok("open", "room", "lobby").int("version")
	tried := 0
	for status := http.StatusCreated; status != 0; tried++ {
		if status != http.StatusCreated || tried > 100 {
			t.Fatalf("post %d: got status %d, want 201 or none", tried-1, status)
		}
		status = ana.try(fmt.Sprint("key-", tried), fmt.Sprint("text ", tried))
	}
	h.died()
	for {
		o, err := reader.read()
		if err != nil {
			break
		}
		head = max(head, o.int("version"))
	}
	h = start(t, "--data", data)
	again, _ := h.nobody().socket()
	resumed := again.ok("open", "room", "lobby", "at", map[string]any{"epoch": hello.str("hello.epoch"), "version": head})
	got, all := resumed.list("changes"), ana.with(h).texts()
	if resumed["reset"] != nil || len(all) < tried-1 || len(got) == 0 || got[len(got)-1].str("message.text") != all[len(all)-1] {
		t.Errorf("resumed at %d: got %v, want what came after it, up to %q", head, resumed, all[len(all)-1])
	}
}

func TestFaultCheckpoint(t *testing.T) {
	for _, plan := range []string{"checkpoint.write=crash@3", "checkpoint.sync=crash", "checkpoint.write=error@1-2", "checkpoint.sync=error@1-2"} {
		t.Run(plan, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			h := faulty(t, plan, data)
			ana := h.join("ana", "lobby")
			// Long texts fill the log, whose pages then go into the database.
			long := strings.Repeat("long ", 1500)
			acknowledged := 0
			for acknowledged < 4000 {
				status := ana.try(fmt.Sprint("key-", acknowledged), fmt.Sprint(acknowledged, " ", long))
				if status == 0 {
					break
				}
				if status != http.StatusCreated {
					t.Fatalf("post %d: got status %d, want 201 or none", acknowledged, status)
				}
				acknowledged++
			}
			// A checkpoint that fails is no failure of a commit.
			if crashes := strings.Contains(plan, "crash"); crashes != (acknowledged < 4000) {
				t.Fatalf("%d posts were acknowledged, a crash was planned: %v", acknowledged, crashes)
			}
			h.kill()
			h = start(t, "--data", data)
			_, page := ana.with(h).json("GET", "/api/v1/rooms/lobby/messages?limit=1", "")
			if got := page.list("messages"); len(got) != 1 || got[0].int("number") < int64(acknowledged) {
				t.Errorf("got %.100v, want %d messages at least", page, acknowledged)
			}
		})
	}
}

func TestFaultMigration(t *testing.T) {
	crashed := 0
	for page := 1; ; page *= 2 {
		data := filepath.Join(t.TempDir(), "data")
		broken := exec.Command(os.Args[0], "admin", "list", "--data", data)
		broken.Env = append(os.Environ(), asServer+"=1", fmt.Sprintf("PARLEY_FAULT=migration.write=crash@%d", page))
		err := broken.Run()
		h := start(t, "--data", data)
		h.join("ana", "lobby").say("hello")
		h.kill()
		if err == nil {
			break // there are no more pages
		}
		crashed++
	}
	if crashed < 3 {
		t.Errorf("migrations were broken off %d times, want 3 at least", crashed)
	}
}

func TestFaultClock(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	h := faulty(t, "clock=jump:24h@40,clock=jump:-48h@80", data)
	ana := h.join("ana", "lobby")
	reader, hello := ana.socket()
	opened := reader.ok("open", "room", "lobby")
	const day = int64(24 * time.Hour / time.Millisecond)
	days, last := map[int64]bool{}, opened.int("version")
	for n := range 100 {
		if status := ana.try(fmt.Sprint("key-", n), fmt.Sprint("text ", n)); status != http.StatusCreated {
			t.Fatalf("post %d: got status %d", n, status)
		}
		got := reader.want(func(o object) bool { return o.at("message.number") != nil })
		if got.int("message.number") != int64(n+1) || got.int("version") <= last {
			t.Errorf("post %d: got %v after version %d", n, got, last)
		}
		last = got.int("version")
		days[(got.int("message.at")-chat.Millis(time.Now())+day/2+10*day)/day-10] = true
	}
	if diff := cmp.Diff(days, map[int64]bool{0: true, 1: true, -1: true}); diff != "" {
		t.Errorf("days from today on which messages were posted (-got +want):\n%s", diff)
	}
	resumed := reader.ok("open", "room", "lobby", "at", map[string]any{"epoch": hello.str("hello.epoch"), "version": opened.int("version")})
	if got := resumed.list("changes"); resumed["reset"] != nil || len(got) != 100 {
		t.Errorf("resumed: got %d changes, want 100", len(got))
	}
}
