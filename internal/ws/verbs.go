package ws

import (
	"context"
	"errors"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/socket"
)

// A verb is what a frame may ask for: the fields that it must have, the budget that it is taken from, and what it does.
// The handler's result is the "ok" of the answer, unless its error is errAnswered.
type verb struct {
	required []string
	budget   auth.Budget
	handle   handle
}

type handle func(ctx context.Context, s *session, c *socket.Conn, q *request) (any, error)

// verbs are all verbs of the socket.
var verbs = map[string]verb{
	"open":    {[]string{"room"}, auth.Read, open},
	"close":   {[]string{"room"}, auth.Read, closeRoom},
	"post":    {[]string{"room", "key", "text"}, auth.Post, nil}, // post answers later: see post.go
	"edit":    {[]string{"room", "number", "version", "text"}, auth.Post, edit},
	"delete":  {[]string{"room", "number"}, auth.Post, remove},
	"typing":  {[]string{"room"}, auth.Read, typing},
	"history": {[]string{"room"}, auth.Read, history},
	"join":    {[]string{"room"}, auth.Join, join},
	"leave":   {[]string{"room"}, auth.Join, leave},
	"people":  {[]string{"users"}, auth.Read, people},
	"ping":    {nil, auth.Read, ping},
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
	if id, ok := chat.ParseRoomID(*q.Room); ok && chat.KindOf(err) == chat.NotFound {
		room.ID, err = id, nil // a room that is gone can still be closed
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
		chat.Page{Before: q.Before, After: q.After, Around: q.Around, Limit: q.Limit})
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
