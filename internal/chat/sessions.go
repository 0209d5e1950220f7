package chat

import (
	"context"
	"time"
)

const (
	// AccountLife is how long a session of an account lasts without being seen.
	AccountLife = 90 * 24 * time.Hour
	// maxSessions is how many sessions one user has at most; the one that was seen longest ago gives way to a new one.
	maxSessions = 100
)

// Public is what a session is called where its owner sees it: the first 16 hexadecimal digits of its id.
func (id SessionID) Public() string { return string(id[:min(len(id), 16)]) }

// addSession stores a new session of a user, who has shown that it is theirs.
func addSession(tx Tx, user UserID, session *Session) error {
	return addSessionSince(tx, user, session, Millis(tx.Now()))
}

// addSessionSince is addSession for who has shown at that time, unix ms, that it is theirs.
func addSessionSince(tx Tx, user UserID, session *Session, since int64) error {
	open, err := tx.SessionsOf(user)
	if err != nil {
		return err
	}
	for i := len(open) - 1; i >= 0 && i >= maxSessions-1; i-- {
		if err := tx.DeleteSession(open[i].ID); err != nil {
			return err
		}
	}
	session.User, session.CreatedAt, session.SeenAt = user, since, Millis(tx.Now())
	return tx.InsertSession(*session)
}

// endSession ends a session and closes its sockets, and the user's links of Move with it. A guest's name becomes free with the last one.
func endSession(tx Tx, session Session) error {
	user, err := tx.User(session.User)
	if err != nil {
		return err
	}
	if err := tx.DeleteLinks(user.ID, MoveLink); err != nil {
		return err
	}
	if err := tx.DeleteSession(session.ID); err != nil || user.Kind != Guest {
		return err
	}
	left, err := tx.SessionsOf(user.ID)
	if err != nil || len(left) > 0 {
		return err
	}
	if err := tx.DeleteLinks(user.ID, ""); err != nil {
		return err
	}
	user.NameKey = ""
	return tx.UpdateUser(user)
}

// EndSession ends the actor's session of that public name, and closes its sockets. One that there is not, or that is another's, is
// NotFound.
func (u *Users) EndSession(ctx context.Context, actor Actor, public string) error {
	found := false
	err := u.endSessions(ctx, actor, func(s Session) bool {
		found = found || s.ID.Public() == public
		return s.ID.Public() == public
	})
	if err == nil && !found {
		return Errorf(NotFound, "session", "There is no such session.")
	}
	return err
}

// EndOtherSessions ends all of the actor's sessions but one.
func (u *Users) EndOtherSessions(ctx context.Context, actor Actor, keep SessionID) error {
	return u.endSessions(ctx, actor, func(s Session) bool { return s.ID != keep })
}

func (u *Users) endSessions(ctx context.Context, actor Actor, which func(Session) bool) error {
	return u.Store.Write(ctx, func(tx Tx) error {
		st, err := standing(tx, actor)
		if err != nil {
			return err
		}
		if err := st.Can(Rename); err != nil {
			return err
		}
		sessions, err := tx.SessionsOf(st.User.ID)
		for _, s := range sessions {
			if err == nil && which(s) {
				err = endSession(tx, s)
			}
		}
		return err
	})
}

// Move makes a link that signs another device of the actor in, in place of the one before. It works once, for MoveLife, and no longer
// than the session that it is made in, which is the actor's. It gives the path of the link, with its token, and until when it works,
// unix ms.
func (u *Users) Move(ctx context.Context, actor Actor, session SessionID) (path string, until int64, err error) {
	err = u.Store.Write(ctx, func(tx Tx) error {
		st, err := standing(tx, actor)
		if err != nil {
			return err
		}
		if err := st.Can(Rename); err != nil {
			return err
		}
		if err := tx.DeleteLinks(st.User.ID, MoveLink); err != nil {
			return err
		}
		token, err := mint(tx, st.User.ID, MoveLink, string(session), MoveLife)
		path, until = tokenPath("/-/move", token), Millis(tx.Now().Add(MoveLife))
		return err
	})
	return path, until, err
}

// Moves is whom a link of Move signs in; NotFound for the field "token" if it is not valid.
func (u *Users) Moves(ctx context.Context, token string) (User, error) {
	var user User
	err := u.Store.Read(ctx, func(s Snapshot) error {
		var err error
		_, user, _, err = moved(s, token)
		return err
	})
	return user, err
}

// moved finds a link of Move by its token, whose it is, and the session that made it.
func moved(s Snapshot, token string) (Link, User, Session, error) {
	link, user, err := linked(s, token, MoveLink)
	if err != nil {
		return Link{}, User{}, Session{}, err
	}
	from, err := s.Session(SessionID(link.Detail))
	if KindOf(err) == NotFound || err == nil && from.User != user.ID {
		err = errNoLink()
	}
	return link, user, from, err
}

// Arrive opens a session on the device where a link of Move was opened. The link works no more. Nobody has signed in by that: the
// session counts as begun when the one began that made the link.
func (u *Users) Arrive(ctx context.Context, token string, session *Session) (User, error) {
	var user User
	err := u.Store.Write(ctx, func(tx Tx) error {
		var link Link
		var from Session
		var err error
		if link, user, from, err = moved(tx, token); err != nil {
			return err
		}
		if err := tx.DeleteLink(link.Hash); err != nil {
			return err
		}
		return addSessionSince(tx, user.ID, session, from.CreatedAt)
	})
	return user, err
}
