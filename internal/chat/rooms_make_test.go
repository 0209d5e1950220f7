package chat_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestCreatePublicRooms(t *testing.T) {
	h := newHouse(t)
	ana, gus, ben := h.account("ana"), h.user("gus", chat.Guest), h.account("ben")
	t.Run("an account moderates the public room that it makes", func(t *testing.T) {
		room := h.make(ana, chat.NewRoom{Kind: chat.Public, Name: " garden ", Topic: "Green", Description: "All about\nplants"})
		want := chat.RoomEntry{ID: room.ID, Name: "garden", Kind: chat.Public, Own: &chat.Own{Role: chat.Moderator}}
		if diff := cmp.Diff(room, want); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
		opened, err := h.Open(h.ctx, chat.Actor{}, "garden", chat.Opening{})
		wantErr(t, err, "", "")
		if opened.Info.Topic != "Green" || opened.Info.Description != "All about\nplants" || opened.Info.Members != 1 {
			t.Errorf("got %+v", opened.Info)
		}
	})
	t.Run("a guest moderates nothing", func(t *testing.T) {
		room := h.make(gus, chat.NewRoom{Name: "attic"})
		if room.Own == nil || room.Role != chat.NoRole {
			t.Errorf("got %+v, want a member without a role", room.Own)
		}
	})
	t.Run("the name has to be free and good", func(t *testing.T) {
		for name, kind := range map[string]chat.Kind{
			"garden": chat.NameTaken, "~x": chat.Invalid, "": chat.Invalid, "a/b": chat.Invalid, strings.Repeat("x", 256): chat.TooLong,
		} {
			_, err := h.Create(h.ctx, ben, chat.NewRoom{Kind: chat.Public, Name: name})
			wantErr(t, err, kind, "name")
		}
		_, err := h.Create(h.ctx, ben, chat.NewRoom{Kind: "secret", Name: "x"})
		wantErr(t, err, chat.Invalid, "kind")
		_, err = h.Create(h.ctx, chat.Actor{}, chat.NewRoom{Name: "x"})
		wantErr(t, err, chat.Unauthenticated, "")
		_, err = h.Create(h.ctx, ben, chat.NewRoom{Name: "x", Description: "\x00"})
		wantErr(t, err, chat.Invalid, "description")
	})
	t.Run("people come with it only if its maker may add them", func(t *testing.T) {
		h.make(ana, chat.NewRoom{Name: "with ben", Users: []chat.UserID{ben.User}})
		if diff := cmp.Diff(h.mine(ben), []string{"with ben"}); diff != "" {
			t.Errorf("ben's rooms (-got +want):\n%s", diff)
		}
		_, err := h.Create(h.ctx, gus, chat.NewRoom{Name: "by a guest", Users: []chat.UserID{ben.User}})
		wantErr(t, err, chat.Forbidden, "room")
		_, err = h.Resolve(h.ctx, ana, "by a guest")
		wantErr(t, err, chat.NotFound, "room")
	})
}

