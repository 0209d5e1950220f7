package chat

import (
	"context"
	"slices"
)

// An Offer is what an invitation grants, as it is shown to whoever holds its link.
type Offer struct {
	Invitation Invitation
	Room       Room // the zero Room if it is to the server alone
	By         Person
	Taken      bool // who asks has used it already
	Inside     bool // who asks is in the room already
}

// Left is how many people the invitation still admits, and whether it counts them.
func (o Offer) Left() (int64, bool) {
	return max(o.Invitation.Uses-o.Invitation.Used, 0), o.Invitation.Uses != 0
}

// For reports whether the invitation can be taken by who that is: what gives a role on the server is for accounts.
func (o Offer) For(u User) bool {
	return o.Invitation.Role == NoRole || o.Invitation.Role == Enroller || u.Kind == Account
}

// Look says what the invitation of a token grants. A token that was never given is NotFound; one that admits nobody any more
// is Expired, UsedUp (but not for those whom it has admitted, while they are in its room) or Revoked.
func (i *Invitations) Look(ctx context.Context, a Actor, token string) (Offer, error) {
	var offer Offer
	err := i.Users.Store.Read(ctx, func(s Snapshot) error {
		var err error
		offer, err = offered(s, a.User, token)
		return err
	})
	return offer, err
}

// offered is what Look says, in a snapshot.
func offered(s Snapshot, user UserID, token string) (Offer, error) {
	invite, err := s.InviteByHash(hashOf(token))
	if KindOf(err) == NotFound {
		return Offer{}, Errorf(NotFound, "token", "There is no such invitation. Perhaps a part of the link is missing.")
	}
	if err != nil {
		return Offer{}, err
	}
	offer := Offer{Invitation: invite}
	if user != 0 {
		if offer.Taken, err = s.InviteUsed(invite.ID, user); err != nil {
			return Offer{}, err
		}
	}
	if err := offer.holds(Millis(s.Now())); err != nil {
		return Offer{}, err
	}
	maker, err := s.User(invite.By)
	if err != nil {
		return Offer{}, err
	}
	offer.By = Person{maker.ID, maker.Name}
	ref := ""
	if invite.Room != 0 {
		ref = invite.Room.String()
	}
	st, err := mayInvite(s, Actor{invite.By}, ref, invite.Role)
	if Refused(err) {
		return Offer{}, Errorf(Revoked, "token", "This invitation cannot be kept: whoever sent it may not let people in any more. Ask for another one.")
	}
	if err != nil {
		return Offer{}, err
	}
	offer.Room = st.Room
	if user == 0 || st.Room.ID == 0 {
		return offer, nil
	}
	m, err := s.Member(st.Room.ID, user)
	if err != nil && KindOf(err) != NotFound {
		return Offer{}, err
	}
	if offer.Inside = m.Joined; offer.Taken && !offer.Inside {
		// An invitation is a way in once: whoever was removed since would walk in again.
		return Offer{}, Errorf(UsedUp, "token", "You came in by this invitation before, and are not in the room any more. Ask for a new one.")
	}
	return offer, nil
}

// holds is nil while an invitation admits whoever looks at it.
func (o Offer) holds(now int64) error {
	i := o.Invitation
	switch {
	case i.Revoked:
		return Errorf(Revoked, "token", "This invitation was taken back. Ask whoever sent it for another one.")
	case i.ExpiresAt != 0 && now >= i.ExpiresAt:
		return Errorf(Expired, "token", "This invitation was good until %s. Ask whoever sent it for another one.", moment(i.ExpiresAt))
	case i.Uses != 0 && i.Used >= i.Uses && !o.Taken:
		return o.usedUp()
	}
	return nil
}

func (o Offer) usedUp() error {
	if o.Invitation.Uses == 1 {
		return Errorf(UsedUp, "token", "This invitation was for one person, who has come already. Ask whoever sent it for another one.")
	}
	return Errorf(UsedUp, "token", "This invitation was for %d people, and all of them have come. Ask whoever sent it for another one.", o.Invitation.Uses)
}

// An Acceptance is somebody who takes an invitation.
type Acceptance struct {
	Actor   Actor // nobody becomes a guest
	Token   string
	Name    string   // of the guest who is made
	Session *Session // opened for that guest
}

