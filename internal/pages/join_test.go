package pages_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"parley/internal/chat"
)

func TestJoin(t *testing.T) {
	s := start(t, options{})
	ana := s.browser()

	t.Run("a fresh browser sees an empty form", func(t *testing.T) {
		res := ana.get("/")
		expect(t, res, http.StatusOK, "Pick a name and a room", "1.2.3")
		holds(t, res, "username", "")
		holds(t, res, "room", "")
		if len(res.Cookies()) != 0 {
			t.Errorf("got the cookies %v, want none before joining", res.Cookies())
		}
	})
	t.Run("a name and a room lead to the room's page", func(t *testing.T) {
		res := ana.post("/", "username", "ana", "room", "lobby")
		redirects(t, res, "/lobby/ana/")
		cookies := res.Header.Values("Set-Cookie")
		if len(cookies) != 1 || !strings.HasPrefix(cookies[0], "parley_session=") {
			t.Fatalf("got the cookies %q, want the session's", cookies)
		}
		for _, flag := range []string{"; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=34560000"} {
			if !strings.Contains(cookies[0], flag) {
				t.Errorf("got %q, want %s", cookies[0], flag)
			}
		}
		if strings.Contains(cookies[0], "Secure") || strings.Contains(cookies[0], "Domain") {
			t.Errorf("got %q, want neither Secure nor Domain over http", cookies[0])
		}
		expect(t, ana.get("/lobby/ana/"), http.StatusOK, "lobby", "Nothing here yet")
	})
	t.Run("who comes back is known", func(t *testing.T) {
		res := ana.get("/")
		expect(t, res, http.StatusOK, "You are ana", "lobby")
		holds(t, res, "username", "ana")
		if !strings.Contains(res.body, `href="/lobby/ana/"`) {
			t.Errorf("no link into the room:\n%s", res.body)
		}
	})
	t.Run("the list says how many are here, the busiest first", func(t *testing.T) {
		ana.join("ana", "garden")
		s.here[2] = 3
		s.here[1] = 1
		res := s.browser().get("/")
		expect(t, res, http.StatusOK, "garden 3 here lobby 1 here")
		if !strings.Contains(res.body, `href="/?room=garden"`) {
			t.Errorf("no link that fills in the room:\n%s", res.body)
		}
	})
	t.Run("a link fills in the room", func(t *testing.T) {
		holds(t, s.browser().get("/?room=a%26b"), "room", "a&b")
	})
	t.Run("the same name again simply goes in", func(t *testing.T) {
		for _, name := range []string{"ana", " ANA ", "аnа", "ａｎａ"} {
			redirects(t, ana.post("/", "username", name, "room", "lobby"), "/lobby/ana/")
		}
	})
	t.Run("a room that there is is joined, not made again", func(t *testing.T) {
		ben := s.browser()
		redirects(t, ben.post("/", "username", "ben", "room", " lobby "), "/lobby/ben/")
		_, rooms := s.counts()
		redirects(t, ben.post("/", "username", "ben", "room", "Lobby"), "/Lobby/ben/")
		if _, after := s.counts(); after != rooms+1 {
			t.Errorf("got %d rooms, want %d: case counts", after, rooms+1)
		}
	})
	t.Run("a form may be multipart", func(t *testing.T) {
		body := "--x\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\neve\r\n--x\r\nContent-Disposition: form-data; name=\"room\"\r\n\r\nlobby\r\n--x--\r\n"
		redirects(t, s.browser().do(http.MethodPost, "/", "multipart/form-data; boundary=x", body), "/lobby/eve/")
	})
}

func TestJoinOverHTTPS(t *testing.T) {
	s := start(t, options{base: &url.URL{Scheme: "https", Host: "chat.example.org"}})
	res := s.browser().post("/", "username", "ana", "room", "lobby")
	redirects(t, res, "/lobby/ana/")
	if got := res.Header.Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-parley_session=") || !strings.Contains(got, "; Secure") {
		t.Errorf("got the cookie %q, want it secure", got)
	}
}

