package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func testUsers(t *testing.T, open opener) {
	f := newFixture(t, open)
	t.Run("a user is read as it was stored", func(t *testing.T) {
		want := chat.User{
			Name: "Zoë", NameKey: chat.NameKey("Zoë"), Kind: chat.Account, Role: chat.Owner, Password: "$argon2id$…",
			CreatedAt: 1, SeenAt: 2, Deactivated: true,
		}
		write(t, f, func(tx chat.Tx) error {
			must(tx.InsertUser(&want))
			if diff := cmp.Diff(have(tx.User(want.ID)), want); diff != "" {
				t.Errorf("in the same command (-got +want):\n%s", diff)
			}
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.User(want.ID)), want); diff != "" {
				t.Errorf("by id (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(have(s.UserByName(want.NameKey)), want); diff != "" {
				t.Errorf("by name (-got +want):\n%s", diff)
			}
			if got := have(s.Owners()); got != 1 {
				t.Errorf("got %d owners, want 1", got)
			}
			_, err := s.User(want.ID + 1)
			wantKind(t, err, chat.NotFound)
			_, err = s.UserByName("")
			wantKind(t, err, chat.NotFound)
		})
	})
	t.Run("a name that is held is taken, whoever asks", func(t *testing.T) {
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			return tx.InsertUser(&chat.User{Name: "ANA", NameKey: chat.NameKey("ANA"), Kind: chat.Guest})
		})
		wantKind(t, err, chat.NameTaken)
		err = f.Write(t.Context(), func(tx chat.Tx) error {
			ben := newUser(tx, "ben")
			ben.NameKey = chat.NameKey("ana")
			return tx.UpdateUser(ben)
		})
		wantKind(t, err, chat.NameTaken)
	})
	t.Run("a name that is released can be taken by another user", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			old := newUser(tx, "cy")
			old.NameKey = ""
			must(tx.UpdateUser(old))
			if fresh := newUser(tx, "cy"); fresh.ID == old.ID {
				t.Error("the new user has the id of the old one")
			}
			if got, want := have(tx.User(old.ID)).Name, "cy"; got != want {
				t.Errorf("the old one is called %q, want %q", got, want)
			}
			return nil
		})
	})
	t.Run("names are those of users that there are", func(t *testing.T) {
		var ids []chat.UserID
		var want []chat.Person
		write(t, f, func(tx chat.Tx) error {
			for i := range 150 {
				u := newUser(tx, "someone "+string(rune('一'+i)))
				ids = append(ids, u.ID, 1_000_000+u.ID)
				want = append(want, chat.Person{ID: u.ID, Name: u.Name})
			}
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			got := have(s.Names(ids))
			slices.SortFunc(got, func(a, b chat.Person) int { return int(a.ID - b.ID) })
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("names (-got +want):\n%s", diff)
			}
			if got := have(s.Names(nil)); len(got) != 0 {
				t.Errorf("got %v for no ids, want nobody", got)
			}
		})
	})
	t.Run("releasing scripts frees their names and nobody else's", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			script := chat.User{Name: "robot", NameKey: chat.NameKey("robot"), Kind: chat.Script}
			must(tx.InsertUser(&script))
			must(tx.ReleaseScripts())
			if got := have(tx.User(script.ID)).NameKey; got != "" {
				t.Errorf("the script still holds %q", got)
			}
			if got := have(tx.User(f.ana.ID)).NameKey; got != f.ana.NameKey {
				t.Errorf("the guest holds %q, want %q", got, f.ana.NameKey)
			}
			return nil
		})
	})
	t.Run("a user that there is not cannot be updated", func(t *testing.T) {
		err := f.Write(t.Context(), func(tx chat.Tx) error { return tx.UpdateUser(chat.User{ID: 1_000_000, Name: "x"}) })
		wantKind(t, err, chat.NotFound)
	})
}

