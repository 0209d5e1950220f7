package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func names(rooms []chat.Room) []string {
	var names []string
	for _, r := range rooms {
		names = append(names, r.Name)
	}
	return names
}

func testRooms(t *testing.T, open opener) {
	f := newFixture(t, open)
	var music, garden chat.Room
	t.Run("a new room begins at version 1 and is told to its log and the server's", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			music = chat.Room{Name: "music", Kind: chat.Public, Topic: "loud", CreatedAt: 5}
			must(tx.InsertRoom(&music))
			return nil
		})
		want := chat.Room{
			ID: music.ID, Name: "music", Kind: chat.Public, Topic: "loud", Version: 1, InfoVersion: 1, CreatedAt: 5,
		}
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Room(music.ID)), want); diff != "" {
				t.Errorf("by id (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(have(s.RoomByName("music")), want); diff != "" {
				t.Errorf("by name (-got +want):\n%s", diff)
			}
			got := f.log.all()
			if len(got) != 2 || got[0].Info == nil || got[0].Version != 1 || got[1].Server == nil ||
				got[1].Server.Room.ID != music.ID || got[1].Version != have(s.ServerVersion()) {
				t.Errorf("the log heard %+v, want the room's info and the server's entry", got)
			}
		})
	})
	t.Run("a name is taken exactly as it is written", func(t *testing.T) {
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			return tx.InsertRoom(&chat.Room{Name: "music", Kind: chat.Public})
		})
		wantKind(t, err, chat.NameTaken)
		write(t, f, func(tx chat.Tx) error { newRoom(tx, "Music"); return nil })
		read(t, f, func(s chat.Snapshot) {
			_, err := s.RoomByName("MUSIC")
			wantKind(t, err, chat.NotFound)
		})
	})
	t.Run("a new name and topic are told to the room, the server and the members", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			garden = have(tx.Room(f.room.ID))
			garden.Name, garden.Topic = "garden", "green"
			return tx.UpdateRoom(&garden)
		})
		var got []string
		for _, c := range f.log.all() {
			got = append(got, c.Log.String())
		}
		if diff := cmp.Diff(got, []string{garden.ID.String(), "s", f.ana.ID.String()}); diff != "" {
			t.Errorf("logs that were told (-got +want):\n%s", diff)
		}
		if garden.Version != f.room.Version+1 || garden.InfoVersion != garden.Version {
			t.Errorf("got versions %d and %d, want both %d", garden.Version, garden.InfoVersion, f.room.Version+1)
		}
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.RoomByName("garden")), garden); diff != "" {
				t.Errorf("by its new name (-got +want):\n%s", diff)
			}
			_, err := s.RoomByName("lobby")
			wantKind(t, err, chat.NotFound)
		})
	})
	t.Run("a topic alone is not told to members' own logs", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error { garden.Topic = "greener"; return tx.UpdateRoom(&garden) })
		if got := f.log.all(chat.UserLog(f.ana.ID)); len(got) != 0 {
			t.Errorf("the user heard %+v, want nothing", got)
		}
	})
	t.Run("a name that another room has is taken", func(t *testing.T) {
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			r := garden
			r.Name = "music"
			return tx.UpdateRoom(&r)
		})
		wantKind(t, err, chat.NameTaken)
	})
	t.Run("a name leads to the room that has it now, also within a command", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			first := newRoom(tx, "attic")
			if got := have(tx.RoomByName("attic")); got.ID != first.ID {
				t.Errorf("got %s, want %s", got.ID, first.ID)
			}
			first.Name = "loft"
			must(tx.UpdateRoom(&first))
			_, err := tx.RoomByName("attic")
			wantKind(t, err, chat.NotFound)
			second := newRoom(tx, "attic")
			if got := have(tx.RoomByName("attic")); got.ID != second.ID {
				t.Errorf("got %s, want %s", got.ID, second.ID)
			}
			for _, r := range []chat.Room{first, second} {
				r.Deleted = true
				must(tx.UpdateRoom(&r))
				_, err := tx.RoomByName(r.Name)
				wantKind(t, err, chat.NotFound)
			}
			return nil
		})
	})
	t.Run("public rooms come by their newest message, rooms of a user by name", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			join(tx, music.ID, f.ana.ID)
			say(tx, garden.ID, f.ana, "1")
			say(tx, music.ID, f.ana, "2")
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(names(have(s.PublicRooms(10))), []string{"music", "garden", "Music"}); diff != "" {
				t.Errorf("public rooms (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(names(have(s.PublicRooms(1))), []string{"music"}); diff != "" {
				t.Errorf("one public room (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(names(have(s.RoomsOf(f.ana.ID, 10))), []string{"garden", "music"}); diff != "" {
				t.Errorf("rooms of ana (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(names(have(s.RoomsOf(f.ana.ID, 1))), []string{"garden"}); diff != "" {
				t.Errorf("one room of ana (-got +want):\n%s", diff)
			}
		})
	})
}

