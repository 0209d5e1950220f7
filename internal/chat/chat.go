// Package chat is the domain of Parley: users, rooms, members and messages, what may be done with them and by whom.
//
// It rests on one idea: a room is a numbered sequence of changes, and every reader is a cursor on it. Each change takes
// the next version of its room inside the transaction that stores it; a reader names the version where it stands and is
// given what came after. The package does no I/O: it works on the Store that it is given.
package chat

import (
	"strconv"
	"time"
)

// A UserID names a user for ever; ids are never given twice. On the wire it is "u7".
type UserID int64

// A RoomID names a room for ever; ids are never given twice. On the wire it is "r7".
type RoomID int64

// String is the form on the wire, "u7".
func (id UserID) String() string { return "u" + strconv.FormatInt(int64(id), 10) }

// String is the form on the wire, "r7".
func (id RoomID) String() string { return "r" + strconv.FormatInt(int64(id), 10) }

// MarshalText writes the form on the wire.
func (id UserID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText writes the form on the wire.
func (id RoomID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads "u7"; anything else is an Invalid error.
func (id *UserID) UnmarshalText(text []byte) error {
	n, ok := parseID('u', string(text))
	if !ok {
		return Errorf(Invalid, "user", "%q is not a user id.", text)
	}
	*id = UserID(n)
	return nil
}

// UnmarshalText reads "r7"; anything else is an Invalid error.
func (id *RoomID) UnmarshalText(text []byte) error {
	n, ok := ParseRoomID(string(text))
	if !ok {
		return Errorf(Invalid, "room", "%q is not a room id.", text)
	}
	*id = n
	return nil
}

// ParseRoomID reads "r7" and reports whether text has that form.
func ParseRoomID(text string) (RoomID, bool) {
	n, ok := parseID('r', text)
	return RoomID(n), ok
}

func parseID(letter byte, text string) (int64, bool) {
	if len(text) < 2 || len(text) > 19 || text[0] != letter || text[1] < '1' || text[1] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(text[1:], 10, 64)
	return n, err == nil
}

// An Epoch is minted when a database is created or restored; versions of different epochs cannot be compared.
type Epoch string

// A Position is where a reader stands in a log: it has applied everything up to Version of that Epoch.
type Position struct {
	Epoch   Epoch `json:"epoch"`
	Version int64 `json:"version"`
}

// A LogID names a log, the sequence of a room, of a user or of the server. It can be compared and used as a map key.
type LogID struct {
	kind byte
	id   int64
}

// ServerLog is the sequence of the list of public rooms and the settings.
var ServerLog = LogID{kind: 's'}

// RoomLog is the sequence of a room.
func RoomLog(id RoomID) LogID { return LogID{'r', int64(id)} }

// UserLog is the sequence of what is a user's own.
func UserLog(id UserID) LogID { return LogID{'u', int64(id)} }

// Room is the room whose log this is, or 0.
func (l LogID) Room() RoomID {
	if l.kind == 'r' {
		return RoomID(l.id)
	}
	return 0
}

// User is the user whose log this is, or 0.
func (l LogID) User() UserID {
	if l.kind == 'u' {
		return UserID(l.id)
	}
	return 0
}

// String is "r7", "u7" or "s".
func (l LogID) String() string {
	if l.kind == 's' {
		return "s"
	}
	return string(l.kind) + strconv.FormatInt(l.id, 10)
}

// An Actor is who asks. The zero Actor is nobody: somebody without a session.
type Actor struct {
	User UserID
}

// Limits bound what users may give. They are told to every client.
type Limits struct {
	Text   int `json:"text"`   // bytes of UTF-8 in a message
	Name   int `json:"name"`   // characters in a user's name
	Room   int `json:"room"`   // characters in a room's name
	Frame  int `json:"frame"`  // bytes in a WebSocket message
	Behind int `json:"behind"` // changes a cursor may lag before it is answered with a reset
}

// DefaultLimits are those of a server that was told nothing else.
var DefaultLimits = Limits{Text: 8 << 10, Name: 40, Room: 255, Frame: 64 << 10, Behind: 1000}

// GuestLife is how long a guest's session and name last without being seen.
const GuestLife = 30 * 24 * time.Hour

// Millis is a time as Parley stores and sends it: unix milliseconds.
func Millis(t time.Time) int64 { return t.UnixMilli() }
