package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/auth"
	"parley/internal/chat"
)

func TestEditingARoom(t *testing.T) {
	w := newWorld(t)
	room, other := w.room("lobby"), w.room("music")
	target := fmt.Sprintf("/admin/rooms/%d/", room)
	w.heard.take()

	w.want("form", w.get(w.administrator, target), http.StatusOK, `value="lobby"`, `name="version" value="1"`, "/lobby/adam/")
	for name, tc := range map[string]struct {
		room, topic string
		status      int
		part        string
	}{
		"a name that is taken": {"music", "", http.StatusConflict, "There is a room called &#34;music&#34; already."},
		"a blank name":         {"  ", "", http.StatusUnprocessableEntity, "Please give a room name."},
		"a slash":              {"a/b", "", http.StatusUnprocessableEntity, "cannot have a /"},
		"a reserved name":      {"admin", "", http.StatusUnprocessableEntity, "used by the server itself"},
		"a long name":          {strings.Repeat("x", 256), "", http.StatusRequestEntityTooLarge, "at most 255 fit"},
		"a long topic":         {"lobby", strings.Repeat("x", 251), http.StatusRequestEntityTooLarge, "at most 250 fit"},
		"a bad topic":          {"lobby", "a\x07b", http.StatusUnprocessableEntity, "control character"},
		"bad UTF-8":            {"lob\xffby", "", http.StatusUnprocessableEntity, "not valid UTF-8"},
	} {
		got := w.send(w.administrator, target, "version", "1", "room", tc.room, "topic", tc.topic)
		w.want(name, got, tc.status, tc.part, `class="error"`, `aria-invalid="true"`)
	}
	w.want("no version", w.send(w.administrator, target, "room", "x"), http.StatusUnprocessableEntity)
	if changes := w.heard.take(); len(changes) > 0 {
		t.Errorf("refused edits changed something: %v", changes)
	}

	saved := w.send(w.administrator, target, "version", "1", "room", " hall ", "topic", "Say hello")
	w.want("saved", saved, http.StatusSeeOther)
	changes := w.heard.take()
	if len(changes) == 0 || changes[0].Info == nil || changes[0].Info.Name != "hall" || changes[0].Info.Topic != "Say hello" {
		t.Errorf("open pages were told %v, want the room's new name and topic", changes)
	}
	if diff := cmp.Diff(w.audit(1), []string{`adam changed r1 lobby name: "lobby" → "hall"; topic: "" → "Say hello"`}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}

	stale := w.send(w.owner, target, "version", "1", "room", "salon", "topic", "Say hello")
	w.want("stale", stale, http.StatusConflict, "Somebody else changed this room meanwhile.", `value="salon"`,
		"Now it is:", "<blockquote>hall</blockquote>", `name="version" value="2"`)
	w.want("stale but the same", w.send(w.owner, target, "version", "1", "room", "hall", "topic", "Say hello"), http.StatusSeeOther)
	w.want("again, knowingly", w.send(w.owner, target, "version", "2", "room", "salon", "topic", ""), http.StatusSeeOther)
	w.want("a room that is not", w.get(w.owner, "/admin/rooms/77/"), http.StatusNotFound, "There is no such room")
	if other == room {
		t.Fatal("two rooms have one id")
	}
}

func TestAddingARoom(t *testing.T) {
	w := newWorld(t)
	w.want("form", w.get(w.owner, "/admin/rooms/add"), http.StatusOK, `name="room"`)
	w.want("added", w.send(w.owner, "/admin/rooms/add", "room", "lobby", "topic", "hi"), http.StatusSeeOther)
	w.want("taken", w.send(w.owner, "/admin/rooms/add", "room", "lobby", "topic", "kept"), http.StatusConflict, "already", `value="kept"`)
	w.want("empty", w.send(w.owner, "/admin/rooms/add"), http.StatusUnprocessableEntity, "Please give a room name.")
	if room, err := w.rooms.Named(t.Context(), w.guest.actor(), "lobby"); err != nil || room.Topic != "hi" {
		t.Errorf("got %v, %v, want the room", room, err)
	}
}

