package admin_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// from makes a guest whose session was opened from an address.
func (w *world) from(name, address string) (person, error) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = address
	session, cookie := w.gate.Begin(r)
	user, err := w.users.Guest(context.Background(), name, *session)
	return person{user, cookie}, err
}

func (w *world) say(by person, room chat.RoomID, key, text string) (chat.Posted, error) {
	return w.rooms.Post(context.Background(), by.actor(), room.String(), chat.Draft{Key: key, Text: text})
}

// whys are the newest lines of the audit log with the reasons that were given, the newest first.
func (w *world) whys(n int) []string {
	w.t.Helper()
	var lines []string
	check(w.t, w.store.Read(context.Background(), func(s chat.Snapshot) error {
		list, err := s.AuditList(chat.AuditQuery{Paging: chat.Paging{Descending: true, Limit: n}})
		for _, a := range list.Rows {
			lines = append(lines, strings.Join([]string{a.ByName, a.Verb, a.Object, a.Name, a.Why}, "|"))
		}
		return err
	}))
	return lines
}

func wantKind(t *testing.T, what string, err error, want chat.Kind) {
	t.Helper()
	if got := chat.KindOf(err); got != want {
		t.Errorf("%s: got %v (%q), want %q", what, err, got, want)
	}
}

func TestMuting(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	ctx := t.Context()
	_, err := w.moderation.Mute(ctx, w.moderator.actor(), w.guest.ID, chat.Forever+5, "spam")
	check(t, err)
	_, err = w.say(w.guest, room, "", "hello")
	wantKind(t, "muted without an end", err, chat.Forbidden)
	if got := chat.AsError(err); got.Until != chat.Forever || strings.Contains(got.Message, "until") {
		t.Errorf("got %q until %d, want no end", got.Message, got.Until)
	}
	if diff := cmp.Diff(w.whys(1), []string{"mona|muted|" + w.guest.ID.String() + "|gus|spam"}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}
	heard := w.heard.take()
	if !slices.ContainsFunc(heard, func(c chat.Change) bool {
		return c.Log == chat.UserLog(w.guest.ID) && c.Me.User != nil && c.Me.User.MutedUntil == chat.Forever
	}) {
		t.Errorf("the guest's own log was not told: %v", heard)
	}
	_, err = w.moderation.Mute(ctx, w.moderator.actor(), w.guest.ID, 1, "")
	check(t, err)
	_, err = w.say(w.guest, room, "", "hello again")
	check(t, err)

	for name, tc := range map[string]struct{ by, whom person }{
		"an administrator":   {w.moderator, w.administrator},
		"themselves":         {w.moderator, w.moderator},
		"the owner":          {w.administrator, w.owner},
		"by a member":        {w.member, w.guest},
		"by a guest":         {w.guest, w.member},
		"by one of the past": {w.deactivated, w.guest},
	} {
		_, err := w.moderation.Mute(ctx, tc.by.actor(), tc.whom.ID, chat.Forever, "")
		wantKind(t, name, err, chat.Forbidden)
	}
	_, err = w.moderation.Mute(ctx, w.owner.actor(), w.administrator.ID, chat.Forever, "")
	check(t, err)
	_, err = w.say(w.administrator, room, "", "I moderate here")
	wantKind(t, "an administrator whom the owner has muted", err, chat.Forbidden)
	_, err = w.moderation.Mute(ctx, w.moderator.actor(), w.guest.ID, -1, "")
	wantKind(t, "no time", err, chat.Invalid)
	_, err = w.moderation.Mute(ctx, w.moderator.actor(), w.guest.ID, 0, strings.Repeat("x", chat.WhyLimit+1))
	wantKind(t, "a long reason", err, chat.TooLong)
	_, err = w.moderation.Mute(ctx, w.moderator.actor(), 999, 0, "")
	wantKind(t, "nobody", err, chat.NotFound)
}

