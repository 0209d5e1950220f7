package chat

import (
	"cmp"
	"context"
	"errors"
)

// MaxIdentities is how many identities at other servers one person may have.
const MaxIdentities = 20

// An Identity is who somebody is at another server that signs them in (OpenID Connect). It is named by the issuer and the subject
// alone: an e-mail address or a name there can become somebody else's.
type Identity struct {
	Issuer  string
	Subject string
	User    UserID
	At      int64 // unix ms, when it was added
}

// IdentitySnapshot reads identities.
type IdentitySnapshot interface {
	// Identity finds an identity by the issuer's word for somebody.
	Identity(issuer, subject string) (Identity, error)
	// Identities are those of a user, the oldest first.
	Identities(user UserID) ([]Identity, error)
}

// IdentityTx stores identities.
type IdentityTx interface {
	// InsertIdentity stores an identity; Conflict if there is one of that issuer and subject, whosever it is.
	InsertIdentity(i Identity) error
	// DeleteIdentity removes an identity; one that there is not is no error.
	DeleteIdentity(issuer, subject string) error
}

// A Newcomer is somebody who has shown a way to sign in again, and so may have an account.
type Newcomer struct {
	Actor Actor
	// Name is what nobody, who has none yet, wants to be called, and a guest may; "" for a guest who keeps its name. A member
	// keeps its own in any case.
	Name string
	// Email is an address that somebody who is trusted with it has found to be theirs; "" for none. It counts for who becomes a
	// member, unless it counts for somebody else already: then it is left alone, and nobody is made one with anybody.
	Email string
	// Invited is Enrolment's: it uses the invitation up by which somebody becomes a member. nil: there is none.
	Invited func(tx Tx, user User) error
	// Session is opened for who becomes a member.
	Session Session
	// Linking is the session of a member who asks on their own page for one more way to sign in, and has given the password if there
	// is one. Without it a member is refused: a way that somebody else has begun must not become theirs.
	Linking SessionID
}

// Settled is who a Newcomer is.
type Settled struct {
	User User
	New  bool // became a member just now: the sessions from before have ended and Newcomer.Session is open
}

// settle makes a member of a newcomer: a guest in place, keeping messages and rooms; of nobody a new user. A member, who
// must be Linking and fresh, stays what it is. Who may not become a member, by the server's settings, is Forbidden; a name that somebody holds is NameTaken.
func (u *Users) settle(tx Tx, n Newcomer) (Settled, error) {
	st, err := standing(tx, n.Actor)
	if err != nil {
		return Settled{}, err
	}
	if st.User.Kind == Account {
		if err := st.Can(Rename); err != nil {
			return Settled{}, err
		}
		if n.Linking == "" {
			return Settled{}, Errorf(Conflict, "", "You are signed in as %s: add it on your own page, or sign out first.", st.User.Name)
		}
		return Settled{User: st.User}, fresh(tx, st.User, n.Linking)
	}
	name, err := CheckName(cmp.Or(n.Name, st.User.Name), u.Limits.Name)
	if err != nil {
		return Settled{}, err
	}
	user, err := u.enrol(tx, Enrolment{Actor: n.Actor, Invited: n.Invited, Session: &n.Session}, name)
	if err == nil && n.Email != "" {
		err = vouch(tx, user.ID, n.Email)
	}
	if err == nil && n.Invited != nil {
		err = n.Invited(tx, user)
	}
	return Settled{User: user, New: true}, err
}

// vouch stores an address that counts at once, unless it is none, or counts already.
func vouch(tx Tx, user UserID, address string) error {
	address, key, err := CheckEmail(address)
	if err != nil {
		return nil // an address that cannot be written to is no reason to turn somebody away
	}
	_, err = tx.VerifiedEmail(key)
	if KindOf(err) != NotFound {
		return err
	}
	now := Millis(tx.Now())
	return tx.PutEmail(Email{User: user, Address: address, Key: key, VerifiedAt: now, CreatedAt: now})
}

// Welcome tells whether a newcomer could be settled now: the error of AddPasskey and AddIdentity, without doing anything. The user is
// who it would be, as far as that is known.
func (u *Users) Welcome(ctx context.Context, n Newcomer) (User, error) {
	var settled Settled
	err := u.Store.Write(ctx, func(tx Tx) error {
		var err error
		if settled, err = u.settle(tx, n); err != nil {
			return err
		}
		return errOnlyTried
	})
	if errors.Is(err, errOnlyTried) {
		err = nil
	}
	return settled.User, err
}

// errOnlyTried undoes a command that was tried.
var errOnlyTried = errors.New("only tried")

