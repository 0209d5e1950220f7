package pages_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestWhoseRoomPage(t *testing.T) {
	s := start(t, options{})
	ana, ben, nobody := s.browser(), s.browser(), s.browser()
	ana.join("ana", "lobby")
	ben.join("ben", "lobby")

	t.Run("mine", func(t *testing.T) {
		expect(t, ana.get("/lobby/ana/"), http.StatusOK, "lobby", "ana")
	})
	t.Run("mine in other letters leads to mine", func(t *testing.T) {
		for _, path := range []string{"/lobby/ANA/", "/lobby/%D0%B0n%D0%B0/", "/%20lobby/ana/", "/lobby/ana%20/"} {
			redirects(t, ana.get(path), "/lobby/ana/")
		}
	})
	t.Run("mine without the slash", func(t *testing.T) {
		redirects(t, ana.get("/lobby/ana"), "/lobby/ana/")
		redirects(t, ana.get("/a%3Fb/c%25d?at=3"), "/a%3Fb/c%25d/?at=3")
	})
	t.Run("another's is the join page with the room filled in and my own name", func(t *testing.T) {
		res := ben.get("/lobby/ana/")
		expect(t, res, http.StatusOK, "You are ben", "Join")
		holds(t, res, "room", "lobby")
		holds(t, res, "username", "ben")
		if strings.Contains(res.body, "message-box") {
			t.Error("got a message box")
		}
	})
	t.Run("for nobody the name is filled in as well", func(t *testing.T) {
		res := nobody.get("/lobby/eve/")
		expect(t, res, http.StatusOK, "Pick a name")
		holds(t, res, "room", "lobby")
		holds(t, res, "username", "eve")
	})
	t.Run("a name that cannot be is not filled in", func(t *testing.T) {
		for _, name := range []string{"%FF", "a%2Fb", "%2E%2E", strings.Repeat("x", 300), "%00"} {
			res := nobody.get("/lobby/" + name + "/")
			expect(t, res, http.StatusOK, "Pick a name")
			holds(t, res, "username", "")
		}
	})
	t.Run("a room that there is not is offered to be made", func(t *testing.T) {
		res := ana.get("/Garden%3F/ana/")
		expect(t, res, http.StatusNotFound, "There is no room called Garden?.", "Make this room")
		holds(t, res, "room", "Garden?")
		holds(t, res, "username", "ana")
		res = nobody.get("/Garden/eve/")
		expect(t, res, http.StatusNotFound, "Make this room")
		holds(t, res, "username", "eve")
		res = nobody.get("/Gar%26den/%FF/")
		expect(t, res, http.StatusNotFound, "Make this room")
		if !strings.Contains(res.body, `href="/?room=Gar%26den"`) {
			t.Errorf("no link to the join page:\n%s", res.body)
		}
		redirects(t, nobody.post("/", "username", "eve", "room", "Garden"), "/Garden/eve/")
	})
	t.Run("a name that no room can have is a page that is not found", func(t *testing.T) {
		for _, room := range []string{"admin%20", "api", "ws", "-", "%2E", "%2E%2E", "~x", "a%2Fb", "%FF", "a%00b", "%20", strings.Repeat("x", 256)} {
			res := ana.get("/" + room + "/ana/")
			expect(t, res, http.StatusNotFound, "There is no page at this address.")
			if strings.Contains(res.body, "Make this room") {
				t.Errorf("%s: offered to make it", room)
			}
		}
		redirects(t, ana.get("/~x/ana"), "/~x/ana/")
	})
	t.Run("a client that wants JSON gets a problem", func(t *testing.T) {
		res := ana.get("/nowhere/ana/", "Accept", "application/json")
		expect(t, res, http.StatusNotFound, `"code":"not_found","field":"room"`)
	})
	t.Run("a bad number in the address is told", func(t *testing.T) {
		for _, q := range []string{"before=x", "before=0", "after=-1", "at=", "at=99999999999999999999"} {
			expect(t, ana.get("/lobby/ana/?"+q), http.StatusUnprocessableEntity, "has to be the number of a message")
		}
	})
}