func TestBanning(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	ctx := t.Context()
	eve, err := w.from("eve", "[2001:db8:1:2::7]:1234")
	check(t, err)
	_, err = w.say(eve, room, "", "spam")
	check(t, err)
	networks, err := w.moderation.Ban(ctx, w.moderator.actor(), eve.ID, chat.Ban{Why: "spam", Network: true})
	check(t, err)
	if diff := cmp.Diff(networks, []string{"2001:db8:1:2::/64"}); diff != "" {
		t.Errorf("networks (-got +want):\n%s", diff)
	}
	_, err = w.say(eve, room, "", "more")
	wantKind(t, "a banned user", err, chat.Forbidden)
	if !slices.ContainsFunc(w.heard.take(), func(c chat.Change) bool { return c.Me != nil && c.Me.SignedOut == "*" }) {
		t.Error("no session was ended")
	}
	_, err = w.from("eve2", "[2001:db8:1:2:ffff::1]:99")
	wantKind(t, "another guest of the network", err, chat.Forbidden)
	_, err = w.from("ann", "[2001:db8:1:3::1]:99")
	wantKind(t, "a guest of the network beside it", err, "")
	_, err = w.users.Script(ctx, "robot", "2001:db8:1:2::/64")
	wantKind(t, "a script of the network", err, chat.Forbidden)
	session, _ := w.gate.Begin(httptest.NewRequest(http.MethodGet, "/", nil))
	session.Address = "2001:db8:1:2::/64"
	_, err = w.rooms.Enter(ctx, w.users, chat.Entrance{Name: "eve3", Room: "lobby", Session: session})
	wantKind(t, "through the front door", err, chat.Forbidden)
	_, err = w.rooms.Enter(ctx, w.users, chat.Entrance{Actor: w.guest.actor(), Name: "gus", Room: "lobby", Session: session})
	wantKind(t, "who is somebody already", err, "")

	if diff := cmp.Diff(w.audit(1), []string{"mona banned " + eve.ID.String() + " eve with 1 network"}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}
	bans, _, err := w.moderation.Networks(ctx, w.moderator.actor(), "")
	check(t, err)
	if len(bans) != 1 || bans[0].User != eve.ID || bans[0].Why != "spam" || bans[0].By != w.moderator.ID {
		t.Errorf("got bans %+v, want eve's", bans)
	}
	check(t, w.moderation.Unban(ctx, w.moderator.actor(), eve.ID, "sorry"))
	_, err = w.from("eve4", "[2001:db8:1:2::7]:1")
	wantKind(t, "after the ban was lifted", err, "")

	_, err = w.moderation.Ban(ctx, w.moderator.actor(), w.administrator.ID, chat.Ban{})
	wantKind(t, "an administrator", err, chat.Forbidden)
	_, err = w.moderation.Ban(ctx, w.owner.actor(), w.owner.ID, chat.Ban{})
	wantKind(t, "oneself", err, chat.Forbidden)
	wantKind(t, "lifting a ban of an administrator", w.moderation.Unban(ctx, w.moderator.actor(), w.deactivated.ID, ""), chat.Forbidden)
	_, err = w.moderation.Ban(ctx, w.moderator.actor(), w.guest.ID, chat.Ban{Until: 5, Network: true})
	wantKind(t, "until long ago", err, chat.Invalid)
}

func TestNetworkBansEnd(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	check(t, w.store.Write(ctx, func(tx chat.Tx) error {
		return tx.PutAddressBan(chat.AddressBan{Network: "203.0.113.7", Until: chat.Millis(tx.Now()) - 1, At: 1})
	}))
	_, err := w.from("ann", "203.0.113.7:1")
	wantKind(t, "a ban that has run out", err, "")
	network, err := w.moderation.BanNetwork(ctx, w.moderator.actor(), " ::ffff:203.0.113.7 ", 0, "a storm")
	check(t, err)
	if got, want := network, "203.0.113.7"; got != want {
		t.Errorf("banned %q, want %q", got, want)
	}
	_, err = w.from("ben", "203.0.113.7:2")
	wantKind(t, "a ban without an end", err, chat.Forbidden)
	check(t, w.moderation.LiftNetwork(ctx, w.moderator.actor(), "203.0.113.7/32", ""))
	wantKind(t, "lifted twice", w.moderation.LiftNetwork(ctx, w.moderator.actor(), "203.0.113.7", ""), chat.NotFound)
	for _, bad := range []string{"", "x", "10.0.0.0/8", "2001:db8::/32", "1.2.3"} {
		_, err := w.moderation.BanNetwork(ctx, w.moderator.actor(), bad, 0, "")
		wantKind(t, "the network "+bad, err, chat.Invalid)
	}
}

