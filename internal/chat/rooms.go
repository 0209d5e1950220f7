package chat

import (
	"bytes"
	"context"
	"crypto/sha256"
)

// Rooms are the verbs on rooms and what is said in them. Its methods may be called from any goroutine; each of them asks
// Can on the rows of the very transaction that it acts in.
type Rooms struct {
	Store  Store
	Limits Limits
}

// Find finds a room by what people call it: an id of a room that there is, else a public room's name.
func Find(s Snapshot, ref string) (Room, error) {
	if id, ok := ParseRoomID(ref); ok {
		r, err := s.Room(id)
		if KindOf(err) != NotFound {
			return r, err
		}
	}
	return FindByName(s, ref)
}

// FindByName finds a public room by its name; names are equal after NFC and trimming, and case counts.
func FindByName(s Snapshot, name string) (Room, error) {
	canonical, err := CheckRoomName(name, 255)
	if err != nil {
		// Imported rooms may have names that are too long for new ones.
		canonical = name
	}
	r, err := s.RoomByName(canonical)
	if KindOf(err) == NotFound {
		return Room{}, Errorf(NotFound, "room", "There is no room called %q.", shorten(name, 80))
	}
	return r, err
}

func shorten(s string, limit int) string {
	n := 0
	for i := range s {
		if n++; n > limit {
			return s[:i] + "…"
		}
	}
	return s
}

// act is the actor's own row, or the zero User for nobody and for a user that is gone.
func act(s Snapshot, a Actor) (User, error) {
	if a.User == 0 {
		return User{}, nil
	}
	u, err := s.User(a.User)
	if KindOf(err) == NotFound {
		return User{}, nil
	}
	return u, err
}

// Resolve finds a room that the actor may read.
func (r *Rooms) Resolve(ctx context.Context, a Actor, ref string) (Room, error) {
	var room Room
	err := r.Store.Read(ctx, func(s Snapshot) error {
		var err error
		room, _, err = readable(s, a, func(s Snapshot) (Room, error) { return Find(s, ref) })
		return err
	})
	return room, err
}

// Named is Resolve for addresses, where a room is always a name.
func (r *Rooms) Named(ctx context.Context, a Actor, name string) (Room, error) {
	var room Room
	err := r.Store.Read(ctx, func(s Snapshot) error {
		var err error
		room, _, err = readable(s, a, func(s Snapshot) (Room, error) { return FindByName(s, name) })
		return err
	})
	return room, err
}

func readable(s Snapshot, a Actor, find func(Snapshot) (Room, error)) (Room, User, error) {
	u, err := act(s, a)
	if err != nil {
		return Room{}, User{}, err
	}
	room, err := find(s)
	if err != nil {
		return Room{}, User{}, err
	}
	return room, u, CanIn(u, Read, room)
}

// Joined is the answer to a join or a leave.
type Joined struct {
	Room    RoomID `json:"room"`
	Version int64  `json:"version"` // the head of the room
}

// Join makes the actor a member of the room that ref names. A public room of that name is made if there is none, by an
// actor who may. Joining twice is one join.
func (r *Rooms) Join(ctx context.Context, a Actor, ref string) (Joined, error) {
	var joined Joined
	err := r.Store.Write(ctx, func(tx Tx) error {
		u, err := act(tx, a)
		if err != nil {
			return err
		}
		room, err := Find(tx, ref)
		if _, id := ParseRoomID(ref); KindOf(err) == NotFound && !id {
			room, err = r.Make(tx, u, ref)
		}
		if err != nil {
			return err
		}
		if err := CanIn(u, Join, room); err != nil {
			return err
		}
		joined, err = enter(tx, room, u)
		return err
	})
	return joined, err
}

// Make makes a public room within a transaction, for a user who may create rooms.
func (r *Rooms) Make(tx Tx, u User, name string) (Room, error) {
	name, err := CheckRoomName(name, r.Limits.Room)
	if err != nil {
		return Room{}, err
	}
	if err := Can(u, Create); err != nil {
		return Room{}, err
	}
	room := Room{Name: name, Kind: Public, CreatedAt: Millis(tx.Now())}
	return room, tx.InsertRoom(&room)
}

// enter makes u a member of room if it is none, and is the room's head after it.
func enter(tx Tx, room Room, u User) (Joined, error) {
	m, err := tx.Member(room.ID, u.ID)
	switch {
	case err == nil && m.Joined:
		return Joined{Room: room.ID, Version: room.Version}, nil
	case err != nil && KindOf(err) != NotFound:
		return Joined{}, err
	}
	m = Member{Room: room.ID, User: u.ID, Name: u.Name, Joined: true, At: Millis(tx.Now())}
	if err := tx.PutMember(&m); err != nil {
		return Joined{}, err
	}
	return Joined{Room: room.ID, Version: m.Version}, nil
}

// Leave ends the actor's membership. Leaving twice is one leave.
func (r *Rooms) Leave(ctx context.Context, a Actor, ref string) (Joined, error) {
	var left Joined
	err := r.Store.Write(ctx, func(tx Tx) error {
		u, room, err := inRoom(tx, a, Join, ref)
		if err != nil {
			return err
		}
		left = Joined{Room: room.ID, Version: room.Version}
		m, err := tx.Member(room.ID, u.ID)
		if KindOf(err) == NotFound || err == nil && !m.Joined {
			return nil
		}
		if err != nil {
			return err
		}
		m.Joined, m.At = false, Millis(tx.Now())
		err = tx.PutMember(&m)
		left.Version = m.Version
		return err
	})
	return left, err
}

func inRoom(s Snapshot, a Actor, verb Verb, ref string) (User, Room, error) {
	u, err := act(s, a)
	if err != nil {
		return User{}, Room{}, err
	}
	room, err := Find(s, ref)
	if err != nil {
		return User{}, Room{}, err
	}
	return u, room, CanIn(u, verb, room)
}

