package chat

import (
	"context"
	"fmt"
)

const (
	// MaxPasskeys is how many passkeys one person may have.
	MaxPasskeys = 20
	// passkeyNameLimit is how many characters the name of a passkey may have.
	passkeyNameLimit = 60
)

// A Passkey is a way to sign in without a password: a pair of keys of which the person's device keeps the private one
// (W3C Web Authentication).
type Passkey struct {
	ID         string // the credential's id, base64url without padding
	User       UserID
	Name       string // what its person calls it
	Handle     string // what devices know the person by, base64url; the same for all passkeys of one person
	Credential string // what a signature is checked with; only those who check it look into it
	CreatedAt  int64  // unix ms
	SeenAt     int64  // unix ms, when somebody signed in with it last; 0 if nobody has
}

// PasskeySnapshot reads passkeys.
type PasskeySnapshot interface {
	// Passkey finds a passkey by its id.
	Passkey(id string) (Passkey, error)
	// Passkeys are those of a user, the oldest first.
	Passkeys(user UserID) ([]Passkey, error)
}

// PasskeyTx stores passkeys.
type PasskeyTx interface {
	// InsertPasskey stores a passkey; Conflict if there is one with its id, whosever it is.
	InsertPasskey(p Passkey) error
	// UpdatePasskey stores name, credential and SeenAt of a passkey.
	UpdatePasskey(p Passkey) error
	// DeletePasskey removes a passkey; one that there is not is no error.
	DeletePasskey(id string) error
}

// Passkeys are the actor's own, the oldest first.
func (u *Users) Passkeys(ctx context.Context, a Actor) ([]Passkey, error) {
	var all []Passkey
	err := u.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, a)
		if err == nil {
			err = st.Can(Rename)
		}
		if err == nil {
			all, err = s.Passkeys(a.User)
		}
		return err
	})
	return all, err
}

// Passkey finds a passkey by its id, to check with it who somebody is. NotFound if there is none.
func (u *Users) Passkey(ctx context.Context, id string) (Passkey, error) {
	var p Passkey
	err := u.Store.Read(ctx, func(s Snapshot) error {
		var err error
		p, err = s.Passkey(id)
		return err
	})
	return p, err
}

// AddPasskey stores a passkey that the actor's device has made. A member has one more then; a guest, or nobody who gives a name,
// becomes a member by it, see Newcomer. The caller has checked that the key is the device's; only p.ID, Handle, Credential and
// Name count, and without a name it is given one.
func (u *Users) AddPasskey(ctx context.Context, n Newcomer, p Passkey) (Settled, error) {
	if p.Name != "" {
		name, err := checkPasskeyName(p.Name)
		if err != nil {
			return Settled{}, err
		}
		p.Name = name
	}
	var settled Settled
	err := u.Store.Write(ctx, func(tx Tx) error {
		var err error
		if settled, err = u.settle(tx, n); err != nil {
			return err
		}
		return addPasskey(tx, settled.User, p)
	})
	return settled, err
}

// addPasskey stores a passkey of a user, under a name that tells it from the user's others.
func addPasskey(tx Tx, user User, p Passkey) error {
	others, err := tx.Passkeys(user.ID)
	if err != nil {
		return err
	}
	if len(others) >= MaxPasskeys {
		return Errorf(Conflict, "", "You have %d passkeys already, as many as there may be. Remove one first.", MaxPasskeys)
	}
	taken := map[string]bool{}
	for _, o := range others {
		taken[o.Name] = true
		if o.Handle != p.Handle {
			return Errorf(Conflict, "", "Another passkey was added meanwhile. Please try again.")
		}
	}
	for n := 1; p.Name == ""; n++ {
		name := "Passkey"
		if n > 1 {
			name = fmt.Sprint("Passkey ", n)
		}
		if !taken[name] {
			p.Name = name
		}
	}
	p.User, p.CreatedAt, p.SeenAt = user.ID, Millis(tx.Now()), 0
	return tx.InsertPasskey(p)
}

// SignInByPasskey opens a session for whoever has signed with the passkey was, which is stored as is from now on. Conflict if the
// passkey has been used since was was read: what the signature was checked against is not what is stored.
func (u *Users) SignInByPasskey(ctx context.Context, was, is Passkey, session Session) (User, error) {
	var user User
	err := u.Store.Write(ctx, func(tx Tx) error {
		stored, err := tx.Passkey(was.ID)
		if err != nil {
			return err
		}
		if stored.User != was.User || stored.Credential != was.Credential {
			return Errorf(Conflict, "", "This passkey has been used meanwhile. Please try again.")
		}
		stored.Credential, stored.SeenAt = is.Credential, Millis(tx.Now())
		if err := tx.UpdatePasskey(stored); err != nil {
			return err
		}
		user, err = openSession(tx, stored.User, session)
		return err
	})
	return user, err
}

// RenamePasskey gives one of the actor's passkeys another name.
func (u *Users) RenamePasskey(ctx context.Context, a Actor, id, name string) error {
	name, err := checkPasskeyName(name)
	if err != nil {
		return err
	}
	return u.ownPasskey(ctx, a, id, func(tx Tx, p Passkey) error {
		p.Name = name
		return tx.UpdatePasskey(p)
	})
}

// RemovePasskey removes one of the actor's passkeys; Conflict if there is no other way left to sign in. The caller has asked for the
// password, if there is one; session is the actor's.
func (u *Users) RemovePasskey(ctx context.Context, a Actor, session SessionID, id string) error {
	return u.ownPasskey(ctx, a, id, func(tx Tx, p Passkey) error {
		user, err := tx.User(a.User)
		if err != nil {
			return err
		}
		if err := fresh(tx, user, session); err != nil {
			return err
		}
		if err := tx.DeletePasskey(p.ID); err != nil {
			return err
		}
		return keepsWay(tx, a.User)
	})
}

// ownPasskey runs f on a passkey of the actor's own; another's is NotFound, like one that there is not.
func (u *Users) ownPasskey(ctx context.Context, a Actor, id string, f func(tx Tx, p Passkey) error) error {
	return u.Store.Write(ctx, func(tx Tx) error {
		st, err := standing(tx, a)
		if err == nil {
			err = st.Can(Rename)
		}
		if err != nil {
			return err
		}
		p, err := tx.Passkey(id)
		if err == nil && p.User != a.User {
			err = Errorf(NotFound, "", "There is no such passkey.")
		}
		if err != nil {
			return err
		}
		return f(tx, p)
	})
}

func checkPasskeyName(name string) (string, error) {
	return checkLine("name", "name", name, passkeyNameLimit)
}
