package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSocketVerbs(t *testing.T) {
	h := start(t)
	ana, ben := h.join("ana", "lobby"), h.join("ben", "lobby")
	a, hello := ana.socket()
	b, _ := ben.socket()
	if hello.str("hello.me.user.name") != "ana" || hello.int("hello.limits.text") != 8192 || hello.list("hello.server.rooms")[0].str("name") != "lobby" {
		t.Fatalf("got %v", hello)
	}
	opened := a.ok("open", "room", "lobby")
	room, epoch := opened.str("room"), opened.str("epoch")
	b.ok("open", "room", room)
	if opened["reset"] != true || opened["messages"] == nil || opened["member"] != true {
		t.Errorf("got %v, want a snapshot", opened)
	}
	before := opened.int("version")

	posted := a.ok("post", "room", room, "key", "k1", "text", "hello\nworld <b>&")
	if posted.int("number") != 1 || posted.int("version") != before+1 {
		t.Errorf("got %v, want number 1 and version %d", posted, before+1)
	}
	for _, w := range []*wire{a, b} {
		got := w.change(before + 1)
		if got.str("message.text") != "hello\nworld <b>&" || got.str("message.key") != "k1" || got.int("message.number") != 1 || got.int("message.at") == 0 {
			t.Errorf("got %v", got)
		}
	}

	t.Run("the same key gives the same answer on every door and socket", func(t *testing.T) {
		again, _ := ana.socket()
		if got := again.ok("post", "room", "lobby", "key", "k1", "text", "hello\nworld <b>&"); cmp.Diff(posted, got) != "" {
			t.Errorf("got %v, want %v", got, posted)
		}
		status, got := ana.json("POST", "/api/v1/rooms/lobby/messages", `{"text":"hello\nworld <b>&"}`, "Idempotency-Key", "k1")
		if status != http.StatusCreated || cmp.Diff(posted, got) != "" {
			t.Errorf("got %d %v, want 201 %v", status, got, posted)
		}
	})
	t.Run("the same key with another text or room is refused and changes nothing", func(t *testing.T) {
		wantError(t, a.ask("post", "room", room, "key", "k1", "text", "other"), "key_reused", "key")
		garden := a.ok("join", "room", "garden").str("room")
		wantError(t, a.ask("post", "room", garden, "key", "k1", "text", "hello\nworld <b>&"), "key_reused", "key")
		if got := a.ok("history", "room", garden).list("messages"); len(got) != 0 {
			t.Errorf("got %v, want an empty room", got)
		}
	})
	t.Run("the same key of another user is another message", func(t *testing.T) {
		if got := b.ok("post", "room", room, "key", "k1", "text", "mine"); got.int("number") != 2 {
			t.Errorf("got %v, want number 2", got)
		}
	})
	t.Run("the same text twice is two messages", func(t *testing.T) {
		one := a.ok("post", "room", room, "key", "k2", "text", "again")
		two := a.ok("post", "room", room, "key", "k3", "text", "again")
		if two.int("number") != one.int("number")+1 {
			t.Errorf("got %v and %v", one, two)
		}
	})
	t.Run("edit shows to others, a stale one is a conflict, a repeated one is fine", func(t *testing.T) {
		first := a.ok("edit", "room", room, "number", 1, "version", posted.int("version"), "text", "hi")
		got := b.change(first.int("version"))
		if got.str("message.text") != "hi" || got.int("message.edited") == 0 || got.int("message.number") != 1 {
			t.Errorf("got %v", got)
		}
		stale := a.ask("edit", "room", room, "number", 1, "version", posted.int("version"), "text", "ho")
		wantError(t, stale, "conflict", "version")
		if stale.str("error.text") != "hi" || stale.int("error.version") != first.int("version") {
			t.Errorf("got %v, want the text and version of now", stale)
		}
		if got := a.ok("edit", "room", room, "number", 1, "version", posted.int("version"), "text", "hi"); got.int("version") != first.int("version") {
			t.Errorf("a repeated edit got %v, want version %d", got, first.int("version"))
		}
		wantError(t, b.ask("edit", "room", room, "number", 1, "version", first.int("version"), "text", "no"), "forbidden", "number")
	})
	t.Run("delete removes the text for good, twice is once, others' is forbidden", func(t *testing.T) {
		wantError(t, b.ask("delete", "room", room, "number", 1), "forbidden", "number")
		deleted := a.ok("delete", "room", room, "number", 1).int("version")
		got := b.change(deleted)
		if got.at("message.deleted") != true || got.at("message.text") != nil {
			t.Errorf("got %v", got)
		}
		if again := a.ok("delete", "room", room, "number", 1).int("version"); again != deleted {
			t.Errorf("deleting again got version %d, want %d", again, deleted)
		}
		wantError(t, a.ask("edit", "room", room, "number", 1, "version", deleted, "text", "no"), "not_found", "number")
	})
	t.Run("typing shows to others and ends with the message", func(t *testing.T) {
		a.ok("typing", "room", room)
		typing := func(n int) func(object) bool {
			return func(o object) bool { l, is := o["typing"].([]any); return is && len(l) == n }
		}
		b.want(typing(1))
		a.ok("post", "room", room, "key", "k4", "text", "done")
		b.want(typing(0))
	})
	t.Run("resume gives what was missed, edits and deletions too", func(t *testing.T) {
		head := a.ok("open", "room", room).int("version")
		at := map[string]any{"epoch": epoch, "version": before}
		resumed := b.ok("open", "room", room, "at", at)
		if resumed["reset"] != nil || resumed.int("version") != head {
			t.Fatalf("got %v, want a resume up to %d", resumed, head)
		}
		numbers := map[int64]bool{}
		last := before
		for _, c := range resumed.list("changes") {
			if c.int("version") <= last {
				t.Errorf("version %d after %d", c.int("version"), last)
			}
			last = c.int("version")
			numbers[c.int("message.number")] = c.at("message.deleted") == true
		}
		if last != head || !numbers[1] || len(numbers) != 5 {
			t.Errorf("got %v, want five messages, the first deleted", resumed)
		}
		if got := b.ok("open", "room", room, "at", map[string]any{"epoch": epoch, "version": head}); got["reset"] != nil || len(got.list("changes")) != 0 || got["changes"] == nil {
			t.Errorf("got %v, want an empty resume", got)
		}
	})
	t.Run("a position that cannot be resumed gets a reset", func(t *testing.T) {
		for name, at := range map[string]map[string]any{
			"another epoch":  {"epoch": "other", "version": 1},
			"above the head": {"epoch": epoch, "version": 1 << 40},
			"negative":       {"epoch": epoch, "version": -1},
		} {
			if got := b.ok("open", "room", room, "at", at); got["reset"] != true {
				t.Errorf("%s: got %v, want a reset", name, got)
			}
		}
	})
	t.Run("join, leave, people", func(t *testing.T) {
		joined := b.ok("join", "room", "garden")
		a.ok("open", "room", "garden")
		left := b.ok("leave", "room", "garden")
		if left.int("version") != joined.int("version")+1 {
			t.Errorf("got %v then %v", joined, left)
		}
		got := a.change(left.int("version"))
		if got.str("member.name") != "ben" || got.at("member.joined") != nil {
			t.Errorf("got %v, want ben to have left", got)
		}
		b.want(func(o object) bool { return o.at("me.room.left") == true })
		people := a.ok("people", "users", []string{got.str("member.user"), "u999"})
		if l := people.list("people"); len(l) != 1 || l[0].str("name") != "ben" {
			t.Errorf("got %v", people)
		}
	})
	t.Run("who speaks becomes a member, right before the message", func(t *testing.T) {
		a.ok("join", "room", "den")
		den := a.ok("open", "room", "den")
		if opened := b.ok("open", "room", "den"); opened["member"] != nil || opened.int("info.members") != 1 {
			t.Errorf("opening made ben a member: %v", opened)
		}
		posted := b.ok("post", "room", "den", "key", "k9", "text", "hi")
		if joined := a.change(den.int("version") + 1); joined.str("member.name") != "ben" || joined.at("member.joined") != true || joined.int("members") != 2 {
			t.Errorf("got %v, want ben to join", joined)
		}
		if posted.int("version") != den.int("version")+2 || posted.int("number") != 1 {
			t.Errorf("got %v, want number 1 right after the join at %d", posted, den.int("version")+1)
		}
	})
	t.Run("closed rooms are quiet", func(t *testing.T) {
		b.ok("close", "room", "lobby")
		posted := a.ok("post", "room", room, "key", "k5", "text", "quiet")
		b.ok("ping")
		for _, o := range b.kept {
			if o.int("version") == posted.int("version") && o.str("room") == room {
				t.Errorf("got %v of a closed room", o)
			}
		}
	})
}

