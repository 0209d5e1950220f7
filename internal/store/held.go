package store

import "parley/internal/chat"

const heldRows = `SELECT h.id, h.room_id, h.user_id, h.key, h.text, h.at, u.name, r.name FROM held h
	JOIN users u ON u.id = h.user_id JOIN rooms r ON r.id = h.room_id`

func scanHeld(row scanner) (h chat.Held, err error) {
	err = row.Scan(&h.ID, &h.Room, &h.By, &h.Key, &h.Text, &h.At, &h.ByName, &h.RoomName)
	return h, err
}

func (s *snapshot) Held(id int64) (chat.Held, error) {
	h, err := one(s.queries, scanHeld, heldRows+` WHERE h.id = $1`, id)
	return found(h, err, "held", "Nothing waits under that number any more.")
}

func (s *snapshot) HeldByKey(user chat.UserID, key string) (chat.Held, error) {
	h, err := one(s.queries, scanHeld, heldRows+` WHERE h.user_id = $1 AND h.key = $2 AND h.key <> ''`, user, key)
	return found(h, err, "key", "Nothing waits with that key.")
}

func (s *snapshot) HeldOf(user chat.UserID, limit int) ([]chat.Held, error) {
	return list(s.queries, scanHeld, heldRows+` WHERE h.user_id = $1 ORDER BY h.id LIMIT $2`, user, limit)
}

// HeldIn is chat.HeldSnapshot's HeldIn.
func (s *snapshot) HeldIn(room chat.RoomID, after int64, limit int) ([]chat.Held, error) {
	if room == 0 {
		return list(s.queries, scanHeld, heldRows+` WHERE h.id > $1 AND r.deleted = 0 ORDER BY h.id LIMIT $2`, after, limit)
	}
	return list(s.queries, scanHeld, heldRows+` WHERE h.room_id = $1 AND h.id > $2 ORDER BY h.id LIMIT $3`, room, after, limit)
}

// InsertHeld is chat.Tx's InsertHeld.
func (t *tx) InsertHeld(h *chat.Held) error {
	ids, err := t.insertNew(`INSERT INTO held (room_id, user_id, key, text, at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		h.Room, h.By, h.Key, h.Text, h.At)
	if err == nil {
		h.ID = ids[0]
	}
	return err
}

// DeleteHeld is chat.Tx's DeleteHeld.
func (t *tx) DeleteHeld(id int64) error { return t.write(`DELETE FROM held WHERE id = $1`, id) }
