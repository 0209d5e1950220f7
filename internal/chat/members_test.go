package chat_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestAddPeople(t *testing.T) {
	h := newHouse(t)
	ana, ben, cy, gus := h.account("ana"), h.account("ben"), h.account("cy"), h.user("gus", chat.Guest)
	room := h.make(ana, chat.NewRoom{Kind: chat.Private, Name: "plans"})
	ref := room.ID.String()
	add := func(by chat.Actor, users ...chat.UserID) error { return fails(h.Add(h.ctx, by, ref, users)) }
	t.Run("several at once, each told by their own log", func(t *testing.T) {
		wantErr(t, add(ana, ben.User, gus.User, ana.User, ben.User), "", "")
		if diff := cmp.Diff(h.names(gus, room.ID), []string{"ana*", "ben", "gus"}); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
		if mine := h.told.of(chat.UserLog(gus.User)); len(mine) != 1 || mine[0].Me.Room.ID != room.ID {
			t.Errorf("gus was told %+v", mine)
		}
	})
	t.Run("all or none", func(t *testing.T) {
		for _, ghost := range unreachable(h) {
			wantErr(t, add(ana, cy.User, ghost), chat.Invalid, "users")
		}
		if got := h.mine(cy); len(got) != 0 {
			t.Errorf("cy is in %v", got)
		}
	})
	t.Run("by members with an account, not by guests", func(t *testing.T) {
		wantErr(t, add(gus, cy.User), chat.Forbidden, "room")
		wantErr(t, add(ben, cy.User), "", "")
	})
	t.Run("who is banned is not added", func(t *testing.T) {
		wantErr(t, fails(h.Remove(h.ctx, ana, ref, chat.Removal{User: cy.User, Ban: true})), "", "")
		wantErr(t, add(ben, cy.User), chat.Forbidden, "users")
		wantErr(t, fails(h.ChangeMember(h.ctx, ana, ref, cy.User, chat.MemberChange{Banned: new(false)})), "", "")
		wantErr(t, fails(h.Open(h.ctx, cy, ref, chat.Opening{})), chat.NotFound, "room")
		wantErr(t, add(ben, cy.User), "", "")
		wantErr(t, fails(h.Open(h.ctx, cy, ref, chat.Opening{})), "", "")
	})
}

