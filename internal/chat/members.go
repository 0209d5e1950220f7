package chat

import (
	"context"
	"strings"
	"unicode/utf8"
)

// MemberLimit is how many members one page of them has at most.
const MemberLimit = 100

// findLimit is how many people are found at once.
const findLimit = 20

// A MemberQuery says which of a room's members are wanted.
type MemberQuery struct {
	After     string // those whose names come after this one
	AfterUser UserID // of those called After the ones with higher ids, too; 0: none of them
	Banned    bool   // those who are banned, instead of the members
	Limit     int    // at most MemberLimit
}

// MemberSnapshot is what is read of the people of rooms, beside Member and Members.
type MemberSnapshot interface {
	// Moderators are the room's moderators: members who are not deactivated.
	Moderators(room RoomID) ([]UserID, error)
	// Eldest is the account that has been a member for the longest time, not deactivated. NotFound where there is none.
	Eldest(room RoomID) (Member, error)
	// PeopleBetween are live people, by the key of their name: who hold a name with a key from this one on and before that one.
	PeopleBetween(from, to string, limit int) ([]Person, error)
	// PublicNames are those of Names who are or were in a public room that is not deleted and has a preview.
	PublicNames(ids []UserID) ([]Person, error)
}

// Add makes people members of a room and returns its version; each is told by their own log. All of them are added or none; who
// is in the room already is passed over. Who is banned from it has to be let in again first.
func (r *Rooms) Add(ctx context.Context, a Actor, ref string, users []UserID) (int64, error) {
	var version int64
	err := r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Add, ref)
		if err != nil {
			return err
		}
		version, err = addAll(tx, st, users)
		return err
	})
	return version, err
}

func addAll(tx Tx, st Standing, users []UserID) (int64, error) {
	if len(users) > addLimit {
		return 0, tooManyUsers()
	}
	for _, id := range users {
		u, err := reachable(tx, id)
		if err != nil {
			return 0, err
		}
		m, err := tx.Member(st.Room.ID, id)
		if err != nil && KindOf(err) != NotFound {
			return 0, err
		}
		if m.Banned {
			return 0, Errorf(Forbidden, "users", "%s is banned from this room.", u.Name)
		}
		if m.Joined {
			continue
		}
		m.Room, m.User, m.Joined, m.At = st.Room.ID, id, true, Millis(tx.Now())
		if err := tx.PutMember(&m); err != nil {
			return 0, err
		}
	}
	return headOf(tx, st.Room.ID)
}

func tooManyUsers() error {
	return Errorf(TooLong, "users", "At most %d people can be added at once.", addLimit)
}

func headOf(tx Tx, id RoomID) (int64, error) {
	room, err := tx.Room(id)
	return room.Version, err
}

// depart ends a membership. A private room that is left without a moderator gets another one.
func depart(tx Tx, m *Member) error {
	m.Joined, m.At = false, Millis(tx.Now())
	if err := tx.PutMember(m); err != nil {
		return err
	}
	return succeed(tx, m.Room)
}

// A Removal is whom to remove from a room, and why.
type Removal struct {
	User UserID
	Ban  bool   // they may not come back, nor read, until the ban is lifted; of a public room also who is no member
	Why  string // for the audit log
}

// Remove ends somebody's membership and returns the room's version; from that version on nothing of the room reaches them but
// what everybody may read. Removing who is no member changes nothing.
func (r *Rooms) Remove(ctx context.Context, a Actor, ref string, rm Removal) (int64, error) {
	var version int64
	err := r.Store.Write(ctx, func(tx Tx) error {
		why, err := CheckWhy(rm.Why)
		if err != nil {
			return err
		}
		rm.Why = why
		st, err := inRoom(tx, a, Remove, ref)
		if err != nil {
			return err
		}
		if err := remove(tx, st, rm); err != nil {
			return err
		}
		version, err = headOf(tx, st.Room.ID)
		return err
	})
	return version, err
}

