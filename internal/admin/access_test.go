package admin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"parley/internal/chat"
)

// moderated are the beginnings of the addresses that moderators may use, too.
var moderated = []string{
	"GET /admin/reports/", "POST /admin/reports/", "GET /admin/waiting/", "POST /admin/waiting/", "GET /admin/people/", "POST /admin/people/",
	"GET /admin/bans/", "POST /admin/bans/", "GET /admin/purges/", "POST /admin/purges/", "GET /admin/settings/", "POST /admin/lockdown",
}

func TestEveryRouteIsForAdministratorsOnly(t *testing.T) {
	w := newWorld(t)
	room, victim := w.room("lobby"), w.signUp("vic", chat.NoRole)
	w.post(w.guest, room, "hello")
	for _, pattern := range append(w.site.Patterns(), "GET /admin/no-such-page", "DELETE /admin/rooms/1/") {
		method, path, found := strings.Cut(pattern, " ")
		if !found {
			method, path = http.MethodGet, pattern+"elsewhere"
		}
		user := strings.TrimPrefix(victim.ID.String(), "u")
		path = strings.NewReplacer("{$}", "", "{room}", "1", "{number}", "1", "{user}", user, "{report}", "1", "{held}", "1").Replace(path)
		moderator := http.StatusForbidden
		if slices.ContainsFunc(moderated, func(beginning string) bool { return strings.HasPrefix(pattern, beginning) }) {
			moderator = 0
		}
		for name, tc := range map[string]struct {
			by   person
			want int
		}{
			"nobody": {w.nobody, http.StatusSeeOther}, "deactivated": {w.deactivated, http.StatusSeeOther},
			"guest": {w.guest, http.StatusForbidden}, "member": {w.member, http.StatusForbidden},
			"moderator": {w.moderator, moderator},
			"owner":     {w.owner, 0}, "administrator": {w.administrator, 0},
		} {
			r := httptest.NewRequest(method, path, nil)
			if method == http.MethodPost {
				r = httptest.NewRequest(method, path, strings.NewReader("a=b"))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			got := w.do(tc.by, r)
			toSignIn := strings.HasPrefix(got.header.Get("Location"), "/-/sign-in?next=%2Fadmin%2F")
			switch {
			case tc.want == 0 && (got.status == http.StatusForbidden || got.status >= 500 || toSignIn):
				t.Errorf("%s %s by %s: got %d, want an answer\n%s", method, path, name, got.status, got.body)
			case tc.want != 0 && got.status != tc.want:
				t.Errorf("%s %s by %s: got %d, want %d", method, path, name, got.status, tc.want)
			case tc.want == http.StatusSeeOther && !toSignIn:
				t.Errorf("%s %s by %s: got sent to %q, want to sign in", method, path, name, got.header.Get("Location"))
			}
			if strings.Contains(got.body, "hello") && tc.want != 0 {
				t.Errorf("%s %s by %s: the page shows a message", method, path, name)
			}
			if got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: headers %v", method, path, got.header)
			}
		}
	}
}

func TestEveryVerbAsksForThePermission(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	ref := w.post(w.guest, room, "hello")
	ctx := context.Background()
	verbs := map[string]func(a chat.Actor) error{
		"Overview": func(a chat.Actor) error { _, err := w.admin.Overview(ctx, a); return err },
		"Rooms":    func(a chat.Actor) error { _, err := w.admin.Rooms(ctx, a, chat.RoomQuery{}); return err },
		"Messages": func(a chat.Actor) error { _, err := w.admin.Messages(ctx, a, chat.MessageQuery{}); return err },
		"Users":    func(a chat.Actor) error { _, err := w.admin.Users(ctx, a, chat.UserQuery{}); return err },
		"Log":      func(a chat.Actor) error { _, err := w.admin.Log(ctx, a, chat.AuditQuery{}); return err },
		"Named":    func(a chat.Actor) error { _, err := w.admin.Named(ctx, a, "gus"); return err },
		"Find":     func(a chat.Actor) error { _, err := w.admin.Find(ctx, a, "lobby"); return err },
		"RoomDetails": func(a chat.Actor) error {
			_, err := w.admin.RoomDetails(ctx, a, []chat.RoomID{room})
			return err
		},
		"UserDetails": func(a chat.Actor) error {
			_, err := w.admin.UserDetails(ctx, a, []chat.UserID{w.guest.ID})
			return err
		},
		"MessageDetails": func(a chat.Actor) error {
			_, err := w.admin.MessageDetails(ctx, a, []chat.MessageRef{ref})
			return err
		},
		"EditRoom": func(a chat.Actor) error {
			_, err := w.admin.EditRoom(ctx, a, room, chat.RoomEdit{Name: "x", Version: 1})
			return err
		},
		"AddRoom":     func(a chat.Actor) error { _, err := w.admin.AddRoom(ctx, a, "x", ""); return err },
		"EditMessage": func(a chat.Actor) error { _, err := w.admin.EditMessage(ctx, a, ref, 3, "x"); return err },
		"EditUser": func(a chat.Actor) error {
			_, err := w.admin.EditUser(ctx, a, w.guest.ID, w.guest.Edit(), chat.UserEdit{Name: "x"})
			return err
		},
		"AddUser":     func(a chat.Actor) error { _, err := w.admin.AddUser(ctx, a, "x", "phc", chat.NoRole); return err },
		"DeleteRooms": func(a chat.Actor) error { _, err := w.admin.DeleteRooms(ctx, a, []chat.RoomID{room}); return err },
		"DeleteMessages": func(a chat.Actor) error {
			_, err := w.admin.DeleteMessages(ctx, a, []chat.MessageRef{ref})
			return err
		},
		"DeleteUsers": func(a chat.Actor) error {
			_, err := w.admin.DeleteUsers(ctx, a, []chat.UserID{w.guest.ID}, true)
			return err
		},
	}
	before := w.audit(100)
	w.heard.take()
	for verb, do := range verbs {
		for name, tc := range map[string]struct {
			by   person
			want chat.Kind
		}{
			"nobody": {w.nobody, chat.Unauthenticated}, "deactivated": {w.deactivated, chat.Forbidden},
			"guest": {w.guest, chat.Forbidden}, "member": {w.member, chat.Forbidden}, "moderator": {w.moderator, chat.Forbidden},
			"somebody who is not": {person{User: chat.User{ID: 999}}, chat.Unauthenticated},
		} {
			if got := chat.KindOf(do(tc.by.actor())); got != tc.want {
				t.Errorf("%s by %s: got %q, want %q", verb, name, got, tc.want)
			}
		}
	}
	if changes := w.heard.take(); len(changes) > 0 {
		t.Errorf("refused verbs changed something: %v", changes)
	}
	if after := w.audit(100); len(after) != len(before) {
		t.Errorf("refused verbs were noted: %v", after)
	}
	for verb, do := range verbs {
		if strings.HasPrefix(verb, "Delete") || strings.HasPrefix(verb, "Edit") || strings.HasPrefix(verb, "Add") {
			continue
		}
		if err := do(w.administrator.actor()); err != nil {
			t.Errorf("%s by an administrator: %v", verb, err)
		}
	}
}
