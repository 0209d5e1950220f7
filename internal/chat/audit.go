package chat

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// WhyLimit is how many characters a reason has at most.
const WhyLimit = 500

// CheckWhy is the reason of an act as it is stored: NFC, trimmed, one line of at most WhyLimit characters without control
// characters; it may be empty. Errors name the field "why".
func CheckWhy(why string) (string, error) {
	if !utf8.ValidString(why) {
		return "", Errorf(Invalid, "why", "The reason is not valid UTF-8.")
	}
	why = strings.TrimFunc(norm.NFC.String(why), unicode.IsSpace)
	for _, r := range why {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return "", Errorf(Invalid, "why", "The reason has a control character (%U) in it.", r)
		}
	}
	if n := utf8.RuneCountInString(why); n > WhyLimit {
		return "", Errorf(TooLong, "why", "The reason has %d characters; at most %d fit.", n, WhyLimit)
	}
	return why, nil
}

// note adds a line to the audit log; the zero User stands for whoever runs the machine. The object is what was acted on: an id,
// or for what happened in a room the room's id with what it was about, see objectOf and personIn. So a room's moderators find
// the acts of their room. Texts of messages and passwords never go into it.
func note(tx Tx, by User, verb, object, name, detail, why string) error {
	return tx.InsertAudit(&Audit{
		At: Millis(tx.Now()), By: by.ID, ByName: by.Name, Verb: verb, Object: object, Name: name, Detail: detail, Why: why,
	})
}

// noteDeletion tells the audit log that somebody deleted what another one wrote.
func noteDeletion(tx Tx, st Standing, m Message) error {
	if m.By == st.User.ID {
		return nil
	}
	author, err := tx.User(m.By)
	if err != nil {
		return err
	}
	name := labelOf(MessageRow{Message: m, RoomName: st.Room.Name})
	return note(tx, st.User, "deleted", objectOf(MessageRef{m.Room, m.Number}), name, "by "+author.Name, "")
}

// personIn is somebody in a room as the object of an act.
func personIn(room RoomID, user UserID) string { return room.String() + "/" + user.String() }

// Room is the room that the act was about, or happened in; 0 for none.
func (a Audit) Room() RoomID {
	room, _, _ := strings.Cut(a.Object, "/")
	id, _ := ParseRoomID(room)
	return id
}

// Acts are what moderators and administrators did in a room, the newest first, for who moderates it.
func (r *Rooms) Acts(ctx context.Context, a Actor, ref string, page Paging) (Room, List[Audit], error) {
	var room Room
	var acts List[Audit]
	page.Descending = true
	err := r.Store.Read(ctx, func(s Snapshot) error {
		st, err := inRoom(s, a, Review, ref)
		if err != nil {
			return err
		}
		room = st.Room
		acts, err = s.AuditList(AuditQuery{Paging: page, Room: room.ID})
		return err
	})
	return room, acts, err
}
