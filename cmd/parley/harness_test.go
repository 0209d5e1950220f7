package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// asServer makes the test binary run as the program itself, so that a test can kill a real process.
const asServer = "PARLEY_TEST_RUN_AS_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		main()
	}
	os.Exit(m.Run())
}

// A host is a running server.
type host struct {
	t       *testing.T
	process *exec.Cmd
	data    string
	url     string // http://127.0.0.1:port
	setup   string // the set-up link
	errs    *bytes.Buffer
	waited  chan error
}

// start runs a server as a process of its own, on a free port, in a new data directory unless args name one.
func start(t *testing.T, args ...string) *host {
	t.Helper()
	h, lines := launch(t, args...)
	h.setup = h.line(lines, `here: (http://\S+)`)
	h.watch(lines)
	return h
}

// startOwned is start for a data directory that has an owner already, so that no set-up link is printed.
func startOwned(t *testing.T, args ...string) *host {
	t.Helper()
	h, lines := launch(t, args...)
	h.watch(lines)
	return h
}

func (h *host) watch(lines *bufio.Reader) {
	go func() {
		_, _ = io.Copy(io.Discard, lines)
		h.waited <- h.process.Wait()
	}()
	h.t.Cleanup(h.kill)
}

func launch(t *testing.T, args ...string) (*host, *bufio.Reader) {
	t.Helper()
	h := &host{t: t, errs: &bytes.Buffer{}, waited: make(chan error, 1)}
	h.data = filepath.Join(t.TempDir(), "data")
	given := strings.Join(args, " ")
	if !strings.Contains(given, "--data") {
		args = append(args, "--data", h.data)
	}
	if !strings.Contains(given, "--listen") {
		args = append(args, "--listen", "127.0.0.1:0")
	}
	h.process = exec.Command(os.Args[0], append([]string{"serve"}, args...)...)
	h.process.Env = append(os.Environ(), asServer+"=1")
	h.process.Stderr = h.errs
	out, err := h.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.process.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	h.url = h.line(lines, `ready: (http://\S+)`)
	return h, lines
}

func (h *host) line(r *bufio.Reader, pattern string) string {
	h.t.Helper()
	line, err := r.ReadString('\n')
	found := regexp.MustCompile(pattern).FindStringSubmatch(line)
	if err != nil || found == nil {
		_ = h.process.Process.Kill()
		_ = h.process.Wait()
		h.t.Fatalf("the server printed %q (%v), want %s\n%s", line, err, pattern, h.errs)
	}
	return found[1]
}

// kill ends the server without warning, if it still runs.
func (h *host) kill() {
	_ = h.process.Process.Kill()
	h.wait()
}

// stop asks the server to stop and returns how it ended.
func (h *host) stop() error {
	_ = h.process.Process.Signal(syscall.SIGTERM)
	return h.wait()
}

func (h *host) wait() error {
	err := <-h.waited
	h.waited <- err
	return err
}

func (h *host) address() string { return strings.TrimPrefix(h.url, "http://") }

// A person is a browser: a cookie jar.
type person struct {
	t    *testing.T
	host *host
	http http.Client
}

// nobody is a browser without a session.
func (h *host) nobody() *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	p := &person{t: h.t, host: h}
	p.http = http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return p
}

// deleteRoom has an owner, who is made by the set-up link, delete a room on the admin site.
func (h *host) deleteRoom(id string) {
	h.t.Helper()
	_, token, _ := strings.Cut(h.setup, "token=")
	owner := h.nobody()
	password := "correct horse battery"
	if status, body := owner.form("/-/setup", url.Values{"token": {token}, "username": {"olga"}, "password": {password}}); status != http.StatusSeeOther {
		h.t.Fatalf("set-up: %d %s", status, body)
	}
	if status, body := owner.form("/admin/rooms/delete", url.Values{"pick": {strings.TrimPrefix(id, "r")}, "confirm": {"yes"}}); status != http.StatusSeeOther {
		h.t.Fatalf("deleting %s: %d %s", id, status, body)
	}
}

// join is somebody who came in through the front door.
func (h *host) join(name, room string) *person {
	h.t.Helper()
	p := h.nobody()
	if status, body := p.form("/", url.Values{"username": {name}, "room": {room}}); status != http.StatusSeeOther {
		h.t.Fatalf("joining as %q in %q: %d %s", name, room, status, body)
	}
	return p
}

