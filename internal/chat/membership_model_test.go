package chat_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/chat"
)

// A modelRoom is what the model knows of a room.
type modelRoom struct {
	id       chat.RoomID
	kind     chat.RoomKind
	deleted  bool
	archived bool
	closed   bool // no preview
	in       map[chat.UserID]int
	leads    map[chat.UserID]bool
	banned   map[chat.UserID]bool
}

// A modelHouse is who may do what, put more simply than in the code: by who is in a room, leads it, is banned from it, is a guest, or
// moderates the server.
type modelHouse struct {
	*house
	people []chat.UserID // nobody comes last
	guests map[chat.UserID]bool
	mod    chat.UserID
	rooms  []*modelRoom
	made   int
	clock  int // counts joins
}

func (m *modelHouse) sees(r *modelRoom, u chat.UserID) bool {
	return r.kind == chat.Public || r.in[u] != 0
}

func (m *modelHouse) reads(r *modelRoom, u chat.UserID) bool {
	switch {
	case r.deleted || !m.sees(r, u):
		return false
	case u == m.mod:
		return true
	case r.banned[u]:
		return false
	}
	return !r.closed || r.kind != chat.Public || r.in[u] != 0
}

func (m *modelHouse) leads(r *modelRoom, u chat.UserID) bool {
	if r.deleted || !m.sees(r, u) || r.kind == chat.DirectRoom {
		return false
	}
	return u == m.mod || r.leads[u] && !r.banned[u]
}

func (m *modelHouse) joins(r *modelRoom, u chat.UserID) {
	if r.in[u] == 0 {
		m.clock++
		r.in[u] = m.clock
	}
}

// parts ends a membership, and gives a private room another to lead it if it needs one.
func (m *modelHouse) parts(r *modelRoom, u chat.UserID) {
	delete(r.in, u)
	delete(r.leads, u)
	if r.kind != chat.Private || len(r.leads) > 0 {
		return
	}
	eldest := chat.UserID(0)
	for other, since := range r.in {
		if !m.guests[other] && (eldest == 0 || since < r.in[eldest]) {
			eldest = other
		}
	}
	if eldest != 0 {
		r.leads[eldest] = true
	}
}

