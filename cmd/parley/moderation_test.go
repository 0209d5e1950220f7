package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// goesTo is the same browser at another server.
func (p *person) goesTo(h *host) *person { return &person{t: p.t, host: h, http: p.http} }

// TestPurgeAfterKill kills the server in the midst of deleting 20,000 messages, and has others speak in between.
func TestPurgeAfterKill(t *testing.T) {
	const messages = 20_000
	h := start(t, "--limits", "off")
	olga, eve, ana := h.owner("olga"), h.join("eve", "lobby"), h.join("ana", "lobby")
	spam, _ := eve.socket()
	room := spam.ok("open", "room", "lobby").str("room")
	var b strings.Builder
	for i := range messages {
		fmt.Fprintf(&b, `{"id":%d,"do":"post","room":%q,"key":"k%d","text":"spam %d"}`, i+1, room, i, i)
		spam.send(b.String())
		b.Reset()
		if i%500 == 499 {
			spam.want(func(o object) bool { return o.int("re") == int64(i+1) })
			spam.kept = nil
		}
	}
	ana.says(room, "before")
	page, _ := ana.socket()
	page.ok("open", "room", room)

	status, job := olga.json("POST", "/api/v1/purges", fmt.Sprintf(`{"user":%q,"room":%q,"why":"a flood"}`, eve.id(), room))
	if status != http.StatusAccepted || job.int("job") == 0 {
		t.Fatalf("purging: %d %v", status, job)
	}
	page.want(func(o object) bool { return o.at("message.deleted") == true })
	h.kill()

	h = startOwned(t, "--limits", "off", "--data", h.data)
	olga, ana = olga.goesTo(h), ana.goesTo(h)
	between := 0
	for {
		_, list := olga.json("GET", "/api/v1/purges", "")
		under := list.list("purges")
		if len(under) == 0 {
			break
		}
		if n := under[0].int("deleted"); n <= 0 || n >= messages || n%500 != 0 {
			t.Errorf("it says that %d have been deleted, want some pieces of 500", n)
		}
		ana.says(room, "in between")
		between++
	}
	if between == 0 {
		t.Error("all was done before anybody could post: it was not killed in its midst")
	}
	var left []string
	for after := int64(0); ; {
		_, history := ana.json("GET", fmt.Sprintf("/api/v1/rooms/%s/messages?after=%d&limit=200", room, max(after, 1)), "")
		for _, m := range history.list("messages") {
			left = append(left, m.str("text"))
			after = m.int("number")
		}
		if history.at("more") != true {
			break
		}
	}
	if len(left) != between+1 || left[0] != "before" {
		t.Errorf("%d messages are left, beginning with %.40q; want %d that others wrote", len(left), left[0], between+1)
	}
	_, acts := olga.json("GET", "/api/v1/rooms/"+room+"/acts", "")
	lines := acts.list("acts")
	if len(lines) < 2 || lines[0].str("verb") != "finished" || lines[0].str("detail") != fmt.Sprintf("deleting messages: %d deleted", messages) ||
		lines[1].str("verb") != "purged" || lines[1].str("why") != "a flood" {
		t.Errorf("the log says %v, want who purged, why, and what came of it", lines)
	}
}

// forwardedFor is a header that says from where a request comes, for a server that trusts this machine.
func forwardedFor(address string) []string { return []string{"X-Forwarded-For", address} }

