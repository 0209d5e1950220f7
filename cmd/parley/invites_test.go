package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// owner is the first owner, made by the set-up link.
func (h *host) owner(name string) *person {
	h.t.Helper()
	_, token, _ := strings.Cut(h.setup, "token=")
	p := h.nobody()
	if status, body := p.form("/-/setup", url.Values{"token": {token}, "username": {name}, "password": {"a horse of no battery"}}); status != http.StatusSeeOther {
		h.t.Fatalf("set-up: %d %s", status, body)
	}
	return p
}

// member is somebody with an account, made by registering.
func (h *host) member(name string) *person {
	h.t.Helper()
	p := h.nobody()
	if status, body := p.form("/-/register", url.Values{"username": {name}, "password": {"a horse of no battery"}}); status != http.StatusSeeOther {
		h.t.Fatalf("registering %s: %d %s", name, status, body)
	}
	return p
}

// room makes a room of a kind and gives its id and what its addresses begin with.
func (p *person) room(kind, name string) (id, segment string) {
	p.t.Helper()
	status, answer := p.json("POST", "/api/v1/rooms", fmt.Sprintf(`{"kind":%q,"name":%q}`, kind, name))
	if status != http.StatusCreated {
		p.t.Fatalf("making %s: %d %v", name, status, answer)
	}
	if address := answer.str("room.address"); address != "" {
		return answer.str("room.id"), address
	}
	return answer.str("room.id"), name
}

// invite makes an invitation of some fields, and gives its id and the token of its link.
func (p *person) invite(fields object) (id int64, token string) {
	p.t.Helper()
	status, answer := p.json("POST", "/api/v1/invites", fields.String())
	link, err := url.Parse(answer.str("invite.url"))
	if status != http.StatusCreated || err != nil || link.Path != "/-/invite" || link.Query().Get("token") == "" {
		p.t.Fatalf("inviting with %v: %d %v", fields, status, answer)
	}
	return answer.int("invite.id"), link.Query().Get("token")
}

// accept takes an invitation, as JSON where it is refused.
func (p *person) accept(token, name string) (status int, to string, refusal object) {
	p.t.Helper()
	form := url.Values{"token": {token}}
	if name != "" {
		form.Set("username", name)
	}
	response, body := p.do("POST", "/-/invite", strings.NewReader(form.Encode()),
		"Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json")
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/problem+json") {
		if err := json.Unmarshal([]byte(body), &refusal); err != nil {
			p.t.Fatal(err)
		}
	}
	return response.StatusCode, response.Header.Get("Location"), refusal
}

// wantRefused checks that an invitation is refused with a code.
func wantRefused(t *testing.T, p *person, token, name, code string) {
	t.Helper()
	status, to, refusal := p.accept(token, name)
	if status < 400 || refusal.str("code") != code || refusal.str("detail") == "" {
		t.Errorf("got %d %s %v, want the error %s", status, to, refusal, code)
	}
}

// invited counts how many an invitation says that it has admitted.
func (p *person) invited(room string, id int64) int64 {
	p.t.Helper()
	_, answer := p.json("GET", "/api/v1/invites?room="+room, "")
	for _, i := range answer.list("invites") {
		if i.int("id") == id {
			return i.int("used")
		}
	}
	p.t.Fatalf("no invitation %d in %v", id, answer)
	return 0
}

