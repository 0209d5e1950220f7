package chat

import (
	"slices"
	"strconv"
	"strings"
)

// A RoomKind says who can see a room.
type RoomKind string

// The kinds of rooms.
const (
	Public     RoomKind = "public"  // in the list, found by its name
	Private    RoomKind = "private" // exists for its members only
	DirectRoom RoomKind = "direct"  // of two to eight people, one for each set of them
)

// A Room is a place where messages are. Version is its head: the version of its newest change.
type Room struct {
	ID       RoomID
	Name     string // NFC, trimmed
	Kind     RoomKind
	Topic    string
	Address  string // "~…" of private and direct rooms: what their addresses begin with
	Version  int64  // of the newest change
	Messages int64  // number of the newest message
	Members  int64  // how many people are members now

	InfoVersion int64 // the version at which Name, Kind, Topic or Deleted last changed
	CreatedAt   int64 // unix ms
	Deleted     bool  // a tombstone: the id is kept, the name is free

	Description string
	Archived    bool // is read, not written
	Slow        int  // seconds between two messages of one person, 0 for none
	NoPreview   bool // a public room that only its members read
	CreatedBy   UserID
	People      People // of a direct room
}

// People are the people of a direct room: their ids, ascending, as "3,7". "" is nobody.
type People string

// NewPeople is the set of ids.
func NewPeople(ids ...UserID) People {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	var text []byte
	for i, id := range slices.Compact(ids) {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(id), 10)
	}
	return People(text)
}

// IDs are the ids, ascending.
func (p People) IDs() []UserID {
	var ids []UserID
	for part := range strings.SplitSeq(string(p), ",") {
		if id, err := strconv.ParseInt(part, 10, 64); err == nil {
			ids = append(ids, UserID(id))
		}
	}
	return ids
}

// RoomInfo is what a reader shows of a room itself.
type RoomInfo struct {
	Name    string   `json:"name"`
	Kind    RoomKind `json:"kind"`
	Topic   string   `json:"topic"`
	Members int64    `json:"members"`
	Deleted bool     `json:"deleted,omitempty"`

	Address     string `json:"address,omitempty"` // of a private or direct room: what its addresses begin with
	Description string `json:"description,omitempty"`
	Archived    bool   `json:"archived,omitempty"`
	Slow        int    `json:"slow,omitempty"` // seconds between two messages of one person
	NoPreview   bool   `json:"no_preview,omitempty"`
}

// Segment is what the room's addresses begin with: a public room's name, or the "~…" of another.
func (r Room) Segment() string {
	if r.Kind == Public {
		return r.Name
	}
	return r.Address
}

// Segment is that of Room.
func (i RoomInfo) Segment() string {
	return Room{Name: i.Name, Kind: i.Kind, Address: i.Address}.Segment()
}

// Segment is that of Room.
func (e RoomEntry) Segment() string {
	return Room{Name: e.Name, Kind: e.Kind, Address: e.Address}.Segment()
}

// Title is what the room is called in somebody's list: a direct room by the others in it.
func (e RoomEntry) Title(me UserID) string {
	if e.Kind != DirectRoom {
		return e.Name
	}
	var names []string
	for _, p := range e.People {
		if p.ID != me {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, ", ")
}

// Info is the room as readers see it.
func (r Room) Info() *RoomInfo {
	return &RoomInfo{
		Name: r.Name, Kind: r.Kind, Topic: r.Topic, Members: r.Members, Deleted: r.Deleted, Address: r.Address,
		Description: r.Description, Archived: r.Archived, Slow: r.Slow, NoPreview: r.NoPreview,
	}
}

// A RoomEntry is a line in a list of rooms.
type RoomEntry struct {
	ID      RoomID   `json:"id"`
	Name    string   `json:"name"`
	Kind    RoomKind `json:"kind"`
	Here    int      `json:"here,omitempty"`    // how many people have it open now, where that was asked for
	Left    bool     `json:"left,omitempty"`    // of my own list: I am a member no longer
	Deleted bool     `json:"deleted,omitempty"` // it is gone from the list

	Address  string   `json:"address,omitempty"`
	Archived bool     `json:"archived,omitempty"`
	People   []Person `json:"people,omitzero"` // of a direct room: who is in it

	*Own // of my own list
}

// Own is what is one's own about a room that one is in.
type Own struct {
	Role     Role   `json:"role,omitempty"` // Moderator: of this room
	Read     int64  `json:"read"`           // everything up to this message has been read
	Unread   int    `json:"unread"`         // others' messages above it that are not deleted; UnreadLimit stands for more
	Mentions int    `json:"mentions"`       // how many of these name me; counted to the same limit
	Notify   Notify `json:"notify,omitempty"`
	// MutedUntil is until when one may not speak there, unix ms.
	MutedUntil int64 `json:"muted_until,omitempty"`
}

// UnreadLimit is how far unread messages are counted: 100 stands for 100 and more.
const UnreadLimit = 100

// Notify is what somebody wants to be told of a room.
type Notify string

// What one can be told of. A hidden room is shown in no list until one is mentioned in it.
const (
	NotifyAll      Notify = ""
	NotifyMentions Notify = "mentions"
	NotifyNothing  Notify = "nothing"
	NotifyHidden   Notify = "hidden"
)

// Entry is the room as a line in a list.
func (r Room) Entry() RoomEntry {
	return RoomEntry{ID: r.ID, Name: r.Name, Kind: r.Kind, Deleted: r.Deleted, Address: r.Address, Archived: r.Archived}
}

// CountedMembers is the size above which a room's joins and leaves are sent as a count.
const CountedMembers = 500

// A Member is a user's place in a room. A row stays when the user leaves, so that its name is known.
type Member struct {
	Room    RoomID `json:"-"`
	User    UserID `json:"user"`
	Name    string `json:"name"` // the user's name now
	Joined  bool   `json:"joined,omitempty"`
	Version int64  `json:"-"` // the room's version when this last changed
	At      int64  `json:"-"` // unix ms of the last join or leave

	Role       Role  `json:"role,omitempty"` // Moderator: of this room
	Banned     bool  `json:"-"`              // may not come back, nor read
	MutedUntil int64 `json:"-"`              // unix ms; may not speak there before
	Approved   bool  `json:"-"`              // a message that was held has been approved, for this room
}
