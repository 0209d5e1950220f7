package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gobwas/ws/wsutil"

	"parley/internal/chat"
)

// extras are fields that no request may decide by. They are added to every body that has no field of that name; a line that has
// such a field says so.
var extras = map[string]any{
	"role": "owner", "author": "u1", "by": "u1", "created_at": 1, "kind": "bot", "user_id": 1, "deactivated": true, "edited": 5, "approved": true,
}

// letters are the answers as they stand in the expectations.
var letters = map[string]byte{
	"ok": '+', "unauthenticated": 'u', "forbidden": 'f', "not_found": 'x', "invalid": 'i', "missing": 'm', "conflict": 'c', "name_taken": 't',
	"key_reused": 'k', "bad_frame": 'b', "too_long": 'l', "expired": 'e', "join page": 'j', "sign-in": 's', "rename page": 'r', "unavailable": 'n',
}

// An answer is what came back: its letter, and all of it that could give something away.
type answer struct {
	letter byte
	status int
	body   string // what was answered
	more   string // what came beside it, over a socket
	kind   string // the content type
}

func letter(code string) byte {
	if l, ok := letters[code]; ok {
		return l
	}
	return '!'
}

// values are what stands for {room}, $room and so on.
type values map[string]string

func (w *world) values(c *cell, l line) values {
	v := values{
		"room": c.room.ID.String(), "segment": c.room.Segment(), "user": c.ana.ID.String(), "tom": c.tom.ID.String(), "me": c.me.ID.String(),
		"username": c.me.Name, "number": "2", "version": strconv.FormatInt(c.versions[2], 10), "n": strconv.Itoa(c.n), "id": c.id, "report": c.id, "held": c.id,
		"ananame": c.ana.Name, "tomname": c.tom.Name, "provider": "none", "ref": c.room.ID.String(), "roomversion": strconv.FormatInt(c.room.InfoVersion, 10), "octet": strconv.Itoa(c.n % 250), "session": publicID(c.token),
		"room_n": strconv.FormatInt(int64(c.room.ID), 10), "user_n": strconv.FormatInt(int64(c.ana.ID), 10), "$": "",
	}
	if c.me.ID == 0 {
		v["username"] = fmt.Sprintf("visitor%d", c.n)
	}
	if l.others {
		v["session"] = publicID(w.vault.token)
		v["number"], v["version"] = "1", strconv.FormatInt(c.versions[1], 10)
	}
	return v
}

// publicID is what a session is called in the list of devices.
func publicID(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:8])
}

var placeholder = regexp.MustCompile(`\$([a-z_]+)|\{([a-z_]+|\$)\}`)

// fill puts values in place of $name, and in addresses of {name} escaped as a segment.
func (v values) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(p string) string {
		if name, ok := strings.CutPrefix(p, "$"); ok {
			if value, ok := v[name]; ok {
				return value
			}
			return p
		}
		name := strings.Trim(p, "{}")
		if value, ok := v[name]; ok {
			return url.PathEscape(value)
		}
		return p
	})
}

// with is v with other values.
func (v values) with(other ...string) values {
	changed := values{}
	for name, value := range v {
		changed[name] = value
	}
	for i := 0; i+1 < len(other); i += 2 {
		changed[other[i]] = other[i+1]
	}
	return changed
}

// ask has the cell's actor ask for what the line is about, with these values.
func (w *world) ask(c *cell, l line, v values) answer {
	w.t.Helper()
	switch l.door() {
	case "ws":
		return w.askSocket(c, l, v)
	case "tutorial":
		return w.askTutorial(c, l, v)
	case "server":
		if strings.HasPrefix(l.pattern(), "GET /ws/") {
			return w.askTutorial(c, l, v)
		}
		if l.pattern() == "/ws" {
			l.route, l.body = "ws ping", ""
			return w.askSocket(c, l, v)
		}
	}
	method, pattern, found := strings.Cut(l.pattern(), " ")
	if !found {
		method, pattern = "GET", l.pattern()
	}
	if l.address != "" {
		pattern = l.address
	}
	if l.door() == "pages" && strings.HasPrefix(pattern, "/{room}") {
		v = v.with("room", v["segment"])
	}
	if l.door() == "admin" {
		v = v.with("room", v["room_n"], "user", v["user_n"])
	}
	var body io.Reader
	kind := ""
	switch {
	case strings.HasPrefix(l.body, "{"):
		kind, body = "application/json", strings.NewReader(l.filled(v))
	case method == "POST" && (l.door() == "pages" || l.door() == "admin"):
		kind, body = "application/x-www-form-urlencoded", strings.NewReader(l.filled(v))
	}
	r, err := http.NewRequest(method, w.url+v.fill(pattern), body)
	if err != nil {
		w.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		r.Header.Set("Cookie", "parley_session="+c.token)
	}
	response, err := w.http.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	got := answer{status: response.StatusCode, body: string(text), kind: response.Header.Get("Content-Type")}
	got.letter = outcome(response, got.body)
	if got.kind == "application/zip" {
		got.body = w.unzipped(text)
	}
	return got
}

