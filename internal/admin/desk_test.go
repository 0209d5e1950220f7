package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/internal/chat"
)

// did checks that a form was taken and sent the browser to a page that says so.
func (w *world) did(what string, got answer, to string) {
	w.t.Helper()
	if got.status != http.StatusSeeOther || got.header.Get("Location") != to {
		w.t.Errorf("%s: got %d to %q, want to be sent to %q\n%s", what, got.status, got.header.Get("Location"), to, got.body)
	}
}

func TestReportsPage(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	ref := w.post(w.guest, room, "<b>watches</b>")
	w.want("nothing", w.get(w.moderator, "/admin/reports/"), http.StatusOK, "Nothing has been reported", "moderation", `href="/admin/settings/"`)
	if page := w.get(w.moderator, "/admin/reports/"); page.has("/admin/users/") || page.has(`href="/admin/log/"`) {
		t.Error("a moderator is shown what only administrators can open")
	}
	check(t, w.rooms.Report(t.Context(), w.member.actor(), "lobby", ref.Number, "spam & more"))
	w.want("the queue", w.get(w.moderator, "/admin/reports/"), http.StatusOK, "gus in lobby", "&lt;b&gt;watches&lt;/b&gt;", "spam &amp; more", "mel")
	w.want("no decision", w.send(w.moderator, "/admin/reports/1/", "why", "x"), http.StatusUnprocessableEntity, "upheld or dismissed")
	w.did("decided", w.send(w.moderator, "/admin/reports/1/", "decision", "delete", "why", "gone"), "/admin/reports/?done=decided")
	w.want("what was done", w.get(w.moderator, "/admin/reports/?done=decided"), http.StatusOK, "The reporter has been told")
	w.want("the second", w.send(w.owner, "/admin/reports/1/", "decision", "dismissed"), http.StatusConflict, "mona has decided this already: upheld")
	upheld := w.get(w.moderator, "/admin/reports/?state=upheld")
	w.want("upheld", upheld, http.StatusOK, "gone", "mona")
	if upheld.has("watches") {
		t.Error("the text is shown after the decision")
	}
	w.want("no such report", w.send(w.moderator, "/admin/reports/9/", "decision", "upheld"), http.StatusNotFound)
}

func TestWaitingPage(t *testing.T) {
	w, room := holding(t)
	first, err := w.say(w.guest, room, "", "<i>one</i>")
	check(t, err)
	path := fmt.Sprintf("/admin/waiting/%s/%d/", room, first.Held)
	w.want("the queue", w.get(w.moderator, "/admin/waiting/"), http.StatusOK, "gus in lobby", "&lt;i&gt;one&lt;/i&gt;", path)
	w.want("nothing chosen", w.send(w.moderator, path), http.StatusUnprocessableEntity)
	w.did("approved", w.send(w.moderator, path, "decision", "approve"), "/admin/waiting/?done=approved")
	w.want("twice", w.send(w.moderator, path, "decision", "reject"), http.StatusNotFound, "Nothing waits under that number any more")
	if got := w.texts(room); len(got) != 1 || got[0] != "<i>one</i>" {
		t.Errorf("the room has %q", got)
	}
}

func TestPersonPage(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	w.post(w.guest, room, "hello")
	path := fmt.Sprintf("/admin/people/%d/", w.guest.ID)
	w.want("the person", w.get(w.moderator, path), http.StatusOK, "gus", "guest", "may speak", "Ban", "Mute")
	w.want("no length", w.send(w.moderator, path+"mute", "for", "x"), http.StatusUnprocessableEntity, "Please choose for how long")
	w.did("muted", w.send(w.moderator, path+"mute", "for", "3600", "why", "noise"), path+"?done=muted")
	w.want("muted", w.get(w.moderator, path), http.StatusOK, "muted until", "Let them speak again")
	w.did("unmuted", w.send(w.moderator, path+"mute", "for", "end"), path+"?done=unmuted")
	w.did("purged", w.send(w.moderator, path+"purge", "room", "lobby", "why", "noise"), path+"?done=purged")
	w.want("under way", w.get(w.moderator, "/admin/purges/"), http.StatusOK, "gus in lobby", "all messages", "Deleted so far")
	w.sweep()
	if got := w.texts(room); len(got) != 0 {
		t.Errorf("the room has %q, want nothing of the guest's", got)
	}
	w.did("banned", w.send(w.moderator, path+"ban", "network", "yes", "for", "86400", "why", "spam"), path+"?done=banned")
	w.want("banned", w.get(w.moderator, path), http.StatusOK, "banned", "Lift the ban")
	w.want("the bans", w.get(w.moderator, "/admin/bans/"), http.StatusOK, "192.0.2.1", "gus", "spam")
	w.did("unbanned", w.send(w.moderator, path+"unban", "why", "sorry"), path+"?done=lifted")
	administrator := fmt.Sprintf("/admin/people/%d/", w.administrator.ID)
	w.want("an administrator", w.send(w.moderator, administrator+"ban"), http.StatusForbidden, "You may not do that to adam")
	w.want("nobody", w.get(w.moderator, "/admin/people/999/"), http.StatusNotFound)
}