// badNames are names and rooms that are refused.
var badNames = []struct {
	name, username, room string
	status               int
	words                string
}{
	{"a blank name", "", "lobby", 422, "Please give a name."},
	{"a name of spaces", " \u00a0\u2003", "lobby", 422, "Please give a name."},
	{"an invisible name", "\u200b\u2060", "lobby", 422, "Please give a name."},
	{"a name that is too long", strings.Repeat("x", 41), "lobby", 413, "at most 40"},
	{"a name of a control character", "an\x07a", "lobby", 422, "control character"},
	{"a name with a NUL", "an\x00a", "lobby", 422, "control character"},
	{"a name of two lines", "an\na", "lobby", 422, "control character"},
	{"a name that is not UTF-8", "an\xffa", "lobby", 422, "not valid UTF-8"},
	{"a name with a slash", "an/a", "lobby", 422, "cannot have a /"},
	{"a name that turns the line around", "an\u202ea", "lobby", 422, "invisible character"},
	{"a name that climbs out of its line", "a" + strings.Repeat("\u0351", 20), "lobby", 422, "too many marks"},
	{"a name of dots", "..", "lobby", 422, "cannot be part of an address"},
	{"a blank room", "ana", "", 422, "Please give a room name."},
	{"a room of spaces", "ana", "   ", 422, "Please give a room name."},
	{"a room that is too long", "ana", strings.Repeat("é", 256), 413, "at most 255"},
	{"a room of a control character", "ana", "lob\x1bby", 422, "control character"},
	{"a room that is not UTF-8", "ana", "lob\xc3", 422, "not valid UTF-8"},
	{"a room with a slash", "ana", "a/b", 422, "cannot have a /"},
	{"a room called admin", "ana", "admin", 422, "used by the server"},
	{"a room called api", "ana", "api", 422, "used by the server"},
	{"a room called ws", "ana", "ws", 422, "used by the server"},
	{"a room called -", "ana", " - ", 422, "used by the server"},
	{"a room called .", "ana", ".", 422, "used by the server"},
	{"a room called ..", "ana", "..", 422, "used by the server"},
	{"a room with a ~", "ana", "~x", 422, "cannot begin with ~"},
	{"both wrong", "", "admin", 422, "used by the server"},
}

func TestBadNames(t *testing.T) {
	s := start(t, options{unlimited: true})
	for _, c := range badNames {
		t.Run(c.name+" is refused and nothing is made", func(t *testing.T) {
			b := s.browser()
			res := b.post("/", "username", c.username, "room", c.room)
			expect(t, res, c.status, c.words)
			if len(res.Cookies()) != 0 {
				t.Error("got a cookie")
			}
			if users, rooms := s.counts(); users != 0 || rooms != 0 {
				t.Errorf("got %d users and %d rooms, want none", users, rooms)
			}
			if c.username == "ana" {
				holds(t, res, "username", "ana")
			}
			if c.room == "lobby" {
				holds(t, res, "room", "lobby")
			}
			if !strings.Contains(res.body, `aria-invalid="true"`) {
				t.Errorf("no field is marked as wrong:\n%s", res.body)
			}
			problem := b.do(http.MethodPost, "/", "application/x-www-form-urlencoded", form("username", c.username, "room", c.room).Encode(), "Accept", "application/json")
			expect(t, problem, c.status, `"code":"`, `"field":"`)
			if got := problem.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("got the content type %q", got)
			}
		})
	}
}

func TestBadForms(t *testing.T) {
	s := start(t, options{})
	t.Run("missing fields are named", func(t *testing.T) {
		expect(t, s.browser().post("/"), 422, "Please give a name.", "Please give a room name.")
		expect(t, s.browser().post("/", "username", "ana"), 422, "Please give a room name.")
		res := s.browser().do(http.MethodPost, "/", "application/x-www-form-urlencoded", "room=lobby", "Accept", "application/json")
		expect(t, res, 422, `"code":"missing","field":"username"`)
	})
	t.Run("fields of the address do not count", func(t *testing.T) {
		expect(t, s.browser().post("/?username=ana&room=lobby"), 422, "Please give a name.")
	})
	t.Run("a body that is too long is refused", func(t *testing.T) {
		expect(t, s.browser().post("/", "username", "ana", "room", strings.Repeat("x", 100_000)), 413, "too long")
	})
	t.Run("a body that cannot be read is refused", func(t *testing.T) {
		expect(t, s.browser().do(http.MethodPost, "/", "application/x-www-form-urlencoded", "username=%zz"), 400, "could not be read")
		expect(t, s.browser().do(http.MethodPost, "/", "multipart/form-data; boundary=x", "--x\r\nnonsense"), 400, "could not be read")
		expect(t, s.browser().do(http.MethodPost, "/", "application/json", `{"username":"ana","room":"lobby"}`), 422, "Please give a name.")
	})
}

