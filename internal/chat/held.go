package chat

import "context"

// A Held is a text that waits for approval. It is no message: it has no number and no version, and is in no room.
type Held struct {
	ID   int64  `json:"id"`
	Room RoomID `json:"room"`
	By   UserID `json:"by"`
	Key  string `json:"key,omitempty"`
	At   int64  `json:"at"`
	Text string `json:"text,omitempty"`

	Number int64 `json:"number,omitempty"` // of the message that it has become
	Gone   bool  `json:"gone,omitempty"`   // it waits no more: it is a message now, or was rejected

	ByName   string `json:"-"`
	RoomName string `json:"-"`
}

// heldOf is how many texts of one person wait at most, and heldListed how many one page of them has.
const (
	heldOf     = 10
	heldListed = 100
)

// HeldSnapshot is what is read of texts that wait for approval.
type HeldSnapshot interface {
	Held(id int64) (Held, error)
	// HeldByKey is what waits with a user's key.
	HeldByKey(user UserID, key string) (Held, error)
	// HeldOf are a user's, the oldest first.
	HeldOf(user UserID, limit int) ([]Held, error)
	// HeldIn are those in a room, or in all rooms that are not deleted if it is 0, with ids above after, the oldest first.
	HeldIn(room RoomID, after int64, limit int) ([]Held, error)
}

// HeldTx is what is written of them.
type HeldTx interface {
	// InsertHeld stores a text and sets its ID.
	InsertHeld(h *Held) error
	// DeleteHeld removes it; one that there is not is no error.
	DeleteHeld(id int64) error
}

// holds reports whether what the user says there waits for approval: it is a guest, or a script, of whom nothing was approved yet,
// in a room that is open to everybody.
func (s Standing) holds() bool {
	return s.untried() && !s.Member.Approved && s.Room.Kind == Public
}

// untried reports whether nothing that the user said was approved for the whole server yet, where that counts.
func (s Standing) untried() bool {
	return s.Settings.HoldFirst && !s.User.Approved && rankOf(s.User) < registered
}

// errUntried refuses what everybody would see at once of who has to wait for approval.
func errUntried(field string) error {
	return Errorf(Forbidden, field, "You may do that once a message of yours has been approved.")
}

// hold keeps a draft until somebody approves it.
func (p *posting) hold(tx Tx, st Standing) error {
	if p.draft.Key != "" {
		again, err := tx.HeldByKey(st.User.ID, p.draft.Key)
		switch {
		case err == nil && (again.Room != st.Room.ID || again.Text != p.draft.Text):
			return Errorf(KeyReused, "key", "This key was used for another message.")
		case err == nil:
			p.posted = Posted{Held: again.ID}
			return nil
		case KindOf(err) != NotFound:
			return err
		}
	}
	waiting, err := tx.HeldOf(st.User.ID, heldOf)
	if err != nil {
		return err
	}
	if len(waiting) == heldOf {
		e := Errorf(RateLimited, "room", "%s of yours wait for approval already.", plural(heldOf, "message"))
		e.RetryAfter = 60
		return e
	}
	if err := slowly(tx, st); err != nil {
		return err
	}
	h := Held{Room: st.Room.ID, By: st.User.ID, Key: p.draft.Key, At: st.Now, Text: p.draft.Text}
	if err := tx.InsertHeld(&h); err != nil {
		return err
	}
	p.posted = Posted{Held: h.ID}
	return tellHeld(tx, st.User, h)
}

// tellHeld tells the author, and nobody else. Scripts have no log.
func tellHeld(tx Tx, author User, h Held) error {
	if author.Kind == Script || author.Kind == Imported {
		return nil
	}
	return tx.Tell(UserLog(author.ID), Change{Me: &MeChange{Held: &h}})
}

// dropHeld removes everything of a user that waits.
func dropHeld(tx Tx, user UserID) error {
	all, err := tx.HeldOf(user, heldOf)
	for _, h := range all {
		if err == nil {
			err = tx.DeleteHeld(h.ID)
		}
	}
	return err
}

// A HeldList is a page of what waits, with the people who wrote it.
type HeldList struct {
	Held   []Held   `json:"held"`
	People []Person `json:"people"`
	More   bool     `json:"more"`
}

func listHeld(s Snapshot, room RoomID, after int64) (HeldList, error) {
	all, err := s.HeldIn(room, after, heldListed+1)
	list := HeldList{Held: append([]Held{}, all[:min(len(all), heldListed)]...), People: []Person{}, More: len(all) > heldListed}
	seen := map[UserID]bool{}
	for _, h := range list.Held {
		if !seen[h.By] {
			seen[h.By] = true
			list.People = append(list.People, Person{h.By, h.ByName})
		}
	}
	return list, err
}