func remove(tx Tx, st Standing, rm Removal) error {
	u, m, err := neighbour(tx, st, rm.User)
	if err != nil {
		return err
	}
	if u.ID == st.User.ID {
		return Errorf(Invalid, "user", "You cannot remove yourself; you can leave the room.")
	}
	if !m.Joined && m.Banned == (m.Banned || rm.Ban) {
		return nil
	}
	verb := "removed"
	if rm.Ban {
		m.Banned, verb = true, "banned"
	}
	if err := depart(tx, &m); err != nil {
		return err
	}
	return note(tx, st.User, verb, personIn(st.Room.ID, u.ID), u.Name, "", rm.Why)
}

// A MemberChange is what is to be changed about somebody's place in a room; nil leaves it as it is.
type MemberChange struct {
	Role       *Role  // Moderator or NoRole
	Banned     *bool  // false lifts a ban; whoever was banned is no member yet
	MutedUntil *int64 // unix ms; 0 lets them speak again
	Why        string // for the audit log
}

func (c MemberChange) verbs() []Verb {
	var verbs []Verb
	if c.Role != nil {
		verbs = append(verbs, Appoint)
	}
	if c.MutedUntil != nil {
		verbs = append(verbs, Silence)
	}
	if c.Banned != nil || len(verbs) == 0 {
		verbs = append(verbs, Remove)
	}
	return verbs
}

// ChangeMember changes somebody's place in a room and returns the room's version. All of it happens or nothing. A moderator is a
// member and has an account; a private room keeps at least one.
func (r *Rooms) ChangeMember(ctx context.Context, a Actor, ref string, id UserID, c MemberChange) (int64, error) {
	var version int64
	err := r.Store.Write(ctx, func(tx Tx) error {
		verbs := c.verbs()
		st, err := inRoom(tx, a, verbs[0], ref)
		if err != nil {
			return err
		}
		for _, verb := range verbs[1:] {
			if err := st.Can(verb); err != nil {
				return err
			}
		}
		if c.Why, err = CheckWhy(c.Why); err != nil {
			return err
		}
		if err := changeMember(tx, st, id, c); err != nil {
			return err
		}
		version, err = headOf(tx, st.Room.ID)
		return err
	})
	return version, err
}

func changeMember(tx Tx, st Standing, id UserID, c MemberChange) error {
	if c.Banned != nil && *c.Banned {
		if err := remove(tx, st, Removal{User: id, Ban: true, Why: c.Why}); err != nil {
			return err
		}
	}
	if c.MutedUntil != nil {
		if _, err := silence(tx, st, id, *c.MutedUntil, c.Why); err != nil {
			return err
		}
	}
	u, m, err := neighbour(tx, st, id)
	if err != nil {
		return err
	}
	about := personIn(st.Room.ID, id)
	if c.Banned != nil && !*c.Banned && m.Banned {
		m.Banned = false
		if err := note(tx, st.User, "let in again", about, u.Name, "", c.Why); err != nil {
			return err
		}
	}
	if c.Role != nil && *c.Role != m.Role {
		if err := appoint(tx, st, u, &m, *c.Role); err != nil {
			return err
		}
		detail := "moderator of the room"
		if *c.Role == NoRole {
			detail = "moderator no longer"
		}
		if err := note(tx, st.User, "changed", about, u.Name, detail, c.Why); err != nil {
			return err
		}
	}
	return tx.PutMember(&m)
}

// appoint gives a member another role.
func appoint(tx Tx, st Standing, u User, m *Member, role Role) error {
	switch {
	case role != NoRole && role != Moderator:
		return Errorf(Invalid, "role", "In a room one is a moderator or has no role.")
	case !m.Joined:
		return Errorf(NotFound, "user", "%s is no member of this room.", u.Name)
	case role == Moderator && rankOf(u) < registered:
		return Errorf(Invalid, "role", "Only members of the server can moderate a room, and %s is a guest.", u.Name)
	}
	if role == NoRole && st.Room.Kind == Private {
		moderators, err := tx.Moderators(st.Room.ID)
		if err != nil {
			return err
		}
		if len(moderators) < 2 {
			return Errorf(Invalid, "role", "A private room needs a moderator. Please appoint another one first.")
		}
	}
	m.Role = role
	return nil
}

// A MemberEntry is a line in a list of members.
type MemberEntry struct {
	User UserID `json:"user"`
	Name string `json:"name"`
	Role Role   `json:"role,omitempty"` // Moderator: of this room
	// MutedUntil is unix ms, shown to who can change it.
	MutedUntil int64 `json:"muted_until,omitempty"`
}