func TestRemovePeople(t *testing.T) {
	h := newHouse(t)
	ana, ben, cy, mod := h.account("ana"), h.account("ben"), h.account("cy"), h.account("mod")
	h.promote(mod, chat.Moderator)
	room := h.make(ana, chat.NewRoom{Name: "club", Users: []chat.UserID{ben.User, cy.User, mod.User}})
	ref := room.ID.String()
	remove := func(by chat.Actor, rm chat.Removal) error { return fails(h.Remove(h.ctx, by, ref, rm)) }
	t.Run("removal ends a membership, and in a public room not reading", func(t *testing.T) {
		version, err := h.Remove(h.ctx, ana, ref, chat.Removal{User: ben.User, Why: "spam"})
		wantErr(t, err, "", "")
		changes := h.told.of(chat.RoomLog(room.ID))
		last := changes[len(changes)-1]
		if last.Version != version || !last.Ends || last.Gone != ben.User || last.Member.Joined {
			t.Errorf("the room was told %+v", last)
		}
		mine := h.told.of(chat.UserLog(ben.User))
		if last := mine[len(mine)-1].Me.Room; !last.Left || last.ID != room.ID {
			t.Errorf("ben was told %+v", last)
		}
		wantErr(t, fails(h.Open(h.ctx, ben, ref, chat.Opening{})), "", "")
		if again, err := h.Remove(h.ctx, ana, ref, chat.Removal{User: ben.User}); err != nil || again != version {
			t.Errorf("again: got %d, %v, want %d", again, err, version)
		}
	})
	t.Run("a ban ends reading for the account, also of who is no member", func(t *testing.T) {
		for _, id := range []chat.Actor{ben, cy} {
			wantErr(t, remove(ana, chat.Removal{User: id.User, Ban: true}), "", "")
			wantErr(t, fails(h.Open(h.ctx, id, ref, chat.Opening{})), chat.Forbidden, "room")
			wantErr(t, fails(h.Join(h.ctx, id, ref)), chat.Forbidden, "room")
			wantErr(t, fails(h.Post(h.ctx, id, ref, chat.Draft{Text: "x"})), chat.Forbidden, "room")
		}
		wantErr(t, fails(h.Open(h.ctx, chat.Actor{}, ref, chat.Opening{})), "", "")
		page, err := h.Members(h.ctx, ana, ref, chat.MemberQuery{Banned: true})
		if err != nil || len(page.Members) != 2 || page.Members[0].Name != "ben" {
			t.Errorf("got %+v, %v", page, err)
		}
		wantErr(t, fails(h.Members(h.ctx, chat.Actor{}, ref, chat.MemberQuery{Banned: true})), chat.Unauthenticated, "room")
	})
	t.Run("nobody removes themselves, nor who stands higher on the server, nor whom there is not", func(t *testing.T) {
		wantErr(t, remove(ana, chat.Removal{User: ana.User}), chat.Invalid, "user")
		wantErr(t, remove(ana, chat.Removal{User: mod.User}), chat.Forbidden, "user")
		wantErr(t, remove(ana, chat.Removal{User: 999, Ban: true}), chat.NotFound, "user")
		wantErr(t, remove(mod, chat.Removal{User: ana.User}), "", "")
		wantErr(t, remove(ana, chat.Removal{User: cy.User}), chat.Forbidden, "room")
		wantErr(t, remove(mod, chat.Removal{User: ana.User, Why: "a\x00"}), chat.Invalid, "why")
	})
	t.Run("every act is in the audit log, with its reason", func(t *testing.T) {
		var got []string
		h.write(func(tx chat.Tx) error {
			list, err := tx.AuditList(chat.AuditQuery{Paging: chat.Paging{Limit: 50}})
			for _, a := range list.Rows {
				got = append(got, fmt.Sprint(a.ByName, " ", a.Verb, " ", a.Name, " ", a.Object, " ", a.Why))
			}
			return err
		})
		in := func(u chat.Actor) string { return ref + "/" + u.User.String() }
		want := []string{
			"ana removed ben " + in(ben) + " spam", "ana banned ben " + in(ben) + " ", "ana banned cy " + in(cy) + " ",
			"mod removed ana " + in(ana) + " ",
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
	})
}

func TestModeratorsOfRooms(t *testing.T) {
	h := newHouse(t)
	ana, ben, cy, gus := h.account("ana"), h.account("ben"), h.account("cy"), h.user("gus", chat.Guest)
	room := h.make(ana, chat.NewRoom{Kind: chat.Private, Name: "plans", Users: []chat.UserID{gus.User}})
	ref := room.ID.String()
	wantErr(t, fails(h.Add(h.ctx, ana, ref, []chat.UserID{cy.User})), "", "")
	wantErr(t, fails(h.Add(h.ctx, ana, ref, []chat.UserID{ben.User})), "", "")
	role := func(by, of chat.Actor, role chat.Role) error {
		return fails(h.ChangeMember(h.ctx, by, ref, of.User, chat.MemberChange{Role: &role}))
	}
	t.Run("are made by moderators, of members with an account", func(t *testing.T) {
		wantErr(t, role(ben, ben, chat.Moderator), chat.Forbidden, "room")
		wantErr(t, role(ana, gus, chat.Moderator), chat.Invalid, "role")
		wantErr(t, role(ana, h.account("dan"), chat.Moderator), chat.NotFound, "user")
		wantErr(t, role(ana, ben, chat.Owner), chat.Invalid, "role")
		wantErr(t, role(ana, ben, chat.Moderator), "", "")
		wantErr(t, role(ben, ana, chat.NoRole), "", "")
		if diff := cmp.Diff(h.names(gus, room.ID), []string{"ana", "ben*", "cy", "gus"}); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
		mine := h.told.of(chat.UserLog(ben.User))
		if last := mine[len(mine)-1].Me.Room; last.Own == nil || last.Role != chat.Moderator {
			t.Errorf("ben was told %+v", last)
		}
	})
	t.Run("the last one of a private room stays one", func(t *testing.T) {
		wantErr(t, role(ben, ben, chat.NoRole), chat.Invalid, "role")
	})
	t.Run("when the last one leaves, the account that was there for the longest time is one", func(t *testing.T) {
		wantErr(t, fails(h.Leave(h.ctx, ben, ref)), "", "")
		if diff := cmp.Diff(h.names(gus, room.ID), []string{"ana*", "cy", "gus"}); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
		wantErr(t, fails(h.Leave(h.ctx, ana, ref)), "", "")
		wantErr(t, fails(h.Leave(h.ctx, cy, ref)), "", "")
		if diff := cmp.Diff(h.names(gus, room.ID), []string{"gus"}); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
	})
	t.Run("a public room may have none", func(t *testing.T) {
		open := h.make(ana, chat.NewRoom{Name: "open", Users: []chat.UserID{ben.User}})
		wantErr(t, fails(h.Leave(h.ctx, ana, "open")), "", "")
		if diff := cmp.Diff(h.names(ben, open.ID), []string{"ben"}); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
	})
}

func TestMemberPages(t *testing.T) {
	h := newHouse(t)
	ana := h.account("ana")
	var ids []chat.UserID
	for i := range 7 {
		ids = append(ids, h.user(fmt.Sprint("guest ", i), chat.Guest).User)
	}
	// Whose names were freed may be called as others are.
	h.write(func(tx chat.Tx) error {
		for _, id := range ids[2:5] {
			u, err := tx.User(id)
			if err != nil {
				return err
			}
			u.Name = "guest 1"
			u.NameKey = ""
			if err := tx.UpdateUser(u); err != nil {
				return err
			}
			if err := tx.PutMember(&chat.Member{Room: 1, User: id, Joined: true}); chat.KindOf(err) != chat.NotFound {
				return err
			}
		}
		return nil
	})
	room := h.make(ana, chat.NewRoom{Name: "crowd"})
	h.write(func(tx chat.Tx) error {
		for _, id := range ids {
			if err := tx.PutMember(&chat.Member{Room: room.ID, User: id, Joined: true}); err != nil {
				return err
			}
		}
		return nil
	})
	all, err := h.Members(h.ctx, ana, "crowd", chat.MemberQuery{})
	if err != nil || len(all.Members) != 8 || all.More {
		t.Fatalf("got %+v, %v", all, err)
	}
	for limit := 1; limit <= 8; limit++ {
		var got []chat.MemberEntry
		q := chat.MemberQuery{Limit: limit}
		for more := true; more; {
			page, err := h.Members(h.ctx, chat.Actor{}, "crowd", q)
			if err != nil || len(page.Members) > limit {
				t.Fatalf("got %+v, %v", page, err)
			}
			got = append(got, page.Members...)
			q.After, more = got[len(got)-1].User.String(), page.More
		}
		if diff := cmp.Diff(got, all.Members); diff != "" {
			t.Errorf("pages of %d (-got +want):\n%s", limit, diff)
		}
	}
	page, err := h.Members(h.ctx, ana, "crowd", chat.MemberQuery{After: "guest 1"})
	if err != nil || len(page.Members) != 2 || page.Members[0].Name != "guest 5" {
		t.Errorf("after a name: got %+v, %v", page, err)
	}
}

func TestFindPeople(t *testing.T) {
	h := newHouse(t)
	ana := h.account("Ana")
	h.user("anabel", chat.Guest)
	h.account("Ben")
	h.account("Änne")
	unreachable(h)
	find := func(a chat.Actor, q string) []string {
		t.Helper()
		found, err := h.FindPeople(h.ctx, a, q)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{}
		for _, p := range found {
			names = append(names, p.Name)
		}
		return names
	}
	for q, want := range map[string][]string{
		"an": {"Ana", "anabel"}, "ANA": {"Ana", "anabel"}, "anab": {"anabel"}, "b": {"Ben"}, "ä": {"Änne"},
		"a script": {}, "gone": {}, "freed": {}, "%": {}, "zoe": {},
	} {
		if diff := cmp.Diff(find(ana, q), want); diff != "" {
			t.Errorf("%q (-got +want):\n%s", q, diff)
		}
	}
	for i := range 25 {
		h.account(fmt.Sprintf("zed%02d", i))
	}
	if got := find(ana, "zed"); len(got) != 20 {
		t.Errorf("got %d people, want 20", len(got))
	}
	wantErr(t, fails(h.FindPeople(h.ctx, ana, " ")), chat.Missing, "q")
	wantErr(t, fails(h.FindPeople(h.ctx, chat.Actor{}, "an")), chat.Unauthenticated, "")
}