func testDeleteRoom(t *testing.T, open opener) {
	f := newFixture(t, open)
	const many = 1100
	write(t, f, func(tx chat.Tx) error {
		for i := range many - 1 {
			join(tx, f.room.ID, newUser(tx, fmt.Sprint("user ", i)).ID)
		}
		say(tx, f.room.ID, f.ana, "hello")
		return nil
	})
	f.log.reset()
	var gone chat.Room
	write(t, f, func(tx chat.Tx) error {
		gone = have(tx.Room(f.room.ID))
		gone.Deleted = true
		return tx.UpdateRoom(&gone)
	})
	t.Run("is told to the room, the server, and a thousand members", func(t *testing.T) {
		if got := f.log.all(chat.RoomLog(gone.ID)); len(got) != 1 || !got[0].Info.Deleted {
			t.Errorf("the room heard %+v, want its end", got)
		}
		if got := f.log.all(chat.ServerLog); len(got) != 1 || !got[0].Server.Room.Deleted {
			t.Errorf("the server heard %+v, want the room's end", got)
		}
		told := 0
		for _, c := range f.log.all() {
			if c.Me != nil && c.Me.Room != nil && c.Me.Room.ID == gone.ID && c.Me.Room.Deleted {
				told++
			}
		}
		if told != 1000 {
			t.Errorf("%d members were told, want 1000 of %d", told, many)
		}
	})
	t.Run("keeps the id and frees the name", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			if got := have(tx.Room(gone.ID)); !got.Deleted || got.Name != "lobby" {
				t.Errorf("got %+v, want the tombstone of lobby", got)
			}
			_, err := tx.RoomByName("lobby")
			wantKind(t, err, chat.NotFound)
			if fresh := newRoom(tx, "lobby"); fresh.ID == gone.ID || fresh.Messages != 0 {
				t.Errorf("the new lobby is %+v, want one of its own", fresh)
			}
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if got := have(s.RoomsOf(f.ana.ID, 10)); len(got) != 0 {
				t.Errorf("rooms of ana: %v, want none", names(got))
			}
			if got := have(s.PublicRooms(10)); len(got) != 1 || got[0].ID == gone.ID {
				t.Errorf("public rooms: %+v, want the new lobby only", got)
			}
		})
	})
}

