package admin_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

var (
	picks = regexp.MustCompile(`name="pick" value="([^"]+)"`)
	links = regexp.MustCompile(`<a [^>]*rel="(next|prev)" href="([^"]+)"`)
)

// rows are what the rows of a list's page would be ticked as.
func (a answer) rows() []string {
	var rows []string
	for _, m := range picks.FindAllStringSubmatch(a.body, -1) {
		rows = append(rows, m[1])
	}
	return rows
}

// link is where the page's link to the next or the previous page leads, "" if there is none.
func (a answer) link(rel string) string {
	for _, m := range links.FindAllStringSubmatch(a.body, -1) {
		if m[1] == rel {
			return html.UnescapeString(m[2])
		}
	}
	return ""
}

func TestMessageListIsPagedForthAndBack(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	w.fill(w.guest, room, 250)
	page := w.get(w.owner, "/admin/messages/")
	w.want("first page", page, http.StatusOK, "250 messages")
	var forth []string
	for {
		forth = append(forth, page.rows()...)
		w.fill(w.guest, room, 1) // a newer one every time, which must not push a row onto two pages
		next := page.link("next")
		if next == "" {
			break
		}
		page = w.get(w.owner, "/admin/messages/"+next)
	}
	if len(forth) != 250 || len(slices.Compact(slices.Sorted(slices.Values(forth)))) != 250 {
		t.Errorf("paging forth: got %d rows, want each of the 250 once", len(forth))
	}
	if forth[0] != fmt.Sprintf("%d/250", room) || forth[249] != fmt.Sprintf("%d/1", room) {
		t.Errorf("paging forth: got from %s to %s, want the newest first", forth[0], forth[249])
	}
	back := page.rows()
	for prev := page.link("prev"); prev != ""; prev = page.link("prev") {
		page = w.get(w.owner, "/admin/messages/"+prev)
		back = append(page.rows(), back...)
	}
	if len(back) != 253 || len(slices.Compact(slices.Sorted(slices.Values(back)))) != 253 {
		t.Errorf("paging back: got %d rows, want each of the 253 once", len(back))
	}
}

func TestMessageListFilters(t *testing.T) {
	w := newWorld(t)
	lobby, music := w.room("lobby"), w.room("music")
	hello := w.post(w.guest, lobby, "Hello world")
	wild := w.post(w.member, music, "100% of_it")
	gone := w.post(w.guest, music, "soon gone")
	if _, err := w.admin.DeleteMessages(t.Context(), w.owner.actor(), []chat.MessageRef{gone}); err != nil {
		t.Fatal(err)
	}
	w.indexed()
	pick := func(refs ...chat.MessageRef) (rows []string) {
		for _, ref := range refs {
			rows = append(rows, fmt.Sprintf("%d/%d", ref.Room, ref.Number))
		}
		return rows
	}
	for query, want := range map[string][]string{
		"":                                     pick(wild, hello),
		"?sort=created":                        pick(hello, wild),
		"?sort=room":                           pick(hello, wild),
		"?sort=-author":                        pick(hello, wild),
		"?q=HELLO":                             pick(hello),
		"?q=%25":                               pick(wild),
		"?q=f_i":                               pick(wild),
		"?q=a%25":                              nil,
		"?room=music":                          pick(wild),
		"?room=r1":                             pick(hello),
		"?author=Gus":                          pick(hello),
		"?author=" + w.member.ID.String():      pick(wild),
		"?author=gus&room=music":               nil,
		"?from=2020-01-01&to=2020-12-31":       nil,
		"?from=2020-01-01":                     pick(wild, hello),
		"?to=2099-01-01&q=world":               pick(hello),
		"?tick=all":                            pick(wild, hello),
		"?after=&before=&kind=x&unknown=thing": pick(wild, hello),
	} {
		got := w.get(w.administrator, "/admin/messages/"+query)
		w.want(query, got, http.StatusOK)
		if diff := cmp.Diff(got.rows(), want); diff != "" {
			t.Errorf("%s: rows (-got +want):\n%s", query, diff)
		}
	}
	w.want("tombstones", w.get(w.owner, "/admin/messages/?deleted=yes"), http.StatusOK, "1 message<", ">deleted<")
	for query, part := range map[string]string{
		"?room=nowhere": "There is no room called that.", "?author=nobody": "Nobody is called that.",
		"?from=yesterday": "A day is written like", "?from=2026-02-02&to=2026-02-01": "This day is before the first one.",
		"?from=0001-01-01": "A day is written like",
	} {
		w.want(query, w.get(w.owner, "/admin/messages/"+query), http.StatusUnprocessableEntity, part, `aria-invalid="true"`)
	}
	for _, query := range []string{"?after=x", "?sort=text", "?sort=--created", "?after=WyJpZCIsMV0&before=WyJpZCIsMV0"} {
		w.want(query, w.get(w.owner, "/admin/messages/"+query), http.StatusUnprocessableEntity, "That did not work")
	}
}

