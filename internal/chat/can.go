package chat

import (
	"strings"
	"time"
)

// A Verb is something that somebody may or may not do. Every route and every socket command is registered with one.
type Verb string

// The verbs of the permission table.
const (
	Anybody Verb = "ask" // what needs no permission: who am I, signing in, a file of the client

	Read    Verb = "read"    // see a room, its messages and who is there
	Speak   Verb = "speak"   // post, and edit what is one's own
	Retract Verb = "retract" // delete what is one's own
	Join    Verb = "join"    // become a member
	Leave   Verb = "leave"   // be a member no longer
	Mark    Verb = "mark"    // what is my own about a room: how far I have read, what I am told of
	Report  Verb = "report"  // tell the moderators of a message

	Add       Verb = "add people"        // make others members
	Invite    Verb = "invite"            // hand out links that let people in
	Remove    Verb = "remove people"     // end the membership of others, ban them, let them in again
	Silence   Verb = "mute people"       // keep others from speaking, for a time
	Appoint   Verb = "appoint"           // make and unmake moderators of the room
	DeleteAny Verb = "delete any"        // delete what others wrote
	Approve   Verb = "approve"           // see what waits for approval or was reported, and decide it
	Review    Verb = "review"            // see what moderators did
	Manage    Verb = "manage the room"   // its name, topic, description, pace, preview
	Convert   Verb = "convert the room"  // from public to private and back
	Archive   Verb = "archive the room"  // and bring it back
	Drop      Verb = "delete the room"   //
	Create    Verb = "create"            // make a public room
	Enclose   Verb = "create privately"  // make a private room
	Direct    Verb = "write to somebody" // open a direct room
	Rename    Verb = "rename"            // what is one's own: devices, ways to sign in, data
	Appear    Verb = "appear otherwise"  // one's name, and what one says of oneself
	Become    Verb = "become a member"   // make an account of oneself
	Meet      Verb = "see people"        // who somebody is
	Moderate  Verb = "moderate"          // mute and ban on the whole server, decide reports
	Host      Verb = "let people in"     // links that let people into the server
	Operate   Verb = "operate"           // the admin site, the server's settings
)

// A rank is where somebody stands on the server or towards a room: the higher, the more they may do.
type rank int

const (
	never rank = iota // deactivated, imported, banned; and what nobody may do
	nobody
	script
	guest
	registered    // members of the server, and bots
	insider       // is in the room, be it as a guest
	roomModerator // moderates the room
	moderator     // moderates the server, and so its public rooms
	administrator // administrators and owners
)

// A row of the permission table is the least rank that may do something: on the server itself, or in a room of a kind; never is the
// rank that nobody reaches. Who is not in a private or direct room has no rank there at all: the room does not exist for them.
type row struct {
	server                  rank
	public, private, direct rank
	archived                bool // also in an archived room
	aloud                   bool // others hear of it: not while one is muted, nor on a server that is read only
	settled                 bool // not for guests, also where they are members of the room
}

// in is the least rank in rooms of a kind.
func (r row) in(kind RoomKind) rank {
	switch kind {
	case Public:
		return r.public
	case Private:
		return r.private
	case DirectRoom:
		return r.direct
	}
	return never
}

// permissions is the only table that says who may do what. Settings can ask for more, see Standing.Can.
var permissions = map[Verb]row{
	Anybody: {server: never + 1, public: nobody, private: nobody, direct: nobody, archived: true},

	Read:    {server: nobody, public: nobody, private: insider, direct: insider, archived: true},
	Speak:   {server: script, public: script, private: insider, direct: insider, aloud: true},
	Retract: {public: script, private: insider, direct: insider},
	Join:    {server: script, public: script, private: insider, direct: insider, aloud: true},
	Leave:   {public: script, private: insider, archived: true},
	Mark:    {server: guest, public: insider, private: insider, direct: insider, archived: true},
	Report:  {public: guest, private: insider, direct: insider, archived: true},

	Add:       {public: insider, private: insider, settled: true, aloud: true},
	Invite:    {public: insider, private: insider, settled: true, aloud: true},
	Remove:    {public: roomModerator, private: roomModerator, archived: true},
	Silence:   {public: roomModerator, private: roomModerator, archived: true},
	Appoint:   {public: roomModerator, private: roomModerator, archived: true},
	DeleteAny: {public: roomModerator, private: roomModerator, archived: true},
	Approve:   {public: roomModerator, private: roomModerator, archived: true},
	Review:    {public: roomModerator, private: roomModerator, archived: true},
	Manage:    {public: roomModerator, private: roomModerator, aloud: true},
	Convert:   {public: roomModerator, private: roomModerator},
	Archive:   {public: roomModerator, private: roomModerator, archived: true},
	Drop:      {public: roomModerator, private: roomModerator, archived: true},

	Create:   {server: guest, aloud: true},
	Enclose:  {server: registered, aloud: true},
	Direct:   {server: guest, aloud: true},
	Rename:   {server: guest},
	Appear:   {server: guest, aloud: true},
	Become:   {server: nobody},
	Meet:     {server: guest},
	Moderate: {server: moderator},
	Host:     {server: moderator},
	Operate:  {server: administrator},
}

