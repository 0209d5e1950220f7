package ws

import (
	"context"

	"parley/internal/chat"
	"parley/internal/socket"
)

func create(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	room, err := s.door.Rooms.Create(ctx, s.actor(), chat.NewRoom{
		Kind: *q.Kind, Name: given(q.Name), Topic: given(q.Topic), Description: given(q.Description), Users: q.Users,
	})
	return struct {
		Room chat.RoomEntry `json:"room"`
	}{room}, err
}

func change(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	v, err := s.door.Rooms.Change(ctx, s.actor(), *q.Room, chat.RoomChange{
		Name: q.Name, Topic: q.Topic, Description: q.Description, Slow: q.Slow, NoPreview: q.NoPreview, Archived: q.Archived, Kind: q.Kind,
	})
	return version{v}, err
}

func drop(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	return empty{}, s.door.Rooms.Drop(ctx, s.actor(), *q.Room)
}

func add(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	v, err := s.door.Rooms.Add(ctx, s.actor(), *q.Room, q.Users)
	return version{v}, err
}

func removePerson(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	user, err := q.user()
	if err != nil {
		return nil, err
	}
	v, err := s.door.Rooms.Remove(ctx, s.actor(), *q.Room, chat.Removal{User: user, Ban: q.Ban, Why: given(q.Why)})
	return version{v}, err
}

func member(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	user, err := q.user()
	if err != nil {
		return nil, err
	}
	v, err := s.door.Rooms.ChangeMember(ctx, s.actor(), *q.Room, user,
		chat.MemberChange{Role: q.Role, Banned: q.Banned, MutedUntil: q.MutedUntil, Why: given(q.Why)})
	return version{v}, err
}

func members(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	return s.door.Rooms.Members(ctx, s.actor(), *q.Room,
		chat.MemberQuery{After: q.After.Person, Banned: q.Banned != nil && *q.Banned, Limit: q.Limit})
}

func find(ctx context.Context, s *session, _ *socket.Conn, q *request) (any, error) {
	found, err := s.door.Rooms.FindPeople(ctx, s.actor(), *q.Q)
	return struct {
		People []chat.Person `json:"people"`
	}{found}, err
}

// user is whom a frame is about.
func (q *request) user() (chat.UserID, error) {
	var id chat.UserID
	if err := id.UnmarshalText([]byte(*q.User)); err != nil {
		return 0, chat.Errorf(chat.NotFound, "user", "There is no such user.")
	}
	return id, nil
}

// given is a text that may be absent.
func given(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
