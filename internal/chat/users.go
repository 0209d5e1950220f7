package chat

import (
	"context"
	"fmt"
	"unicode/utf8"
)

// Users are the verbs on people and their sessions. Its methods may be called from any goroutine.
type Users struct {
	Store  Store
	Limits Limits
	Mail   Mailer // nil: this server sends no e-mail
}

// Guest takes a name for a new guest and opens a session for it, in one transaction. A name that an account, a script or
// a live guest holds is NameTaken, with a suggestion; case and look-alikes count. The name of a guest who was not seen
// for GuestLife is free again: a new user takes it, and what the old one wrote stays the old one's.
func (u *Users) Guest(ctx context.Context, name string, session Session) (User, error) {
	return u.create(ctx, User{Name: name, Kind: Guest}, &session, session.Address)
}

// Script takes a name for somebody who speaks without a session, as Guest does. Release frees it.
// The network is the one that they speak from, as NetworkOf has it; on the same terms as a guest's.
func (u *Users) Script(ctx context.Context, name, network string) (User, error) {
	return u.create(ctx, User{Name: name, Kind: Script}, nil, network)
}

func (u *Users) create(ctx context.Context, user User, session *Session, network string) (User, error) {
	name, err := CheckName(user.Name, u.Limits.Name)
	if err != nil {
		return User{}, err
	}
	user.Name, user.NameKey = name, NameKey(name)
	err = u.Store.Write(ctx, func(tx Tx) error {
		settings, err := tx.Settings()
		if err == nil {
			err = newcomer(tx, settings, network)
		}
		if err == nil {
			err = u.free(tx, name, 0)
		}
		if err != nil {
			return err
		}
		return u.insert(tx, &user, session)
	})
	return user, err
}

func (u *Users) insert(tx Tx, user *User, session *Session) error {
	now := Millis(tx.Now())
	user.CreatedAt, user.SeenAt = now, now
	if err := tx.InsertUser(user); err != nil || session == nil {
		return err
	}
	session.User, session.CreatedAt, session.SeenAt = user.ID, now, now
	return tx.InsertSession(*session)
}

// free returns a NameTaken error with a suggestion if somebody else than me holds the name. It takes the name from a
// guest who was not seen for GuestLife, ending that guest's sessions.
func (u *Users) free(tx Tx, name string, me UserID) error {
	if NameKey(name) == formerKey {
		return Errorf(NameTaken, "username", "%q is what everybody is called who is gone.", FormerMember)
	}
	holder, err := tx.UserByName(NameKey(name))
	switch {
	case KindOf(err) == NotFound:
		return nil
	case err != nil:
		return err
	case holder.ID == me:
		return nil
	}
	if holder.Kind == Guest && tx.Now().UnixMilli()-holder.SeenAt > GuestLife.Milliseconds() {
		if err := endAll(tx, holder.ID); err != nil {
			return err
		}
		holder.NameKey = ""
		return tx.UpdateUser(holder)
	}
	suggestion, err := u.suggest(tx, name)
	if err != nil {
		return err
	}
	if suggestion == "" {
		return Errorf(NameTaken, "username", "Somebody else is called %q here.", holder.Name)
	}
	taken := Errorf(NameTaken, "username", "Somebody else is called %q here. How about %q?", holder.Name, suggestion)
	taken.Suggestion = suggestion
	return taken
}

// suggestions is how many names are tried for one that is free; trying holds up whoever else wants to write.
const suggestions = 100

