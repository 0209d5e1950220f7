package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// testRoomFolk is about who leads a room, its members page by page, and people found by their names.
func testRoomFolk(t *testing.T, open opener) {
	f := newFixture(t, open)
	account := func(tx chat.Tx, name string, kind chat.UserKind) chat.User {
		u := chat.User{Name: name, NameKey: chat.NameKey(name), Kind: kind}
		must(tx.InsertUser(&u))
		return u
	}
	var room chat.Room
	var cy, dan, eve, gus chat.User
	write(t, f, func(tx chat.Tx) error {
		room = chat.Room{Name: "plans", Kind: chat.Private, Address: "~plans"}
		must(tx.InsertRoom(&room))
		cy, dan = account(tx, "cy", chat.Account), account(tx, "dan", chat.Account)
		eve, gus = account(tx, "eve", chat.Account), account(tx, "gus", chat.Guest)
		for at, u := range []chat.User{gus, dan, cy, eve} {
			must(tx.PutMember(&chat.Member{Room: room.ID, User: u.ID, Joined: true, At: int64(at) + 1}))
		}
		return nil
	})
	put := func(tx chat.Tx, u chat.User, change func(*chat.Member)) {
		m := have(tx.Member(room.ID, u.ID))
		change(&m)
		must(tx.PutMember(&m))
	}
	t.Run("moderators are members with the role who are not deactivated", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			for _, u := range []chat.User{cy, dan, eve} {
				put(tx, u, func(m *chat.Member) { m.Role = chat.Moderator })
			}
			put(tx, dan, func(m *chat.Member) { m.Joined = false })
			u := have(tx.User(eve.ID))
			u.Deactivated = true
			must(tx.UpdateUser(u))
			if diff := cmp.Diff(have(tx.Moderators(room.ID)), []chat.UserID{cy.ID}); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
			return nil
		})
	})
	t.Run("the eldest is the account that joined first", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			if got := have(tx.Eldest(room.ID)); got.User != cy.ID {
				t.Errorf("got %s, want cy", got.User)
			}
			put(tx, dan, func(m *chat.Member) { m.Joined, m.At = true, 2 })
			if got := have(tx.Eldest(room.ID)); got.User != dan.ID {
				t.Errorf("got %s, want dan", got.User)
			}
			put(tx, cy, func(m *chat.Member) { m.Joined = false })
			put(tx, dan, func(m *chat.Member) { m.Banned = true })
			_, err := tx.Eldest(room.ID)
			wantKind(t, err, chat.NotFound)
			return nil
		})
	})
	t.Run("people between two keys hold their names and can come in", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			account(tx, "Danny", chat.Account)
			account(tx, "dan's script", chat.Script)
			freed := account(tx, "danilo", chat.Guest)
			freed.NameKey = ""
			must(tx.UpdateUser(freed))
			var names []string
			for _, p := range have(tx.PeopleBetween("dan", "dan\U0010FFFF", 10)) {
				names = append(names, p.Name)
			}
			if diff := cmp.Diff(names, []string{"dan", "Danny"}); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
			if got := have(tx.PeopleBetween("dan", "dan\U0010FFFF", 1)); len(got) != 1 {
				t.Errorf("got %d, want 1", len(got))
			}
			return nil
		})
	})
	t.Run("a name that a room had as a public one leads to it when it is public again, not while it is private", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			club := newRoom(tx, "club")
			club.Kind, club.Address = chat.Private, "~club"
			must(tx.UpdateRoom(&club))
			_, err := tx.RoomOnceNamed("club")
			wantKind(t, err, chat.NotFound)
			club.Kind, club.Name = chat.Public, "our club"
			must(tx.UpdateRoom(&club))
			if got := have(tx.RoomOnceNamed("club")); got.ID != club.ID {
				t.Errorf("got %s, want %s", got.ID, club.ID)
			}
			_, err = tx.RoomOnceNamed("our club")
			wantKind(t, err, chat.NotFound)
			return nil
		})
	})
	t.Run("a title of a private room is remembered by nobody", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			r := have(tx.Room(room.ID))
			r.Name = "other plans"
			must(tx.UpdateRoom(&r))
			r.Kind = chat.Public
			must(tx.UpdateRoom(&r))
			_, err := tx.RoomOnceNamed("plans")
			wantKind(t, err, chat.NotFound)
			return nil
		})
	})
	t.Run("the people of a direct room hear of each other's new names", func(t *testing.T) {
		var direct chat.Room
		write(t, f, func(tx chat.Tx) error {
			direct = chat.Room{Kind: chat.DirectRoom, Address: "~direct", People: chat.NewPeople(cy.ID, gus.ID)}
			must(tx.InsertRoom(&direct))
			must(tx.PutMember(&chat.Member{Room: direct.ID, User: cy.ID, Joined: true}))
			must(tx.PutMember(&chat.Member{Room: direct.ID, User: gus.ID, Joined: true}))
			return nil
		})
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			u := have(tx.User(gus.ID))
			u.Name, u.NameKey = "gustav", "gustav"
			return tx.UpdateUser(u)
		})
		told := f.log.all(chat.UserLog(cy.ID))
		if len(told) != 1 || told[0].Me.Room.ID != direct.ID || told[0].Me.Room.Title(cy.ID) != "gustav" {
			t.Errorf("cy was told %+v", told)
		}
	})
	t.Run("another role ends rights, another name does not", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			u := have(tx.User(cy.ID))
			u.Bio = "hello"
			must(tx.UpdateUser(u))
			u.Role = chat.Moderator
			return tx.UpdateUser(u)
		})
		told := f.log.all(chat.UserLog(cy.ID))
		if len(told) != 2 || told[0].Ends || !told[1].Ends {
			t.Errorf("got %+v", told)
		}
	})
}
