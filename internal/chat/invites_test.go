package chat_test

import (
	"testing"
	"time"

	"parley/internal/chat"
)

// An office is a house with the verbs on invitations.
type office struct {
	*house
	*chat.Invitations
	olga chat.Actor // the owner
}

func newOffice(t testing.TB) *office {
	t.Helper()
	h := newHouse(t)
	o := &office{house: h, Invitations: &chat.Invitations{Users: &chat.Users{Store: h.Store, Limits: h.Rooms.Limits}}, olga: h.account("olga")}
	h.promote(o.olga, chat.Owner)
	return o
}

// invited is the token of an invitation that has to be made.
func (o *office) invited(a chat.Actor, ref string, i chat.Invitation) string {
	o.t.Helper()
	_, token, err := o.Invitations.Make(o.ctx, a, ref, i)
	if err != nil {
		o.t.Fatalf("inviting to %q: %v", ref, err)
	}
	return token
}

func (o *office) accept(a chat.Actor, token, name string) (chat.Entered, error) {
	return o.Accept(o.ctx, chat.Acceptance{Actor: a, Token: token, Name: name, Session: &chat.Session{ID: chat.SessionID("session of " + name)}})
}

func (o *office) settings(s chat.Settings) {
	o.t.Helper()
	o.write(func(tx chat.Tx) error { return tx.PutSettings(s) })
}