// suggest is a free name that begins like name, or "" if none is found soon.
func (u *Users) suggest(tx Tx, name string) (string, error) {
	for n := 2; n < 2+suggestions; n++ {
		suffix := fmt.Sprint(n)
		if len(suffix) >= u.Limits.Name {
			break // nothing would be left of the name
		}
		stem := name
		for utf8.RuneCountInString(stem)+len(suffix) > u.Limits.Name {
			_, size := utf8.DecodeLastRuneInString(stem)
			stem = stem[:len(stem)-size]
		}
		_, err := tx.UserByName(NameKey(stem + suffix))
		if KindOf(err) == NotFound {
			return stem + suffix, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", nil
}

// Release frees the name of a script whose socket has closed. Its messages keep their author.
func (u *Users) Release(ctx context.Context, id UserID) error {
	return u.Store.Write(ctx, func(tx Tx) error {
		user, err := tx.User(id)
		if err != nil || user.Kind != Script || user.NameKey == "" {
			return err
		}
		user.NameKey = ""
		return tx.UpdateUser(user)
	})
}

// ReleaseAll frees the names of all scripts, whose sockets are gone after a restart.
func (u *Users) ReleaseAll(ctx context.Context) error {
	return u.Store.Write(ctx, func(tx Tx) error { return tx.ReleaseScripts() })
}

// Session finds whose session an id is and marks it as seen, at most once an hour. A session that there is not, that was not
// seen for GuestLife or AccountLife, or of a deactivated user is Unauthenticated.
func (u *Users) Session(ctx context.Context, id SessionID) (User, error) {
	var user User
	stale := false
	err := u.Store.Read(ctx, func(s Snapshot) error {
		session, err := s.Session(id)
		if err != nil {
			return err
		}
		if user, err = s.User(session.User); err != nil {
			return err
		}
		age, life := Millis(s.Now())-session.SeenAt, AccountLife
		if user.Kind == Guest {
			life = GuestLife
		}
		stale = age > hour
		if user.Deactivated || age > life.Milliseconds() {
			return Errorf(NotFound, "", "That session has ended.")
		}
		return nil
	})
	if KindOf(err) == NotFound {
		return User{}, Errorf(Unauthenticated, "", "Please join with a name or sign in.")
	}
	if err == nil && stale {
		// Not being able to note it is no reason to turn somebody away.
		_ = u.Store.Write(ctx, func(tx Tx) error { return tx.SeeSession(id, Millis(tx.Now())) })
	}
	return user, err
}

const hour = 60 * 60 * 1000 // milliseconds

// ByName finds who holds a name; NotFound if nobody does.
func (u *Users) ByName(ctx context.Context, name string) (User, error) {
	var user User
	err := u.Store.Read(ctx, func(s Snapshot) error {
		var err error
		user, err = s.UserByName(NameKey(name))
		return err
	})
	return user, err
}

// SignIn opens a session for a user who has shown who they are.
func (u *Users) SignIn(ctx context.Context, id UserID, session Session) error {
	return u.Store.Write(ctx, func(tx Tx) error {
		_, err := openSession(tx, id, session)
		return err
	})
}

// SignOut ends a session and closes its sockets. A guest's name becomes free with the last session.
func (u *Users) SignOut(ctx context.Context, id SessionID) error {
	return u.Store.Write(ctx, func(tx Tx) error {
		session, err := tx.Session(id)
		if KindOf(err) == NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return endSession(tx, session)
	})
}

// An Enrolment makes an account that can sign in: of the guest who asks, keeping their messages and rooms, or a new user.
type Enrolment struct {
	Actor    Actor // a guest becomes the account in place; anybody else is left alone and a new user made
	Name     string
	Password string // PHC string
	Email    string // "" for none; it counts once the link is opened that is sent to it
	Role     Role
	// First says that this makes the first owner, whatever the settings: if there is one already the error is Conflict.
	First bool
	// Invited is called with the new account in the same transaction, where the server's settings ask for an invitation as well
	// as where they do not: it uses the invitation up, and its error undoes everything. nil: there is no invitation.
	Invited func(tx Tx, user User) error
	Session *Session // opened for the account, unless nil
}

// Enrol makes an account. A name that somebody else holds is NameTaken; who may not make one by the server's settings is
// Forbidden. Whether the address is another's is told to nobody but its owner, by e-mail.
func (u *Users) Enrol(ctx context.Context, e Enrolment) (User, error) {
	name, err := CheckName(e.Name, u.Limits.Name)
	if err != nil {
		return User{}, err
	}
	address, key := "", ""
	if e.Email != "" {
		if address, key, err = CheckEmail(e.Email); err != nil {
			return User{}, err
		}
	}
	var user User
	err = u.Store.Write(ctx, func(tx Tx) error {
		var err error
		if user, err = u.enrol(tx, e, name); err != nil {
			return err
		}
		if key != "" {
			if err := claim(tx, user.ID, address, key); err != nil {
				return err
			}
		}
		if e.Invited != nil {
			return e.Invited(tx, user)
		}
		return nil
	})
	if err == nil && key != "" {
		u.verify(user.ID, key)
	}
	return user, err
}

func (u *Users) enrol(tx Tx, e Enrolment, name string) (User, error) {
	st, err := standing(tx, e.Actor)
	if err != nil {
		return User{}, err
	}
	if err := mayEnrol(tx, st, e); err != nil {
		return User{}, err
	}
	user := st.User
	inPlace := st.stays()
	if !inPlace {
		user = User{}
	}
	if err := u.free(tx, name, user.ID); err != nil {
		return User{}, err
	}
	user.Name, user.NameKey, user.Kind, user.Password, user.Role = name, NameKey(name), Account, e.Password, e.Role
	if inPlace {
		err = u.promote(tx, user, e.Session)
	} else {
		err = u.insert(tx, &user, e.Session)
	}
	return user, err
}

// stays reports whether whoever becomes a member is a guest here, and stays the same user.
func (s Standing) stays() bool { return s.User.Kind == Guest && !s.User.Deactivated }

// mayEnrol is nil if the account may be made. A lockdown and a ban of the network keep out who is nobody here yet, also with an
// invitation; a guest who is here already may become a member.
func mayEnrol(s Snapshot, st Standing, e Enrolment) error {
	if !e.First {
		err := mayRegister(st)
		if e.Invited != nil && st.Settings.Registration == ByInvitation {
			err = st.Can(Become)
		}
		if err != nil || st.stays() {
			return err
		}
		network := ""
		if e.Session != nil {
			network = e.Session.Address
		}
		return stranger(s, st.Settings, network)
	}
	owners, err := s.Owners()
	if err == nil && owners > 0 {
		err = Errorf(Conflict, "", "This server has an owner already.")
	}
	return err
}

// stranger is Forbidden if nobody may make an account of nothing just now, or not from that network.
func stranger(s Snapshot, settings Settings, network string) error {
	settings.NoGuests = false // that is about guests alone
	err := newcomer(s, settings, network)
	if KindOf(err) != Forbidden {
		return err
	}
	e := Errorf(Forbidden, "", "Nobody new can come in just now, or not from your network. If you have an account, please sign in.")
	e.Until = AsError(err).Until
	return e
}

// promote stores a guest that has become an account: its guest sessions end, so that a token from before is worth nothing.
func (u *Users) promote(tx Tx, user User, session *Session) error {
	if err := tx.UpdateUser(user); err != nil {
		return err
	}
	// A private room of guests alone has a moderator again.
	if err := succeedAll(tx, user.ID); err != nil || session == nil {
		return err
	}
	if err := endAll(tx, user.ID); err != nil {
		return err
	}
	return addSession(tx, user.ID, session)
}

// WasCalled reports whether the user once had that name and was renamed.
func (u *Users) WasCalled(ctx context.Context, id UserID, name string) (bool, error) {
	was := false
	err := u.Store.Read(ctx, func(s Snapshot) error {
		ids, err := s.NamesBefore(NameKey(name))
		for _, before := range ids {
			was = was || before == id
		}
		return err
	})
	return was, err
}