func TestEditingAMessage(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	ref := w.post(w.guest, room, "\nfirst line\nsecond")
	target := fmt.Sprintf("/admin/messages/%d/%d/", ref.Room, ref.Number)
	w.heard.take()
	w.want("form", w.get(w.owner, target), http.StatusOK, ">\n\nfirst line\nsecond</textarea>", "/lobby/olga/?at=1#m1", "gus")
	w.want("blank", w.send(w.owner, target, "version", "3", "text", " \r\n "), http.StatusUnprocessableEntity,
		"The message is empty.", `aria-invalid="true"`)
	w.want("too long", w.send(w.owner, target, "version", "3", "text", strings.Repeat("é", 5000)), http.StatusRequestEntityTooLarge, "at most 8192 fit")
	w.want("control characters", w.send(w.owner, target, "version", "3", "text", "a\x00b"), http.StatusUnprocessableEntity, "control character")
	w.want("a huge form", w.send(w.owner, target, "version", "3", "text", strings.Repeat("x", 200_000)), http.StatusRequestEntityTooLarge)

	w.want("saved", w.send(w.owner, target, "version", "3", "text", "other\r\ntext"), http.StatusSeeOther)
	changes := w.heard.take()
	if len(changes) != 1 || changes[0].Message == nil || changes[0].Message.Text != "other\ntext" || changes[0].Message.Edited == 0 {
		t.Errorf("open pages were told %v, want the new text", changes)
	}
	if diff := cmp.Diff(w.audit(1), []string{"olga changed r1/1 lobby, message 1 text of gus"}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}
	w.want("stale", w.send(w.owner, target, "version", "3", "text", "mine"), http.StatusConflict, "The message has been changed meanwhile.",
		"<blockquote>other\ntext</blockquote>", ">\nmine</textarea>", `name="version" value="4"`)
	w.want("knowingly", w.send(w.owner, target, "version", "4", "text", "mine"), http.StatusSeeOther)

	if _, err := w.rooms.Delete(t.Context(), w.guest.actor(), "lobby", 1); err != nil {
		t.Fatal(err)
	}
	w.want("deleted meanwhile", w.send(w.owner, target, "version", "5", "text", "x"), http.StatusNotFound, "has been deleted")
	w.want("deleted", w.get(w.owner, target), http.StatusNotFound, "not any more")
}

// edit sends the form of a user as it was loaded, with fields of its own.
func (w *world) edit(by person, user chat.User, fields ...string) answer {
	form := []string{"was_username", user.Name, "was_role", string(user.Role), "was_deactivated", map[bool]string{true: "yes", false: "no"}[user.Deactivated]}
	return w.send(by, fmt.Sprintf("/admin/users/%d/", user.ID), append(form, fields...)...)
}

func (w *world) user(id chat.UserID) chat.User {
	w.t.Helper()
	var user chat.User
	check(w.t, w.store.Read(w.t.Context(), func(s chat.Snapshot) (err error) {
		user, err = s.User(id)
		return err
	}))
	return user
}