func (o *office) role(a chat.Actor) chat.Role {
	o.t.Helper()
	var u chat.User
	if err := o.Store.Read(o.ctx, func(s chat.Snapshot) (err error) {
		u, err = s.User(a.User)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return u.Role
}

// TestWhoInvites says who makes which invitation: in a room who may invite there, a role who could give it.
func TestWhoInvites(t *testing.T) {
	o := newOffice(t)
	mia, adam, ben, gus, stray := o.account("mia"), o.account("adam"), o.account("ben"), o.user("gus", chat.Guest), o.account("stray")
	o.promote(mia, chat.Moderator)
	o.promote(adam, chat.Administrator)
	garden := o.house.make(ben, chat.NewRoom{Kind: chat.Private, Name: "garden", Users: []chat.UserID{gus.User}})
	square := o.house.make(ben, chat.NewRoom{Kind: chat.Public, Name: "square", Users: []chat.UserID{gus.User}})
	direct := o.house.make(ben, chat.NewRoom{Kind: chat.DirectRoom, Users: []chat.UserID{gus.User}})
	for _, c := range []struct {
		who   string
		actor chat.Actor
		room  string
		role  chat.Role
		want  chat.Kind
	}{
		{"nobody to the server", chat.Actor{}, "", "", chat.Unauthenticated},
		{"a member to the server", ben, "", "", chat.Forbidden},
		{"a moderator to the server", mia, "", "", ""},
		{"a moderator, to make an account", mia, "", chat.Enroller, ""},
		{"a moderator, to be a moderator", mia, "", chat.Moderator, chat.Forbidden},
		{"an administrator, to be a moderator", adam, "", chat.Moderator, ""},
		{"an administrator, to be an administrator", adam, "", chat.Administrator, chat.Forbidden},
		{"an owner, to be an administrator", o.olga, "", chat.Administrator, ""},
		{"an owner, to be an owner", o.olga, "", chat.Owner, chat.Invalid},
		{"an owner, to be what there is not", o.olga, "", "king", chat.Invalid},
		{"a member of a private room", ben, garden.ID.String(), "", ""},
		{"a member of it, by its address", ben, garden.Address, "", ""},
		{"a member of it, to make an account", ben, garden.ID.String(), chat.Enroller, chat.Forbidden},
		{"a guest in it", gus, garden.ID.String(), "", chat.Forbidden},
		{"an account that is not in it", stray, garden.ID.String(), "", chat.NotFound},
		{"an owner who is not in it", o.olga, garden.ID.String(), "", chat.NotFound},
		{"a member of a public room", ben, square.ID.String(), "", ""},
		{"a guest in it, too", gus, square.ID.String(), "", chat.Forbidden},
		{"an account that is no member of it", stray, square.ID.String(), "", chat.Forbidden},
		{"an administrator of all public rooms", adam, square.ID.String(), chat.Moderator, ""},
		{"somebody to a direct room", ben, direct.ID.String(), "", chat.Forbidden},
		{"somebody to a room that there is not", ben, "r999", "", chat.NotFound},
	} {
		t.Run(c.who, func(t *testing.T) {
			may := o.May(o.ctx, c.actor, c.room, c.role)
			_, _, err := o.Invitations.Make(o.ctx, c.actor, c.room, chat.Invitation{Role: c.role})
			if chat.KindOf(err) != c.want || chat.KindOf(may) != c.want {
				t.Errorf("got %v, and may: %v, want %q", err, may, c.want)
			}
		})
	}
}

func TestInvitationTerms(t *testing.T) {
	o := newOffice(t)
	now := time.Now().UnixMilli()
	for field, wrong := range map[string]chat.Invitation{
		"uses":       {Uses: -1},
		"expires_at": {ExpiresAt: now - 1},
		"note":       {Note: "two\nlines"},
	} {
		_, _, err := o.Invitations.Make(o.ctx, o.olga, "", wrong)
		wantErr(t, err, chat.Invalid, field)
	}
	_, _, err := o.Invitations.Make(o.ctx, o.olga, "", chat.Invitation{ExpiresAt: now + 400*24*3600*1000})
	wantErr(t, err, chat.Invalid, "expires_at")
}

// TestInvitationEnds says when an invitation is not kept.
func TestInvitationEnds(t *testing.T) {
	o := newOffice(t)
	ben := o.account("ben")
	garden := o.house.make(ben, chat.NewRoom{Kind: chat.Private, Name: "garden"})
	ref := garden.ID.String()
	cat := o.account("cat")
	if _, err := o.Add(o.ctx, ben, ref, []chat.UserID{cat.User}); err != nil {
		t.Fatal(err)
	}
	t.Run("with the membership of who made it", func(t *testing.T) {
		token := o.invited(cat, ref, chat.Invitation{})
		if _, err := o.Remove(o.ctx, ben, ref, chat.Removal{User: cat.User}); err != nil {
			t.Fatal(err)
		}
		_, err := o.Look(o.ctx, chat.Actor{}, token)
		wantErr(t, err, chat.Revoked, "token")
		_, err = o.accept(chat.Actor{}, token, "guest1")
		wantErr(t, err, chat.Revoked, "token")
	})
	t.Run("with the role of who made it", func(t *testing.T) {
		adam := o.account("adam")
		o.promote(adam, chat.Administrator)
		token := o.invited(adam, "", chat.Invitation{Role: chat.Moderator})
		o.promote(adam, chat.NoRole)
		_, err := o.accept(o.account("evan"), token, "")
		wantErr(t, err, chat.Revoked, "token")
	})
	t.Run("for who is banned from the room", func(t *testing.T) {
		token := o.invited(ben, ref, chat.Invitation{Uses: 1})
		if _, err := o.Remove(o.ctx, ben, ref, chat.Removal{User: cat.User, Ban: true}); err != nil {
			t.Fatal(err)
		}
		_, err := o.accept(cat, token, "")
		wantErr(t, err, chat.Forbidden, "room")
		if _, err := o.accept(chat.Actor{}, token, "guest2"); err != nil {
			t.Errorf("the use was counted for who was refused: %v", err)
		}
	})
	t.Run("while the room is archived", func(t *testing.T) {
		token := o.invited(ben, ref, chat.Invitation{})
		archived := true
		if _, err := o.Change(o.ctx, ben, ref, chat.RoomChange{Archived: &archived}); err != nil {
			t.Fatal(err)
		}
		_, err := o.accept(chat.Actor{}, token, "guest3")
		wantErr(t, err, chat.Revoked, "token")
		archived = false
		if _, err := o.Change(o.ctx, ben, ref, chat.RoomChange{Archived: &archived}); err != nil {
			t.Fatal(err)
		}
		if _, err := o.accept(chat.Actor{}, token, "guest3"); err != nil {
			t.Error(err)
		}
	})
	t.Run("by its maker or who may remove people, and nobody else", func(t *testing.T) {
		dora := o.account("dora")
		if _, err := o.Add(o.ctx, ben, ref, []chat.UserID{dora.User}); err != nil {
			t.Fatal(err)
		}
		made, _, err := o.Invitations.Make(o.ctx, ben, ref, chat.Invitation{})
		if err != nil {
			t.Fatal(err)
		}
		wantErr(t, o.Revoke(o.ctx, dora, made.ID), chat.NotFound, "id")
		wantErr(t, o.Revoke(o.ctx, o.olga, made.ID), chat.NotFound, "id")
		wantErr(t, o.Revoke(o.ctx, chat.Actor{}, made.ID), chat.NotFound, "id")
		token := o.invited(dora, ref, chat.Invitation{})
		book, err := o.List(o.ctx, dora, ref, 0, 0)
		if err != nil || book.All || len(book.Invitations) != 1 {
			t.Fatalf("dora sees %+v, %v, want her own", book, err)
		}
		if all, err := o.List(o.ctx, ben, ref, 0, 0); err != nil || !all.All || len(all.Invitations) < 2 || all.Makers[dora.User] != "dora" {
			t.Errorf("a moderator sees %+v, %v, want all of them", all, err)
		}
		wantErr(t, o.Revoke(o.ctx, ben, book.Invitations[0].ID), "", "")
		_, err = o.Look(o.ctx, chat.Actor{}, token)
		wantErr(t, err, chat.Revoked, "token")
	})
}

// TestInvitationGrants says what an invitation gives to whom.
func TestInvitationGrants(t *testing.T) {
	o := newOffice(t)
	garden := o.house.make(o.olga, chat.NewRoom{Kind: chat.Private, Name: "garden"})
	ref := garden.ID.String()
	t.Run("a role to an account, never a lower one", func(t *testing.T) {
		token := o.invited(o.olga, "", chat.Invitation{Role: chat.Moderator, Uses: 5})
		ben, adam := o.account("ben"), o.account("adam")
		o.promote(adam, chat.Administrator)
		for _, a := range []chat.Actor{ben, adam, o.olga} {
			if _, err := o.accept(a, token, ""); err != nil {
				t.Fatal(err)
			}
		}
		if got := []chat.Role{o.role(ben), o.role(adam), o.role(o.olga)}; got[0] != chat.Moderator || got[1] != chat.Administrator || got[2] != chat.Owner {
			t.Errorf("got the roles %v", got)
		}
		_, err := o.accept(chat.Actor{}, token, "gina")
		wantErr(t, err, chat.Unauthenticated, "role")
		_, err = o.accept(o.user("gus", chat.Guest), token, "")
		wantErr(t, err, chat.Forbidden, "role")
	})
	t.Run("a room, again to who has left it, and told to their own log", func(t *testing.T) {
		token := o.invited(o.olga, ref, chat.Invitation{Uses: 1})
		in, err := o.accept(chat.Actor{}, token, "hal")
		if err != nil || !in.New || in.Room.ID != garden.ID {
			t.Fatalf("got %+v, %v", in, err)
		}
		hal := chat.Actor{User: in.User.ID}
		if _, err := o.Leave(o.ctx, hal, ref); err != nil {
			t.Fatal(err)
		}
		if _, err := o.accept(hal, o.invited(o.olga, ref, chat.Invitation{}), ""); err != nil {
			t.Error(err)
		}
		told := 0
		for _, c := range o.told.of(chat.UserLog(hal.User)) {
			if c.Me.Room != nil && !c.Me.Room.Left {
				told++
			}
		}
		if told != 2 {
			t.Errorf("hal was told of the room %d times, want 2", told)
		}
	})
	t.Run("past a server that takes no guests, not past a lockdown", func(t *testing.T) {
		defer o.settings(chat.Settings{})
		token := o.invited(o.olga, ref, chat.Invitation{})
		o.settings(chat.Settings{NoGuests: true, GuestsMayNotPost: true, GuestsMayNotRead: true})
		in, err := o.accept(chat.Actor{}, token, "ina")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Post(o.ctx, chat.Actor{User: in.User.ID}, ref, chat.Draft{Text: "hello"}); err != nil {
			t.Errorf("who was let into a room may not speak there: %v", err)
		}
		for _, level := range []chat.Lockdown{chat.NoNewGuests, chat.MembersOnly} {
			o.settings(chat.Settings{Lockdown: level})
			_, err := o.accept(chat.Actor{}, token, "jan")
			wantErr(t, err, chat.Forbidden, "username")
			if _, err := o.accept(o.account("kim "+string(level)), token, ""); err != nil {
				t.Errorf("an account under %s: %v", level, err)
			}
		}
	})
	t.Run("an account where registration is by invitation", func(t *testing.T) {
		defer o.settings(chat.Settings{})
		o.settings(chat.Settings{Registration: chat.ByInvitation})
		enrol := func(name, token string) (chat.User, error) {
			e := chat.Enrolment{Name: name, Password: "$", Session: &chat.Session{ID: chat.SessionID(name)}}
			if token != "" {
				e.Invited = o.Enrols(token)
			}
			return o.Users.Enrol(o.ctx, e)
		}
		if _, err := enrol("lea", ""); chat.KindOf(err) != chat.Forbidden {
			t.Errorf("without one: %v", err)
		}
		_, err := enrol("lea", o.invited(o.olga, ref, chat.Invitation{}))
		wantErr(t, err, chat.Forbidden, "token")
		_, err = enrol("lea", "nonsense")
		wantErr(t, err, chat.NotFound, "token")
		token := o.invited(o.olga, ref, chat.Invitation{Role: chat.Enroller, Uses: 1})
		lea, err := enrol("lea", token)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Resolve(o.ctx, chat.Actor{User: lea.ID}, ref); err != nil {
			t.Errorf("lea is not in the room: %v", err)
		}
		_, err = enrol("max", token)
		wantErr(t, err, chat.UsedUp, "token")
	})
}
