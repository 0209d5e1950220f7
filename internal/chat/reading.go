package chat

import (
	"context"
	"slices"
)

const (
	// PageLimit is how many messages one page has at most.
	PageLimit = 200
	// pageDefault is how many messages a page has when nothing else is asked for.
	pageDefault = 50
	// listLimit is how many rooms a list of rooms has at most.
	listLimit = 200
	// resumeBytes is how much text a resume may carry; a longer one is answered with a reset.
	resumeBytes = 1 << 20
)

// An Opening says how a room is to be opened: from a position, or afresh at its newest messages or at those before, after
// or around one. At most one of At, Before, After and Around is set.
type Opening struct {
	At                    *Position
	Before, After, Around int64 // number of a message, or 0
	Limit                 int   // messages of a fresh snapshot, 0 for the default
}

// Open reads a room for an actor who may: what changed since a position, if that position is of this epoch, not above the
// head, at most Limits.Behind changes behind, and not too much text away; else a fresh snapshot with Reset set. Both
// reach exactly the Version that they name, and a reader that applies them is in the state that a fresh load shows.
func (r *Rooms) Open(ctx context.Context, a Actor, ref string, o Opening) (Opened, error) {
	var opened Opened
	err := r.Store.Read(ctx, func(s Snapshot) error {
		var err error
		opened, err = r.OpenIn(s, a, ref, o)
		return err
	})
	return opened, err
}

// OpenIn is Open within a snapshot.
func (r *Rooms) OpenIn(s Snapshot, a Actor, ref string, o Opening) (Opened, error) {
	st, err := inRoom(s, a, Read, ref)
	if err != nil {
		return Opened{}, err
	}
	room := st.Room
	opened := Opened{Room: room.ID, Epoch: s.Epoch(), Version: room.Version, Number: room.Messages}
	if o.At != nil && o.Before == 0 && o.After == 0 && o.Around == 0 {
		changes, ok, err := r.since(s, room, *o.At)
		if err != nil {
			return Opened{}, err
		}
		if ok {
			opened.Changes = changes
			opened.People, err = people(s, nil, changes)
			return opened, err
		}
	}
	opened.Reset, opened.Info, opened.Member = true, room.Info(), st.Member.Joined
	page := Page{Before: o.Before, After: o.After, Around: o.Around, Limit: clampLimit(o.Limit)}
	if opened.Messages, opened.More, err = s.Messages(room.ID, page); err != nil {
		return Opened{}, err
	}
	if opened.Messages == nil {
		opened.Messages = []Message{}
	}
	if o.After > 0 {
		// What the store said is whether there are later ones.
		if opened.More, err = earlier(s, room, opened.Messages); err != nil {
			return Opened{}, err
		}
	}
	opened.People, err = people(s, opened.Messages, nil)
	return opened, err
}

// earlier reports whether there are messages before the first of messages.
func earlier(s Snapshot, room Room, messages []Message) (bool, error) {
	before := room.Messages + 1
	if len(messages) > 0 {
		before = messages[0].Number
	}
	found, _, err := s.Messages(room.ID, Page{Before: before, Limit: 1})
	return len(found) > 0, err
}

// since are the changes after at, never nil, and whether at can be resumed from.
func (r *Rooms) since(s Snapshot, room Room, at Position) ([]Change, bool, error) {
	if at.Epoch != s.Epoch() || at.Version > room.Version || at.Version < 0 || room.Version-at.Version > int64(r.Limits.Behind) {
		return nil, false, nil
	}
	changes, more, err := s.Changes(room.ID, at.Version, r.Limits.Behind)
	if err != nil || more {
		return nil, false, err
	}
	bytes := 0
	for _, c := range changes {
		if c.Message != nil {
			bytes += len(c.Message.Text)
		}
	}
	if changes == nil {
		changes = []Change{}
	}
	return changes, bytes <= resumeBytes, nil
}

