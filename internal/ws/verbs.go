package ws

import (
	"context"
	"errors"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/socket"
)

// A verb is what a frame may ask for: its row of the permission table, the fields that it must have, the budget that it is
// taken from, and what it does.
// The handler's result is the "ok" of the answer, unless its error is errAnswered.
type verb struct {
	may      chat.Verb
	required []string
	budget   auth.Budget
	handle   handle
}

type handle func(ctx context.Context, s *session, c *socket.Conn, q *request) (any, error)

// verbs are all verbs of the socket.
var verbs = map[string]verb{
	"open":    {chat.Read, []string{"room"}, auth.Read, open},
	"close":   {chat.Read, []string{"room"}, auth.Read, closeRoom},
	"post":    {chat.Speak, []string{"room", "key", "text"}, auth.Post, nil}, // post answers later: see post.go
	"edit":    {chat.Speak, []string{"room", "number", "version", "text"}, auth.Post, edit},
	"delete":  {chat.Retract, []string{"room", "number"}, auth.Post, remove},
	"typing":  {chat.Speak, []string{"room"}, auth.Read, typing},
	"history": {chat.Read, []string{"room"}, auth.Read, history},
	"join":    {chat.Join, []string{"room"}, auth.Join, join},
	"leave":   {chat.Leave, []string{"room"}, auth.Join, leave},
	"create":  {chat.Create, []string{"kind"}, auth.Create, create}, // private and direct rooms: chat.Enclose, chat.Direct
	"change":  {chat.Manage, []string{"room"}, auth.Post, change},   // also chat.Archive and chat.Convert
	"drop":    {chat.Drop, []string{"room"}, auth.Post, drop},
	"add":     {chat.Add, []string{"room", "users"}, auth.Post, add},
	"remove":  {chat.Remove, []string{"room", "user"}, auth.Post, removePerson},
	"member":  {chat.Remove, []string{"room", "user"}, auth.Post, member}, // also chat.Appoint and chat.Silence
	"members": {chat.Read, []string{"room"}, auth.Read, members},          // of the banned: chat.Remove
	"find":    {chat.Meet, []string{"q"}, auth.Search, find},
	"report":  {chat.Report, []string{"room", "number", "why"}, auth.Report, report},
	"people":  {chat.Anybody, []string{"users"}, auth.Read, people},
	"read":    {chat.Mark, []string{"room", "number"}, auth.Read, read},
	"notify":  {chat.Mark, []string{"room", "level"}, auth.Read, notify},
	"unread":  {chat.Mark, nil, auth.Read, unread},
	"ping":    {chat.Anybody, nil, auth.Read, ping},
}

// Routes are the verbs of the socket with their rows.
func Routes() []chat.Route {
	var routes []chat.Route
	for do, v := range verbs {
		routes = append(routes, chat.Route{Door: "ws", Pattern: do, Verb: v.may})
	}
	return routes
}

// errAnswered is returned by a handler that has sent its answer itself.
var errAnswered = errors.New("answered")

type empty struct{}

type version struct {
	Version int64 `json:"version"`
}

// open follows a room. The cursor is attached before the store is read and placed after the answer is sent, so that every
// change is either in the answer or comes after it.
func open(ctx context.Context, s *session, c *socket.Conn, q *request) (any, error) {
	room, err := s.door.Rooms.Resolve(ctx, s.actor(), *q.Room)
	if err != nil {
		return nil, err
	}
	log, reader := chat.RoomLog(room.ID), c.Reader()
	followed := reader.Follows(log)
	if !followed && reader.Cursors() >= openRooms {
		return nil, chat.Errorf(chat.Forbidden, "room", "At most %d rooms can be open on one socket.", openRooms)
	}
	reader.Attach(log)
	opening := chat.Opening{At: q.At, Around: q.Around, Limit: q.Limit}
	opened, err := s.door.Rooms.Open(ctx, s.actor(), room.ID.String(), opening)
	if err != nil {
		reader.Detach(log)
		return nil, err
	}
	c.Send(answer(q.ID, opened, nil))
	reader.Place(log, opened.Version, 0)
	return nil, errAnswered
}

func closeRoom(ctx context.Context, s *session, c *socket.Conn, q *request) (any, error) {
	room, err := s.door.Rooms.Resolve(ctx, s.actor(), *q.Room)
	if id, ok := chat.ParseRoomID(*q.Room); ok && (chat.KindOf(err) == chat.NotFound || chat.KindOf(err) == chat.Forbidden) {
		room.ID, err = id, nil // a room that is gone, or closed to me, can still be closed
	}
	if err == nil {
		c.Reader().Detach(chat.RoomLog(room.ID))
	}
	return empty{}, err
}

func edit(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	v, err := s.door.Rooms.Edit(ctx, s.actor(), *q.Room, *q.Number, *q.Version, *q.Text)
	return version{v}, err
}

func remove(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	v, err := s.door.Rooms.Delete(ctx, s.actor(), *q.Room, *q.Number)
	return version{v}, err
}

func report(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	return empty{}, s.door.Rooms.Report(ctx, s.actor(), *q.Room, *q.Number, given(q.Why))
}

func typing(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	room, err := s.door.Rooms.MaySpeak(ctx, s.actor(), *q.Room)
	if err != nil {
		return nil, err
	}
	on := q.On == nil || *q.On
	if s.typing != 0 && s.typing != room.ID {
		s.door.Logs.Typing(s.typing, s.user, false)
	}
	s.typing = 0
	if on {
		s.typing = room.ID
	}
	s.door.Logs.Typing(room.ID, s.user, on)
	return empty{}, nil
}

func history(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	return s.door.Rooms.History(ctx, s.actor(), *q.Room,
		chat.Page{Before: q.Before, After: q.After.Number, Around: q.Around, Limit: q.Limit})
}

func join(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	if _, err := s.door.Rooms.Resolve(ctx, s.actor(), *q.Room); chat.KindOf(err) == chat.NotFound {
		// The room is to be made, which has a budget of its own.
		if err := s.door.Gate.AllowFrom(s.address, auth.Create, s.user); err != nil {
			return nil, err
		}
	}
	return s.door.Rooms.Join(ctx, s.actor(), *q.Room)
}

func leave(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	return s.door.Rooms.Leave(ctx, s.actor(), *q.Room)
}

func people(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	names, err := s.door.Rooms.People(ctx, s.actor(), q.Users)
	return struct {
		People []chat.Person `json:"people"`
	}{names}, err
}

func ping(context.Context, *session, *socket.Conn, *request) (any, error) { return empty{}, nil }
