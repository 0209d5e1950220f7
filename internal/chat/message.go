package chat

// A Message is one thing said in a room. Its JSON is the message on the wire; Version is set there only where the
// message is not inside a change, which has the version itself.
type Message struct {
	Room    RoomID `json:"-"`
	Number  int64  `json:"number"`            // its place among the room's messages: 1, 2, 3, … without a gap
	Version int64  `json:"version,omitempty"` // the room's version when it last changed
	By      UserID `json:"by"`
	Key     string `json:"key,omitempty"`     // the author's idempotency key
	At      int64  `json:"at,omitempty"`      // unix ms, for display only; 0 when it is not known
	Edited  int64  `json:"edited,omitempty"`  // unix ms of the last edit, or 0
	Deleted bool   `json:"deleted,omitempty"` // a tombstone: Text is gone
	Text    string `json:"text,omitempty"`
	// Mentions are the members whom Text names with an @, ascending, as of when it was written.
	Mentions []UserID `json:"mentions,omitempty"`
}

// A Draft is what a post gives: the text and the client's idempotency key.
type Draft struct {
	Key  string
	Text string
}

// Posted is the answer to a post, the same for every repetition of its key.
type Posted struct {
	Number  int64 `json:"number,omitempty"`
	Version int64 `json:"version,omitempty"`
	Held    int64 `json:"held,omitempty"` // instead of the others: what was said waits for approval, see Held
}

// A Receipt is what is remembered of a key: the answer that was given and what it was given for.
type Receipt struct {
	Posted
	Room   RoomID
	Digest []byte // SHA-256 of the text as it was posted, its first 16 bytes
}