func TestBansPage(t *testing.T) {
	w := newWorld(t)
	w.want("none", w.get(w.moderator, "/admin/bans/"), http.StatusOK, "dora", "Ban a network")
	w.want("no address", w.send(w.moderator, "/admin/bans/", "network", "example.org", "for", "forever"), http.StatusUnprocessableEntity,
		`id="network-network-error"`, "neither an address")
	w.did("banned", w.send(w.moderator, "/admin/bans/", "network", "2001:db8::7", "for", "forever", "why", "storm"), "/admin/bans/?done=banned")
	w.want("listed", w.get(w.moderator, "/admin/bans/"), http.StatusOK, "2001:db8::/64", "it is lifted", "storm")
	w.did("lifted", w.send(w.moderator, "/admin/bans/lift", "network", "2001:db8::/64"), "/admin/bans/?done=lifted")
	w.want("lifted twice", w.send(w.moderator, "/admin/bans/lift", "network", "2001:db8::/64"), http.StatusNotFound, "is not banned")
}

func TestSettingsPage(t *testing.T) {
	w := newWorld(t)
	if page := w.get(w.moderator, "/admin/settings/"); page.has("As usual") || !page.has("Lockdown") {
		t.Errorf("a moderator is shown %s", page.body)
	}
	w.want("an administrator", w.get(w.administrator, "/admin/settings/"), http.StatusOK, "As usual", "Lockdown", "Who has an invitation")
	w.want("a moderator saves", w.send(w.moderator, "/admin/settings/", "guests_enter", "yes"), http.StatusForbidden)
	w.did("saved", w.send(w.administrator, "/admin/settings/", "guests_read", "yes", "hold_first", "yes", "create_rooms", "members",
		"registration", "invited", "why", "a club"), "/admin/settings/?done=changed")
	is, err := w.moderation.Settings(t.Context(), w.owner.actor())
	check(t, err)
	want := chat.Settings{
		CreateRooms: chat.FromMembers, NoGuests: true, GuestsMayNotPost: true, Registration: chat.ByInvitation, HoldFirst: true,
	}
	if is != want {
		t.Errorf("got %+v, want %+v", is, want)
	}
	w.want("no such threshold", w.send(w.administrator, "/admin/settings/", "create_rooms", "x"), http.StatusUnprocessableEntity, "is not one of")
	w.did("locked", w.send(w.moderator, "/admin/lockdown", "lockdown", "read_only", "why", "a storm"), "/admin/settings/?done=changed")
	w.want("locked", w.get(w.moderator, "/admin/settings/"), http.StatusOK, `<option value="read_only" selected>`)
	w.want("no such level", w.send(w.moderator, "/admin/lockdown", "lockdown", "x"), http.StatusUnprocessableEntity, "is not a level")
	w.want("the log", w.get(w.owner, "/admin/log/"), http.StatusOK, "a storm", "a club", "settings")
}

func TestDeletionsPage(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	w.at(w.guest, room, 1_700_000_000_000, "in 2023")
	w.at(w.guest, room, 1_700_003_600_000, "an hour later")
	w.want("nothing", w.get(w.moderator, "/admin/purges/"), http.StatusOK, "Nothing is being deleted")
	w.want("no day", w.send(w.owner, "/admin/purges/", "from", "yesterday"), http.StatusUnprocessableEntity, "not a day and a time")
	w.want("nothing said", w.send(w.owner, "/admin/purges/"), http.StatusUnprocessableEntity, "Say whose messages")
	w.want("a moderator everywhere", w.send(w.moderator, "/admin/purges/", "from", "2023-01-01T00:00"), http.StatusForbidden)
	w.did("purged", w.send(w.owner, "/admin/purges/", "from", "2023-11-14T22:00", "to", "2023-11-14T22:30"), "/admin/purges/?done=purged")
	w.sweep()
	if got := strings.Join(w.texts(room), ","); got != "an hour later" {
		t.Errorf("the room has %q", got)
	}
}
