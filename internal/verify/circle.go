package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/chat"
)

const (
	// residents are how many people come and go in a closed room; each reads by another way.
	residents = 4
	// devices are how many connections of one user set and read the same read position.
	devices = 3
	// pace is about how long somebody in a closed room rests between two acts: the run is not about them alone.
	pace = 60 * time.Millisecond
)

// A keeper is the account that makes the closed rooms and lets people in and out of them.
type keeper struct {
	run      *torture
	password string
	entering sync.Mutex // held by whoever signs it in
	who      member
}

// A circle is a private room with its keeper, and people who come and go.
type circle struct {
	run     *torture
	keeper  *keeper
	n       int
	room    chat.RoomID
	address string // "~…"
	facts   *ClosedRoom
	people  []*resident
	marks   *Register // the keeper's read position
	said    int
	r       *rand.Rand // of the keeper's own acts
}

// A member is somebody as the server knows them just now.
type member struct {
	mu     sync.Mutex
	cookie string
	name   string
	user   chat.UserID
}

func (m *member) get() (cookie string, user chat.UserID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cookie, m.user
}

func (m *member) set(cookie, name string, user chat.UserID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cookie, m.name, m.user = cookie, name, user
}

// A resident is one of the people of a circle: it tries to read, posts while it may, and follows the room on a connection of its own.
type resident struct {
	circle *circle
	name   string
	who    member
	reader *ClosedReader
	outlet *Outlet
	r      *rand.Rand
	era    int
	tries  int
	said   int
}

// makeCircles makes the keeper and its rooms, before anything goes wrong.
func (t *torture) makeCircles(ctx context.Context) error {
	if t.Circles == 0 {
		return nil
	}
	// While no server runs, since the address of a socket in this directory may be too long for the system.
	if err := t.child.Stop(); err != nil {
		return err
	}
	out, err := t.child.Command(ctx, "admin", "create", "keeper", "--data", t.child.data)
	if err == nil {
		err = t.child.Start(ctx)
	}
	if err != nil {
		return err
	}
	found := regexp.MustCompile(`Password: (\S+)`).FindStringSubmatch(out)
	if found == nil {
		return fmt.Errorf("no password in %q", out)
	}
	k := &keeper{run: t, password: found[1]}
	if err := k.enter(ctx); err != nil {
		return err
	}
	for n := range t.Circles {
		c := &circle{run: t, keeper: k, n: n, r: rand.New(rand.NewPCG(t.Seed, uint64(3000+n)))}
		var made struct {
			Room struct {
				ID      chat.RoomID `json:"id"`
				Address string      `json:"address"`
			} `json:"room"`
		}
		if err := c.ask(ctx, &k.who, http.MethodPost, "/api/v1/rooms", object{"kind": "private", "name": fmt.Sprint("circle ", n+1)}, "", &made); err != nil {
			return err
		}
		c.room, c.address = made.Room.ID, made.Room.Address
		c.facts = t.checker.NewClosedRoom(c.room)
		c.marks = NewRegister(fmt.Sprintf("the read position of the keeper in %s", c.room))
		for i := range residents {
			p := &resident{circle: c, name: fmt.Sprintf("resident %d.%d", n+1, i+1), outlet: new(Outlet), r: rand.New(rand.NewPCG(t.Seed, uint64(3100+10*n+i)))}
			p.reader = c.facts.NewReader(fmt.Sprintf("%s (%s)", p.name, ways[i%len(ways)]))
			c.people = append(c.people, p)
		}
		t.circles = append(t.circles, c)
	}
	return nil
}

// start starts everybody in the circle.
func (c *circle) start(ctx context.Context, all *errgroup.Group) {
	all.Go(func() error { return c.loop(ctx, c.move) })
	for i, p := range c.people {
		all.Go(func() error { return c.loop(ctx, p.act) })
		all.Go(func() error { return p.follow(ctx, ways[i%len(ways)]) })
	}
	for i := range devices {
		d := &device{circle: c, n: i, outlet: new(Outlet), r: rand.New(rand.NewPCG(c.run.Seed, uint64(3500+10*c.n+i)))}
		all.Go(func() error { defer d.close(); return c.loop(ctx, d.act) })
	}
}

// loop does something again and again, with rests, until ctx ends.
func (c *circle) loop(ctx context.Context, act func(ctx context.Context) error) error {
	for ctx.Err() == nil {
		done, err := c.run.hold(ctx)
		if err != nil {
			return nil
		}
		err = act(ctx)
		done()
		if err != nil && ctx.Err() == nil {
			return err
		}
		if rest(ctx, pace/2+rand.N(pace)) != nil {
			return nil
		}
	}
	return nil
}

type object = map[string]any