// mayRegister is nil if one may make an account without an invitation.
func mayRegister(st Standing) error {
	if err := st.Can(Become); err != nil {
		return err
	}
	switch st.Settings.Registration {
	case NoRegistration:
		return Errorf(Forbidden, "", "Just now nobody can make an account on this server.")
	case ByInvitation:
		return Errorf(Forbidden, "", "On this server one needs an invitation to make an account.")
	}
	return nil
}

// openSession opens a session for a user who has shown who they are.
func openSession(tx Tx, id UserID, session Session) (User, error) {
	user, err := tx.User(id)
	if err != nil {
		return User{}, err
	}
	if user.Deactivated || user.Kind != Account {
		return User{}, Errorf(Forbidden, "", "Nobody can sign in as %q.", user.Name)
	}
	if err := addSession(tx, id, &session); err != nil {
		return User{}, err
	}
	return user, tx.SeeSession(session.ID, Millis(tx.Now()))
}

// SignInByIdentity opens a session for whom an issuer's subject is here. NotFound if that is nobody.
func (u *Users) SignInByIdentity(ctx context.Context, issuer, subject string, session Session) (User, error) {
	var user User
	err := u.Store.Write(ctx, func(tx Tx) error {
		known, err := tx.Identity(issuer, subject)
		if err != nil {
			return err
		}
		user, err = openSession(tx, known.User, session)
		return err
	})
	return user, err
}

// ByIdentity finds whom an issuer's subject is here; NotFound if that is nobody.
func (u *Users) ByIdentity(ctx context.Context, issuer, subject string) (User, error) {
	var user User
	err := u.Store.Read(ctx, func(s Snapshot) error {
		known, err := s.Identity(issuer, subject)
		if err == nil {
			user, err = s.User(known.User)
		}
		return err
	})
	return user, err
}

// AddIdentity adds an issuer's subject to the ways to sign in of a newcomer, who becomes a member by it if they are none yet. An
// identity that is the newcomer's already is left as it is; one that is somebody else's is Conflict.
func (u *Users) AddIdentity(ctx context.Context, n Newcomer, issuer, subject string) (Settled, error) {
	var settled Settled
	err := u.Store.Write(ctx, func(tx Tx) error {
		known, err := tx.Identity(issuer, subject)
		switch {
		case err == nil && known.User == n.Actor.User && n.Actor.User != 0:
			st, err := standing(tx, n.Actor)
			settled = Settled{User: st.User}
			return err
		case err == nil:
			return Errorf(Conflict, "", "That sign-in belongs to somebody else here.")
		case KindOf(err) != NotFound:
			return err
		}
		if settled, err = u.settle(tx, n); err != nil {
			return err
		}
		others, err := tx.Identities(settled.User.ID)
		if err != nil {
			return err
		}
		if len(others) >= MaxIdentities {
			return Errorf(Conflict, "", "You have %d of these already, as many as there may be. Remove one first.", MaxIdentities)
		}
		return tx.InsertIdentity(Identity{Issuer: issuer, Subject: subject, User: settled.User.ID, At: Millis(tx.Now())})
	})
	return settled, err
}

// Identities are the actor's own, the oldest first.
func (u *Users) Identities(ctx context.Context, a Actor) ([]Identity, error) {
	var all []Identity
	err := u.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, a)
		if err == nil {
			err = st.Can(Rename)
		}
		if err == nil {
			all, err = s.Identities(a.User)
		}
		return err
	})
	return all, err
}

// RemoveIdentity removes one of the actor's identities; Conflict if there is no other way left to sign in. The caller has asked for
// the password, if there is one; session is the actor's.
func (u *Users) RemoveIdentity(ctx context.Context, a Actor, session SessionID, issuer, subject string) error {
	return u.Store.Write(ctx, func(tx Tx) error {
		st, err := standing(tx, a)
		if err == nil {
			err = st.Can(Rename)
		}
		if err != nil {
			return err
		}
		known, err := tx.Identity(issuer, subject)
		if err == nil && known.User != a.User {
			err = Errorf(NotFound, "", "There is no such sign-in.")
		}
		if err != nil {
			return err
		}
		if err := fresh(tx, st.User, session); err != nil {
			return err
		}
		if err := tx.DeleteIdentity(issuer, subject); err != nil {
			return err
		}
		return keepsWay(tx, a.User)
	})
}

// keepsWay is Conflict if an account is left without any way to sign in. An e-mail address is none by itself: whether its mail
// arrives is not known here.
func keepsWay(s Snapshot, id UserID) error {
	user, err := s.User(id)
	if err != nil || user.Password != "" {
		return err
	}
	passkeys, err := s.Passkeys(id)
	if err != nil || len(passkeys) > 0 {
		return err
	}
	identities, err := s.Identities(id)
	if err != nil || len(identities) > 0 {
		return err
	}
	return Errorf(Conflict, "", "That is the only way you can sign in. Add another one first: a passkey or a password.")
}
