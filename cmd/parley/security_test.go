package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gobwas/ws/wsutil"

	"parley/internal/admin"
	"parley/internal/api"
	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/pages"
)

// request asks the world's server as a cell's actor, or as nobody with nil; headers come in pairs.
func (w *world) request(c *cell, method, path, body string, header ...string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if c != nil && c.token != "" {
		r.Header.Set("Cookie", "parley_session="+c.token)
	}
	if r.Header.Set("Content-Type", "application/x-www-form-urlencoded"); strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
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
	return response, string(text)
}

// one makes a cell.
func (w *world) one(actor, place string) *cell {
	w.t.Helper()
	var c *cell
	w.write(func(tx chat.Tx) (err error) {
		c, err = w.make(tx, actor, place)
		return err
	})
	return c
}

// addresses are all addresses that are served, with a cell's ids in them, by method.
func (w *world) addresses(c *cell) map[string]string {
	all := map[string]string{}
	for _, r := range w.server.routes {
		method, pattern, found := strings.Cut(r.Pattern, " ")
		if r.Door == "ws" || r.Door == "tutorial" || !found {
			continue
		}
		v := w.values(c, line{route: r.String()})
		if r.Door == "admin" {
			v = v.with("room", v["room_n"], "user", v["user_n"])
		}
		if strings.HasPrefix(pattern, "/{room}") {
			v = v.with("room", v["segment"])
		}
		all[method+" "+v.fill(pattern)] = method
	}
	return all
}

// TestHardening has every address that is served answer with the headers that guard browsers, and refuse other sites and hosts.
func TestHardening(t *testing.T) {
	w := newWorld(t)
	c := w.one("administrator", "public")
	addresses := w.addresses(c)
	for address, method := range map[string]string{"GET /no/such/page/at/all": "GET", "GET /~nothing/here/": "GET", "PUT /": "PUT", "GET /api/v1/nothing": "GET"} {
		addresses[address] = method
	}
	for address, method := range addresses {
		path := strings.TrimPrefix(address, method+" ")
		t.Run(address+" has the headers", func(t *testing.T) {
			for _, who := range []*cell{nil, c} {
				got, _ := w.request(who, method, path, "{}", "Sec-Fetch-Site", "cross-site")
				if method != "GET" && got.StatusCode != http.StatusForbidden {
					t.Errorf("from another site: got %d, want it refused", got.StatusCode)
				}
				if method == "GET" && got.StatusCode >= 500 {
					t.Errorf("got %d", got.StatusCode)
				}
				csp := got.Header.Get("Content-Security-Policy")
				for _, directive := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"} {
					if !strings.Contains(csp+";", directive+";") {
						t.Errorf("no %q in the policy %q", directive, csp)
					}
				}
				if strings.Contains(csp, "unsafe") || len(got.Header.Values("Content-Security-Policy")) != 1 {
					t.Errorf("got the policies %q", got.Header.Values("Content-Security-Policy"))
				}
				if got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("Referrer-Policy") == "" || got.Header.Get("Cross-Origin-Opener-Policy") != "same-origin" {
					t.Errorf("got %v", got.Header)
				}
				if to := got.Header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
					t.Errorf("it leads to %q", to)
				}
				if kind := got.Header.Get("Content-Type"); strings.HasPrefix(kind, "text/html") && got.Header.Get("Cache-Control") != "no-store" && got.StatusCode != http.StatusFound {
					t.Errorf("a page that may be kept: %q %q", kind, got.Header.Get("Cache-Control"))
				}
			}
		})
	}
}