func testRename(t *testing.T, open opener) {
	f := newFixture(t, open)
	var left, never chat.Room
	write(t, f, func(tx chat.Tx) error {
		left, never = newRoom(tx, "left"), newRoom(tx, "never")
		join(tx, left.ID, f.ana.ID)
		leave(tx, left.ID, f.ana.ID)
		left, f.ana = have(tx.Room(left.ID)), have(tx.User(f.ana.ID))
		return nil
	})
	f.log.reset()
	ann := f.ana
	ann.Name, ann.NameKey = "ann", chat.NameKey("ann")
	write(t, f, func(tx chat.Tx) error {
		have(tx.Member(f.room.ID, ann.ID))
		must(tx.UpdateUser(ann))
		if got := have(tx.Member(f.room.ID, ann.ID)).Name; got != "ann" {
			t.Errorf("the same command reads the member %q, want %q", got, "ann")
		}
		return nil
	})

	t.Run("is told to every room that knows the user, and to the user", func(t *testing.T) {
		var got []string
		for _, c := range f.log.all() {
			switch {
			case c.Member != nil && c.Member.Name == "ann" && c.Member.User == ann.ID:
				got = append(got, c.Log.String())
			case c.Me != nil && c.Me.User != nil && c.Me.User.Name == "ann" && c.Version == f.ana.Version+1:
				got = append(got, c.Log.String())
			}
		}
		want := []string{f.room.ID.String(), left.ID.String(), ann.ID.String()}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("logs that were told (-got +want):\n%s", diff)
		}
		read(t, f, func(s chat.Snapshot) {
			if got, want := have(s.Room(f.room.ID)).Version, f.room.Version+1; got != want {
				t.Errorf("the room is at version %d, want %d", got, want)
			}
			if got := have(s.Room(never.ID)).Version; got != never.Version {
				t.Errorf("a room that does not know the user is at version %d, want %d", got, never.Version)
			}
			if m := have(s.Member(left.ID, ann.ID)); m.Name != "ann" || m.Joined {
				t.Errorf("in the room that was left: %+v, want ann, not joined", m)
			}
		})
	})
	t.Run("is remembered, and the old name is free", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			if got, want := have(tx.NamesBefore(chat.NameKey("ana"))), []chat.UserID{ann.ID}; !slices.Equal(got, want) {
				t.Errorf("once called ana: %v, want %v", got, want)
			}
			if got := have(tx.NamesBefore(chat.NameKey("ann"))); len(got) != 0 {
				t.Errorf("once called ann: %v, want nobody", got)
			}
			newUser(tx, "ana")
			return nil
		})
	})
	t.Run("to the same name in capitals is no former name", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			u := have(tx.User(ann.ID))
			u.Name = "ANN"
			must(tx.UpdateUser(u))
			if got := have(tx.NamesBefore(chat.NameKey("ann"))); len(got) != 0 {
				t.Errorf("once called ann: %v, want nobody", got)
			}
			return nil
		})
	})
	t.Run("is not what a new password is", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			u := have(tx.User(ann.ID))
			u.Password = "$argon2id$…"
			return tx.UpdateUser(u)
		})
		if got := f.log.all(); len(got) != 0 {
			t.Errorf("the log heard %+v, want nothing", got)
		}
	})
	t.Run("and a new role are told once", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			u := have(tx.User(ann.ID))
			u.Role = chat.Moderator
			return tx.UpdateUser(u)
		})
		got := f.log.all(chat.UserLog(ann.ID))
		if len(got) != 1 || got[0].Me.User == nil || got[0].Me.User.Role != chat.Moderator {
			t.Errorf("the log heard %+v, want the user as a moderator", got)
		}
	})
	t.Run("of a script is told to rooms only", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			script := chat.User{Name: "robot", NameKey: chat.NameKey("robot"), Kind: chat.Script}
			must(tx.InsertUser(&script))
			join(tx, f.room.ID, script.ID)
			script.Name = "robot 2"
			return tx.UpdateUser(script)
		})
		if got, want := len(f.log.all(chat.RoomLog(f.room.ID))), len(f.log.all()); got != 2 || want != 2 {
			t.Errorf("the room heard %d changes of %d, want both of 2", got, want)
		}
	})
}

