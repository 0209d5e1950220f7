package chat

import (
	"context"
	"iter"
)

// MyDataSnapshot is what is read of all that belongs to one user. Each list is read in pieces of at most limit rows with ids above
// after, ascending.
type MyDataSnapshot interface {
	// Written are a user's messages that are neither deleted nor in a deleted room, in the order in which they were stored, up to
	// the id upto. A piece has about 4 MiB of text at most, and at least one message if there is one.
	Written(user UserID, after, upto int64, limit int) ([]MessageRow, error)
	// NewestMessage is the highest id that a message has, 0 if there is none.
	NewestMessage() (int64, error)
	// Memberships are the rows of a user in rooms that are not deleted, also where it has left, with room ids above after.
	Memberships(user UserID, after RoomID, limit int) ([]Member, error)
	// Complaints are the reports that a user has made.
	Complaints(user UserID, after int64, limit int) ([]Complaint, error)
	// Waiting are a user's messages that wait for approval.
	Waiting(user UserID, after int64, limit int) ([]Waiting, error)
	// InvitesBy are the invitations that a user has made.
	InvitesBy(user UserID, after int64, limit int) ([]Invitation, error)
}

// A Portrait is what a person takes along of who they are here. Its JSON is that of an export.
type Portrait struct {
	Profile    PortraitUser     `json:"profile"`
	Emails     []PortraitEmail  `json:"emails"`
	Passkeys   []PortraitKey    `json:"passkeys"`
	Identities []PortraitLogin  `json:"identities"`
	Sessions   []PortraitDevice `json:"sessions"`

	Upto int64 `json:"-"` // the id of the newest message when the export began
}

// A PortraitUser is the user of a Portrait; all times are unix ms.
type PortraitUser struct {
	User
	CreatedAt   int64 `json:"created_at"`
	SeenAt      int64 `json:"seen_at"`
	HasPassword bool  `json:"has_password"` // neither it nor its hash is told
}

// A PortraitEmail is an address of a Portrait.
type PortraitEmail struct {
	Address    string `json:"address"`
	VerifiedAt int64  `json:"verified_at,omitempty"`
	CreatedAt  int64  `json:"created_at"`
}

// A PortraitKey is a passkey of a Portrait, without what it signs with.
type PortraitKey struct {
	Name      string `json:"name"`
	CreatedAt int64  `json:"created_at"`
	SeenAt    int64  `json:"seen_at,omitempty"`
}

// A PortraitLogin is who somebody is at another server that signs them in.
type PortraitLogin struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
	At      int64  `json:"at"`
}

// A PortraitDevice is a session of a Portrait.
type PortraitDevice struct {
	ID        string `json:"id"`
	Agent     string `json:"agent"`
	Address   string `json:"address,omitempty"`
	CreatedAt int64  `json:"created_at"`
	SeenAt    int64  `json:"seen_at"`
}

// A Place is a room in an export: what the person is and has read there.
type Place struct {
	RoomEntry
	Joined bool  `json:"joined"`
	At     int64 `json:"at,omitempty"` // unix ms of the last join or leave
}

// A Utterance is a message in an export.
type Utterance struct {
	Room     RoomID `json:"room"`
	RoomName string `json:"room_name"`
	Number   int64  `json:"number"`
	At       int64  `json:"at,omitempty"`
	Edited   int64  `json:"edited,omitempty"`
	Text     string `json:"text"`
}

// A Complaint is a report in the hands of who made it: not who decided it, nor what moderators said to each other.
type Complaint struct {
	ID        int64  `json:"id"`
	Room      RoomID `json:"room"`
	Number    int64  `json:"number"`
	At        int64  `json:"at"`
	Why       string `json:"why"`
	State     string `json:"state"`
	DecidedAt int64  `json:"decided_at,omitempty"`
}

// A Waiting is a message that waits for approval, in the hands of its author.
type Waiting struct {
	ID   int64  `json:"-"`
	Room RoomID `json:"room"`
	At   int64  `json:"at"`
	Text string `json:"text"`
}

// MyData are the verbs on all that belongs to one person: to take it along, and to have it deleted. Its methods may be called from any
// goroutine.
type MyData struct {
	Store Store
}

// exportPiece is how many rows of an export are read in one snapshot.
const exportPiece = 500

// own is the standing of somebody who asks for what is theirs.
func own(s Snapshot, a Actor) (Standing, error) {
	st, err := standing(s, a)
	if err != nil {
		return st, err
	}
	return st, st.Can(Rename)
}

// Portrait reads who the actor is here: all but the lists that grow.
func (d *MyData) Portrait(ctx context.Context, a Actor) (Portrait, error) {
	p := Portrait{Emails: []PortraitEmail{}, Passkeys: []PortraitKey{}, Identities: []PortraitLogin{}, Sessions: []PortraitDevice{}}
	err := d.Store.Read(ctx, func(s Snapshot) error {
		st, err := own(s, a)
		if err != nil {
			return err
		}
		u := st.User
		p.Profile = PortraitUser{User: u, CreatedAt: u.CreatedAt, SeenAt: u.SeenAt, HasPassword: u.Password != ""}
		if p.Upto, err = s.NewestMessage(); err != nil {
			return err
		}
		return p.read(s, u.ID)
	})
	return p, err
}

