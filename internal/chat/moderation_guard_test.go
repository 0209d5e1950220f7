package chat_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// guarded is a house with an owner, a moderator and two accounts.
type guarded struct {
	*house
	desk                 *chat.Moderation
	users                *chat.Users
	owner, mod, ana, bob chat.Actor
}

func newGuarded(t *testing.T) *guarded {
	h := newHouse(t)
	g := &guarded{
		house: h, desk: &chat.Moderation{Store: h.Store, Rooms: h.Rooms}, users: &chat.Users{Store: h.Store, Limits: h.Limits},
		owner: h.account("olga"), mod: h.account("max"), ana: h.account("ana"), bob: h.account("bob"),
	}
	h.promote(g.owner, chat.Owner)
	h.promote(g.mod, chat.Moderator)
	return g
}

// set changes the server's settings.
func (g *guarded) set(e chat.SettingsEdit) {
	g.t.Helper()
	if _, err := g.desk.ChangeSettings(g.ctx, g.owner, e, ""); err != nil {
		g.t.Fatal(err)
	}
}

// deactivate has the owner do it, as on the admin site.
func (g *guarded) deactivate(a chat.Actor) {
	g.t.Helper()
	admin := &chat.Admin{Store: g.Store, Limits: g.Limits}
	was := g.row(a).Edit()
	edit := was
	edit.Deactivated = true
	if _, err := admin.EditUser(g.ctx, g.owner, a.User, was, edit); err != nil {
		g.t.Fatal(err)
	}
}

