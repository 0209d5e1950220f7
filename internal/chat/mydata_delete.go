package chat

import "context"

// FormerMember is what somebody is called whose account was deleted from its own page. Nobody can take the name.
const FormerMember = "former member"

// formerKey is what FormerMember is compared by.
var formerKey = NameKey(FormerMember)

// MyDataTx is what is written when somebody's account is deleted.
type MyDataTx interface {
	// Forget removes what says who a user is, or lets somebody in as them: addresses, links, passkeys, identities, the names
	// that they had, and the one that they have from the audit log.
	Forget(user User) error
	// ForgetRows removes, or makes nobody's, up to limit rows of what belongs to a user: what they have read, where they are
	// mentioned, what waits for approval, the invitations that they used and made, their name in the audit log. It gives how many;
	// 0 says that nothing is left.
	ForgetRows(user UserID, limit int) (int, error)
	// TellMember tells a room's readers what a member, whose row it is, is called now.
	TellMember(m Member) error
}

// Delete deletes the actor's own account. In one transaction the sessions end, the name is free, everything that says who it was or
// lets somebody in is gone, and the user, whose id stays with what they wrote, is called FormerMember for everybody from then on.
// That they leave their rooms, and with withMessages that their messages are deleted, is begun in the transaction and finished by
// Sweep. The only owner cannot be deleted: Forbidden. The caller has checked that the person means it.
func (d *MyData) Delete(ctx context.Context, a Actor, withMessages bool) error {
	return d.Store.Write(ctx, func(tx Tx) error {
		st, err := own(tx, a)
		if err != nil {
			return err
		}
		user := st.User
		if err := keepOwner(tx, user, ""); err != nil {
			return err
		}
		if err := endAll(tx, user.ID); err != nil {
			return err
		}
		if err := tx.Forget(user); err != nil {
			return err
		}
		gone := User{
			ID: user.ID, Name: FormerMember, Kind: user.Kind, CreatedAt: user.CreatedAt, SeenAt: user.SeenAt, Deactivated: true,
		}
		if err := tx.UpdateUser(gone); err != nil {
			return err
		}
		job := Job{Kind: JobForget, Subject: int64(user.ID)}
		// Most people are in few rooms: everybody sees them gone at once.
		done, err := forgetAll(tx, &job)
		if err != nil {
			return err
		}
		if !done {
			if err := tx.InsertJob(&job); err != nil {
				return err
			}
		}
		detail := "by themselves, messages kept"
		if withMessages {
			detail = "by themselves, with all messages"
			if err := tx.InsertJob(&Job{Kind: JobMessages, Subject: int64(user.ID), By: user.ID}); err != nil {
				return err
			}
		}
		return note(tx, gone, "deleted", user.ID.String(), FormerMember, detail, "")
	})
}

// forgetAll has a deleted user leave the next rooms, whose readers are told the new name, and then removes what is left of them: at
// most batch changes. It reports whether that was the last.
func forgetAll(tx Tx, job *Job) (bool, error) {
	user := UserID(job.Subject)
	members, err := tx.Memberships(user, RoomID(job.After), batch)
	if err != nil {
		return false, err
	}
	changes := 0
	for _, m := range members {
		if changes > batch-2*directLimit {
			return false, nil
		}
		n, err := forgetIn(tx, m)
		if err != nil {
			return false, err
		}
		changes += n
		job.After = int64(m.Room)
	}
	if len(members) == batch {
		return false, nil
	}
	n, err := tx.ForgetRows(user, batch-changes)
	return n == 0, err
}

// forgetIn has a user who has been renamed leave a room and tells its readers; it gives how many changes that took at most. A row of who has
// left already, or of an author who never was a member, is told for the name alone.
func forgetIn(tx Tx, m Member) (int, error) {
	room, err := tx.Room(m.Room)
	if err != nil {
		return 0, err
	}
	changes := 0
	if !m.Joined || room.Members > CountedMembers { // a large room is told how many have left, not who
		if err := tx.TellMember(m); err != nil {
			return 0, err
		}
		changes++
	}
	if m.Joined {
		if err := depart(tx, &m); err != nil {
			return 0, err
		}
		changes += 4 // of the room and of the user's own log, for them and perhaps for a new moderator
	}
	for _, other := range room.People.IDs() {
		told, err := relist(tx, room, other)
		if err != nil {
			return 0, err
		}
		if told {
			changes++
		}
	}
	return changes, nil
}

// relist tells somebody who is in a direct room what the people in it are called now.
func relist(tx Tx, room Room, user UserID) (bool, error) {
	entries, err := tx.Entries(user, []Room{room})
	if err != nil || entries[0].Own == nil {
		return false, err
	}
	return true, tx.Tell(UserLog(user), Change{Me: &MeChange{Room: &entries[0]}})
}
