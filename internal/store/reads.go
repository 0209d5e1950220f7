package store

import (
	"database/sql"
	"errors"

	"parley/internal/chat"
)

// putRead says up to where somebody has read a room.
func (t *tx) putRead(user chat.UserID, room chat.RoomID, number int64) error {
	return t.write(`INSERT INTO reads (user_id, room_id, number, notify) VALUES ($1, $2, $3, '')
		ON CONFLICT (user_id, room_id) DO UPDATE SET number = excluded.number`, user, room, number)
}

// own is what is a member's own about a room.
func (s *snapshot) own(m chat.Member) (chat.Own, error) {
	own, err := one(s.queries, func(row scanner) (o chat.Own, err error) {
		return o, row.Scan(&o.Read, &o.Notify)
	}, `SELECT number, notify FROM reads WHERE user_id = $1 AND room_id = $2`, m.User, m.Room)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return own, err
	}
	own.Role, own.MutedUntil = m.Role, m.MutedUntil
	unread, err := one(s.queries, scanInt, `SELECT count(*) FROM (SELECT 1 FROM messages
		WHERE room_id = $1 AND number > $2 AND deleted_at = 0 AND user_id <> $3 LIMIT $4)`, m.Room, own.Read, m.User, chat.UnreadLimit)
	if err != nil {
		return own, err
	}
	mentions, err := one(s.queries, scanInt, `SELECT count(*) FROM (SELECT 1 FROM mentions n JOIN messages m
		ON m.room_id = n.room_id AND m.number = n.number
		WHERE n.user_id = $1 AND n.room_id = $2 AND n.number > $3 AND m.deleted_at = 0 AND m.user_id <> $1 LIMIT $4)`,
		m.User, m.Room, own.Read, chat.UnreadLimit)
	own.Unread, own.Mentions = int(unread), int(mentions)
	return own, err
}

// entry is a room as a line in somebody's own list; with what is their own about it if m, who they are there, is not nil.
func (s *snapshot) entry(r chat.Room, m *chat.Member) (chat.RoomEntry, error) {
	entry := r.Entry()
	if r.People != "" {
		people, err := s.Names(r.People.IDs())
		if err != nil {
			return entry, err
		}
		entry.People = people
	}
	if m == nil || !m.Joined {
		return entry, nil
	}
	own, err := s.own(*m)
	entry.Own = &own
	return entry, err
}

// Entries is chat.Snapshot's Entries.
func (s *snapshot) Entries(user chat.UserID, rooms []chat.Room) ([]chat.RoomEntry, error) {
	entries := make([]chat.RoomEntry, 0, len(rooms))
	for _, r := range rooms {
		m, err := s.Member(r.ID, user)
		if err != nil && chat.KindOf(err) != chat.NotFound {
			return nil, err
		}
		entry, err := s.entry(r, &m)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}
