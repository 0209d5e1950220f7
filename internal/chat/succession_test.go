package chat_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// TestSuccession says that a private room has a moderator who can act, whatever becomes of the one it had.
func TestSuccession(t *testing.T) {
	o := newOffice(t)
	wantNames := func(a chat.Actor, room chat.RoomID, want ...string) {
		t.Helper()
		if diff := cmp.Diff(o.names(a, room), want); diff != "" {
			t.Errorf("members (-got +want):\n%s", diff)
		}
	}
	t.Run("who is banned from the server", func(t *testing.T) {
		ana, ben := o.account("ana"), o.account("ben")
		room := o.house.make(ana, chat.NewRoom{Kind: chat.Private, Name: "den", Users: []chat.UserID{ben.User}})
		m := &chat.Moderation{Store: o.Store, Rooms: o.Rooms}
		if _, err := m.Ban(o.ctx, o.olga, ana.User, chat.Ban{Why: "spam"}); err != nil {
			t.Fatal(err)
		}
		wantNames(ben, room.ID, "ana*", "ben*")
	})
	t.Run("who is deactivated", func(t *testing.T) {
		cy, dan := o.account("cy"), o.account("dan")
		room := o.house.make(cy, chat.NewRoom{Kind: chat.Private, Name: "den", Users: []chat.UserID{dan.User}})
		a := &chat.Admin{Store: o.Store, Limits: o.Rooms.Limits}
		if _, err := a.EditUser(o.ctx, o.olga, cy.User, chat.UserEdit{Name: "cy"}, chat.UserEdit{Name: "cy", Deactivated: true}); err != nil {
			t.Fatal(err)
		}
		wantNames(dan, room.ID, "cy*", "dan*")
	})
	t.Run("a guest among guests makes an account", func(t *testing.T) {
		eva, gus := o.account("eva"), o.user("gus", chat.Guest)
		room := o.house.make(eva, chat.NewRoom{Kind: chat.Private, Name: "den", Users: []chat.UserID{gus.User}})
		wantErr(t, fails(o.Leave(o.ctx, eva, room.ID.String())), "", "")
		wantNames(gus, room.ID, "gus")
		if _, err := o.Users.Enrol(o.ctx, chat.Enrolment{Actor: gus, Name: "gus", Password: "$"}); err != nil {
			t.Fatal(err)
		}
		wantNames(gus, room.ID, "gus*")
	})
}

// TestPeopleForNobody says that who is no user learns no names but of those who are seen in public rooms.
func TestPeopleForNobody(t *testing.T) {
	h := newHouse(t)
	ana, ben, cy := h.account("ana"), h.account("ben"), h.account("cy")
	h.make(ana, chat.NewRoom{Name: "square"})
	h.make(ben, chat.NewRoom{Kind: chat.Private, Name: "den"})
	shy := h.make(cy, chat.NewRoom{Name: "shy"})
	wantErr(t, fails(h.Change(h.ctx, cy, shy.ID.String(), chat.RoomChange{NoPreview: new(true)})), "", "")
	for _, c := range []struct {
		who   string
		actor chat.Actor
		want  int
	}{{"nobody", chat.Actor{}, 1}, {"a script", h.user("bot", chat.Script), 1}, {"a guest", h.user("gus", chat.Guest), 3}} {
		got, err := h.People(h.ctx, c.actor, []chat.UserID{ana.User, ben.User, cy.User})
		if err != nil || len(got) != c.want || got[0].Name != "ana" {
			t.Errorf("%s: got %v, %v, want %d names, ana's first", c.who, got, err, c.want)
		}
	}
}

// TestInvitationOnce says that who has taken an invitation gets nothing by it again.
func TestInvitationOnce(t *testing.T) {
	o := newOffice(t)
	t.Run("no role after it was taken away", func(t *testing.T) {
		max := o.account("max")
		token := o.invited(o.olga, "", chat.Invitation{Role: chat.Administrator, Uses: 1})
		wantErr(t, fails(o.accept(max, token, "")), "", "")
		o.promote(max, chat.NoRole)
		wantErr(t, fails(o.accept(max, token, "")), "", "")
		if got := o.role(max); got != chat.NoRole {
			t.Errorf("got the role %q", got)
		}
	})
	garden := o.house.make(o.olga, chat.NewRoom{Kind: chat.Private, Name: "garden"})
	ref := garden.ID.String()
	for name, uses := range map[string]int64{"for one": 1, "for any number": 0} {
		t.Run("no way back into the room, "+name, func(t *testing.T) {
			eve := o.account("eve " + name)
			token := o.invited(o.olga, ref, chat.Invitation{Uses: uses})
			wantErr(t, fails(o.accept(eve, token, "")), "", "")
			wantErr(t, fails(o.accept(eve, token, "")), "", "") // it leads there
			wantErr(t, fails(o.Remove(o.ctx, o.olga, ref, chat.Removal{User: eve.User, Why: "out"})), "", "")
			wantErr(t, fails(o.accept(eve, token, "")), chat.UsedUp, "token")
			_, err := o.Look(o.ctx, eve, token)
			wantErr(t, err, chat.UsedUp, "token")
			wantErr(t, fails(o.Resolve(o.ctx, eve, ref)), chat.NotFound, "room")
		})
	}
}
