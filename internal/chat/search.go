package chat

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// An Index knows which messages have which words. It is a reader of all rooms and may lag behind the store, so what it names
// is read again from the store before anybody is told of it. Its methods may be called from any goroutine.
type Index interface {
	// Candidates are the ids of messages that may match, at most limit of them, from w.From (which is not one of them) on in
	// the order of w. Every message that the index has and that matches, and whose id is between w.From and next, is among
	// them. next is where to go on, and end says that there is nothing there. The call is bounded in what it looks at: there
	// may be few ids or none, and more behind next. An index that cannot be read just now is Unavailable.
	Candidates(ctx context.Context, w Wanted, limit int) (ids []int64, next int64, end bool, err error)
	// Behind is about how many changes the index has yet to read, 0 when it has read everything that was committed before.
	Behind() int64
}

// Wanted says which messages an Index is asked for: those of a room, or of all if it is 0, with ids below From, the highest
// first; or above From, the lowest first. A From of 0 is the end, or the beginning.
type Wanted struct {
	Query     Query
	Room      RoomID
	From      int64
	Ascending bool
}

// SearchSnapshot is what an index and its users read beyond what everybody reads. Ids of messages are in the order of storing,
// over all rooms, and ascend with the numbers of a room.
type SearchSnapshot interface {
	// Heads are where the logs of the rooms with ids above after stand, also of deleted ones, ascending, at most limit.
	Heads(after RoomID, limit int) ([]Head, error)
	// MessageIDs are the ids of those messages of a room that there are, by their numbers, also of deleted ones. numbers are
	// ascending.
	MessageIDs(room RoomID, numbers []int64) (map[int64]int64, error)
	// MessagesByID are those of the messages that there are, in the order of ids, also deleted ones.
	MessagesByID(ids []int64) ([]MessageRow, error)
}

// A Head is where the log of a room stands.
type Head struct {
	Room    RoomID
	Version int64
	Number  int64 // of the newest message; 0 where it was not asked for
	Deleted bool
}

const (
	searchDefault = 50
	// SearchLimit is how many hits one page has at most.
	SearchLimit = 100
	// searchPatience is how long a search for everybody looks before it answers with what it has.
	searchPatience = 150 * time.Millisecond
	// Candidates are asked for in pieces, which grow: often the first one is enough. They are read again by as many as the
	// first piece has, since imported texts may be long.
	firstPiece, largestPiece = 64, 512
)

// A Search is what somebody looks for.
type Search struct {
	Query  string
	Room   string // id or name; "" for all rooms that the actor may read
	Before string // Found.Next of the page before; "" for the first one
	Limit  int    // 0 for 50; at most SearchLimit
}

// A Hit is a message that was found.
type Hit struct {
	Room RoomID `json:"room"`
	Message
}

// Found is a page of what was found, the newest first.
type Found struct {
	Hits   []Hit       `json:"hits"`
	People []Person    `json:"people"` // who wrote them
	Rooms  []RoomEntry `json:"rooms"`  // where
	// More says that there are, or may be, older ones, and Next where they begin. A search that takes long answers with what
	// it has, so a page can have fewer hits than were asked for, or none, with more behind it.
	More bool   `json:"more"`
	Next string `json:"next,omitempty"`
	// Behind is how many changes the index has yet to read: what they say cannot be found yet.
	Behind int64 `json:"behind,omitempty"`
}

// A Finder finds messages. Its methods may be called from any goroutine.
type Finder struct {
	Store    Store
	Index    Index
	Patience time.Duration // for everybody's searches; 0 for 150 ms
}

// Search finds messages in rooms that the actor may read. Every hit is read again from the store, in one snapshot, and matched
// there: an edited or deleted text is never found by what it was, however far the index lags.
func (f *Finder) Search(ctx context.Context, a Actor, search Search) (Found, error) {
	query, err := ParseQuery(search.Query)
	if err != nil {
		return Found{}, err
	}
	limit := search.Limit
	if limit <= 0 {
		limit = searchDefault
	}
	limit = min(limit, SearchLimit)
	w := Wanted{Query: query}
	if search.Before != "" {
		if w.From, err = strconv.ParseInt(search.Before, 10, 64); err != nil || w.From < 1 {
			return Found{}, Errorf(Invalid, "before", "That page is of another search. Please begin again.")
		}
	}
	patience := f.Patience
	if patience == 0 {
		patience = searchPatience
	}
	found := Found{Hits: []Hit{}, People: []Person{}, Rooms: []RoomEntry{}, Behind: f.Index.Behind()}
	err = f.Store.Read(ctx, func(s Snapshot) error {
		rooms, err := searched(s, a, search.Room, &w)
		if err != nil {
			return err
		}
		return f.fill(ctx, s, w, rooms, patience, limit, &found)
	})
	return found, err
}