func TestEditingAUser(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	w.post(w.guest, room, "hi")
	w.heard.take()
	w.want("form", w.get(w.administrator, fmt.Sprintf("/admin/users/%d/", w.guest.ID)), http.StatusOK, `value="gus"`, "1 device", `name="was_username" value="gus"`)
	w.want("a look-alike", w.edit(w.administrator, w.guest.User, "username", "m\u0435l", "role", ""), http.StatusConflict, "Somebody else is called", `class="error"`)
	w.want("blank", w.edit(w.administrator, w.guest.User, "username", "", "role", ""), http.StatusUnprocessableEntity, `id="username-error"`)
	w.want("a role for a guest", w.edit(w.owner, w.guest.User, "username", "gus", "role", "moderator"), http.StatusUnprocessableEntity,
		"Only somebody who has an account", `id="role-error"`)
	w.want("no such role", w.edit(w.owner, w.member.User, "username", "mel", "role", "king"), http.StatusUnprocessableEntity, "There is no role")
	w.want("no was", w.send(w.owner, fmt.Sprintf("/admin/users/%d/", w.guest.ID), "username", "x"), http.StatusUnprocessableEntity)

	w.want("renamed", w.edit(w.administrator, w.guest.User, "username", "gustav", "role", ""), http.StatusSeeOther)
	if changes := w.heard.take(); len(changes) != 2 || changes[0].Member == nil || changes[0].Member.Name != "gustav" {
		t.Errorf("open pages were told %v, want the new name in the room", changes)
	}
	w.want("stale", w.edit(w.administrator, w.guest.User, "username", "gus2", "role", ""), http.StatusConflict, "Somebody else changed this user",
		"<blockquote>gustav</blockquote>", `value="gus2"`, `name="was_username" value="gustav"`)
	w.want("moderator", w.edit(w.administrator, w.member.User, "username", "mel", "role", "moderator"), http.StatusSeeOther)
	if diff := cmp.Diff(w.audit(2), []string{
		`adam changed u4 mel role: "none" → "moderator"`, `adam changed u5 gus name: "gus" → "gustav"`,
	}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}
}

func TestDeactivatingEndsEverySession(t *testing.T) {
	w := newWorld(t)
	w.want("before", w.get(w.administrator, "/admin/"), http.StatusOK)
	w.heard.take()
	w.want("deactivated", w.edit(w.owner, w.administrator.User, "username", "adam", "role", "administrator", "deactivated", "yes"), http.StatusSeeOther)
	ended := false
	for _, c := range w.heard.take() {
		ended = ended || c.Log == chat.UserLog(w.administrator.ID) && c.Me != nil && c.Me.SignedOut == "*"
	}
	if !ended {
		t.Error("the sockets are not told that the sessions have ended")
	}
	w.want("after", w.get(w.administrator, "/admin/"), http.StatusSeeOther)
	if _, err := w.users.Guest(t.Context(), "adam", chat.Session{ID: "s"}); chat.KindOf(err) != chat.NameTaken {
		t.Errorf("taking the name: got %v, want NameTaken", err)
	}
	w.want("active again", w.edit(w.owner, w.user(w.administrator.ID), "username", "adam", "role", "administrator"), http.StatusSeeOther)
	if w.user(w.administrator.ID).Deactivated {
		t.Error("still deactivated")
	}
}

func TestOnlyOwnersChangeOwnersAndAdministrators(t *testing.T) {
	w := newWorld(t)
	second := w.signUp("ada", chat.Administrator)
	refused := map[string]answer{
		"making an administrator":   w.edit(w.administrator, w.member.User, "username", "mel", "role", "administrator"),
		"making an owner":           w.edit(w.administrator, w.member.User, "username", "mel", "role", "owner"),
		"making oneself an owner":   w.edit(w.administrator, w.administrator.User, "username", "adam", "role", "owner"),
		"unmaking an owner":         w.edit(w.administrator, w.owner.User, "username", "olga", "role", ""),
		"unmaking an administrator": w.edit(w.administrator, second.User, "username", "ada", "role", "moderator"),
		"deactivating":              w.edit(w.administrator, w.owner.User, "username", "olga", "role", "owner", "deactivated", "yes"),
		"renaming":                  w.edit(w.administrator, second.User, "username", "eve", "role", "administrator"),
		"adding": w.send(w.administrator, "/admin/users/add", "username", "eve", "password", "a long password", "role",
			"administrator"),
	}
	for what, got := range refused {
		w.want(what, got, http.StatusForbidden, "Only an owner", `class="error"`)
	}
	w.want("renaming oneself", w.edit(w.administrator, w.administrator.User, "username", "adam2", "role", "administrator"), http.StatusSeeOther)
	w.want("deleting", w.send(w.administrator, "/admin/users/delete", "confirm", "yes", "messages", "keep", "pick", fmt.Sprint(int64(w.member.ID)),
		"pick", fmt.Sprint(int64(second.ID))), http.StatusForbidden, "Only an owner deletes")
	if w.user(w.member.ID).Gone() {
		t.Error("one of those who were to be deleted together was deleted although another could not be")
	}
	w.want("an owner does", w.edit(w.owner, w.member.User, "username", "mel", "role", "owner"), http.StatusSeeOther)
}