// Accept lets somebody in by an invitation, in one transaction: nobody becomes a guest of that name, the user becomes a member of
// the room, also of a private one, an account is given the role, and the invitation counts them once, however often they come.
// Who has taken it before is granted nothing again: they get in while they are in the room, and are UsedUp when they are not.
// When anything is refused nothing of it happens. The Room is the zero Room if the invitation is to the server alone.
//
// An invitation lets people in where the server takes no guests (Settings.NoGuests), since that is what it is for: somebody whom
// the server trusts has asked them. A lockdown stops it for who would be a new guest: it is for an hour in which whatever
// links are about may be in the wrong hands. A ban, of the person or of the network of who would be a guest, and the room's archiving
// stop it as well.
func (i *Invitations) Accept(ctx context.Context, a Acceptance) (Entered, error) {
	name := ""
	if a.Actor.User == 0 {
		var err error
		if name, err = CheckName(a.Name, i.Users.Limits.Name); err != nil {
			return Entered{}, err
		}
	}
	var in Entered
	err := i.Users.Store.Write(ctx, func(tx Tx) error {
		in = Entered{}
		st, err := standing(tx, a.Actor)
		if err != nil {
			return err
		}
		offer, err := offered(tx, st.User.ID, a.Token)
		if err != nil {
			return err
		}
		if !offer.For(st.User) {
			return errAccountWanted(st.User, offer.Invitation.Role)
		}
		if st.User.ID == 0 {
			if st.User, err = i.guest(tx, st.Settings, name, a.Session); err != nil {
				return err
			}
			in.New = true
		}
		in.Room = offer.Room
		in.User, err = take(tx, st, offer)
		return err
	})
	return in, err
}

func errAccountWanted(u User, role Role) error {
	kind := Forbidden
	if u.ID == 0 {
		kind = Unauthenticated
	}
	return Errorf(kind, "role", "This invitation makes you %s, which is for people with an account. Please make one or sign in, then come back here.", spoken(role))
}

// spoken is a role as people say it.
func spoken(role Role) string {
	if role == Moderator {
		return "a " + string(role)
	}
	return "an " + string(role)
}

// guest makes whoever holds an invitation a guest.
func (i *Invitations) guest(tx Tx, settings Settings, name string, session *Session) (User, error) {
	settings.NoGuests = false // that there are invitations to a server without guests is the point of them
	network := ""
	if session != nil {
		network = session.Address
	}
	if err := newcomer(tx, settings, network); err != nil {
		return User{}, err
	}
	u := User{Name: name, NameKey: NameKey(name), Kind: Guest}
	if err := i.Users.free(tx, name, 0); err != nil {
		return User{}, err
	}
	return u, i.Users.insert(tx, &u, session)
}

// take gives the user of a standing, who is somebody by now, what an invitation grants, and counts them; nothing to whom it has counted
// before.
func take(tx Tx, st Standing, offer Offer) (User, error) {
	if err := st.Can(Rename); err != nil { // what one gets is one's own
		return User{}, err
	}
	counted, err := tx.UseInvite(offer.Invitation.ID, st.User.ID)
	switch {
	case KindOf(err) == UsedUp:
		return User{}, offer.usedUp()
	case err != nil:
		return User{}, err
	case !counted:
		return st.User, nil
	}
	user, err := raiseTo(tx, st.User, offer)
	if err != nil || offer.Room.ID == 0 {
		return user, err
	}
	if st, err = st.in(tx, offer.Room); err != nil {
		return User{}, err
	}
	// Whom somebody of the room has asked in may join it as if inside already: what is private is no secret to them.
	asked := st
	asked.Member.Joined = true
	if err := asked.Can(Join); err != nil {
		return User{}, err
	}
	_, err = enter(tx, st)
	return user, err
}

// raiseTo gives an account the role of an invitation, unless it has a higher one.
func raiseTo(tx Tx, user User, offer Offer) (User, error) {
	roles := []Role{NoRole, Moderator, Administrator, Owner}
	role := offer.Invitation.Role
	if user.Kind != Account || slices.Index(roles, role) <= slices.Index(roles, user.Role) {
		return user, nil
	}
	was := user
	user.Role = role
	if err := tx.UpdateUser(user); err != nil {
		return User{}, err
	}
	maker := User{ID: offer.By.ID, Name: offer.By.Name}
	return user, note(tx, maker, "changed", user.ID.String(), user.Name, userChange(was, user), "by "+offer.Invitation.grants())
}

// Enrols uses the invitation of a token for an account that is being made, see Enrolment.Invited: it is counted, and the account
// gets what the invitation grants. It has to be one that allows to make an account: Forbidden.
func (i *Invitations) Enrols(token string) func(tx Tx, user User) error {
	return func(tx Tx, user User) error {
		offer, err := offered(tx, user.ID, token)
		if err != nil {
			return err
		}
		st, err := standing(tx, Actor{user.ID})
		if err != nil {
			return err
		}
		if offer.Invitation.Role == NoRole && st.Settings.Registration == ByInvitation {
			return Errorf(Forbidden, "token", "This invitation does not allow to make an account.")
		}
		_, err = take(tx, st, offer)
		return err
	}
}