// unzipped is all that an archive holds.
func (w *world) unzipped(archive []byte) string {
	w.t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		w.t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err == nil {
			_, err = io.Copy(&all, r)
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	return all.String()
}

// outcome is the letter of an answer over HTTP.
func outcome(r *http.Response, body string) byte {
	to := r.Header.Get("Location")
	switch {
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/problem+json"):
		var problem struct {
			Code string `json:"code"`
		}
		_ = json.Unmarshal([]byte(body), &problem)
		return letter(problem.Code)
	case strings.HasPrefix(to, "/-/sign-in"):
		return letter("sign-in")
	case r.StatusCode < 400 && strings.Contains(body, `<form class="form" method="post" action="/">`):
		return letter("join page")
	case r.StatusCode < 400:
		return '+'
	}
	code := map[int]string{401: "unauthenticated", 403: "forbidden", 404: "not_found", 409: "conflict", 422: "invalid", 413: "too_long", 400: "bad_frame", 410: "expired", 503: "unavailable"}[r.StatusCode]
	return letter(code)
}

// askSocket connects, reads the hello, sends one frame and reads until its answer.
func (w *world) askSocket(c *cell, l line, v values) answer {
	conn, early, status := w.dial("/ws", c.token)
	if status != http.StatusSwitchingProtocols {
		return answer{status: status, letter: '!'}
	}
	defer conn.Close()
	if err := wsutil.WriteClientText(conn, []byte(`{"id":1,"do":"`+l.pattern()+`",`+strings.TrimPrefix(l.filled(v), "{"))); err != nil {
		w.t.Fatal(err)
	}
	got := answer{status: status}
	for {
		text, err := wsutil.ReadServerText(struct {
			io.Reader
			io.Writer
		}{early, conn})
		if err != nil {
			w.t.Fatalf("%s: %v after %s", l.route, err, got.more)
		}
		var frame struct {
			Re    int64           `json:"re"`
			OK    json.RawMessage `json:"ok"`
			Error *struct {
				Code string `json:"code"`
			} `json:"error"`
		}
		if err := json.Unmarshal(text, &frame); err != nil {
			w.t.Fatal(err)
		}
		switch {
		case frame.Re != 1 && frame.Error == nil:
			got.more += string(text)
			continue
		case frame.Error != nil:
			got.letter = letter(frame.Error.Code)
		default:
			got.letter = '+'
		}
		got.body = string(text)
		return got
	}
}

// askTutorial connects as the tutorial's client does and, for the line "message", speaks and hears itself.
func (w *world) askTutorial(c *cell, l line, v values) answer {
	conn, early, status := w.dial("/ws/notification/"+url.PathEscape(v["segment"])+"/", c.token)
	got := answer{status: status}
	switch status {
	case http.StatusSwitchingProtocols:
		got.letter = '+'
	case http.StatusNotFound:
		got.letter = 'x'
	case http.StatusForbidden:
		got.letter = 'f'
	case http.StatusUnauthorized:
		got.letter = 'u'
	default:
		got.letter = '!'
	}
	if conn == nil {
		return got
	}
	defer conn.Close()
	if got.letter != '+' || l.pattern() != "message" {
		return got
	}
	text, err := json.Marshal(map[string]any{"message": "hi", "room_name": v["segment"], "sender": v["username"], "by": "u1", "role": "owner"})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := wsutil.WriteClientText(conn, text); err != nil {
		w.t.Fatal(err)
	}
	if text, err = wsutil.ReadServerText(struct {
		io.Reader
		io.Writer
	}{early, conn}); err != nil {
		w.t.Fatal(err)
	}
	var frame struct {
		Error *struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	if err := json.Unmarshal(text, &frame); err != nil {
		w.t.Fatal(err)
	}
	if got.body = string(text); frame.Error != nil {
		got.letter = letter(frame.Error.Code)
	}
	return got
}

// dial asks for a WebSocket; conn is nil if there is none.
func (w *world) dial(path, token string) (net.Conn, io.Reader, int) {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	cookie := ""
	if token != "" {
		cookie = "Cookie: parley_session=" + token + "\r\n"
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", path, strings.TrimPrefix(w.url, "http://"), w.url, cookie); err != nil {
		w.t.Fatal(err)
	}
	early := bufio.NewReader(conn)
	response, err := http.ReadResponse(early, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		_ = conn.Close()
		return nil, nil, response.StatusCode
	}
	return conn, early, response.StatusCode
}

// leaks is what an answer shows of a room that the cell's actor may not read, "" for nothing.
func (c *cell) leaks(l line, a answer) string {
	secrets := []string{c.canary}
	switch {
	case l.sees && c.room.Kind == chat.DirectRoom:
		secrets = []string{"text 1 " + c.canary, "text 3 " + c.canary, "waiting " + c.canary}
	case c.at(mayRead) == '+' || l.sees:
		return ""
	case c.room.Kind != chat.Public && !l.echoes:
		secrets = append(secrets, c.room.Address)
	}
	for _, secret := range secrets {
		if strings.Contains(a.body, secret) || strings.Contains(a.more, secret) {
			return secret
		}
	}
	return ""
}