// TestBannedNetwork bans a guest with the network, and has others come from there and from elsewhere.
func TestBannedNetwork(t *testing.T) {
	h := start(t, "--trusted-proxy", "127.0.0.0/8")
	olga := h.owner("olga")
	enter := func(name, address string) (*person, int) {
		p := h.nobody()
		form := url.Values{"username": {name}, "room": {"lobby"}}
		header := append(forwardedFor(address), "Content-Type", "application/x-www-form-urlencoded")
		response, _ := p.do("POST", "/", strings.NewReader(form.Encode()), header...)
		return p, response.StatusCode
	}
	eve, status := enter("eve", "2001:db8:1:2::7")
	ann, _ := enter("ann", "2001:db8:1:2::8")
	if status != http.StatusSeeOther {
		t.Fatalf("entering: %d", status)
	}
	socket, _ := eve.socket()
	status, banned := olga.json("POST", "/api/v1/users/"+eve.id()+"/ban", `{"why":"spam","network":true}`)
	if status != http.StatusOK || fmt.Sprint(banned.at("networks")) != "[2001:db8:1:2::/64]" {
		t.Fatalf("banning: %d %v", status, banned)
	}
	begun := time.Now()
	if _, err := socket.read(); err == nil {
		socket.want(func(object) bool { _, err := socket.read(); return err != nil })
	}
	if late := time.Since(begun); late > time.Second {
		t.Errorf("the socket of who was banned closed after %v, want a second at most", late)
	}
	if status, _ := eve.json("GET", "/api/v1/me/sessions", ""); status != http.StatusUnauthorized {
		t.Errorf("who was banned has a session still: %d", status)
	}
	for address, want := range map[string]int{
		"2001:db8:1:2:9::1": http.StatusForbidden, "2001:db8:1:3::1": http.StatusSeeOther, "203.0.113.9": http.StatusSeeOther,
	} {
		if _, got := enter("new"+address[len(address)-1:]+fmt.Sprint(len(address)), address); got != want {
			t.Errorf("a new guest from %s: got %d, want %d", address, got, want)
		}
	}
	ann.says("lobby", "I was here before")

	status, _ = olga.json("DELETE", "/api/v1/bans?network=2001:db8:1:2::/64&why=over", "")
	if status != http.StatusOK {
		t.Errorf("lifting: %d", status)
	}
	if _, got := enter("later", "2001:db8:1:2::9"); got != http.StatusSeeOther {
		t.Errorf("a new guest after the ban was lifted: %d", got)
	}
	if h2 := start(t); true {
		p := h2.nobody()
		form := url.Values{"username": {"mal"}, "room": {"lobby"}}
		header := append(forwardedFor("198.51.100.7"), "Content-Type", "application/x-www-form-urlencoded")
		p.do("POST", "/", strings.NewReader(form.Encode()), header...)
		owner := h2.owner("olga")
		_, banned := owner.json("POST", "/api/v1/users/"+p.id()+"/ban", `{"network":true}`)
		if got := fmt.Sprint(banned.at("networks")); got != "[127.0.0.1]" {
			t.Errorf("without a trusted proxy the networks banned are %s, want the peer's own", got)
		}
	}
}

