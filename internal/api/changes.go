package api

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/live"
)

const (
	streamRooms = 100              // rooms in one request for changes
	firstPulse  = time.Second      // when a stream says for the first time that it is alive: hello passed whoever holds back the rest
	pulseTime   = 15 * time.Second // how often it says so after that
	stallTime   = 30 * time.Second // how long a client may read nothing while something waits for it
	streamBytes = 128 << 10        // about how much one write carries
)

// A place is a room and where its reader stands.
type place struct {
	ref  string // as it was asked for
	room chat.RoomID
	at   *chat.Position // nil: nowhere yet
}

// changes answers with a stream to those who accept one, else with a long poll.
func (d *Door) changes(w http.ResponseWriter, r *http.Request, _ chat.Actor) error {
	identity, err := d.Gate.Who(r)
	if err != nil {
		return err
	}
	a := identity.Actor()
	streaming := strings.Contains(r.Header.Get("Accept"), "text/event-stream")
	if streaming {
		if err := d.Gate.Allow(r, auth.Connect, a.User); err != nil {
			return err
		}
	}
	places, ended, err := d.places(r, a)
	if err != nil {
		return err
	}
	asked, err := asking(r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	go func() {
		select {
		case <-d.Ending:
			cancel(nil)
		case <-ctx.Done():
		}
	}()
	wake := make(chan struct{}, 1)
	who := live.Who{
		Person:  chat.Person{ID: identity.User.ID, Name: identity.User.Name},
		Session: identity.Session,
		Ended:   func() { cancel(errSignedOut) },
	}
	format := Format
	if !streaming {
		format = ticks{}
	}
	reader := d.Logs.Read(format, who, func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	if streaming {
		defer reader.Close()
	} else {
		// Who polls is here between polls too.
		defer time.AfterFunc(lingerTime, reader.Close)
	}
	if a.User != 0 {
		reader.Attach(chat.UserLog(a.User))
	}
	if err := d.Gate.Still(ctx, identity); err != nil {
		return err
	}
	for _, p := range places {
		reader.Attach(chat.RoomLog(p.room))
	}
	if streaming {
		s := &stream{door: d, w: w, control: http.NewResponseController(w), actor: a, reader: reader, wake: wake}
		return s.run(ctx, places)
	}
	p := &poll{door: d, actor: a, reader: reader, places: places, asked: asked, Ended: ended}
	return p.run(ctx, w, wake)
}

// places reads at=ROOM:VERSION,… and epoch=. A room is an id or a name without a comma; without a version its reader
// stands nowhere and is given a snapshot. A room that is gone is a place too, so that who follows it learns it. Those that may not
// be read are ended; there is an error, that of the first, only if all of them are.
func (d *Door) places(r *http.Request, a chat.Actor) (places []place, ended []string, err error) {
	query := r.URL.Query()
	entries := strings.Split(strings.Join(query["at"], ","), ",")
	if len(entries) == 1 && entries[0] == "" {
		return nil, nil, missing("at")
	}
	if len(entries) > streamRooms {
		return nil, nil, chat.Errorf(chat.TooLong, "at", "At most %d rooms can be followed at once.", streamRooms)
	}
	epoch := chat.Epoch(query.Get("epoch"))
	err = d.Rooms.Store.Read(r.Context(), func(s chat.Snapshot) error {
		if epoch == "" {
			epoch = s.Epoch()
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	var refusal error
	for _, entry := range entries {
		ref, at := entry, (*chat.Position)(nil)
		if i := strings.LastIndexByte(entry, ':'); i >= 0 {
			version, err := strconv.ParseInt(entry[i+1:], 10, 64)
			if err != nil || version < 0 {
				return nil, nil, chat.Errorf(chat.Invalid, "at", "%q is not ROOM:VERSION.", entry)
			}
			ref, at = entry[:i], &chat.Position{Epoch: epoch, Version: version}
		}
		room, err := d.Rooms.Resolve(r.Context(), a, ref)
		switch {
		case err != nil && !room.Deleted && chat.Refused(err):
			refusal = cmp.Or(refusal, err)
			ended = append(ended, ref)
		case err != nil && !room.Deleted:
			return nil, nil, err
		case !slices.ContainsFunc(places, func(p place) bool { return p.room == room.ID }):
			places = append(places, place{ref, room.ID, at})
		}
	}
	if len(places) == 0 {
		return nil, nil, refusal
	}
	return places, ended, nil
}

// errSignedOut ends a stream or a poll whose session has ended.
var errSignedOut = chat.Errorf(chat.Unauthenticated, "", "The session has ended.")

// since is what the reader of a place misses. Of a room that is gone it is the last change, which says so. The error is one that
// chat.Refused knows if the room may not be read any more.
func (d *Door) since(ctx context.Context, a chat.Actor, p place) (chat.Opened, error) {
	opened, refusal := d.Rooms.Open(ctx, a, p.room.String(), chat.Opening{At: p.at})
	if chat.KindOf(refusal) != chat.NotFound {
		return opened, refusal
	}
	missed, err := d.Rooms.Missed(ctx, a, p.room, 0, 1)
	if missed.Ended {
		err = refusal
	}
	return chat.Opened{Changes: missed.Changes, Version: missed.Version}, err
}

// A stream is one client's server-sent events. It belongs to its request's goroutine.
type stream struct {
	door    *Door
	w       http.ResponseWriter
	control *http.ResponseController
	actor   chat.Actor
	reader  *live.Reader
	wake    <-chan struct{}
}

// run sends what the places miss and then everything that comes, until ctx ends or the client is gone.
func (s *stream) run(ctx context.Context, places []place) error {
	hello, err := s.greet(ctx)
	if err != nil {
		return err
	}
	header := s.w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // proxies that buffer would hold changes back
	if !s.send(hello) || !s.open(ctx, places) {
		return nil
	}
	pulse := time.NewTimer(firstPulse)
	defer pulse.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pulse.C:
			if !s.send([]byte(": alive\n\n")) {
				return nil
			}
			pulse.Reset(pulseTime)
		case <-s.wake:
			if !s.flush(ctx) {
				return nil
			}
		}
	}
}

// greet says hello like a socket. The cursors are attached already, but the server's.
func (s *stream) greet(ctx context.Context) ([]byte, error) {
	s.reader.Attach(chat.ServerLog)
	hello, err := s.door.hello(ctx, s.actor)
	if err != nil {
		return nil, err
	}
	if hello.Me != nil {
		s.reader.Place(chat.UserLog(s.actor.User), hello.Me.Version, 0)
		s.reader.Watch(live.Behind{}, hello.Me.Heads)
	}
	s.reader.Place(chat.ServerLog, hello.Server.Version, 0)
	// An event of a type of its own: who listens for changes only need not know it.
	return appendEvent([]byte("event: hello\n"), struct {
		Hello chat.Hello `json:"hello"`
	}{hello}), nil
}

// open sends what each place misses, one after the other. False says that the stream cannot go on.
func (s *stream) open(ctx context.Context, places []place) bool {
	for _, p := range places {
		opened, err := s.door.since(ctx, s.actor, p)
		if chat.Refused(err) {
			s.reader.Detach(chat.RoomLog(p.room))
			continue
		}
		if err != nil {
			s.door.Logger.Warn("stream: opening", "room", p.room, "error", err)
			return false
		}
		var events []byte
		if opened.Reset {
			events = appendReset(events, opened)
		}
		for i := range opened.Changes {
			events = Format.AppendChange(events, &opened.Changes[i])
		}
		if !s.send(events) {
			return false
		}
		s.reader.Place(chat.RoomLog(p.room), opened.Version, 0)
	}
	return true
}

// flush sends everything that there is; cursors that have fallen off their tails are brought back from the store first.
func (s *stream) flush(ctx context.Context) bool {
	for {
		if ctx.Err() != nil {
			return false
		}
		g := s.reader.Gather(nil, streamBytes, nil)
		for _, part := range g.Parts {
			if !s.send(part) {
				return false
			}
		}
		for _, b := range g.Behind {
			if !s.catchUp(ctx, b) {
				return false
			}
		}
		if !g.More && len(g.Behind) == 0 {
			return true
		}
	}
}

// catchUpChanges is how many changes a lagging cursor is given from the store at once.
const catchUpChanges = 256

func (s *stream) catchUp(ctx context.Context, b live.Behind) bool {
	if b.Log == live.Heads {
		return s.door.rewatch(ctx, s.actor, s.reader, b) == nil
	}
	room := b.Log.Room()
	if room == 0 {
		return false // what is my own is told whole when the client connects again
	}
	missed, err := s.missed(ctx, room, b)
	if err != nil {
		s.door.Logger.Error("stream: catching up", "room", room, "error", err)
		return false
	}
	if missed.Ended {
		s.reader.End(b) // the client learns it by the user's own log
		return true
	}
	var events []byte
	for i := range missed.Changes {
		events = Format.AppendChange(events, &missed.Changes[i])
	}
	if missed.Reset != nil {
		events, missed.Version = appendReset(events, *missed.Reset), missed.Reset.Version
	}
	if !s.send(events) {
		return false
	}
	s.reader.Resume(b, missed.Version, b.Number, func() {})
	return true
}

// missed is what a cursor is given from the store: nothing if it was only asked whether its user may still read.
func (s *stream) missed(ctx context.Context, room chat.RoomID, b live.Behind) (chat.Missed, error) {
	if b.Asked {
		ended, err := s.door.Rooms.Ended(ctx, s.actor, room)
		return chat.Missed{Ended: ended, Version: b.At}, err
	}
	return s.door.Rooms.Missed(ctx, s.actor, room, b.At, catchUpChanges)
}

func (s *stream) send(events []byte) bool {
	// A writer without deadlines has none to set; then the client's own connection decides.
	_ = s.control.SetWriteDeadline(time.Now().Add(stallTime))
	if _, err := s.w.Write(events); err != nil {
		return false
	}
	return s.control.Flush() == nil
}

// Format is changes and values as server-sent events with JSON data.
var Format live.Format = format{}

type format struct{}

func (format) AppendChange(dst []byte, c *chat.Change) []byte {
	if c.Silent() {
		return dst
	}
	return appendEvent(dst, c)
}

func (format) AppendValue(dst []byte, v *live.Value) []byte { return appendEvent(dst, v) }

func appendReset(dst []byte, opened chat.Opened) []byte {
	return appendEvent(dst, struct {
		Reset chat.Opened `json:"reset"`
	}{opened})
}

// appendEvent appends one event. JSON as encoding/json writes it has no line break in it.
func appendEvent(dst []byte, v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic("api: " + err.Error()) // our own types have a JSON form
	}
	dst = append(dst, "data: "...)
	dst = append(dst, text...)
	return append(dst, "\n\n"...)
}