func testSessions(t *testing.T, open opener) {
	f := newFixture(t, open)
	want := chat.Session{ID: "abc", User: f.ana.ID, CreatedAt: 1, SeenAt: 2, Agent: "a browser"}
	write(t, f, func(tx chat.Tx) error { return tx.InsertSession(want) })

	t.Run("a session is read as it was stored", func(t *testing.T) {
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Session("abc")), want); diff != "" {
				t.Errorf("session (-got +want):\n%s", diff)
			}
			_, err := s.Session("abd")
			wantKind(t, err, chat.NotFound)
		})
	})
	t.Run("seeing a session sees its user", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			must(tx.SeeSession("abc", 7_200_000))
			must(tx.SeeSession("none", 9_000_000))
			if got := have(tx.Session("abc")).SeenAt; got != 7_200_000 {
				t.Errorf("the session was seen at %d, want 7200000", got)
			}
			if got := have(tx.User(f.ana.ID)).SeenAt; got != 7_200_000 {
				t.Errorf("the user was seen at %d, want 7200000", got)
			}
			return nil
		})
	})
	t.Run("ending a session tells its user's log which", func(t *testing.T) {
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			must(tx.DeleteSession("none"))
			return tx.DeleteSession("abc")
		})
		got := f.log.all()
		if len(got) != 1 || got[0].Log != chat.UserLog(f.ana.ID) || got[0].Me.SignedOut != "abc" {
			t.Errorf("the log heard %+v, want the end of abc", got)
		}
		read(t, f, func(s chat.Snapshot) {
			_, err := s.Session("abc")
			wantKind(t, err, chat.NotFound)
		})
	})
	t.Run("ending all sessions tells the user's log once", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			ben := newUser(tx, "ben")
			must(tx.InsertSession(chat.Session{ID: "b", User: ben.ID}))
			must(tx.InsertSession(chat.Session{ID: "1", User: f.ana.ID}))
			return tx.InsertSession(chat.Session{ID: "2", User: f.ana.ID})
		})
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			must(tx.DeleteSessions(f.ana.ID))
			return tx.DeleteSessions(f.ana.ID)
		})
		got := f.log.all()
		if len(got) != 1 || got[0].Me.SignedOut != "*" {
			t.Errorf("the log heard %+v, want one end of all", got)
		}
		read(t, f, func(s chat.Snapshot) {
			_, err := s.Session("2")
			wantKind(t, err, chat.NotFound)
			have(s.Session("b"))
		})
	})
}

func testTell(t *testing.T, open opener) {
	f := newFixture(t, open)
	t.Run("each takes the log's next version", func(t *testing.T) {
		var head int64
		write(t, f, func(tx chat.Tx) error {
			head = have(tx.ServerVersion())
			f.ana = have(tx.User(f.ana.ID))
			for range 2 {
				must(tx.Tell(chat.ServerLog, chat.Change{Server: &chat.ServerChange{}}))
				must(tx.Tell(chat.UserLog(f.ana.ID), chat.Change{Me: &chat.MeChange{}}))
			}
			return nil
		})
		var got []int64
		for _, c := range f.log.all() {
			got = append(got, c.Version)
		}
		if want := []int64{head + 1, f.ana.Version + 1, head + 2, f.ana.Version + 2}; !slices.Equal(got, want) {
			t.Errorf("got versions %v, want %v", got, want)
		}
		read(t, f, func(s chat.Snapshot) {
			if got := have(s.ServerVersion()); got != head+2 {
				t.Errorf("the server's log is at %d, want %d", got, head+2)
			}
			if got := have(s.User(f.ana.ID)).Version; got != f.ana.Version+2 {
				t.Errorf("the user's log is at %d, want %d", got, f.ana.Version+2)
			}
		})
	})
	t.Run("a room's log cannot be told what is not stored", func(t *testing.T) {
		err := f.Write(t.Context(), func(tx chat.Tx) error { return tx.Tell(chat.RoomLog(f.room.ID), chat.Change{}) })
		wantKind(t, err, chat.Internal)
	})
}
