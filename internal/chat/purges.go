package chat

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
)

// A Purge says which messages are to be deleted: at least a user, a room or a time.
type Purge struct {
	User     UserID // whose; 0 for everybody's
	Room     string // in which room; "" for all
	From, To int64  // posted at or after From and before To, in unix ms; 0 for no bound
	Why      string
}

// Purge has messages deleted: of a person, of a time range, of a room, or all of these together. It returns the job that does it,
// in transactions of at most 500 changes with what others write in between, also after a restart. What is posted after the
// call is not touched.
//
// In one room it takes who may delete what others wrote there; a person's messages everywhere take a moderator of the server, and
// everybody's everywhere an administrator.
func (m *Moderation) Purge(ctx context.Context, actor Actor, p Purge) (int64, error) {
	why, err := CheckWhy(p.Why)
	if err != nil {
		return 0, err
	}
	switch {
	case p.User == 0 && p.Room == "" && p.From == 0 && p.To == 0:
		return 0, Errorf(Missing, "user", "Say whose messages, in which room, or from when to when.")
	case p.From < 0 || p.To < 0:
		return 0, Errorf(Invalid, "from", "A time is in unix milliseconds.")
	case p.To != 0 && p.To <= p.From:
		return 0, Errorf(Invalid, "to", "The time range ends before it begins.")
	}
	job := Job{Kind: JobMessages, Subject: int64(p.User), From: p.From, To: p.To, By: actor.User}
	err = m.Store.Write(ctx, func(tx Tx) error {
		job.ID = 0
		st, err := mayPurge(tx, actor, p)
		if err != nil {
			return err
		}
		job.Room = st.Room.ID
		if err := tx.InsertJob(&job); err != nil {
			return err
		}
		object, name, err := purged(tx, job)
		if err != nil {
			return err
		}
		return note(tx, st.User, "purged", object, name, spanOf(job), why)
	})
	if err == nil && m.Wake != nil {
		m.Wake()
	}
	return job.ID, err
}

func mayPurge(s Snapshot, actor Actor, p Purge) (Standing, error) {
	var st Standing
	var err error
	if p.Room != "" {
		st, err = inRoom(s, actor, DeleteAny, p.Room)
	} else if st, err = standing(s, actor); err == nil {
		verb := Moderate
		if p.User == 0 {
			verb = Operate
		}
		err = st.Can(verb)
	}
	if err != nil || p.User == 0 {
		return st, err
	}
	user, err := s.User(p.User)
	if err == nil && p.Room == "" && user.ID != st.User.ID {
		err = st.Above(user)
	}
	return st, err
}

// purged is what the messages of a job are called in the audit log: somebody, a room, somebody in a room, or the server.
func purged(s Snapshot, j Job) (object, name string, err error) {
	var names []string
	object = "server"
	if j.Subject != 0 {
		user, err := s.User(UserID(j.Subject))
		if err != nil {
			return "", "", err
		}
		object, names = user.ID.String(), append(names, user.Name)
	}
	if j.Room != 0 {
		room, err := s.Room(j.Room)
		if err != nil {
			return "", "", err
		}
		if names = append(names, room.Name); j.Subject == 0 {
			object = room.ID.String()
		} else {
			object = personIn(room.ID, UserID(j.Subject))
		}
	}
	return object, cmp.Or(strings.Join(names, " in "), "all rooms"), nil
}

// spanOf says in words which messages a job deletes.
func spanOf(j Job) string {
	at := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05 MST") }
	switch {
	case j.From == 0 && j.To == 0:
		return "all messages"
	case j.To == 0:
		return "messages since " + at(j.From)
	case j.From == 0:
		return "messages before " + at(j.To)
	}
	return fmt.Sprintf("messages from %s to %s", at(j.From), at(j.To))
}

// A Purging is a deletion that is under way.
type Purging struct {
	Job     int64  `json:"job"`
	User    UserID `json:"user,omitempty"`
	Room    RoomID `json:"room,omitempty"`
	From    int64  `json:"from,omitempty"`
	To      int64  `json:"to,omitempty"`
	Deleted int64  `json:"deleted"` // so far

	Object string `json:"-"` // what the audit log calls it
	Name   string `json:"-"`
	Span   string `json:"-"`
}

// purgesListed is how many deletions under way are shown at most.
const purgesListed = 100

// Purges are the deletions of messages that are under way, the oldest first. One that is not among them any more is done, and the
// audit log says how many it deleted.
func (m *Moderation) Purges(ctx context.Context, actor Actor) ([]Purging, error) {
	list := []Purging{}
	err := m.read(ctx, actor, Moderate, func(s Snapshot, _ Standing) error {
		jobs, err := s.Jobs(JobMessages, purgesListed)
		for _, j := range jobs {
			p := Purging{Job: j.ID, User: UserID(j.Subject), Room: j.Room, From: j.From, To: j.To, Deleted: j.Changed, Span: spanOf(j)}
			if p.Object, p.Name, err = purged(s, j); err != nil {
				return err
			}
			list = append(list, p)
		}
		return err
	})
	return list, err
}