// Known reports whether the permission table has a row for a verb. What serves a verb without one must not be started.
func Known(verb Verb) bool {
	_, ok := permissions[verb]
	return ok
}

// Verbs are all verbs of the table, so that a test can see that it is complete.
func Verbs() []Verb {
	verbs := make([]Verb, 0, len(permissions))
	for verb := range permissions {
		verbs = append(verbs, verb)
	}
	return verbs
}

// rankOf is where a user stands on the server.
func rankOf(u User) rank {
	switch {
	case u.ID == 0:
		return nobody
	case u.Deactivated, u.Kind == Imported:
		return never
	case u.Kind == Script:
		return script
	case operates(u.Role):
		return administrator
	case u.Role == Moderator:
		return moderator
	case u.Kind == Account || u.Kind == Bot:
		return registered
	default:
		return guest
	}
}

// A Standing is all that decides what somebody may do: who they are, on what terms, and, for what is done in a room, the room
// and their place in it. It is of one moment: what is read in another snapshot may differ.
type Standing struct {
	User     User
	Settings Settings
	Room     Room   // the zero Room for what is done on the server itself
	Member   Member // the zero Member where User never was one
	Now      int64  // unix ms
}

// rank is where the user stands towards the room, or towards the server if there is none.
func (s *Standing) rank() rank {
	on := rankOf(s.User)
	switch {
	case s.Room.ID == 0 || on == never:
		return on
	case s.Member.Banned && on < moderator:
		return never
	case s.Member.Joined && on >= guest:
		if s.Member.Role == Moderator || on >= moderator {
			return max(on, roomModerator)
		}
		return insider
	}
	return on
}

// Sees reports whether the room exists for the user. What does not must look like a room that never was.
func (s Standing) Sees() bool {
	return s.Room.Kind == Public || s.Member.Joined && rankOf(s.User) != never
}

// Can returns nil if it may be done, else Unauthenticated for nobody, NotFound for who is not to know of the room, and Forbidden
// for everybody else. It alone decides; what calls it does so on the rows of its own transaction.
func (s Standing) Can(verb Verb) error {
	if lenient {
		return nil
	}
	if s.Room.ID != 0 && !s.Sees() {
		return errNoRoom(s.Room.ID.String())
	}
	if s.Room.Deleted {
		return Errorf(NotFound, "room", "That room has been deleted.")
	}
	field := ""
	if s.Room.ID != 0 {
		field = "room"
	}
	has, needs := s.rank(), s.needs(verb)
	row := permissions[verb]
	switch {
	case needs == never || has < needs || row.settled && rankOf(s.User) < registered || s.shut(verb):
		return s.refuse(field, verb, has)
	case s.Room.Archived && !row.archived:
		return Errorf(Forbidden, field, "This room is archived.")
	case row.aloud:
		return s.quiet(field, has)
	}
	return nil
}

// Over returns nil if the user may act upon another person at all, as far as that depends on who they are: who moderates the server
// is removed, banned and muted by nobody who stands lower there.
func (s Standing) Over(other User) error {
	other.Deactivated = false // they stand where they stood
	if lenient || rankOf(other) < moderator || rankOf(s.User) >= rankOf(other) {
		return nil
	}
	return Errorf(Forbidden, "user", "%s moderates this server.", other.Name)
}

// needs is the least rank that may do it here, by the table and the settings; never for nobody.
func (s *Standing) needs(verb Verb) rank {
	row := permissions[verb]
	needs := row.server
	if s.Room.ID != 0 {
		needs = row.in(s.Room.Kind)
	}
	if needs == never {
		return never
	}
	return max(needs, s.Settings.needs(verb, s.Room, s.Member.Joined))
}

// shut reports whether the lockdown keeps the user out, also of rooms that they are members of.
func (s *Standing) shut(verb Verb) bool {
	switch verb {
	case Anybody, Become, Rename, Appear, Leave, Retract:
		return false
	}
	return s.Settings.locked(MembersOnly) && rankOf(s.User) < registered
}

