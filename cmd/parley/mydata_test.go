package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// password is what all accounts of these tests have.
const password = "a horse of no battery"

// export is what a person takes along: the files of the zip.
func (p *person) export(form url.Values) (status int, files map[string]string) {
	p.t.Helper()
	response, body := p.do("POST", "/-/me/export", strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	if response.StatusCode != http.StatusOK {
		return response.StatusCode, nil
	}
	if got := response.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		p.t.Errorf("got Content-Disposition %q", got)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		p.t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			p.t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			p.t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return response.StatusCode, files
}

func (p *person) says(room, text string) int64 {
	p.t.Helper()
	body, _ := json.Marshal(map[string]string{"text": text})
	status, answer := p.json("POST", "/api/v1/rooms/"+url.PathEscape(room)+"/messages", string(body))
	if status != http.StatusCreated {
		p.t.Fatalf("posting in %s: %d %v", room, status, answer)
	}
	return answer.int("number")
}

func (p *person) id() string {
	_, me := p.json("GET", "/api/v1/me", "")
	return me.str("me.user.id")
}

func TestExport(t *testing.T) {
	h := start(t)
	ana, ben := h.member("ana"), h.member("ben")
	garden, _ := ana.room("private", "garden")
	if status, answer := ana.json("POST", "/api/v1/rooms/"+garden+"/members", `{"users":["`+ben.id()+`"]}`); status != http.StatusOK {
		t.Fatalf("adding ben: %d %v", status, answer)
	}
	ben.says(garden, "a <b>secret</b>")
	ana.says(garden, "not ben's")
	ben.json("POST", "/api/v1/rooms/square/join", "{}")
	ben.says("square", "hello")

	t.Run("is all of mine, as JSON and as a page", func(t *testing.T) {
		status, files := ben.export(url.Values{"password": {password}})
		if status != http.StatusOK || len(files) != 2 {
			t.Fatalf("got %d with %d files", status, len(files))
		}
		var all object
		if err := json.Unmarshal([]byte(files["parley.json"]), &all); err != nil {
			t.Fatalf("%v in %s", err, files["parley.json"])
		}
		if all.str("profile.name") != "ben" || len(all.list("sessions")) != 1 || len(all.list("rooms")) != 2 {
			t.Errorf("got %v", all)
		}
		messages := all.list("messages")
		if len(messages) != 2 || messages[0].str("text") != "a <b>secret</b>" || messages[0].str("room") != garden || messages[1].str("text") != "hello" {
			t.Errorf("got the messages %v", messages)
		}
		page := files["parley.html"]
		if !strings.Contains(page, "a &lt;b&gt;secret&lt;/b&gt;") || strings.Contains(page, "<script") || strings.Contains(page, "not ben") {
			t.Errorf("got the page %s", page)
		}
		for _, secret := range []string{"argon2", "not ben's", strings.TrimPrefix(ben.cookie(), "parley_session=")} {
			for name, text := range files {
				if strings.Contains(text, secret) {
					t.Errorf("%s holds %q", name, secret)
				}
			}
		}
	})
	t.Run("needs the password where there is one", func(t *testing.T) {
		for _, form := range []url.Values{{}, {"password": {""}}, {"password": {"wrong"}}} {
			if status, _ := ben.export(form); status < 400 {
				t.Errorf("with %v: got %d", form, status)
			}
		}
		guest := h.join("gus", "square")
		if status, files := guest.export(nil); status != http.StatusOK || files["parley.json"] == "" {
			t.Errorf("a guest, who has none: got %d", status)
		}
		if status, _ := h.nobody().export(nil); status != http.StatusUnauthorized {
			t.Errorf("nobody: got %d", status)
		}
	})
	t.Run("holds nothing of a room that I was removed from", func(t *testing.T) {
		if status, answer := ana.json("DELETE", "/api/v1/rooms/"+garden+"/members/"+ben.id(), ""); status != http.StatusOK {
			t.Fatalf("removing ben: %d %v", status, answer)
		}
		_, files := ben.export(url.Values{"password": {password}})
		for name, text := range files {
			if strings.Contains(text, "garden") || strings.Contains(text, "secret") || strings.Contains(text, garden+`"`) {
				t.Errorf("%s tells of the room: %s", name, text)
			}
		}
	})
}

func TestDeleteAccount(t *testing.T) {
	h := start(t)
	olga := h.owner("olga")
	ana, ben := h.member("ana"), h.member("ben")
	ben.json("POST", "/api/v1/rooms/square/join", "{}")
	ana.json("POST", "/api/v1/rooms/square/join", "{}")
	kept := ben.says("square", "left behind")
	benID := ben.id()
	watch, _ := ana.socket()
	watch.ok("open", "room", "square")
	socket, _ := ben.socket()
	other := h.nobody()
	if status, body := other.form("/-/sign-in", url.Values{"username": {"ben"}, "password": {password}}); status != http.StatusSeeOther {
		t.Fatalf("ben's other device: %d %s", status, body)
	}

	t.Run("the person has to mean it, and the only owner cannot", func(t *testing.T) {
		for name, c := range map[string]struct {
			who  *person
			form url.Values
			want int
		}{
			"no password":    {ben, url.Values{"messages": {"keep"}}, http.StatusUnprocessableEntity},
			"wrong password": {ben, url.Values{"password": {"nonsense"}}, http.StatusUnprocessableEntity},
			"the owner":      {olga, url.Values{"password": {password}}, http.StatusForbidden},
			"another name":   {h.join("gus", "square"), url.Values{"username": {"guz"}}, http.StatusUnprocessableEntity},
			"nobody":         {h.nobody(), url.Values{"username": {""}}, http.StatusUnauthorized},
		} {
			if status, body := c.who.form("/-/me/delete", c.form); status != c.want {
				t.Errorf("%s: got %d, want %d:\n%.300s", name, status, c.want, body)
			}
		}
	})
	status, body := ben.form("/-/me/delete", url.Values{"password": {password}, "messages": {"keep"}})
	if status != http.StatusOK || !strings.Contains(body, "Your account is gone") {
		t.Fatalf("got %d %s", status, body)
	}
	t.Run("their sockets and sessions end", func(t *testing.T) {
		began := time.Now()
		for {
			if _, err := socket.read(); err != nil {
				break
			}
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("the socket closed after %s", took)
		}
		for _, p := range []*person{ben, other} {
			if _, me := p.json("GET", "/api/v1/me", ""); me["me"] != nil {
				t.Errorf("still signed in: %v", me["me"])
			}
		}
		if status, _ := h.nobody().form("/-/sign-in", url.Values{"username": {"ben"}, "password": {password}}); status != http.StatusUnauthorized {
			t.Errorf("signing in: got %d", status)
		}
	})
	t.Run("others see a former member, live and after", func(t *testing.T) {
		watch.want(func(o object) bool { return o.str("member.user") == benID && o.str("member.name") == "former member" })
		opened := watch.ok("open", "room", "square")
		said := ""
		for _, p := range opened.list("people") {
			if p.str("id") == benID {
				said = p.str("name")
			}
		}
		if said != "former member" {
			t.Errorf("the room says %q: %v", said, opened)
		}
		for _, path := range []string{"/square/ana/", "/api/v1/search?q=behind", "/api/v1/people?ids=" + benID, "/api/v1/users/" + benID} {
			_, text := ana.do("GET", path, nil)
			if !strings.Contains(text, "former member") || strings.Contains(text, `"ben"`) || strings.Contains(text, ">ben<") {
				t.Errorf("%s does not say who is gone, or does:\n%.600s", path, text)
			}
		}
		_, text := olga.do("GET", "/admin/messages/", nil)
		if !strings.Contains(text, "former member") || strings.Contains(text, ">ben<") {
			t.Errorf("the admin site's messages:\n%.600s", text)
		}
		if response, _ := ana.do("GET", "/square/ben/", nil); response.StatusCode == http.StatusSeeOther {
			t.Errorf("the old name leads to %s", response.Header.Get("Location"))
		}
	})
	t.Run("the name is free", func(t *testing.T) {
		again := h.join("ben", "square")
		if again.id() == benID {
			t.Error("the new ben is the old one")
		}
		_, answer := again.json("DELETE", "/api/v1/rooms/square/messages/"+jsonNumber(kept), "")
		wantProblem(t, answer, "forbidden")
	})
	t.Run("with messages these go as well", func(t *testing.T) {
		cat := h.member("cat")
		cat.json("POST", "/api/v1/rooms/square/join", "{}")
		var last int64
		for range 30 {
			last = cat.says("square", "meow")
		}
		if status, _ := cat.form("/-/me/delete", url.Values{"password": {password}, "messages": {"delete"}}); status != http.StatusOK {
			t.Fatalf("got %d", status)
		}
		watch.want(func(o object) bool { return o.int("message.number") == last && o.at("message.deleted") == true })
		if _, text := ana.do("GET", "/api/v1/rooms/square/messages", nil); strings.Contains(text, "meow") {
			t.Errorf("there is still %.300s", text)
		}
	})
}

func jsonNumber(n int64) string { text, _ := json.Marshal(n); return string(text) }

func wantProblem(t *testing.T, answer object, code string) {
	t.Helper()
	if answer.str("code") != code {
		t.Errorf("got %v, want the error %s", answer, code)
	}
}
