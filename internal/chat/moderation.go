package chat

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Moderation are the verbs of who keeps order on the whole server: what is done to people and networks, the queues of what waits
// for a decision, and the settings. Its methods may be called from any goroutine. Each asks Standing.Can on the rows of its own
// transaction, and everything it does is told in the audit log, with the reason that was given.
type Moderation struct {
	Store Store
	Rooms *Rooms // for what is decided in a room
	Wake  func() // is called when there is a job for Admin.Sweep; nil for nobody
}

// ModerationSnapshot is what moderation reads.
type ModerationSnapshot interface {
	// AddressBan is the ban of a network, also one that has run out. AddressBans are all of them, by network, those after one.
	AddressBan(network string) (AddressBan, error)
	AddressBans(after string, limit int) ([]AddressBan, error)
	// NetworksOf are the networks that a user's sessions were opened from.
	NetworksOf(user UserID, limit int) ([]string, error)
	// SpokeAt is when somebody last spoke in a room that is slow, unix ms; 0 for long ago.
	SpokeAt(room RoomID, user UserID) (int64, error)
}

// ModerationTx is what moderation writes.
type ModerationTx interface {
	// PutAddressBan bans a network, LiftAddressBan lets it in again; LiftAddressBansOf those banned with a user.
	PutAddressBan(b AddressBan) error
	LiftAddressBan(network string) error
	LiftAddressBansOf(user UserID) (int, error)
	// Spoke notes when somebody spoke in a slow room. A room that becomes slow remembers who spoke lately by itself.
	Spoke(room RoomID, user UserID, at int64) error
}

// An AddressBan keeps new guests of a network out.
type AddressBan struct {
	Network string `json:"network"`         // as NetworkOf has it
	Until   int64  `json:"until,omitempty"` // unix ms; 0: without an end
	User    UserID `json:"user,omitempty"`  // whom it was meant for, or 0
	By      UserID `json:"by,omitempty"`    // who banned it; 0 for whoever runs the machine
	At      int64  `json:"at"`
	Why     string `json:"why,omitempty"`
}

// NetworkOf is the network that one visitor may be expected to have, as it is stored and shown: an IPv4 address, or an IPv6 /64
// as "2001:db8:1:2::/64". It is "" for the zero Addr.
func NetworkOf(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	switch {
	case !a.IsValid():
		return ""
	case a.Is4():
		return a.String()
	}
	p, _ := a.Prefix(64) // fails for lengths that an address has not
	return p.String()
}

// ParseNetwork reads an address, or a network as NetworkOf writes it, and is the network. Errors name the field "network".
func ParseNetwork(text string) (string, error) {
	text = strings.TrimSpace(text)
	if p, err := netip.ParsePrefix(text); err == nil && (p.Addr().Is4() && p.Bits() == 32 || p.Addr().Is6() && p.Bits() == 64) {
		return NetworkOf(p.Addr()), nil
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return "", Errorf(Invalid, "network", "%q is neither an address nor an IPv6 network like 2001:db8:1:2::/64.", shorten(text, 60))
	}
	return NetworkOf(a), nil
}

// newcomer returns a Forbidden error if nobody new may come in just now, or not from that network.
func newcomer(s Snapshot, settings Settings, network string) error {
	if settings.Closed() {
		return Errorf(Forbidden, "username", "This server takes no new guests just now. Please sign in.")
	}
	if network == "" {
		return nil
	}
	ban, err := s.AddressBan(network)
	switch {
	case KindOf(err) == NotFound:
		return nil
	case err != nil:
		return err
	case ban.Until != 0 && ban.Until <= Millis(s.Now()):
		return nil
	}
	e := Errorf(Forbidden, "username", "No new guests can come in from your network just now. If you have an account, please sign in.")
	e.Until = ban.Until
	return e
}