// TestUnknownHost asks for other servers than the one of --base-url.
func TestUnknownHost(t *testing.T) {
	w := newWorld(t, "--base-url", "https://chat.example.org")
	for _, path := range []string{"/", "/api/v1/me", "/admin/", "/ws", "/-/sign-in"} {
		got, text := w.request(nil, "GET", path, "", "Host", "evil.example")
		if got.StatusCode != http.StatusMisdirectedRequest || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s of another host: got %d %s %q, want 421 in plain text", path, got.StatusCode, got.Header.Get("Content-Type"), text)
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/version"} {
		if got, _ := w.request(nil, "GET", path, "", "Host", "10.0.0.7:8000"); got.StatusCode != http.StatusOK {
			t.Errorf("%s of another host: got %d, want 200", path, got.StatusCode)
		}
	}
	got, _ := w.request(nil, "POST", "/", "username=zoe&room=lobby", "Host", "chat.example.org")
	cookies := got.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("got %d %v, want a cookie", got.StatusCode, got.Header)
	}
	if k := cookies[0]; k.Name != "__Host-parley_session" || !k.Secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" {
		t.Errorf("got the cookie %v", k)
	}
	if got.Header.Get("Strict-Transport-Security") == "" {
		t.Error("browsers are not told to stay with https")
	}
}

// TestForgedForwarding has somebody who is no proxy say that they are one, and a proxy speak.
func TestForgedForwarding(t *testing.T) {
	forged := []string{
		"X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example", "Forwarded", "for=203.0.113.9;host=evil.example;proto=https",
		"X-Real-IP", "203.0.113.9", "True-Client-IP", "203.0.113.9", "X-Original-URL", "/admin/", "X-Rewrite-URL", "/admin/", "X-HTTP-Method-Override", "DELETE",
	}
	for name, test := range map[string]struct {
		flags []string
		want  string // the session's network
		https bool
	}{
		"whom nobody trusts is taken for what the connection says": {nil, "127.0.0.1", false},
		"a trusted proxy is believed":                              {[]string{"--trusted-proxy", "127.0.0.1/32"}, "203.0.113.9", true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.flags...)
			got, text := w.request(nil, "POST", "/", "username=zoe&room=lobby", forged...)
			if got.StatusCode != http.StatusSeeOther {
				t.Fatalf("got %d %.300s", got.StatusCode, text)
			}
			if secure := got.Cookies()[0].Secure; secure != test.https {
				t.Errorf("got a secure cookie: %v, want %v", secure, test.https)
			}
			w.read(func(s chat.Snapshot) error {
				u, err := s.UserByName(chat.NameKey("zoe"))
				if err != nil {
					return err
				}
				sessions, err := s.SessionsOf(u.ID)
				if len(sessions) != 1 || sessions[0].Address != test.want {
					t.Errorf("got the sessions %+v, want one of %s", sessions, test.want)
				}
				return err
			})
			page, _ := w.request(nil, "GET", "/", "", forged...)
			if strings.Contains(page.Header.Get("Content-Security-Policy"), "evil.example") != test.https {
				t.Errorf("got the policy %q", page.Header.Get("Content-Security-Policy"))
			}
		})
	}
}

// hostile are values that would lead to another server, or add a header, where an address is made of them carelessly.
var hostile = []string{
	"//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, `\/evil.example`, "https://evil.example/", "http:evil.example", "%2f%2fevil.example",
	"/%2fevil.example", "/%5cevil.example", "javascript:alert(1)", "data:text/html,x", "/\tevil.example", "\t//evil.example", " //evil.example", "/x\r\nSet-Cookie: a=b",
	"/x%0d%0aSet-Cookie:%20a=b", "evil.example", ".evil.example", "@evil.example", "/..//evil.example", "/.//evil.example", "//evil.example/%2e%2e", "/\u2028/evil.example",
	"\u3002evil.example", "/;@evil.example", "//[::1]", "?next=//evil.example", "#//evil.example",
}

