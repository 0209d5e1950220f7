package pages

import (
	"bytes"
	"encoding/json"
	"html/template"
	"sync"
	"time"

	"parley/internal/chat"
)

// A roomPiece is a page of a room's messages, as far as it is the same for everybody, and rendered as far as somebody has asked
// for it. Its methods may be called from any goroutine.
type roomPiece struct {
	room   chat.Room   // name, kind and whether it is deleted
	opened chat.Opened // as somebody read it who is no member
	later  bool        // there are later messages than those
	target int64       // number of the message that the address asks for, or 0
	days   []day
	bytes  int // about how much memory it takes

	mu      sync.Mutex
	members map[chat.UserID]bool   // who is known to be a member or to be none
	rows    map[rowKey][]byte      // rendered messages
	open    map[bool][]byte        // opened as JSON, for members and for others
	heads   map[time.Time][][]byte // what stands before and after the messages of a day
}

// A rowKey is all that a rendered message depends on.
type rowKey struct {
	number, version           int64
	name                      string
	mine, first, last, target bool
}

// newPiece makes the piece of what user was shown. What was rendered of the room before is taken over where it is still right.
func newPiece(opened chat.Opened, user chat.UserID, later bool, target int64, before *roomPiece) *roomPiece {
	info := *opened.Info
	piece := &roomPiece{
		room:  chat.Room{ID: opened.Room, Name: info.Name, Kind: info.Kind, Topic: info.Topic, Members: info.Members, Version: opened.Version, Deleted: info.Deleted, Address: info.Address, NoPreview: info.NoPreview},
		later: later, target: target,
		members: map[chat.UserID]bool{user: opened.Member}, rows: map[rowKey][]byte{}, open: map[bool][]byte{}, heads: map[time.Time][][]byte{},
	}
	opened.Member = false
	piece.opened = opened
	piece.days = days(opened, target)
	for _, m := range opened.Messages {
		// The row in two variants and the JSON: five times the text, and the markup.
		piece.bytes += 5*len(m.Text) + 2500
	}
	if before == nil {
		return piece
	}
	before.mu.Lock()
	defer before.mu.Unlock()
	for _, day := range piece.days {
		for _, s := range day.Messages {
			for _, mine := range []bool{false, true} {
				s.Mine = mine
				if row, ok := before.rows[s.key()]; ok {
					piece.rows[s.key()] = row
				}
			}
		}
	}
	return piece
}

func (s said) key() rowKey {
	return rowKey{s.Number, s.Version, s.Name, s.Mine, s.First, s.Last, s.Target}
}

// member says whether a user is a member of the room, if that is known.
func (c *roomPiece) member(user chat.UserID) (is, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	is, known = c.members[user]
	return is, known
}

func (c *roomPiece) note(user chat.UserID, member bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.members) >= 10_000 {
		clear(c.members)
	}
	c.members[user] = member
}

// appendRows appends the messages of the page as user sees them.
func (c *roomPiece) appendRows(dst []byte, set *template.Template, user chat.UserID) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, day := range c.days {
		head, ok := c.heads[day.Date]
		if !ok {
			var err error
			if head, err = cut(set, "day", dayView{Date: day.Date, Messages: rowsHole.html()}, rowsHole); err != nil {
				return nil, err
			}
			c.heads[day.Date] = head
		}
		dst = append(dst, head[0]...)
		for _, s := range day.Messages {
			s.Mine = s.By == user
			key := s.key()
			row, ok := c.rows[key]
			if !ok {
				var b bytes.Buffer
				if err := set.ExecuteTemplate(&b, "message", s); err != nil {
					return nil, err
				}
				row = b.Bytes()
				c.rows[key] = row
			}
			dst = append(dst, row...)
		}
		dst = append(dst, head[1]...)
	}
	return dst, nil
}

// json is the page as the client takes it, for members or for others.
func (c *roomPiece) json(member bool) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if text, ok := c.open[member]; ok {
		return text, nil
	}
	opened := c.opened
	opened.Member = member
	text, err := json.Marshal(opened)
	if err == nil {
		c.open[member] = text
	}
	return text, err
}