// write runs f in a transaction for an actor who may do that on the server; why is checked.
func (m *Moderation) write(ctx context.Context, actor Actor, verb Verb, why *string, f func(tx Tx, st Standing) error) error {
	if why != nil {
		var err error
		if *why, err = CheckWhy(*why); err != nil {
			return err
		}
	}
	return m.Store.Write(ctx, func(tx Tx) error {
		st, err := standing(tx, actor)
		if err == nil {
			err = st.Can(verb)
		}
		if err != nil {
			return err
		}
		return f(tx, st)
	})
}

func (m *Moderation) read(ctx context.Context, actor Actor, verb Verb, f func(s Snapshot, st Standing) error) error {
	return m.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, actor)
		if err == nil {
			err = st.Can(verb)
		}
		if err != nil {
			return err
		}
		return f(s, st)
	})
}

// CheckUntil is a time until which somebody may not speak: 0 for one that has passed, at most Forever.
func CheckUntil(until, now int64) (int64, error) {
	switch {
	case until < 0:
		return 0, Errorf(Invalid, "muted_until", "muted_until is a time in unix milliseconds, or 0.")
	case until <= now:
		return 0, nil
	}
	return min(until, Forever), nil
}

// spokenUntil is a time as the audit log has it.
func spokenUntil(until int64) string {
	if until >= Forever {
		return "without an end"
	}
	return "until " + time.UnixMilli(until).UTC().Format("2006-01-02 15:04 MST")
}

// Mute keeps somebody from speaking anywhere until a time in unix ms; Forever is without an end, and what has passed, as 0,
// ends it. Nobody mutes who stands as high.
func (m *Moderation) Mute(ctx context.Context, actor Actor, id UserID, until int64, why string) (User, error) {
	var user User
	err := m.write(ctx, actor, Moderate, &why, func(tx Tx, st Standing) error {
		var err error
		if user, err = subject(tx, st, id); err != nil {
			return err
		}
		if until, err = CheckUntil(until, st.Now); err != nil || until == user.MutedUntil {
			return err
		}
		verb, detail := "unmuted", ""
		if until != 0 {
			verb, detail = "muted", spokenUntil(until)
		}
		user.MutedUntil = until
		if err := tx.UpdateUser(user); err != nil {
			return err
		}
		return note(tx, st.User, verb, id.String(), user.Name, detail, why)
	})
	return user, err
}

// Subject is a user as who moderates the server sees them.
func (m *Moderation) Subject(ctx context.Context, actor Actor, id UserID) (User, error) {
	var user User
	err := m.read(ctx, actor, Moderate, func(s Snapshot, _ Standing) error {
		var err error
		if user, err = s.User(id); err == nil && user.Gone() {
			err = Errorf(NotFound, "user", "That user has been deleted.")
		}
		return err
	})
	return user, err
}

// Banned are the users who were seen last among those who are deactivated and not deleted, at most 100.
func (m *Moderation) Banned(ctx context.Context, actor Actor) ([]User, error) {
	var users []User
	err := m.read(ctx, actor, Moderate, func(s Snapshot, _ Standing) error {
		list, err := s.UserList(UserQuery{Paging: Paging{Sort: SortSeen, Descending: true, Limit: bansListed}, State: StateDeactivated})
		for _, u := range list.Rows {
			if !u.Gone() {
				users = append(users, u)
			}
		}
		return err
	})
	return users, err
}

// subject is a user whom the standing's user may judge on the server.
func subject(s Snapshot, st Standing, id UserID) (User, error) {
	user, err := s.User(id)
	if err != nil {
		return User{}, err
	}
	if user.Gone() {
		return User{}, Errorf(NotFound, "user", "That user has been deleted.")
	}
	return user, st.Above(user)
}