// check compares every room with the model, for everybody.
func (m *modelHouse) check(t *rapid.T) {
	err := m.Store.Read(m.ctx, func(s chat.Snapshot) error {
		for _, r := range m.rooms {
			for _, u := range m.people {
				_, err := m.OpenIn(s, chat.Actor{User: u}, r.id.String(), chat.Opening{Limit: 1})
				if got, want := err == nil, m.reads(r, u); got != want || chat.KindOf(err) == chat.Internal {
					t.Fatalf("%s reads %s %s: %v (%v), want %v", u, r.kind, r.id, got, err, want)
				}
			}
			if err := m.checkMembers(t, s, r); err != nil {
				return err
			}
		}
		return m.checkLists(t, s)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkLists compares everybody's own rooms with the model.
func (m *modelHouse) checkLists(t *rapid.T, s chat.Snapshot) error {
	for _, u := range m.people[:len(m.people)-1] {
		list, err := s.RoomsOf(u, 200)
		if err != nil {
			return err
		}
		var got, want []chat.RoomID
		for _, e := range list {
			got = append(got, e.ID)
		}
		for _, r := range m.rooms {
			if !r.deleted && r.in[u] != 0 {
				want = append(want, r.id)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%s is in %v, want %v", u, got, want)
		}
	}
	return nil
}

func (m *modelHouse) checkMembers(t *rapid.T, s chat.Snapshot, r *modelRoom) error {
	if r.deleted {
		return nil
	}
	want, got := map[chat.UserID]chat.Role{}, map[chat.UserID]chat.Role{}
	for u := range r.in {
		want[u] = chat.NoRole
		if r.leads[u] {
			want[u] = chat.Moderator
		}
	}
	members, _, err := s.Members(r.id, chat.MemberQuery{})
	if err != nil {
		return err
	}
	for _, member := range members {
		got[member.User] = member.Role
	}
	room, err := s.Room(r.id)
	if fmt.Sprint(got) != fmt.Sprint(want) || room.Members != int64(len(want)) {
		t.Fatalf("%s %s has %v and counts %d, want %v", r.kind, r.id, got, room.Members, want)
	}
	return err
}

// expect holds whether something could be done against the model.
func (m *modelHouse) expect(t *rapid.T, what string, err error, want bool) {
	if (err == nil) != want {
		t.Fatalf("%s: got %v, want it done: %v", what, err, want)
	}
	if err == nil {
		return
	}
	if kind := chat.KindOf(err); kind == chat.Internal || kind == chat.Unavailable {
		t.Fatalf("%s: %v", what, err)
	}
}

// TestMembershipModel has random people join, leave, add, remove, ban, let in again, appoint, convert, archive and delete, and compares who
// can read what, who is in which room and who moderates it with the model after each step.
func TestMembershipModel(t *testing.T) {
	h := newHouse(t)
	m := &modelHouse{house: h, guests: map[chat.UserID]bool{}}
	for _, name := range []string{"ana", "ben", "cy"} {
		m.people = append(m.people, h.account(name).User)
	}
	gus, mod := h.user("gus", chat.Guest), h.account("mod")
	h.promote(mod, chat.Moderator)
	m.guests[gus.User], m.mod = true, mod.User
	m.people = append(m.people, gus.User, mod.User, 0)
	checks := flag.Lookup("rapid.checks").Value
	defer func(was string) { _ = checks.Set(was) }(checks.String())
	_ = checks.Set("30") // each step is a commit to a disk
	rapid.Check(t, func(t *rapid.T) {
		m.rooms, m.clock = nil, 0
		steps := m.steps()
		steps[""] = m.check
		t.Repeat(steps)
		for _, r := range m.rooms {
			if !r.deleted { // so that the lists stay short
				admin := &chat.Admin{Store: h.Store, Limits: h.Limits}
				h.promote(mod, chat.Owner)
				if _, err := admin.DeleteRooms(h.ctx, mod, []chat.RoomID{r.id}); err != nil {
					t.Fatal(err)
				}
				h.promote(mod, chat.Moderator)
			}
		}
	})
}

func (m *modelHouse) steps() map[string]func(*rapid.T) {
	who := func(t *rapid.T, what string) chat.UserID { return rapid.SampledFrom(m.people).Draw(t, what) }
	person := func(t *rapid.T) chat.UserID {
		return rapid.SampledFrom(m.people[:len(m.people)-1]).Draw(t, "person")
	}
	room := func(t *rapid.T) *modelRoom {
		if len(m.rooms) == 0 {
			t.Skip()
		}
		return rapid.SampledFrom(m.rooms).Draw(t, "room")
	}
	// In archived rooms few things can be done.
	open := func(r *modelRoom) bool { return !r.deleted && !r.archived }
	return map[string]func(*rapid.T){
		"create": func(t *rapid.T) {
			if len(m.rooms) > 4 {
				t.Skip()
			}
			by := who(t, "by")
			kind := rapid.SampledFrom([]chat.RoomKind{chat.Public, chat.Private}).Draw(t, "kind")
			m.made++
			entry, err := m.Create(m.ctx, chat.Actor{User: by}, chat.NewRoom{Kind: kind, Name: fmt.Sprint("room ", m.made)})
			m.expect(t, "create", err, by != 0 && (kind == chat.Public || !m.guests[by]))
			if err != nil {
				return
			}
			r := &modelRoom{id: entry.ID, kind: kind, in: map[chat.UserID]int{}, leads: map[chat.UserID]bool{}, banned: map[chat.UserID]bool{}}
			m.joins(r, by)
			if !m.guests[by] {
				r.leads[by] = true
			}
			m.rooms = append(m.rooms, r)
		},
		"join": func(t *rapid.T) {
			r, by := room(t), who(t, "by")
			_, err := m.Join(m.ctx, chat.Actor{User: by}, r.id.String())
			m.expect(t, "join", err, by != 0 && open(r) && m.sees(r, by) && (by == m.mod || !r.banned[by]))
			if err == nil {
				m.joins(r, by)
			}
		},
		"leave": func(t *rapid.T) {
			r, by := room(t), who(t, "by")
			_, err := m.Leave(m.ctx, chat.Actor{User: by}, r.id.String())
			m.expect(t, "leave", err, by != 0 && !r.deleted && m.sees(r, by) && (by == m.mod || !r.banned[by]))
			if err == nil {
				m.parts(r, by)
			}
		},
		"add": func(t *rapid.T) {
			r, by, one := room(t), who(t, "by"), person(t)
			_, err := m.Add(m.ctx, chat.Actor{User: by}, r.id.String(), []chat.UserID{one})
			may := open(r) && !m.guests[by] && (by == m.mod && m.sees(r, by) || r.in[by] != 0) && !r.banned[one]
			m.expect(t, "add", err, may)
			if err == nil {
				m.joins(r, one)
			}
		},
		"remove": func(t *rapid.T) {
			r, by, one, ban := room(t), who(t, "by"), person(t), rapid.Bool().Draw(t, "ban")
			_, err := m.Remove(m.ctx, chat.Actor{User: by}, r.id.String(), chat.Removal{User: one, Ban: ban})
			may := m.leads(r, by) && by != one && (one != m.mod || by == m.mod)
			if may && r.kind == chat.Private && err != nil && r.in[one] == 0 {
				may = chat.KindOf(err) != chat.NotFound // somebody who never was in it
			}
			m.expect(t, "remove", err, may)
			if err == nil {
				if ban {
					r.banned[one] = true
				}
				m.parts(r, one)
			}
		},
		"let in again": func(t *rapid.T) {
			r, by, one := room(t), who(t, "by"), person(t)
			_, err := m.ChangeMember(m.ctx, chat.Actor{User: by}, r.id.String(), one, chat.MemberChange{Banned: new(false)})
			may := m.leads(r, by) && (one != m.mod || by == m.mod)
			if may && err != nil && r.kind == chat.Private && r.in[one] == 0 {
				may = chat.KindOf(err) != chat.NotFound
			}
			m.expect(t, "let in again", err, may)
			if err == nil {
				delete(r.banned, one)
			}
		},
		"appoint": func(t *rapid.T) {
			r, by, one := room(t), who(t, "by"), person(t)
			role := rapid.SampledFrom([]chat.Role{chat.NoRole, chat.Moderator}).Draw(t, "role")
			_, err := m.ChangeMember(m.ctx, chat.Actor{User: by}, r.id.String(), one, chat.MemberChange{Role: &role})
			may := m.leads(r, by) && (one != m.mod || by == m.mod)
			if may && err != nil && r.kind == chat.Private && r.in[one] == 0 {
				may = chat.KindOf(err) != chat.NotFound
			}
			is := r.leads[one]
			switch {
			case role == chat.Moderator && !is:
				may = may && r.in[one] != 0 && !m.guests[one]
			case role == chat.NoRole && is:
				may = may && (r.kind != chat.Private || len(r.leads) > 1)
			}
			m.expect(t, "appoint", err, may)
			switch {
			case err == nil && role == chat.Moderator:
				r.leads[one] = true
			case err == nil:
				delete(r.leads, one)
			}
		},
		"convert": func(t *rapid.T) {
			r, by := room(t), who(t, "by")
			kind := rapid.SampledFrom([]chat.RoomKind{chat.Public, chat.Private}).Draw(t, "kind")
			_, err := m.Change(m.ctx, chat.Actor{User: by}, r.id.String(), chat.RoomChange{Kind: &kind})
			m.expect(t, "convert", err, open(r) && m.leads(r, by))
			if err != nil || r.kind == kind {
				return
			}
			if r.kind = kind; kind == chat.Private {
				delete(r.banned, by)
				m.joins(r, by)
				if len(r.leads) == 0 {
					r.leads[by] = true
				}
			}
		},
		"preview, archive": func(t *rapid.T) {
			r, by, on := room(t), who(t, "by"), rapid.Bool().Draw(t, "on")
			if rapid.Bool().Draw(t, "archive") {
				_, err := m.Change(m.ctx, chat.Actor{User: by}, r.id.String(), chat.RoomChange{Archived: &on})
				m.expect(t, "archive", err, m.leads(r, by))
				if err == nil {
					r.archived = on
				}
				return
			}
			_, err := m.Change(m.ctx, chat.Actor{User: by}, r.id.String(), chat.RoomChange{NoPreview: &on})
			m.expect(t, "preview", err, open(r) && m.leads(r, by))
			if err == nil {
				r.closed = on
			}
		},
		"delete": func(t *rapid.T) {
			r, by := room(t), who(t, "by")
			if rapid.IntRange(0, 3).Draw(t, "rarely") != 0 {
				t.Skip()
			}
			err := m.Drop(m.ctx, chat.Actor{User: by}, r.id.String())
			m.expect(t, "delete", err, m.leads(r, by))
			if err == nil {
				r.deleted = true
			}
		},
		"speak": func(t *rapid.T) {
			r, by := room(t), who(t, "by")
			_, err := m.Post(m.ctx, chat.Actor{User: by}, r.id.String(), chat.Draft{Text: "x"})
			may := by != 0 && open(r) && m.sees(r, by) && (by == m.mod || !r.banned[by])
			m.expect(t, "speak", err, may)
			if err == nil {
				m.joins(r, by)
			}
		},
	}
}
