package chat

// succeed gives a private room that is left without a moderator another one: the account that has been there for the longest time. A
// room in which only guests remain has none until one of them makes an account.
func succeed(tx Tx, id RoomID) error {
	room, err := tx.Room(id)
	if err != nil || room.Kind != Private || room.Deleted {
		return err
	}
	moderators, err := tx.Moderators(id)
	if err != nil || len(moderators) > 0 {
		return err
	}
	eldest, err := tx.Eldest(id)
	if KindOf(err) == NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	eldest.Role = Moderator
	return tx.PutMember(&eldest)
}

// succeedAll does it in the rooms of somebody who can moderate no more, or can from now on: in the first 500 at once, in more of them by a
// job for Sweep.
func succeedAll(tx Tx, user UserID) error {
	job := Job{Kind: JobLead, Subject: int64(user)}
	done, err := succeedOn(tx, &job)
	if err != nil || done {
		return err
	}
	return tx.InsertJob(&job)
}

func succeedOn(tx Tx, job *Job) (bool, error) {
	members, err := tx.Memberships(UserID(job.Subject), RoomID(job.After), batch)
	if err != nil {
		return false, err
	}
	for _, m := range members {
		if m.Joined {
			if err := succeed(tx, m.Room); err != nil {
				return false, err
			}
		}
		job.After = int64(m.Room)
	}
	return len(members) < batch, nil
}