func TestSocketErrors(t *testing.T) {
	h := start(t)
	ana := h.join("ana", "lobby")
	a, _ := ana.socket()
	nobody, hello := h.nobody().socket()
	if hello.at("hello.me") != nil {
		t.Errorf("nobody is told to be %v", hello.at("hello.me"))
	}
	for name, test := range map[string]struct{ frame, code, field string }{
		"broken JSON":        {`{"id":1,`, "bad_frame", ""},
		"no object":          {`[1]`, "bad_frame", ""},
		"no id":              {`{"do":"ping"}`, "missing", "id"},
		"an id of 0":         {`{"id":0,"do":"ping"}`, "missing", "id"},
		"a text as id":       {`{"id":"1","do":"ping"}`, "bad_frame", "id"},
		"no verb":            {`{"id":1}`, "missing", "do"},
		"an unknown verb":    {`{"id":1,"do":"dance"}`, "unknown_verb", "do"},
		"no room":            {`{"id":1,"do":"post","key":"a","text":"b"}`, "missing", "room"},
		"no key":             {`{"id":1,"do":"post","room":"lobby","text":"b"}`, "missing", "key"},
		"an empty key":       {`{"id":1,"do":"post","room":"lobby","key":"","text":"b"}`, "missing", "key"},
		"a long key":         {`{"id":1,"do":"post","room":"lobby","key":"` + strings.Repeat("k", 65) + `","text":"b"}`, "invalid", "key"},
		"a key with a space": {`{"id":1,"do":"post","room":"lobby","key":"a b","text":"b"}`, "invalid", "key"},
		"no text":            {`{"id":1,"do":"post","room":"lobby","key":"a"}`, "missing", "text"},
		"a number as text":   {`{"id":1,"do":"post","room":"lobby","key":"a","text":5}`, "bad_frame", "text"},
		"a blank text":       {`{"id":1,"do":"post","room":"lobby","key":"a","text":" \n\u200b "}`, "invalid", "text"},
		"a control":          {`{"id":1,"do":"post","room":"lobby","key":"a","text":"a\u0000b"}`, "invalid", "text"},
		"a long text":        {`{"id":1,"do":"post","room":"lobby","key":"a","text":"` + strings.Repeat("x", 8193) + `"}`, "too_long", "text"},
		"an unknown room":    {`{"id":1,"do":"post","room":"nowhere","key":"a","text":"b"}`, "not_found", "room"},
		"an unknown id":      {`{"id":1,"do":"open","room":"r999"}`, "not_found", "room"},
		"joining an id":      {`{"id":1,"do":"join","room":"r999"}`, "not_found", "room"},
		"a reserved room":    {`{"id":1,"do":"join","room":"admin"}`, "invalid", "room"},
		"a room with a /":    {`{"id":1,"do":"join","room":"a/b"}`, "invalid", "room"},
		"no number":          {`{"id":1,"do":"delete","room":"lobby"}`, "missing", "number"},
		"an unknown number":  {`{"id":1,"do":"delete","room":"lobby","number":99}`, "not_found", "number"},
		"no version":         {`{"id":1,"do":"edit","room":"lobby","number":1,"text":"a"}`, "missing", "version"},
		"two directions":     {`{"id":1,"do":"history","room":"lobby","before":5,"after":1}`, "invalid", "before"},
		"a broken user":      {`{"id":1,"do":"people","users":["r1"]}`, "invalid", "users"},
	} {
		t.Run(name, func(t *testing.T) {
			a.t = t
			a.send(test.frame)
			wantError(t, a.want(func(o object) bool { return o["error"] != nil }), test.code, test.field)
		})
	}
	a.t = t
	a.ok("ping")
	for _, verb := range []string{"post", "join", "leave", "typing", "edit", "delete"} {
		got := nobody.ask(verb, "room", "lobby", "key", "a", "text", "b", "number", 1, "version", 1)
		wantError(t, got, "unauthenticated", "room")
	}
	nobody.ok("open", "room", "lobby")
	if got := nobody.ok("history", "room", "lobby").list("messages"); len(got) != 0 {
		t.Errorf("refused posts left %v", got)
	}
}

