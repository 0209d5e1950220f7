package store

import (
	"cmp"
	"slices"

	"parley/internal/chat"
)

// Changes is chat.Snapshot's Changes. In a room of more than chat.CountedMembers members the joins and leaves become one
// change with their number, at the version of the last of them; new names are told one by one in any room.
func (s *snapshot) Changes(room chat.RoomID, version int64, limit int) (changes []chat.Change, more bool, err error) {
	r, err := s.Room(room)
	if err != nil {
		return nil, false, err
	}
	log := chat.RoomLog(room)
	if r.InfoVersion > version {
		changes = append(changes, chat.Change{Log: log, Version: r.InfoVersion, Info: r.Info()})
	}
	members, err := s.memberChanges(r, version, limit+1)
	if err != nil {
		return nil, false, err
	}
	messages, more, err := s.listMessages(limit, `SELECT `+messageColumns+` FROM messages
		WHERE room_id = $1 AND version > $2 ORDER BY version LIMIT $3`, room, version)
	if err != nil {
		return nil, false, err
	}
	changes = append(changes, members...)
	for i := range messages {
		changes = append(changes, chat.Change{Log: log, Version: messages[i].Version, Message: &messages[i]})
	}
	slices.SortFunc(changes, func(a, b chat.Change) int { return cmp.Compare(a.Version, b.Version) })
	if more {
		// What comes after the last message that was read may come after one that was not.
		end := messages[len(messages)-1].Version
		changes = slices.DeleteFunc(changes, func(c chat.Change) bool { return c.Version > end })
	}
	if len(changes) > limit {
		changes, more = changes[:limit], true
	}
	return changes, more, nil
}

// memberChanges are the changes of a room's members after version, at most limit of them.
func (s *snapshot) memberChanges(r chat.Room, version int64, limit int) ([]chat.Change, error) {
	log := chat.RoomLog(r.ID)
	const from = `SELECT ` + memberColumns + ` FROM members m JOIN users u ON u.id = m.user_id `
	if r.Members <= chat.CountedMembers {
		members, err := list(s.queries, scanMember,
			from+`WHERE m.room_id = $1 AND m.version > $2 ORDER BY m.version LIMIT $3`, r.ID, version, limit)
		changes := make([]chat.Change, len(members))
		for i := range members {
			changes[i] = chat.Change{Log: log, Version: members[i].Version, Member: &members[i], Members: new(r.Members)}
		}
		return changes, err
	}
	moved, err := one(s.queries, scanInt,
		`SELECT coalesce(max(moved_version), 0) FROM members WHERE room_id = $1 AND version > $2`, r.ID, version)
	if err != nil {
		return nil, err
	}
	var changes []chat.Change
	if moved > version {
		changes = append(changes, chat.Change{Log: log, Version: moved, Members: new(r.Members)})
	}
	named, err := list(s.queries, scanMember, `SELECT m.room_id, m.user_id, u.name, m.joined, m.named_version, m.at
		FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1 AND m.version > $2 AND m.named_version > $2 ORDER BY m.named_version LIMIT $3`,
		r.ID, version, limit)
	for i := range named {
		changes = append(changes, chat.Change{Log: log, Version: named[i].Version, Member: &named[i]})
	}
	return changes, err
}