func testMembers(t *testing.T, open opener) {
	f := newFixture(t, open)
	var ben chat.User
	write(t, f, func(tx chat.Tx) error { ben = newUser(tx, "ben"); return nil })
	head := f.room.Version

	t.Run("a join takes a version, counts, and is told to the room and to the user", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			m := chat.Member{Room: f.room.ID, User: ben.ID, Joined: true, At: 9}
			must(tx.PutMember(&m))
			want := chat.Member{Room: f.room.ID, User: ben.ID, Name: "ben", Joined: true, Version: head + 1, At: 9}
			if diff := cmp.Diff(m, want); diff != "" {
				t.Errorf("the member that was put (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(have(tx.Member(f.room.ID, ben.ID)), want); diff != "" {
				t.Errorf("the member that is read (-got +want):\n%s", diff)
			}
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if r := have(s.Room(f.room.ID)); r.Members != 2 || r.Version != head+1 {
				t.Errorf("got %d members at version %d, want 2 at %d", r.Members, r.Version, head+1)
			}
		})
		got := f.log.all()
		if len(got) != 2 || got[0].Member == nil || !got[0].Member.Joined || got[0].Version != head+1 ||
			got[1].Log != chat.UserLog(ben.ID) || got[1].Me.Room == nil || got[1].Me.Room.Left {
			t.Errorf("the log heard %+v, want the join and the user's new room", got)
		}
	})
	t.Run("joining twice changes nothing", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			m := chat.Member{Room: f.room.ID, User: ben.ID, Joined: true, At: 100}
			must(tx.PutMember(&m))
			if m.Version != head+1 || m.At != 9 {
				t.Errorf("got %+v, want the member as it was", m)
			}
			return nil
		})
		if got := f.log.len(); got != 0 {
			t.Errorf("the log was called %d times, want 0", got)
		}
	})
	t.Run("a leave keeps the row and uncounts", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			leave(tx, f.room.ID, ben.ID)
			leave(tx, f.room.ID, ben.ID)
			if m := have(tx.Member(f.room.ID, ben.ID)); m.Joined || m.Name != "ben" || m.Version != head+2 {
				t.Errorf("got %+v, want ben, left at version %d", m, head+2)
			}
			if r := have(tx.Room(f.room.ID)); r.Members != 1 || r.Version != head+2 {
				t.Errorf("got %d members at version %d, want 1 at %d", r.Members, r.Version, head+2)
			}
			return nil
		})
		got := f.log.all()
		if len(got) != 2 || got[0].Member == nil || got[0].Member.Joined || got[1].Me.Room == nil || !got[1].Me.Room.Left {
			t.Errorf("the log heard %+v, want the leave and the user's lost room", got)
		}
	})
	t.Run("leaving a room that one never joined changes nothing", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			cy := newUser(tx, "cy")
			leave(tx, f.room.ID, cy.ID)
			_, err := tx.Member(f.room.ID, cy.ID)
			wantKind(t, err, chat.NotFound)
			return nil
		})
		if got := f.log.len(); got != 0 {
			t.Errorf("the log was called %d times, want 0", got)
		}
	})
	t.Run("of a room or a user that there is not cannot be", func(t *testing.T) {
		for _, m := range []chat.Member{
			{Room: 1_000_000, User: ben.ID, Joined: true}, {Room: f.room.ID, User: 1_000_000, Joined: true},
		} {
			wantKind(t, f.Write(t.Context(), func(tx chat.Tx) error { return tx.PutMember(&m) }), chat.NotFound)
		}
	})
}

func testLargeRooms(t *testing.T, open opener) {
	f := newFixture(t, open)
	var users []chat.User
	write(t, f, func(tx chat.Tx) error {
		for i := range chat.CountedMembers + 1 {
			users = append(users, newUser(tx, fmt.Sprint("user ", i)))
		}
		for _, u := range users[:chat.CountedMembers-1] {
			join(tx, f.room.ID, u.ID)
		}
		f.room = have(tx.Room(f.room.ID))
		return nil
	})
	f.log.reset()
	log := chat.RoomLog(f.room.ID)
	last := func() chat.Change { all := f.log.all(log); return all[len(all)-1] }

	t.Run("a join above the limit is told as a count", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error { join(tx, f.room.ID, users[chat.CountedMembers-1].ID); return nil })
		if c := last(); c.Member != nil || c.Members == nil || *c.Members != chat.CountedMembers+1 {
			t.Errorf("the log heard %+v, want %d members", c, chat.CountedMembers+1)
		}
	})
	t.Run("a new name is told to all the same", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			u := have(tx.User(users[3].ID))
			u.Name, u.NameKey = "renamed", chat.NameKey("renamed")
			return tx.UpdateUser(u)
		})
		if c := last(); c.Member == nil || c.Member.Name != "renamed" {
			t.Errorf("the log heard %+v, want the member's new name", c)
		}
	})
	t.Run("catching up gives the count once, at the version of the last join, and new names", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			join(tx, f.room.ID, users[chat.CountedMembers].ID)
			leave(tx, f.room.ID, users[3].ID)
			say(tx, f.room.ID, f.ana, "hello")
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			changes, more, err := s.Changes(f.room.ID, f.room.Version, 100)
			must(err)
			var got []string
			for _, c := range changes {
				var what string
				switch {
				case c.Member != nil:
					what = fmt.Sprintf("%s joined=%t", c.Member.Name, c.Member.Joined)
				case c.Message != nil:
					what = c.Message.Text
				default:
					what = fmt.Sprintf("%d members", *c.Members)
				}
				got = append(got, fmt.Sprintf("%d: %s", c.Version-f.room.Version, what))
			}
			want := []string{"2: renamed joined=false", fmt.Sprintf("4: %d members", chat.CountedMembers+1), "5: hello"}
			if diff := cmp.Diff(got, want); diff != "" || more {
				t.Errorf("more is %t; changes (-got +want):\n%s", more, diff)
			}
		})
	})
}