// silence keeps somebody from speaking in the standing's room until a time, as Mute does on the server, and returns the head of the
// room. Nobody else is told but the one it is about.
func silence(tx Tx, st Standing, id UserID, until int64, why string) (int64, error) {
	if err := st.Can(Silence); err != nil {
		return 0, err
	}
	user, member, err := neighbour(tx, st, id)
	if err != nil {
		return 0, err
	}
	if id == st.User.ID {
		return 0, Errorf(Forbidden, "user", "Nobody mutes themself, or ends that.")
	}
	if until, err = CheckUntil(until, st.Now); err != nil || until == member.MutedUntil {
		return st.Room.Version, err
	}
	member.MutedUntil = until
	if err := tx.PutMember(&member); err != nil {
		return 0, err
	}
	verb, detail := "unmuted", ""
	if until != 0 {
		verb, detail = "muted", spokenUntil(until)
	}
	return st.Room.Version, note(tx, st.User, verb, personIn(st.Room.ID, id), user.Name, detail, why)
}

// neighbour is somebody in the standing's room, or who was or could be there, whom the standing's user may judge.
func neighbour(s Snapshot, st Standing, id UserID) (User, Member, error) {
	user, err := s.User(id)
	if err != nil {
		return User{}, Member{}, err
	}
	theirs, err := (Standing{User: user, Settings: st.Settings, Now: st.Now}).in(s, st.Room)
	if err != nil {
		return User{}, Member{}, err
	}
	if theirs.Member.User == 0 && st.Room.Kind != Public {
		return User{}, Member{}, Errorf(NotFound, "user", "%s is not in this room.", id)
	}
	theirs.Member.Room, theirs.Member.User, theirs.Member.Name = st.Room.ID, id, user.Name
	return user, theirs.Member, st.Over(user)
}

// A Ban says how somebody is kept out.
type Ban struct {
	Why     string
	Network bool  // also the networks that their sessions were opened from take no new guests
	Until   int64 // of the networks: unix ms, 0 for no end
}

