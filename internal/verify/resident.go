package verify

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"time"

	"parley/internal/chat"
)

// signIn signs an account in and is its cookie.
func signIn(ctx context.Context, address, name, password string) (string, error) {
	h, err := dialHTTP(ctx, new(Outlet), address)
	if err != nil {
		return "", err
	}
	defer h.close()
	form := url.Values{"username": {name}, "password": {password}}.Encode()
	response, err := h.send("POST", "/-/sign-in", []byte(form), "Content-Type", "application/x-www-form-urlencoded", "Connection", "close")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if cookies := response.Cookies(); response.StatusCode == http.StatusSeeOther && len(cookies) == 1 {
		return cookies[0].Name + "=" + cookies[0].Value, nil
	}
	return "", fmt.Errorf("signing in as %q: %s", name, response.Status)
}

// whoIs is whose session a cookie is, 0 for nobody's.
func whoIs(ctx context.Context, address, cookie string) (chat.UserID, error) {
	h, err := dialHTTP(ctx, new(Outlet), address)
	if err != nil {
		return 0, err
	}
	defer h.close()
	var hello struct {
		Me *struct {
			User struct {
				ID chat.UserID `json:"id"`
			} `json:"user"`
		} `json:"me"`
	}
	if err := h.ask("GET", "/api/v1/me", answerTime, nil, &hello, "Cookie", cookie, "Connection", "close"); err != nil || hello.Me == nil {
		return 0, err
	}
	return hello.Me.User.ID, nil
}

// act tries to read the room, which tells whether it is a member, and posts while it is one.
func (p *resident) act(ctx context.Context) error {
	c := p.circle
	if _, user := p.who.get(); user == 0 || p.era != c.run.eraNow() {
		return p.enter(ctx)
	}
	_, user := p.who.get()
	there := c.facts.There(user)
	spell, away := c.facts.Away(user)
	begun := there.Begin(c.run.child.Starts())
	var page Opened
	err := c.ask(ctx, &p.who, http.MethodGet, c.path("/messages?limit=5"), nil, "", &page)
	switch {
	case err == nil:
		there.Read(1, begun, 1)
		if away {
			c.facts.Served(p.name, user, spell, "a page of messages")
		}
	case code(err) == string(chat.NotFound):
		there.Read(1, begun, 0)
	default:
		return nil
	}
	c.run.tally.attempts.Add(1)
	if err == nil && p.r.IntN(4) == 0 {
		p.said++
		err = c.post(ctx, &p.who, fmt.Sprintf("%s.%d.%d", p.name, p.era, p.said))
		if r, refused := errors.AsType[*refusal](err); refused && r.Code != string(chat.NotFound) && r.Code != string(chat.Unauthenticated) {
			c.run.checker.Violate(Answer, "a post by %s in %s was refused: %v", p.name, c.room, r)
		}
	}
	return nil
}

// enter makes a guest of the resident, unless it still is one after a restore.
func (p *resident) enter(ctx context.Context) error {
	c := p.circle
	p.era = c.run.eraNow()
	until := time.Now().Add(patience)
	for time.Now().Before(until) && ctx.Err() == nil {
		address, err := c.run.child.Up(ctx)
		if err != nil {
			return err
		}
		if cookie, user := p.who.get(); cookie != "" {
			switch now, err := whoIs(ctx, address, cookie); {
			case err == nil && now == user:
				return nil
			case err == nil:
				p.who.set("", "", 0)
			}
		}
		if cookie, _ := p.who.get(); cookie == "" {
			name := fmt.Sprintf("%s.%d", p.name, p.tries)
			p.tries++
			if cookie, err := enter(ctx, new(Outlet), address, name, c.run.names[0]); err == nil {
				if user, err := whoIs(ctx, address, cookie); err == nil && user != 0 {
					p.reader.Is(user)
					p.who.set(cookie, name, user)
					return nil
				}
			}
		}
		if err := rest(ctx, pace); err != nil {
			return err
		}
	}
	if ctx.Err() == nil {
		c.run.checker.Violate(Stuck, "%s could not enter for %v", p.name, patience)
	}
	return ctx.Err()
}

// follow follows the room until ctx ends, whenever the resident is a member.
func (p *resident) follow(ctx context.Context, way string) error {
	read := map[string]func(context.Context, string, string) error{"socket": p.socket, "stream": p.stream, "poll": p.poll}[way]
	for ctx.Err() == nil {
		address, err := p.circle.run.child.Up(ctx)
		if err != nil {
			return nil
		}
		if cookie, _ := p.who.get(); cookie != "" {
			_ = read(ctx, address, cookie) // a connection that was cut; what was given was told
		}
		if err := rest(ctx, 5*time.Millisecond); err != nil {
			return nil
		}
	}
	return nil
}

