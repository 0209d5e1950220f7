package chat

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// An Invitation is a link that lets people in, and says what it grants. Its JSON is what those see who hand it out.
//
// An invitation is as good as whoever made it: when it is used, its maker must still be allowed to make it. So a right to let
// people in ends with the membership, the role or the account that it came from.
type Invitation struct {
	ID        int64  `json:"id"`
	Room      RoomID `json:"room,omitzero"`        // whose member one becomes; 0: it is to the server alone
	Role      Role   `json:"role,omitempty"`       // see Enroller
	Note      string `json:"note,omitempty"`       // for whom or what, shown to whoever opens the link
	ExpiresAt int64  `json:"expires_at,omitempty"` // unix ms; 0: never
	Uses      int64  `json:"uses,omitempty"`       // how many people it admits; 0: any number
	Used      int64  `json:"used"`                 // how many it has admitted
	By        UserID `json:"by"`
	CreatedAt int64  `json:"created_at"` // unix ms
	Revoked   bool   `json:"revoked,omitempty"`

	Hash string `json:"-"` // SHA-256 of the token, in hex; the token itself is never stored
}

// Enroller is the role of an invitation that allows to make an account, also where registration is by invitation. Moderator and
// Administrator are given to the account that uses the invitation, and allow to make one as well. Without a role an invitation
// lets people in as what they are.
const Enroller Role = "member"

// InviteSnapshot is what is read of invitations.
type InviteSnapshot interface {
	Invite(id int64) (Invitation, error)
	InviteByHash(hash string) (Invitation, error)
	// Invites are a room's invitations, or with 0 those to the server alone, the newest first: those with ids below before
	// (0: all), and if by is not 0 only those that by made.
	Invites(room RoomID, by UserID, before int64, limit int) (invites []Invitation, more bool, err error)
	// InviteUsed reports whether somebody has used an invitation.
	InviteUsed(id int64, user UserID) (bool, error)
}

// InviteTx is what is written of invitations.
type InviteTx interface {
	// InsertInvite stores an invitation and sets its ID.
	InsertInvite(i *Invitation) error
	// RevokeInvite ends an invitation for good.
	RevokeInvite(id int64) error
	// UseInvite counts somebody as admitted by an invitation, once however often it is called, and reports whether it was this time.
	// When it admits nobody more the error is UsedUp and nothing is counted.
	UseInvite(id int64, user UserID) (counted bool, err error)
}

const (
	// NoteLimit is how many characters the note of an invitation has at most.
	NoteLimit = 200
	// InviteLimit is how many invitations one page of them has at most.
	InviteLimit = 100
	// longestInvite is for how long an invitation that ends is good at most; one may also have no end.
	longestInvite = 366 * 24 * time.Hour
	// mostUses is how many people an invitation that counts them admits at most.
	mostUses = 1_000_000
)

// Invitations are the verbs on invitations. Its methods may be called from any goroutine.
type Invitations struct {
	Users *Users
}

// Make makes an invitation to the room that ref names, or with "" to the server alone, and returns it with the token of its
// link, which is told this once. Of what is wanted Role, Note, ExpiresAt and Uses count.
//
// In a room that is for who may Invite there, to the server for who may Host; and a role is given by those alone who could
// appoint its holder themselves.
func (i *Invitations) Make(ctx context.Context, a Actor, ref string, wanted Invitation) (Invitation, string, error) {
	note, err := checkNote(wanted.Note)
	if err != nil {
		return Invitation{}, "", err
	}
	token := rand.Text()
	made := Invitation{Role: wanted.Role, Note: note, ExpiresAt: wanted.ExpiresAt, Uses: wanted.Uses, By: a.User, Hash: hashOf(token)}
	err = i.Users.Store.Write(ctx, func(tx Tx) error {
		st, err := mayInvite(tx, a, ref, made.Role)
		if err != nil {
			return err
		}
		if err := made.check(tx.Now()); err != nil {
			return err
		}
		made.Room, made.CreatedAt = st.Room.ID, Millis(tx.Now())
		if err := tx.InsertInvite(&made); err != nil {
			return err
		}
		return noteInvite(tx, st, made, "invited")
	})
	return made, token, err
}

// noteInvite adds what was done about an invitation to the audit log.
func noteInvite(tx Tx, st Standing, i Invitation, verb string) error {
	object, name := "server", ""
	if i.Room != 0 {
		object, name = i.Room.String(), st.Room.Name
	}
	return note(tx, st.User, verb, object, name, i.grants(), "")
}

// grants is what an invitation says, for the audit log.
func (i Invitation) grants() string {
	var d details
	d = append(d, "invitation "+strconv.FormatInt(i.ID, 10))
	if i.Role != NoRole {
		d = append(d, "role "+string(i.Role))
	}
	if i.Uses != 0 {
		d = append(d, "for "+strconv.FormatInt(i.Uses, 10))
	}
	if i.ExpiresAt != 0 {
		d = append(d, "until "+moment(i.ExpiresAt))
	}
	return d.String()
}

// moment is a unix time in ms for people.
func moment(ms int64) string { return time.UnixMilli(ms).UTC().Format("2 January 2006, 15:04 UTC") }

