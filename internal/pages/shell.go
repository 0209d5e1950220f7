package pages

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"sync"
	"weak"

	"parley/internal/chat"
)

// A hole is a place in a rendered page that is filled in for each request. In the template it is a word that nobody can
// know, and so can stand in no name or message.
type hole string

// The holes of the room page, in their order.
var (
	hereHole = hole(rand.Text()) // how many are here
	rowsHole = hole(rand.Text()) // the messages
	keyHole  = hole(rand.Text()) // the key of the message form
	bootHole = hole(rand.Text()) // what the client begins with
)

func (h hole) html() template.HTML { return template.HTML(h) }

// cut executes a template that has these holes, in this order, and gives what stands between them.
func cut(set *template.Template, name string, data any, holes ...hole) ([][]byte, error) {
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	rest := b.Bytes()
	var parts [][]byte
	for _, h := range holes {
		before, after, found := bytes.Cut(rest, []byte(h))
		if !found {
			return nil, fmt.Errorf("pages: the template %q has a hole less than it should", name)
		}
		parts, rest = append(parts, before), after
	}
	return append(parts, rest), nil
}

// A shellKey is all that a shell depends on. What it points to never changes, and may be gone.
type shellKey struct {
	me        chat.User
	mine      weak.Pointer[chat.Mine]
	directory weak.Pointer[chat.Directory]
	piece     weak.Pointer[roomPiece]
}

// A shellPlace is where a shell is kept: a person has one for each room.
type shellPlace struct {
	user chat.UserID
	room chat.RoomID
}

// A shell is the room page of one person around its holes.
type shell struct {
	key   shellKey
	parts [][]byte // five, around four holes
	page  []byte   // bootPage as JSON

	mu    sync.Mutex
	here  []int  // how many were in each of the public rooms
	hello []byte // as JSON, with those counts
}

func (s *shell) bytes() int {
	size := 512
	for _, part := range s.parts {
		size += len(part)
	}
	return 2 * size // hello is about as long as what stands at the page's side
}

// greeting is what the client is told first, as JSON.
func (s *shell) greeting(c *content, limits chat.Limits, count func(chat.RoomID) int) ([]byte, error) {
	rooms := slices.Clone(c.directory.Rooms)
	here := make([]int, len(rooms))
	for i := range rooms {
		here[i] = count(rooms[i].ID)
		rooms[i].Here = here[i]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hello != nil && slices.Equal(here, s.here) {
		return s.hello, nil
	}
	hello := chat.Hello{
		Epoch: c.piece.opened.Epoch, Me: c.mine, Limits: limits,
		Server: chat.Directory{Rooms: rooms, Settings: c.directory.Settings, Version: c.directory.Version},
	}
	text, err := json.Marshal(hello)
	if err == nil {
		s.here, s.hello = here, text
	}
	return text, err
}

// renderShell renders a page around its holes, with the message form as it stands.
func (p *Pages) renderShell(me chat.User, c *content, o chat.Opening, form written) (*shell, error) {
	info, opened := c.piece.opened.Info, c.piece.opened
	page := bootPage{Room: info.Segment(), Username: me.Name, At: c.piece.target}
	view := roomView{
		Me: me, ID: opened.Room, Title: c.title(me.ID), Path: roomPath(info.Segment(), me.Name), Info: info, Here: string(hereHole), Rows: rowsHole.html(),
		Empty: len(opened.Messages) == 0 && !opened.More, FromEnd: o.After == 0,
		Why: form.why, Text: form.text, Key: string(keyHole), Boot: template.JS(bootHole),
	}
	if len(opened.Messages) > 0 && opened.More {
		view.Earlier = opened.Messages[0].Number
	}
	if c.piece.later {
		view.Later = opened.Messages[len(opened.Messages)-1].Number
	}
	view.links(c.mine, c.directory, opened.Room)
	all := []hole{hereHole, rowsHole, keyHole, bootHole}
	lacking := func(h hole) bool { return h == rowsHole && view.Empty || h == keyHole && info.Archived }
	parts, err := cut(p.templates["room"], "page", view, slices.DeleteFunc(slices.Clone(all), lacking)...)
	if err != nil {
		return nil, err
	}
	for i, h := range all {
		if lacking(h) {
			parts = slices.Insert(parts, i+1, nil) // nothing stands there, nor after it until the next one
		}
	}
	text, err := json.Marshal(page)
	return &shell{parts: parts, page: text}, err
}

// appendPage fills the holes of a shell.
func (p *Pages) appendPage(dst []byte, s *shell, c *content, me chat.UserID, key string) ([]byte, error) {
	piece := c.piece
	member, _ := piece.member(me)
	open, err := piece.json(member)
	if err != nil {
		return nil, err
	}
	hello, err := s.greeting(c, p.rooms.Limits, p.here)
	if err != nil {
		return nil, err
	}
	dst = append(dst, s.parts[0]...)
	dst = strconv.AppendInt(dst, int64(max(1, p.here(piece.room.ID))), 10)
	dst = append(dst, s.parts[1]...)
	if dst, err = piece.appendRows(dst, p.templates["room"], me); err != nil {
		return nil, err
	}
	dst = append(dst, s.parts[2]...)
	if !piece.opened.Info.Archived {
		dst = append(dst, template.HTMLEscapeString(key)...)
	}
	dst = append(dst, s.parts[3]...)
	dst = append(append(append(dst, `{"hello":`...), hello...), `,"open":`...)
	dst = append(append(append(dst, open...), `,"page":`...), s.page...)
	return append(append(dst, '}'), s.parts[4]...), nil
}
