package chat

import (
	"context"
	"time"
)

// A Store keeps everything durable. It is the only truth; everything else can be made again from it.
// All methods may be called from any goroutine.
type Store interface {
	// Write runs f in the store's next transaction and returns when that transaction is durable: after a nil error what f
	// did survives kill -9 and a power cut. Commands that wait together share one transaction and one sync. Each is run in a
	// savepoint of its own: an error of f undoes what f did, is returned as it is, and touches no other command. When the
	// commit fails nothing of any command of it happened, and each gets Unavailable. Nobody sees anything before the commit.
	//
	// f runs on the store's writer, one command at a time, so what it reads cannot change under it; it must not block, keep
	// tx, or call the Store. A done ctx drops a command that has not begun; one that has begun is finished.
	Write(ctx context.Context, f func(tx Tx) error) error

	// Submit is Write that does not wait: it returns at once, and done is called exactly once with what Write would have
	// returned, after the Log was told of the commit. The commands of one caller are run and answered in the order of its
	// calls of Submit and Write.
	//
	// done is called on the store's writer, or on the goroutine that finds or makes the store stopped, which may be the
	// caller's own within Submit. It must not block nor call Write or Read; it may Submit. A ctx that is done drops the command
	// when its turn comes, not before. Nothing here bounds how many commands wait: that is the callers' business.
	Submit(ctx context.Context, f func(tx Tx) error, done func(err error))

	// Read runs f on one snapshot: everything f reads is of the same moment, never something uncommitted. It does not wait
	// for writers and holds none up. f must not keep s, nor call Read: readers are few, and would wait for each other.
	Read(ctx context.Context, f func(s Snapshot) error) error
}

// A Log hears of everything that was committed.
type Log interface {
	// Committed is called once after each commit with its changes in the order of their versions, before any command of
	// that commit is answered, by one goroutine at a time. It must not block.
	Committed(changes []Change)
}

// A Snapshot reads. Lookups of a single thing return a NotFound error where there is none, except those that say so.
type Snapshot interface {
	Epoch() Epoch
	// Now is the time of the transaction, by the store's clock.
	Now() time.Time
	// Settings are the server's.
	Settings() (Settings, error)
	// ServerVersion is the head of the server's log.
	ServerVersion() (int64, error)

	User(id UserID) (User, error)
	// UserByName finds who holds the name with that NameKey.
	UserByName(key string) (User, error)
	// Names are the names of those users that there are, in no particular order.
	Names(ids []UserID) ([]Person, error)
	// Owners counts the users with the role Owner.
	Owners() (int, error)
	Session(id SessionID) (Session, error)
	// NamesBefore are the users who once had the name with that NameKey and were renamed.
	NamesBefore(key string) ([]UserID, error)

	// Room finds a room, also a deleted one.
	Room(id RoomID) (Room, error)
	// RoomByName finds the public room of exactly that name that is not deleted.
	RoomByName(name string) (Room, error)
	// RoomByAddress finds the private or direct room of an address ("~…"), also one that was made public or deleted since.
	RoomByAddress(address string) (Room, error)
	// RoomOnceNamed finds the public room, not deleted, that was the last to be called so before it was renamed.
	RoomOnceNamed(name string) (Room, error)
	// DirectRoom finds the direct room of exactly these people.
	DirectRoom(people People) (Room, error)
	// Members is a page of a room's members: those with the names after a name, by name; or of those who are banned.
	Members(room RoomID, q MemberQuery) (members []Member, more bool, err error)
	// PublicRooms are the public rooms, the one with the newest message first.
	PublicRooms(limit int) ([]Room, error)
	// RoomsOf are the rooms that a user is a member of, by name, deleted ones left out.
	RoomsOf(user UserID, limit int) ([]Room, error)
	// Entries are rooms as lines in a user's own list, with what is the user's own about them where it is a member.
	Entries(user UserID, rooms []Room) ([]RoomEntry, error)
	// Member finds a member's row, also of one who has left.
	Member(room RoomID, user UserID) (Member, error)

	Message(room RoomID, number int64) (Message, error)
	// Messages is a page of a room without tombstones, ascending by number; more says whether there are further ones in the
	// direction of the page (earlier ones for the newest page and for Around). A page has about 4 MiB of text at most, and at
	// least one message if there is one.
	Messages(room RoomID, page Page) (messages []Message, more bool, err error)
	// MessagesAfter are messages with a number above number, ascending, without tombstones, at most limit; more says whether
	// there are others. It is bounded in bytes as Messages is.
	MessagesAfter(room RoomID, number int64, limit int) (messages []Message, more bool, err error)
	// Changes are the newest states of everything of the room that changed after version, ascending by version, at most
	// limit of them and about 4 MiB of text; more says whether there would have been more, all of them with higher versions. Its
	// cost is what changed, not how long the room is.
	Changes(room RoomID, version int64, limit int) (changes []Change, more bool, err error)
	// Receipt finds what a user's key was given for, whatever became of the message. Within a command it is one look-up;
	// elsewhere it may take some 10 ms, for it looks through the newest messages.
	Receipt(user UserID, key string) (Receipt, error)

	MemberSnapshot
	AdminSnapshot
	JobSnapshot
	ModerationSnapshot
	ReportSnapshot
	HeldSnapshot
	ImportSnapshot
	SearchSnapshot
	ReadSnapshot
	MentionSnapshot
	InviteSnapshot
	MyDataSnapshot
	AccountSnapshot
	PasskeySnapshot
	IdentitySnapshot
}

