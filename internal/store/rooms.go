package store

import (
	"database/sql"
	"errors"

	"parley/internal/chat"
)

const roomColumns = `r.id, r.name, r.kind, r.topic, r.version, r.messages, r.members, r.info_version, r.created_at, r.deleted,
	r.address, r.description, r.archived, r.slow, r.no_preview, r.created_by, r.people`

func scanRoom(row scanner) (r chat.Room, err error) {
	err = row.Scan(&r.ID, &r.Name, &r.Kind, &r.Topic, &r.Version, &r.Messages, &r.Members, &r.InfoVersion, &r.CreatedAt,
		&r.Deleted, &r.Address, &r.Description, &r.Archived, &r.Slow, &r.NoPreview, &r.CreatedBy, &r.People)
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

func (s *snapshot) RoomByAddress(address string) (chat.Room, error) {
	r, err := one(s.queries, scanRoom, `SELECT `+roomColumns+` FROM rooms r WHERE r.address = $1 AND r.address <> ''`, address)
	return found(r, err, "room", "There is no room called %q.", address)
}

func (s *snapshot) RoomOnceNamed(name string) (chat.Room, error) {
	r, err := one(s.queries, scanRoom, `SELECT `+roomColumns+` FROM old_room_names o JOIN rooms r ON r.id = o.room_id
		WHERE o.name = $1 AND r.kind = 'public' AND r.deleted = 0 ORDER BY o.at DESC, r.id DESC LIMIT 1`, name)
	return found(r, err, "room", "There is no room called %q.", name)
}

func (s *snapshot) DirectRoom(people chat.People) (chat.Room, error) {
	r, err := one(s.queries, scanRoom, `SELECT `+roomColumns+` FROM rooms r WHERE r.people = $1 AND r.people <> '' AND r.deleted = 0`,
		people)
	return found(r, err, "users", "There is no such room.")
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
		(name, kind, topic, version, messages, members, info_version, newest, created_at, deleted,
			address, description, archived, slow, no_preview, created_by, people)
		VALUES ($1, $2, $3, 1, 0, 0, 1, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
		fresh.Name, fresh.Kind, fresh.Topic, fresh.CreatedAt, flag(fresh.Deleted), fresh.Address, fresh.Description,
		flag(fresh.Archived), fresh.Slow, flag(fresh.NoPreview), fresh.CreatedBy, fresh.People)
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
	next := *r
	next.Version, next.Messages, next.Members, next.CreatedAt = old.Version, old.Messages, old.Members, old.CreatedAt
	if err := t.checkRoomFree(next); err != nil {
		return err
	}
	next.Version++
	next.InfoVersion = next.Version
	if err := t.write(`UPDATE rooms SET name = $2, topic = $3, deleted = $4, version = $5, info_version = $5, kind = $6, address = $7,
		description = $8, archived = $9, slow = $10, no_preview = $11, created_by = $12, people = $13 WHERE id = $1`,
		next.ID, next.Name, next.Topic, flag(next.Deleted), next.Version, next.Kind, next.Address, next.Description,
		flag(next.Archived), next.Slow, flag(next.NoPreview), next.CreatedBy, next.People); err != nil {
		return err
	}
	t.cache.rooms.put(next.ID, next)
	t.tell(chat.Change{
		Log: chat.RoomLog(next.ID), Version: next.Version, Info: next.Info(),
		Ends: old.Kind == chat.Public && (next.Kind != chat.Public || next.NoPreview && !old.NoPreview),
	})
	*r = next
	if err := t.rememberName(old, next); err != nil {
		return err
	}
	if old.Slow == 0 && next.Slow > 0 {
		if err := t.recallSpeakers(next); err != nil {
			return err
		}
	}
	if err := t.tellList(old, next); err != nil {
		return err
	}
	if next.Name == old.Name && next.Deleted == old.Deleted && next.Kind == old.Kind && next.Archived == old.Archived {
		return nil
	}
	return t.tellMembers(next)
}

// rememberName keeps the name that a public room had, so that addresses with it lead to the room; also when it becomes private,
// for it may be public again one day.
func (t *tx) rememberName(old, next chat.Room) error {
	if old.Kind != chat.Public || old.Name == next.Name && next.Kind == chat.Public {
		return nil
	}
	return t.write(`INSERT INTO old_room_names (name, room_id, at) VALUES ($1, $2, $3)
		ON CONFLICT (name, room_id) DO UPDATE SET at = excluded.at`, old.Name, old.ID, chat.Millis(t.now))
}

// tellList tells the server's log how a room is in the list of public rooms now; one that is private now is gone from there.
func (t *tx) tellList(old, next chat.Room) error {
	if old.Kind != chat.Public || next.Kind == chat.Public {
		return t.tellServer(next)
	}
	gone := chat.RoomEntry{ID: old.ID, Name: old.Name, Kind: old.Kind, Deleted: true}
	return t.Tell(chat.ServerLog, chat.Change{Server: &chat.ServerChange{Room: &gone}})
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
		entry, err := t.entry(r, nil)
		if err != nil {
			return err
		}
		if err := t.tellUser(u, chat.MeChange{Room: &entry}); err != nil {
			return err
		}
	}
	return nil
}