func TestCreatePrivateRooms(t *testing.T) {
	h := newHouse(t)
	ana, gus, ben, cy := h.account("ana"), h.user("gus", chat.Guest), h.account("ben"), h.account("cy")
	first := h.make(ana, chat.NewRoom{Kind: chat.Private, Name: "plans", Users: []chat.UserID{ben.User, gus.User}})
	t.Run("its maker moderates it, and titles need not be unique", func(t *testing.T) {
		second := h.make(cy, chat.NewRoom{Kind: chat.Private, Name: "plans"})
		if first.Role != chat.Moderator || second.Role != chat.Moderator || first.Address == second.Address {
			t.Errorf("got %+v and %+v", first, second)
		}
		if !regexp.MustCompile(`^~[a-z2-7]{13,}$`).MatchString(first.Address) {
			t.Errorf("got the address %q", first.Address)
		}
		if diff := cmp.Diff(h.names(ben, first.ID), []string{"ana*", "ben", "gus"}); diff != "" {
			t.Errorf("members (-got +want):\n%s", diff)
		}
	})
	t.Run("who is added is told by their own log, and nobody else hears of the room", func(t *testing.T) {
		mine := h.told.of(chat.UserLog(ben.User))
		if len(mine) != 1 || mine[0].Me.Room.Address != first.Address || mine[0].Me.Room.Own == nil {
			t.Errorf("ben was told %+v", mine)
		}
		if got := h.told.of(chat.ServerLog); len(got) != 0 {
			t.Errorf("the server's log was told %+v", got)
		}
		if got := h.told.of(chat.UserLog(cy.User)); len(got) != 1 { // of the room of its own
			t.Errorf("cy was told %+v", got)
		}
	})
	t.Run("for others it is as if it never was, by whatever it is called", func(t *testing.T) {
		olga := h.account("olga")
		h.promote(olga, chat.Owner)
		for _, actor := range []chat.Actor{cy, olga, {}, {User: 999}} {
			for ref, never := range map[string]string{first.ID.String(): "r999", first.Address: "~abcdefghijklmnop"} {
				for what, ask := range map[string]func(string) error{
					"open":    func(ref string) error { _, err := h.Open(h.ctx, actor, ref, chat.Opening{}); return err },
					"history": func(ref string) error { _, err := h.History(h.ctx, actor, ref, chat.Page{}); return err },
					"members": func(ref string) error { _, err := h.Members(h.ctx, actor, ref, chat.MemberQuery{}); return err },
					"join":    func(ref string) error { _, err := h.Join(h.ctx, actor, ref); return err },
					"leave":   func(ref string) error { _, err := h.Leave(h.ctx, actor, ref); return err },
					"post":    func(ref string) error { _, err := h.Post(h.ctx, actor, ref, chat.Draft{Text: "x"}); return err },
					"add":     func(ref string) error { _, err := h.Add(h.ctx, actor, ref, nil); return err },
					"remove": func(ref string) error {
						_, err := h.Remove(h.ctx, actor, ref, chat.Removal{User: ana.User})
						return err
					},
					"change": func(ref string) error { _, err := h.Change(h.ctx, actor, ref, chat.RoomChange{}); return err },
					"drop":   func(ref string) error { return h.Drop(h.ctx, actor, ref) },
				} {
					got, want := ask(ref), ask(never)
					wantErr(t, got, chat.NotFound, "room")
					if diff := cmp.Diff(chat.AsError(got).Message, chat.AsError(want).Message); diff != "" {
						t.Errorf("%s %s (-got +never given):\n%s", what, ref, diff)
					}
				}
			}
		}
	})
	t.Run("a guest cannot make one", func(t *testing.T) {
		_, err := h.Create(h.ctx, gus, chat.NewRoom{Kind: chat.Private, Name: "mine"})
		wantErr(t, err, chat.Forbidden, "")
	})
	t.Run("who cannot be reached cannot be added, and then nothing is made", func(t *testing.T) {
		for _, id := range unreachable(h) {
			_, err := h.Create(h.ctx, cy, chat.NewRoom{Kind: chat.Private, Name: "with a ghost", Users: []chat.UserID{ben.User, id}})
			wantErr(t, err, chat.Invalid, "users")
		}
		if diff := cmp.Diff(h.mine(cy), []string{"plans"}); diff != "" {
			t.Errorf("cy's rooms (-got +want):\n%s", diff)
		}
		_, err := h.Create(h.ctx, cy, chat.NewRoom{Kind: chat.Private, Name: "crowd", Users: make([]chat.UserID, 101)})
		wantErr(t, err, chat.TooLong, "users")
	})
}

// unreachable are users whom nobody can write to: one that there is not among them.
func unreachable(h *house) []chat.UserID {
	script, imported := h.user("a script", chat.Script), h.user("an import", chat.Imported)
	gone, freed := h.account("gone"), h.user("freed", chat.Guest)
	h.write(func(tx chat.Tx) error {
		u, err := tx.User(gone.User)
		if err != nil {
			return err
		}
		u.Deactivated = true
		if err := tx.UpdateUser(u); err != nil {
			return err
		}
		if u, err = tx.User(freed.User); err != nil {
			return err
		}
		u.NameKey = ""
		return tx.UpdateUser(u)
	})
	return []chat.UserID{script.User, imported.User, gone.User, freed.User, 9999}
}

