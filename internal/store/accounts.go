package store

import (
	"parley/internal/chat"
)

func (s *snapshot) SessionsOf(user chat.UserID) ([]chat.Session, error) {
	return list(s.queries, scanSession, `SELECT id, user_id, created_at, seen_at, agent, address FROM sessions
		WHERE user_id = $1 ORDER BY seen_at DESC, created_at DESC, id`, user)
}

const emailColumns = `user_id, address, address_key, verified_at, created_at`

func scanEmail(row scanner) (e chat.Email, err error) {
	err = row.Scan(&e.User, &e.Address, &e.Key, &e.VerifiedAt, &e.CreatedAt)
	return e, err
}

func (s *snapshot) Emails(user chat.UserID) ([]chat.Email, error) {
	return list(s.queries, scanEmail,
		`SELECT `+emailColumns+` FROM emails WHERE user_id = $1 ORDER BY created_at DESC, address_key`, user)
}

func (s *snapshot) VerifiedEmail(key string) (chat.Email, error) {
	e, err := one(s.queries, scanEmail,
		`SELECT `+emailColumns+` FROM emails WHERE address_key = $1 AND verified_at <> 0`, key)
	return found(e, err, "email", "Nobody has that e-mail address.")
}

// PutEmail is chat.AccountTx's PutEmail.
func (t *tx) PutEmail(e chat.Email) error {
	if e.VerifiedAt != 0 {
		owner, err := t.VerifiedEmail(e.Key)
		switch {
		case chat.KindOf(err) == chat.NotFound:
		case err != nil:
			return err
		case owner.User != e.User:
			return chat.Errorf(chat.Conflict, "email", "That e-mail address belongs to another account.")
		}
	}
	return t.write(`INSERT INTO emails (`+emailColumns+`) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (user_id, address_key) DO UPDATE SET address = excluded.address, verified_at = excluded.verified_at,
		created_at = excluded.created_at`, e.User, e.Address, e.Key, e.VerifiedAt, e.CreatedAt)
}

// DeleteEmails is chat.AccountTx's DeleteEmails.
func (t *tx) DeleteEmails(user chat.UserID, keep string) error {
	return t.write(`DELETE FROM emails WHERE user_id = $1 AND address_key <> $2`, user, keep)
}
