package chat

import "slices"

// Settings are what an administrator decides for the whole server. The zero value is a server that is open to everybody.
type Settings struct {
	// CreateRooms is who may make public rooms: "" everybody, or from members, moderators or administrators on.
	CreateRooms Threshold `json:"create_rooms,omitempty"`
	// NoGuests: nobody becomes a guest; people come in by signing in, registering or an invitation.
	NoGuests bool `json:"no_guests,omitempty"`
	// GuestsMayNotRead: public rooms are read by members of the server and of the room only.
	GuestsMayNotRead bool `json:"guests_may_not_read,omitempty"`
	// GuestsMayNotPost: guests and sockets without a session read only, but where they were let into a room.
	GuestsMayNotPost bool         `json:"guests_may_not_post,omitempty"`
	Registration     Registration `json:"registration,omitempty"`
	Lockdown         Lockdown     `json:"lockdown,omitempty"`
	// HoldFirst: a guest's messages wait for approval until one of them was approved.
	HoldFirst bool `json:"hold_first,omitempty"`
}

// A Threshold says from which role on.
type Threshold string

// The thresholds.
const (
	FromEverybody      Threshold = ""
	FromMembers        Threshold = "members"
	FromModerators     Threshold = "moderators"
	FromAdministrators Threshold = "administrators"
)

// Thresholds are all of them.
var Thresholds = []Threshold{FromEverybody, FromMembers, FromModerators, FromAdministrators}

// Registration is who may make an account.
type Registration string

// The ways of registration.
const (
	OpenRegistration Registration = ""        // everybody
	ByInvitation     Registration = "invited" // who has an invitation that says so
	NoRegistration   Registration = "closed"
)

// Registrations are all of them.
var Registrations = []Registration{OpenRegistration, ByInvitation, NoRegistration}

// A Lockdown is what holds until a storm is over. Each level includes those before it.
type Lockdown string

// The levels.
const (
	NoLockdown  Lockdown = ""
	NoNewGuests Lockdown = "no_guests"    // nobody becomes a guest
	MembersOnly Lockdown = "members_only" // guests neither read nor speak
	ReadOnly    Lockdown = "read_only"    // only moderators speak
)

// Lockdowns are all levels, the mildest first.
var Lockdowns = []Lockdown{NoLockdown, NoNewGuests, MembersOnly, ReadOnly}

// Check returns an Invalid error that names the field whose value is none.
func (s Settings) Check() error {
	switch {
	case !slices.Contains(Thresholds, s.CreateRooms):
		return Errorf(Invalid, "create_rooms", "%q is not one of members, moderators and administrators.", s.CreateRooms)
	case !slices.Contains(Registrations, s.Registration):
		return Errorf(Invalid, "registration", "%q is neither invited nor closed.", s.Registration)
	case !slices.Contains(Lockdowns, s.Lockdown):
		return Errorf(Invalid, "lockdown", "%q is not a level.", s.Lockdown)
	}
	return nil
}

// locked reports whether a level is in force.
func (s Settings) locked(level Lockdown) bool {
	return slices.Index(Lockdowns, s.Lockdown) >= slices.Index(Lockdowns, level)
}

// Closed reports whether nobody can become a guest just now.
func (s Settings) Closed() bool { return s.NoGuests || s.locked(NoNewGuests) }

// Narrower reports whether somebody who could read under s may not under next.
func (s Settings) Narrower(next Settings) bool {
	return next.GuestsMayNotRead && !s.GuestsMayNotRead || next.locked(MembersOnly) && !s.locked(MembersOnly)
}

// needs is the least rank that the settings, of the server and of the room, ask for.
func (s Settings) needs(verb Verb, room Room, joined bool) rank {
	needs := never
	ask := func(r rank) { needs = max(needs, r) }
	outside := room.ID == 0 || room.Kind == Public && !joined
	switch verb {
	case Anybody, Become, Rename, Leave, Retract:
		return never
	case Create:
		ask(map[Threshold]rank{FromMembers: registered, FromModerators: moderator, FromAdministrators: administrator}[s.CreateRooms])
	case Read:
		if s.GuestsMayNotRead && outside {
			ask(registered)
		}
		if room.NoPreview && outside && room.ID != 0 {
			ask(insider)
		}
	case Speak, Join:
		if s.GuestsMayNotPost && outside {
			ask(registered)
		}
	}
	if s.locked(MembersOnly) {
		ask(registered)
	}
	return needs
}
