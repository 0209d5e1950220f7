package chat

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// DescriptionLimit is how many characters a room's description has at most.
	DescriptionLimit = 2000
	// SlowLimit is the longest that one has to wait between two messages in a room, in seconds: six hours.
	SlowLimit = 6 * 60 * 60
)

// CheckDescription is a room's description as it is stored: NFC, trimmed, at most DescriptionLimit characters, without control
// characters but line breaks and tabs; it may be empty. Errors name the field "description".
func CheckDescription(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", Errorf(Invalid, "description", "The description is not valid UTF-8.")
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text = strings.TrimFunc(norm.NFC.String(text), unicode.IsSpace)
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return "", Errorf(Invalid, "description", "The description has a control character (%U) in it.", r)
		}
	}
	if n := utf8.RuneCountInString(text); n > DescriptionLimit {
		return "", Errorf(TooLong, "description", "The description has %d characters; at most %d fit.", n, DescriptionLimit)
	}
	return text, nil
}

// A RoomChange is what is to be changed about a room; nil leaves it as it is.
type RoomChange struct {
	Name        *string
	Topic       *string
	Description *string
	Slow        *int // seconds between two messages of one person, 0 for none
	NoPreview   *bool
	Archived    *bool
	Kind        *RoomKind // Public or Private
}

// verbs are what the actor must be allowed to do, first what decides about the rest.
func (c RoomChange) verbs() []Verb {
	var verbs []Verb
	if c.Archived != nil {
		verbs = append(verbs, Archive)
	}
	if c.Kind != nil {
		verbs = append(verbs, Convert)
	}
	if c.Name != nil || c.Topic != nil || c.Description != nil || c.Slow != nil || c.NoPreview != nil || len(verbs) == 0 {
		verbs = append(verbs, Manage)
	}
	return verbs
}

// Change changes what is decided about a room and returns the room's version. All of it happens or nothing; what is so already
// is no change.
//
// A public room's name has to be free, also when a private room becomes public: NameTaken in the field "name". Addresses with its
// former names, and with the address that it had as a private room, lead to it. When a room becomes private, who is no member
// reads nothing of it from that version on, and it has a moderator: who made it so, unless there is one already.
func (r *Rooms) Change(ctx context.Context, a Actor, ref string, c RoomChange) (int64, error) {
	var version int64
	err := r.Store.Write(ctx, func(tx Tx) error {
		verbs := c.verbs()
		st, err := inRoom(tx, a, verbs[0], ref)
		if err != nil {
			return err
		}
		if c.Archived != nil && !*c.Archived {
			st.Room.Archived = false // what else is wanted is wanted of a room that is back
		}
		for _, verb := range verbs[1:] {
			if err := st.Can(verb); err != nil {
				return err
			}
		}
		version, err = r.change(tx, st, c)
		return err
	})
	return version, err
}

func (r *Rooms) change(tx Tx, st Standing, c RoomChange) (int64, error) {
	was, err := tx.Room(st.Room.ID)
	if err != nil {
		return 0, err
	}
	next, err := r.changed(was, c)
	if err != nil {
		return 0, err
	}
	if next == was {
		return was.Version, nil
	}
	enclosed := was.Kind == Public && next.Kind == Private
	if enclosed {
		if err := lead(tx, st); err != nil {
			return 0, err
		}
	}
	if err := tx.UpdateRoom(&next); err != nil {
		return 0, aboutName(err)
	}
	return next.Version, note(tx, st.User, "changed", next.ID.String(), was.Name, changesOf(was, next), "")
}

// changed is the room as it is wanted.
func (r *Rooms) changed(room Room, c RoomChange) (Room, error) {
	var err error
	if c.Topic != nil {
		if room.Topic, err = CheckTopic(*c.Topic); err != nil {
			return room, err
		}
	}
	if c.Description != nil {
		if room.Description, err = CheckDescription(*c.Description); err != nil {
			return room, err
		}
	}
	if c.Slow != nil {
		if room.Slow = *c.Slow; room.Slow < 0 || room.Slow > SlowLimit {
			return room, Errorf(Invalid, "slow", "The pause between two messages is 0 to %d seconds.", SlowLimit)
		}
	}
	if c.NoPreview != nil {
		room.NoPreview = *c.NoPreview
	}
	if c.Archived != nil {
		room.Archived = *c.Archived
	}
	published := false
	if c.Kind != nil {
		if *c.Kind != Public && *c.Kind != Private {
			return room, Errorf(Invalid, "kind", "A room becomes public or private, not %q.", shorten(string(*c.Kind), 40))
		}
		published = room.Kind == Private && *c.Kind == Public
		if room.Kind = *c.Kind; room.Kind == Private && room.Address == "" {
			room.Address = newAddress()
		}
	}
	name := room.Name
	if c.Name != nil {
		name = *c.Name
	}
	if name != room.Name || published {
		// An imported room keeps a name that would be too long for a new one, until it has to be found by it.
		room.Name, err = CheckRoomName(name, r.Limits.Room)
	}
	return room, aboutName(err)
}

// lead makes the user a member of the room, and its moderator if it has none.
func lead(tx Tx, st Standing) error {
	moderators, err := tx.Moderators(st.Room.ID)
	if err != nil {
		return err
	}
	m := st.Member
	if m.Joined && len(moderators) > 0 {
		return nil
	}
	if !m.Joined {
		m.At = Millis(tx.Now())
	}
	m.Room, m.User, m.Joined, m.Banned = st.Room.ID, st.User.ID, true, false
	if len(moderators) == 0 {
		m.Role = Moderator
	}
	return tx.PutMember(&m)
}

// changesOf says in words what became of a room.
func changesOf(was, is Room) string {
	var d details
	d.add("name", was.Name, is.Name)
	d.add("topic", was.Topic, is.Topic)
	if was.Description != is.Description {
		d = append(d, "another description")
	}
	d.add("kind", string(was.Kind), string(is.Kind))
	for _, part := range []struct {
		what    string
		was, is any
	}{
		{"slow", was.Slow, is.Slow}, {"preview", !was.NoPreview, !is.NoPreview}, {"archived", was.Archived, is.Archived},
	} {
		d.add(part.what, fmt.Sprint(part.was), fmt.Sprint(part.is))
	}
	return d.String()
}

// Drop deletes a room. For everybody it is gone at once, and its name is free; its rows are a job for Sweep.
func (r *Rooms) Drop(ctx context.Context, a Actor, ref string) error {
	err := r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Drop, ref)
		if err != nil {
			return err
		}
		return deleteRoom(tx, st.User, st.Room.ID)
	})
	if err == nil && r.Wake != nil {
		r.Wake()
	}
	return err
}
