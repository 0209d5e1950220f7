package chat

// A RoomKind says who can see a room.
type RoomKind string

// The kinds of rooms. Everybody can see a public room; the others come with the people who may.
const (
	Public RoomKind = "public"
)

// A Room is a place where messages are. Version is its head: the version of its newest change.
type Room struct {
	ID       RoomID
	Name     string // NFC, trimmed
	Kind     RoomKind
	Topic    string
	Version  int64 // of the newest change
	Messages int64 // number of the newest message
	Members  int64 // how many people are members now

	InfoVersion int64 // the version at which Name, Kind, Topic or Deleted last changed
	CreatedAt   int64 // unix ms
	Deleted     bool  // a tombstone: the id is kept, the name is free
}

// RoomInfo is what a reader shows of a room itself.
type RoomInfo struct {
	Name    string   `json:"name"`
	Kind    RoomKind `json:"kind"`
	Topic   string   `json:"topic"`
	Members int64    `json:"members"`
	Deleted bool     `json:"deleted,omitempty"`
}

// Info is the room as readers see it.
func (r Room) Info() *RoomInfo {
	return &RoomInfo{Name: r.Name, Kind: r.Kind, Topic: r.Topic, Members: r.Members, Deleted: r.Deleted}
}

// A RoomEntry is a line in a list of rooms.
type RoomEntry struct {
	ID      RoomID   `json:"id"`
	Name    string   `json:"name"`
	Kind    RoomKind `json:"kind"`
	Here    int      `json:"here,omitempty"`    // how many people have it open now, where that was asked for
	Left    bool     `json:"left,omitempty"`    // of my own list: I am a member no longer
	Deleted bool     `json:"deleted,omitempty"` // it is gone from the list
}

// Entry is the room as a line in a list.
func (r Room) Entry() RoomEntry {
	return RoomEntry{ID: r.ID, Name: r.Name, Kind: r.Kind, Deleted: r.Deleted}
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
}
