package store

import (
	"strconv"
	"strings"

	"parley/internal/chat"
)

// putRead says up to where somebody has read a room.
func (t *tx) putRead(user chat.UserID, room chat.RoomID, number int64) error {
	return t.write(`INSERT INTO reads (user_id, room_id, number, notify) VALUES ($1, $2, $3, '')
		ON CONFLICT (user_id, room_id) DO UPDATE SET number = excluded.number`, user, room, number)
}

// PutOwn is chat.ReadTx's PutOwn.
func (t *tx) PutOwn(m chat.Member, read int64, notify chat.Notify) (chat.Own, error) {
	u, err := t.User(m.User)
	if err != nil {
		return chat.Own{}, err
	}
	r, err := t.Room(m.Room)
	if err != nil {
		return chat.Own{}, err
	}
	if err := t.write(`INSERT INTO reads (user_id, room_id, number, notify) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, room_id) DO UPDATE SET number = excluded.number, notify = excluded.notify`,
		m.User, m.Room, read, notify); err != nil {
		return chat.Own{}, err
	}
	entry, err := t.entry(r, &m)
	if err != nil || entry.Own == nil {
		return chat.Own{}, err
	}
	return *entry.Own, t.tellUser(u, chat.MeChange{Room: &entry})
}

// ownPieces are of how many rooms one statement tells what is a member's own; what is over of a piece is filled with 0, which is no
// room. One statement for many rooms takes half the time of one for each.
var ownPieces = [...]int{1, 50}

// $1 is the user and $2 how far is counted.
var ownSQLs = func() (queries [len(ownPieces)]string) {
	for i, n := range ownPieces {
		places := make([]string, n)
		for j := range places {
			places[j] = "$" + strconv.Itoa(3+j)
		}
		queries[i] = `SELECT m.room_id, m.role, m.muted_until, coalesce(r.number, 0), coalesce(r.notify, ''),
			(SELECT count(*) FROM (SELECT 1 FROM messages x WHERE x.room_id = m.room_id AND x.number > coalesce(r.number, 0)
				AND x.deleted_at = 0 AND x.user_id <> $1 LIMIT $2)),
			(SELECT count(*) FROM (SELECT 1 FROM mentions n JOIN messages x ON x.room_id = n.room_id AND x.number = n.number
				WHERE n.user_id = $1 AND n.room_id = m.room_id AND n.number > coalesce(r.number, 0)
				AND x.deleted_at = 0 AND x.user_id <> $1 LIMIT $2))
			FROM members m LEFT JOIN reads r ON r.user_id = $1 AND r.room_id = m.room_id
			WHERE m.room_id IN (` + strings.Join(places, ", ") + `) AND m.user_id = $1 AND m.joined = 1`
	}
	return queries
}()

type ownOf struct {
	room chat.RoomID
	own  chat.Own
}

func scanOwn(row scanner) (o ownOf, err error) {
	err = row.Scan(&o.room, &o.own.Role, &o.own.MutedUntil, &o.own.Read, &o.own.Notify, &o.own.Unread, &o.own.Mentions)
	return o, err
}

// owns are what is somebody's own about those of the rooms that they are in.
func (s *snapshot) owns(user chat.UserID, rooms []chat.RoomID) (map[chat.RoomID]chat.Own, error) {
	owns := make(map[chat.RoomID]chat.Own, len(rooms))
	for len(rooms) > 0 {
		size := len(ownPieces) - 1
		if len(rooms) == 1 {
			size = 0
		}
		args := []any{user, chat.UnreadLimit}
		for i := range ownPieces[size] {
			room := chat.RoomID(0)
			if i < len(rooms) {
				room = rooms[i]
			}
			args = append(args, room)
		}
		found, err := list(s.queries, scanOwn, ownSQLs[size], args...)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			owns[o.room] = o.own
		}
		rooms = rooms[min(len(rooms), ownPieces[size]):]
	}
	return owns, nil
}

// Own is chat.ReadSnapshot's Own.
func (s *snapshot) Own(m chat.Member) (chat.Own, error) {
	owns, err := s.owns(m.User, []chat.RoomID{m.Room})
	return owns[m.Room], err
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
	own, err := s.Own(*m)
	entry.Own = &own
	return entry, err
}

// Entries is chat.Snapshot's Entries.
func (s *snapshot) Entries(user chat.UserID, rooms []chat.Room) ([]chat.RoomEntry, error) {
	ids := make([]chat.RoomID, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	owns, err := s.owns(user, ids)
	if err != nil {
		return nil, err
	}
	entries := make([]chat.RoomEntry, 0, len(rooms))
	for _, r := range rooms {
		entry, err := s.entry(r, nil)
		if err != nil {
			return nil, err
		}
		if own, ok := owns[r.ID]; ok {
			entry.Own = &own
		}
		entries = append(entries, entry)
	}
	return entries, nil
}