func (s *Standing) refuse(field string, verb Verb, has rank) error {
	switch {
	case s.User.ID == 0 && s.needs(verb) >= registered:
		return Errorf(Unauthenticated, field, "This is for members of the server. Please sign in.")
	case s.User.ID == 0:
		return Errorf(Unauthenticated, field, "Please join with a name first.")
	case s.Member.Banned && has == never:
		return Errorf(Forbidden, field, "You are banned from this room.")
	case rankOf(s.User) == guest && s.shut(verb):
		return Errorf(Forbidden, field, "Just now this server is for members only.")
	case has == guest && verb == Read:
		return Errorf(Forbidden, field, "Only members of the server read here. Please sign in.")
	}
	return Errorf(Forbidden, field, "You may not do that (%s).", verb)
}

// quiet refuses what others would hear while the user is muted or the server is read only.
func (s *Standing) quiet(field string, has rank) error {
	until := max(s.User.MutedUntil, s.Member.MutedUntil)
	switch {
	case until > s.Now:
		e := Errorf(Forbidden, field, "You have been muted until %s.", time.UnixMilli(until).UTC().Format("2006-01-02 15:04 MST"))
		if until >= forever {
			e.Message = "You have been muted."
		}
		e.Until = until
		return e
	case s.Settings.Lockdown == ReadOnly && has < roomModerator:
		return Errorf(Forbidden, field, "Just now this server is read only.")
	}
	return nil
}

// forever is a time that does not come, for what has no end.
const forever = 1 << 52

// Forever is the unix time in ms that stands for "without an end".
const Forever int64 = forever

// Above returns nil if the user stands above another one on the server: there nobody mutes or bans who may do the same to them. An
// owner stands above everybody but owners.
func (s Standing) Above(other User) error {
	other.Deactivated = false // they stand where they stood
	if lenient || rankOf(s.User) > rankOf(other) || s.User.Role == Owner && other.Role != Owner {
		return nil
	}
	return Errorf(Forbidden, "user", "You may not do that to %s.", other.Name)
}

// errNoRoom says that there is no room called ref. Of an id or an address, which a room that is not to be known of has as well, it
// says the same whatever it is.
func errNoRoom(ref string) error {
	if _, id := ParseRoomID(ref); id || strings.HasPrefix(ref, "~") {
		return Errorf(NotFound, "room", "There is no such room.")
	}
	return Errorf(NotFound, "room", "There is no room called %q.", shorten(ref, 80))
}

// standing is who the actor is on the server.
func standing(s Snapshot, a Actor) (Standing, error) {
	u, err := act(s, a)
	if err != nil {
		return Standing{}, err
	}
	settings, err := s.Settings()
	return Standing{User: u, Settings: settings, Now: Millis(s.Now())}, err
}

// onServer is the standing towards the server itself.
func (s Standing) onServer() Standing {
	return Standing{User: s.User, Settings: s.Settings, Now: s.Now}
}

// in is the standing towards a room.
func (s Standing) in(snapshot Snapshot, room Room) (Standing, error) {
	s.Room, s.Member = room, Member{}
	if s.User.ID == 0 {
		return s, nil
	}
	m, err := snapshot.Member(room.ID, s.User.ID)
	if KindOf(err) == NotFound {
		return s, nil
	}
	s.Member = m
	return s, err
}

// inRoom is the actor's standing towards the room that ref names, if they may do that there.
func inRoom(s Snapshot, a Actor, verb Verb, ref string) (Standing, error) {
	return there(s, a, verb, ref, Find)
}

// there is inRoom for a room that is found in another way.
func there(s Snapshot, a Actor, verb Verb, ref string, find func(Snapshot, string) (Room, error)) (Standing, error) {
	st, err := standing(s, a)
	if err != nil {
		return st, err
	}
	room, err := find(s, ref)
	if err != nil {
		return st, err
	}
	if st, err = st.in(s, room); err != nil {
		return st, err
	}
	if _, id := ParseRoomID(ref); id && room.ID.String() == ref && !st.Sees() && !lenient {
		// A room may be called like the id of one that does not exist for the actor: it is found as if that were not there.
		if room, err = FindByName(s, ref); err != nil {
			return Standing{}, errNoRoom(ref)
		}
		if st, err = st.in(s, room); err != nil {
			return st, err
		}
	}
	if !st.Sees() && !lenient {
		// The same as of a room that there is not.
		return Standing{}, errNoRoom(ref)
	}
	return st, st.Can(verb)
}
