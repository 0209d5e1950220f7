package store

import "parley/internal/chat"

const inviteColumns = `id, hash, room_id, role, note, expires_at, uses, used, created_by, created_at, revoked`

func scanInvite(row scanner) (i chat.Invitation, err error) {
	err = row.Scan(&i.ID, &i.Hash, &i.Room, &i.Role, &i.Note, &i.ExpiresAt, &i.Uses, &i.Used, &i.By, &i.CreatedAt, &i.Revoked)
	return i, err
}

// Invite is chat.InviteSnapshot's Invite.
func (s *snapshot) Invite(id int64) (chat.Invitation, error) {
	i, err := one(s.queries, scanInvite, `SELECT `+inviteColumns+` FROM invites WHERE id = $1`, id)
	return found(i, err, "id", "There is no such invitation.")
}

// InviteByHash is chat.InviteSnapshot's InviteByHash.
func (s *snapshot) InviteByHash(hash string) (chat.Invitation, error) {
	i, err := one(s.queries, scanInvite, `SELECT `+inviteColumns+` FROM invites WHERE hash = $1`, hash)
	return found(i, err, "token", "There is no such invitation.")
}

// Invites is chat.InviteSnapshot's Invites.
func (s *snapshot) Invites(room chat.RoomID, by chat.UserID, before int64, limit int) (invites []chat.Invitation, more bool, err error) {
	if before <= 0 {
		before = endOfRoom
	}
	invites, err = list(s.queries, scanInvite, `SELECT `+inviteColumns+` FROM invites
		WHERE room_id = $1 AND id < $2 AND ($3 = 0 OR created_by = $3) ORDER BY id DESC LIMIT $4`, room, before, by, limit+1)
	if len(invites) > limit {
		return invites[:limit], true, err
	}
	return invites, false, err
}

// InviteUsed is chat.InviteSnapshot's InviteUsed.
func (s *snapshot) InviteUsed(id int64, user chat.UserID) (bool, error) {
	n, err := one(s.queries, scanInt, `SELECT count(*) FROM invite_uses WHERE invite_id = $1 AND user_id = $2`, id, user)
	return n > 0, err
}

// InsertInvite is chat.InviteTx's InsertInvite.
func (t *tx) InsertInvite(i *chat.Invitation) error {
	if err := t.savepoint(); err != nil {
		return err
	}
	id, err := one(t.queries, scanInt, `INSERT INTO invites
		(hash, room_id, role, note, expires_at, uses, used, created_by, created_at, revoked)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, 0) RETURNING id`,
		i.Hash, i.Room, i.Role, i.Note, i.ExpiresAt, i.Uses, i.By, i.CreatedAt)
	i.ID, i.Used, i.Revoked = id, 0, false
	return t.note(err)
}

// RevokeInvite is chat.InviteTx's RevokeInvite.
func (t *tx) RevokeInvite(id int64) error {
	return t.write(`UPDATE invites SET revoked = 1 WHERE id = $1`, id)
}

// UseInvite is chat.InviteTx's UseInvite. The row itself refuses one too many, whoever asks at the same time.
func (t *tx) UseInvite(id int64, user chat.UserID) (bool, error) {
	if used, err := t.InviteUsed(id, user); err != nil || used {
		return false, err
	}
	if err := t.savepoint(); err != nil {
		return false, err
	}
	n, err := t.run(t.ctx, `UPDATE invites SET used = used + 1 WHERE id = $1 AND (uses = 0 OR used < uses)`, id)
	if err != nil {
		return false, t.note(err)
	}
	if n == 0 {
		return false, chat.Errorf(chat.UsedUp, "token", "This invitation has been used up.")
	}
	err = t.write(`INSERT INTO invite_uses (invite_id, user_id, at) VALUES ($1, $2, $3)`, id, user, chat.Millis(t.now))
	return err == nil, err
}