// A MemberPage is a page of a room's members, by name.
type MemberPage struct {
	Members []MemberEntry `json:"members"`
	More    bool          `json:"more"`
}

// Members is a page of who is in a room, or of who is banned from it for an actor who may let them in again. The page after it
// is asked for with the last one's id, "u7", in q.After, or with the name.
func (r *Rooms) Members(ctx context.Context, a Actor, ref string, q MemberQuery) (MemberPage, error) {
	page := MemberPage{Members: []MemberEntry{}}
	err := r.Store.Read(ctx, func(s Snapshot) error {
		verb := Read
		if q.Banned {
			verb = Remove
		}
		st, err := inRoom(s, a, verb, ref)
		if err != nil {
			return err
		}
		if id, ok := parseID('u', q.After); ok {
			last, err := s.Member(st.Room.ID, UserID(id))
			switch {
			case err == nil:
				q.After, q.AfterUser = last.Name, last.User
			case KindOf(err) != NotFound:
				return err
			}
		}
		members, more, err := s.Members(st.Room.ID, q)
		page.More = more
		for _, m := range members {
			entry := MemberEntry{User: m.User, Name: m.Name, Role: m.Role}
			if m.MutedUntil > st.Now && st.Can(Silence) == nil {
				entry.MutedUntil = m.MutedUntil
			}
			page.Members = append(page.Members, entry)
		}
		return err
	})
	return page, err
}

// FindPeople are at most 20 people whose names begin so, by name: those who can be added to rooms and written to. Case and
// look-alikes do not count.
func (r *Rooms) FindPeople(ctx context.Context, a Actor, beginning string) ([]Person, error) {
	found := []Person{}
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, a)
		if err != nil {
			return err
		}
		if err := st.Can(Meet); err != nil {
			return err
		}
		switch n := utf8.RuneCountInString(beginning); {
		case !utf8.ValidString(beginning):
			return Errorf(Invalid, "q", "The name is not valid UTF-8.")
		case strings.TrimSpace(beginning) == "":
			return Errorf(Missing, "q", "Please give the beginning of a name.")
		case n > r.Limits.Name:
			return nil // nobody is called so
		}
		key := NameKey(beginning)
		if key == "" {
			return nil
		}
		people, err := s.PeopleBetween(key, key+string(utf8.MaxRune), findLimit)
		found = append(found, people...)
		return err
	})
	return found, err
}

// Stand is the actor's standing towards a room, for doors that show what can be done there. A room that is not to be known of is
// NotFound, as Resolve has it.
func (r *Rooms) Stand(ctx context.Context, a Actor, ref string) (Standing, error) {
	return r.stand(ctx, a, ref, Find)
}

// StandNamed is Stand for addresses of pages, as Named is for Resolve.
func (r *Rooms) StandNamed(ctx context.Context, a Actor, segment string) (Standing, error) {
	return r.stand(ctx, a, segment, FindByAddress)
}

func (r *Rooms) stand(ctx context.Context, a Actor, ref string, find func(Snapshot, string) (Room, error)) (Standing, error) {
	var st Standing
	err := r.Store.Read(ctx, func(s Snapshot) error {
		var err error
		if st, err = there(s, a, Anybody, ref, find); st.Room.ID != 0 && Refused(err) {
			err = nil // what can be done there says st
		}
		return err
	})
	return st, err
}

// PeopleNamed are the ids of people by their names, for doors where nobody is picked from a list; look-alikes and case do not count. A
// name that nobody has is Invalid in the field "users".
func (r *Rooms) PeopleNamed(ctx context.Context, a Actor, names []string) ([]UserID, error) {
	if len(names) > addLimit {
		return nil, tooManyUsers()
	}
	var ids []UserID
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, a)
		if err != nil {
			return err
		}
		if err := st.Can(Meet); err != nil {
			return err
		}
		for _, name := range names {
			u, err := s.UserByName(NameKey(name))
			if KindOf(err) == NotFound {
				return Errorf(Invalid, "users", "Nobody here is called %q.", shorten(name, 40))
			}
			if err != nil {
				return err
			}
			ids = append(ids, u.ID)
		}
		return nil
	})
	return ids, err
}