// searched is which rooms a search goes over.
func searched(s Snapshot, a Actor, ref string, w *Wanted) (*roomsRead, error) {
	st, err := standing(s, a)
	if err != nil {
		return nil, err
	}
	rooms := &roomsRead{snapshot: s, standing: st, seen: map[RoomID]Room{}, may: map[RoomID]bool{}}
	if ref == "" {
		if rankOf(st.User) <= nobody {
			return rooms, st.Can(Read)
		}
		return rooms, nil // what they may read is asked room by room
	}
	st, err = inRoom(s, a, Read, ref)
	w.Room = st.Room.ID
	return rooms, err
}

// fill looks until a page is full or patience ends.
func (f *Finder) fill(ctx context.Context, s Snapshot, w Wanted, rooms *roomsRead, patience time.Duration, limit int, found *Found) error {
	var last int64
	next, end, err := f.walk(ctx, s, w, patience, func(m MessageRow) (bool, error) {
		if ok, err := rooms.readable(m.Room); !ok || err != nil {
			return err == nil, err
		}
		if len(found.Hits) == limit {
			found.More = true
			return false, nil
		}
		found.Hits, last = append(found.Hits, Hit{Room: m.Room, Message: m.Message}), m.ID
		return true, nil
	})
	if err != nil {
		return err
	}
	switch {
	case found.More:
		found.Next = strconv.FormatInt(last, 10)
	case !end:
		found.More, found.Next = true, strconv.FormatInt(next, 10)
	}
	messages := make([]Message, len(found.Hits))
	for i, hit := range found.Hits {
		messages[i] = hit.Message
		if !slices.ContainsFunc(found.Rooms, func(e RoomEntry) bool { return e.ID == hit.Room }) {
			found.Rooms = append(found.Rooms, rooms.seen[hit.Room].Entry())
		}
	}
	found.People, err = people(s, messages, nil)
	return err
}

// walk gives the messages that match to take, in the order of w, until that returns false, there are no more, or patience
// ends; end says that there are no more, else next is where to go on.
func (f *Finder) walk(ctx context.Context, s Snapshot, w Wanted, patience time.Duration,
	take func(MessageRow) (bool, error),
) (next int64, end bool, err error) {
	deadline := time.Now().Add(patience)
	for piece := firstPiece; ; piece = min(2*piece, largestPiece) {
		ids, next, end, err := f.Index.Candidates(ctx, w, piece)
		if err != nil {
			return 0, false, err
		}
		for part := range slices.Chunk(ids, firstPiece) {
			last, more, err := f.check(s, w, part, take)
			if err != nil || !more {
				return last, false, err
			}
		}
		if end || time.Now().After(deadline) {
			return next, end, nil
		}
		w.From = next
	}
}

// check reads candidates again and gives those that match to take, until it returns false for the message last.
func (f *Finder) check(s Snapshot, w Wanted, ids []int64, take func(MessageRow) (bool, error)) (last int64, more bool, err error) {
	rows, err := s.MessagesByID(ids)
	if err != nil {
		return 0, false, err
	}
	for _, m := range rows {
		if m.Deleted || w.Room != 0 && m.Room != w.Room || !w.Query.Match(m.Text) {
			continue
		}
		if more, err := take(m); err != nil || !more {
			return m.ID, false, err
		}
	}
	return 0, true, nil
}

// A roomsRead remembers which rooms somebody may read, within one snapshot.
type roomsRead struct {
	snapshot Snapshot
	standing Standing
	seen     map[RoomID]Room
	may      map[RoomID]bool
}

func (r *roomsRead) readable(id RoomID) (bool, error) {
	if may, known := r.may[id]; known {
		return may, nil
	}
	room, err := r.snapshot.Room(id)
	if err != nil && KindOf(err) != NotFound {
		return false, err
	}
	if err == nil {
		st, err := r.standing.in(r.snapshot, room)
		if err != nil {
			return false, err
		}
		r.may[id] = st.Can(Read) == nil
	}
	r.seen[id] = room
	return r.may[id], nil
}
