package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws/wsutil"

	"parley/internal/chat"
	"parley/internal/store"
)

// command runs the program in this process and returns its exit code and what it printed.
func command(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

func TestServe(t *testing.T) {
	t.Run("health, readiness, version", func(t *testing.T) {
		h := start(t)
		for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/version": `"version"`} {
			if r, body := h.nobody().do("GET", path, nil); r.StatusCode != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("%s: got %s %q, want 200 with %q", path, r.Status, body, want)
			}
		}
	})
	t.Run("a second server on the same directory is refused and told why", func(t *testing.T) {
		h := start(t)
		code, _, errs := command(t, "", "serve", "--data", h.data, "--listen", "127.0.0.1:0")
		if pid := fmt.Sprintf("process %d", h.process.Process.Pid); code != 1 || !strings.Contains(errs, pid) || !strings.Contains(errs, "--data") {
			t.Errorf("got exit code %d and %q, want 1 and the holder's %s", code, errs, pid)
		}
		if r, _ := h.nobody().do("GET", "/healthz", nil); r.StatusCode != http.StatusOK {
			t.Errorf("the first server: %s", r.Status)
		}
	})
	t.Run("settings that cannot be are refused by name", func(t *testing.T) {
		for _, test := range []struct{ flag, value string }{
			{"--limits", "maybe"},
			{"--text-limit", "0"},
			{"--text-limit", "x"},
			{"--frame-limit", "4096"},
			{"--frame-limit", "49663"},
			{"--text-limit", "20000"},
			{"--base-url", "ftp://example.org"},
			{"--base-url", "http://example.org/chat"},
			{"--trusted-proxy", "10.0.0.0/99"},
			{"--log-format", "xml"},
			{"--listen", "127.0.0.1:99999"},
			{"--nonsense", "1"},
		} {
			code, _, errs := command(t, "", "serve", "--data", filepath.Join(t.TempDir(), "d"), test.flag, test.value)
			if code == 0 || !strings.Contains(errs, test.flag) {
				t.Errorf("%s %s: got exit code %d and %q", test.flag, test.value, code, errs)
			}
		}
	})
	t.Run("--limits off needs loopback", func(t *testing.T) {
		code, _, errs := command(t, "", "serve", "--data", t.TempDir(), "--listen", ":0", "--limits", "off")
		if code != 1 || !strings.Contains(errs, "loopback") {
			t.Errorf("got exit code %d and %q", code, errs)
		}
	})
	t.Run("settings come from the environment too", func(t *testing.T) {
		t.Setenv("PARLEY_TEXT_LIMIT", "10")
		h := start(t)
		ana := h.join("ana", "lobby")
		w, hello := ana.socket()
		if hello.int("hello.limits.text") != 10 {
			t.Errorf("got %v", hello)
		}
		wantError(t, w.ask("post", "room", "lobby", "key", "k", "text", "eleven bytes"), "too_long", "text")
	})
	t.Run("a data directory that is a file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, errs := command(t, "", "serve", "--data", file); code != 1 || !strings.Contains(errs, "data directory") {
			t.Errorf("got exit code %d and %q", code, errs)
		}
	})
}

func TestStop(t *testing.T) {
	h := start(t, "--limits", "off")
	ana := h.join("ana", "lobby")
	w, _ := ana.socket()
	poster, _ := ana.socket()
	acknowledged := make(chan int)
	go func() {
		n := 0
		for {
			text := fmt.Sprintf(`{"id":%d,"do":"post","room":"lobby","key":"k%d","text":"%d"}`, n+1, n, n)
			if wsutil.WriteClientText(poster.conn, []byte(text)) != nil {
				break
			}
			got, err := poster.read()
			if err != nil {
				break
			}
			if got.at("ok.number") != nil {
				n++
			}
			if n == 20 {
				acknowledged <- n
			}
		}
		acknowledged <- n
	}()
	<-acknowledged
	if err := h.stop(); err != nil {
		t.Errorf("SIGTERM while posting: %v\n%s", err, h.errs)
	}
	_, err := w.read()
	for err == nil {
		_, err = w.read()
	}
	if closed, ok := errors.AsType[wsutil.ClosedError](err); !ok || closed.Code != 1001 {
		t.Errorf("the socket ended with %v, want the code 1001", err)
	}
	n := <-acknowledged
	if got := len(stored(t, h.data)); got < n {
		t.Errorf("%d of %d acknowledged messages are stored", got, n)
	}
}

