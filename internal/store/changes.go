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
	messages, more, err := s.changedMessages(r, version, limit)
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
	return skipChange(changes, version), more, nil
}

// changedMessages are the messages that changed after version, ascending by version, at most limit of them and about
// pageBytes of text; more says that there would be others, with higher versions.
func (s *snapshot) changedMessages(r chat.Room, version int64, limit int) (messages []chat.Message, more bool, err error) {
	if version >= r.Version {
		return nil, false, nil
	}
	number, err := s.postedBefore(r, version)
	if err != nil {
		return nil, false, err
	}
	posted, morePosted, err := s.listMessages(limit, `SELECT `+messageColumns+` FROM messages
		WHERE room_id = $1 AND number > $2 AND posted_version > $3 AND version = posted_version ORDER BY number LIMIT $4`,
		r.ID, number, version)
	if err != nil {
		return nil, false, err
	}
	end := r.Version
	if morePosted {
		end = posted[len(posted)-1].Version
	}
	changed, moreChanged, err := s.listMessages(limit, `SELECT `+messageColumns+` FROM messages INDEXED BY messages_changed
		WHERE room_id = $1 AND version > $2 AND version <= $3 AND version <> posted_version ORDER BY version LIMIT $4`,
		r.ID, version, end)
	if err != nil {
		return nil, false, err
	}
	// Of either there may be others, not read, behind the last one. They come after all that is returned, for either was read
	// until it alone was too many or too much text.
	messages = append(posted, changed...)
	slices.SortFunc(messages, func(a, b chat.Message) int { return cmp.Compare(a.Version, b.Version) })
	size := 0
	for i, m := range messages {
		if i == limit || size > pageBytes {
			return messages[:i], true, nil
		}
		size += len(m.Text)
	}
	return messages, morePosted || moreChanged, nil
}

// nearby is how many messages are looked through rather than searched.
const nearby = 128

// postedBefore is a number such that all messages that were posted after version have higher ones, and few others have.
// Every change takes a version, so no more messages were posted after version than the room is ahead of it; where in these
// they begin is searched for, because posted_version grows with number. Numbers may be missing in a room that is deleted.
func (s *snapshot) postedBefore(r chat.Room, version int64) (int64, error) {
	low, high := max(0, r.Messages-(r.Version-version)), r.Messages
	type place struct{ number, version int64 }
	for high-low > nearby {
		middle := low + (high-low)/2
		found, err := list(s.queries, func(row scanner) (p place, err error) {
			return p, row.Scan(&p.number, &p.version)
		}, `SELECT number, posted_version FROM messages WHERE room_id = $1 AND number > $2 ORDER BY number LIMIT 1`, r.ID, middle)
		switch {
		case err != nil:
			return 0, err
		case len(found) == 0 || found[0].version > version:
			high = middle
		default:
			low = found[0].number
		}
	}
	return low, nil
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
	named, err := list(s.queries, scanMember, `SELECT m.room_id, m.user_id, u.name, m.joined, m.named_version, m.at, m.role, m.banned, m.muted_until, m.approved
		FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1 AND m.version > $2 AND m.named_version > $2 ORDER BY m.named_version LIMIT $3`,
		r.ID, version, limit)
	for i := range named {
		changes = append(changes, chat.Change{Log: log, Version: named[i].Version, Member: &named[i]})
	}
	return changes, err
}