// place is where the resident stands, as the routes of HTTP take it.
func (p *resident) place() (entry string, at chat.Position, placed bool) {
	at, placed = p.reader.Position()
	entry = p.circle.room.String()
	if placed {
		entry += fmt.Sprint(":", at.Version)
	}
	return entry, at, placed
}

// in reports whether a list of one's own rooms has the circle's.
func (p *resident) in(rooms []entry) bool {
	return slices.ContainsFunc(rooms, func(e entry) bool { return e.ID == p.circle.room })
}

// take tells of a frame, and reports whether it says that the resident is a member now.
func (p *resident) take(epoch chat.Epoch, f *frame) (joined bool) {
	switch {
	case f.Reset != nil && f.Reset.Room == p.circle.room:
		p.reader.Opened(*f.Reset)
	case f.isChange() && f.Room == p.circle.room:
		p.circle.run.tally.frames.Add(1)
		p.reader.Change(epoch, f.Change)
	case f.Me != nil && f.Me.Room != nil && f.Me.Room.ID == p.circle.room:
		return !f.Me.Room.Left && f.Me.Room.Read != nil
	}
	return false
}

// socket follows over /ws until the connection ends.
func (p *resident) socket(ctx context.Context, address, cookie string) error {
	s, err := dialSocket(ctx, p.outlet, address, "/ws", cookie)
	if err != nil {
		return err
	}
	defer s.close()
	hello, err := s.read(answerTime)
	if err != nil || hello.Hello == nil || hello.Hello.Me == nil {
		return errors.Join(err, errSignedOut)
	}
	epoch, id := hello.Hello.Epoch, int64(0)
	p.circle.run.checker.Epoch(epoch)
	open := func() error {
		id++
		q := map[string]any{"id": id, "do": "open", "room": p.circle.room}
		if _, at, placed := p.place(); placed {
			q["at"] = at
		}
		return s.send(q)
	}
	if p.in(hello.Hello.Me.Rooms) {
		if err := open(); err != nil {
			return err
		}
	}
	for {
		frame, err := s.read(silentTime)
		if err != nil {
			return err
		}
		if frame.Re == 0 {
			if p.take(epoch, frame) {
				// Opening what is open begins it anew from where it stands.
				if err := open(); err != nil {
					return err
				}
			}
			continue
		}
		if frame.Error != nil {
			continue // removed meanwhile
		}
		var o Opened
		if err := json.Unmarshal(frame.OK, &o); err != nil {
			return err
		}
		p.reader.Opened(o)
	}
}

// mine asks what is the resident's own.
func (p *resident) mine(h *wireHTTP, cookie string) (epoch chat.Epoch, in bool, err error) {
	var hello struct {
		Epoch chat.Epoch `json:"epoch"`
		Me    *struct {
			Rooms []entry `json:"rooms"`
		} `json:"me"`
	}
	if err := h.ask("GET", "/api/v1/me", answerTime, nil, &hello, "Cookie", cookie); err != nil {
		return "", false, err
	}
	if hello.Me == nil {
		return "", false, errSignedOut
	}
	p.circle.run.checker.Epoch(hello.Epoch)
	return hello.Epoch, p.in(hello.Me.Rooms), nil
}

// stream follows by server-sent events until the connection ends or the resident is let in.
func (p *resident) stream(ctx context.Context, address, cookie string) error {
	h, err := dialHTTP(ctx, p.outlet, address)
	if err != nil {
		return err
	}
	defer h.close()
	epoch, in, err := p.mine(h, cookie)
	if err != nil {
		return err
	}
	query := url.Values{"at": {p.circle.run.rooms[0].String()}}
	if in {
		place, at, placed := p.place()
		query.Set("at", place)
		if placed {
			query.Set("epoch", string(at.Epoch))
		}
	}
	response, err := h.send("GET", "/api/v1/changes?"+query.Encode(), nil, "Accept", "text/event-stream", "Cookie", cookie)
	if err != nil {
		return err
	}
	// The body is not closed, which would read the endless stream to its end: the connection is.
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the stream was answered with %s", response.Status)
	}
	lines := bufio.NewReaderSize(response.Body, 16<<10)
	for {
		_ = h.line.SetReadDeadline(time.Now().Add(silentTime))
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err
		}
		data, ok := bytes.CutPrefix(line, []byte("data: "))
		if !ok {
			continue
		}
		var f frame
		if err := json.Unmarshal(data, &f); err != nil {
			return err
		}
		if f.Hello != nil && (f.Hello.Epoch != epoch || f.Hello.Me == nil || p.in(f.Hello.Me.Rooms) != in) {
			return io.EOF // something has changed since it was asked
		}
		if p.take(epoch, &f) {
			return nil // connects again, with the room
		}
	}
}