// say posts texts in a room as who has that session, one minute after another.
func (s *site) say(user chat.UserID, room string, texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.clock.Add(time.Minute)
		if _, err := s.rooms.Post(context.Background(), chat.Actor{User: user}, room, chat.Draft{Text: text}); err != nil {
			s.t.Fatal(err)
		}
	}
}

var (
	earlier = regexp.MustCompile(`href="([^"]*)" rel="prev"`)
	later   = regexp.MustCompile(`href="([^"]*)" rel="next"`)
)

var numbers = regexp.MustCompile(`<article [^>]*data-number="(\d+)"`)

// shown are the numbers of the messages on a page.
func shown(page string) []string {
	var list []string
	for _, m := range numbers.FindAllStringSubmatch(page, -1) {
		list = append(list, m[1])
	}
	return list
}

// span is the numbers from first to last.
func span(first, last int) []string {
	var list []string
	for n := first; n <= last; n++ {
		list = append(list, fmt.Sprint(n))
	}
	return list
}

// shows fails the test unless the page at path has exactly those messages.
func (b *browser) shows(t *testing.T, path string, want []string) response {
	t.Helper()
	res := b.get(path)
	expect(t, res, http.StatusOK)
	if diff := cmp.Diff(shown(res.body), want); diff != "" {
		t.Errorf("%s (-got +want):\n%s", path, diff)
	}
	return res
}

func TestPaging(t *testing.T) {
	s := start(t, options{})
	ana := s.browser()
	ana.join("ana", "lobby")
	for n := range 120 {
		s.say(1, "lobby", fmt.Sprint("message ", n+1))
	}
	t.Run("the newest fifty come first", func(t *testing.T) {
		res := ana.shows(t, "/lobby/ana/", span(71, 120))
		if later.MatchString(res.body) {
			t.Error("got a link to later messages")
		}
	})
	t.Run("links lead back to the first message and forth again, with no gap and no repeat", func(t *testing.T) {
		var seen []string
		path := "/lobby/ana/"
		for range 10 {
			page := ana.get(path).body
			seen = append(shown(page), seen...)
			m := earlier.FindStringSubmatch(page)
			if m == nil {
				if !strings.Contains(page, "This is the beginning of lobby.") {
					t.Error("the beginning is not marked")
				}
				break
			}
			path = m[1]
		}
		if diff := cmp.Diff(seen, span(1, 120)); diff != "" {
			t.Errorf("backwards (-got +want):\n%s", diff)
		}
		seen = nil
		for range 10 {
			page := ana.get(path).body
			seen = append(seen, shown(page)...)
			m := later.FindStringSubmatch(page)
			if m == nil {
				break
			}
			path = m[1]
		}
		if diff := cmp.Diff(seen, span(1, 120)); diff != "" {
			t.Errorf("forwards (-got +want):\n%s", diff)
		}
	})
}

func TestPages(t *testing.T) {
	s := start(t, options{})
	ana := s.browser()
	ana.join("ana", "lobby")
	for n := range 120 {
		s.say(1, "lobby", fmt.Sprint("message ", n+1))
	}
	t.Run("a permalink is in the middle and marked", func(t *testing.T) {
		page := ana.get("/lobby/ana/?at=60").body
		if got := shown(page); !slices.Contains(got, "60") || !slices.Contains(got, "50") || !slices.Contains(got, "70") {
			t.Errorf("got %v, want 60 in the middle", got)
		}
		if !strings.Contains(page, `<article class="message mine target" id="m60"`) {
			t.Errorf("60 is not marked:\n%s", page)
		}
		if !earlier.MatchString(page) || !later.MatchString(page) {
			t.Error("want links both ways")
		}
	})
	t.Run("a page starts where reading goes on", func(t *testing.T) {
		for query, fromEnd := range map[string]bool{"": true, "?before=60": true, "?at=60": true, "?after=60": false} {
			if got := strings.Contains(ana.get("/lobby/ana/"+query).body, `class="scroll from-end"`); got != fromEnd {
				t.Errorf("%s: got from-end %t, want %t", query, got, fromEnd)
			}
		}
	})
	t.Run("where there is nothing the newest are shown", func(t *testing.T) {
		for _, q := range []string{"?before=1", "?after=120", "?after=9999"} {
			ana.shows(t, "/lobby/ana/"+q, span(71, 120))
		}
	})
	t.Run("the boot data is what the page shows", func(t *testing.T) {
		for path, want := range map[string][]string{"/lobby/ana/": span(71, 120), "/lobby/ana/?before=30": span(1, 29), "/lobby/ana/?after=30": span(31, 80)} {
			b := booted(t, ana.get(path).body)
			var got []string
			for _, m := range b.Open.Messages {
				got = append(got, fmt.Sprint(m.Number))
			}
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("%s (-got +want):\n%s", path, diff)
			}
			if wantMore := path != "/lobby/ana/?before=30"; b.Open.Number != 120 || !b.Open.Reset || b.Open.More != wantMore {
				t.Errorf("%s: got number %d, reset %t, more %t, want 120, true, %t", path, b.Open.Number, b.Open.Reset, b.Open.More, wantMore)
			}
		}
	})
}