// TestSettingsAtEveryDoor puts each setting in force and asks at each door.
func TestSettingsAtEveryDoor(t *testing.T) {
	h := start(t)
	olga, ana := h.owner("olga"), h.member("ana")
	gus := h.join("gus", "lobby")
	ana.enters("lobby")
	set := func(body string) {
		t.Helper()
		if status, answer := olga.json("PATCH", "/api/v1/settings", body); status != http.StatusOK {
			t.Fatalf("%s: %d %v", body, status, answer)
		}
	}
	names := 0
	front := func() int {
		names++
		status, _ := h.nobody().form("/", url.Values{"username": {fmt.Sprint("new", names)}, "room": {"lobby"}})
		return status
	}
	post := func(p *person) int {
		status, _ := p.json("POST", "/api/v1/rooms/lobby/messages", `{"text":"hi"}`)
		return status
	}
	read := func(p *person) int {
		response, _ := p.do("GET", "/api/v1/rooms/lobby", nil)
		return response.StatusCode
	}
	// script is what the tutorial's socket answers to somebody without a session: "" for a message, or the error's code.
	script := func() string {
		names++
		if status := h.handshake("/ws/notification/lobby/"); status != http.StatusSwitchingProtocols {
			return fmt.Sprint(status)
		}
		w := h.nobody().connect("/ws/notification/lobby/")
		w.send(fmt.Sprintf(`{"message":"hi","room_name":"lobby","sender":"script%d"}`, names))
		o, err := w.read()
		if err != nil {
			return err.Error()
		}
		return o.str("error.code")
	}
	type doors struct {
		front, guestPosts, guestReads, nobodyReads int
		script                                     string
	}
	const (
		come, made, ok, forbidden, unauthorized = http.StatusSeeOther, http.StatusCreated, http.StatusOK, http.StatusForbidden, http.StatusUnauthorized
	)
	outside := func(p *person) *person { // who is no member of the room
		if status, _ := p.json("POST", "/api/v1/rooms/lobby/leave", ""); status != ok {
			t.Fatalf("leaving: %d", status)
		}
		return p
	}
	for _, tc := range []struct {
		settings string
		want     doors
	}{
		{`{}`, doors{come, made, ok, ok, ""}},
		{`{"no_guests":true}`, doors{forbidden, made, ok, ok, "forbidden"}}, // who is a guest already stays
		{`{"guests_may_not_read":true}`, doors{forbidden, forbidden, forbidden, unauthorized, "401"}},
		{`{"guests_may_not_post":true}`, doors{forbidden, forbidden, ok, ok, "forbidden"}},
		{`{"lockdown":"no_guests"}`, doors{forbidden, made, ok, ok, "forbidden"}},
		{`{"lockdown":"members_only"}`, doors{forbidden, forbidden, forbidden, unauthorized, "401"}},
		{`{"lockdown":"read_only"}`, doors{forbidden, forbidden, forbidden, unauthorized, "401"}},
	} {
		t.Run(tc.settings, func(t *testing.T) {
			set(tc.settings)
			guest := gus
			if tc.settings != `{"lockdown":"members_only"}` && tc.settings != `{"lockdown":"read_only"}` {
				guest = outside(gus)
			}
			got := doors{front: front(), guestReads: read(guest), nobodyReads: read(h.nobody()), script: script()}
			got.guestPosts = post(guest)
			if got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			want := made
			if tc.settings == `{"lockdown":"read_only"}` {
				want = forbidden
			}
			if got := post(ana); got != want {
				t.Errorf("a member posts: got %d, want %d", got, want)
			}
			if got := post(olga); got != made {
				t.Errorf("the owner posts: got %d, want %d", got, made)
			}
			set(`{"no_guests":false,"guests_may_not_read":false,"guests_may_not_post":false,"lockdown":""}`)
		})
	}
	t.Run("create_rooms", func(t *testing.T) {
		set(`{"create_rooms":"members"}`)
		if status, _ := gus.json("POST", "/api/v1/rooms/new/join", ""); status != forbidden {
			t.Errorf("a guest made a room: %d", status)
		}
		if status, _ := h.nobody().form("/", url.Values{"username": {"zoe"}, "room": {"new"}}); status != forbidden {
			t.Errorf("a new guest made a room: %d", status)
		}
		ana.enters("new")
		set(`{"create_rooms":"administrators"}`)
		if status, _ := ana.json("POST", "/api/v1/rooms/newer/join", ""); status != forbidden {
			t.Errorf("a member made a room: %d", status)
		}
		olga.enters("newer")
	})
	t.Run("a stranger who may not read is asked to sign in", func(t *testing.T) {
		set(`{"guests_may_not_read":true}`)
		response, page := h.nobody().do("GET", "/lobby/zoe/", nil)
		if response.StatusCode != unauthorized || !strings.Contains(page, `href="/-/sign-in`) || strings.Contains(page, "hi</div>") {
			t.Errorf("got %d and %.2000s", response.StatusCode, page)
		}
	})
}

// TestLockdownEndsWhatIsOpen puts levels in force by the operator's command while sockets are open.
func TestLockdownEndsWhatIsOpen(t *testing.T) {
	h := start(t)
	h.owner("olga")
	ana, gus := h.member("ana"), h.join("gus", "lobby")
	ana.enters("lobby")
	guest, hello := gus.socket()
	if hello.at("hello.server.settings") == nil {
		t.Errorf("hello has no settings: %v", hello.at("hello.server"))
	}
	nobody, _ := h.nobody().socket()
	member, _ := ana.socket()
	for _, w := range []*wire{guest, nobody, member} {
		w.ok("open", "room", "lobby")
	}
	if code, out, errs := command(t, "", "admin", "lockdown", "members_only", "--why", "a storm", "--data", h.data); code != 0 || !strings.Contains(out, "members_only (was none)") {
		t.Fatalf("the command: %d %s %s", code, out, errs)
	}
	for _, w := range []*wire{guest, nobody, member} {
		w.want(func(o object) bool { return o.str("server.settings.lockdown") == "members_only" })
	}
	posted := ana.says("lobby", "only members hear this")
	member.want(func(o object) bool { return o.int("message.number") == posted })
	for name, w := range map[string]*wire{"guest": guest, "nobody": nobody} {
		if answer := w.ask("post", "room", "lobby", "key", "k", "text", "hello"); answer["error"] == nil {
			t.Errorf("%s posted: %v", name, answer)
		}
		if answer := w.ask("history", "room", "lobby"); answer["error"] == nil {
			t.Errorf("%s read: %v", name, answer)
		}
		for _, o := range w.kept {
			if o["message"] != nil {
				t.Errorf("%s heard %v", name, o)
			}
		}
	}
	if code, _, errs := command(t, "", "admin", "lockdown", "everything", "--data", h.data); code == 0 {
		t.Errorf("a level that there is not: %s", errs)
	}
	if code, out, _ := command(t, "", "admin", "lockdown", "none", "--data", h.data); code != 0 || !strings.Contains(out, "none (was members_only)") {
		t.Errorf("lifting: %d %s", code, out)
	}
	guest.ok("open", "room", "lobby")
}