// check refuses what an invitation cannot say.
func (i Invitation) check(now time.Time) error {
	switch {
	case i.Uses < 0 || i.Uses > mostUses:
		return Errorf(Invalid, "uses", "An invitation is for 1 to %d people, or for any number.", mostUses)
	case i.ExpiresAt < 0 || i.ExpiresAt != 0 && i.ExpiresAt <= Millis(now):
		return Errorf(Invalid, "expires_at", "That time has passed.")
	case i.ExpiresAt > Millis(now.Add(longestInvite)):
		return Errorf(Invalid, "expires_at", "An invitation is good for a year at most, or without an end.")
	}
	return nil
}

// checkNote is the note of an invitation as it is stored: one line, NFC, trimmed.
func checkNote(note string) (string, error) {
	if !utf8.ValidString(note) {
		return "", Errorf(Invalid, "note", "The note is not valid UTF-8.")
	}
	note = strings.TrimFunc(norm.NFC.String(note), unicode.IsSpace)
	for _, r := range note {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return "", Errorf(Invalid, "note", "The note has a control character (%U) in it.", r)
		}
	}
	if n := utf8.RuneCountInString(note); n > NoteLimit {
		return "", Errorf(TooLong, "note", "The note has %d characters; at most %d fit.", n, NoteLimit)
	}
	return note, nil
}

// mayInvite is the actor's standing where an invitation with that role leads, if they may make one.
func mayInvite(s Snapshot, a Actor, ref string, role Role) (Standing, error) {
	st, err := hosting(s, a, Invite, ref)
	if err != nil {
		return st, err
	}
	onServer := st
	onServer.Room, onServer.Member = Room{}, Member{}
	switch role {
	case NoRole:
		return st, nil
	case Enroller:
		return st, onServer.Can(Host)
	case Moderator, Administrator:
		if err := onServer.Can(Operate); err != nil {
			return st, err
		}
		return st, mayEdit(s, st.User, User{Kind: Account}, UserEdit{Role: role})
	}
	return st, Errorf(Invalid, "role", "An invitation gives no role %q.", shorten(string(role), 20))
}

// hosting is the actor's standing towards the room that ref names, if they may do that there, or with "" towards the server, if
// they may let people in.
func hosting(s Snapshot, a Actor, verb Verb, ref string) (Standing, error) {
	if ref != "" {
		return inRoom(s, a, verb, ref)
	}
	st, err := standing(s, a)
	if err != nil {
		return st, err
	}
	return st, st.Can(Host)
}

// May reports whether the actor could make an invitation with that role, as Make would.
func (i *Invitations) May(ctx context.Context, a Actor, ref string, role Role) error {
	return i.Users.Store.Read(ctx, func(s Snapshot) error {
		_, err := mayInvite(s, a, ref, role)
		return err
	})
}

// A Guestbook is a page of invitations, the newest first.
type Guestbook struct {
	Room        Room // the zero Room for the server alone
	Invitations []Invitation
	Makers      map[UserID]string // the names of those who made them
	More        bool              // there are older ones
	All         bool              // they are everybody's, not only the actor's own
}

// List is a page of the invitations to a room, or with "" to the server alone, with ids below before (0: the newest). Who may
// invite sees their own, who may remove people from the room everybody's.
func (i *Invitations) List(ctx context.Context, a Actor, ref string, before int64, limit int) (Guestbook, error) {
	if limit <= 0 || limit > InviteLimit {
		limit = InviteLimit
	}
	var book Guestbook
	err := i.Users.Store.Read(ctx, func(s Snapshot) error {
		st, err := hosting(s, a, Read, ref)
		if err != nil {
			return err
		}
		by := UserID(0)
		if ref != "" && st.Can(Remove) != nil {
			if err := st.Can(Invite); err != nil {
				return err
			}
			by = st.User.ID
		}
		book = Guestbook{Room: st.Room, All: by == 0, Makers: map[UserID]string{}}
		if book.Invitations, book.More, err = s.Invites(st.Room.ID, by, before, limit); err != nil {
			return err
		}
		return book.name(s)
	})
	return book, err
}

// name fills in Makers.
func (b *Guestbook) name(s Snapshot) error {
	var ids []UserID
	for _, i := range b.Invitations {
		if _, asked := b.Makers[i.By]; !asked {
			b.Makers[i.By] = ""
			ids = append(ids, i.By)
		}
	}
	people, err := s.Names(ids)
	for _, p := range people {
		b.Makers[p.ID] = p.Name
	}
	return err
}

// Revoke ends an invitation: one's own, or as who may remove people from its room. Revoking twice is once. An invitation that
// one may not know of is NotFound.
func (i *Invitations) Revoke(ctx context.Context, a Actor, id int64) error {
	return i.Users.Store.Write(ctx, func(tx Tx) error {
		invite, err := tx.Invite(id)
		if err != nil {
			return err
		}
		ref := ""
		if invite.Room != 0 {
			ref = invite.Room.String()
		}
		st, err := hosting(tx, a, Read, ref)
		if err == nil && ref != "" && st.Can(Remove) != nil && invite.By != st.User.ID {
			err = st.Can(Remove)
		}
		switch {
		case KindOf(err) == Unauthenticated:
			return err
		case Refused(err):
			return errNoInvite()
		case err != nil || invite.Revoked:
			return err
		}
		if err := tx.RevokeInvite(id); err != nil {
			return err
		}
		return noteInvite(tx, st, invite, "revoked")
	})
}

func errNoInvite() error { return Errorf(NotFound, "id", "There is no such invitation.") }