// ask sends a request as somebody, on a connection of its own.
func (c *circle) ask(ctx context.Context, as *member, method, path string, body object, key string, ok any) error {
	address, err := c.run.child.Up(ctx)
	if err != nil {
		return err
	}
	h, err := dialHTTP(ctx, new(Outlet), address)
	if err != nil {
		return err
	}
	defer h.close()
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	cookie, _ := as.get()
	return h.ask(method, path, answerTime, text, ok, "Cookie", cookie, "Idempotency-Key", key, "Connection", "close")
}

// settled asks until the answer is definite, and tells doubt of every try that has none.
func (c *circle) settled(ctx context.Context, as *member, method, path string, body object, key string, ok any, doubt func(existence int)) error {
	until := time.Now().Add(patience)
	for {
		existence := c.run.child.Starts()
		err := c.ask(ctx, as, method, path, body, key, ok)
		r, refused := errors.AsType[*refusal](err)
		if err == nil || refused && !r.passing() || ctx.Err() != nil {
			return err
		}
		doubt(existence)
		if refused {
			c.run.tally.unavailable.Add(1)
		}
		if time.Now().After(until) {
			c.run.checker.Violate(Stuck, "%s %s had no definite answer for %v: %v", method, path, patience, err)
			return errViolated
		}
		if err := rest(ctx, 4*pace); err != nil {
			return err
		}
	}
}

// path is a route of the room.
func (c *circle) path(rest string) string { return "/api/v1/rooms/" + c.room.String() + rest }

// code is the code of a refusal, "" for anything else.
func code(err error) string {
	if r, refused := errors.AsType[*refusal](err); refused {
		return r.Code
	}
	return ""
}

// move lets one of the people in, or out.
func (c *circle) move(ctx context.Context) error {
	p := c.people[c.r.IntN(len(c.people))]
	_, user := p.who.get()
	if user == 0 {
		return nil // has not entered yet
	}
	if _, away := c.facts.Away(user); away || !c.facts.In(user) {
		return c.letIn(ctx, p, user)
	}
	if c.r.IntN(4) == 0 {
		return c.say(ctx) // somebody is to read it
	}
	return c.letOut(ctx, p, user)
}

func (c *circle) letIn(ctx context.Context, p *resident, user chat.UserID) error {
	there := c.facts.There(user)
	begun := there.Begin(c.run.child.Starts())
	c.facts.Changing(user)
	var ok granted
	doubt := func(existence int) { there.Doubted(0, begun, 1, existence); begun = there.Begin(existence) }
	err := c.settled(ctx, &c.keeper.who, http.MethodPost, c.path("/members"), object{"users": []chat.UserID{user}}, "", &ok, doubt)
	if code(err) == string(chat.Forbidden) {
		// Banned: let in again first.
		path := c.path("/members/" + user.String())
		if err = c.settled(ctx, &c.keeper.who, http.MethodPatch, path, object{"banned": false}, "", &ok, func(int) {}); err == nil {
			err = c.settled(ctx, &c.keeper.who, http.MethodPost, c.path("/members"), object{"users": []chat.UserID{user}}, "", &ok, doubt)
		}
	}
	if err != nil {
		return c.surprised(ctx, "add", err)
	}
	there.Set(0, begun, 1)
	c.facts.Added(user, ok.Version)
	c.run.tally.moves.Add(1)
	return nil
}

// letOut removes somebody, bans them now and then, says something that they must not hear, and knocks at every door as them.
func (c *circle) letOut(ctx context.Context, p *resident, user chat.UserID) error {
	there := c.facts.There(user)
	begun := there.Begin(c.run.child.Starts())
	c.facts.Changing(user)
	path := c.path("/members/" + user.String())
	if c.r.IntN(3) == 0 {
		path += "?ban=true&why=torture"
	}
	var ok granted
	err := c.settled(ctx, &c.keeper.who, http.MethodDelete, path, nil, "", &ok, func(existence int) {
		there.Doubted(0, begun, 0, existence)
		begun = there.Begin(existence)
	})
	if err != nil {
		return c.surprised(ctx, "remove", err)
	}
	there.Set(0, begun, 0)
	c.facts.Removed(user, ok.Version)
	c.run.tally.moves.Add(1)
	for range 2 {
		if err := c.say(ctx); err != nil {
			return err
		}
	}
	c.knock(ctx, p, user)
	return nil
}

// surprised tells of a refusal that there is no reason for.
func (c *circle) surprised(ctx context.Context, verb string, err error) error {
	r, refused := errors.AsType[*refusal](err)
	if !refused || ctx.Err() != nil {
		return err
	}
	if r.Code == string(chat.Unauthenticated) {
		return c.keeper.enter(ctx) // its session was made after the backup that was restored
	}
	c.run.checker.Violate(Answer, "%s in %s by its keeper was refused: %v", verb, c.room, r)
	return nil
}

