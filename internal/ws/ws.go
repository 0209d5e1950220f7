// Package ws is the WebSocket door: it takes the verbs of docs/protocol.md from a socket, asks the domain, and answers.
// What happens in the rooms that a socket has open reaches it by its cursors, not from here.
package ws

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/live"
	"parley/internal/problem"
	"parley/internal/socket"
)

const (
	// openRooms is how many rooms one socket may follow at once.
	openRooms = 100
	// commandTime is how long one command may take.
	commandTime = 15 * time.Second
	// catchUpChanges is how many changes a lagging cursor is given from the store at once.
	catchUpChanges = 256
)

// Config is what the door needs.
type Config struct {
	Rooms   *chat.Rooms
	Gate    *auth.Gate
	Logs    *live.Logs
	Sockets *socket.Server
	Logger  *slog.Logger
}

// A Door serves /ws.
type Door struct{ Config }

// New makes a Door.
func New(c Config) *Door { return &Door{c} }

// ServeHTTP upgrades a request whose Origin is this server's own. Anybody may connect; who has no session is nobody.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	identity, err := d.enter(r)
	if err != nil {
		problem.Write(w, r, d.Logger, err)
		return
	}
	s := &session{door: d, identity: identity, user: identity.User.ID, address: d.Gate.Address(r), frames: d.Gate.Frames()}
	who := live.Who{Person: chat.Person{ID: identity.User.ID, Name: identity.User.Name}, Session: identity.Session}
	d.Sockets.Upgrade(w, r, Format, who, s)
}

func (d *Door) enter(r *http.Request) (auth.Identity, error) {
	if err := d.Gate.CheckOrigin(r); err != nil {
		return auth.Identity{}, err
	}
	identity, err := d.Gate.Who(r)
	if err != nil {
		return auth.Identity{}, err
	}
	return identity, d.Gate.Allow(r, auth.Connect, identity.User.ID)
}

// A session is one socket's side of the protocol. Its fields belong to the socket's goroutine.
type session struct {
	door     *Door
	identity auth.Identity // as it was at the upgrade
	user     chat.UserID   // 0 for nobody
	address  netip.Addr
	frames   *auth.Frames
	// typing is where the user was typing last, so that a socket which closes does not leave them typing.
	typing chat.RoomID
}

func (s *session) actor() chat.Actor { return chat.Actor{User: s.user} }

// Opened greets, and follows the user's own log and the server's.
func (s *session) Opened(c *socket.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTime)
	defer cancel()
	if err := s.greet(ctx, c); err != nil {
		s.door.Logger.Error("socket: hello", "error", err)
		c.Close(socket.Internal, "something went wrong on our side")
	}
}

func (s *session) greet(ctx context.Context, c *socket.Conn) error {
	reader := c.Reader()
	mine := chat.UserLog(s.user)
	if s.user != 0 {
		reader.Attach(mine)
	}
	reader.Attach(chat.ServerLog)
	err := s.door.Gate.Still(ctx, s.identity)
	if chat.KindOf(err) == chat.Unauthenticated {
		c.Close(socket.SignedOut, "the session has ended")
		return nil
	}
	if err != nil {
		return err
	}
	hello, err := s.door.Rooms.Hello(ctx, s.actor())
	if err != nil {
		return err
	}
	s.door.Logs.CountHere(hello.Server.Rooms)
	c.Send(socket.AppendJSON(nil, struct {
		Hello chat.Hello `json:"hello"`
	}{hello}))
	if hello.Me != nil {
		reader.Place(mine, hello.Me.Version, 0)
		reader.Watch(live.Behind{}, hello.Me.Heads)
	}
	reader.Place(chat.ServerLog, hello.Server.Version, 0)
	return nil
}

// Closed takes the user's typing back.
func (s *session) Closed(*socket.Conn) {
	if s.typing != 0 {
		s.door.Logs.Typing(s.typing, s.user, false)
	}
}

