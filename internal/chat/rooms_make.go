package chat

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
)

const (
	// directLimit is how many people a direct room is for, with who opens it.
	directLimit = 8
	// addLimit is how many people can be added to a room at once.
	addLimit = 100
	// addressRunes is how many random characters of base32 follow the ~ of an address: 80 bits.
	addressRunes = 16
)

// A NewRoom is what somebody wants a new room to be.
type NewRoom struct {
	Kind        RoomKind // "" is public
	Name        string   // of a public room it has to be free; a direct room has none
	Topic       string
	Description string
	Users       []UserID // are added; of a direct room: who is in it beside the actor
}

// Create makes a room, with the actor in it, and returns it as a line of the actor's own list. An account moderates what it made.
// All of it happens or nothing.
//
// There is one direct room for each set of two to eight people: who asks for it again, at whatever moment, is given that one.
// Whom nobody can reach any more, or never could, is nobody to add or to write to: Invalid in the field "users".
func (r *Rooms) Create(ctx context.Context, a Actor, n NewRoom) (RoomEntry, error) {
	make := map[RoomKind]func(Tx, Standing, NewRoom) (Room, error){
		"": r.makePublic, Public: r.makePublic, Private: r.makePrivate, DirectRoom: openDirect,
	}[n.Kind]
	if make == nil {
		return RoomEntry{}, Errorf(Invalid, "kind", "%q is none of public, private and direct.", shorten(string(n.Kind), 40))
	}
	var entry RoomEntry
	err := r.Store.Write(ctx, func(tx Tx) error {
		st, err := standing(tx, a)
		if err != nil {
			return err
		}
		room, err := make(tx, st, n)
		if err != nil {
			return err
		}
		entries, err := tx.Entries(st.User.ID, []Room{room})
		if err == nil {
			entry = entries[0]
		}
		return err
	})
	return entry, err
}

func (r *Rooms) makePublic(tx Tx, st Standing, n NewRoom) (Room, error) {
	if err := st.Can(Create); err != nil {
		return Room{}, err
	}
	if st.untried() {
		return Room{}, errUntried("kind")
	}
	room, err := r.planned(tx, st, n)
	if err != nil {
		return Room{}, err
	}
	room.Kind = Public
	return furnish(tx, st, room, n.Users)
}

func (r *Rooms) makePrivate(tx Tx, st Standing, n NewRoom) (Room, error) {
	if err := st.Can(Enclose); err != nil {
		return Room{}, err
	}
	room, err := r.planned(tx, st, n)
	if err != nil {
		return Room{}, err
	}
	room.Kind, room.Address = Private, newAddress()
	return furnish(tx, st, room, n.Users)
}

// planned is a room of the wanted name, topic and description that the user makes now.
func (r *Rooms) planned(tx Tx, st Standing, n NewRoom) (room Room, err error) {
	room = Room{CreatedAt: Millis(tx.Now()), CreatedBy: st.User.ID}
	if room.Name, err = CheckRoomName(n.Name, r.Limits.Room); err != nil {
		return room, aboutName(err)
	}
	if room.Topic, err = CheckTopic(n.Topic); err != nil {
		return room, err
	}
	room.Description, err = CheckDescription(n.Description)
	return room, err
}

// furnish stores a room and lets people in: who made it, and others if whoever made it may add them.
func furnish(tx Tx, st Standing, room Room, users []UserID) (Room, error) {
	if err := tx.InsertRoom(&room); err != nil {
		return room, aboutName(err)
	}
	st.Room = room
	if _, err := enter(tx, st); err != nil {
		return room, err
	}
	if len(users) > 0 {
		st, err := inRoom(tx, Actor{User: st.User.ID}, Add, room.ID.String())
		if err != nil {
			return room, err
		}
		if _, err := addAll(tx, st, users); err != nil {
			return room, err
		}
	}
	return tx.Room(room.ID)
}

// newAddress is what the addresses of a private or direct room begin with. Nobody can guess it.
func newAddress() string { return "~" + strings.ToLower(rand.Text()[:addressRunes]) }

// openDirect is the direct room of the user and others, made if there is none yet.
func openDirect(tx Tx, st Standing, n NewRoom) (Room, error) {
	if err := st.Can(Direct); err != nil {
		return Room{}, err
	}
	for field, text := range map[string]string{"name": n.Name, "topic": n.Topic, "description": n.Description} {
		if text != "" {
			return Room{}, Errorf(Invalid, field, "A direct room has no %s.", field)
		}
	}
	if len(n.Users) > addLimit {
		return Room{}, tooManyUsers()
	}
	people := NewPeople(append(slices.Clone(n.Users), st.User.ID)...)
	ids := people.IDs()
	switch {
	case len(ids) < 2:
		return Room{}, Errorf(Invalid, "users", "Please say whom the room is for, beside yourself.")
	case len(ids) > directLimit:
		return Room{}, Errorf(Invalid, "users", "A direct room is for %d people at most.", directLimit)
	}
	room, err := tx.DirectRoom(people)
	if KindOf(err) != NotFound {
		return room, err
	}
	room = Room{Kind: DirectRoom, Address: newAddress(), People: people, CreatedAt: Millis(tx.Now()), CreatedBy: st.User.ID}
	for _, id := range ids {
		if _, err := reachable(tx, id); err != nil {
			return Room{}, err
		}
	}
	if err := tx.InsertRoom(&room); err != nil {
		return Room{}, err
	}
	for _, id := range ids {
		if err := tx.PutMember(&Member{Room: room.ID, User: id, Joined: true, At: Millis(tx.Now())}); err != nil {
			return Room{}, err
		}
	}
	return tx.Room(room.ID)
}

// reachable is a user whom one can write to: guests, members and bots, as long as they hold their name.
func reachable(s Snapshot, id UserID) (User, error) {
	u, err := s.User(id)
	switch {
	case KindOf(err) == NotFound:
		return u, Errorf(Invalid, "users", "There is no user %s.", id)
	case err != nil:
		return u, err
	case !u.Reachable():
		return u, Errorf(Invalid, "users", "%s cannot be reached here.", u.Name)
	}
	return u, nil
}

// Reachable reports whether somebody can be let into rooms and written to. Scripts and imported authors have no session, and who
// was deactivated or whose name was freed does not come back.
func (u User) Reachable() bool {
	return !u.Deactivated && u.NameKey != "" && u.Kind != Script && u.Kind != Imported
}

// aboutName is an error about a room's name with the field as it is called where a room is made or changed.
func aboutName(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Field != "room" {
		return err
	}
	about := *e
	about.Field = "name"
	return &about
}