func TestTheLastOwnerStays(t *testing.T) {
	w := newWorld(t)
	retired := w.signUp("otto", chat.Owner)
	w.want("another owner is deactivated", w.edit(w.owner, retired.User, "username", "otto", "role", "owner", "deactivated", "yes"), http.StatusSeeOther)
	w.want("demoted", w.edit(w.owner, w.owner.User, "username", "olga", "role", "administrator"), http.StatusForbidden,
		"olga is the only owner", `id="role-error"`)
	w.want("deactivated", w.edit(w.owner, w.owner.User, "username", "olga", "role", "owner", "deactivated", "yes"), http.StatusForbidden,
		"olga is the only owner", `id="deactivated-error"`)
	w.want("deleted", w.send(w.owner, "/admin/users/delete", "confirm", "yes", "messages", "keep", "pick", fmt.Sprint(int64(w.owner.ID))),
		http.StatusForbidden, "olga is the only owner")
	if _, err := w.admin.Dismiss(t.Context(), "olga"); chat.KindOf(err) != chat.Forbidden {
		t.Errorf("dismissed: got %v, want Forbidden", err)
	}
	if _, err := w.admin.Appoint(t.Context(), chat.Appointment{Name: "olga", Existing: true, Role: chat.Administrator}); chat.KindOf(err) != chat.Forbidden {
		t.Errorf("appointed to less: got %v, want Forbidden", err)
	}
	w.want("renamed", w.edit(w.owner, w.owner.User, "username", "Olga", "role", "owner"), http.StatusSeeOther)
	w.want("a second owner", w.edit(w.owner, w.member.User, "username", "mel", "role", "owner"), http.StatusSeeOther)
	w.want("then the first may go", w.edit(w.owner, w.user(w.owner.ID), "username", "Olga", "role", ""), http.StatusSeeOther)
	w.want("and has gone", w.get(w.owner, "/admin/"), http.StatusForbidden)
}

func TestAddingAUser(t *testing.T) {
	w := newWorld(t)
	w.want("form", w.get(w.administrator, "/admin/users/add"), http.StatusOK, `type="password"`)
	w.want("short password", w.send(w.administrator, "/admin/users/add", "username", "eve", "password", "short", "role", ""),
		http.StatusUnprocessableEntity, `id="password-error"`, `value="eve"`)
	w.want("taken", w.send(w.administrator, "/admin/users/add", "username", "mel", "password", "a long password", "role", ""),
		http.StatusConflict, `id="username-error"`)
	w.want("added", w.send(w.administrator, "/admin/users/add", "username", "eve", "password", "a long password", "role", "moderator"),
		http.StatusSeeOther)
	user, err := w.users.ByName(t.Context(), "eve")
	check(t, err)
	right, err := auth.Verify(t.Context(), user.Password, "a long password")
	if !right || err != nil || user.Role != chat.Moderator || user.Kind != chat.Account {
		t.Errorf("got %v %q, password right %v, %v", user.Kind, user.Role, right, err)
	}
	if got := strings.Join(w.audit(1), ""); strings.Contains(got, "long password") || strings.Contains(got, "argon") {
		t.Errorf("the log tells the password: %s", got)
	}
}
