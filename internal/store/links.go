package store

import "parley/internal/chat"

func scanLink(row scanner) (l chat.Link, err error) {
	err = row.Scan(&l.Hash, &l.Purpose, &l.User, &l.Detail, &l.ExpiresAt)
	return l, err
}

func (s *snapshot) Link(hash string) (chat.Link, error) {
	l, err := one(s.queries, scanLink, `SELECT hash, purpose, user_id, detail, expires_at FROM links
		WHERE hash = $1 AND expires_at > $2`, hash, chat.Millis(s.Now()))
	return found(l, err, "token", "There is no such link.")
}

// InsertLink is chat.AccountTx's InsertLink.
func (t *tx) InsertLink(l chat.Link) error {
	if err := t.write(`DELETE FROM links WHERE expires_at <= $1`, chat.Millis(t.Now())); err != nil {
		return err
	}
	return t.write(`INSERT INTO links (hash, purpose, user_id, detail, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		l.Hash, l.Purpose, l.User, l.Detail, l.ExpiresAt)
}

// DeleteLink is chat.AccountTx's DeleteLink.
func (t *tx) DeleteLink(hash string) error {
	return t.write(`DELETE FROM links WHERE hash = $1`, hash)
}

// DeleteLinks is chat.AccountTx's DeleteLinks.
func (t *tx) DeleteLinks(user chat.UserID, purpose chat.LinkPurpose) error {
	return t.write(`DELETE FROM links WHERE user_id = $1 AND (purpose = $2 OR $2 = '')`, user, purpose)
}
