package store

import (
	"database/sql"
	"errors"

	"parley/internal/chat"
)

const passkeyColumns = `id, user_id, name, handle, credential, created_at, seen_at`

func scanPasskey(row scanner) (p chat.Passkey, err error) {
	err = row.Scan(&p.ID, &p.User, &p.Name, &p.Handle, &p.Credential, &p.CreatedAt, &p.SeenAt)
	return p, err
}

func (s *snapshot) Passkey(id string) (chat.Passkey, error) {
	p, err := one(s.queries, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys WHERE id = $1`, id)
	return found(p, err, "", "There is no such passkey.")
}

func (s *snapshot) Passkeys(user chat.UserID) ([]chat.Passkey, error) {
	return list(s.queries, scanPasskey,
		`SELECT `+passkeyColumns+` FROM passkeys WHERE user_id = $1 ORDER BY created_at, id`, user)
}

// InsertPasskey is chat.Tx's InsertPasskey.
func (t *tx) InsertPasskey(p chat.Passkey) error {
	_, err := one(t.queries, scanUserID, `SELECT user_id FROM passkeys WHERE id = $1`, p.ID)
	if err == nil {
		return chat.Errorf(chat.Conflict, "", "This passkey is known here already.")
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return t.write(`INSERT INTO passkeys (id, user_id, name, handle, credential, created_at, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, p.ID, p.User, p.Name, p.Handle, p.Credential, p.CreatedAt, p.SeenAt)
}

// UpdatePasskey is chat.Tx's UpdatePasskey.
func (t *tx) UpdatePasskey(p chat.Passkey) error {
	return t.write(`UPDATE passkeys SET name = $2, credential = $3, seen_at = $4 WHERE id = $1`,
		p.ID, p.Name, p.Credential, p.SeenAt)
}

// DeletePasskey is chat.Tx's DeletePasskey.
func (t *tx) DeletePasskey(id string) error {
	return t.write(`DELETE FROM passkeys WHERE id = $1`, id)
}