func (g *guarded) row(a chat.Actor) (u chat.User) {
	g.t.Helper()
	err := g.Store.Read(context.Background(), func(s chat.Snapshot) (err error) {
		u, err = s.User(a.User)
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return u
}

// post posts something that is not refused.
func (g *guarded) post(a chat.Actor, ref, text string) chat.Posted {
	g.t.Helper()
	posted, err := g.Post(g.ctx, a, ref, chat.Draft{Text: text})
	if err != nil {
		g.t.Fatalf("posting %q: %v", text, err)
	}
	return posted
}

func TestDeactivatedStandWhereTheyStood(t *testing.T) {
	g := newGuarded(t)
	admin := g.account("adm")
	g.promote(admin, chat.Administrator)
	room := g.make(g.ana, chat.NewRoom{Name: "anas"}).ID
	g.post(admin, "anas", "the rules")
	g.deactivate(admin)
	for act, do := range map[string]func() error{
		"mute": func() error {
			_, err := g.desk.Mute(g.ctx, g.mod, admin.User, chat.Forever, "x")
			return err
		},
		"ban": func() error {
			_, err := g.desk.Ban(g.ctx, g.mod, admin.User, chat.Ban{Why: "x", Network: true})
			return err
		},
		"purge": func() error {
			_, err := g.desk.Purge(g.ctx, g.mod, chat.Purge{User: admin.User, Why: "x"})
			return err
		},
		"ban from a room": func() error {
			_, err := g.Remove(g.ctx, g.ana, room.String(), chat.Removal{User: admin.User, Ban: true})
			return err
		},
	} {
		t.Run("nobody below may "+act, func(t *testing.T) { wantErr(t, do(), chat.Forbidden, "user") })
	}
}

func TestOnlyABanIsLifted(t *testing.T) {
	g := newGuarded(t)
	t.Run("what an administrator deactivated stays", func(t *testing.T) {
		g.deactivate(g.ana)
		wantErr(t, g.desk.Unban(g.ctx, g.mod, g.ana.User, ""), chat.Forbidden, "user")
		// Banning it is no way around.
		if _, err := g.desk.Ban(g.ctx, g.mod, g.ana.User, chat.Ban{Network: true}); err != nil {
			t.Fatal(err)
		}
		wantErr(t, g.desk.Unban(g.ctx, g.mod, g.ana.User, ""), chat.Forbidden, "user")
		wantErr(t, g.desk.Unban(g.ctx, g.owner, g.ana.User, ""), "", "")
		if g.row(g.ana).Deactivated {
			t.Error("the owner did not let them in again")
		}
	})
	t.Run("a ban ends", func(t *testing.T) {
		if _, err := g.desk.Ban(g.ctx, g.mod, g.bob.User, chat.Ban{}); err != nil {
			t.Fatal(err)
		}
		wantErr(t, g.desk.Unban(g.ctx, g.mod, g.bob.User, ""), "", "")
		if u := g.row(g.bob); u.Deactivated || u.Banned {
			t.Errorf("they are %+v", u)
		}
		g.deactivate(g.bob)
		wantErr(t, g.desk.Unban(g.ctx, g.mod, g.bob.User, ""), chat.Forbidden, "user")
	})
}

func TestNobodyMutesThemself(t *testing.T) {
	g := newGuarded(t)
	room := g.make(g.ana, chat.NewRoom{Name: "anas"}).ID.String()
	if _, err := g.Join(g.ctx, g.owner, room); err != nil {
		t.Fatal(err)
	}
	until := chat.Forever
	if _, err := g.ChangeMember(g.ctx, g.owner, room, g.ana.User, chat.MemberChange{MutedUntil: &until}); err != nil {
		t.Fatal(err)
	}
	ended := int64(0)
	_, err := g.ChangeMember(g.ctx, g.ana, room, g.ana.User, chat.MemberChange{MutedUntil: &ended})
	wantErr(t, err, chat.Forbidden, "user")
	_, err = g.Post(g.ctx, g.ana, room, chat.Draft{Text: "not any more"})
	wantErr(t, err, chat.Forbidden, "room")
	topic := "I still shout"
	_, err = g.Change(g.ctx, g.ana, room, chat.RoomChange{Topic: &topic})
	wantErr(t, err, chat.Forbidden, "room")
}

func TestMutedOnTheServerShowNothingNew(t *testing.T) {
	g := newGuarded(t)
	gus := g.user("gus", chat.Guest)
	g.make(g.ana, chat.NewRoom{Name: "anas"})
	until := time.Now().Add(time.Hour).UnixMilli()
	for _, a := range []chat.Actor{g.ana, gus} {
		if _, err := g.desk.Mute(g.ctx, g.mod, a.User, until, ""); err != nil {
			t.Fatal(err)
		}
	}
	name := "LISTEN"
	_, err := g.users.EditProfile(g.ctx, g.ana, chat.ProfileEdit{Name: &name})
	wantErr(t, err, chat.Forbidden, "")
	_, err = g.users.EditProfile(g.ctx, g.ana, chat.ProfileEdit{Bio: &name})
	wantErr(t, err, chat.Forbidden, "")
	_, err = g.Change(g.ctx, g.ana, "anas", chat.RoomChange{Name: &name})
	wantErr(t, err, chat.Forbidden, "room")
	_, err = g.Enter(g.ctx, g.users, chat.Entrance{Actor: gus, Name: name, Room: "anas", Rename: true})
	wantErr(t, err, chat.Forbidden, "")
	wantErr(t, g.users.EndOtherSessions(g.ctx, g.ana, ""), "", "")
	_, err = g.Leave(g.ctx, g.ana, "anas")
	wantErr(t, err, "", "")
}

func TestReportsOfOnesOwnAreForOthers(t *testing.T) {
	g := newGuarded(t)
	g.make(g.mod, chat.NewRoom{Name: "room"})
	g.post(g.mod, "room", "an insult")
	if err := g.Report(g.ctx, g.bob, "room", 1, "rude"); err != nil {
		t.Fatal(err)
	}
	inRoom := func(a chat.Actor) int {
		reports, _, err := g.Reports(g.ctx, a, "room", chat.ReportQuery{})
		if err != nil {
			t.Fatal(err)
		}
		all, _, err := g.desk.Reports(g.ctx, a, chat.ReportQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != len(reports) {
			t.Errorf("%d in the room, %d on the server", len(reports), len(all))
		}
		return len(reports)
	}
	if diff := cmp.Diff([]int{inRoom(g.mod), inRoom(g.owner)}, []int{0, 1}); diff != "" {
		t.Errorf("the author and the owner see (-got +want):\n%s", diff)
	}
	dismissed := chat.Decision{State: chat.DismissedReport}
	_, err := g.Decide(g.ctx, g.mod, "room", 1, dismissed)
	wantErr(t, err, chat.NotFound, "report")
	_, err = g.desk.Decide(g.ctx, g.mod, 1, dismissed)
	wantErr(t, err, chat.NotFound, "report")
	_, err = g.desk.Decide(g.ctx, g.owner, 1, chat.Decision{State: chat.UpheldReport, Delete: true})
	wantErr(t, err, "", "")
}

func TestUntriedGuests(t *testing.T) {
	g := newGuarded(t)
	gus, hold := g.user("gus", chat.Guest), true
	g.make(g.owner, chat.NewRoom{Name: "lobby"})
	g.make(g.ana, chat.NewRoom{Name: "anas"})
	before := g.post(gus, "lobby", "hello")
	g.set(chat.SettingsEdit{HoldFirst: &hold})
	t.Run("may not change what stands there", func(t *testing.T) {
		_, err := g.Edit(g.ctx, gus, "lobby", before.Number, before.Version, "spam")
		wantErr(t, err, chat.Forbidden, "number")
		_, err = g.Edit(g.ctx, gus, "lobby", before.Number, before.Version, "hello")
		wantErr(t, err, "", "")
	})
	t.Run("make rooms by name alone", func(t *testing.T) {
		_, err := g.Create(g.ctx, gus, chat.NewRoom{Name: "shop", Topic: "spam"})
		wantErr(t, err, chat.Forbidden, "kind")
		_, err = g.Enter(g.ctx, g.users, chat.Entrance{Actor: gus, Name: "gus", Room: "by the door"})
		wantErr(t, err, "", "")
	})
	t.Run("say nothing of themselves", func(t *testing.T) {
		bio, none := "spam", ""
		_, err := g.users.EditProfile(g.ctx, gus, chat.ProfileEdit{Bio: &bio})
		wantErr(t, err, chat.Forbidden, "bio")
		_, err = g.users.EditProfile(g.ctx, gus, chat.ProfileEdit{Bio: &none})
		wantErr(t, err, "", "")
	})
	held := func(ref, text string) int64 {
		t.Helper()
		posted := g.post(gus, ref, text)
		if posted.Held == 0 {
			t.Errorf("%q in %s was posted: %+v", text, ref, posted)
		}
		return posted.Held
	}
	approve := func(a chat.Actor, ref string, id int64) {
		t.Helper()
		if _, err := g.DecideHeld(g.ctx, a, ref, id, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("are approved for a room by its moderator", func(t *testing.T) {
		waiting, first := held("lobby", "spam"), held("anas", "harmless")
		held("anas", "harmless too")
		approve(g.ana, "anas", first)
		if g.row(gus).Approved {
			t.Error("they are approved for the whole server")
		}
		if got := g.post(gus, "anas", "third"); got.Number != 3 {
			t.Errorf("what they said then in that room became %+v, want message 3", got)
		}
		err := g.Store.Read(g.ctx, func(s chat.Snapshot) error {
			for name, want := range map[string]bool{"anas": true, "lobby": false} {
				room, err := s.RoomByName(name)
				if err != nil {
					return err
				}
				if m, err := s.Member(room.ID, gus.User); err != nil || m.Approved != want {
					t.Errorf("in %s they are %+v, %v, want approved: %v", name, m, err, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		list, err := g.Held(g.ctx, g.owner, "lobby", 0)
		if err != nil || len(list.Held) != 1 || list.Held[0].ID != waiting {
			t.Errorf("in the other room waits %+v, %v", list, err)
		}
		held("lobby", "more spam")
	})
	t.Run("are approved everywhere by who moderates the server", func(t *testing.T) {
		list, err := g.Held(g.ctx, g.owner, "lobby", 0)
		if err != nil {
			t.Fatal(err)
		}
		approve(g.mod, "lobby", list.Held[0].ID)
		if got := g.post(gus, "lobby", "free"); got.Number != 4 {
			t.Errorf("what they said then became %+v, want message 4", got)
		}
		wantRoom := g.make(gus, chat.NewRoom{Name: "shop"})
		if wantRoom.ID == 0 {
			t.Error("no room was made")
		}
	})
}

func TestGuestsShutOutAreToldNothingOfTheirRooms(t *testing.T) {
	g := newGuarded(t)
	gus := g.user("gus", chat.Guest)
	den := g.make(g.ana, chat.NewRoom{Kind: chat.Private, Name: "den", Users: []chat.UserID{gus.User}})
	unread := func() []bool {
		hello, err := g.Hello(g.ctx, gus)
		if err != nil || len(hello.Me.Rooms) != 1 || hello.Me.Rooms[0].ID != den.ID {
			t.Fatalf("%+v, %v", hello.Me, err)
		}
		return []bool{hello.Me.Rooms[0].Own != nil, len(hello.Me.Heads) > 0}
	}
	if diff := cmp.Diff(unread(), []bool{true, true}); diff != "" {
		t.Errorf("before (-got +want):\n%s", diff)
	}
	level := chat.MembersOnly
	g.set(chat.SettingsEdit{Lockdown: &level})
	if diff := cmp.Diff(unread(), []bool{false, false}); diff != "" {
		t.Errorf("shut out (-got +want):\n%s", diff)
	}
}