func TestOrigin(t *testing.T) {
	h := start(t)
	ana := h.join("ana", "lobby")
	cookie := "Cookie: " + ana.cookie()
	port := h.address()[strings.LastIndex(h.address(), ":"):]
	for name, test := range map[string]struct {
		header []string
		want   int
	}{
		"its own":                          {[]string{"Origin: " + h.url, cookie}, 101},
		"its own without a session":        {[]string{"Origin: " + h.url}, 101},
		"none without a cookie":            {nil, 101},
		"none with a cookie":               {[]string{cookie}, 403},
		"another scheme":                   {[]string{"Origin: https://" + h.address(), cookie}, 403},
		"another host":                     {[]string{"Origin: http://evil.example" + port, cookie}, 403},
		"another port":                     {[]string{"Origin: http://127.0.0.1:1", cookie}, 403},
		"no port":                          {[]string{"Origin: http://127.0.0.1", cookie}, 403},
		"a longer host":                    {[]string{"Origin: " + h.url + ".evil.example", cookie}, 403},
		"null":                             {[]string{"Origin: null", cookie}, 403},
		"nonsense":                         {[]string{"Origin: x", cookie}, 403},
		"another host without a cookie":    {[]string{"Origin: http://evil.example"}, 403},
		"two":                              {[]string{"Origin: " + h.url, "Origin: http://evil.example", cookie}, 403},
		"its own with a name not its host": {[]string{"Origin: http://localhost" + port, cookie}, 403},
	} {
		for _, path := range []string{"/ws", "/ws/notification/lobby/"} {
			t.Run(name+" at "+path, func(t *testing.T) {
				if got := h.handshake(path, test.header...); got != test.want {
					t.Errorf("got %d, want %d", got, test.want)
				}
			})
		}
	}
	t.Run("a POST from another site changes nothing", func(t *testing.T) {
		for _, header := range [][]string{{"Origin", "http://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
			values := url.Values{"username": {"mallory"}, "room": {"evil"}}
			r, _ := ana.do("POST", "/", strings.NewReader(values.Encode()), append(header, "Content-Type", "application/x-www-form-urlencoded")...)
			if r.StatusCode != http.StatusForbidden {
				t.Errorf("%v: got %s, want 403", header, r.Status)
			}
			r, _ = ana.do("POST", "/api/v1/rooms/lobby/messages", strings.NewReader(`{"text":"evil"}`), header...)
			if r.StatusCode != http.StatusForbidden {
				t.Errorf("%v: got %s, want 403", header, r.Status)
			}
		}
		if _, rooms := ana.json("GET", "/api/v1/rooms", ""); len(rooms.list("rooms")) != 1 {
			t.Errorf("got %v", rooms)
		}
	})
}

// TestOneOrder has many people post at once, by every door, while readers come and go: every reader sees every version
// once, in order, and the same messages as everybody else.
func TestOneOrder(t *testing.T) {
	h := start(t, "--limits", "off")
	const people, each = 8, 60
	var all []*person
	for i := range people {
		all = append(all, h.join(fmt.Sprint("p", i), "lobby"))
	}
	reader, _ := all[0].socket()
	opened := reader.ok("open", "room", "lobby")
	from := opened.int("version")
	room := opened.str("room")

	var posting sync.WaitGroup
	for i, p := range all {
		posting.Go(func() {
			w, _ := p.socket()
			for n := range each {
				key, text := fmt.Sprint("k", n), fmt.Sprintf("%d:%d", i, n)
				if n%2 == 0 {
					p.json("POST", "/api/v1/rooms/lobby/messages", fmt.Sprintf(`{"text":%q}`, text), "Idempotency-Key", key)
				} else {
					w.ok("post", "room", room, "key", key, "text", text)
				}
			}
		})
	}
	var texts []string
	for v := from + 1; v <= from+people*each; v++ {
		got, err := reader.read()
		for err == nil && got["message"] == nil {
			got, err = reader.read() // values and answers
		}
		if err != nil {
			t.Fatal(err)
		}
		if got.int("version") != v || got.int("message.number") != v-from {
			t.Fatalf("got version %d number %d, want %d and %d", got.int("version"), got.int("message.number"), v, v-from)
		}
		texts = append(texts, got.str("message.text"))
	}
	posting.Wait()

	var stored []string
	for before := int64(people*each + 1); before > 1; {
		_, page := all[1].json("GET", fmt.Sprintf("/api/v1/rooms/lobby/messages?limit=200&before=%d", before), "")
		var part []string
		for _, m := range page.list("messages") {
			part = append(part, m.str("text"))
		}
		stored = append(part, stored...)
		before = page.list("messages")[0].int("number")
	}
	if diff := cmp.Diff(stored, texts); diff != "" {
		t.Errorf("what was read live differs from what is stored:\n%s", diff)
	}
}