func TestTakenNames(t *testing.T) {
	for _, name := range []string{"ana", "ANA", "аnа", "ａｎａ", "a\u200dna"} {
		t.Run("a name that is equal to the eye is refused: "+url.PathEscape(name), func(t *testing.T) {
			s := start(t, options{})
			s.browser().join("ana", "lobby")
			ben := s.browser()
			res := ben.post("/", "username", name, "room", "<garden>")
			if name == "a\u200dna" {
				name = strings.TrimSpace(name)
			}
			expect(t, res, http.StatusConflict, `Somebody else is called "ana" here.`, "Join as ")
			if _, rooms := s.counts(); rooms != 1 {
				t.Errorf("got %d rooms, want the refused form to make none", rooms)
			}
			suggestion := find(t, res.body, `Join as ([^<]*)</button>`)
			redirects(t, ben.post("/", "username", name, "room", "<garden>", "take", suggestion), "/%3Cgarden%3E/"+url.PathEscape(suggestion)+"/")
		})
	}
}

func TestNoNameToSuggest(t *testing.T) {
	t.Run("where names are too short for one", func(t *testing.T) {
		limits := chat.DefaultLimits
		limits.Name = 1
		s := start(t, options{limits: limits})
		for _, name := range strings.Split("a23456789", "") {
			s.browser().join(name, "lobby")
		}
		res := s.browser().post("/", "username", "A", "room", "lobby")
		expect(t, res, http.StatusConflict, `Somebody else is called "a" here.`)
		if strings.Contains(res.body, "How about") || strings.Contains(res.body, "Join as") {
			t.Error("a name is suggested all the same")
		}
	})
	t.Run("where very many are taken", func(t *testing.T) {
		s := start(t, options{unlimited: true})
		s.browser().join("ana", "lobby")
		for n := range 150 {
			s.browser().join("ana"+strconv.Itoa(n), "lobby")
		}
		expect(t, s.browser().post("/", "username", "ana", "room", "lobby"), http.StatusConflict, `Somebody else is called "ana" here.`)
	})
}

func TestOtherName(t *testing.T) {
	s := start(t, options{})
	ana := s.browser()
	page := ana.join("ana", "lobby")
	redirects(t, ana.post(page, "text", "before"), page)
	s.browser().join("ben", "lobby")

	t.Run("is asked about first", func(t *testing.T) {
		res := ana.post("/", "username", " cleo ", "room", "garden")
		expect(t, res, http.StatusConflict, "You are ana in this browser", "cleo", "Change my name", "Stay ana")
		for field, want := range map[string]string{"username": "cleo", "room": "garden", "confirm": "yes"} {
			holds(t, res, field, want)
		}
		if _, rooms := s.counts(); rooms != 1 {
			t.Errorf("got %d rooms, want none made before the answer", rooms)
		}
	})
	t.Run("that is taken is refused, confirmed or not", func(t *testing.T) {
		expect(t, ana.post("/", "username", "Ben", "room", "lobby"), http.StatusConflict, `Somebody else is called "ben"`)
		expect(t, ana.post("/", "username", "Ben", "room", "lobby", "confirm", "yes"), http.StatusConflict, `Somebody else is called "ben"`)
		expect(t, ana.get("/lobby/ana/"), http.StatusOK)
	})
	t.Run("is taken on confirming, and the old address leads to the new one", func(t *testing.T) {
		redirects(t, ana.post("/", "username", "cleo", "room", "garden", "confirm", "yes"), "/garden/cleo/")
		redirects(t, ana.get("/lobby/ana/?at=1"), "/lobby/cleo/?at=1")
		expect(t, ana.get("/lobby/cleo/"), http.StatusOK, "before")
		expect(t, s.browser().get("/lobby/ana/"), http.StatusOK, "Pick a name")
	})
	t.Run("that was given up can be taken by another, and mine still leads to me", func(t *testing.T) {
		other := s.browser()
		redirects(t, other.post("/", "username", "ana", "room", "lobby"), "/lobby/ana/")
		redirects(t, ana.get("/lobby/ana/"), "/lobby/cleo/")
		expect(t, other.get("/lobby/ana/"), http.StatusOK, "cleo", "before")
	})
	t.Run("is not for an account to take", func(t *testing.T) {
		owner := s.browser()
		redirects(t, owner.post("/-/setup", "token", setupToken, "username", "olga", "password", goodPassword), "/")
		res := owner.post("/", "username", "other", "room", "lobby", "confirm", "yes")
		expect(t, res, http.StatusForbidden, `You are signed in as "olga". Sign out first`)
		holds(t, res, "username", "other")
		redirects(t, owner.post("/", "username", "OLGA", "room", "lobby"), "/lobby/olga/")
	})
}

