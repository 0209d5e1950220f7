package store

import (
	"parley/internal/chat"
)

// memberColumns need members m and users u.
const memberColumns = `m.room_id, m.user_id, u.name, m.joined, m.version, m.at`

func scanMember(row scanner) (m chat.Member, err error) {
	err = row.Scan(&m.Room, &m.User, &m.Name, &m.Joined, &m.Version, &m.At)
	return m, err
}

func (s *snapshot) Member(room chat.RoomID, user chat.UserID) (chat.Member, error) {
	m, err := one(s.queries, scanMember, `SELECT `+memberColumns+` FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1 AND m.user_id = $2`, room, user)
	return found(m, err, "user", "%s is no member of %s.", user, room)
}

// Member is the snapshot's Member; the writer keeps those that it has seen lately.
func (t *tx) Member(room chat.RoomID, user chat.UserID) (chat.Member, error) {
	return t.cache.members.load(memberKey{room, user}, func() (chat.Member, error) {
		defer t.aside()()
		return t.snapshot.Member(room, user)
	})
}

// PutMember is chat.Tx's PutMember. To join twice, or to leave where one is no member, changes nothing and takes no version;
// m becomes what is stored.
func (t *tx) PutMember(m *chat.Member) error {
	u, err := t.User(m.User)
	if err != nil {
		return err
	}
	r, err := t.Room(m.Room)
	if err != nil {
		return err
	}
	old, err := t.Member(m.Room, m.User)
	if err != nil && chat.KindOf(err) != chat.NotFound {
		return err
	}
	if old.Joined == m.Joined {
		if err == nil {
			*m = old
		}
		m.Name = u.Name
		return nil
	}
	r.Version++
	if m.Joined {
		r.Members++
	} else {
		r.Members--
	}
	next := chat.Member{Room: m.Room, User: m.User, Name: u.Name, Joined: m.Joined, Version: r.Version, At: m.At}
	if err := t.write(`INSERT INTO members (room_id, user_id, joined, version, moved_version, named_version, at)
		VALUES ($1, $2, $3, $4, $4, 0, $5) ON CONFLICT (room_id, user_id) DO UPDATE
		SET joined = excluded.joined, version = excluded.version, moved_version = excluded.version, at = excluded.at`,
		next.Room, next.User, flag(next.Joined), next.Version, next.At); err != nil {
		return err
	}
	if err := t.write(`UPDATE rooms SET version = $2, members = $3 WHERE id = $1`, r.ID, r.Version, r.Members); err != nil {
		return err
	}
	t.cache.rooms.put(r.ID, r)
	t.cache.members.put(memberKey{next.Room, next.User}, next)
	*m = next
	t.tell(movedChange(r, next))
	entry := r.Entry()
	entry.Left = !next.Joined
	return t.tellUser(u, chat.MeChange{Room: &entry})
}

// movedChange is a join or a leave as the room's readers are told: how many members there are, and in a small room who.
func movedChange(r chat.Room, m chat.Member) chat.Change {
	c := chat.Change{Log: chat.RoomLog(r.ID), Version: r.Version, Members: new(r.Members)}
	if r.Members <= chat.CountedMembers {
		c.Member = &m
	}
	return c
}

// nameMember gives m, which has its new name already, a change of its room.
func (t *tx) nameMember(m chat.Member) error {
	r, err := t.Room(m.Room)
	if err != nil {
		return err
	}
	r.Version++
	m.Version = r.Version
	if err := t.write(`UPDATE members SET version = $3, named_version = $3 WHERE room_id = $1 AND user_id = $2`,
		m.Room, m.User, m.Version); err != nil {
		return err
	}
	if err := t.write(`UPDATE rooms SET version = $2 WHERE id = $1`, r.ID, r.Version); err != nil {
		return err
	}
	t.cache.rooms.put(r.ID, r)
	t.tell(chat.Change{Log: chat.RoomLog(r.ID), Version: r.Version, Member: &m})
	return nil
}