func TestInvitation(t *testing.T) {
	h := start(t)
	olga := h.owner("olga")
	garden, segment := olga.room("private", "garden")

	t.Run("the link says what it grants, and its token is in no path and no referrer", func(t *testing.T) {
		id, token := olga.invite(object{"room": garden, "uses": 2, "note": "for the <neighbours>", "expires_at": time.Now().Add(time.Hour).UnixMilli()})
		response, page := h.nobody().do("GET", "/-/invite?token="+token, nil)
		for _, want := range []string{"garden", "olga", "private", "For 2 people, 2 more can come", "Good until", "for the &lt;neighbours&gt;"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page does not say %q:\n%s", want, page)
			}
		}
		if got := response.Header.Get("Referrer-Policy"); got != "no-referrer" && got != "strict-origin" {
			t.Errorf("got Referrer-Policy %q", got)
		}
		if response, _ := h.nobody().do("GET", "/-/invite.png?token="+token, nil); response.Header.Get("Content-Type") != "image/png" {
			t.Errorf("got %v, want a QR code", response)
		}
		_, list := olga.json("GET", "/api/v1/invites?room="+garden, "")
		if strings.Contains(list.String(), token) || strings.Contains(list.String(), "hash") {
			t.Errorf("the list tells the token or its hash: %v", list)
		}
		if got := olga.invited(garden, id); got != 0 {
			t.Errorf("looking counts: %d", got)
		}
	})
	t.Run("a guest comes in by it, into a private room, and counts once", func(t *testing.T) {
		id, token := olga.invite(object{"room": garden, "uses": 1})
		ben := h.nobody()
		status, to, refusal := ben.accept(token, "ben")
		if status != http.StatusSeeOther || to != "/"+segment+"/ben/" {
			t.Fatalf("got %d to %q %v, want the room", status, to, refusal)
		}
		if response, page := ben.do("GET", to, nil); response.StatusCode != http.StatusOK || !strings.Contains(page, "garden") {
			t.Errorf("the room's page: %d", response.StatusCode)
		}
		for range 2 {
			if status, again, _ := ben.accept(token, ""); status != http.StatusSeeOther || again != to {
				t.Errorf("again: got %d to %q, want %q", status, again, to)
			}
		}
		if response, _ := ben.do("GET", "/-/invite?token="+token, nil); response.Header.Get("Location") != to {
			t.Errorf("looking at it again leads to %q, want %q", response.Header.Get("Location"), to)
		}
		if got := olga.invited(garden, id); got != 1 {
			t.Errorf("it has admitted %d, want 1", got)
		}
		wantRefused(t, h.nobody(), token, "cat", "used_up")
		if _, page := h.nobody().do("GET", "/-/invite?token="+token, nil); !strings.Contains(page, "for one person, who has come already") || strings.Contains(page, "garden") {
			t.Errorf("a surplus visitor is not told why, or told of the room:\n%s", page)
		}
	})
	t.Run("late, revoked and unknown ones say so", func(t *testing.T) {
		_, late := olga.invite(object{"room": garden, "expires_at": time.Now().Add(50 * time.Millisecond).UnixMilli()})
		id, revoked := olga.invite(object{"room": garden})
		if status, answer := olga.json("DELETE", fmt.Sprintf("/api/v1/invites/%d", id), ""); status != http.StatusOK {
			t.Fatalf("revoking: %d %v", status, answer)
		}
		<-time.After(60 * time.Millisecond)
		wantRefused(t, h.nobody(), late, "dan", "expired")
		wantRefused(t, h.nobody(), revoked, "dan", "revoked")
		wantRefused(t, h.nobody(), "no such token", "dan", "not_found")
		wantRefused(t, h.nobody(), "", "dan", "not_found")
		for token, words := range map[string]string{late: "was good until", revoked: "was taken back", "nonsense": "no such invitation"} {
			if response, page := h.nobody().do("GET", "/-/invite?token="+token, nil); response.StatusCode < 400 || !strings.Contains(page, words) {
				t.Errorf("got %d, want a page that says %q:\n%s", response.StatusCode, words, page)
			}
		}
	})
	t.Run("a name that is taken is refused with a suggestion and counts nobody", func(t *testing.T) {
		id, token := olga.invite(object{"room": garden, "uses": 1})
		status, page := h.nobody().form("/-/invite", url.Values{"token": {token}, "username": {"olga"}})
		if status != http.StatusConflict || !strings.Contains(page, `name="take" value="olga2"`) {
			t.Errorf("got %d, want a suggestion:\n%s", status, page)
		}
		if got := olga.invited(garden, id); got != 0 {
			t.Errorf("it has admitted %d, want nobody", got)
		}
	})
}

// TestSingleUse has 50 strangers take an invitation for one at the same moment, again and again, and once one for seven.
func TestSingleUse(t *testing.T) {
	h := start(t, "--limits", "off")
	olga := h.owner("olga")
	garden, segment := olga.room("private", "garden")
	const people = 50
	for round, admits := range []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7} {
		id, token := olga.invite(object{"room": garden, "uses": admits})
		browsers := make([]*person, people)
		statuses := make([]int, people)
		codes := make([]string, people)
		for i := range browsers {
			browsers[i] = h.nobody()
		}
		allAtOnce(people, func(i int) {
			var refusal object
			statuses[i], _, refusal = browsers[i].accept(token, fmt.Sprintf("p%d-%d", round, i))
			codes[i] = refusal.str("code")
		})
		in, seen := 0, 0
		for i, status := range statuses {
			switch {
			case status == http.StatusSeeOther:
				in++
			case codes[i] != "used_up":
				t.Errorf("browser %d: got %d %q, want to be told that it is used up", i, status, codes[i])
			}
			if response, _ := browsers[i].do("GET", "/api/v1/rooms/"+segment, nil); response.StatusCode == http.StatusOK {
				seen++
			}
			if _, me := browsers[i].json("GET", "/api/v1/me", ""); status != http.StatusSeeOther && me["me"] != nil {
				t.Errorf("browser %d was refused and is somebody: %v", i, me["me"])
			}
		}
		if in != admits || seen != admits || olga.invited(garden, id) != int64(admits) {
			t.Errorf("an invitation for %d admitted %d, %d see the room, and it counts %d", admits, in, seen, olga.invited(garden, id))
		}
	}
}
