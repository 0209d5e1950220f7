package store

import (
	"crypto/sha256"
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
	return found(m, err, "number", "There is no message %d in that room.", number)
}

func (s *snapshot) MessagesAfter(room chat.RoomID, number int64, limit int) ([]chat.Message, error) {
	return list(s.queries, scanMessage, `SELECT `+messageColumns+` FROM messages
		WHERE room_id = $1 AND number > $2 AND deleted_at = 0 ORDER BY number LIMIT $3`, room, number, limit)
}

// messagesBefore are the limit messages with the highest numbers below number, ascending, without tombstones.
func (s *snapshot) messagesBefore(room chat.RoomID, number int64, limit int) ([]chat.Message, error) {
	page, err := list(s.queries, scanMessage, `SELECT `+messageColumns+` FROM messages
		WHERE room_id = $1 AND number < $2 AND deleted_at = 0 ORDER BY number DESC LIMIT $3`, room, number, limit)
	slices.Reverse(page)
	return page, err
}

// endOfRoom is above every message's number.
const endOfRoom = int64(1) << 62

// Messages gives a page around a number as even a share as there is on both sides of it, the message itself counted to the
// later ones.
func (s *snapshot) Messages(room chat.RoomID, page chat.Page) (messages []chat.Message, more bool, err error) {
	switch {
	case page.After > 0:
		messages, err = s.MessagesAfter(room, page.After, page.Limit+1)
		if more = len(messages) > page.Limit; more {
			messages = messages[:page.Limit]
		}
		return messages, more, err
	case page.Around > 0:
		return s.messagesAround(room, page.Around, page.Limit)
	case page.Before > 0:
		return s.pageBefore(room, page.Before, page.Limit)
	default:
		return s.pageBefore(room, endOfRoom, page.Limit)
	}
}

func (s *snapshot) pageBefore(room chat.RoomID, number int64, limit int) (page []chat.Message, more bool, err error) {
	page, err = s.messagesBefore(room, number, limit+1)
	if more = len(page) > limit; more {
		page = page[1:]
	}
	return page, more, err
}

func (s *snapshot) messagesAround(room chat.RoomID, number int64, limit int) (page []chat.Message, more bool, err error) {
	later, err := s.MessagesAfter(room, number-1, limit)
	if err != nil {
		return nil, false, err
	}
	earlier, err := s.messagesBefore(room, number, limit+1)
	if err != nil {
		return nil, false, err
	}
	after := min(len(later), max(limit-limit/2, limit-len(earlier)))
	before := min(len(earlier), limit-after)
	return append(earlier[len(earlier)-before:], later[:after]...), len(earlier) > before, nil
}

func scanReceipt(row scanner) (r chat.Receipt, err error) {
	err = row.Scan(&r.Number, &r.Version, &r.Room, &r.Digest)
	return r, err
}

func (s *snapshot) Receipt(user chat.UserID, key string) (chat.Receipt, error) {
	r, err := one(s.queries, scanReceipt,
		`SELECT number, version, room_id, digest FROM receipts WHERE user_id = $1 AND key = $2`, user, key)
	return found(r, err, "key", "That key has made no message.")
}

// InsertMessage is chat.Tx's InsertMessage.
func (t *tx) InsertMessage(m *chat.Message, by chat.Person) error {
	r, err := t.Room(m.Room)
	if err != nil {
		return err
	}
	r.Version++
	r.Messages++
	next := *m
	next.Number, next.Version = r.Messages, r.Version
	if err := t.write(`INSERT INTO messages (room_id, number, version, user_id, key, at, edited_at, deleted_at, text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		next.Room, next.Number, next.Version, next.By, next.Key, next.At, next.Edited, t.deletedAt(&next), next.Text); err != nil {
		return err
	}
	if next.Key != "" {
		digest := sha256.Sum256([]byte(m.Text))
		if err := t.write(`INSERT INTO receipts (user_id, key, room_id, number, version, digest)
			VALUES ($1, $2, $3, $4, $5, $6)`,
			next.By, next.Key, next.Room, next.Number, next.Version, digest[:16]); err != nil {
			return err
		}
	}
	if err := t.write(`UPDATE rooms SET version = $2, messages = $3, newest = (SELECT max(id) FROM messages) WHERE id = $1`,
		r.ID, r.Version, r.Messages); err != nil {
		return err
	}
	t.cache.rooms.put(r.ID, r)
	*m = next
	t.tell(chat.Change{Log: chat.RoomLog(r.ID), Version: r.Version, Message: &next, Posted: true, By: by})
	return nil
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
	next.Version, next.Text, next.Edited, next.Deleted = r.Version, m.Text, m.Edited, m.Deleted
	deletedAt := t.deletedAt(&next)
	if err := t.write(`UPDATE messages SET version = $3, text = $4, edited_at = $5, deleted_at = $6
		WHERE room_id = $1 AND number = $2`,
		next.Room, next.Number, next.Version, next.Text, next.Edited, deletedAt); err != nil {
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
	m.Text = ""
	return chat.Millis(t.now)
}
