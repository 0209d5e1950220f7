package chat

import (
	"bytes"
	"context"
	"crypto/sha256"
	"strings"
)

// Rooms are the verbs on rooms and what is said in them. Its methods may be called from any goroutine; each of them asks
// Can on the rows of the very transaction that it acts in.
type Rooms struct {
	Store  Store
	Limits Limits
	Wake   func() // unless nil: is called when there is something for Admin.Sweep
}

// Find finds a room by what people call it: an id of a room that there is, else a public room's name.
func Find(s Snapshot, ref string) (Room, error) {
	if id, ok := ParseRoomID(ref); ok {
		r, err := s.Room(id)
		if KindOf(err) != NotFound {
			return r, err
		}
	}
	if strings.HasPrefix(ref, "~") {
		return FindByAddress(s, ref)
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
		r, err = s.RoomOnceNamed(canonical)
	}
	if KindOf(err) == NotFound {
		return Room{}, errNoRoom(name)
	}
	return r, err
}

// FindByAddress finds a room by what its addresses begin with: a public room's name, or the "~…" of another.
func FindByAddress(s Snapshot, segment string) (Room, error) {
	if !strings.HasPrefix(segment, "~") {
		return FindByName(s, segment)
	}
	r, err := s.RoomByAddress(segment)
	if KindOf(err) == NotFound {
		return Room{}, errNoRoom(segment)
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
	return r.find(ctx, a, ref, Find)
}

// Named is Resolve for addresses of pages, where a room is its name or "~…", never an id.
func (r *Rooms) Named(ctx context.Context, a Actor, segment string) (Room, error) {
	return r.find(ctx, a, segment, FindByAddress)
}

func (r *Rooms) find(ctx context.Context, a Actor, ref string, find func(Snapshot, string) (Room, error)) (Room, error) {
	var room Room
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := there(s, a, Read, ref, find)
		room = st.Room
		return err
	})
	return room, err
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
		st, err := inRoom(tx, a, Join, ref)
		if _, id := ParseRoomID(ref); KindOf(err) == NotFound && !id && !strings.HasPrefix(ref, "~") && st.Room.ID == 0 {
			st, err = r.makeFor(tx, a, ref)
		}
		if err != nil {
			return err
		}
		joined, err = enter(tx, st)
		return err
	})
	return joined, err
}

func (r *Rooms) makeFor(tx Tx, a Actor, name string) (Standing, error) {
	st, err := standing(tx, a)
	if err == nil {
		st.Room, err = r.Make(tx, st, name)
	}
	return st, err
}

// Make makes a public room within a transaction, for a user who may create rooms. Only an account moderates what it made: a
// guest's name is anybody's who comes first.
func (r *Rooms) Make(tx Tx, st Standing, name string) (Room, error) {
	name, err := CheckRoomName(name, r.Limits.Room)
	if err != nil {
		return Room{}, err
	}
	if err := st.Can(Create); err != nil {
		return Room{}, err
	}
	room := Room{Name: name, Kind: Public, CreatedAt: Millis(tx.Now()), CreatedBy: st.User.ID}
	return room, tx.InsertRoom(&room)
}

// enter makes the user a member of the room if it is none, and is the room's head after it.
func enter(tx Tx, st Standing) (Joined, error) {
	if st.Member.Joined {
		return Joined{Room: st.Room.ID, Version: st.Room.Version}, nil
	}
	m := st.Member
	m.Banned = false // who may come in although banned stands above who banned them
	m.Room, m.User, m.Name, m.Joined, m.At = st.Room.ID, st.User.ID, st.User.Name, true, Millis(tx.Now())
	if st.Room.CreatedBy == st.User.ID && st.Room.Version == 1 && rankOf(st.User) >= registered {
		m.Role = Moderator
	}
	if err := tx.PutMember(&m); err != nil {
		return Joined{}, err
	}
	return Joined{Room: st.Room.ID, Version: m.Version}, nil
}

// Leave ends the actor's membership. Leaving twice is one leave.
func (r *Rooms) Leave(ctx context.Context, a Actor, ref string) (Joined, error) {
	var left Joined
	err := r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Leave, ref)
		if err != nil {
			return err
		}
		left = Joined{Room: st.Room.ID, Version: st.Room.Version}
		m := st.Member
		if !m.Joined {
			return nil
		}
		if err := depart(tx, &m); err != nil {
			return err
		}
		left.Version, err = headOf(tx, st.Room.ID)
		return err
	})
	return left, err
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
	calls  []call // whom the text may name
	posted Posted // what came of it
}

func (r *Rooms) posting(a Actor, ref string, d Draft) (*posting, error) {
	text, err := CheckText(d.Text, r.Limits.Text)
	if err != nil {
		return nil, err
	}
	d.Text = text
	return &posting{actor: a, ref: ref, draft: d, calls: callsIn(text, r.Limits.Name)}, CheckKey(d.Key)
}

// run stores the message unless its key has been used or it has to wait for approval.
func (p *posting) run(tx Tx) error {
	st, err := inRoom(tx, p.actor, Speak, p.ref)
	if err != nil {
		return err
	}
	if again, err := p.repeated(tx, st.User, st.Room); again || err != nil {
		return err
	}
	if st.holds() {
		return p.hold(tx, st)
	}
	if err := slowly(tx, st); err != nil {
		return err
	}
	return p.say(tx, st)
}

// say makes the draft a message of whoever's standing it is.
func (p *posting) say(tx Tx, st Standing) error {
	if _, err := enter(tx, st); err != nil {
		return err
	}
	u, room := st.User, st.Room
	var err error
	m := Message{Room: room.ID, By: u.ID, Key: p.draft.Key, At: Millis(tx.Now()), Text: p.draft.Text}
	if m.Mentions, err = mentioned(tx, room.ID, p.calls); err != nil {
		return err
	}
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
	calls := callsIn(text, r.Limits.Name)
	err = r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Speak, ref)
		if err != nil {
			return err
		}
		m, err := tx.Message(st.Room.ID, number)
		if err != nil {
			return err
		}
		if m.By != st.User.ID {
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
		case st.holds():
			return errUntried("number")
		}
		m.Text, m.Edited = text, Millis(tx.Now())
		if m.Mentions, err = mentioned(tx, st.Room.ID, calls); err != nil {
			return err
		}
		err = tx.UpdateMessage(&m)
		edited = m.Version
		return err
	})
	return edited, err
}

// mayDelete returns nil for the author of a message and for who moderates the room.
func (s Standing) mayDelete(m Message) error {
	if m.By == s.User.ID && s.Can(Retract) == nil || s.Can(DeleteAny) == nil {
		return nil
	}
	return Errorf(Forbidden, "number", "Only the author or a moderator can delete a message.")
}

// Delete removes the text of a message for good and leaves a tombstone; it returns the tombstone's version. Everybody can
// delete what is their own, moderators and above what is others'. Deleting twice is one deletion.
func (r *Rooms) Delete(ctx context.Context, a Actor, ref string, number int64) (int64, error) {
	var deleted int64
	err := r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Read, ref)
		if err != nil {
			return err
		}
		if err := st.Can(Retract); err != nil && st.Can(DeleteAny) != nil {
			return err
		}
		m, err := tx.Message(st.Room.ID, number)
		if err != nil {
			return err
		}
		if err := st.mayDelete(m); err != nil {
			return err
		}
		deleted = m.Version
		if m.Deleted {
			return nil
		}
		m.Deleted, m.Text = true, ""
		if err := tx.UpdateMessage(&m); err != nil {
			return err
		}
		deleted = m.Version
		return noteDeletion(tx, st, m)
	})
	return deleted, err
}
