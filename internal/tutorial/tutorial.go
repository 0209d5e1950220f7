// Package tutorial is the door for the tutorial's own client: its address, its frames, on the same rooms as everything
// else.
//
// The tutorial's client cannot take back what it has shown, so it is a reader of new messages only: in order, each once.
package tutorial

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/live"
	"parley/internal/problem"
	"parley/internal/socket"
)

// Pattern is where the tutorial's client connects.
const Pattern = "GET /ws/notification/{room}/{$}"

// Routes are the one thing that a frame can ask for, with its row; connecting is a route of the server.
func Routes() []chat.Route {
	return []chat.Route{{Door: "tutorial", Pattern: "message", Verb: chat.Speak}}
}

const (
	// commandTime is how long one command may take.
	commandTime = 15 * time.Second
	// catchUpMessages is how many messages a lagging reader is given from the store at once.
	catchUpMessages = 256
	// names is how many names one socket without a session may speak under.
	names = 16
)

// Config is what the door needs.
type Config struct {
	Rooms   *chat.Rooms
	Users   *chat.Users
	Gate    *auth.Gate
	Sockets *socket.Server
	Logger  *slog.Logger
}

// A Door serves Pattern.
type Door struct{ Config }

// New makes a Door.
func New(c Config) *Door { return &Door{c} }

// ServeHTTP upgrades a request whose Origin is this server's own, for a room that there is; another one is 404.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	identity, room, err := d.enter(r)
	if err != nil {
		problem.Write(w, r, d.Logger, err)
		return
	}
	s := &session{
		door: d, room: room, path: r.PathValue("room"), identity: identity, user: identity.User.ID, address: d.Gate.Address(r), frames: d.Gate.Frames(),
		scripts: map[string]chat.UserID{},
	}
	who := live.Who{Person: chat.Person{ID: identity.User.ID, Name: identity.User.Name}, Session: identity.Session}
	d.Sockets.Upgrade(w, r, Format, who, s)
}

func (d *Door) enter(r *http.Request) (auth.Identity, chat.Room, error) {
	if err := d.Gate.CheckOrigin(r); err != nil {
		return auth.Identity{}, chat.Room{}, err
	}
	identity, err := d.Gate.Who(r)
	if err != nil {
		return auth.Identity{}, chat.Room{}, err
	}
	if err := d.Gate.Allow(r, auth.Connect, identity.User.ID); err != nil {
		return auth.Identity{}, chat.Room{}, err
	}
	room, err := d.Rooms.Named(r.Context(), identity.Actor(), r.PathValue("room"))
	return identity, room, err
}

// A session is one socket of the tutorial's client. Its fields belong to the socket's goroutine.
type session struct {
	door     *Door
	room     chat.Room
	path     string        // what the room is called in the socket's address: its name, a former one, or "~…"
	identity auth.Identity // as it was at the upgrade
	user     chat.UserID   // whose session it is, 0 without one
	address  netip.Addr
	frames   *auth.Frames
	scripts  map[string]chat.UserID // by NameKey: the names that this socket holds, without a session
}

// Opened follows the room from where it stood before the upgrade was answered, so that the client hears whatever is posted
// once it knows that it is connected; and the user's own log for the one thing that it tells this client: that the session
// has ended.
func (s *session) Opened(c *socket.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTime)
	defer cancel()
	if s.user != 0 {
		c.Reader().Attach(chat.UserLog(s.user)) // never placed: there is nothing in it to send
	}
	switch err := s.door.Gate.Still(ctx, s.identity); {
	case chat.KindOf(err) == chat.Unauthenticated:
		c.Close(socket.SignedOut, "the session has ended")
		return
	case err != nil:
		s.fail(c, "asking for the session", err)
		return
	}
	log := chat.RoomLog(s.room.ID)
	c.Reader().Attach(log)
	at := chat.Unread{Version: s.room.Version, Number: s.room.Messages}
	for more := true; more; {
		missed, err := s.door.Rooms.Unread(ctx, chat.Actor{User: s.user}, s.room.ID, at.Version, at.Number, catchUpMessages)
		if err != nil {
			s.fail(c, "opening", err)
			return
		}
		if missed.Ended {
			c.Close(socket.Refused, "the room is closed to you")
			return
		}
		if frames := appendUnread(nil, missed); len(frames) > 0 {
			c.Send(frames)
		}
		more = len(missed.Messages) > 0 && missed.Version == at.Version
		at = missed
	}
	c.Reader().Place(log, at.Version, at.Number)
}

func (s *session) fail(c *socket.Conn, doing string, err error) {
	s.door.Logger.Error("tutorial socket: "+doing, "room", s.room.ID, "error", err)
	c.Close(socket.Internal, "something went wrong on our side")
}

// Closed frees the names that the socket held.
func (s *session) Closed(*socket.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTime)
	defer cancel()
	for _, id := range s.scripts {
		if err := s.door.Users.Release(ctx, id); err != nil {
			s.door.Logger.Error("tutorial socket: releasing a name", "user", id, "error", err)
		}
	}
}