// Post stores a message and returns once it is durable. Whoever speaks in a public room becomes a member of it.
//
// The same key by the same user makes one message, however often and by whatever door it comes, and gets the same answer;
// with another room or text it is KeyReused and changes nothing. A draft without a key cannot be repeated.
func (r *Rooms) Post(ctx context.Context, a Actor, ref string, d Draft) (Posted, error) {
	p, err := r.posting(a, ref, d)
	if err != nil {
		return Posted{}, err
	}
	err = r.Store.Write(ctx, p.run)
	return p.posted, err
}

// Submit is Post that does not wait: done is called with its result, on the terms of Store.Submit; unless the draft is no
// good, which is returned at once, and done is not called.
func (r *Rooms) Submit(ctx context.Context, a Actor, ref string, d Draft, done func(Posted, error)) error {
	p, err := r.posting(a, ref, d)
	if err != nil {
		return err
	}
	r.Store.Submit(ctx, p.run, func(err error) { done(p.posted, err) })
	return nil
}

// A posting is a draft on its way into a room.
type posting struct {
	actor  Actor
	ref    string
	draft  Draft
	posted Posted // what came of it
}

func (r *Rooms) posting(a Actor, ref string, d Draft) (*posting, error) {
	text, err := CheckText(d.Text, r.Limits.Text)
	if err != nil {
		return nil, err
	}
	d.Text = text
	return &posting{actor: a, ref: ref, draft: d}, CheckKey(d.Key)
}

// run stores the message unless its key has been used.
func (p *posting) run(tx Tx) error {
	u, room, err := inRoom(tx, p.actor, Speak, p.ref)
	if err != nil {
		return err
	}
	if again, err := p.repeated(tx, u, room); again || err != nil {
		return err
	}
	if _, err := enter(tx, room, u); err != nil {
		return err
	}
	m := Message{Room: room.ID, By: u.ID, Key: p.draft.Key, At: Millis(tx.Now()), Text: p.draft.Text}
	if err := tx.InsertMessage(&m, Person{u.ID, u.Name}); err != nil {
		return err
	}
	p.posted = Posted{Number: m.Number, Version: m.Version}
	return nil
}

// repeated reports whether this very draft has been posted before, and what came of it then.
func (p *posting) repeated(tx Tx, u User, room Room) (bool, error) {
	if p.draft.Key == "" {
		return false, nil
	}
	receipt, err := tx.Receipt(u.ID, p.draft.Key)
	switch {
	case KindOf(err) == NotFound:
		return false, nil
	case err != nil:
		return false, err
	case receipt.Room != room.ID || !bytes.Equal(receipt.Digest, Digest(p.draft.Text)):
		return false, Errorf(KeyReused, "key", "This key was used for another message.")
	}
	p.posted = receipt.Posted
	return true, nil
}

// Digest is what a Receipt remembers of a text.
func Digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:16]
}

// CheckKey returns an Invalid error for the field "key" unless key is empty or 1 to 64 printable ASCII characters.
func CheckKey(key string) error {
	if len(key) > 64 {
		return Errorf(Invalid, "key", "A key has at most 64 characters.")
	}
	for _, c := range []byte(key) {
		if c <= ' ' || c > '~' {
			return Errorf(Invalid, "key", "A key is made of printable ASCII characters without spaces.")
		}
	}
	return nil
}

// Edit gives the actor's own message another text and returns its new version. It names the version that it was made
// from: if the message has changed since, the error is Conflict with the text and version of now, unless the text is
// already the wanted one, so that an edit whose answer was lost can be repeated.
func (r *Rooms) Edit(ctx context.Context, a Actor, ref string, number, version int64, text string) (int64, error) {
	text, err := CheckText(text, r.Limits.Text)
	if err != nil {
		return 0, err
	}
	var edited int64
	err = r.Store.Write(ctx, func(tx Tx) error {
		u, room, err := inRoom(tx, a, Speak, ref)
		if err != nil {
			return err
		}
		m, err := tx.Message(room.ID, number)
		if err != nil {
			return err
		}
		if m.By != u.ID {
			return Errorf(Forbidden, "number", "Only the author can edit a message.")
		}
		edited = m.Version
		switch {
		case m.Deleted:
			return Errorf(NotFound, "number", "That message has been deleted.")
		case m.Text == text:
			return nil
		case m.Version != version:
			e := Errorf(Conflict, "version", "The message has been changed meanwhile.")
			e.Text, e.Version = m.Text, m.Version
			return e
		}
		m.Text, m.Edited = text, Millis(tx.Now())
		err = tx.UpdateMessage(&m)
		edited = m.Version
		return err
	})
	return edited, err
}

// Delete removes the text of a message for good and leaves a tombstone; it returns the tombstone's version. Everybody can
// delete what is their own, moderators and above what is others'. Deleting twice is one deletion.
func (r *Rooms) Delete(ctx context.Context, a Actor, ref string, number int64) (int64, error) {
	var deleted int64
	err := r.Store.Write(ctx, func(tx Tx) error {
		u, room, err := inRoom(tx, a, Speak, ref)
		if err != nil {
			return err
		}
		m, err := tx.Message(room.ID, number)
		if err != nil {
			return err
		}
		if m.By != u.ID && Can(u, DeleteAny) != nil {
			return Errorf(Forbidden, "number", "Only the author or a moderator can delete a message.")
		}
		deleted = m.Version
		if m.Deleted {
			return nil
		}
		m.Deleted, m.Text = true, ""
		err = tx.UpdateMessage(&m)
		deleted = m.Version
		return err
	})
	return deleted, err
}
