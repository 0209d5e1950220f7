package store

import (
	"database/sql"
	"errors"

	"parley/internal/chat"
)

func scanSession(row scanner) (s chat.Session, err error) {
	err = row.Scan(&s.ID, &s.User, &s.CreatedAt, &s.SeenAt, &s.Agent, &s.Address)
	return s, err
}

func (s *snapshot) Session(id chat.SessionID) (chat.Session, error) {
	v, err := one(s.queries, scanSession,
		`SELECT id, user_id, created_at, seen_at, agent, address FROM sessions WHERE id = $1`, id)
	return found(v, err, "", "There is no such session.")
}

// InsertSession is chat.Tx's InsertSession.
func (t *tx) InsertSession(s chat.Session) error {
	return t.write(`INSERT INTO sessions (id, user_id, created_at, seen_at, agent, address) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ID, s.User, s.CreatedAt, s.SeenAt, s.Agent, s.Address)
}

// SeeSession is chat.Tx's SeeSession. A session that has ended meanwhile is no error.
func (t *tx) SeeSession(id chat.SessionID, at int64) error {
	s, err := t.Session(id)
	if chat.KindOf(err) == chat.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.write(`UPDATE sessions SET seen_at = $2 WHERE id = $1`, id, at); err != nil {
		return err
	}
	delete(t.cache.users, s.User)
	return t.write(`UPDATE users SET seen_at = $2 WHERE id = $1`, s.User, at)
}

// DeleteSession is chat.Tx's DeleteSession. The user's log is told, so that the sockets of the session close.
func (t *tx) DeleteSession(id chat.SessionID) error {
	s, err := t.Session(id)
	if chat.KindOf(err) == chat.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.write(`DELETE FROM sessions WHERE id = $1`, id); err != nil {
		return err
	}
	return t.signOut(s.User, id)
}

// DeleteSessions is chat.Tx's DeleteSessions. The user's log is told if there were any.
func (t *tx) DeleteSessions(user chat.UserID) error {
	_, err := one(t.queries, scanInt, `SELECT 1 FROM sessions WHERE user_id = $1 LIMIT 1`, user)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.write(`DELETE FROM sessions WHERE user_id = $1`, user); err != nil {
		return err
	}
	return t.signOut(user, "*")
}

func (t *tx) signOut(user chat.UserID, which chat.SessionID) error {
	u, err := t.User(user)
	if err != nil {
		return err
	}
	return t.tellUser(u, chat.MeChange{SignedOut: which})
}