// poll follows by long polls on one connection until it ends.
func (p *resident) poll(ctx context.Context, address, cookie string) error {
	h, err := dialHTTP(ctx, p.outlet, address)
	if err != nil {
		return err
	}
	defer h.close()
	for ctx.Err() == nil {
		epoch, in, err := p.mine(h, cookie)
		if err != nil {
			return err
		}
		if !in {
			if err := rest(ctx, 2*pace); err != nil {
				return err
			}
			continue
		}
		place, at, placed := p.place()
		query := url.Values{"at": {place}, "wait": {"2"}}
		if placed {
			query.Set("epoch", string(at.Epoch))
		}
		var answer struct {
			Changes []Change `json:"changes"`
			Resets  []Opened `json:"resets"`
		}
		err = h.ask("GET", "/api/v1/changes?"+query.Encode(), silentTime, nil, &answer, "Cookie", cookie)
		if code(err) == string(chat.NotFound) {
			continue // removed meanwhile
		}
		if err != nil {
			return err
		}
		for _, o := range answer.Resets {
			p.reader.Opened(o)
		}
		for _, change := range answer.Changes {
			p.reader.Change(epoch, change)
		}
	}
	return nil
}

// A device is one of the keeper's connections, on which the read position of the circle's room is set and read.
type device struct {
	circle *circle
	n      int
	outlet *Outlet
	r      *rand.Rand
	socket *wireSocket
	cookie string // of the socket
	next   int64
}

func (d *device) close() {
	if d.socket != nil {
		d.socket.close()
		d.socket = nil
	}
}

// act sets the position, to somewhere before or behind where it was, or reads it.
func (d *device) act(ctx context.Context) error {
	c := d.circle
	if cookie, _ := c.keeper.who.get(); d.socket == nil || cookie != d.cookie {
		return d.open(ctx, cookie)
	}
	existence := c.run.child.Starts()
	begun := c.marks.Begin(existence)
	d.next++
	if d.r.IntN(5) < 2 {
		var list struct {
			Rooms []entry `json:"rooms"`
		}
		err := d.socket.ask(d.next, map[string]any{"do": "unread", "rooms": []chat.RoomID{c.room}}, &list)
		if err == nil && len(list.Rooms) == 1 && list.Rooms[0].Read != nil {
			c.marks.Read(d.n, begun, *list.Rooms[0].Read)
			c.run.tally.marks.Add(1)
			return nil
		}
		if err == nil {
			c.run.checker.Violate(Answer, "the keeper of %s was told of no read position there", c.room)
		}
		d.close()
		return nil
	}
	number := d.r.Int64N(c.facts.Newest() + 1)
	var ok struct {
		Read int64 `json:"read"`
	}
	err := d.socket.ask(d.next, map[string]any{"do": "read", "room": c.room, "number": number}, &ok)
	r, refused := errors.AsType[*refusal](err)
	switch {
	case err == nil && ok.Read == number:
		c.marks.Set(d.n, begun, number)
		c.run.tally.marks.Add(1)
		return nil
	case err == nil:
		c.run.checker.Violate(Answer, "the keeper set the read position of %s to %d and was answered %d", c.room, number, ok.Read)
		return nil
	case refused && !r.passing():
		c.run.checker.Violate(Answer, "the keeper may not set the read position of %s to %d: %v", c.room, number, r)
		return nil
	}
	c.marks.Doubted(d.n, begun, number, existence)
	d.close()
	_ = rest(ctx, 8*pace) // while the disk is full there need not be many that nobody knows of
	return nil
}

// open opens a socket as the keeper.
func (d *device) open(ctx context.Context, cookie string) error {
	d.close()
	address, err := d.circle.run.child.Up(ctx)
	if err != nil {
		return err
	}
	socket, err := dialSocket(ctx, d.outlet, address, "/ws", cookie)
	if err != nil {
		return nil
	}
	hello, err := socket.read(answerTime)
	if err != nil || hello.Hello == nil || hello.Hello.Me == nil {
		socket.close()
		if err == nil {
			return d.circle.keeper.enter(ctx) // its session was made after the backup that was restored
		}
		return nil
	}
	d.socket, d.cookie = socket, cookie
	return nil
}
