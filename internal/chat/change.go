package chat

import "encoding/json"

// A Change is one step of a log: the whole new state of one thing. Applying it twice is harmless; apply it only when its
// version is higher than the one you hold of that thing. One of the pointers is set, or Member and Members.
// A Change and what it points to is never modified once it is committed: it is shared between goroutines.
type Change struct {
	Log     LogID
	Version int64

	Message *Message
	Member  *Member
	Members *int64 // how many members there are: beside a join or leave, and in its place in rooms above CountedMembers
	Info    *RoomInfo
	Me      *MeChange
	Server  *ServerChange

	// Posted says that this change is the posting of Message, not an edit or a deletion. Only changes that were just
	// committed have it; those that are read from the store do not.
	Posted bool
	// Ends says that from this version on somebody may not read the room who could before: Gone, or if that is 0 whoever is not
	// a member. Of the server's log: whoever is no member of the server, in all rooms; of a user's: that user, in all rooms. Readers'
	// rights are asked for anew.
	Ends bool
	Gone UserID
	// By is who wrote Message, for readers that know people by name only. Set where Posted is.
	By Person
}

// A MeChange is a change of what is a user's own.
type MeChange struct {
	User *User      `json:"user,omitempty"` // I was renamed, promoted, …
	Room *RoomEntry `json:"room,omitempty"` // a room of mine is new, renamed, left or deleted
	// Held is a text of mine that waits for approval, or waits no more.
	Held *Held `json:"held,omitempty"`
	// Report is a message that I reported and that was decided about.
	Report *ReportChange `json:"report,omitempty"`
	// SignedOut names a session that has ended, "*" all of them. It never leaves the server: the sockets close instead.
	SignedOut SessionID `json:"-"`
}

// A ServerChange is a change of the list of public rooms.
type ServerChange struct {
	Room     *RoomEntry `json:"room,omitempty"`
	Settings *Settings  `json:"settings,omitempty"`
}

// Silent reports that a change is the server's own business and is shown to no client.
func (c *Change) Silent() bool {
	return c.Me != nil && c.Me.User == nil && c.Me.Room == nil && c.Me.Held == nil && c.Me.Report == nil
}

// MarshalJSON is the frame on the wire, as docs/protocol.md has it.
func (c Change) MarshalJSON() ([]byte, error) {
	switch {
	case c.Me != nil:
		return json.Marshal(struct {
			Me      *MeChange `json:"me"`
			Version int64     `json:"version"`
		}{c.Me, c.Version})
	case c.Server != nil:
		return json.Marshal(struct {
			Server  *ServerChange `json:"server"`
			Version int64         `json:"version"`
		}{c.Server, c.Version})
	}
	message := c.Message
	if message != nil && message.Version != 0 {
		inside := *message
		inside.Version = 0
		message = &inside
	}
	return json.Marshal(struct {
		Room    RoomID    `json:"room"`
		Version int64     `json:"version"`
		Message *Message  `json:"message,omitempty"`
		Member  *Member   `json:"member,omitempty"`
		Members *int64    `json:"members,omitempty"`
		Info    *RoomInfo `json:"info,omitempty"`
	}{c.Log.Room(), c.Version, message, c.Member, c.Members, c.Info})
}

// Opened is the answer to opening a room: a resume when Reset is false, else a fresh snapshot.
type Opened struct {
	Room    RoomID `json:"room"`
	Epoch   Epoch  `json:"epoch"`
	Version int64  `json:"version"` // the head that this answer reaches
	Number  int64  `json:"number"`  // of the newest message

	Reset    bool      `json:"reset,omitempty"`
	Changes  []Change  `json:"changes,omitzero"` // of a resume: what changed, ascending by version
	Info     *RoomInfo `json:"info,omitempty"`
	Member   bool      `json:"member,omitempty"`
	Messages []Message `json:"messages,omitzero"` // of a reset: ascending by number, without tombstones
	People   []Person  `json:"people,omitzero"`   // everybody named above
	More     bool      `json:"more,omitempty"`    // there are earlier messages
}

// A History is a page of messages.
type History struct {
	Room     RoomID    `json:"room"`
	Version  int64     `json:"version"`
	Messages []Message `json:"messages"` // ascending by number, without tombstones
	People   []Person  `json:"people"`
	More     bool      `json:"more"` // there are further messages in the direction that was asked for
}

// Mine is what is a user's own, whole.
type Mine struct {
	User    User        `json:"user"`
	Rooms   []RoomEntry `json:"rooms"`
	Version int64       `json:"version"`
	Held    []Held      `json:"held,omitempty"` // what I said and waits for approval
	Heads   []Head      `json:"-"`              // where the logs of Rooms stand, for who watches them
}

// A Directory is the list of public rooms, whole, and the settings.
type Directory struct {
	Rooms    []RoomEntry `json:"rooms"`
	Settings *Settings   `json:"settings,omitempty"`
	Version  int64       `json:"version"`
}

// Hello is what a client is told first.
type Hello struct {
	Epoch  Epoch     `json:"epoch"`
	Me     *Mine     `json:"me"` // nil for nobody
	Server Directory `json:"server"`
	Limits Limits    `json:"limits"`
}
