package pages

import (
	"context"
	"crypto/rand"
	"html/template"
	"net/http"
	"sync"
	"time"
	"weak"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A roomView is the room page as its template takes it.
type roomView struct {
	Me     chat.User
	ID     chat.RoomID
	Title  string // what the room is called for me
	Path   string // the page's own address
	Mine   []roomLink
	Others []roomLink
	Here   string

	Info    *chat.RoomInfo
	Rows    template.HTML // the messages
	Earlier int64         // number of the first message if there are earlier ones, else 0
	Later   int64         // number of the last message if there are later ones, else 0
	Empty   bool          // nothing has been said yet
	FromEnd bool          // the page starts at its last message, not its first

	Why, Text, Key string // of the message form
	Boot           template.JS
}

// A roomLink is a line of the list of rooms.
type roomLink struct {
	ID         chat.RoomID
	Name, Link string
	Current    bool
}

// bootPage is what the page itself is about, beside hello and open in what the client begins with.
type bootPage struct {
	Room     string `json:"room"`
	Username string `json:"username"`
	At       int64  `json:"at,omitempty"`
}

// A content is what a room page shows.
type content struct {
	mine      *chat.Mine
	directory *chat.Directory
	piece     *roomPiece
}

// pageBuffers are lent to requests.
var pageBuffers = sync.Pool{New: func() any { return new([]byte) }}

// showRoom renders a room for me: a page of its messages, and the message form as it stands.
func (p *Pages) showRoom(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, room chat.Room, o chat.Opening, form written) error {
	c, err := p.content(r.Context(), me, room, o)
	if err != nil {
		return err
	}
	create := func() (*shell, error) { return p.renderShell(me.User, c, o, form) }
	var s *shell
	if o == (chat.Opening{}) && form == (written{}) {
		key := shellKey{me.User, weak.Make(c.mine), weak.Make(c.directory), weak.Make(c.piece)}
		s, err = p.kept.shell(shellPlace{me.User.ID, room.ID}, key, create)
	} else {
		s, err = create()
	}
	if err != nil {
		return err
	}
	if form.key == "" {
		form.key = rand.Text()
	}
	buffer := pageBuffers.Get().(*[]byte)
	defer pageBuffers.Put(buffer)
	if *buffer, err = p.appendPage((*buffer)[:0], s, c, me.User.ID, form.key); err != nil {
		return err
	}
	send(w, r, status, *buffer)
	return nil
}

// content is what a page of a room shows to me, from what is kept, or else read at one moment.
func (p *Pages) content(ctx context.Context, me auth.Identity, room chat.Room, o chat.Opening) (*content, error) {
	f := p.kept.begin(me.User.ID, room.ID)
	defer p.kept.end(f)
	piece := f.piece
	if o != (chat.Opening{}) {
		piece = nil
	}
	known := false
	if piece != nil {
		_, known = piece.member(me.User.ID)
	}
	if known && f.mine != nil && f.directory != nil {
		return &content{f.mine, f.directory, piece}, nil
	}
	err := p.rooms.Store.Read(ctx, func(s chat.Snapshot) error {
		hello, err := p.rooms.HelloIn(s, me.Actor())
		if err != nil {
			return err
		}
		// What is unread changes with every message of others: the client is told it when it connects.
		for i := range hello.Me.Rooms {
			hello.Me.Rooms[i].Own = nil
		}
		f.mine, f.directory = hello.Me, &hello.Server
		if known {
			return nil
		}
		opened, later, err := p.openIn(s, me, room, o)
		switch {
		case err != nil:
			return err
		case piece != nil:
			piece.note(me.User.ID, opened.Member)
		case o != (chat.Opening{}):
			piece = newPiece(opened, me.User.ID, later, o.Around, f.last)
		default:
			piece = newPiece(opened, me.User.ID, later, 0, f.last)
			f.piece = piece
		}
		return nil
	})
	return &content{f.mine, f.directory, piece}, err
}

// openIn reads a page of a room and whether there are later messages. Where a page would be empty it is the newest one.
func (p *Pages) openIn(s chat.Snapshot, me auth.Identity, room chat.Room, o chat.Opening) (chat.Opened, bool, error) {
	opened, err := p.rooms.OpenIn(s, me.Actor(), room.ID.String(), o)
	if err != nil || o == (chat.Opening{}) {
		return opened, false, err
	}
	if len(opened.Messages) == 0 {
		return p.openIn(s, me, room, chat.Opening{})
	}
	last := opened.Messages[len(opened.Messages)-1].Number
	later, _, err := s.Messages(room.ID, chat.Page{After: last, Limit: 1})
	return opened, len(later) > 0, err
}

// title is what the room is called for me: a direct room by the others in it.
func (c *content) title(me chat.UserID) string {
	for _, e := range c.mine.Rooms {
		if e.ID == c.piece.opened.Room {
			return e.Title(me)
		}
	}
	if name := c.piece.opened.Info.Name; name != "" {
		return name
	}
	return "Direct room" // beyond the rooms that are listed
}

// links are the rooms at the side: mine, then the other public ones.
func (v *roomView) links(me *chat.Mine, directory *chat.Directory, current chat.RoomID) {
	mine := map[chat.RoomID]bool{}
	link := func(e chat.RoomEntry) roomLink {
		return roomLink{ID: e.ID, Name: e.Title(v.Me.ID), Link: roomPath(e.Segment(), v.Me.Name), Current: e.ID == current}
	}
	if me != nil {
		for _, e := range me.Rooms {
			mine[e.ID] = true
			v.Mine = append(v.Mine, link(e))
		}
	}
	for _, e := range directory.Rooms {
		if !mine[e.ID] {
			v.Others = append(v.Others, link(e))
		}
	}
}

// A dayView is a day as its template takes it.
type dayView struct {
	Date     time.Time
	Messages template.HTML
}

// A day is the messages of one day; Date is the zero time for those without a time that come first.
type day struct {
	Date     time.Time
	Messages []said
}

// said is a message as it is shown. First and Last tell its place in a group: what one person says on one day, each message
// at most gap after the one before.
type said struct {
	chat.Message
	Name   string
	Mine   bool
	First  bool
	Last   bool
	Target bool // the one that the address asks for
}

const gap = 5 * time.Minute

// days cuts messages into days, in UTC, and days into groups. web/src/days.ts does the same in the reader's time zone.
func days(opened chat.Opened, target int64) []day {
	names := map[chat.UserID]string{}
	for _, person := range opened.People {
		names[person.ID] = person.Name
	}
	var cut []day
	for _, m := range opened.Messages {
		s := said{Message: m, Name: names[m.By], First: true, Last: true, Target: m.Number == target}
		date := time.Time{}
		switch {
		case m.At != 0:
			date = time.UnixMilli(m.At).UTC().Truncate(24 * time.Hour)
		case len(cut) > 0:
			date = cut[len(cut)-1].Date
		}
		if len(cut) == 0 || !cut[len(cut)-1].Date.Equal(date) {
			cut = append(cut, day{Date: date})
		}
		today := &cut[len(cut)-1]
		if n := len(today.Messages); n > 0 && together(today.Messages[n-1].Message, m) {
			today.Messages[n-1].Last, s.First = false, false
		}
		today.Messages = append(today.Messages, s)
	}
	return cut
}

func together(a, b chat.Message) bool {
	if a.By != b.By || (a.At == 0) != (b.At == 0) {
		return false
	}
	return b.At-a.At <= gap.Milliseconds()
}