// Message posts what a frame says; an error is answered, a message is not: it comes back like everybody's.
func (s *session) Message(c *socket.Conn, text []byte) {
	switch flood, err := s.frames.Allow(); {
	case flood:
		c.Close(socket.Flood, "too many frames")
		return
	case err != nil:
		c.Send(socket.AppendJSON(nil, failure{theirs(err)}))
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), commandTime)
	defer cancel()
	if err := s.post(ctx, text); err != nil {
		if chat.KindOf(err) == chat.Internal {
			s.door.Logger.Error("tutorial socket", "room", s.room.ID, "error", err, "cause", errors.Unwrap(err))
		}
		c.Send(socket.AppendJSON(nil, failure{theirs(err)}))
	}
}

func (s *session) post(ctx context.Context, text []byte) error {
	said, err := decode(text)
	if err != nil {
		return err
	}
	if !s.isMine(said.room) {
		return chat.Errorf(chat.Invalid, "room_name", "This socket belongs to the room %q.", s.room.Name)
	}
	// Before anybody is made to speak: what cannot be said takes no name.
	if _, err := chat.CheckText(said.message, s.door.Rooms.Limits.Text); err != nil {
		return err
	}
	user, err := s.speaker(ctx, said.sender)
	if err != nil {
		return err
	}
	if err := s.door.Gate.AllowFrom(s.address, auth.Post, user); err != nil {
		return err
	}
	posted, err := s.door.Rooms.Post(ctx, chat.Actor{User: user}, s.room.ID.String(), chat.Draft{Text: said.message})
	if posted.Held != 0 {
		return chat.Errorf(chat.Forbidden, "message", "Your message waits for approval.")
	}
	return err
}

// isMine reports whether a frame's room_name is what this socket's room is called, now or in the socket's address.
func (s *session) isMine(name string) bool {
	if name == s.path || name == s.room.Segment() {
		return true
	}
	room, err := chat.CheckRoomName(name, max(s.door.Rooms.Limits.Room, len(s.room.Name)))
	return err == nil && s.room.Kind == chat.Public && room == s.room.Name
}

// speaker is the session's user, whatever sender says; without a session a script of that name, which this socket holds
// until it closes.
func (s *session) speaker(ctx context.Context, sender string) (chat.UserID, error) {
	if s.user != 0 {
		return s.user, nil
	}
	key := chat.NameKey(sender)
	if id, ok := s.scripts[key]; ok {
		return id, nil
	}
	if len(s.scripts) >= names {
		return 0, chat.Errorf(chat.Forbidden, "sender", "One socket can hold at most %d names.", names)
	}
	if _, err := s.door.Rooms.Resolve(ctx, chat.Actor{}, s.room.ID.String()); err != nil {
		return 0, err // the room has been deleted
	}
	if err := s.door.Gate.AllowFrom(s.address, auth.Join, 0); err != nil {
		return 0, err
	}
	user, err := s.door.Users.Script(ctx, sender, chat.NetworkOf(s.address))
	if err != nil {
		return 0, err
	}
	s.scripts[user.NameKey] = user.ID
	return user.ID, nil
}

// CatchUp gives a lagging reader the next messages from the store.
func (s *session) CatchUp(c *socket.Conn, b live.Behind) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTime)
	defer cancel()
	missed, err := s.missed(ctx, b)
	switch {
	case err != nil:
		s.fail(c, "catching up", err)
		return
	case missed.Ended:
		c.Reader().End(b)
		c.Close(socket.Refused, "the room is closed to you")
		return
	}
	frames := appendUnread(nil, missed)
	c.Reader().Resume(b, missed.Version, missed.Number, func() { c.Add(frames) })
}

// missed is what a cursor is given from the store: nothing if it was only asked whether its user may still read.
func (s *session) missed(ctx context.Context, b live.Behind) (chat.Unread, error) {
	actor := chat.Actor{User: s.user}
	if b.Asked {
		ended, err := s.door.Rooms.Ended(ctx, actor, s.room.ID)
		return chat.Unread{Version: b.At, Number: b.Number, Ended: ended}, err
	}
	return s.door.Rooms.Unread(ctx, actor, s.room.ID, b.At, b.Number, catchUpMessages)
}

// appendUnread appends the frames of messages from the store.
func appendUnread(dst []byte, u chat.Unread) []byte {
	for i := range u.Messages {
		m := &u.Messages[i]
		dst = socket.AppendJSON(dst, message{body{u.Names[m.By], m.Text}})
	}
	return dst
}

// message, body and failure are the frames that the tutorial's client gets.
type message struct {
	Message body `json:"message"`
}

type body struct {
	Sender  string `json:"sender"`
	Message string `json:"message"`
}

type failure struct {
	Error *chat.Error `json:"error"`
}