// people are the names of everybody whom messages and changes name, never nil.
func people(s Snapshot, messages []Message, changes []Change) ([]Person, error) {
	seen := map[UserID]bool{}
	ids := []UserID{}
	add := func(id UserID) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, m := range messages {
		add(m.By)
	}
	for _, c := range changes {
		if c.Message != nil {
			add(c.Message.By)
		}
	}
	if len(ids) == 0 {
		return []Person{}, nil
	}
	return s.Names(ids)
}

func clampLimit(limit int) int {
	if limit <= 0 {
		return pageDefault
	}
	return min(limit, PageLimit)
}

// History reads a page of a room's messages for an actor who may read it. At most one of the page's Before, After and
// Around may be set; a Limit of 0 is 50, and 200 are the most.
func (r *Rooms) History(ctx context.Context, a Actor, ref string, page Page) (History, error) {
	set := 0
	for field, n := range map[string]int64{"before": page.Before, "after": page.After, "around": page.Around} {
		if n < 0 {
			return History{}, Errorf(Invalid, field, "A message's number is at least 1.")
		}
		if n > 0 {
			set++
		}
	}
	if set > 1 {
		return History{}, Errorf(Invalid, "before", "Only one of before, after and around can be asked for.")
	}
	var history History
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := inRoom(s, a, Read, ref)
		if err != nil {
			return err
		}
		room := st.Room
		page.Limit = clampLimit(page.Limit)
		history = History{Room: room.ID, Version: room.Version}
		if history.Messages, history.More, err = s.Messages(room.ID, page); err != nil {
			return err
		}
		if history.Messages == nil {
			history.Messages = []Message{}
		}
		history.People, err = people(s, history.Messages, nil)
		return err
	})
	return history, err
}

// People are the names of users for an actor who may read, at most 200 at once; ids that there are not are left out, and for who may
// not Meet people also those who never were in a public room that everybody may read.
func (r *Rooms) People(ctx context.Context, a Actor, ids []UserID) ([]Person, error) {
	if len(ids) > PageLimit {
		return nil, Errorf(TooLong, "users", "At most %d people can be asked for at once.", PageLimit)
	}
	names := []Person{}
	if len(ids) == 0 {
		return names, nil
	}
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, a)
		if err != nil {
			return err
		}
		if err := st.Can(Read); err != nil {
			return err
		}
		named := s.Names
		if st.Can(Meet) != nil {
			named = s.PublicNames
		}
		found, err := named(ids)
		names = append(names, found...)
		return err
	})
	return names, err
}

// Hello is what a client of the actor is told first: who it is, its rooms, the public rooms, the limits.
func (r *Rooms) Hello(ctx context.Context, a Actor) (Hello, error) {
	var hello Hello
	err := r.Store.Read(ctx, func(s Snapshot) error {
		var err error
		hello, err = r.HelloIn(s, a)
		return err
	})
	return hello, err
}

// HelloIn is Hello within a snapshot.
func (r *Rooms) HelloIn(s Snapshot, a Actor) (Hello, error) {
	hello := Hello{Epoch: s.Epoch(), Limits: r.Limits, Server: Directory{Rooms: []RoomEntry{}}}
	st, err := standing(s, a)
	if err != nil {
		return Hello{}, err
	}
	u := st.User
	if u.ID != 0 {
		rooms, err := s.RoomsOf(u.ID, listLimit)
		if err != nil {
			return Hello{}, err
		}
		mine, err := s.Entries(u.ID, rooms)
		if err != nil {
			return Hello{}, err
		}
		for i, room := range rooms {
			if !st.follows(room) {
				mine[i].Own = nil
			}
		}
		watched := slices.DeleteFunc(rooms, func(r Room) bool { return !st.follows(r) })
		hello.Me = &Mine{User: u, Rooms: mine, Version: u.Version, Heads: heads(watched)}
		if st.Settings.HoldFirst && !u.Approved && rankOf(u) < registered {
			if hello.Me.Held, err = s.HeldOf(u.ID, heldOf); err != nil {
				return Hello{}, err
			}
		}
	}
	if hello.Server.Version, err = s.ServerVersion(); err != nil {
		return Hello{}, err
	}
	hello.Server.Settings = &st.Settings
	if st.Can(Read) != nil {
		return hello, nil
	}
	rooms, err := s.PublicRooms(listLimit)
	hello.Server.Rooms = entries(rooms)
	return hello, err
}

