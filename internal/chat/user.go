package chat

// A UserKind says what a user is.
type UserKind string

// The kinds of users. Scripts and imported authors have no session and nobody can become them.
const (
	Guest    UserKind = "guest"    // picked a name; the name is theirs while their session lives
	Account  UserKind = "member"   // has a password or another way to sign in
	Bot      UserKind = "bot"      // a program with a token
	Script   UserKind = "script"   // spoke on the tutorial's socket without a session
	Imported UserKind = "imported" // wrote in another system
)

// A Role is what a user may do on this server beyond what everybody may.
type Role string

// The roles, the lowest first.
const (
	NoRole        Role = ""
	Moderator     Role = "moderator"
	Administrator Role = "administrator"
	Owner         Role = "owner"
)

// A User is somebody who can write. Its JSON is what others may see.
type User struct {
	ID   UserID   `json:"id"`
	Name string   `json:"name"` // as it is shown; NFC, trimmed
	Kind UserKind `json:"kind,omitempty"`
	Role Role     `json:"role,omitempty"`

	NameKey     string `json:"-"` // what names are compared by, NameKey(Name); "" when the user holds its name no longer
	Password    string `json:"-"` // PHC string of argon2id; "" when there is none
	Version     int64  `json:"-"` // of the user's own log
	CreatedAt   int64  `json:"-"`
	SeenAt      int64  `json:"-"` // unix ms, to the hour
	Deactivated bool   `json:"-"` // may do nothing any more
	Bio         string `json:"bio,omitempty"`
	MutedUntil  int64  `json:"muted_until,omitempty"` // unix ms; may not speak anywhere before
	RoomBans    int64  `json:"-"`                     // how many rooms the user is banned from
	Approved    bool   `json:"-"`                     // a message that was held has been approved, for the whole server
	Banned      bool   `json:"-"`                     // is deactivated by a ban, which who moderates the server may lift
}

// A Person is what a reader needs to show an author.
type Person struct {
	ID   UserID `json:"id"`
	Name string `json:"name"`
}

// A SessionID is the SHA-256 of a session's token, in hex; the token itself is never stored.
type SessionID string

// A Session is one browser of one user.
type Session struct {
	ID        SessionID
	User      UserID
	CreatedAt int64  // unix ms
	SeenAt    int64  // unix ms, to the hour
	Agent     string // the browser's name for itself, at most 200 bytes
	Address   string // the network that it was opened from: an IPv4 address or an IPv6 /64; "" if it has none
}
