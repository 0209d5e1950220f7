package chat

import "context"

// An Entrance is somebody who comes in through the front door: with a name, into a room.
type Entrance struct {
	Actor Actor // nobody becomes a guest
	Name  string
	Room  string // a name, never an id
	// Session is opened for a guest who is made; not used for anybody else.
	Session *Session
	// Rename says that somebody who has another name agreed to be called Name from now on.
	Rename bool
}

// Entered is who is in which room after an Entrance.
type Entered struct {
	User User
	Room Room
	New  bool // the user was made, and the session with it
}

// Enter lets somebody in, in one transaction: the public room is made if there is none, nobody becomes a guest of that name,
// and the user becomes a member of the room. When anything is refused nothing of it happens.
//
// Somebody who has another name is told so: a guest by a Conflict if Name is free, to be asked again with Rename; anybody
// else by Forbidden, since an account's browser has to sign out first. Both name the field "username". A name that is
// equal to the eye is one's own.
func (r *Rooms) Enter(ctx context.Context, users *Users, e Entrance) (Entered, error) {
	roomName, roomErr := CheckRoomName(e.Room, r.Limits.Room)
	name, err := CheckName(e.Name, users.Limits.Name)
	if err != nil {
		return Entered{}, err
	}
	var in Entered
	err = r.Store.Write(ctx, func(tx Tx) error {
		in = Entered{}
		st, err := standing(tx, e.Actor)
		if err != nil {
			return err
		}
		in.User = st.User
		if err := users.called(tx, &in, st, name, e); err != nil {
			return err
		}
		st.User = in.User
		in.Room, err = FindByName(tx, e.Room)
		if KindOf(err) == NotFound {
			if roomErr != nil {
				return roomErr
			}
			in.Room, err = r.Make(tx, st, roomName)
		}
		if err != nil {
			return err
		}
		if st, err = st.in(tx, in.Room); err != nil {
			return err
		}
		if err := st.Can(Join); err != nil {
			return err
		}
		_, err = enter(tx, st)
		return err
	})
	return in, err
}

// called makes whoever enters the user of that name.
func (u *Users) called(tx Tx, in *Entered, st Standing, name string, e Entrance) error {
	me := &in.User
	switch {
	case me.ID == 0:
		network := ""
		if e.Session != nil {
			network = e.Session.Address
		}
		if err := newcomer(tx, st.Settings, network); err != nil {
			return err
		}
		*me, in.New = User{Name: name, NameKey: NameKey(name), Kind: Guest}, true
		if err := u.free(tx, name, 0); err != nil {
			return err
		}
		return u.insert(tx, me, e.Session)
	case me.NameKey == NameKey(name):
		return nil
	case me.Kind != Guest:
		return Errorf(Forbidden, "username", "You are signed in as %q. Sign out first to join under another name.", me.Name)
	}
	if err := st.Can(Appear); err != nil {
		return err
	}
	if err := u.free(tx, name, me.ID); err != nil {
		return err
	}
	if !e.Rename {
		return Errorf(Conflict, "username", "You are called %q in this browser.", me.Name)
	}
	me.Name, me.NameKey = name, NameKey(name)
	return tx.UpdateUser(*me)
}

// Owned reports whether this server has an owner.
func (u *Users) Owned(ctx context.Context) (bool, error) {
	owners := 0
	err := u.Store.Read(ctx, func(s Snapshot) error {
		var err error
		owners, err = s.Owners()
		return err
	})
	return owners > 0, err
}