// A Page says which messages of a room are wanted: at most Limit of them, before or after a number or around one; with
// none of these set the newest. At most one may be set; numbers are above 0.
type Page struct {
	Before, After, Around int64
	Limit                 int
}

// A Tx reads and writes within one command. It sees what it has written itself.
//
// Whatever changes a room takes the room's next version and is added to the changes of the commit; the methods do so
// themselves, so that no change can be stored without its version or told without being stored.
type Tx interface {
	Snapshot

	// InsertUser stores a user and sets its ID. A NameKey that is held is a NameTaken error.
	InsertUser(u *User) error
	// UpdateUser stores everything of a user. A NameKey that somebody else holds is a NameTaken error. A new name is
	// remembered for NamesBefore and becomes a member change in each of the user's rooms, also those that it has left. The
	// user's log is told of a new name, kind or role and of a deactivation. Version is the store's own and not taken from u. Of a
	// user that is Gone no name is remembered and no room told: whoever has it go does that, in pieces.
	UpdateUser(u User) error
	// ReleaseScripts frees the names of all scripts.
	ReleaseScripts() error

	InsertSession(s Session) error
	// SeeSession sets when a session and its user were last seen.
	SeeSession(id SessionID, at int64) error
	// DeleteSession ends a session; one that there is not is no error.
	DeleteSession(id SessionID) error
	// DeleteSessions ends all sessions of a user.
	DeleteSessions(user UserID) error

	// InsertRoom stores a room, sets its ID and version 1, and tells the server's log if it is public. A public room of the
	// same name is a NameTaken error.
	InsertRoom(r *Room) error
	// PutSettings stores the server's settings and tells the server's log.
	PutSettings(s Settings) error
	// UpdateRoom stores everything that is decided about a room: all but its ID, Version, Messages, Members, CreatedAt, with a change of the room, of the server's log if it is
	// public, and of the members' own logs if the name changed or it was deleted: of at most 1,000 of them, the server's log
	// has to do for more. Sets the versions of r.
	UpdateRoom(r *Room) error
	// PutMember stores a member's row with a change of the room and of the user's log, and counts the room's members. Who is
	// no member any more, or banned, has no role.
	PutMember(m *Member) error

	// InsertMessage stores a new message, sets its Number and Version (the room's next), and keeps the receipt of its key if
	// it has one, and its Mentions. A key that has made a message is KeyReused; the caller has asked for its Receipt right before.
	InsertMessage(m *Message, by Person) error
	// UpdateMessage stores text, edited, deleted and mentions of a message under the room's next version, and sets that Version.
	UpdateMessage(m *Message) error

	// Tell adds a change to a user's or the server's log under its next version, without storing anything else.
	Tell(log LogID, c Change) error

	AdminTx
	JobTx
	ModerationTx
	ReportTx
	HeldTx
	ImportTx
	ReadTx
	InviteTx
	MyDataTx
	AccountTx
	PasskeyTx
	IdentityTx
}