func TestAuthorsOfOneNameAreOfferedForChoice(t *testing.T) {
	w := newWorld(t)
	check(t, w.store.Write(t.Context(), func(tx chat.Tx) error {
		return tx.InsertUser(&chat.User{Name: "Gus", Kind: chat.Imported})
	}))
	page := w.get(w.owner, "/admin/messages/?author=gus")
	w.want("two of a name", page, http.StatusOK, "gus, guest, "+w.guest.ID.String(), "Gus, imported")
}

func TestRoomAndUserLists(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"beta", "Alpha", "gamma"} {
		w.room(name)
	}
	w.fill(w.guest, 3, 5)
	if _, err := w.admin.DeleteRooms(t.Context(), w.owner.actor(), []chat.RoomID{1}); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string][]string{
		"/admin/rooms/":                         {"3", "2"},
		"/admin/rooms/?sort=name":               {"2", "3"},
		"/admin/rooms/?sort=-messages":          {"3", "2"},
		"/admin/rooms/?sort=members":            {"2", "3"},
		"/admin/rooms/?q=ALPH":                  {"2"},
		"/admin/rooms/?deleted=yes":             nil,
		"/admin/users/?role=owner":              {"1"},
		"/admin/users/?role=none&sort=name":     {"5", "4"},
		"/admin/users/?kind=guest":              {"5"},
		"/admin/users/?state=deactivated":       {"6"},
		"/admin/users/?q=M&sort=name":           {"2", "4", "3"},
		"/admin/users/?q=M&sort=name&kind=x":    nil,
		"/admin/users/?sort=role&state=active":  {"4", "5", "2", "3", "1"},
		"/admin/users/?sort=-kind&state=active": {"4", "3", "2", "1", "5"},
		"/admin/users/?sort=seen&from=2099-1-1": nil,
	} {
		got := w.get(w.owner, target)
		if diff := cmp.Diff(got.rows(), want); diff != "" {
			t.Errorf("%s: rows (-got +want):\n%s", target, diff)
		}
	}
	w.want("deleted rooms", w.get(w.owner, "/admin/rooms/?deleted=yes"), http.StatusOK, ">beta<")
}

func TestLinksOfAListKeepItsFilters(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby & <hall>")
	w.fill(w.guest, room, 101)
	w.indexed()
	page := w.get(w.owner, "/admin/messages/?q=ha&room=lobby+%26+%3Chall%3E&sort=room&evil=%3Cscript%3E")
	next, err := url.Parse(page.link("next"))
	check(t, err)
	if q := next.Query(); q.Get("q") != "ha" || q.Get("room") != "lobby & <hall>" || q.Get("sort") != "room" || q.Get("after") == "" {
		t.Errorf("next page: got %v", q)
	}
	if page.has("evil") {
		t.Error("a name that no list knows travels on")
	}
	w.want("an edit form", w.get(w.owner, "/admin/messages/1/1/?back="+url.QueryEscape("q=ha&evil=1")), http.StatusOK,
		`name="back" value="q=ha`, `href="/admin/messages/?q=ha"`)
	saved := w.send(w.owner, "/admin/messages/1/1/", "version", "2", "text", "new", "back", "q=ha&evil=1&sort=room")
	if got, want := saved.header.Get("Location"), "/admin/messages/?done=changed&q=ha&sort=room"; got != want {
		t.Errorf("after saving: got sent to %q, want %q", got, want)
	}
	w.want("the note", w.get(w.owner, "/admin/messages/?done=changed"), http.StatusOK, "Saved.")
	w.want("another note", w.get(w.owner, "/admin/messages/?done=deleted&n=7"), http.StatusOK, "Deleted 7.")
}

