package store

import (
	"slices"

	"parley/internal/chat"
)

const messageColumns = `room_id, number, version, user_id, key, at, edited_at, deleted_at <> 0, text`

func scanMessage(row scanner) (m chat.Message, err error) {
	err = row.Scan(&m.Room, &m.Number, &m.Version, &m.By, &m.Key, &m.At, &m.Edited, &m.Deleted, &m.Text)
	return m, err
}

func (s *snapshot) Message(room chat.RoomID, number int64) (chat.Message, error) {
	m, err := one(s.queries, scanMessage,
		`SELECT `+messageColumns+` FROM messages WHERE room_id = $1 AND number = $2`, room, number)
	if err == nil && names(m.Text) {
		one := []chat.Message{m}
		err = s.addMentions(one)
		m = one[0]
	}
	return found(m, err, "number", "There is no message %d in that room.", number)
}

// pageBytes is how much text one page or one piece of changes is read with; imported texts know no other limit. At least one
// message is read.
const pageBytes = 4 << 20

// listMessages reads at most limit messages of a query whose last argument is how many to ask for, and about pageBytes of
// text; more says that there would be others.
func (s *snapshot) listMessages(limit int, query string, args ...any) (page []chat.Message, more bool, err error) {
	size := 0
	page, err = listWhile(s.queries, scanMessage, func(m chat.Message) bool {
		more = size > pageBytes
		size += len(m.Text)
		return !more
	}, query, append(args, limit+1)...)
	if len(page) > limit {
		page, more = page[:limit], true
	}
	if err == nil {
		err = s.addMentions(page)
	}
	return page, more, err
}

func (s *snapshot) MessagesAfter(room chat.RoomID, number int64, limit int) (page []chat.Message, more bool, err error) {
	return s.listMessages(limit, `SELECT `+messageColumns+` FROM messages
		WHERE room_id = $1 AND number > $2 AND deleted_at = 0 ORDER BY number LIMIT $3`, room, number)
}

// messagesBefore are the limit messages with the highest numbers below number, ascending, without tombstones.
func (s *snapshot) messagesBefore(room chat.RoomID, number int64, limit int) (page []chat.Message, more bool, err error) {
	page, more, err = s.listMessages(limit, `SELECT `+messageColumns+` FROM messages
		WHERE room_id = $1 AND number < $2 AND deleted_at = 0 ORDER BY number DESC LIMIT $3`, room, number)
	slices.Reverse(page)
	return page, more, err
}

// endOfRoom is above every message's number.
const endOfRoom = int64(1) << 62

// Messages gives a page around a number as even a share as there is on both sides of it, the message itself counted to the
// later ones.
func (s *snapshot) Messages(room chat.RoomID, page chat.Page) (messages []chat.Message, more bool, err error) {
	switch {
	case page.After > 0:
		return s.MessagesAfter(room, page.After, page.Limit)
	case page.Around > 0:
		return s.messagesAround(room, page.Around, page.Limit)
	case page.Before > 0:
		return s.messagesBefore(room, page.Before, page.Limit)
	default:
		return s.messagesBefore(room, endOfRoom, page.Limit)
	}
}

func (s *snapshot) messagesAround(room chat.RoomID, number int64, limit int) (page []chat.Message, more bool, err error) {
	later, _, err := s.MessagesAfter(room, number-1, limit)
	if err != nil {
		return nil, false, err
	}
	earlier, more, err := s.messagesBefore(room, number, limit)
	if err != nil {
		return nil, false, err
	}
	after := min(len(later), max(limit-limit/2, limit-len(earlier)))
	before := min(len(earlier), limit-after)
	return append(earlier[len(earlier)-before:], later[:after]...), more || len(earlier) > before, nil
}

// InsertMessage is chat.Tx's InsertMessage. The row is written later, with others.
func (t *tx) InsertMessage(m *chat.Message, by chat.Person) error {
	r, err := t.Room(m.Room)
	if err != nil {
		return err
	}
	if err := t.knowAuthor(m.Room, m.By); err != nil {
		return err
	}
	id := t.tails.last + 1
	if m.Key != "" {
		if err := t.keep(m, id); err != nil {
			return t.note(err)
		}
	}
	r.Version++
	r.Messages++
	next := new(*m)
	next.Number, next.Version = r.Messages, r.Version
	if next.Deleted {
		next.Text, next.Mentions = "", nil
	}
	t.tails.last = id
	t.posts.put(id, next)
	t.cache.rooms.put(r.ID, r)
	*m = *next
	t.tell(chat.Change{Log: chat.RoomLog(r.ID), Version: r.Version, Message: next, Posted: true, By: by})
	return t.putMentions(next)
}

// knowAuthor sees to it that whoever wrote in a room has a member's row there, so that a new name reaches the room's
// readers: authors of another system never joined. Such a row is no join, and no change.
func (t *tx) knowAuthor(room chat.RoomID, user chat.UserID) error {
	if _, err := t.Member(room, user); chat.KindOf(err) != chat.NotFound {
		return err
	}
	return t.write(`INSERT INTO members (room_id, user_id, joined, version, moved_version, named_version, at)
		VALUES ($1, $2, 0, 0, 0, 0, 0)`, room, user)
}

// UpdateMessage is chat.Tx's UpdateMessage. The text of a message that is deleted is gone from the row, and from m.
func (t *tx) UpdateMessage(m *chat.Message) error {
	next, err := t.Message(m.Room, m.Number)
	if err != nil {
		return err
	}
	r, err := t.Room(m.Room)
	if err != nil {
		return err
	}
	r.Version++
	digest := []byte{}
	if next.Key != "" {
		digest = chat.Digest(next.Text)
	}
	named := next.Mentions
	next.Version, next.Text, next.Edited, next.Deleted, next.Mentions = r.Version, m.Text, m.Edited, m.Deleted, m.Mentions
	deletedAt := t.deletedAt(&next)
	if err := t.changeMentions(named, &next); err != nil {
		return err
	}
	if err := t.write(`UPDATE messages SET version = $3, text = $4, edited_at = $5, deleted_at = $6,
		digest = CASE WHEN version = posted_version THEN $7 ELSE digest END WHERE room_id = $1 AND number = $2`,
		next.Room, next.Number, next.Version, next.Text, next.Edited, deletedAt, digest); err != nil {
		return err
	}
	if err := t.write(`UPDATE rooms SET version = $2 WHERE id = $1`, r.ID, r.Version); err != nil {
		return err
	}
	t.cache.rooms.put(r.ID, r)
	*m = next
	t.tell(chat.Change{Log: chat.RoomLog(r.ID), Version: r.Version, Message: &next})
	return nil
}

// deletedAt is when a message was deleted, 0 if it is not; the text of one that is goes.
func (t *tx) deletedAt(m *chat.Message) int64 {
	if !m.Deleted {
		return 0
	}
	m.Text, m.Mentions = "", nil
	return chat.Millis(t.now)
}
