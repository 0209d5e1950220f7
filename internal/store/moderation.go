package store

import "parley/internal/chat"

const addressBanColumns = `prefix, until, user_id, by_user, at, why`

func scanAddressBan(row scanner) (b chat.AddressBan, err error) {
	err = row.Scan(&b.Network, &b.Until, &b.User, &b.By, &b.At, &b.Why)
	return b, err
}

func (s *snapshot) AddressBan(network string) (chat.AddressBan, error) {
	b, err := one(s.queries, scanAddressBan, `SELECT `+addressBanColumns+` FROM address_bans WHERE prefix = $1`, network)
	return found(b, err, "network", "That network is not banned.")
}

func (s *snapshot) AddressBans(after string, limit int) ([]chat.AddressBan, error) {
	return list(s.queries, scanAddressBan,
		`SELECT `+addressBanColumns+` FROM address_bans WHERE prefix > $1 ORDER BY prefix LIMIT $2`, after, limit)
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// NetworksOf is chat.ModerationSnapshot's NetworksOf.
func (s *snapshot) NetworksOf(user chat.UserID, limit int) ([]string, error) {
	return list(s.queries, scanText,
		`SELECT DISTINCT address FROM sessions WHERE user_id = $1 AND address <> '' ORDER BY address LIMIT $2`, user, limit)
}

// PutAddressBan is chat.Tx's PutAddressBan.
func (t *tx) PutAddressBan(b chat.AddressBan) error {
	return t.write(`INSERT INTO address_bans (prefix, until, user_id, by_user, at, why) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (prefix) DO UPDATE SET until = excluded.until, user_id = excluded.user_id, by_user = excluded.by_user,
			at = excluded.at, why = excluded.why`, b.Network, b.Until, b.User, b.By, b.At, b.Why)
}

// LiftAddressBan is chat.Tx's LiftAddressBan.
func (t *tx) LiftAddressBan(network string) error {
	return t.write(`DELETE FROM address_bans WHERE prefix = $1`, network)
}

// LiftAddressBansOf is chat.Tx's LiftAddressBansOf.
func (t *tx) LiftAddressBansOf(user chat.UserID) (int, error) {
	n, err := t.exec(`DELETE FROM address_bans WHERE user_id = $1`, user)
	return int(n), err
}

// SpokeAt is chat.ModerationSnapshot's SpokeAt.
func (s *snapshot) SpokeAt(room chat.RoomID, user chat.UserID) (int64, error) {
	at, err := list(s.queries, scanInt, `SELECT spoke_at FROM members WHERE room_id = $1 AND user_id = $2`, room, user)
	if err != nil || len(at) == 0 {
		return 0, err
	}
	return at[0], nil
}

// Spoke is chat.Tx's Spoke.
func (t *tx) Spoke(room chat.RoomID, user chat.UserID, at int64) error {
	if err := t.knowAuthor(room, user); err != nil {
		return err
	}
	return t.write(`UPDATE members SET spoke_at = $3 WHERE room_id = $1 AND user_id = $2`, room, user, at)
}

// spokenLately is how many of a room's newest messages are looked through when it becomes slow.
const spokenLately = 10_000

// recallSpeakers notes when whoever spoke lately in a room did so; while a room is not slow nobody keeps account of it.
func (t *tx) recallSpeakers(r chat.Room) error {
	return t.write(`INSERT INTO members (room_id, user_id, joined, version, moved_version, named_version, at, spoke_at)
		SELECT $1, user_id, 0, 0, 0, 0, 0, max(at) FROM (SELECT user_id, at FROM messages WHERE room_id = $1 AND number > $2)
			WHERE at > $3 GROUP BY user_id
		ON CONFLICT (room_id, user_id) DO UPDATE SET spoke_at = excluded.spoke_at`,
		r.ID, r.Messages-spokenLately, chat.Millis(t.now)-1000*int64(r.Slow))
}
