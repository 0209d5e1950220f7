package chat

import "time"

// AdminSnapshot is what the admin site reads beyond what everybody reads.
//
// Its lists never count or skip rows to find a page: a page begins at a Cut and follows an index, however many rows there
// are. Each page is exact in its snapshot; walking on from cut to cut meets every row that stays in its place exactly once,
// while others are added or removed.
type AdminSnapshot interface {
	// RoomList is a page of rooms, MessageList of messages, UserList of users, AuditList of what administrators did.
	// A Sort that the list does not have, and a Cut of another one, is an Invalid error.
	RoomList(q RoomQuery) (List[Room], error)
	// MessageList has nothing of direct rooms: what is said there is nobody else's business.
	MessageList(q MessageQuery) (List[MessageRow], error)
	UserList(q UserQuery) (List[User], error)
	AuditList(q AuditQuery) (List[Audit], error)

	// MessageRow is one message as the admin site shows it.
	MessageRow(room RoomID, number int64) (MessageRow, error)
	// UsersNamed are users who are called name, but for the case of ASCII letters, whether they hold the name or not; the
	// holder first, then the newest.
	UsersNamed(name string, limit int) ([]User, error)
	// Administrators are the users with the role Owner or Administrator, also deactivated ones, in the order of their ids.
	Administrators() ([]User, error)
	// Sessions counts a user's sessions.
	Sessions(user UserID) (int, error)
}

// AdminTx is what the admin site and the operator's commands write beyond what everybody writes.
type AdminTx interface {
	// InsertAudit adds a line to the log of what administrators did and sets its ID.
	InsertAudit(a *Audit) error
	// PurgeRoom removes up to limit rows of a deleted room for good: messages with the receipts of their keys first, then what
	// waits for approval and what was reported, then members. It returns how many; 0 says that only the room's tombstone is left. Nobody is told, since nobody can read
	// the room.
	PurgeRoom(room RoomID, limit int) (int, error)
}

// A Sort names a column that a list can be sorted by. Rows that are equal in it are sorted by their ids.
type Sort string

// The columns to sort by. SortCreated, the id, is the default of every list; rooms have it and SortName, SortMessages and
// SortMembers; messages have it, SortRoom and SortAuthor, which sort by the ids of these; users have it, SortName, SortKind, SortRole and SortSeen; the
// audit log has it alone.
const (
	SortCreated  Sort = "created"
	SortName     Sort = "name"
	SortMessages Sort = "messages"
	SortMembers  Sort = "members"
	SortRoom     Sort = "room"
	SortAuthor   Sort = "author"
	SortKind     Sort = "kind"
	SortRole     Sort = "role"
	SortSeen     Sort = "seen"
)

// A Cut is a place between two rows of a sorted list, in a form that only the store reads. "" is the list's beginning.
type Cut string

// A Paging says which page of a list is wanted.
type Paging struct {
	Sort       Sort
	Descending bool
	// After asks for the rows that follow a cut, Before for those that lead up to it; with neither for the first ones. At
	// most one may be set.
	After, Before Cut
	Limit         int // rows on the page, 0 for 100
	// Patience bounds how long rows that are filtered out may be walked over, 0 for two seconds. It is looked at between
	// pieces of the work, so each page comes at least one piece further.
	Patience time.Duration
}

// A List is a page of a list.
type List[Row any] struct {
	Rows []Row
	// Earlier is what Before has to be for the page before this one, Later what After has to be for the one after it; ""
	// where there is none.
	Earlier, Later Cut
	// Unfinished says that patience ended before the page was full: there may be more rows behind Later (or before Earlier,
	// for a page that was asked for with Before).
	Unfinished bool
	Count      Count
	Behind     int64 // of a search: how many changes its index has yet to read
}

// CountLimit is how many rows are counted at most.
const CountLimit = 10_000

// A Count says how many rows a list has. When More is set there are more than N.
type Count struct {
	N    int
	More bool
}

// A RoomQuery says which rooms are wanted.
type RoomQuery struct {
	Paging
	Search   string // part of the name or the topic; case does not count
	Deleted  bool   // the deleted ones, instead of the others
	From, To int64  // created at or after From and before To, in unix ms; 0 for no bound
}

// A MessageQuery says which messages are wanted. Messages of deleted rooms are none of them.
type MessageQuery struct {
	Paging
	Search   string // what Admin looks for, as ParseQuery reads it; a store does not know it
	Room     RoomID // 0 for all
	Author   UserID // 0 for all
	Deleted  bool   // tombstones, instead of the others
	From, To int64  // posted at or after From and before To, in unix ms; 0 for no bound
}

// A UserState is whether somebody may still do something.
type UserState string

// The states of users. One who is deleted is deactivated and holds no name; their messages may still be there.
const (
	AnyState         UserState = ""
	StateActive      UserState = "active"
	StateDeactivated UserState = "deactivated"
)

// A UserQuery says which users are wanted.
type UserQuery struct {
	Paging
	Search   string   // part of the name; case does not count
	Kind     UserKind // "" for all
	Role     *Role    // nil for all
	State    UserState
	From, To int64 // created at or after From and before To, in unix ms; 0 for no bound
}

// An AuditQuery says which lines of the audit log are wanted.
type AuditQuery struct {
	Paging
	By   *UserID // nil for all; 0 are the operator's commands
	Room RoomID  // 0 for all
}

// A MessageRow is a message with what the admin site shows beside it.
type MessageRow struct {
	Message
	ID       int64 // the order of storing, over all rooms
	RoomName string
	ByName   string
}

// An Audit is a line in the log of what administrators and moderators did. It never holds the text of a message or a password.
type Audit struct {
	ID     int64
	At     int64  // unix ms
	By     UserID // 0 for the operator's commands
	ByName string // what By was called then
	Verb   string // "renamed", "deleted", …
	Object string // "r7", "u7", "r7/17", "r7/u7", "server", "network"
	Name   string // what the object was called then
	Detail string // what was changed, for people
	Why    string // the reason that was given
}