// say posts as the keeper.
func (c *circle) say(ctx context.Context) error {
	c.said++
	return c.post(ctx, &c.keeper.who, fmt.Sprintf("keeper %d.%d.%d", c.n, c.run.eraNow(), c.said))
}

// post posts a text, which is its key as well, and notes it once it is acknowledged.
func (c *circle) post(ctx context.Context, as *member, text string) error {
	var ok granted
	key := strings.ReplaceAll(text, " ", "-")
	err := c.settled(ctx, as, http.MethodPost, c.path("/messages"), object{"text": text}, key, &ok, func(int) {})
	if err == nil {
		c.run.tally.closedPosts.Add(1)
		c.facts.Posted(text, ok.Number, ok.Version)
	}
	if as == &c.keeper.who && err != nil {
		return c.surprised(ctx, "post", err)
	}
	return err
}

// knock asks for the room as somebody who was removed from it, by every way: it is not there.
func (c *circle) knock(ctx context.Context, p *resident, user chat.UserID) {
	spell, away := c.facts.Away(user)
	if !away {
		return
	}
	for _, door := range []struct {
		method, path string
		body         object
	}{
		{method: http.MethodGet, path: c.path("/messages")},
		{method: http.MethodGet, path: c.path("")},
		{method: http.MethodGet, path: c.path("/members")},
		{method: http.MethodGet, path: "/api/v1/search?q=keeper&room=" + c.room.String()},
		{method: http.MethodGet, path: "/api/v1/changes?wait=0&at=" + c.room.String()},
		{method: http.MethodPost, path: c.path("/messages"), body: object{"text": "I was removed"}},
		{method: http.MethodPost, path: c.path("/read"), body: object{"number": 0}},
		{method: http.MethodGet, path: "/" + url.PathEscape(c.address) + "/" + url.PathEscape(p.who.called()) + "/"},
	} {
		var answer json.RawMessage
		err := c.ask(ctx, &p.who, door.method, door.path, door.body, "", &answer)
		_, garbled := errors.AsType[*json.SyntaxError](err) // a page, with a status that is no error
		switch what := door.method + " " + door.path; {
		case err == nil || garbled:
			c.facts.Served(p.name, user, spell, what)
		case code(err) == string(chat.Forbidden):
			c.run.checker.Violate(Answer, "%s was removed from %s, and %s was refused in a way that tells of it: %v", p.name, c.room, what, err)
		default:
			c.run.tally.refusals.Add(1)
		}
	}
}

func (m *member) called() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.name
}

// enter signs the keeper in, unless its session is good.
func (k *keeper) enter(ctx context.Context) error {
	k.entering.Lock()
	defer k.entering.Unlock()
	until := time.Now().Add(patience)
	for time.Now().Before(until) && ctx.Err() == nil {
		address, err := k.run.child.Up(ctx)
		if err != nil {
			return err
		}
		if cookie, user := k.who.get(); cookie != "" {
			if now, err := whoIs(ctx, address, cookie); err == nil && now == user {
				return nil
			}
		}
		cookie, err := signIn(ctx, address, "keeper", k.password)
		if err == nil {
			user, err := whoIs(ctx, address, cookie)
			if err == nil && user != 0 {
				k.who.set(cookie, "keeper", user)
				return nil
			}
		}
		if err := rest(ctx, 4*pace); err != nil {
			return err
		}
	}
	if ctx.Err() == nil {
		k.run.checker.Violate(Stuck, "the keeper could not sign in for %v", patience)
	}
	return ctx.Err()
}

// settleCircles waits until every member has been given everything, and looks whether something was left out. Nothing may be under way.
func (t *torture) settleCircles(ctx context.Context) error {
	until := time.Now().Add(catchUpTime)
	for _, c := range t.circles {
		for lagging := c.facts.Lagging(); len(lagging) > 0; lagging = c.facts.Lagging() {
			if time.Now().After(until) {
				t.checker.Violate(Lost, "%v after the last message these have not been given everything: %s", catchUpTime, strings.Join(lagging, ", "))
				return errViolated
			}
			if rest(ctx, pace) != nil {
				return nil
			}
		}
		c.facts.Settle()
	}
	return nil
}

// auditCircles holds the store against what was said and set in closed rooms while no server runs.
func (t *torture) auditCircles(read Reading) error {
	for _, c := range t.circles {
		err := read(func(s chat.Snapshot) error {
			if err := c.facts.Audit(s); err != nil {
				return err
			}
			_, user := c.keeper.who.get()
			own, err := s.Own(chat.Member{Room: c.room, User: user, Joined: true})
			if err == nil {
				t.checker.audited(c.marks, own.Read)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// restoreCircles forgets what a restore has undone.
func (t *torture) restoreCircles() {
	for _, c := range t.circles {
		c.facts.Restored()
		c.marks.Check(anything) // what was audited before the restore
	}
}
