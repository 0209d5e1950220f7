package chat

import (
	"context"
	"slices"
)

// What is one's own about a room: how far one has read it, and what one wants to be told of it.
//
// Unread is the count of others' messages above one's position that are not deleted, taken whenever somebody asks, so it is right
// after any history: deletions, a restored backup, an import. A position moves when its owner says so, and to the newest message when
// they join. Posting moves nobody's, the author's neither: what one writes oneself never counts, and what others wrote right
// before has not been read for it; and a post so costs no further write.

// ReadSnapshot is what is read of somebody's own.
type ReadSnapshot interface {
	// Own is what is a member's own about the room.
	Own(m Member) (Own, error)
}

// ReadTx is what is written of somebody's own.
type ReadTx interface {
	// PutOwn stores how far a member has read and what they want to be told of, tells the user's log with the room's entry, and is
	// what is the member's own then.
	PutOwn(m Member, read int64, notify Notify) (Own, error)
}

// Notifies are all that one can be told of.
var Notifies = []Notify{NotifyAll, NotifyMentions, NotifyNothing, NotifyHidden}

// Marked is the answer to a new read position.
type Marked struct {
	Read     int64 `json:"read"`
	Unread   int   `json:"unread"`
	Mentions int   `json:"mentions"`
}

// Mark sets up to which message the actor has read a room: 0 is nothing, and the newest number is everything; a higher one is
// Invalid. It may go back, which is "mark unread from here". The position that it was before changes nothing and tells nobody.
func (r *Rooms) Mark(ctx context.Context, a Actor, ref string, number int64) (Marked, error) {
	if number < 0 {
		return Marked{}, Errorf(Invalid, "number", "A read position is 0 or the number of a message.")
	}
	var marked Marked
	err := r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Mark, ref)
		if err != nil {
			return err
		}
		if number > st.Room.Messages {
			return Errorf(Invalid, "number", "The newest message has the number %d.", st.Room.Messages)
		}
		own, err := tx.Own(st.Member)
		if err == nil && own.Read != number {
			own, err = tx.PutOwn(st.Member, number, own.Notify)
		}
		marked = Marked{own.Read, own.Unread, own.Mentions}
		return err
	})
	return marked, err
}

// Notify sets what the actor wants to be told of a room.
func (r *Rooms) Notify(ctx context.Context, a Actor, ref string, level Notify) error {
	if !slices.Contains(Notifies, level) {
		return Errorf(Invalid, "level", "%q is not one of mentions, nothing and hidden, nor empty for all.", shorten(string(level), 40))
	}
	return r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Mark, ref)
		if err != nil {
			return err
		}
		own, err := tx.Own(st.Member)
		if err == nil && own.Notify != level {
			_, err = tx.PutOwn(st.Member, own.Read, level)
		}
		return err
	})
}

// Entries are the actor's own rooms as lines of the list, of now: those of ids that are the actor's, or all if ids is nil.
// At most 200 can be asked for at once.
func (r *Rooms) Entries(ctx context.Context, a Actor, ids []RoomID) ([]RoomEntry, error) {
	if len(ids) > listLimit {
		return nil, Errorf(TooLong, "rooms", "At most %d rooms can be asked for at once.", listLimit)
	}
	list := []RoomEntry{}
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, a)
		if err != nil {
			return err
		}
		if err := st.Can(Mark); err != nil {
			return err
		}
		rooms, err := st.marks(s, ids)
		if err != nil {
			return err
		}
		list, err = s.Entries(st.User.ID, rooms)
		return err
	})
	return list, err
}

// marks are those of the rooms of ids, or of all rooms if it is nil, in which the user may Mark.
func (s Standing) marks(snapshot Snapshot, ids []RoomID) ([]Room, error) {
	if ids == nil {
		rooms, err := snapshot.RoomsOf(s.User.ID, listLimit)
		return slices.DeleteFunc(rooms, func(r Room) bool { return !s.follows(r) }), err
	}
	rooms := make([]Room, 0, len(ids))
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		room, err := snapshot.Room(id)
		if KindOf(err) == NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		in, err := s.in(snapshot, room)
		if err != nil {
			return nil, err
		}
		if in.Can(Mark) == nil {
			rooms = append(rooms, room)
		}
	}
	return rooms, nil
}

// follows reports whether the user, who is a member of the room, may know how far it has come.
func (s Standing) follows(room Room) bool {
	s.Room, s.Member = room, Member{Room: room.ID, User: s.User.ID, Joined: true}
	return s.Can(Mark) == nil
}

// Watched is where the logs of somebody's own rooms stand, as of a version of the user's own log.
type Watched struct {
	Heads   []Head
	Version int64
}

// Watch is where the logs of the actor's rooms stand, at most 200 of them: what a reader begins with that is to hear when they
// move. Nobody has none.
func (r *Rooms) Watch(ctx context.Context, a Actor) (Watched, error) {
	var watched Watched
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, a)
		if err != nil || st.User.ID == 0 {
			return err
		}
		rooms, err := st.marks(s, nil)
		watched = Watched{Heads: heads(rooms), Version: st.User.Version}
		return err
	})
	return watched, err
}

func heads(rooms []Room) []Head {
	list := make([]Head, 0, len(rooms))
	for _, r := range rooms {
		list = append(list, Head{Room: r.ID, Version: r.Version, Number: r.Messages})
	}
	return list
}