// Ban keeps somebody out: the account may do nothing any more, and all its sessions and sockets end; what waited for approval
// is gone. It returns the networks that were banned with it. Nobody bans who stands as high, nor the only owner.
func (m *Moderation) Ban(ctx context.Context, actor Actor, id UserID, ban Ban) ([]string, error) {
	var networks []string
	err := m.write(ctx, actor, Moderate, &ban.Why, func(tx Tx, st Standing) error {
		user, err := subject(tx, st, id)
		if err == nil {
			err = keepOwner(tx, user, "user")
		}
		if err != nil {
			return err
		}
		if ban.Until < 0 || ban.Until > 0 && ban.Until <= st.Now {
			return Errorf(Invalid, "until", "A ban ends in the future.")
		}
		detail := ""
		networks = nil
		if ban.Network {
			if networks, err = m.banNetworks(tx, st, id, ban); err != nil {
				return err
			}
			detail = "with " + plural(len(networks), "network")
		}
		if user.Deactivated && len(networks) == 0 {
			return nil
		}
		if err := endAll(tx, id); err != nil {
			return err
		}
		// Whom an administrator has deactivated stays that.
		user.Deactivated, user.Banned = true, user.Banned || !user.Deactivated
		if err := tx.UpdateUser(user); err != nil {
			return err
		}
		if err := dropHeld(tx, id); err != nil {
			return err
		}
		if err := succeedAll(tx, id); err != nil {
			return err
		}
		return note(tx, st.User, "banned", id.String(), user.Name, detail, ban.Why)
	})
	if err == nil && m.Wake != nil {
		m.Wake()
	}
	return networks, err
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// networksOf is how many networks of one user are banned at most.
const networksOf = 20

func (m *Moderation) banNetworks(tx Tx, st Standing, id UserID, ban Ban) ([]string, error) {
	networks, err := tx.NetworksOf(id, networksOf)
	for _, network := range networks {
		if err == nil {
			err = tx.PutAddressBan(AddressBan{Network: network, Until: ban.Until, User: id, By: st.User.ID, At: st.Now, Why: ban.Why})
		}
	}
	return networks, err
}

// Unban lets somebody in again, and the networks that were banned with them. Guests have no way back, but their name. Whom an
// administrator deactivated, only administrators let in again.
func (m *Moderation) Unban(ctx context.Context, actor Actor, id UserID, why string) error {
	return m.write(ctx, actor, Moderate, &why, func(tx Tx, st Standing) error {
		user, err := tx.User(id)
		if err != nil {
			return err
		}
		if user.Gone() {
			return Errorf(NotFound, "user", "That user has been deleted.")
		}
		active := user
		active.Deactivated, active.Banned = false, false
		if err := st.Above(user); err != nil {
			return err
		}
		if user.Deactivated && !user.Banned && st.Can(Operate) != nil {
			return Errorf(Forbidden, "user", "%s was deactivated by an administrator.", user.Name)
		}
		lifted, err := tx.LiftAddressBansOf(id)
		if err != nil || lifted == 0 && !user.Deactivated {
			return err
		}
		detail := ""
		if lifted > 0 {
			detail = "with " + plural(lifted, "network")
		}
		if err := tx.UpdateUser(active); err != nil {
			return err
		}
		if err := succeedAll(tx, id); err != nil {
			return err
		}
		return note(tx, st.User, "unbanned", id.String(), user.Name, detail, why)
	})
}

// bansListed is how many bans one page of them has.
const bansListed = 100

// Networks are the networks that are banned, by name, those after one; more says whether there are others.
func (m *Moderation) Networks(ctx context.Context, actor Actor, after string) (bans []AddressBan, more bool, err error) {
	err = m.read(ctx, actor, Moderate, func(s Snapshot, _ Standing) error {
		var err error
		if bans, err = s.AddressBans(after, bansListed+1); len(bans) > bansListed {
			bans, more = bans[:bansListed], true
		}
		return err
	})
	return bans, more, err
}

// BanNetwork keeps new guests of a network out, until a time in unix ms or with 0 without an end. The network is an address or
// an IPv6 /64; it returns what was banned.
func (m *Moderation) BanNetwork(ctx context.Context, actor Actor, network string, until int64, why string) (string, error) {
	network, err := ParseNetwork(network)
	if err != nil {
		return "", err
	}
	return network, m.write(ctx, actor, Moderate, &why, func(tx Tx, st Standing) error {
		if until < 0 || until > 0 && until <= st.Now {
			return Errorf(Invalid, "until", "A ban ends in the future.")
		}
		if err := tx.PutAddressBan(AddressBan{Network: network, Until: until, By: st.User.ID, At: st.Now, Why: why}); err != nil {
			return err
		}
		detail := ""
		if until != 0 {
			detail = spokenUntil(until)
		}
		return note(tx, st.User, "banned", "network", network, detail, why)
	})
}

// LiftNetwork lets new guests of a network in again; NotFound if it is not banned.
func (m *Moderation) LiftNetwork(ctx context.Context, actor Actor, network, why string) error {
	network, err := ParseNetwork(network)
	if err != nil {
		return err
	}
	return m.write(ctx, actor, Moderate, &why, func(tx Tx, st Standing) error {
		if _, err := tx.AddressBan(network); err != nil {
			return err
		}
		if err := tx.LiftAddressBan(network); err != nil {
			return err
		}
		return note(tx, st.User, "unbanned", "network", network, "", why)
	})
}

// slowly returns RateLimited unless the user may speak again in the standing's room, which is slow; who moderates it always may.
func slowly(tx Tx, st Standing) error {
	if st.Room.Slow == 0 || st.rank() >= roomModerator {
		return nil
	}
	at, err := tx.SpokeAt(st.Room.ID, st.User.ID)
	if err != nil {
		return err
	}
	// A clock that was set back is no reason to wait longer than others.
	if wait := at + 1000*int64(st.Room.Slow) - st.Now; at <= st.Now && wait > 0 {
		seconds := int((wait + 999) / 1000)
		e := Errorf(RateLimited, "room", "This room is slow: please wait %s before you speak again.", plural(seconds, "second"))
		e.RetryAfter = seconds
		return e
	}
	return tx.Spoke(st.Room.ID, st.User.ID, st.Now)
}