func entries(rooms []Room) []RoomEntry {
	list := make([]RoomEntry, 0, len(rooms))
	for _, r := range rooms {
		list = append(list, r.Entry())
	}
	return list
}

// MaySpeak finds a room that the actor may speak in.
func (r *Rooms) MaySpeak(ctx context.Context, a Actor, ref string) (Room, error) {
	var room Room
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := inRoom(s, a, Speak, ref)
		room = st.Room
		return err
	})
	return room, err
}

// Missed is what a lagging cursor is given: the next changes and the version that they reach, or a fresh snapshot.
type Missed struct {
	Ended   bool // the actor may not read the room any more: the cursor ends
	Changes []Change
	Version int64
	Reset   *Opened
}

// Missed reads at most limit changes after version for a cursor that has fallen off its tail. A cursor more than
// Limits.Behind changes behind gets a snapshot. The newest state of each thing is given, in order; a cursor at the
// returned Version that goes on from there misses nothing.
func (r *Rooms) Missed(ctx context.Context, a Actor, id RoomID, version int64, limit int) (Missed, error) {
	var missed Missed
	err := r.Store.Read(ctx, func(s Snapshot) error {
		missed = Missed{Version: version}
		st, err := inRoom(s, a, Read, id.String())
		room := st.Room
		switch {
		case KindOf(err) == NotFound && room.Deleted:
			// The last change of a room says that it is gone.
			missed.Changes = []Change{{Log: RoomLog(id), Version: room.Version, Info: room.Info()}}
			missed.Version = room.Version
			return nil
		case Refused(err):
			missed.Ended = true
			return nil
		case err != nil:
			return err
		}
		if room.Version-version > int64(r.Limits.Behind) {
			opened, err := r.OpenIn(s, a, id.String(), Opening{})
			missed.Reset = &opened
			return err
		}
		changes, more, err := s.Changes(id, version, limit)
		if err != nil {
			return err
		}
		missed.Changes, missed.Version = changes, room.Version
		if more {
			missed.Version = changes[len(changes)-1].Version
		}
		return nil
	})
	return missed, err
}

// Ended reports whether the actor may not read a room any more. One that was deleted has told so by its last change.
func (r *Rooms) Ended(ctx context.Context, a Actor, id RoomID) (bool, error) {
	_, err := r.Resolve(ctx, a, id.String())
	if Refused(err) {
		return true, nil
	}
	return false, err
}

// Refused reports whether an error says that the actor may not, rather than that something went wrong.
func Refused(err error) bool {
	switch KindOf(err) {
	case NotFound, Forbidden, Unauthenticated:
		return true
	}
	return false
}

// Unread is what a reader of new messages is given that has fallen off its tail.
type Unread struct {
	Messages []Message
	Names    map[UserID]string
	Version  int64 // where the cursor stands after them
	Number   int64
	Ended    bool // the actor may not read the room any more: the cursor ends
}

// Unread reads at most limit messages after number, for a cursor at version that goes by numbers. When there are more, the
// cursor's version stays where it was.
func (r *Rooms) Unread(ctx context.Context, a Actor, id RoomID, version, number int64, limit int) (Unread, error) {
	var unread Unread
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := inRoom(s, a, Read, id.String())
		if Refused(err) {
			unread = Unread{Ended: true}
			return nil
		}
		if err != nil {
			return err
		}
		room := st.Room
		messages, more, err := s.MessagesAfter(id, number, limit)
		if err != nil {
			return err
		}
		unread = Unread{Messages: messages, Names: map[UserID]string{}, Version: room.Version, Number: room.Messages}
		if more {
			unread.Version, unread.Number = version, messages[len(messages)-1].Number
		}
		persons, err := people(s, messages, nil)
		for _, p := range persons {
			unread.Names[p.ID] = p.Name
		}
		return err
	})
	return unread, err
}