// TestRedirects gives hostile values to everything that makes an address of what it is given.
func TestRedirects(t *testing.T) {
	w := newWorld(t)
	const password = "correct horse battery"
	who := w.account("rita", password)
	leads := 0
	for _, bad := range hostile {
		q := url.QueryEscape(bad)
		for _, ask := range []struct{ method, path, body string }{
			{"POST", "/-/sign-in", "username=rita&password=" + url.QueryEscape(password) + "&next=" + q},
			{"POST", "/-/sign-in?next=" + q, "username=rita&password=" + url.QueryEscape(password)},
			{"POST", "/", "username=g&room=" + q},
			{"POST", "/", "username=" + q + "&room=lobby"},
			{"POST", "/", "username=rita&room=lobby&at=" + q},
			{"GET", "/" + url.PathEscape(bad) + "/x", ""},
			{"GET", "/x/" + url.PathEscape(bad), ""},
			{"GET", "/x/" + url.PathEscape(bad) + "?" + q, ""},
			{"GET", "/" + url.PathEscape(bad) + "/rita/", ""},
			{"GET", "/lobby/" + url.PathEscape(bad) + "/", ""},
			{"GET", "/admin/rooms/?back=" + q, ""},
			{"GET", "/-/move?next=" + q, ""},
			{"GET", "/-/oidc/none?next=" + q, ""},
			{"GET", "/-/me?next=" + q, ""},
			{"POST", "/-/sign-out", "next=" + q},
			{"POST", "/-/register", "username=x&password=y&next=" + q},
			{"GET", "//evil.example/%2e%2e", ""},
		} {
			c := who
			if strings.Contains(ask.path, "sign-in") || strings.Contains(ask.path, "sign-out") || ask.path == "/" && strings.Contains(ask.body, "=g&") {
				c = nil
			}
			got, _ := w.request(c, ask.method, ask.path, ask.body)
			if got.StatusCode >= 500 {
				t.Errorf("%s %s %s: got %d", ask.method, ask.path, ask.body, got.StatusCode)
			}
			if len(got.Header.Values("Set-Cookie")) > 1 || got.Header.Get("a") != "" {
				t.Errorf("%s %s %s: got the headers %v", ask.method, ask.path, ask.body, got.Header)
			}
			to := got.Header.Get("Location")
			if to == "" {
				continue
			}
			leads++
			// What a browser makes of it (WHATWG URL): tabs and line ends are left out, and a backslash is a slash.
			seen := strings.ReplaceAll(strings.Map(func(r rune) rune {
				if r == '\t' || r == '\r' || r == '\n' {
					return -1
				}
				return r
			}, to), `\`, "/")
			if u, err := url.Parse(seen); err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(seen, "/") || strings.HasPrefix(seen, "//") {
				t.Errorf("%s %s %s: leads to %q", ask.method, ask.path, ask.body, to)
			}
		}
	}
	if leads < 2*len(hostile) {
		t.Errorf("only %d answers led anywhere: this test would find nothing", leads)
	}
}

// account makes an account with a password, that is signed in.
func (w *world) account(name, password string) *cell {
	w.t.Helper()
	c := &cell{actor: "member"}
	w.write(func(tx chat.Tx) error {
		hash, err := auth.Hash(context.Background(), password)
		if err != nil {
			return err
		}
		c.me = chat.User{Name: name, NameKey: chat.NameKey(name), Kind: chat.Account, Password: hash, CreatedAt: 1, SeenAt: chat.Millis(tx.Now())}
		if err := tx.InsertUser(&c.me); err != nil {
			return err
		}
		c.token, err = w.session(tx, c.me.ID)
		return err
	})
	return c
}

// TestJSONOfAllSorts gives every verb and route that takes JSON what is not quite the JSON that it takes: there is an error that
// names the field, and never one of the server.
func TestJSONOfAllSorts(t *testing.T) {
	w := newWorld(t)
	w.write(func(tx chat.Tx) (err error) { w.vault, err = w.make(tx, "member", "private"); return err })
	deep := strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)
	wrong := []any{nil, true, "x", -1, 1.5, 1e300, []any{}, []any{1}, []any{"x"}, map[string]any{}, map[string]any{"a": 1}, "\u0000", json.Number("99999999999999999999")}
	for _, l := range slices.Concat(socketLines, roomLines, manageLines, moderationLines, apiLines) {
		if !strings.HasPrefix(l.body, "{") || l.body == "{}" || l.what != "" {
			continue
		}
		t.Run(l.name(), func(t *testing.T) {
			c := w.one("moderator", "public")
			if l.acts || strings.HasPrefix(l.route, "api") && strings.Contains(l.want, "uffffff+u") {
				c = w.one("administrator", "public")
			}
			v := w.values(c, l)
			fields := map[string]json.RawMessage{}
			if err := json.Unmarshal([]byte(v.fill(l.body)), &fields); err != nil {
				t.Fatal(err)
			}
			for name, good := range fields {
				for _, bad := range wrong {
					text, err := json.Marshal(bad)
					if err != nil {
						t.Fatal(err)
					}
					w.garbled(t, c, l, fmt.Sprintf("%s is %s", name, text), replaced(fields, name, text), name)
				}
				w.garbled(t, c, l, name+" is deep", replaced(fields, name, []byte(deep)), "")
				twice := bytes.TrimSuffix(replaced(fields, name, good), []byte("}"))
				w.garbled(t, c, l, name+" is there twice", append(twice, fmt.Sprintf(`,%q:{"x":[1]}}`, name)...), name)
			}
			for what, text := range map[string]string{"nothing": "", "a list": "[]", "deep": deep, "cut off": `{"room":`, "two": "{}{}", "no UTF-8": "{\"text\":\"\xff\"}", "null": "null"} {
				w.garbled(t, c, l, what, []byte(text), "")
			}
		})
	}
}

// replaced is an object with another value in one field.
func replaced(fields map[string]json.RawMessage, name string, value []byte) []byte {
	changed := map[string]json.RawMessage{}
	for n, v := range fields {
		changed[n] = v
	}
	changed[name] = value
	text := []byte("{")
	for n, v := range changed {
		text = append(append(fmt.Appendf(text, "%q:", n), v...), ',')
	}
	return append(bytes.TrimSuffix(text, []byte(",")), '}')
}

// garbled wants an answer to JSON that is wrong in a field: none of the server's own faults, and if it is said what is wrong with the
// frame or a value, then of that field.
func (w *world) garbled(t *testing.T, c *cell, l line, what string, body []byte, field string) {
	t.Helper()
	got := w.raw(c, l, body)
	switch code := got.str("code"); {
	case code == "internal" || got == nil:
		t.Errorf("%s: got %v", what, got)
	case field != "" && (code == "bad_frame" || code == "missing") && got.str("field") == "":
		t.Errorf("%s: got %v, want the field %q named", what, got, field)
	case code != "" && got.str("message") == "":
		t.Errorf("%s: got %v without a word", what, got)
	}
}

// raw has a cell's actor ask with a body as it is, and gives the error, an empty object if there was none, or nil for what no answer
// should be.
func (w *world) raw(c *cell, l line, body []byte) object {
	w.t.Helper()
	var text []byte
	if l.door() == "ws" {
		conn, early, status := w.dial("/ws", c.token)
		if status != http.StatusSwitchingProtocols {
			return nil
		}
		defer conn.Close()
		if rest, ok := bytes.CutPrefix(body, []byte("{")); ok {
			body = append(fmt.Appendf(nil, `{"id":1,"do":%q,`, l.pattern()), rest...)
			body = bytes.Replace(body, []byte(",}"), []byte("}"), 1)
		}
		if err := wsutil.WriteClientText(conn, body); err != nil {
			w.t.Fatal(err)
		}
		for !bytes.Contains(text, []byte(`"re":`)) && !bytes.Contains(text, []byte(`{"error"`)) {
			var err error
			if text, err = wsutil.ReadServerText(struct {
				io.Reader
				io.Writer
			}{early, conn}); err != nil {
				return object{} // the connection ends with what is no UTF-8
			}
		}
		var frame struct {
			Error object `json:"error"`
		}
		if err := json.Unmarshal(text, &frame); err != nil {
			return nil
		}
		if frame.Error == nil {
			return object{}
		}
		return frame.Error
	}
	method, pattern, _ := strings.Cut(l.pattern(), " ")
	response, answered := w.request(c, method, w.values(c, l).fill(pattern), string(body), "Content-Type", "application/json")
	if response.StatusCode >= 500 {
		return nil
	}
	if response.StatusCode < 300 {
		return object{}
	}
	var problem object
	if err := json.Unmarshal([]byte(answered), &problem); err != nil {
		return nil
	}
	return problem
}

// TestLogsKeepSecrets runs over the whole surface and reads what was logged: no token, no password, nothing of what people wrote.
func TestLogsKeepSecrets(t *testing.T) {
	w := newWorld(t)
	const password = "secret-password-1"
	c := w.account("lea", password)
	w.write(func(tx chat.Tx) (err error) { w.vault, err = w.make(tx, "member", "private"); return err })
	c.ana, c.tom, c.room, c.n = w.vault.ana, w.vault.tom, w.vault.room, w.vault.n
	secrets := []string{c.token, password, "secret-token", "secret-text", "secret-mail", w.server.setupToken}
	for address, method := range w.addresses(w.one("moderator", "public")) {
		path := strings.TrimPrefix(address, method+" ")
		form := url.Values{
			"username": {"lea"}, "password": {password}, "current": {password}, "token": {"secret-token"}, "text": {"secret-text"}, "why": {"secret-text"},
			"email": {"secret-mail@example.org"}, "bio": {"secret-text"}, "note": {"secret-text"}, "confirm": {"yes"}, "room": {"lobby"}, "key": {"k"},
		}
		if strings.Contains(path, "sign-out") || strings.Contains(path, "/delete") || strings.Contains(path, "devices") {
			continue // the session would end
		}
		if method == "GET" {
			w.request(c, method, path+"?token=secret-token&q=secret-text", "")
			w.request(nil, method, path+"?token=secret-token", "")
			continue
		}
		w.request(c, method, path+"?token=secret-token", form.Encode())
		w.request(c, method, path, `{"text":"secret-text","version":1,"why":"secret-text","bio":"secret-text","token":"secret-token"}`, "Idempotency-Key", "k")
		w.request(nil, method, path+"?token="+w.server.setupToken+"x", `{"text":["secret-text"]`)
		w.request(c, method, path, `"secret-text`, "Content-Type", "application/json")
	}
	w.askSocket(c, line{route: "ws post", body: `{"room":"r1","key":"k","text":"secret-text"}`}, values{})
	// What goes wrong on our side is logged: so the log is not empty, and says no secrets either.
	if logged := w.logged.String(); !strings.Contains(logged, "listening") {
		t.Fatalf("nothing was logged: this test would find nothing\n%s", logged)
	}
	for _, secret := range secrets {
		if logged := w.logged.String(); secret != "" && strings.Contains(logged, secret) {
			at := strings.Index(logged, secret)
			t.Errorf("%q was logged: …%s", secret, logged[max(0, at-200):min(len(logged), at+60)])
		}
	}
}

// TestRoutesWithoutRow has the server refuse to start with a route that has no row in the permission table.
func TestRoutesWithoutRow(t *testing.T) {
	w := newWorld(t)
	for name, own := range map[string]served{
		"a verb that there is not": {"GET /new", "rule", http.NotFoundHandler()},
		"no verb":                  {"GET /new", "", http.NotFoundHandler()},
	} {
		t.Run(name, func(t *testing.T) {
			if err := chat.CheckRoutes(append(slices.Clone(w.server.routes), chat.Route{Door: "server", Pattern: own.pattern, Verb: own.may})); err == nil {
				t.Error("got no error")
			}
			if _, err := (&server{}).route([]served{own}, &api.Door{}, &admin.Site{}, &pages.Pages{}); err == nil {
				t.Error("it would start")
			}
		})
	}
}
