package store

import "parley/internal/chat"

// written and ofUser, around a table of messages by their authors, find the ids of a user's messages by its index: each part of
// the whole is cut off by itself, so that a piece costs what is in it, however many follow.
const (
	written = `SELECT a.id FROM `
	ofUser  = `CROSS JOIN messages m ON m.id = a.id JOIN rooms r ON r.id = m.room_id
		WHERE a.user_id = $1 AND a.id > $2 AND a.id <= $3 AND m.deleted_at = 0 AND r.deleted = 0`
)

// Written is chat.MyDataSnapshot's Written.
func (s *snapshot) Written(user chat.UserID, after, upto int64, limit int) ([]chat.MessageRow, error) {
	size := 0
	return listWhile(s.queries, scanMessageRow, func(m chat.MessageRow) bool {
		more := size > pageBytes
		size += len(m.Text)
		return !more
	}, `SELECT `+messageRowColumns+` FROM (SELECT * FROM (`+written+`message_authors a `+ofUser+` ORDER BY a.id LIMIT $4)
			UNION ALL SELECT * FROM (`+written+`messages a `+ofUser+` AND a.id > (SELECT authors FROM message_tails) ORDER BY a.id LIMIT $4)
			ORDER BY id LIMIT $4) n
		CROSS JOIN messages m ON m.id = n.id JOIN rooms r ON r.id = m.room_id JOIN users u ON u.id = m.user_id ORDER BY n.id`,
		user, after, upto, limit)
}

// NewestMessage is chat.MyDataSnapshot's NewestMessage.
func (s *snapshot) NewestMessage() (int64, error) {
	return one(s.queries, scanInt, `SELECT coalesce(max(id), 0) FROM messages`)
}

// Memberships is chat.MyDataSnapshot's Memberships.
func (s *snapshot) Memberships(user chat.UserID, after chat.RoomID, limit int) ([]chat.Member, error) {
	return list(s.queries, scanMember, `SELECT `+memberColumns+` FROM members m JOIN users u ON u.id = m.user_id
		JOIN rooms r ON r.id = m.room_id WHERE m.user_id = $1 AND m.room_id > $2 AND r.deleted = 0 ORDER BY m.room_id LIMIT $3`,
		user, after, limit)
}

func scanComplaint(row scanner) (c chat.Complaint, err error) {
	err = row.Scan(&c.ID, &c.Room, &c.Number, &c.At, &c.Why, &c.State, &c.DecidedAt)
	return c, err
}

// Complaints is chat.MyDataSnapshot's Complaints.
func (s *snapshot) Complaints(user chat.UserID, after int64, limit int) ([]chat.Complaint, error) {
	return list(s.queries, scanComplaint, `SELECT id, room_id, number, at, why, state, decided_at FROM reports
		WHERE by_user = $1 AND id > $2 ORDER BY id LIMIT $3`, user, after, limit)
}

func scanWaiting(row scanner) (w chat.Waiting, err error) {
	err = row.Scan(&w.ID, &w.Room, &w.At, &w.Text)
	return w, err
}

// Waiting is chat.MyDataSnapshot's Waiting.
func (s *snapshot) Waiting(user chat.UserID, after int64, limit int) ([]chat.Waiting, error) {
	return list(s.queries, scanWaiting, `SELECT id, room_id, at, text FROM held WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
		user, after, limit)
}

// InvitesBy is chat.MyDataSnapshot's InvitesBy.
func (s *snapshot) InvitesBy(user chat.UserID, after int64, limit int) ([]chat.Invitation, error) {
	return list(s.queries, scanInvite, `SELECT `+inviteColumns+` FROM invites WHERE created_by = $1 AND id > $2 ORDER BY id LIMIT $3`,
		user, after, limit)
}

// Forget is chat.MyDataTx's Forget. Lines of the audit log that are about what the user did or was are found by their object, and
// those that name the author of a message by their words.
func (t *tx) Forget(u chat.User) error {
	for _, query := range []string{
		`DELETE FROM emails WHERE user_id = $1`,
		`DELETE FROM links WHERE user_id = $1`,
		`DELETE FROM passkeys WHERE user_id = $1`,
		`DELETE FROM identities WHERE user_id = $1`,
		`DELETE FROM old_names WHERE user_id = $1`,
	} {
		if _, err := t.exec(query, u.ID); err != nil {
			return err
		}
	}
	_, err := t.exec(`UPDATE audit SET name = CASE WHEN object = $1 OR object LIKE '%/' || $1 THEN $2 ELSE name END,
		detail = CASE WHEN detail LIKE 'name: %' THEN '' WHEN detail = 'by ' || $3 THEN 'by ' || $2
			WHEN detail = 'text of ' || $3 THEN 'text of ' || $2 ELSE detail END
		WHERE object = $1 OR object LIKE '%/' || $1 OR detail IN ('by ' || $3, 'text of ' || $3)`,
		u.ID.String(), chat.FormerMember, u.Name)
	return err
}

// ForgetRows is chat.MyDataTx's ForgetRows.
func (t *tx) ForgetRows(user chat.UserID, limit int) (int, error) {
	done := 0
	for _, query := range []string{
		`DELETE FROM reads WHERE user_id = $1 AND room_id IN (SELECT room_id FROM reads WHERE user_id = $1 LIMIT $2)`,
		`DELETE FROM mentions WHERE user_id = $1 AND (room_id, number) IN (SELECT room_id, number FROM mentions WHERE user_id = $1 LIMIT $2)`,
		`DELETE FROM held WHERE id IN (SELECT id FROM held WHERE user_id = $1 LIMIT $2)`,
		`DELETE FROM invite_uses WHERE user_id = $1 AND invite_id IN (SELECT invite_id FROM invite_uses WHERE user_id = $1 LIMIT $2)`,
		`UPDATE invites SET revoked = 1, note = '' WHERE id IN
			(SELECT id FROM invites WHERE created_by = $1 AND (revoked = 0 OR note <> '') LIMIT $2)`,
		`UPDATE address_bans SET user_id = 0 WHERE prefix IN (SELECT prefix FROM address_bans WHERE user_id = $1 LIMIT $2)`,
		`UPDATE audit SET user_name = '` + chat.FormerMember + `' WHERE id IN
			(SELECT id FROM audit WHERE user_id = $1 AND user_name <> '` + chat.FormerMember + `' LIMIT $2)`,
	} {
		if done >= limit {
			return done, nil
		}
		n, err := t.exec(query, user, limit-done)
		if err != nil {
			return done, err
		}
		done += int(n)
	}
	return done, nil
}

// TellMember is chat.MyDataTx's TellMember.
func (t *tx) TellMember(m chat.Member) error { return t.nameMember(m) }
