package chat

import "context"

// Admin are the verbs of administrators. Its methods may be called from any goroutine. Each of them that takes an Actor
// asks Standing.Can(Operate) on the rows of its own transaction; those that take none are for whoever runs the machine.
// Everything they change is an ordinary change, which open pages see at once, and is told in the audit log.
type Admin struct {
	Store  Store
	Limits Limits
	Finder *Finder // for Messages with a text to look for; nil where that is not asked for
}

// BulkLimit is how many things can be deleted by one call.
const BulkLimit = 500

// An Overview is what the first page of the admin site shows.
type Overview struct {
	Rooms, Messages, Users Count
	Newest                 []Audit
}

func (a *Admin) read(ctx context.Context, actor Actor, f func(s Snapshot) error) error {
	return a.Store.Read(ctx, func(s Snapshot) error {
		if _, err := operator(s, actor); err != nil {
			return err
		}
		return f(s)
	})
}

// operator is the actor's own row, if they may operate the server.
func operator(s Snapshot, actor Actor) (User, error) {
	u, err := act(s, actor)
	if err != nil {
		return User{}, err
	}
	return u, Standing{User: u}.Can(Operate)
}

// Overview counts everything, up to CountLimit, and reads the ten newest lines of the audit log.
func (a *Admin) Overview(ctx context.Context, actor Actor) (Overview, error) {
	var o Overview
	err := a.read(ctx, actor, func(s Snapshot) error {
		rooms, err := s.RoomList(RoomQuery{Paging: Paging{Limit: 1}})
		if err != nil {
			return err
		}
		messages, err := s.MessageList(MessageQuery{Paging: Paging{Limit: 1, Descending: true}})
		if err != nil {
			return err
		}
		users, err := s.UserList(UserQuery{Paging: Paging{Limit: 1}})
		if err != nil {
			return err
		}
		newest, err := s.AuditList(AuditQuery{Paging: Paging{Limit: 10, Descending: true}})
		o = Overview{Rooms: rooms.Count, Messages: messages.Count, Users: users.Count, Newest: newest.Rows}
		return err
	})
	return o, err
}

// Rooms is a page of the list of rooms.
func (a *Admin) Rooms(ctx context.Context, actor Actor, q RoomQuery) (List[Room], error) {
	var list List[Room]
	err := a.read(ctx, actor, func(s Snapshot) (err error) {
		list, err = s.RoomList(q)
		return err
	})
	return list, err
}

// Messages is a page of the list of messages. With a text to look for it comes from the search index, in the order of storing.
func (a *Admin) Messages(ctx context.Context, actor Actor, q MessageQuery) (List[MessageRow], error) {
	if q.Search != "" {
		return a.found(ctx, actor, q)
	}
	var list List[MessageRow]
	err := a.read(ctx, actor, func(s Snapshot) (err error) {
		list, err = s.MessageList(q)
		return err
	})
	return list, err
}

// Users is a page of the list of users.
func (a *Admin) Users(ctx context.Context, actor Actor, q UserQuery) (List[User], error) {
	var list List[User]
	err := a.read(ctx, actor, func(s Snapshot) (err error) {
		list, err = s.UserList(q)
		return err
	})
	return list, err
}

// Log is a page of the audit log.
func (a *Admin) Log(ctx context.Context, actor Actor, q AuditQuery) (List[Audit], error) {
	var list List[Audit]
	err := a.read(ctx, actor, func(s Snapshot) (err error) {
		list, err = s.AuditList(q)
		return err
	})
	return list, err
}

// Named are the users who are called name, the one who holds the name first, at most ten.
func (a *Admin) Named(ctx context.Context, actor Actor, name string) ([]User, error) {
	var users []User
	err := a.read(ctx, actor, func(s Snapshot) (err error) {
		users, err = s.UsersNamed(name, 10)
		return err
	})
	return users, err
}

// Find finds a room by its id or name, also a deleted one by its id.
func (a *Admin) Find(ctx context.Context, actor Actor, ref string) (Room, error) {
	var room Room
	err := a.read(ctx, actor, func(s Snapshot) (err error) {
		room, err = Find(s, ref)
		return err
	})
	return room, err
}

// A RoomDetail is a room with what goes when it is deleted.
type RoomDetail struct {
	Room
	Live Count // messages that are not deleted
}

// RoomDetails are the rooms of those ids that there are and that are not deleted, at most BulkLimit.
func (a *Admin) RoomDetails(ctx context.Context, actor Actor, ids []RoomID) ([]RoomDetail, error) {
	if err := checkBulk(len(ids)); err != nil {
		return nil, err
	}
	var details []RoomDetail
	err := a.read(ctx, actor, func(s Snapshot) error {
		for _, id := range ids {
			room, err := s.Room(id)
			if KindOf(err) == NotFound || err == nil && room.Deleted {
				continue
			}
			if err != nil {
				return err
			}
			list, err := s.MessageList(MessageQuery{Room: id, Paging: Paging{Limit: 1}})
			if err != nil {
				return err
			}
			details = append(details, RoomDetail{Room: room, Live: list.Count})
		}
		return nil
	})
	return details, err
}

// A UserDetail is a user with what goes when they are deleted.
type UserDetail struct {
	User
	Live     Count // messages that are not deleted
	Rooms    Count // rooms that they are a member of
	Sessions int
}

// roomsCounted is how many rooms of a user are counted.
const roomsCounted = 500

// UserDetails are the users of those ids that there are, at most BulkLimit.
func (a *Admin) UserDetails(ctx context.Context, actor Actor, ids []UserID) ([]UserDetail, error) {
	if err := checkBulk(len(ids)); err != nil {
		return nil, err
	}
	var details []UserDetail
	err := a.read(ctx, actor, func(s Snapshot) error {
		for _, id := range ids {
			detail, err := userDetail(s, id)
			if KindOf(err) == NotFound {
				continue
			}
			if err != nil {
				return err
			}
			details = append(details, detail)
		}
		return nil
	})
	return details, err
}

func userDetail(s Snapshot, id UserID) (UserDetail, error) {
	user, err := s.User(id)
	if err != nil {
		return UserDetail{}, err
	}
	list, err := s.MessageList(MessageQuery{Author: id, Paging: Paging{Limit: 1}})
	if err != nil {
		return UserDetail{}, err
	}
	rooms, err := s.RoomsOf(id, roomsCounted+1)
	if err != nil {
		return UserDetail{}, err
	}
	sessions, err := s.Sessions(id)
	count := Count{N: min(len(rooms), roomsCounted), More: len(rooms) > roomsCounted}
	return UserDetail{User: user, Live: list.Count, Rooms: count, Sessions: sessions}, err
}

// A MessageRef names a message.
type MessageRef struct {
	Room   RoomID
	Number int64
}

// MessageDetails are the messages of those names that there are and that are not deleted, at most BulkLimit.
func (a *Admin) MessageDetails(ctx context.Context, actor Actor, refs []MessageRef) ([]MessageRow, error) {
	if err := checkBulk(len(refs)); err != nil {
		return nil, err
	}
	var details []MessageRow
	err := a.read(ctx, actor, func(s Snapshot) error {
		for _, ref := range refs {
			row, err := s.MessageRow(ref.Room, ref.Number)
			if KindOf(err) == NotFound || err == nil && row.Deleted {
				continue
			}
			if err != nil {
				return err
			}
			details = append(details, row)
		}
		return nil
	})
	return details, err
}

func checkBulk(n int) error {
	if n > BulkLimit {
		return Errorf(TooLong, "pick", "At most %d can be ticked at once.", BulkLimit)
	}
	return nil
}
