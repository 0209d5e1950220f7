package store

import (
	"database/sql"
	"errors"

	"parley/internal/chat"
)

const roomColumns = `r.id, r.name, r.kind, r.topic, r.version, r.messages, r.members, r.info_version, r.created_at, r.deleted`

func scanRoom(row scanner) (r chat.Room, err error) {
	err = row.Scan(&r.ID, &r.Name, &r.Kind, &r.Topic, &r.Version, &r.Messages, &r.Members, &r.InfoVersion, &r.CreatedAt,
		&r.Deleted)
	return r, err
}

func (s *snapshot) Room(id chat.RoomID) (chat.Room, error) {
	r, err := one(s.queries, scanRoom, `SELECT `+roomColumns+` FROM rooms r WHERE r.id = $1`, id)
	return found(r, err, "room", "There is no room %s.", id)
}

// Room is the snapshot's Room; the writer keeps those that it has seen lately.
func (t *tx) Room(id chat.RoomID) (chat.Room, error) {
	return t.cache.rooms.load(id, func() (chat.Room, error) { return t.snapshot.Room(id) })
}

func (s *snapshot) RoomByName(name string) (chat.Room, error) {
	r, err := one(s.queries, scanRoom,
		`SELECT `+roomColumns+` FROM rooms r WHERE r.name = $1 AND r.kind = 'public' AND r.deleted = 0`, name)
	return found(r, err, "room", "There is no room called %q.", name)
}

// RoomByName is the snapshot's RoomByName; the writer keeps those that it has seen lately.
func (t *tx) RoomByName(name string) (chat.Room, error) {
	if id, ok := t.cache.named[name]; ok {
		r, err := t.Room(id)
		if err != nil || r.Name == name && r.Kind == chat.Public && !r.Deleted {
			return r, err
		}
	}
	r, err := t.snapshot.RoomByName(name)
	if err == nil {
		t.cache.rooms.put(r.ID, r)
		t.cache.named.put(name, r.ID)
	}
	return r, err
}

func (s *snapshot) PublicRooms(limit int) ([]chat.Room, error) {
	return list(s.queries, scanRoom, `SELECT `+roomColumns+` FROM rooms r WHERE r.kind = 'public' AND r.deleted = 0
		ORDER BY r.newest DESC, r.id DESC LIMIT $1`, limit)
}

func (s *snapshot) RoomsOf(user chat.UserID, limit int) ([]chat.Room, error) {
	return list(s.queries, scanRoom, `SELECT `+roomColumns+` FROM members m JOIN rooms r ON r.id = m.room_id
		WHERE m.user_id = $1 AND m.joined = 1 AND r.deleted = 0 ORDER BY r.name, r.id LIMIT $2`, user, limit)
}

func scanRoomID(row scanner) (id chat.RoomID, err error) {
	err = row.Scan(&id)
	return id, err
}

// checkRoomFree refuses the name of a public room that another one than id has.
func (t *tx) checkRoomFree(r chat.Room) error {
	if r.Kind != chat.Public || r.Deleted {
		return nil
	}
	holder, err := one(t.queries, scanRoomID,
		`SELECT id FROM rooms WHERE name = $1 AND kind = 'public' AND deleted = 0`, r.Name)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case holder != r.ID:
		return chat.Errorf(chat.NameTaken, "room", "There is a room called %q already.", r.Name)
	}
	return nil
}

// InsertRoom is chat.Tx's InsertRoom.
func (t *tx) InsertRoom(r *chat.Room) error {
	fresh := *r
	fresh.ID, fresh.Version, fresh.InfoVersion, fresh.Messages, fresh.Members = 0, 1, 1, 0, 0
	if err := t.checkRoomFree(fresh); err != nil {
		return err
	}
	if err := t.savepoint(); err != nil {
		return err
	}
	var err error
	fresh.ID, err = one(t.queries, scanRoomID, `INSERT INTO rooms
		(name, kind, topic, version, messages, members, info_version, newest, created_at, deleted)
		VALUES ($1, $2, $3, 1, 0, 0, 1, 0, $4, $5) RETURNING id`,
		fresh.Name, fresh.Kind, fresh.Topic, fresh.CreatedAt, flag(fresh.Deleted))
	if err != nil {
		return err
	}
	t.cache.rooms.put(fresh.ID, fresh)
	t.tell(chat.Change{Log: chat.RoomLog(fresh.ID), Version: 1, Info: fresh.Info()})
	*r = fresh
	return t.tellServer(fresh)
}

// toldMembers is how many members' own logs are told of a room's new name or end; beyond that the server's log, which
// everybody follows, has to do.
const toldMembers = 1000

// UpdateRoom is chat.Tx's UpdateRoom. It touches the room and at most toldMembers of its members, never its messages.
func (t *tx) UpdateRoom(r *chat.Room) error {
	old, err := t.Room(r.ID)
	if err != nil {
		return err
	}
	next := old
	next.Name, next.Topic, next.Deleted = r.Name, r.Topic, r.Deleted
	if err := t.checkRoomFree(next); err != nil {
		return err
	}
	next.Version++
	next.InfoVersion = next.Version
	if err := t.write(`UPDATE rooms SET name = $2, topic = $3, deleted = $4, version = $5, info_version = $5 WHERE id = $1`,
		next.ID, next.Name, next.Topic, flag(next.Deleted), next.Version); err != nil {
		return err
	}
	t.cache.rooms.put(next.ID, next)
	t.tell(chat.Change{Log: chat.RoomLog(next.ID), Version: next.Version, Info: next.Info()})
	*r = next
	if err := t.tellServer(next); err != nil {
		return err
	}
	if next.Name == old.Name && next.Deleted == old.Deleted {
		return nil
	}
	return t.tellMembers(next)
}

// tellMembers tells the own logs of a room's members how the room is listed now.
func (t *tx) tellMembers(r chat.Room) error {
	ids, err := list(t.queries, scanUserID,
		`SELECT user_id FROM members WHERE room_id = $1 AND joined = 1 ORDER BY user_id LIMIT $2`, r.ID, toldMembers)
	if err != nil {
		return err
	}
	for _, id := range ids {
		u, err := t.User(id)
		if err != nil {
			return err
		}
		entry := r.Entry()
		if err := t.tellUser(u, chat.MeChange{Room: &entry}); err != nil {
			return err
		}
	}
	return nil
}