func TestDirectRooms(t *testing.T) {
	h := newHouse(t)
	ana, gus, ben, cy := h.account("ana"), h.user("gus", chat.Guest), h.account("ben"), h.account("cy")
	room := h.make(ana, chat.NewRoom{Kind: chat.DirectRoom, Users: []chat.UserID{gus.User}})
	t.Run("the same people have the same room", func(t *testing.T) {
		for _, n := range []struct {
			by    chat.Actor
			users []chat.UserID
		}{
			{gus, []chat.UserID{ana.User}}, {ana, []chat.UserID{ana.User, gus.User}}, {gus, []chat.UserID{ana.User, ana.User, gus.User}},
		} {
			if got := h.make(n.by, chat.NewRoom{Kind: chat.DirectRoom, Users: n.users}); got.ID != room.ID || got.Address != room.Address {
				t.Errorf("%v with %v: got %+v, want %s", n.by, n.users, got, room.ID)
			}
		}
		if other := h.make(ana, chat.NewRoom{Kind: chat.DirectRoom, Users: []chat.UserID{gus.User, ben.User}}); other.ID == room.ID {
			t.Error("other people have the same room")
		}
	})
	t.Run("it is called by the others in it", func(t *testing.T) {
		want := []chat.Person{{ID: ana.User, Name: "ana"}, {ID: gus.User, Name: "gus"}}
		if diff := cmp.Diff(room.People, want); diff != "" || room.Title(ana.User) != "gus" {
			t.Errorf("called %q (-got +want):\n%s", room.Title(ana.User), diff)
		}
	})
	t.Run("fifty who ask at once are given one room", func(t *testing.T) {
		var wg sync.WaitGroup
		ids := make(chan chat.RoomID, 50)
		for i := range 50 {
			by, with := ben, cy
			if i%2 == 0 {
				by, with = cy, ben
			}
			wg.Go(func() {
				room, err := h.Create(h.ctx, by, chat.NewRoom{Kind: chat.DirectRoom, Users: []chat.UserID{with.User}})
				if err != nil {
					t.Error(err)
				}
				ids <- room.ID
			})
		}
		wg.Wait()
		close(ids)
		seen := map[chat.RoomID]int{}
		for id := range ids {
			seen[id]++
		}
		if len(seen) != 1 {
			t.Errorf("got %v, want one room", seen)
		}
	})
	t.Run("it is for two to eight people who can be reached", func(t *testing.T) {
		nine := []chat.UserID{gus.User, ben.User, cy.User}
		for _, name := range []string{"d", "e", "f", "g", "h"} {
			nine = append(nine, h.account("user "+name).User)
		}
		for name, users := range map[string][]chat.UserID{"nobody": nil, "only me": {ana.User}, "nine": nine} {
			_, err := h.Create(h.ctx, ana, chat.NewRoom{Kind: chat.DirectRoom, Users: users})
			wantErr(t, err, chat.Invalid, "users")
			if err == nil {
				t.Error(name)
			}
		}
		h.make(ana, chat.NewRoom{Kind: chat.DirectRoom, Users: nine[1:]})
		for _, id := range unreachable(h) {
			_, err := h.Create(h.ctx, ana, chat.NewRoom{Kind: chat.DirectRoom, Users: []chat.UserID{id}})
			wantErr(t, err, chat.Invalid, "users")
		}
		_, err := h.Create(h.ctx, ana, chat.NewRoom{Kind: chat.DirectRoom, Name: "us", Users: []chat.UserID{ben.User}})
		wantErr(t, err, chat.Invalid, "name")
	})
	t.Run("nothing about it can be changed", func(t *testing.T) {
		ref, public, yes, name := room.ID.String(), chat.Public, true, "ours"
		for what, err := range map[string]error{
			"convert": fails(h.Change(h.ctx, ana, ref, chat.RoomChange{Kind: &public, Name: &name})),
			"rename":  fails(h.Change(h.ctx, ana, ref, chat.RoomChange{Name: &name})),
			"archive": fails(h.Change(h.ctx, ana, ref, chat.RoomChange{Archived: &yes})),
			"leave":   fails(h.Leave(h.ctx, ana, ref)),
			"add":     fails(h.Add(h.ctx, ana, ref, []chat.UserID{ben.User})),
			"remove":  fails(h.Remove(h.ctx, ana, ref, chat.Removal{User: gus.User})),
			"drop":    h.Drop(h.ctx, ana, ref),
		} {
			if chat.KindOf(err) != chat.Forbidden {
				t.Errorf("%s: got %v, want forbidden", what, err)
			}
		}
	})
}

func fails[T any](_ T, err error) error { return err }