func TestJoinIsLimited(t *testing.T) {
	s := start(t, options{})
	b := s.browser()
	b.join("ana", "lobby")
	for range 60 {
		b.join("ana", "lobby")
	}
	res := b.post("/", "username", "ana", "room", "lobby")
	expect(t, res, http.StatusTooManyRequests, "Please wait")
	if got := res.Header.Get("Retry-After"); got != "1" {
		t.Errorf("got Retry-After %q, want 1", got)
	}
	holds(t, res, "room", "lobby")
}

// Whatever may be a name and a room comes back from the address that the form leads to.
func TestAnyNameRoundTrip(t *testing.T) {
	s := start(t, options{unlimited: true})
	special := []string{"...", "a b", "a+b", "a%b", "%2e%2e", "%2F", "a?b", "a#b", "a;b", "a&b=c", "a:b@c", "\\evil", "\"quoted\"", "<b>bold</b>", "é", "e\u0301", "我家", "👩‍👩‍👧", "r7", "u1", "a'b", "x\u00ady", "(1)", "$1", "{{.}}", "healthz"}
	check := func(t tester, username, room string) {
		wantName, err := chat.CheckName(username, 40)
		if err != nil {
			return
		}
		wantRoom, err := chat.CheckRoomName(room, 255)
		if err != nil {
			return
		}
		b := s.browser()
		res := b.post("/", "username", username, "room", room)
		if res.StatusCode == http.StatusConflict {
			return // held by somebody from a round before
		}
		if want := "/" + url.PathEscape(wantRoom) + "/" + url.PathEscape(wantName) + "/"; res.StatusCode != http.StatusSeeOther || res.to() != want {
			t.Fatalf("joining %+q as %+q: got %d to %q, want 303 to %q", room, username, res.StatusCode, res.to(), want)
		}
		page := b.get(res.to())
		if page.StatusCode != http.StatusOK {
			t.Fatalf("GET %s: got %d to %q", res.to(), page.StatusCode, page.to())
		}
		if got := find(t, page.body, `data-testid="room">([^<]*)<`); got != wantRoom {
			t.Errorf("GET %s: got the room %+q, want %+q", res.to(), got, wantRoom)
		}
		if got := find(t, page.body, `class="me-name">([^<]*)<`); got != wantName {
			t.Errorf("GET %s: got the name %+q, want %+q", res.to(), got, wantName)
		}
		b.client.CloseIdleConnections()
	}
	for _, name := range special {
		check(t, name, name)
	}
	t.Run("of any characters", func(t *testing.T) {
		character := rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.P, unicode.S, unicode.Zs, unicode.Mn)
		rapid.Check(t, func(rt *rapid.T) {
			check(rt, rapid.StringOfN(character, 1, 40, -1).Draw(rt, "username"), rapid.StringOfN(character, 1, 60, -1).Draw(rt, "room"))
		})
	})
}

func TestLinkToAMessage(t *testing.T) {
	s := start(t, options{})
	s.browser().join("ana", "lobby")
	ben := s.browser()
	page := ben.get("/lobby/ana/?at=17")
	if !strings.Contains(page.body, `<input type="hidden" name="at" value="17">`) {
		t.Errorf("the join page forgets the message:\n%s", page.body)
	}
	redirects(t, ben.post("/", "username", "ben", "room", "lobby", "at", "17"), "/lobby/ben/?at=17#m17")
	redirects(t, ben.post("/", "username", "ben", "room", "lobby", "at", "x"), "/lobby/ben/")
}