// stored reads the texts of the lobby from the database of a server that has ended.
func stored(t *testing.T, data string) []string {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(data, "parley.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var texts []string
	err = s.Read(t.Context(), func(snapshot chat.Snapshot) error {
		room, err := snapshot.RoomByName("lobby")
		if err != nil {
			return err
		}
		for number := int64(0); ; {
			page, _, err := snapshot.MessagesAfter(room.ID, number, 1000)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, m := range page {
				if m.Number != number+1 {
					t.Errorf("number %d follows %d", m.Number, number)
				}
				number = m.Number
				texts = append(texts, m.Text)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestKill kills the server in the middle of posting: what was acknowledged is there, once and in order, and after the
// restart the same keys get the same answers and the readers resume.
func TestKill(t *testing.T) {
	const posters = 6
	data := filepath.Join(t.TempDir(), "data")
	h := start(t, "--limits", "off", "--data", data)
	var people []*person
	for i := range posters {
		people = append(people, h.join(fmt.Sprint("p", i), "lobby"))
	}
	answers := make([]map[string]object, posters) // by key
	enough := make(chan struct{}, posters)
	var posting sync.WaitGroup
	for i, p := range people {
		answers[i] = map[string]object{}
		w, _ := p.socket()
		posting.Go(func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("%d-%d", i, n)
				text := fmt.Sprintf(`{"id":%d,"do":"post","room":"lobby","key":%q,"text":%q}`, n+1, key, key)
				if wsutil.WriteClientText(w.conn, []byte(text)) != nil {
					return
				}
				var got object
				for got.int("re") != int64(n+1) {
					var err error
					if got, err = w.read(); err != nil {
						return
					}
				}
				answers[i][key], _ = got["ok"].(map[string]any)
				if n == 100 {
					enough <- struct{}{}
				}
			}
		})
	}
	<-enough
	h.kill()
	posting.Wait()

	texts := stored(t, data)
	place := map[string]int64{}
	for i, text := range texts {
		if place[text] != 0 {
			t.Errorf("%s is stored twice", text)
		}
		place[text] = int64(i + 1)
	}
	acknowledged := 0
	for _, byKey := range answers {
		for key, answer := range byKey {
			acknowledged++
			if place[key] != answer.int("number") {
				t.Errorf("%s was acknowledged as number %d and is stored as %d", key, answer.int("number"), place[key])
			}
		}
	}
	t.Logf("%d acknowledged, %d stored", acknowledged, len(texts))

	h2 := start(t, "--limits", "off", "--data", data, "--listen", h.address())
	people[0].host = h2
	w, _ := people[0].socket()
	again := w.ok("post", "room", "lobby", "key", "0-50", "text", "0-50")
	if again.String() != answers[0]["0-50"].String() {
		t.Errorf("after the restart the key 0-50 got %v, before %v", again, answers[0]["0-50"])
	}
}

func TestHistoryAfterRestart(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	h := start(t, "--data", data)
	ana := h.join("ana", "lobby")
	w, _ := ana.socket()
	opened := w.ok("open", "room", "lobby")
	w.ok("post", "room", "lobby", "key", "k", "text", "before")
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	h = start(t, "--data", data, "--listen", h.address())
	ana.host = h
	again, hello := ana.socket()
	if hello.str("hello.me.user.name") != "ana" {
		t.Errorf("after the restart the session is %v", hello.at("hello.me"))
	}
	resumed := again.ok("open", "room", "lobby", "at", map[string]any{"epoch": opened.str("epoch"), "version": opened.int("version")})
	if c := resumed.list("changes"); len(c) != 1 || c[0].str("message.text") != "before" {
		t.Errorf("got %v, want a resume with one message", resumed)
	}
}

func TestFlood(t *testing.T) {
	t.Run("who posts too much is told to wait", func(t *testing.T) {
		h := start(t)
		w, _ := h.join("ana", "lobby").socket()
		for n := range 150 {
			answer := w.ask("post", "room", "lobby", "key", fmt.Sprint(n), "text", "x")
			if answer["error"] == nil {
				continue
			}
			wantError(t, answer, "rate_limited", "")
			if n < 100 || answer.int("error.retry_after") < 1 {
				t.Errorf("got %v after %d posts", answer, n)
			}
			return
		}
		t.Error("150 posts at once were all taken")
	})
	t.Run("two hundred people behind one address join and talk within a minute", func(t *testing.T) {
		h := start(t)
		begun := time.Now()
		for i := range 200 {
			p := h.join(fmt.Sprint("guest ", i), "lobby")
			w, _ := p.socket()
			w.ok("open", "room", "lobby")
			w.ok("post", "room", "lobby", "key", "k", "text", "hello")
			_ = w.conn.Close()
		}
		t.Logf("took %v", time.Since(begun))
	})
	t.Run("limits off lifts them", func(t *testing.T) {
		h := start(t, "--limits", "off")
		w, _ := h.join("ana", "lobby").socket()
		for n := range 400 {
			w.ok("post", "room", "lobby", "key", fmt.Sprint(n), "text", "x")
		}
	})
}

// TestSetup has many people follow the set-up link at once: one of them becomes the owner.
func TestSetup(t *testing.T) {
	h := start(t)
	_, token, _ := strings.Cut(h.setup, "token=")
	made := make(chan int, 20)
	for i := range 20 {
		go func() {
			values := url.Values{"token": {token}, "username": {fmt.Sprint("owner", i)}, "password": {"correct horse battery"}}
			status, _ := h.nobody().form("/-/setup", values)
			made <- status
		}()
	}
	owners := 0
	for range 20 {
		if status := <-made; status == http.StatusSeeOther {
			owners++
		}
	}
	if owners != 1 {
		t.Errorf("%d people became the owner, want 1", owners)
	}
}