// Held is what waits for approval in a room, for who moderates it.
func (r *Rooms) Held(ctx context.Context, a Actor, ref string, after int64) (HeldList, error) {
	var list HeldList
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := inRoom(s, a, Approve, ref)
		if err == nil {
			list, err = listHeld(s, st.Room.ID, after)
		}
		return err
	})
	return list, err
}

// Held is what waits for approval in all rooms.
func (m *Moderation) Held(ctx context.Context, actor Actor, after int64) (HeldList, error) {
	var list HeldList
	err := m.read(ctx, actor, Moderate, func(s Snapshot, _ Standing) error {
		var err error
		list, err = listHeld(s, 0, after)
		return err
	})
	return list, err
}

// DecideHeld posts a text that waits in a room, or throws it away. It is posted with the key that it came with, so that its author's
// next try gets the same answer. Who moderates the room approves its author for this room, and who moderates the server for all of
// them: with it everything else of theirs that waits there is posted, for from then on nothing of theirs waits there any more.
// It returns what was posted, the zero Posted if it was thrown away. What waits no more is NotFound; what its author may not say
// by now is Conflict and stays.
func (r *Rooms) DecideHeld(ctx context.Context, a Actor, ref string, id int64, approve bool, why string) (Posted, error) {
	why, err := CheckWhy(why)
	if err != nil {
		return Posted{}, err
	}
	var posted Posted
	err = r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Approve, ref)
		if err != nil {
			return err
		}
		h, err := tx.Held(id)
		if err == nil && h.Room != st.Room.ID {
			err = Errorf(NotFound, "held", "Nothing waits under that number any more.")
		}
		if err != nil {
			return err
		}
		author, err := tx.User(h.By)
		if err != nil {
			return err
		}
		if !approve {
			return reject(tx, st, author, h, why)
		}
		all := st.onServer().Can(Moderate) == nil
		if all {
			author.Approved = true
			if err := tx.UpdateUser(author); err != nil {
				return err
			}
		}
		if posted, err = r.release(tx, author, h); err != nil {
			return err
		}
		if err := note(tx, st.User, "approved", objectOf(MessageRef{h.Room, posted.Number}), author.Name, "", why); err != nil {
			return err
		}
		if !all {
			if err := approveIn(tx, h.Room, h.By); err != nil {
				return err
			}
		}
		return r.releaseRest(tx, author, h.Room, all)
	})
	return posted, err
}

func reject(tx Tx, st Standing, author User, h Held, why string) error {
	if err := tx.DeleteHeld(h.ID); err != nil {
		return err
	}
	h.Gone, h.Text = true, ""
	if err := tellHeld(tx, author, h); err != nil {
		return err
	}
	return note(tx, st.User, "rejected", personIn(h.Room, h.By), author.Name, "a message that waited", why)
}

// approveIn lets somebody who is a member of the room, or spoke there, speak there from now on.
func approveIn(tx Tx, room RoomID, id UserID) error {
	m, err := tx.Member(room, id)
	if err != nil {
		return err
	}
	m.Approved = true
	return tx.PutMember(&m)
}

// releaseRest posts what else waits of somebody, in the room or in all. What may not be said any more stays, for others to decide.
func (r *Rooms) releaseRest(tx Tx, author User, room RoomID, all bool) error {
	rest, err := tx.HeldOf(author.ID, heldOf)
	if err != nil {
		return err
	}
	for _, h := range rest {
		if !all && h.Room != room {
			continue
		}
		if _, err := r.release(tx, author, h); err != nil && KindOf(err) != Conflict {
			return err
		}
	}
	return nil
}

// release makes a text that waits a message, as of now.
func (r *Rooms) release(tx Tx, author User, h Held) (Posted, error) {
	st, err := standing(tx, Actor{User: author.ID})
	if err != nil {
		return Posted{}, err
	}
	room, err := tx.Room(h.Room)
	if err != nil {
		return Posted{}, err
	}
	if st, err = st.in(tx, room); err != nil {
		return Posted{}, err
	}
	if err := st.Can(Speak); err != nil {
		return Posted{}, Errorf(Conflict, "held", "%s may not speak there now: %s", author.Name, AsError(err).Message)
	}
	p := posting{draft: Draft{Key: h.Key, Text: h.Text}, calls: callsIn(h.Text, r.Limits.Name)}
	again, err := p.repeated(tx, author, room)
	if KindOf(err) == KeyReused {
		return Posted{}, Errorf(Conflict, "held", "%s has said something else since.", author.Name)
	}
	if !again && err == nil {
		err = p.say(tx, st)
	}
	if err == nil {
		err = tx.DeleteHeld(h.ID)
	}
	if err != nil {
		return Posted{}, err
	}
	h.Gone, h.Text, h.Number = true, "", p.posted.Number
	return p.posted, tellHeld(tx, author, h)
}
