package pages_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"parley/internal/chat"
)

func TestModeratePage(t *testing.T) {
	s := start(t, options{unlimited: true})
	olga, eve, gus := s.browser(), s.browser(), s.browser()
	olga.post("/-/setup", "token", setupToken, "username", "olga", "password", "a horse of no battery")
	eve.join("eve", "lobby")
	owner, err := s.users.ByName(context.Background(), "olga")
	if err != nil {
		t.Fatal(err)
	}
	moderation := &chat.Moderation{Store: s.store, Rooms: s.rooms}
	if _, err := moderation.ChangeSettings(context.Background(), chat.Actor{User: owner.ID}, chat.SettingsEdit{HoldFirst: new(true)}, ""); err != nil {
		t.Fatal(err)
	}

	t.Run("a guest's first message is said to wait, and its moderators find it", func(t *testing.T) {
		expect(t, eve.post("/lobby/eve/", "text", "buy <b>watches</b>"), http.StatusAccepted, "waits for approval", "buy <b>watches</b>")
		if got := s.texts("lobby"); len(got) != 0 {
			t.Errorf("the room has %q", got)
		}
		gus.join("gus", "lobby")
		expect(t, gus.get("/-/room/lobby/moderate"), http.StatusForbidden)
		expect(t, olga.get("/-/room/lobby/moderate"), http.StatusOK, "Moderate lobby", "eve", "buy <b>watches</b>", "Approve")
	})
	t.Run("it is approved once", func(t *testing.T) {
		expect(t, gus.post("/-/room/lobby/moderate/held/1", "decision", "approve"), http.StatusForbidden)
		expect(t, olga.post("/-/room/lobby/moderate/held/1"), http.StatusUnprocessableEntity, "Please choose what is to be done")
		redirects(t, olga.post("/-/room/lobby/moderate/held/1", "decision", "approve"), "/-/room/lobby/moderate?done=approved")
		expect(t, olga.get("/-/room/lobby/moderate?done=approved"), http.StatusOK, "It is in the room now", "approved")
		expect(t, olga.post("/-/room/lobby/moderate/held/1", "decision", "reject"), http.StatusNotFound, "Nothing waits under that number any more")
		if got := strings.Join(s.texts("lobby"), ","); got != "buy <b>watches</b>" {
			t.Errorf("the room has %q", got)
		}
	})
	t.Run("it is reported and decided", func(t *testing.T) {
		expect(t, gus.get("/-/room/lobby/report/1"), http.StatusOK, "Report this message?", "eve", "buy <b>watches</b>")
		expect(t, gus.get("/-/room/lobby/report/9"), http.StatusNotFound)
		expect(t, gus.post("/-/room/lobby/report/1", "why", " "), http.StatusUnprocessableEntity, "Please say what is wrong")
		expect(t, gus.post("/-/room/lobby/report/1", "why", "spam"), http.StatusOK, "Thank you")
		expect(t, olga.get("/-/room/lobby/moderate"), http.StatusOK, "reported by", "gus", "spam")
		redirects(t, olga.post("/-/room/lobby/moderate/reports/1", "decision", "delete", "why", "gone"), "/-/room/lobby/moderate?done=decided")
		expect(t, olga.post("/-/room/lobby/moderate/reports/1", "decision", "dismissed"), http.StatusConflict, "has decided this already")
		if got := s.texts("lobby"); len(got) != 0 {
			t.Errorf("the room has %q", got)
		}
	})
	t.Run("somebody is muted and their messages are deleted", func(t *testing.T) {
		redirects(t, eve.post("/lobby/eve/", "text", "more"), "/lobby/eve/")
		redirects(t, olga.post("/-/room/lobby/moderate/mute", "user", "u2", "for", "forever", "why", "noise"), "/-/room/lobby/moderate?done=muted")
		expect(t, eve.post("/lobby/eve/", "text", "and more"), http.StatusForbidden, "You have been muted.")
		expect(t, olga.get("/-/room/lobby/moderate"), http.StatusOK, "eve (muted)", "noise")
		expect(t, olga.post("/-/room/lobby/moderate/mute", "user", "u2", "for", "soon"), http.StatusUnprocessableEntity, "for how long")
		redirects(t, olga.post("/-/room/lobby/moderate/mute", "user", "u2", "for", "0"), "/-/room/lobby/moderate?done=unmuted")
		expect(t, olga.post("/-/room/lobby/moderate/purge", "user", "u2"), http.StatusUnprocessableEntity, "Tick that you are sure")
		redirects(t, olga.post("/-/room/lobby/moderate/purge", "user", "u2", "confirm", "yes"), "/-/room/lobby/moderate?done=purged")
		purges, err := moderation.Purges(context.Background(), chat.Actor{User: owner.ID})
		if err != nil || len(purges) != 1 || purges[0].User != 2 {
			t.Errorf("under way: %+v, %v", purges, err)
		}
	})
}

func TestStrangersAreToldWhatToDo(t *testing.T) {
	s := start(t, options{unlimited: true})
	olga, eve := s.browser(), s.browser()
	olga.post("/-/setup", "token", setupToken, "username", "olga", "password", "a horse of no battery")
	eve.join("eve", "lobby")
	redirects(t, eve.post("/lobby/eve/", "text", "hello"), "/lobby/eve/")
	owner, err := s.users.ByName(context.Background(), "olga")
	if err != nil {
		t.Fatal(err)
	}
	set := func(settings chat.Settings) {
		t.Helper()
		if err := s.store.Write(context.Background(), func(tx chat.Tx) error { return tx.PutSettings(settings) }); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("nobody becomes a guest", func(t *testing.T) {
		set(chat.Settings{NoGuests: true})
		page := s.browser().get("/")
		expect(t, page, http.StatusOK, "takes no new guests just now", "Sign in")
		if strings.Contains(page.body, `name="username"`) {
			t.Error("the page asks for a name that cannot be taken")
		}
		expect(t, s.browser().post("/", "username", "zoe", "room", "lobby"), http.StatusForbidden, "takes no new guests just now", "Sign in")
	})
	t.Run("who may not read is asked to sign in", func(t *testing.T) {
		set(chat.Settings{GuestsMayNotRead: true})
		page := s.browser().get("/lobby/zoe/")
		expect(t, page, http.StatusUnauthorized, "Please sign in", "Sign in")
		if strings.Contains(page.body, "hello") {
			t.Error("the page shows a message")
		}
		expect(t, eve.get("/lobby/eve/"), http.StatusOK, "hello") // who is in the room reads it
	})
	t.Run("guests are told of a lockdown", func(t *testing.T) {
		set(chat.Settings{Lockdown: chat.MembersOnly})
		page := eve.get("/lobby/eve/")
		expect(t, page, http.StatusForbidden, "for members only")
		if strings.Contains(page.body, "hello") {
			t.Error("the page shows a message")
		}
		expect(t, olga.get("/lobby/"+owner.Name+"/"), http.StatusOK, "hello")
	})
}