func (p *person) do(method, path string, body io.Reader, header ...string) (*http.Response, string) {
	p.t.Helper()
	r, err := http.NewRequest(method, p.host.url+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := p.http.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return response, string(text)
}

func (p *person) form(path string, values url.Values) (int, string) {
	p.t.Helper()
	response, body := p.do("POST", path, strings.NewReader(values.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	return response.StatusCode, body
}

// json asks with a JSON body and reads a JSON answer.
func (p *person) json(method, path, body string, header ...string) (int, object) {
	p.t.Helper()
	response, text := p.do(method, path, strings.NewReader(body), append([]string{"Content-Type", "application/json"}, header...)...)
	var o object
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		p.t.Fatalf("%s %s: %d, not JSON: %.200s", method, path, response.StatusCode, text)
	}
	return response.StatusCode, o
}

func (p *person) cookie() string {
	u, _ := url.Parse(p.host.url)
	var pairs []string
	for _, c := range p.http.Jar.Cookies(u) {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return strings.Join(pairs, "; ")
}

// An object is a JSON object; at walks into it.
type object map[string]any

func (o object) at(path string) any {
	var v any = map[string]any(o)
	for key := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

func (o object) int(path string) int64 {
	f, _ := o.at(path).(float64)
	return int64(f)
}

func (o object) str(path string) string {
	s, _ := o.at(path).(string)
	return s
}

func (o object) list(path string) []object {
	items, _ := o.at(path).([]any)
	list := make([]object, 0, len(items))
	for _, item := range items {
		m, _ := item.(map[string]any)
		list = append(list, m)
	}
	return list
}

func (o object) String() string {
	text, _ := json.Marshal(map[string]any(o))
	return string(text)
}

// handshake asks for an upgrade with the given header lines and returns the status.
func (h *host) handshake(path string, header ...string) int {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.address())
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.Close()
	var b strings.Builder
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", path, h.address())
	for _, line := range header {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("\r\n")
	if _, err := io.WriteString(conn, b.String()); err != nil {
		h.t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return response.StatusCode
}

// A wire is a WebSocket.
type wire struct {
	t    *testing.T
	conn net.Conn
	rw   io.ReadWriter
	next atomic.Int64
	kept []object // frames that were read while waiting for another

	source func() (string, error) // where frames come from instead of conn, if set
}

// connect opens a socket at a path, with the person's cookie and a good Origin.
func (p *person) connect(path string) *wire {
	p.t.Helper()
	header := http.Header{"Origin": {p.host.url}}
	if c := p.cookie(); c != "" {
		header.Set("Cookie", c)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, early, _, err := ws.Dialer{Header: ws.HandshakeHeaderHTTP(header)}.Dial(ctx, "ws://"+p.host.address()+path)
	if err != nil {
		p.t.Fatalf("connecting to %s: %v", path, err)
	}
	p.t.Cleanup(func() { _ = conn.Close() })
	var from io.Reader = conn
	if early != nil {
		from = io.MultiReader(early, conn)
	}
	return &wire{t: p.t, conn: conn, rw: struct {
		io.Reader
		io.Writer
	}{from, conn}}
}

// socket opens /ws and reads the hello.
func (p *person) socket() (*wire, object) {
	p.t.Helper()
	w := p.connect("/ws")
	return w, w.want(func(o object) bool { return o["hello"] != nil })
}

func (w *wire) send(text string) {
	w.t.Helper()
	if err := wsutil.WriteClientText(w.conn, []byte(text)); err != nil {
		w.t.Fatal(err)
	}
}

// read is the next frame, an error at the end of the connection.
func (w *wire) read() (object, error) {
	var text []byte
	var err error
	if w.source != nil {
		var line string
		line, err = w.source()
		text = []byte(line)
	} else {
		_ = w.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		text, err = wsutil.ReadServerText(w.rw)
	}
	if err != nil {
		return nil, err
	}
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, fmt.Errorf("not JSON: %.200s", text)
	}
	return o, nil
}

// want is the next frame that is wanted; the others are kept for later.
func (w *wire) want(wanted func(object) bool) object {
	w.t.Helper()
	for i, o := range w.kept {
		if wanted(o) {
			w.kept = append(w.kept[:i:i], w.kept[i+1:]...)
			return o
		}
	}
	for {
		o, err := w.read()
		if err != nil {
			w.t.Fatalf("waiting for a frame: %v (others: %v)", err, w.kept)
		}
		if wanted(o) {
			return o
		}
		w.kept = append(w.kept, o)
	}
}

// change is the next frame of that version of a room.
func (w *wire) change(version int64) object {
	w.t.Helper()
	return w.want(func(o object) bool { return o["re"] == nil && o["room"] != nil && o.int("version") == version })
}

// ask sends a verb with fields, "room", "r1", …, and returns the whole answer.
func (w *wire) ask(do string, fields ...any) object {
	w.t.Helper()
	q := map[string]any{"id": w.next.Add(1), "do": do}
	for i := 0; i+1 < len(fields); i += 2 {
		q[fields[i].(string)] = fields[i+1]
	}
	text, err := json.Marshal(q)
	if err != nil {
		w.t.Fatal(err)
	}
	w.send(string(text))
	id := w.next.Load()
	return w.want(func(o object) bool { return o.int("re") == id })
}

// ok is the "ok" of ask; an error fails the test.
func (w *wire) ok(do string, fields ...any) object {
	w.t.Helper()
	answer := w.ask(do, fields...)
	if answer["error"] != nil {
		w.t.Fatalf("%s %v: %v", do, fields, answer)
	}
	ok, _ := answer["ok"].(map[string]any)
	return ok
}

// wantError checks an error's code and field.
func wantError(t *testing.T, answer object, code, field string) {
	t.Helper()
	if answer.str("error.code") != code || answer.str("error.field") != field || answer.str("error.message") == "" {
		t.Errorf("got %v, want the error %s in field %q", answer, code, field)
	}
}