func (p *Portrait) read(s Snapshot, user UserID) error {
	emails, err := s.Emails(user)
	if err != nil {
		return err
	}
	for _, e := range emails {
		p.Emails = append(p.Emails, PortraitEmail{e.Address, e.VerifiedAt, e.CreatedAt})
	}
	passkeys, err := s.Passkeys(user)
	if err != nil {
		return err
	}
	for _, k := range passkeys {
		p.Passkeys = append(p.Passkeys, PortraitKey{k.Name, k.CreatedAt, k.SeenAt})
	}
	identities, err := s.Identities(user)
	if err != nil {
		return err
	}
	for _, i := range identities {
		p.Identities = append(p.Identities, PortraitLogin{i.Issuer, i.Subject, i.At})
	}
	sessions, err := s.SessionsOf(user)
	for _, v := range sessions {
		p.Sessions = append(p.Sessions, PortraitDevice{v.ID.Public(), v.Agent, v.Address, v.CreatedAt, v.SeenAt})
	}
	return err
}

// pieces are the rows of an export, read piece by piece, each in a snapshot of its own, in which it is asked again whether the actor
// may: somebody whose account ends meanwhile gets no more. read gives the rows after an id, the id of the last one that it has
// looked at, and how many it has looked at. An error is given once, as the last.
func pieces[T any](ctx context.Context, d *MyData, a Actor, read func(s Snapshot, st Standing, after int64) (rows []T, last int64, seen int, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for after := int64(0); ; {
			var rows []T
			seen := 0
			err := d.Store.Read(ctx, func(s Snapshot) error {
				st, err := own(s, a)
				if err == nil {
					rows, after, seen, err = read(s, st, after)
				}
				return err
			})
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if seen == 0 {
				return
			}
		}
	}
}

// pieceOf is read of pieces for a list without more to it.
func pieceOf[T any](rows []T, id func(T) int64, after int64, err error) ([]T, int64, int, error) {
	if len(rows) > 0 {
		after = id(rows[len(rows)-1])
	}
	return rows, after, len(rows), err
}

// Places are the rooms that the actor knows, in the order of their ids. What the actor may not read any more is left out: who was
// removed from a room is told nothing of it, its name neither.
func (d *MyData) Places(ctx context.Context, a Actor) iter.Seq2[Place, error] {
	return pieces(ctx, d, a, func(s Snapshot, st Standing, after int64) ([]Place, int64, int, error) {
		members, err := s.Memberships(st.User.ID, RoomID(after), exportPiece)
		var places []Place
		for _, m := range members {
			after = int64(m.Room)
			there, err := inRoom(s, a, Read, m.Room.String())
			if Refused(err) {
				continue
			}
			if err != nil {
				return nil, after, 0, err
			}
			entries, err := s.Entries(st.User.ID, []Room{there.Room})
			if err != nil {
				return nil, after, 0, err
			}
			places = append(places, Place{RoomEntry: entries[0], Joined: m.Joined, At: m.At})
		}
		return places, after, len(members), err
	})
}

// Utterances are the actor's messages in the rooms that the actor may read, in the order in which they were stored, up to the id
// that the Portrait names. They are read at different moments: what is edited or deleted meanwhile is given as it is then.
func (d *MyData) Utterances(ctx context.Context, a Actor, upto int64) iter.Seq2[Utterance, error] {
	return pieces(ctx, d, a, func(s Snapshot, st Standing, after int64) ([]Utterance, int64, int, error) {
		rows, err := s.Written(st.User.ID, after, upto, exportPiece)
		readable := map[RoomID]bool{}
		said := make([]Utterance, 0, len(rows))
		for _, m := range rows {
			after = m.ID
			may, asked := readable[m.Room]
			if !asked {
				_, err := inRoom(s, a, Read, m.Room.String())
				if err != nil && !Refused(err) {
					return nil, after, 0, err
				}
				may = err == nil
				readable[m.Room] = may
			}
			if may {
				said = append(said, Utterance{m.Room, m.RoomName, m.Number, m.At, m.Edited, m.Text})
			}
		}
		return said, after, len(rows), err
	})
}

// Complaints are the reports that the actor has made.
func (d *MyData) Complaints(ctx context.Context, a Actor) iter.Seq2[Complaint, error] {
	return pieces(ctx, d, a, func(s Snapshot, st Standing, after int64) ([]Complaint, int64, int, error) {
		rows, err := s.Complaints(st.User.ID, after, exportPiece)
		return pieceOf(rows, func(c Complaint) int64 { return c.ID }, after, err)
	})
}

// Waiting are the actor's messages that wait for approval.
func (d *MyData) Waiting(ctx context.Context, a Actor) iter.Seq2[Waiting, error] {
	return pieces(ctx, d, a, func(s Snapshot, st Standing, after int64) ([]Waiting, int64, int, error) {
		rows, err := s.Waiting(st.User.ID, after, exportPiece)
		return pieceOf(rows, func(w Waiting) int64 { return w.ID }, after, err)
	})
}

// Invitations are those that the actor has made.
func (d *MyData) Invitations(ctx context.Context, a Actor) iter.Seq2[Invitation, error] {
	return pieces(ctx, d, a, func(s Snapshot, st Standing, after int64) ([]Invitation, int64, int, error) {
		rows, err := s.InvitesBy(st.User.ID, after, exportPiece)
		return pieceOf(rows, func(i Invitation) int64 { return i.ID }, after, err)
	})
}
