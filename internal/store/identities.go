package store

import (
	"database/sql"
	"errors"

	"parley/internal/chat"
)

const identityColumns = `issuer, subject, user_id, at`

func scanIdentity(row scanner) (i chat.Identity, err error) {
	err = row.Scan(&i.Issuer, &i.Subject, &i.User, &i.At)
	return i, err
}

func (s *snapshot) Identity(issuer, subject string) (chat.Identity, error) {
	i, err := one(s.queries, scanIdentity,
		`SELECT `+identityColumns+` FROM identities WHERE issuer = $1 AND subject = $2`, issuer, subject)
	return found(i, err, "", "Nobody here is known by that.")
}

func (s *snapshot) Identities(user chat.UserID) ([]chat.Identity, error) {
	return list(s.queries, scanIdentity,
		`SELECT `+identityColumns+` FROM identities WHERE user_id = $1 ORDER BY at, issuer, subject`, user)
}

// InsertIdentity is chat.Tx's InsertIdentity.
func (t *tx) InsertIdentity(i chat.Identity) error {
	_, err := one(t.queries, scanUserID,
		`SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2`, i.Issuer, i.Subject)
	if err == nil {
		return chat.Errorf(chat.Conflict, "", "Somebody here is known by that already.")
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return t.write(`INSERT INTO identities (issuer, subject, user_id, at) VALUES ($1, $2, $3, $4)`,
		i.Issuer, i.Subject, i.User, i.At)
}

// DeleteIdentity is chat.Tx's DeleteIdentity.
func (t *tx) DeleteIdentity(issuer, subject string) error {
	return t.write(`DELETE FROM identities WHERE issuer = $1 AND subject = $2`, issuer, subject)
}
