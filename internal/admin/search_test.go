package admin_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// indexed has the search index read everything that there is.
func (w *world) indexed() {
	w.t.Helper()
	check(w.t, w.index.CatchUp(w.t.Context(), w.store, nil))
}

func TestMessageSearch(t *testing.T) {
	w := newWorld(t)
	lobby, music := w.room("lobby"), w.room("music")
	hello := w.post(w.guest, lobby, "Hello world")
	wild := w.post(w.member, music, "100% of_it, hello")
	shanghai := w.post(w.guest, music, "我家在上海东边。")
	gone := w.post(w.guest, music, "hello, soon gone")
	_, err := w.admin.DeleteMessages(t.Context(), w.owner.actor(), []chat.MessageRef{gone})
	check(t, err)
	w.indexed()
	for query, want := range map[string][]chat.MessageRef{
		"?q=HELLO":                     {wild, hello},
		"?q=hello&sort=created":        {hello, wild},
		"?q=hello&sort=room":           {hello, wild}, // as the index is walked, whatever else was asked for
		"?q=it+hello":                  {wild},
		"?q=%25":                       {wild},
		"?q=f_i":                       {wild},
		"?q=a%25":                      nil,
		"?q=%E4%B8%8A%E6%B5%B7":        {shanghai},
		"?q=hello&room=music":          {wild},
		"?q=hello&author=gus":          {hello},
		"?q=hello&to=2020-01-01":       nil,
		"?q=hello&from=2020-01-01":     {wild, hello},
		"?q=hello&deleted=yes":         nil,
		"?q=gone":                      nil,
		"?q=hello&author=gus&room=r99": nil,
	} {
		t.Run(query, func(t *testing.T) {
			got := w.get(w.administrator, "/admin/messages/"+query)
			rows := []string{}
			for _, ref := range want {
				rows = append(rows, fmt.Sprintf("%d/%d", ref.Room, ref.Number))
			}
			if diff := cmp.Diff(append([]string{}, got.rows()...), rows); diff != "" {
				t.Errorf("rows (-got +want):\n%s", diff)
			}
		})
	}
	t.Run("nothing that could be looked for is said above the list", func(t *testing.T) {
		w.want("invisible", w.get(w.owner, "/admin/messages/?q=%EF%B8%8F"), http.StatusUnprocessableEntity, "There is nothing in this search")
	})
	t.Run("the page of another list is refused", func(t *testing.T) {
		w.want("a cut", w.get(w.owner, "/admin/messages/?q=hello&after=WyJpZCIsMV0"), http.StatusUnprocessableEntity, "That did not work")
	})
	t.Run("only the order of posting can be asked for", func(t *testing.T) {
		page := w.get(w.owner, "/admin/messages/?q=hello")
		w.want("a search", page, http.StatusOK, "sort=created", "2 messages")
		for _, part := range []string{"sort=-author", "sort=author", "sort=room", "yet to read"} {
			if page.has(part) {
				t.Errorf("the page has %q", part)
			}
		}
	})
	t.Run("an index that is behind says so", func(t *testing.T) {
		late := w.post(w.guest, lobby, "hello again")
		w.index.Committed([]chat.Change{{Log: chat.RoomLog(late.Room), Version: 1 << 20}})
		w.want("behind", w.get(w.owner, "/admin/messages/?q=hello"), http.StatusOK, "The search index has yet to read", "Hello world")
	})
}

func TestMessageSearchPages(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	var want []string
	for i := range 230 {
		ref := w.post(w.guest, room, fmt.Sprint("needle ", i))
		w.post(w.guest, room, "hay")
		want = append(want, fmt.Sprintf("%d/%d", ref.Room, ref.Number))
	}
	slices.Reverse(want)
	w.indexed()
	page := w.get(w.owner, "/admin/messages/?q=needle")
	forth := page.rows()
	for next := page.link("next"); next != ""; next = page.link("next") {
		page = w.get(w.owner, "/admin/messages/"+next)
		forth = append(forth, page.rows()...)
	}
	if diff := cmp.Diff(forth, want); diff != "" {
		t.Errorf("paging forth (-got +want):\n%s", diff)
	}
	back := page.rows()
	for previous := page.link("prev"); previous != ""; previous = page.link("prev") {
		page = w.get(w.owner, "/admin/messages/"+previous)
		back = append(page.rows(), back...)
	}
	if diff := cmp.Diff(back, want); diff != "" {
		t.Errorf("paging back (-got +want):\n%s", diff)
	}
}