func TestReportsAreDecidedOnce(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	ctx := t.Context()
	ref := w.post(w.guest, room, "buy my watches")
	check(t, w.rooms.Report(ctx, w.member.actor(), "lobby", ref.Number, "spam"))
	check(t, w.rooms.Report(ctx, w.member.actor(), "lobby", ref.Number, "spam again"))
	check(t, w.rooms.Report(ctx, w.owner.actor(), "lobby", ref.Number, "indeed"))
	wantKind(t, "one's own", w.rooms.Report(ctx, w.guest.actor(), "lobby", ref.Number, "x"), chat.Invalid)
	wantKind(t, "without a reason", w.rooms.Report(ctx, w.member.actor(), "lobby", ref.Number, " "), chat.Missing)
	wantKind(t, "no such message", w.rooms.Report(ctx, w.member.actor(), "lobby", 99, "x"), chat.NotFound)
	wantKind(t, "by nobody", w.rooms.Report(ctx, w.nobody.actor(), "lobby", ref.Number, "x"), chat.Unauthenticated)

	reports, more, err := w.moderation.Reports(ctx, w.moderator.actor(), chat.ReportQuery{})
	check(t, err)
	if len(reports) != 2 || more || reports[0].Text != "buy my watches" || reports[0].Why != "spam" || reports[0].AuthorName != "gus" {
		t.Fatalf("got the queue %+v, more %v; want two reports", reports, more)
	}
	_, _, err = w.moderation.Reports(ctx, w.member.actor(), chat.ReportQuery{})
	wantKind(t, "the queue by a member", err, chat.Forbidden)
	_, _, err = w.rooms.Reports(ctx, w.member.actor(), "lobby", chat.ReportQuery{})
	wantKind(t, "the room's queue by a member", err, chat.Forbidden)

	w.heard.take()
	var wait sync.WaitGroup
	results := make([]error, 50)
	for i := range results {
		wait.Go(func() {
			by := []person{w.moderator, w.administrator, w.owner}[i%3]
			_, results[i] = w.moderation.Decide(ctx, by.actor(), reports[i%2].ID, chat.Decision{State: chat.UpheldReport, Note: "gone", Delete: true})
		})
	}
	wait.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else {
			wantKind(t, "who came second", err, chat.Conflict)
			if !strings.Contains(err.Error(), "decided this already: upheld") {
				t.Errorf("who came second is told %q", err)
			}
		}
	}
	if won != 1 {
		t.Errorf("%d decided, want 1", won)
	}
	told := map[chat.UserID]int{}
	for _, c := range w.heard.take() {
		if c.Me != nil && c.Me.Report != nil {
			told[c.Log.User()]++
			if diff := cmp.Diff(*c.Me.Report, chat.ReportChange{Room: room, Number: ref.Number, State: chat.UpheldReport, Note: "gone"}); diff != "" {
				t.Errorf("reporters are told (-got +want):\n%s", diff)
			}
		}
	}
	if diff := cmp.Diff(told, map[chat.UserID]int{w.member.ID: 1, w.owner.ID: 1}); diff != "" {
		t.Errorf("who was told (-got +want):\n%s", diff)
	}
	decided, _, err := w.moderation.Reports(ctx, w.moderator.actor(), chat.ReportQuery{State: chat.UpheldReport})
	check(t, err)
	if len(decided) != 2 || decided[0].Text != "" || decided[0].Note != "gone" || decided[1].DecidedBy == 0 {
		t.Errorf("got %+v, want two decisions without the text", decided)
	}
	if _, err := w.say(w.guest, room, "", "again"); err != nil {
		t.Errorf("the author may go on: %v", err)
	}
	check(t, w.store.Read(ctx, func(s chat.Snapshot) error {
		m, err := s.Message(room, ref.Number)
		if !m.Deleted {
			t.Errorf("the message is still there: %+v", m)
		}
		return err
	}))
}