// TestHeldIsSeenByNobody holds a guest's first message and looks for it at every door that others have.
func TestHeldIsSeenByNobody(t *testing.T) {
	h := start(t)
	olga, ana := h.owner("olga"), h.member("ana")
	h.join("zed", "lobby") // who makes a room as a guest does not moderate it
	room := ana.enters("lobby")
	if status, answer := olga.json("PATCH", "/api/v1/settings", `{"hold_first":true}`); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	gus, ben := h.join("gus", "lobby"), h.join("ben", "lobby")
	mine, _ := gus.socket()
	others := map[string]*wire{}
	for name, p := range map[string]*person{"ana": ana, "ben": ben, "nobody": h.nobody(), "olga": olga} {
		others[name], _ = p.socket()
		others[name].ok("open", "room", room)
	}
	tutorial := h.nobody().connect("/ws/notification/lobby/")
	held := mine.ok("post", "room", room, "key", "first", "text", "xyzzy")
	if held.int("held") == 0 || held["number"] != nil {
		t.Fatalf("got %v, want it held", held)
	}
	mine.want(func(o object) bool { return o.str("me.held.text") == "xyzzy" })
	if status, again := gus.json("POST", "/api/v1/rooms/lobby/messages", `{"text":"xyzzy"}`, "Idempotency-Key", "first"); status != http.StatusAccepted || again.int("held") != held.int("held") {
		t.Errorf("the same key over HTTP: %d %v", status, again)
	}
	status, page := gus.form("/lobby/gus/", url.Values{"text": {"xyzzy"}, "key": {"first"}})
	if status != http.StatusAccepted || !strings.Contains(page, "waits for approval") {
		t.Errorf("the form: %d %.300s", status, page)
	}
	ana.says("lobby", "after it")
	for name, w := range others {
		w.want(func(o object) bool { return o.str("message.text") == "after it" })
		for _, o := range w.kept {
			if strings.Contains(o.String(), "xyzzy") || strings.Contains(o.String(), `"held"`) {
				t.Errorf("%s heard %v", name, o)
			}
		}
	}
	if o, err := tutorial.read(); err != nil || o.str("message.message") != "after it" {
		t.Errorf("the tutorial's socket heard %v, %v", o, err)
	}
	for name, p := range map[string]*person{"ana": ana, "ben": ben, "gus": gus, "nobody": h.nobody()} {
		for _, path := range []string{
			"/api/v1/rooms/lobby", "/api/v1/rooms/lobby/messages", "/api/v1/search?q=xyzzy", "/api/v1/changes?at=" + room + ":1&wait=0",
			"/lobby/" + name + "/",
		} {
			response, body := p.do("GET", path, nil)
			if name == "gus" && strings.HasPrefix(path, "/lobby/") {
				continue // its author is told
			}
			if strings.Contains(body, "xyzzy") {
				t.Errorf("%s finds it at %s: %d %.300s", name, path, response.StatusCode, body)
			}
		}
	}
	if status, answer := ana.json("GET", "/api/v1/rooms/lobby/held", ""); status != http.StatusForbidden {
		t.Errorf("a member sees what waits: %d %v", status, answer)
	}
	_, list := olga.json("GET", "/api/v1/rooms/lobby/held", "")
	if waiting := list.list("held"); len(waiting) != 1 || waiting[0].str("text") != "xyzzy" || list.list("people")[0].str("name") != "gus" {
		t.Fatalf("what waits: %v", list)
	}
	statuses := make([]int, 20)
	allAtOnce(len(statuses), func(i int) {
		statuses[i], _ = olga.json("POST", fmt.Sprintf("/api/v1/rooms/lobby/held/%d", held.int("held")), `{"approve":true}`)
	})
	won := 0
	for _, status := range statuses {
		if status == http.StatusOK {
			won++
		} else if status != http.StatusNotFound {
			t.Errorf("who came second got %d", status)
		}
	}
	if won != 1 {
		t.Errorf("%d approved it, want 1", won)
	}
	for _, w := range others {
		w.want(func(o object) bool { return o.str("message.text") == "xyzzy" && o.str("message.key") == "first" })
	}
	again := mine.ok("post", "room", room, "key", "first", "text", "xyzzy")
	if again.int("number") != 2 || again["held"] != nil {
		t.Errorf("the author's retry got %v, want message 2", again)
	}
}

