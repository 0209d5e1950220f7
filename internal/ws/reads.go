package ws

import (
	"context"

	"parley/internal/chat"
	"parley/internal/live"
	"parley/internal/socket"
)

// read says how far I have read a room.
func read(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	return s.door.Rooms.Mark(ctx, s.actor(), *q.Room, *q.Number)
}

// notify says what I want to be told of a room.
func notify(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	return empty{}, s.door.Rooms.Notify(ctx, s.actor(), *q.Room, *q.Level)
}

// unread is how much I have not read, in rooms of mine or in all of them.
func unread(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	rooms, err := s.door.Rooms.Entries(ctx, s.actor(), q.Rooms)
	return struct {
		Rooms []chat.RoomEntry `json:"rooms"`
	}{rooms}, err
}

// rewatch has the heads of the user's rooms watched as of now.
func (s *session) rewatch(ctx context.Context, c *socket.Conn, b live.Behind) {
	watched, err := s.door.Rooms.Watch(ctx, s.actor())
	if err != nil {
		s.door.Logger.Error("socket: the heads of rooms", "error", err)
		c.Close(socket.Internal, "something went wrong on our side")
		return
	}
	c.Reader().Watch(b, watched.Heads)
}