func TestRoomModeratorsDecideTheirRooms(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	lobby, other := w.room("lobby"), w.room("other")
	w.post(w.member, lobby, "hi")
	_, err := w.rooms.ChangeMember(ctx, w.owner.actor(), "lobby", w.member.ID, chat.MemberChange{Role: new(chat.Moderator)})
	check(t, err)
	here, there := w.post(w.guest, lobby, "here"), w.post(w.guest, other, "there")
	check(t, w.rooms.Report(ctx, w.owner.actor(), "lobby", here.Number, "x"))
	check(t, w.rooms.Report(ctx, w.owner.actor(), "other", there.Number, "x"))
	reports, _, err := w.rooms.Reports(ctx, w.member.actor(), "lobby", chat.ReportQuery{})
	check(t, err)
	if len(reports) != 1 || reports[0].Number != here.Number {
		t.Fatalf("got %+v, want the lobby's report", reports)
	}
	_, err = w.rooms.Decide(ctx, w.member.actor(), "lobby", reports[0].ID+1, chat.Decision{State: chat.DismissedReport})
	wantKind(t, "a report of another room", err, chat.NotFound)
	_, err = w.rooms.Decide(ctx, w.member.actor(), "lobby", reports[0].ID, chat.Decision{State: chat.DismissedReport, Delete: true})
	wantKind(t, "dismissed and deleted", err, chat.Invalid)
	_, err = w.rooms.Decide(ctx, w.member.actor(), "lobby", reports[0].ID, chat.Decision{State: chat.DismissedReport, Note: "harmless"})
	check(t, err)
	_, acts, err := w.rooms.Acts(ctx, w.member.actor(), "lobby", chat.Paging{})
	check(t, err)
	if len(acts.Rows) == 0 || acts.Rows[0].Verb != "decided a report" || acts.Rows[0].Why != "harmless" {
		t.Errorf("got the acts %+v, want the decision first", acts.Rows)
	}
	for _, a := range acts.Rows {
		if a.Room() != lobby {
			t.Errorf("the lobby's moderator sees %+v", a)
		}
	}
	_, _, err = w.rooms.Acts(ctx, w.guest.actor(), "lobby", chat.Paging{})
	wantKind(t, "the acts by a guest", err, chat.Forbidden)
}

func TestDeletionsByModeratorsAreNoted(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	ref, own := w.post(w.guest, room, "one"), w.post(w.moderator, room, "two")
	before := len(w.audit(100))
	_, err := w.rooms.Delete(t.Context(), w.moderator.actor(), "lobby", own.Number)
	check(t, err)
	if got := len(w.audit(100)); got != before {
		t.Errorf("deleting one's own was noted")
	}
	for range 2 {
		_, err = w.rooms.Delete(t.Context(), w.moderator.actor(), "lobby", ref.Number)
		check(t, err)
	}
	want := fmt.Sprintf("mona deleted %s/%d lobby, message %d by gus", room, ref.Number, ref.Number)
	if got := w.audit(100); len(got) != before+1 || got[0] != want {
		t.Errorf("got %q, want %q once", got[0], want)
	}
}

func TestSettingsAreChangedByWhoMay(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, err := w.moderation.ChangeSettings(ctx, w.moderator.actor(), chat.SettingsEdit{Lockdown: new(chat.ReadOnly)}, "a storm")
	check(t, err)
	if diff := cmp.Diff(w.whys(1), []string{"mona|changed|server|settings|a storm"}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}
	_, err = w.moderation.ChangeSettings(ctx, w.moderator.actor(), chat.SettingsEdit{Lockdown: new(chat.NoLockdown), NoGuests: new(true)}, "")
	wantKind(t, "more than the lockdown by a moderator", err, chat.Forbidden)
	_, err = w.moderation.ChangeSettings(ctx, w.member.actor(), chat.SettingsEdit{Lockdown: new(chat.NoLockdown)}, "")
	wantKind(t, "the lockdown by a member", err, chat.Forbidden)
	for field, e := range map[string]chat.SettingsEdit{
		"lockdown": {Lockdown: new(chat.Lockdown("x"))}, "create_rooms": {CreateRooms: new(chat.Threshold("x"))},
		"registration": {Registration: new(chat.Registration("x"))},
	} {
		_, err = w.moderation.ChangeSettings(ctx, w.owner.actor(), e, "")
		if e := chat.AsError(err); e == nil || e.Kind != chat.Invalid || e.Field != field {
			t.Errorf("%s: got %v, want it refused", field, err)
		}
	}
	is, err := w.moderation.ChangeSettings(ctx, w.owner.actor(), chat.SettingsEdit{HoldFirst: new(true)}, "")
	check(t, err)
	if want := (chat.Settings{Lockdown: chat.ReadOnly, HoldFirst: true}); is != want {
		t.Errorf("got %+v, want %+v", is, want)
	}
	was, err := w.admin.LockDown(ctx, chat.MembersOnly, "from the terminal")
	check(t, err)
	if was != chat.ReadOnly {
		t.Errorf("was %q", was)
	}
	told := false
	for _, c := range w.heard.take() {
		told = told || c.Server != nil && c.Server.Settings != nil && c.Server.Settings.Lockdown == chat.MembersOnly
	}
	if !told {
		t.Error("the server's log was not told")
	}
	if _, err := w.admin.LockDown(ctx, "x", ""); err == nil || errors.Is(err, context.Canceled) {
		t.Error("a level that there is not was put in force")
	}
}