// Message takes one frame and gives exactly one answer. Answers come in the order of the frames.
func (s *session) Message(c *socket.Conn, text []byte) {
	var q request
	v, err := s.admit(c, &q, text)
	if errors.Is(err, errAnswered) {
		return
	}
	if err == nil && v.handle == nil {
		if err = s.post(c, &q); err == nil {
			return
		}
	}
	// What this frame comes to is told after the posts before it.
	c.Settle()
	if err != nil {
		c.Send(s.report(&q, nil, err))
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), commandTime)
	defer cancel()
	result, err := v.handle(ctx, s, c, &q)
	if errors.Is(err, errAnswered) {
		return
	}
	c.Send(s.report(&q, result, err))
}

// admit decodes a frame into q and finds its verb. The error, if any, is what the client is told, or errAnswered.
func (s *session) admit(c *socket.Conn, q *request, text []byte) (verb, error) {
	switch flood, err := s.frames.Allow(); {
	case flood:
		c.Settle()
		c.Close(socket.Flood, "too many frames")
		return verb{}, errAnswered
	case err != nil:
		q.ID = idOf(text)
		return verb{}, err
	}
	if err := q.decode(text); err != nil {
		return verb{}, err
	}
	v, ok := verbs[q.Do]
	if !ok {
		return verb{}, chat.Errorf(chat.UnknownVerb, "do", "There is no verb %q.", clip(q.Do))
	}
	if err := q.require(v.required); err != nil {
		return verb{}, err
	}
	return v, s.door.Gate.AllowFrom(s.address, v.budget, s.user)
}

// report is the answer to a request; what nobody expected goes to the log.
func (s *session) report(q *request, result any, err error) []byte {
	if chat.KindOf(err) == chat.Internal {
		s.door.Logger.Error("socket", "verb", q.Do, "user", s.user, "error", err, "cause", errors.Unwrap(err))
	}
	return answer(q.ID, result, err)
}

func clip(s string) string {
	if len(s) <= 40 {
		return s
	}
	return strings.ToValidUTF8(s[:40], "") + "…"
}

// CatchUp resumes a cursor that has fallen off its tail: with the next changes from the store, or, where it is too far
// behind, with a fresh snapshot. It ends one whose user may not read the room any more.
func (s *session) CatchUp(c *socket.Conn, b live.Behind) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTime)
	defer cancel()
	if b.Log == live.Heads {
		s.rewatch(ctx, c, b)
		return
	}
	room := b.Log.Room()
	if room == 0 {
		// What is my own and the list of rooms are told whole at the beginning of every connection.
		c.Close(socket.TooSlow, "too slow; connect again and resume")
		return
	}
	frames, version, err := s.catchUp(ctx, room, b)
	if errors.Is(err, errEnded) {
		c.Reader().End(b)
		return
	}
	if err != nil {
		s.door.Logger.Error("socket: catching up", "room", room, "error", err)
		c.Close(socket.Internal, "something went wrong on our side")
		return
	}
	c.Reader().Resume(b, version, b.Number, func() { c.Add(frames) })
}

// errEnded says that the user may not read the room any more. The client learns it by the user's own log.
var errEnded = errors.New("may not read any more")

func (s *session) catchUp(ctx context.Context, room chat.RoomID, b live.Behind) (frames []byte, version int64, err error) {
	if b.Asked {
		ended, err := s.door.Rooms.Ended(ctx, s.actor(), room)
		if ended {
			err = errEnded
		}
		return nil, b.At, err
	}
	missed, err := s.door.Rooms.Missed(ctx, s.actor(), room, b.At, catchUpChanges)
	if err != nil {
		return nil, 0, err
	}
	if missed.Ended {
		return nil, 0, errEnded
	}
	if missed.Reset != nil {
		return socket.AppendJSON(nil, struct {
			Reset chat.Opened `json:"reset"`
		}{*missed.Reset}), missed.Reset.Version, nil
	}
	for i := range missed.Changes {
		frames = Format.AppendChange(frames, &missed.Changes[i])
	}
	return frames, missed.Version, nil
}
