package chat

import (
	"context"
	"time"
)

// Forgot has a link to a new password sent to an address, if it counts for an account. All of it is done later, so that neither
// the answer nor its time tells whether it does. The only errors are those of CheckEmail.
func (u *Users) Forgot(address string) error {
	_, key, err := CheckEmail(address)
	if err != nil {
		return err
	}
	u.send(func(ctx context.Context) ([]Letter, error) {
		var letter Letter
		err := u.Store.Write(ctx, func(tx Tx) error {
			email, err := tx.VerifiedEmail(key)
			if err != nil {
				return err
			}
			user, err := tx.User(email.User)
			if err != nil {
				return err
			}
			if user.Deactivated || user.Kind != Account {
				return Errorf(NotFound, "", "Nobody can sign in as %s.", user.ID)
			}
			token, err := mint(tx, user.ID, ResetLink, "", ResetLife)
			letter = Letter{Kind: ResetLetter, To: email.Address, Name: user.Name, Path: tokenPath("/-/reset", token)}
			return err
		})
		return []Letter{letter}, err
	})
	return nil
}

// Resets is whose password a reset link is for; NotFound for the field "token" if it is not valid.
func (u *Users) Resets(ctx context.Context, token string) (User, error) {
	var user User
	err := u.Store.Read(ctx, func(s Snapshot) error {
		var err error
		_, user, err = linked(s, token, ResetLink)
		return err
	})
	return user, err
}

// ResetPassword gives whose reset link it is another password, a PHC string, and ends all sessions and links of the account.
func (u *Users) ResetPassword(ctx context.Context, token, password string) (User, error) {
	var user User
	err := u.Store.Write(ctx, func(tx Tx) error {
		var err error
		if _, user, err = linked(tx, token, ResetLink); err != nil {
			return err
		}
		return changePassword(tx, user, password)
	})
	if err == nil {
		u.tellPassword(user.ID)
	}
	return user, err
}

// A PasswordChange is a new password for an account, by its owner.
type PasswordChange struct {
	Actor Actor
	Was   string    // PHC string that the old password was checked against; "" if there was none
	Old   SessionID // the actor's session now
	Is    string    // PHC string
	// Session is opened in place of the actor's, whose token is worth nothing any more.
	Session *Session
}

// ChangePassword gives the actor another password, and ends all sessions and links of the account but the new one. If the
// password has been changed meanwhile the error is Conflict.
func (u *Users) ChangePassword(ctx context.Context, c PasswordChange) error {
	var user User
	err := u.Store.Write(ctx, func(tx Tx) error {
		var err error
		if user, err = accountOf(tx, c.Actor); err != nil {
			return err
		}
		if user.Password != c.Was {
			return Errorf(Conflict, "current", "The password has been changed meanwhile.")
		}
		if err := fresh(tx, user, c.Old); err != nil {
			return err
		}
		if err := changePassword(tx, user, c.Is); err != nil {
			return err
		}
		return addSession(tx, user.ID, c.Session)
	})
	if err == nil {
		u.tellPassword(user.ID)
	}
	return err
}

// freshLife is for how long somebody who signs in without a password counts as having just done so.
const freshLife = 15 * time.Minute

// fresh is nil if somebody may change what signs in to the account: whoever has a password has given it, anybody else must have
// signed in lately.
func fresh(tx Tx, user User, session SessionID) error {
	if user.Password != "" {
		return nil
	}
	s, err := tx.Session(session)
	if KindOf(err) == NotFound || err == nil && (s.User != user.ID || Millis(tx.Now())-s.CreatedAt > freshLife.Milliseconds()) {
		return Errorf(Forbidden, "current", "Please sign out and in again first, so that it is sure to be you.")
	}
	return err
}

// changePassword stores another password of a user, PHC string, and ends all that the old one has let in.
func changePassword(tx Tx, user User, password string) error {
	user.Password = password
	if err := tx.UpdateUser(user); err != nil {
		return err
	}
	return endAll(tx, user.ID)
}

// endAll ends all sessions and links of a user.
func endAll(tx Tx, id UserID) error {
	if err := tx.DeleteLinks(id, ""); err != nil {
		return err
	}
	return tx.DeleteSessions(id)
}

// tellPassword writes to the address of an account that its password was changed.
func (u *Users) tellPassword(id UserID) {
	u.send(func(ctx context.Context) (letters []Letter, err error) {
		err = u.Store.Read(ctx, func(s Snapshot) error {
			user, err := s.User(id)
			if err != nil {
				return err
			}
			emails, err := s.Emails(id)
			for _, e := range emails {
				if e.VerifiedAt != 0 {
					letters = append(letters, Letter{Kind: PasswordLetter, To: e.Address, Name: user.Name, Path: "/-/reset"})
				}
			}
			return err
		})
		return letters, err
	})
}

// ResetLink makes a link to a new password for an account, to be handed to its owner. Only an owner of the server makes one for
// owners and administrators. It gives the path of the link, with its token.
func (a *Admin) ResetLink(ctx context.Context, actor Actor, id UserID) (string, error) {
	path := ""
	err := a.write(ctx, actor, func(tx Tx, by User) error {
		user, err := tx.User(id)
		if err != nil {
			return err
		}
		if by.Role != Owner && operates(user.Role) && by.ID != user.ID {
			return Errorf(Forbidden, "", "Only an owner can do that to an owner or administrator.")
		}
		path, err = handOut(tx, by, user)
		return err
	})
	return path, err
}

// OperatorResetLink is ResetLink by a name, for whoever runs the machine.
func (a *Admin) OperatorResetLink(ctx context.Context, name string) (user User, path string, err error) {
	err = a.Store.Write(ctx, func(tx Tx) error {
		if user, err = account(tx, name); err != nil {
			return err
		}
		path, err = handOut(tx, User{}, user)
		return err
	})
	return user, path, err
}

func handOut(tx Tx, by, user User) (string, error) {
	if user.Kind != Account || user.Deactivated {
		return "", Errorf(Forbidden, "", "Nobody can sign in as %s.", user.Name)
	}
	token, err := mint(tx, user.ID, ResetLink, "", ResetLife)
	if err != nil {
		return "", err
	}
	return tokenPath("/-/reset", token), note(tx, by, "made a reset link for", user.ID.String(), user.Name, "", "")
}
