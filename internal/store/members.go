package store

import (
	"math"

	"parley/internal/chat"
)

// memberColumns need members m and users u.
const memberColumns = `m.room_id, m.user_id, u.name, m.joined, m.version, m.at, m.role, m.banned, m.muted_until, m.approved`

func scanMember(row scanner) (m chat.Member, err error) {
	err = row.Scan(&m.Room, &m.User, &m.Name, &m.Joined, &m.Version, &m.At, &m.Role, &m.Banned, &m.MutedUntil, &m.Approved)
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

// Members is chat.Snapshot's Members.
func (s *snapshot) Members(room chat.RoomID, q chat.MemberQuery) (members []chat.Member, more bool, err error) {
	limit := chat.MemberLimit
	if q.Limit > 0 {
		limit = min(limit, q.Limit)
	}
	after := q.AfterUser
	if after == 0 {
		after = math.MaxInt64 // none of those who are called so
	}
	which := `m.joined = 1`
	if q.Banned {
		which = `m.banned = 1`
	}
	members, err = list(s.queries, scanMember, `SELECT `+memberColumns+` FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1 AND `+which+` AND (u.name > $2 OR u.name = $2 AND u.id > $3) ORDER BY u.name, u.id LIMIT $4`,
		room, q.After, after, limit+1)
	if len(members) > limit {
		return members[:limit], true, err
	}
	return members, false, err
}

// Moderators is chat.Snapshot's Moderators.
func (s *snapshot) Moderators(room chat.RoomID) ([]chat.UserID, error) {
	return list(s.queries, scanUserID, `SELECT u.id FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1 AND m.joined = 1 AND m.role = 'moderator' AND u.deactivated = 0 ORDER BY u.id`, room)
}

// Eldest is chat.Snapshot's Eldest.
func (s *snapshot) Eldest(room chat.RoomID) (chat.Member, error) {
	found, err := list(s.queries, scanMember, `SELECT `+memberColumns+` FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1 AND m.joined = 1 AND u.kind = 'member' AND u.deactivated = 0 ORDER BY m.at, m.user_id LIMIT 1`, room)
	if err == nil && len(found) == 0 {
		return chat.Member{}, chat.Errorf(chat.NotFound, "room", "There is no account in %s.", room)
	}
	if err != nil {
		return chat.Member{}, err
	}
	return found[0], nil
}

// PeopleBetween is chat.Snapshot's PeopleBetween.
func (s *snapshot) PeopleBetween(from, to string, limit int) ([]chat.Person, error) {
	return list(s.queries, scanPerson, `SELECT id, name FROM users WHERE name_key >= $1 AND name_key < $2 AND name_key <> ''
		AND deactivated = 0 AND kind IN ('guest', 'member', 'bot') ORDER BY name_key LIMIT $3`, from, to, limit)
}

// PutMember is chat.Tx's PutMember. What changes nothing takes no version; m becomes what is stored. Who joins has read
// everything that was there before. A mute is nobody's business but the member's own, and no change of the room.
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
	known := err == nil
	next := *m
	next.Name, next.Joined, next.Version = u.Name, m.Joined && !m.Banned, old.Version
	if !next.Joined {
		next.Role = chat.NoRole
	}
	moved := next.Joined != old.Joined || next.Banned != old.Banned
	if !moved {
		next.At = old.At
	}
	if !moved && next.Role == old.Role && next.MutedUntil == old.MutedUntil && next.Approved == old.Approved {
		if known {
			*m = old
		}
		m.Name = u.Name
		return nil
	}
	*m = next
	if moved || next.Role != old.Role {
		if err := t.moveMember(r, old, m, moved); err != nil {
			return err
		}
	} else if err := t.storeMember(*m, 0, 0); err != nil {
		return err
	}
	if next.Banned != old.Banned {
		u.RoomBans += 2*flag(next.Banned) - 1
		if err := t.write(`UPDATE users SET room_bans = $2 WHERE id = $1`, u.ID, u.RoomBans); err != nil {
			return err
		}
		t.cache.users.put(u.ID, u)
	}
	if r, err = t.Room(r.ID); err != nil {
		return err
	}
	if next.Joined && !old.Joined {
		if err := t.putRead(u.ID, r.ID, r.Messages); err != nil {
			return err
		}
	}
	entry, err := t.entry(r, m)
	if err != nil {
		return err
	}
	entry.Left = !next.Joined
	return t.tellUser(u, chat.MeChange{Room: &entry})
}

// moveMember gives a member's row, which joins, leaves or has another role, a change of its room.
func (t *tx) moveMember(r chat.Room, old chat.Member, m *chat.Member, moved bool) error {
	r.Version++
	r.Members += flag(m.Joined) - flag(old.Joined)
	m.Version = r.Version
	movedAt, namedAt := int64(0), r.Version
	if moved {
		movedAt, namedAt = r.Version, 0
	}
	if err := t.storeMember(*m, movedAt, namedAt); err != nil {
		return err
	}
	if err := t.write(`UPDATE rooms SET version = $2, members = $3 WHERE id = $1`, r.ID, r.Version, r.Members); err != nil {
		return err
	}
	t.cache.rooms.put(r.ID, r)
	c := chat.Change{Log: chat.RoomLog(r.ID), Version: r.Version, Member: m}
	if moved {
		c = movedChange(r, *m)
	}
	if moved && !m.Joined {
		c.Ends, c.Gone = true, m.User
	}
	t.tell(c)
	return nil
}

// storeMember stores a member's row; a version of 0 stays what it was.
func (t *tx) storeMember(m chat.Member, moved, named int64) error {
	t.cache.members.put(memberKey{m.Room, m.User}, m)
	return t.write(`INSERT INTO members (room_id, user_id, joined, version, moved_version, named_version, at, role, banned, muted_until, approved)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (room_id, user_id) DO UPDATE
		SET joined = excluded.joined, version = excluded.version, moved_version = max(moved_version, excluded.moved_version),
			named_version = max(named_version, excluded.named_version), at = excluded.at, role = excluded.role,
			banned = excluded.banned, muted_until = excluded.muted_until, approved = excluded.approved`,
		m.Room, m.User, flag(m.Joined), m.Version, moved, named, m.At, m.Role, flag(m.Banned), m.MutedUntil, flag(m.Approved))
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
	if r.Kind == chat.DirectRoom {
		return t.tellMembers(r) // it is called by their names
	}
	return nil
}
