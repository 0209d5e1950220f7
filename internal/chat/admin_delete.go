package chat

import "context"

// DeleteRooms deletes rooms, each in a transaction of its own, and returns how many. For everybody the room is gone at
// once and its name is free; its rows are a job for Sweep. Rooms that there are not, or not any more, are passed over.
func (a *Admin) DeleteRooms(ctx context.Context, actor Actor, ids []RoomID) (int, error) {
	if err := checkBulk(len(ids)); err != nil {
		return 0, err
	}
	deleted := 0
	for _, id := range ids {
		err := a.write(ctx, actor, func(tx Tx, by User) error { return deleteRoom(tx, by, id) })
		if KindOf(err) == NotFound {
			continue
		}
		if err != nil {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}

func deleteRoom(tx Tx, by User, id RoomID) error {
	room, err := tx.Room(id)
	if err != nil {
		return err
	}
	if room.Deleted {
		return Errorf(NotFound, "", "That room has been deleted.")
	}
	room.Deleted = true
	if err := tx.UpdateRoom(&room); err != nil {
		return err
	}
	if err := tx.InsertJob(&Job{Kind: JobPurge, Subject: int64(id)}); err != nil {
		return err
	}
	return note(tx, by, "deleted", id.String(), room.Name, "", "")
}

// DeleteMessages deletes messages in one transaction, leaving tombstones, and returns how many. Messages that there are
// not, or not any more, are passed over.
func (a *Admin) DeleteMessages(ctx context.Context, actor Actor, refs []MessageRef) (int, error) {
	if err := checkBulk(len(refs)); err != nil {
		return 0, err
	}
	deleted := 0
	err := a.write(ctx, actor, func(tx Tx, by User) error {
		deleted = 0
		for _, ref := range refs {
			row, err := tx.MessageRow(ref.Room, ref.Number)
			if KindOf(err) == NotFound || err == nil && row.Deleted {
				continue
			}
			if err != nil {
				return err
			}
			if err := bury(tx, row.Message); err != nil {
				return err
			}
			if err := note(tx, by, "deleted", objectOf(ref), labelOf(row), "by "+row.ByName, ""); err != nil {
				return err
			}
			deleted++
		}
		return nil
	})
	return deleted, err
}

// DeleteUsers deletes users, each in a transaction of its own, and returns how many: they are deactivated, their sessions
// end, their names are free, their roles and passwords are gone. That they leave their rooms, and that their messages are
// deleted if withMessages is set, are jobs for Sweep; messages that stay keep their author's name. Users that there are not
// are passed over, and those who are deleted already unless it is for their messages. Only an owner deletes owners and
// administrators, and never the only owner: Forbidden, and then none of them is deleted.
func (a *Admin) DeleteUsers(ctx context.Context, actor Actor, ids []UserID, withMessages bool) (int, error) {
	if err := checkBulk(len(ids)); err != nil {
		return 0, err
	}
	err := a.Store.Read(ctx, func(s Snapshot) error {
		by, err := operator(s, actor)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := deletable(s, by, id); err != nil && KindOf(err) != NotFound {
				return err
			}
		}
		return nil
	})
	deleted := 0
	for _, id := range ids {
		if err != nil {
			return deleted, err
		}
		err = a.write(ctx, actor, func(tx Tx, by User) error { return deleteUser(tx, by, id, withMessages) })
		switch KindOf(err) {
		case "":
			deleted++
		case NotFound:
			err = nil
		}
	}
	return deleted, err
}

// deletable is the user of an id if by may delete them.
func deletable(s Snapshot, by User, id UserID) (User, error) {
	user, err := s.User(id)
	if err != nil {
		return User{}, err
	}
	if by.Role != Owner && operates(user.Role) {
		return User{}, Errorf(Forbidden, "", "Only an owner deletes owners and administrators, and %s is one.", user.Name)
	}
	return user, keepOwner(s, user, "")
}

// Gone reports whether a user has been deleted; their messages may still be there.
func (u User) Gone() bool { return u.Deactivated && u.NameKey == "" }

func deleteUser(tx Tx, by User, id UserID, withMessages bool) error {
	user, err := deletable(tx, by, id)
	if err != nil {
		return err
	}
	if user.Gone() && !withMessages {
		return Errorf(NotFound, "", "That user has been deleted.")
	}
	if err := endAll(tx, id); err != nil {
		return err
	}
	if err := dropHeld(tx, id); err != nil {
		return err
	}
	if err := freeWays(tx, id); err != nil {
		return err
	}
	user.Deactivated, user.NameKey, user.Role, user.Password = true, "", NoRole, ""
	if err := tx.UpdateUser(user); err != nil {
		return err
	}
	if err := tx.InsertJob(&Job{Kind: JobLeave, Subject: int64(id)}); err != nil {
		return err
	}
	detail := "messages kept"
	if withMessages {
		detail = "with all messages"
		if err := tx.InsertJob(&Job{Kind: JobMessages, Subject: int64(id), By: by.ID}); err != nil {
			return err
		}
	}
	return note(tx, by, "deleted", id.String(), user.Name, detail, "")
}