func TestFirstPageCountsAndTellsTheNewest(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	w.fill(w.guest, room, chat.CountLimit+1)
	page := w.get(w.administrator, "/admin/")
	w.want("first page", page, http.StatusOK, "more than 10,000", "olga</bdi> added", "lobby")
	w.want("log", w.get(w.owner, "/admin/log/?by=olga"), http.StatusOK, "2 lines", "lobby", "deactivated")
	w.want("log of another", w.get(w.owner, "/admin/log/?by="+w.administrator.ID.String()), http.StatusOK, "0 lines")
}

const evil = `<script>alert(1)</script>"'><b>`

func TestMarkupIsOnlyText(t *testing.T) {
	w := newWorld(t)
	bad := w.signUp(strings.ReplaceAll(evil, "/", ""), chat.NoRole)
	room, err := w.admin.AddRoom(t.Context(), w.owner.actor(), strings.ReplaceAll(evil, "/", ""), evil)
	check(t, err)
	w.post(bad, room.ID, evil)
	id, user := fmt.Sprint(int64(room.ID)), fmt.Sprint(int64(bad.ID))
	_, err = w.admin.EditRoom(t.Context(), w.owner.actor(), room.ID, chat.RoomEdit{Version: room.InfoVersion, Name: bad.Name, Topic: "new"})
	check(t, err)
	q := url.QueryEscape(evil)
	pages := map[string]answer{}
	for _, target := range []string{
		"/admin/", "/admin/rooms/", "/admin/messages/", "/admin/users/", "/admin/log/",
		"/admin/rooms/" + id + "/?back=" + q, "/admin/messages/" + id + "/1/?back=" + q, "/admin/users/" + user + "/?back=" + q,
		"/admin/rooms/delete?pick=" + id + "&back=" + q, "/admin/messages/delete?pick=" + id + "/1&back=" + q,
		"/admin/users/delete?pick=" + user + "&back=" + q,
		"/admin/messages/?q=" + q + "&room=" + q + "&author=" + q + "&from=" + q + "&to=" + q + "&sort=" + q,
		"/admin/messages/?q=" + q + "&room=" + q + "&author=" + q + "&from=" + q, "/admin/users/?kind=" + q + "&role=" + q + "&state=" + q,
		"/admin/log/?by=" + q, "/admin/" + q, "/admin/rooms/?done=" + q + "&n=" + q,
	} {
		pages[target] = w.get(w.owner, target)
	}
	pages["room form"] = w.send(w.owner, "/admin/rooms/"+id+"/", "version", "1", "room", evil, "topic", evil+"\x00", "back", evil)
	pages["stale room form"] = w.send(w.owner, "/admin/rooms/"+id+"/", "version", "1", "room", "x"+bad.Name, "topic", evil)
	pages["message form"] = w.send(w.owner, "/admin/messages/"+id+"/1/", "version", "1", "text", evil+"x")
	pages["new room"] = w.send(w.owner, "/admin/rooms/add", "room", evil, "topic", evil)
	pages["new user"] = w.send(w.owner, "/admin/users/add", "username", evil, "password", evil, "role", evil)
	pages["user form"] = w.send(w.owner, "/admin/users/"+user+"/", "username", evil, "role", evil,
		"was_username", evil, "was_role", evil, "was_deactivated", evil)
	for target, page := range pages {
		if page.status >= 500 || strings.Contains(page.body, "<script") || strings.Contains(page.body, "<b>") {
			t.Errorf("%s: got %d\n%s", target, page.status, page.body)
		}
	}
}

func TestBadUTF8InAQueryIsHarmless(t *testing.T) {
	w := newWorld(t)
	w.indexed()
	for _, target := range []string{
		"/admin/messages/?q=%ff%00", "/admin/messages/?room=%ff", "/admin/users/?q=" + strings.Repeat("%25", 5000),
		"/admin/log/?by=%ff", "/admin/rooms/99999999999999999999/", "/admin/messages/1/99999999999999999999/", "/admin/users/-1/",
	} {
		if got := w.get(w.owner, target); got.status >= 500 {
			t.Errorf("%s: got %d", target, got.status)
		}
	}
}
