package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func escape(room string) string { return url.PathEscape(room) }

func TestAPI(t *testing.T) {
	h := start(t)
	ana, ben, nobody := h.join("ana", "lobby"), h.join("ben", "lobby"), h.nobody()
	const messages = "/api/v1/rooms/lobby/messages"

	status, posted := ana.json("POST", messages, `{"text":"one"}`, "Idempotency-Key", "k1")
	if status != http.StatusCreated || posted.int("number") != 1 || posted.int("version") == 0 {
		t.Fatalf("got %d %v", status, posted)
	}
	t.Run("errors are problems that name the field", func(t *testing.T) {
		for name, test := range map[string]struct {
			who                *person
			method, path, body string
			header             []string
			status             int
			code, field        string
		}{
			"nobody posts":               {nobody, "POST", messages, `{"text":"x"}`, nil, 401, "unauthenticated", "room"},
			"no text":                    {ana, "POST", messages, `{}`, nil, 422, "missing", "text"},
			"a blank text":               {ana, "POST", messages, `{"text":" "}`, nil, 422, "invalid", "text"},
			"a long text":                {ana, "POST", messages, `{"text":"` + strings.Repeat("x", 8193) + `"}`, nil, 413, "too_long", "text"},
			"a long body":                {ana, "POST", messages, `{"text":"` + strings.Repeat("x", 70000) + `"}`, nil, 413, "too_long", ""},
			"broken JSON":                {ana, "POST", messages, `{"text":`, nil, 400, "bad_frame", ""},
			"not UTF-8":                  {ana, "POST", messages, "{\"text\":\"\xff\"}", nil, 400, "bad_frame", ""},
			"a number as text":           {ana, "POST", messages, `{"text":1}`, nil, 400, "bad_frame", "text"},
			"another text":               {ana, "POST", messages, `{"text":"two"}`, []string{"Idempotency-Key", "k1"}, 409, "key_reused", "key"},
			"a bad key":                  {ana, "POST", messages, `{"text":"two"}`, []string{"Idempotency-Key", "a b"}, 422, "invalid", "key"},
			"an unknown room":            {ana, "POST", "/api/v1/rooms/nowhere/messages", `{"text":"x"}`, nil, 404, "not_found", "room"},
			"others' message":            {ben, "PATCH", messages + "/1", `{"text":"x","version":1}`, nil, 403, "forbidden", "number"},
			"others' deletion":           {ben, "DELETE", messages + "/1", ``, nil, 403, "forbidden", "number"},
			"no version":                 {ana, "PATCH", messages + "/1", `{"text":"x"}`, nil, 422, "missing", "version"},
			"a stale version":            {ana, "PATCH", messages + "/1", `{"text":"x","version":999}`, nil, 409, "conflict", "version"},
			"a broken number":            {ana, "DELETE", messages + "/x", ``, nil, 422, "invalid", "number"},
			"a negative limit":           {ana, "GET", messages + "?limit=-1", ``, nil, 422, "invalid", "limit"},
			"two directions":             {ana, "GET", messages + "?before=3&after=1", ``, nil, 422, "invalid", "before"},
			"changes of nothing":         {ana, "GET", "/api/v1/changes", ``, nil, 422, "missing", "at"},
			"a broken place":             {ana, "GET", "/api/v1/changes?at=lobby:x", ``, nil, 422, "invalid", "at"},
			"an unknown place":           {ana, "GET", "/api/v1/changes?at=nowhere:1", ``, nil, 404, "not_found", "room"},
			"a broken id":                {ana, "GET", "/api/v1/people?ids=x", ``, nil, 422, "invalid", "ids"},
			"a search for nothing":       {ana, "GET", "/api/v1/search", ``, nil, 422, "missing", "q"},
			"a long search":              {ana, "GET", "/api/v1/search?q=" + strings.Repeat("x", 201), ``, nil, 413, "too_long", "q"},
			"a broken search":            {ana, "GET", "/api/v1/search?q=%ff", ``, nil, 422, "invalid", "q"},
			"an unknown place to search": {ana, "GET", "/api/v1/search?q=x&room=nowhere", ``, nil, 404, "not_found", "room"},
			"a broken page of a search":  {ana, "GET", "/api/v1/search?q=x&before=y", ``, nil, 422, "invalid", "before"},
			"a broken limit of a search": {ana, "GET", "/api/v1/search?q=x&limit=0", ``, nil, 422, "invalid", "limit"},
			"an unknown route":           {ana, "GET", "/api/v1/nothing", ``, nil, 404, "not_found", ""},
			"an unknown method":          {ana, "PUT", messages, ``, nil, 404, "not_found", ""},
			"another site's post":        {ana, "POST", messages, `{"text":"x"}`, []string{"Origin", "http://evil.example"}, 403, "forbidden", ""},
		} {
			t.Run(name, func(t *testing.T) {
				response, _ := test.who.do(test.method, test.path, strings.NewReader(test.body), test.header...)
				if got := response.Header.Get("Content-Type"); got != "application/problem+json" {
					t.Errorf("got content type %q", got)
				}
				status, got := test.who.json(test.method, test.path, test.body, test.header...)
				if status != test.status || got.str("code") != test.code || got.str("field") != test.field || got.str("detail") == "" || got.int("status") != int64(status) {
					t.Errorf("got %d %v, want %d %s in field %q", status, got, test.status, test.code, test.field)
				}
			})
		}
		if _, page := ana.json("GET", messages, ""); len(page.list("messages")) != 1 {
			t.Errorf("refused requests left %v", page)
		}
	})
	t.Run("pages", func(t *testing.T) {
		for n := 2; n <= 7; n++ {
			ana.json("POST", messages, fmt.Sprintf(`{"text":"%d"}`, n))
		}
		ana.json("DELETE", messages+"/4", "")
		for query, want := range map[string]string{
			"limit=3":          "[5 6 7] true",
			"before=5&limit=3": "[1 2 3] false",
			"before=5&limit=2": "[2 3] true",
			"after=2&limit=2":  "[3 5] true",
			"after=5":          "[6 7] false",
			"after=7":          "[] false",
		} {
			_, page := nobody.json("GET", messages+"?"+query, "")
			var numbers []int64
			for _, m := range page.list("messages") {
				numbers = append(numbers, m.int("number"))
			}
			if got := fmt.Sprint(numbers, page["more"]); got != want {
				t.Errorf("%s: got %s, want %s", query, got, want)
			}
		}
	})
	t.Run("edit and delete", func(t *testing.T) {
		status, edited := ana.json("PATCH", messages+"/1", fmt.Sprintf(`{"text":"uno","version":%d}`, posted.int("version")))
		if status != http.StatusOK || edited.int("version") <= posted.int("version") {
			t.Errorf("got %d %v", status, edited)
		}
		status, deleted := ana.json("DELETE", messages+"/1", "")
		if status != http.StatusOK || deleted.int("version") != edited.int("version")+1 {
			t.Errorf("got %d %v", status, deleted)
		}
	})
}

