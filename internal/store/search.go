package store

import (
	"parley/internal/chat"
)

func scanHead(row scanner) (h chat.Head, err error) {
	err = row.Scan(&h.Room, &h.Version, &h.Deleted)
	return h, err
}

// Heads is chat.SearchSnapshot's Heads.
func (s *snapshot) Heads(after chat.RoomID, limit int) ([]chat.Head, error) {
	return list(s.queries, scanHead, `SELECT id, version, deleted FROM rooms WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

type numbered struct{ number, id int64 }

func scanNumbered(row scanner) (n numbered, err error) {
	err = row.Scan(&n.number, &n.id)
	return n, err
}

// MessageIDs is chat.SearchSnapshot's MessageIDs. What was posted has numbers that follow each other: each such run is read
// by one walk along the index.
func (s *snapshot) MessageIDs(room chat.RoomID, numbers []int64) (map[int64]int64, error) {
	ids := make(map[int64]int64, len(numbers))
	for len(numbers) > 0 {
		n := 1
		for n < len(numbers) && numbers[n] == numbers[n-1]+1 {
			n++
		}
		run, err := list(s.queries, scanNumbered, `SELECT number, id FROM messages WHERE room_id = $1 AND number BETWEEN $2 AND $3`,
			room, numbers[0], numbers[n-1])
		if err != nil {
			return nil, err
		}
		for _, m := range run {
			ids[m.number] = m.id
		}
		numbers = numbers[n:]
	}
	return ids, nil
}

// MessagesByID is chat.SearchSnapshot's MessagesByID.
func (s *snapshot) MessagesByID(ids []int64) ([]chat.MessageRow, error) {
	return fetch(s.queries, ids, func(m chat.MessageRow) int64 { return m.ID }, scanMessageRow, messageRows+` WHERE m.id`)
}