// bootData is what the client reads.
type bootData struct {
	Hello chat.Hello  `json:"hello"`
	Open  chat.Opened `json:"open"`
	Page  struct {
		Room, Username string
		At             int64
	} `json:"page"`
}

func booted(t *testing.T, page string) bootData {
	t.Helper()
	m := regexp.MustCompile(`(?s)<script type="application/json" id="boot">(.*?)</script>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no boot data in:\n%s", page)
	}
	var b bootData
	if err := json.Unmarshal([]byte(m[1]), &b); err != nil {
		t.Fatalf("the boot data is no JSON: %v\n%s", err, m[1])
	}
	return b
}

const attack = `</script><script>alert(1)</script><!--<img src=x onerror="alert(2)">'&amp;{{.}}` + "`"

// Markup that people write is shown as it is, whatever field it is in, and never becomes part of a page.
func TestMarkupIsText(t *testing.T) {
	s := start(t, options{})
	ana := s.browser()
	name := strings.ReplaceAll(attack, "/", "|")
	nameOfUser := `<b onx="1">'&`
	res := ana.post("/", "username", nameOfUser, "room", name)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("got %d:\n%s", res.StatusCode, res.body)
	}
	page := res.to()
	redirects(t, ana.post(page, "text", attack+"\nhttps://example.org/\"><script>alert(3)</script>"), page)

	safe := func(t *testing.T, res response) {
		t.Helper()
		for _, bad := range []string{"<script>alert", "<!--", "<img", `<b onx`, "<|script>", "onerror=\"alert(2)\">'"} {
			if strings.Contains(res.body, bad) {
				t.Errorf("%s: %q stands in the page:\n%s", res.Request.URL, bad, res.body)
			}
		}
	}
	t.Run("in the room page", func(t *testing.T) {
		got := ana.get(page)
		safe(t, got)
		expect(t, got, http.StatusOK, attack, name, nameOfUser)
		b := booted(t, got.body)
		if b.Page.Room != name || b.Page.Username != nameOfUser || !strings.HasPrefix(b.Open.Messages[0].Text, attack) {
			t.Errorf("got the boot data %+v", b)
		}
	})
	t.Run("in the join page", func(t *testing.T) {
		got := s.browser().get("/")
		safe(t, got)
		expect(t, got, http.StatusOK, name)
		safe(t, ana.get("/"))
		safe(t, s.browser().get("/?room="+strings.ReplaceAll(page, "/", "")))
	})
	t.Run("in a form that is refused", func(t *testing.T) {
		got := s.browser().post("/", "username", nameOfUser, "room", attack)
		safe(t, got)
		holds(t, got, "room", attack)
		got = s.browser().post("/", "username", nameOfUser, "room", name)
		expect(t, got, http.StatusConflict, "Join as "+nameOfUser+"2")
		safe(t, got)
		safe(t, ana.post("/", "username", "<i>", "room", name))
		safe(t, ana.post("/-/sign-in", "username", attack, "password", "x", "next", "/"+attack))
	})
	t.Run("in a message that is refused", func(t *testing.T) {
		got := ana.post(page, "text", attack+"\x00")
		safe(t, got)
		expect(t, got, http.StatusUnprocessableEntity, "control character", attack)
	})
	t.Run("in the page of a room that there is not", func(t *testing.T) {
		got := ana.get("/%3Cscript%3Ealert(1)/" + nameOfUser[:0] + "x/")
		safe(t, got)
		expect(t, got, http.StatusNotFound, "<script>alert(1)")
	})
}

func TestRoomPage(t *testing.T) {
	s := start(t, options{})
	ana, ben := s.browser(), s.browser()
	page := ana.join("ana", "lobby")
	ben.join("ben", "lobby")
	ben.join("ben", "other room")

	s.say(2, "lobby", "one", "two")
	s.say(1, "lobby", "see https://example.org/?a=1&b=2.\n\n  indented")
	s.clock.Add(6 * time.Minute)
	s.say(1, "lobby", "later")
	s.clock.Add(24 * time.Hour)
	s.say(1, "lobby", "tomorrow", "edited", "deleted", "🎉")
	ctx, actor := context.Background(), chat.Actor{User: 1}
	history, err := s.rooms.History(ctx, actor, "lobby", chat.Page{After: 5})
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Add(time.Minute)
	if _, err := s.rooms.Edit(ctx, actor, "lobby", 6, history.Messages[0].Version, "was edited"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.rooms.Delete(ctx, actor, "lobby", 7); err != nil {
		t.Fatal(err)
	}
	s.here[1] = 2
	res := ana.get(page)
	expect(t, res, http.StatusOK, "2 here", "Sunday, 22 November 2026", "Monday, 23 November 2026", "was edited edited", "This is the beginning of lobby.", "cookie only")

	t.Run("groups what one person says within five minutes", func(t *testing.T) {
		var got []string
		for _, m := range regexp.MustCompile(`<article class="message([^"]*)" id="m(\d)"`).FindAllStringSubmatch(res.body, -1) {
			got = append(got, m[2]+m[1])
		}
		want := []string{"1 first", "2 last", "3 mine first last", "4 mine first last", "5 mine first", "6 mine", "8 mine last emoji"}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("(-got +want):\n%s", diff)
		}
	})
	t.Run("keeps white space and makes addresses links", func(t *testing.T) {
		want := `<div class="text">see <a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer nofollow" target="_blank">https://example.org/?a=1&amp;b=2</a>.` + "\n\n  indented</div>"
		if !strings.Contains(res.body, want) {
			t.Errorf("no %s in:\n%s", want, res.body)
		}
	})
	t.Run("shows times in UTC", func(t *testing.T) {
		if want := `<time class="time" datetime="2026-11-22T12:01:00Z">12:01</time>`; !strings.Contains(res.body, want) {
			t.Errorf("no %s in:\n%s", want, res.body)
		}
	})
	t.Run("lists my rooms and the others", func(t *testing.T) {
		for _, want := range []string{
			`<li><a class="room-link" href="/lobby/ana/" aria-current="page" data-room="r1"><span class="room-name">lobby</span></a></li>`,
			`<li><a class="room-link" href="/other%20room/ana/" data-room="r2"><span class="room-name">other room</span></a></li>`,
		} {
			if !strings.Contains(res.body, want) {
				t.Errorf("no %s in:\n%s", want, res.body)
			}
		}
	})
	t.Run("gives the client what the socket's hello would", func(t *testing.T) {
		b := booted(t, res.body)
		if b.Hello.Me == nil || b.Hello.Me.User.Name != "ana" || len(b.Hello.Me.Rooms) != 1 || len(b.Hello.Server.Rooms) != 2 {
			t.Errorf("got %+v", b.Hello)
		}
		if b.Hello.Limits != chat.DefaultLimits || b.Hello.Epoch == "" || b.Open.Epoch != b.Hello.Epoch || !b.Open.Member {
			t.Errorf("got %+v", b)
		}
		if strings.Contains(res.body, "SignedOut") || strings.Contains(res.body, "argon2") {
			t.Error("the page gives away what is the server's own")
		}
	})
	t.Run("says who is called what by now", func(t *testing.T) {
		renamed := chat.Entrance{Actor: chat.Actor{User: 2}, Name: "benjamin", Room: "lobby", Rename: true}
		if _, err := s.rooms.Enter(ctx, s.users, renamed); err != nil {
			t.Fatal(err)
		}
		expect(t, ana.get(page), http.StatusOK, "B benjamin 12:01 one")
	})
}