// TestReporting reports over a socket and has it decided; 50 at once decide it once.
func TestReporting(t *testing.T) {
	h := start(t)
	olga, ana, eve := h.owner("olga"), h.member("ana"), h.join("eve", "lobby")
	number := eve.says("lobby", "buy my watches")
	page, _ := ana.socket()
	page.ok("report", "room", "lobby", "number", number, "why", "spam")
	wantError(t, page.ask("report", "room", "lobby", "number", number), "missing", "why")
	_, queue := olga.json("GET", "/api/v1/reports", "")
	reports := queue.list("reports")
	if len(reports) != 1 || reports[0].str("text") != "buy my watches" || reports[0].str("by_name") != "ana" {
		t.Fatalf("the queue: %v", queue)
	}
	statuses := make([]int, 50)
	allAtOnce(len(statuses), func(i int) {
		statuses[i], _ = olga.json("POST", fmt.Sprintf("/api/v1/reports/%d", reports[0].int("id")), `{"decision":"upheld","note":"thank you","delete":true}`)
	})
	won := 0
	for _, status := range statuses {
		if status == http.StatusOK {
			won++
		} else if status != http.StatusConflict {
			t.Errorf("who came second got %d", status)
		}
	}
	if won != 1 {
		t.Errorf("%d decided it, want 1", won)
	}
	page.want(func(o object) bool {
		return o.str("me.report.state") == "upheld" && o.str("me.report.note") == "thank you" && o.int("me.report.number") == number
	})
	if status, _ := ana.json("GET", "/api/v1/reports", ""); status != http.StatusForbidden {
		t.Errorf("the queue by a member: %d", status)
	}
}

// TestSlowRoom asks for patience, also after a restart.
func TestSlowRoom(t *testing.T) {
	h := start(t)
	olga, ana := h.owner("olga"), h.join("ana", "lobby")
	if status, answer := olga.json("PATCH", "/api/v1/rooms/lobby", `{"slow":600}`); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	ana.says("lobby", "one")
	refused := func() {
		t.Helper()
		response, body := ana.do("POST", "/api/v1/rooms/lobby/messages", strings.NewReader(`{"text":"two"}`))
		if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
			t.Errorf("got %d, Retry-After %q: %s", response.StatusCode, response.Header.Get("Retry-After"), body)
		}
		w, _ := ana.socket()
		answer := w.ask("post", "room", "lobby", "key", "k2", "text", "two")
		if wait := answer.int("error.retry_after"); answer.str("error.code") != "rate_limited" || wait < 1 || wait > 600 {
			t.Errorf("over the socket: %v", answer)
		}
	}
	refused()
	h.kill()
	h = startOwned(t, "--data", h.data)
	ana, olga = ana.goesTo(h), olga.goesTo(h)
	refused()
	olga.says("lobby", "I moderate")
	olga.says("lobby", "I moderate")
}

// TestFloodTellsWhenToComeBack asks too much of each door and looks at what it answers.
func TestFloodTellsWhenToComeBack(t *testing.T) {
	h := start(t)
	olga := h.owner("olga")
	for _, path := range []string{"/api/v1/rooms", "/", "/admin/reports/"} {
		refused := false
		for range 2000 {
			response, _ := olga.do("GET", path, nil)
			if refused = response.StatusCode == http.StatusTooManyRequests; refused {
				if response.Header.Get("Retry-After") == "" {
					t.Errorf("%s: 429 without Retry-After", path)
				}
				break
			}
		}
		if !refused {
			t.Errorf("%s: 2,000 requests in a row were answered", path)
		}
	}
	number := h.join("eve", "lobby").says("lobby", "hello")
	ana := h.join("ana", "lobby")
	for n := range 40 {
		response, _ := ana.do("POST", fmt.Sprintf("/api/v1/rooms/lobby/messages/%d/report", number), strings.NewReader(`{"why":"x"}`))
		if response.StatusCode == http.StatusTooManyRequests {
			if n < 10 || response.Header.Get("Retry-After") == "" {
				t.Errorf("report %d: 429, Retry-After %q", n+1, response.Header.Get("Retry-After"))
			}
			return
		}
	}
	t.Error("40 reports in a row were taken")
}
