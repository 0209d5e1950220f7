package pages

import (
	"crypto/rand"
	"net/http"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A roomView is the room page as its template takes it.
type roomView struct {
	Me     chat.User
	Path   string // the page's own address
	Mine   []roomLink
	Others []roomLink
	Here   int

	Info    *chat.RoomInfo
	Days    []day
	Earlier int64 // number of the first message if there are earlier ones, else 0
	Later   int64 // number of the last message if there are later ones, else 0
	Empty   bool  // nothing has been said yet
	FromEnd bool  // the page starts at its last message, not its first

	Why, Text, Key string // of the message form
	Boot           boot
}

// A roomLink is a line of the list of rooms.
type roomLink struct {
	ID         chat.RoomID
	Name, Link string
	Current    bool
}

// boot is what the client begins with.
type boot struct {
	Hello chat.Hello  `json:"hello"`
	Open  chat.Opened `json:"open"`
	Page  bootPage    `json:"page"`
}

type bootPage struct {
	Room     string `json:"room"`
	Username string `json:"username"`
	At       int64  `json:"at,omitempty"`
}

// showRoom renders a room for me: a page of its messages, and the message form as it stands.
func (p *Pages) showRoom(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, room chat.Room, o chat.Opening, form written) error {
	var b boot
	later := false
	err := p.rooms.Store.Read(r.Context(), func(s chat.Snapshot) error {
		var err error
		if b.Hello, err = p.rooms.HelloIn(s, me.Actor()); err != nil {
			return err
		}
		b.Open, later, err = p.openIn(s, me, room, o)
		return err
	})
	if err != nil {
		return err
	}
	for i := range b.Hello.Server.Rooms {
		b.Hello.Server.Rooms[i].Here = p.here(b.Hello.Server.Rooms[i].ID)
	}
	b.Page = bootPage{Room: b.Open.Info.Name, Username: me.User.Name, At: o.Around}
	view := roomView{
		Me: me.User, Path: roomPath(b.Open.Info.Name, me.User.Name), Info: b.Open.Info, Here: max(1, p.here(room.ID)),
		Days: days(b.Open, me.User.ID, o.Around), Empty: len(b.Open.Messages) == 0 && !b.Open.More,
		FromEnd: o.After == 0, Why: form.why, Text: form.text, Key: form.key, Boot: b,
	}
	if view.Key == "" {
		view.Key = rand.Text()
	}
	if messages := b.Open.Messages; len(messages) > 0 && b.Open.More {
		view.Earlier = messages[0].Number
	}
	if messages := b.Open.Messages; later {
		view.Later = messages[len(messages)-1].Number
	}
	view.links(b.Hello, room.ID)
	return p.render(w, r, status, "room", view)
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

// links are the rooms at the side: mine, then the other public ones.
func (v *roomView) links(hello chat.Hello, current chat.RoomID) {
	mine := map[chat.RoomID]bool{}
	link := func(e chat.RoomEntry) roomLink {
		return roomLink{ID: e.ID, Name: e.Name, Link: roomPath(e.Name, v.Me.Name), Current: e.ID == current}
	}
	if hello.Me != nil {
		for _, e := range hello.Me.Rooms {
			mine[e.ID] = true
			v.Mine = append(v.Mine, link(e))
		}
	}
	for _, e := range hello.Server.Rooms {
		if !mine[e.ID] {
			v.Others = append(v.Others, link(e))
		}
	}
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
func days(opened chat.Opened, me chat.UserID, target int64) []day {
	names := map[chat.UserID]string{}
	for _, person := range opened.People {
		names[person.ID] = person.Name
	}
	var cut []day
	for _, m := range opened.Messages {
		s := said{Message: m, Name: names[m.By], Mine: m.By == me, First: true, Last: true, Target: m.Number == target}
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
