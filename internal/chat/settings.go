package chat

import (
	"context"
	"slices"
	"strconv"
)

// Settings are what an administrator decides for the whole server. The zero value is a server that is open to everybody.
type Settings struct {
	// CreateRooms is who may make public rooms: "" everybody, or from members, moderators or administrators on.
	CreateRooms Threshold `json:"create_rooms,omitempty"`
	// NoGuests: nobody becomes a guest; people come in by signing in, registering or an invitation.
	NoGuests bool `json:"no_guests,omitempty"`
	// GuestsMayNotRead: public rooms are read by members of the server, and by guests who were let into the room.
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
	if s.Lockdown == NoLockdown {
		return false
	}
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
	case Anybody, Become, Rename, Appear, Leave, Retract:
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
		// Who joins a room reads it.
		if (s.GuestsMayNotPost || s.GuestsMayNotRead) && outside {
			ask(registered)
		}
	}
	if s.locked(MembersOnly) {
		ask(registered)
	}
	return needs
}

// A SettingsEdit is what is to be changed about the settings; nil leaves it as it is.
type SettingsEdit struct {
	CreateRooms      *Threshold    `json:"create_rooms"`
	NoGuests         *bool         `json:"no_guests"`
	GuestsMayNotRead *bool         `json:"guests_may_not_read"`
	GuestsMayNotPost *bool         `json:"guests_may_not_post"`
	Registration     *Registration `json:"registration"`
	Lockdown         *Lockdown     `json:"lockdown"`
	HoldFirst        *bool         `json:"hold_first"`
}

// verb is what it takes: the lockdown is anybody's who moderates the server, all else an administrator's.
func (e SettingsEdit) verb() Verb {
	if e.Lockdown = nil; e == (SettingsEdit{}) {
		return Moderate
	}
	return Operate
}

// apply is the settings with the edit.
func (e SettingsEdit) apply(s Settings) Settings {
	set(&s.CreateRooms, e.CreateRooms)
	set(&s.NoGuests, e.NoGuests)
	set(&s.GuestsMayNotRead, e.GuestsMayNotRead)
	set(&s.GuestsMayNotPost, e.GuestsMayNotPost)
	set(&s.Registration, e.Registration)
	set(&s.Lockdown, e.Lockdown)
	set(&s.HoldFirst, e.HoldFirst)
	return s
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}

// settingsChange says in words what changed.
func settingsChange(was, is Settings) string {
	var changed details
	changed.add("create_rooms", string(was.CreateRooms), string(is.CreateRooms))
	changed.add("no_guests", strconv.FormatBool(was.NoGuests), strconv.FormatBool(is.NoGuests))
	changed.add("guests_may_not_read", strconv.FormatBool(was.GuestsMayNotRead), strconv.FormatBool(is.GuestsMayNotRead))
	changed.add("guests_may_not_post", strconv.FormatBool(was.GuestsMayNotPost), strconv.FormatBool(is.GuestsMayNotPost))
	changed.add("registration", string(was.Registration), string(is.Registration))
	changed.add("lockdown", string(was.Lockdown), string(is.Lockdown))
	changed.add("hold_first", strconv.FormatBool(was.HoldFirst), strconv.FormatBool(is.HoldFirst))
	return changed.String()
}

// change stores the settings with an edit and notes it.
func (e SettingsEdit) change(tx Tx, by User, why string) (Settings, error) {
	was, err := tx.Settings()
	if err != nil {
		return was, err
	}
	is := e.apply(was)
	if err := is.Check(); err != nil {
		return was, err
	}
	if is == was {
		return is, nil
	}
	if err := tx.PutSettings(is); err != nil {
		return was, err
	}
	return is, note(tx, by, "changed", "server", "settings", settingsChange(was, is), why)
}

// Settings are the server's, for whoever moderates it.
func (m *Moderation) Settings(ctx context.Context, actor Actor) (Settings, error) {
	var settings Settings
	err := m.read(ctx, actor, Moderate, func(_ Snapshot, st Standing) error {
		settings = st.Settings
		return nil
	})
	return settings, err
}

// ChangeSettings changes the server's settings and returns them. They hold at once, also on sockets that are open.
func (m *Moderation) ChangeSettings(ctx context.Context, actor Actor, e SettingsEdit, why string) (Settings, error) {
	var settings Settings
	err := m.write(ctx, actor, e.verb(), &why, func(tx Tx, st Standing) error {
		var err error
		settings, err = e.change(tx, st.User, why)
		return err
	})
	return settings, err
}

// LockDown puts a level in force, for whoever runs the machine, and returns the one that was.
func (a *Admin) LockDown(ctx context.Context, level Lockdown, why string) (was Lockdown, err error) {
	if why, err = CheckWhy(why); err != nil {
		return "", err
	}
	err = a.Store.Write(ctx, func(tx Tx) error {
		before, err := tx.Settings()
		if err != nil {
			return err
		}
		was = before.Lockdown
		_, err = SettingsEdit{Lockdown: &level}.change(tx, User{}, why)
		return err
	})
	return was, err
}