// events reads a stream.
func (p *person) events(query string) *wire {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), "GET", p.host.url+"/api/v1/changes?"+query, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	response, err := p.http.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = response.Body.Close() })
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/event-stream" {
		p.t.Fatalf("got %s %v", response.Status, response.Header)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 8<<20)
	return &wire{t: p.t, source: func() (string, error) {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data, nil
			}
		}
		return "", fmt.Errorf("the stream has ended: %w", lines.Err())
	}}
}

func TestChanges(t *testing.T) {
	h := start(t)
	ana := h.join("ana", "lobby")
	post := func(text string) object {
		_, posted := ana.json("POST", "/api/v1/rooms/lobby/messages", fmt.Sprintf(`{"text":%q}`, text))
		return posted
	}
	one := post("one")
	two := post("two")
	_, page := ana.json("GET", "/api/v1/rooms/lobby/messages", "")
	room := page.str("room")

	t.Run("a stream gives what was missed and then what comes", func(t *testing.T) {
		s := h.nobody().events(fmt.Sprintf("at=%s:%d", room, one.int("version")))
		if hello := s.want(func(o object) bool { return o["hello"] != nil }); hello.at("hello.me") != nil {
			t.Errorf("got %v", hello)
		}
		if got := s.change(two.int("version")); got.str("message.text") != "two" {
			t.Errorf("got %v", got)
		}
		three := post("three\nlines")
		if got := s.change(three.int("version")); got.str("message.text") != "three\nlines" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a stream from another epoch begins with a reset", func(t *testing.T) {
		s := h.nobody().events(fmt.Sprintf("at=%s:%d&epoch=other", room, one.int("version")))
		if got := s.want(func(o object) bool { return o["reset"] != nil }); got.str("reset.room") != room || len(got.list("reset.messages")) == 0 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a poll answers at once when there is something", func(t *testing.T) {
		_, got := ana.json("GET", fmt.Sprintf("/api/v1/changes?at=lobby:%d", one.int("version")), "")
		if changes := got.list("changes"); len(changes) == 0 || changes[0].str("message.text") != "two" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a poll waits for something", func(t *testing.T) {
		head := post("last")
		answered := make(chan object)
		go func() {
			_, got := h.nobody().json("GET", fmt.Sprintf("/api/v1/changes?at=%s:%d", room, head.int("version")), "")
			answered <- got
		}()
		ana.json("POST", "/api/v1/rooms/lobby/messages", `{"text":"new"}`)
		if got := <-answered; len(got.list("changes")) == 0 || got.list("changes")[0].str("message.text") != "new" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a poll tells that a room is gone", func(t *testing.T) {
		doomed := h.join("dora", "doomed")
		w, _ := doomed.socket()
		opened := w.ok("open", "room", "doomed")
		polly := h.join("polly", "lobby")
		answered := make(chan object)
		go func() {
			_, got := polly.json("GET", fmt.Sprintf("/api/v1/changes?at=%s:%d", opened.str("room"), opened.int("version")), "")
			answered <- got
		}()
		w.here("polly")
		h.deleteRoom(opened.str("room"))
		got := <-answered
		if c := got.list("changes"); len(c) != 1 || c[0].at("info.deleted") != true {
			t.Errorf("got %v, want the room's last change", got)
		}
	})
	t.Run("streams end when the server stops", func(t *testing.T) {
		s := ana.events("at=lobby")
		s.want(func(o object) bool { return o["reset"] != nil })
		if err := h.stop(); err != nil {
			t.Errorf("the server ended with %v\n%s", err, h.errs)
		}
	})
}
