package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"parley/internal/auth"
	"parley/internal/chat"
)

// Who is asked for everything, in the order of the letters of the expectations.
var actors = []string{"nobody", "guest", "member", "non-member", "removed", "banned", "moderator", "administrator", "deactivated"}

// The rooms in which they ask.
var places = []string{"public", "private", "direct", "archived", "deleted"}

// mayRead is written by hand like the expectations: who may see what stands in the room.
const mayRead = "+++++-+++ --+---+-- --+---+-- +++++-+++ ---------"

// A world is a server in this process, with rooms and people made through its own store.
type world struct {
	t      *testing.T
	server *server
	logged *journal
	url    string
	http   http.Client
	made   int
	vault  *cell // a room that nobody who asks is in
}

// newWorld runs a server until the test ends.
func newWorld(t *testing.T, flags ...string) *world {
	t.Helper()
	var c cli
	parser, err := kong.New(&c, kong.Name("parley"), kong.Writers(io.Discard, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	directory := filepath.Join(t.TempDir(), "data")
	if _, err := parser.Parse(append([]string{"serve", "--listen", "127.0.0.1:0", "--data", directory, "--limits", "off"}, flags...)); err != nil {
		t.Fatal(err)
	}
	limits, err := c.Serve.limits()
	if err != nil {
		t.Fatal(err)
	}
	data, err := openData(directory)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, logged: &journal{}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.url = strings.Replace("http://"+listener.Addr().String(), "127.0.0.1", "localhost", 1) // passkeys need a name
	if w.server, err = newServer(t.Context(), &c.Serve, data, limits, slog.New(slog.NewJSONHandler(w.logged, nil))); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.server.run(ctx, listener, terminal{out: io.Discard, errs: io.Discard}) }()
	transport := &http.Transport{MaxIdleConnsPerHost: 4}
	w.http = http.Client{Transport: transport, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if err := data.Close(); err != nil {
			t.Error(err)
		}
	})
	// Who stops before the server is ready stops in the midst of its start.
	response, err := w.http.Get(w.url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return w
}

func (w *world) write(f func(chat.Tx) error) {
	w.t.Helper()
	if err := w.server.store.Write(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) read(f func(chat.Snapshot) error) {
	w.t.Helper()
	if err := w.server.store.Read(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// A cell is one actor towards one room of a kind, both made for it alone, so that no cell meets what another has done.
//
// Ana is in the room and wrote its first and third message; the second is the actor's own, or Tom's where the actor is nobody.
// Tom is an account that is in no room.
type cell struct {
	n            int
	actor, place string
	me           chat.User // zero for nobody
	token        string    // of the session's cookie
	ana, tom     chat.User
	room         chat.Room
	versions     [4]int64 // of the messages, by number
	canary       string   // stands in what Ana wrote, in the topic, and in the name of what is not public
	id           string   // of what a line makes in addition, for {id}
}

// at is which letter of an expectation is the cell's.
func (c *cell) at(expectation string) byte {
	for p, letters := range strings.Fields(expectation) {
		for a := range len(letters) {
			if places[p] == c.place && actors[a] == c.actor {
				return letters[a]
			}
		}
	}
	return '?'
}

// build makes the cells of one line in one transaction, and what the line needs besides.
func (w *world) build(also func(*world, chat.Tx, *cell) error) []*cell {
	w.t.Helper()
	var cells []*cell
	w.write(func(tx chat.Tx) error {
		for _, actor := range actors {
			for _, place := range places {
				c, err := w.make(tx, actor, place)
				if err == nil && also != nil {
					err = also(w, tx, c)
				}
				if err != nil {
					return fmt.Errorf("%s in %s: %w", actor, place, err)
				}
				cells = append(cells, c)
			}
		}
		return nil
	})
	return cells
}

func (w *world) make(tx chat.Tx, actor, place string) (*cell, error) {
	w.made++
	c := &cell{n: w.made, actor: actor, place: place, canary: fmt.Sprintf("canary%dx", w.made)}
	var err error
	if c.ana, err = w.user(tx, "ana", chat.Account); err != nil {
		return nil, err
	}
	if c.tom, err = w.user(tx, "tom", chat.Account); err != nil {
		return nil, err
	}
	if actor != "nobody" {
		if err := w.actor(tx, c); err != nil {
			return nil, err
		}
	}
	if err := w.room(tx, c); err != nil {
		return nil, err
	}
	return c, w.finish(tx, c)
}

func (w *world) user(tx chat.Tx, name string, kind chat.UserKind) (chat.User, error) {
	w.made++
	name = fmt.Sprintf("%s%d", name, w.made)
	u := chat.User{Name: name, NameKey: chat.NameKey(name), Kind: kind, CreatedAt: 1_700_000_000_000, SeenAt: chat.Millis(tx.Now())}
	return u, tx.InsertUser(&u)
}

// actor makes who asks, with a session as the gate would begin one.
func (w *world) actor(tx chat.Tx, c *cell) error {
	kind := chat.Account
	if c.actor == "guest" {
		kind = chat.Guest
	}
	var err error
	if c.me, err = w.user(tx, strings.ReplaceAll(c.actor, "-", ""), kind); err != nil {
		return err
	}
	if c.actor == "administrator" {
		c.me.Role = chat.Administrator
		if err := tx.UpdateUser(c.me); err != nil {
			return err
		}
	}
	c.token, err = w.session(tx, c.me.ID)
	return err
}

func (w *world) session(tx chat.Tx, user chat.UserID) (token string, err error) {
	gate, err := auth.New(auth.Config{Users: w.server.users})
	if err != nil {
		return "", err
	}
	session, cookie := gate.Begin(&http.Request{})
	session.User, session.CreatedAt, session.SeenAt = user, chat.Millis(tx.Now()), chat.Millis(tx.Now())
	return cookie.Value, tx.InsertSession(*session)
}

// room makes the room, its members and messages.
func (w *world) room(tx chat.Tx, c *cell) error {
	c.room = chat.Room{Name: fmt.Sprintf("room%d", c.n), Kind: chat.Public, Topic: "about things", CreatedAt: 1_700_000_000_000}
	switch c.place {
	case "private", "direct":
		c.room.Topic = "topic " + c.canary
		c.room.Kind, c.room.Name, c.room.Address = chat.Private, "hidden "+c.canary, fmt.Sprintf("~matrix%dq", c.n)
	}
	if c.place == "direct" {
		c.room.Kind, c.room.Name, c.room.People = chat.DirectRoom, "", chat.NewPeople(c.ana.ID, c.me.ID)
	}
	if err := tx.InsertRoom(&c.room); err != nil {
		return err
	}
	if err := w.join(tx, c, c.ana.ID, ""); err != nil {
		return err
	}
	role := chat.NoRole
	switch c.actor {
	case "moderator":
		role = chat.Moderator
	case "nobody", "guest", "non-member", "administrator":
		return nil
	}
	return w.join(tx, c, c.me.ID, role)
}

func (w *world) join(tx chat.Tx, c *cell, user chat.UserID, role chat.Role) error {
	return tx.PutMember(&chat.Member{Room: c.room.ID, User: user, Joined: true, Role: role, At: chat.Millis(tx.Now())})
}

// finish has them write, and does to the room and the actor what the cell is about.
func (w *world) finish(tx chat.Tx, c *cell) error {
	second := c.me
	if second.ID == 0 {
		second = c.tom
	}
	for i, by := range []chat.User{c.ana, second, c.ana} {
		m := chat.Message{Room: c.room.ID, By: by.ID, At: chat.Millis(tx.Now()), Text: "mine"}
		if by.ID == c.ana.ID {
			m.Text = fmt.Sprintf("text %d %s", i+1, c.canary)
		}
		if err := tx.InsertMessage(&m, chat.Person{ID: by.ID, Name: by.Name}); err != nil {
			return err
		}
		c.versions[m.Number] = m.Version
	}
	switch c.actor {
	case "removed", "banned":
		m := chat.Member{Room: c.room.ID, User: c.me.ID, Banned: c.actor == "banned", At: chat.Millis(tx.Now())}
		if err := tx.PutMember(&m); err != nil {
			return err
		}
	case "deactivated":
		// Its session is left in place, as no deactivation would: what refuses it must be that it is deactivated.
		u, err := tx.User(c.me.ID)
		if err != nil {
			return err
		}
		u.Deactivated = true
		if err := tx.UpdateUser(u); err != nil {
			return err
		}
		if c.token, err = w.session(tx, c.me.ID); err != nil {
			return err
		}
	}
	r, err := tx.Room(c.room.ID)
	if err != nil {
		return err
	}
	r.Archived, r.Deleted = c.place == "archived", c.place == "deleted"
	if r.Archived || r.Deleted {
		err = tx.UpdateRoom(&r)
	}
	c.room = r
	return err
}

// state is what there is of a cell that others could have changed: the room, its messages and members by its version, and the
// people.
func (w *world) state(c *cell) string {
	w.t.Helper()
	var room chat.Room
	var users []chat.User
	var devices []int
	w.read(func(s chat.Snapshot) error {
		var err error
		if room, err = s.Room(c.room.ID); err != nil {
			return err
		}
		for _, id := range []chat.UserID{c.me.ID, c.ana.ID, c.tom.ID} {
			if id == 0 {
				continue
			}
			u, err := s.User(id)
			if err != nil {
				return err
			}
			sessions, err := s.Sessions(id)
			if err != nil {
				return err
			}
			users, devices = append(users, u), append(devices, sessions)
		}
		return nil
	})
	type all chat.User // without what JSON leaves out
	text := fmt.Sprintf("%+v sessions %v", room, devices)
	for _, u := range users {
		u.SeenAt = 0
		text += fmt.Sprintf("\n%+v", all(u))
	}
	return text
}

// kept are the things about a user and a room that no field of a request decides.
func (w *world) kept(c *cell) string {
	w.t.Helper()
	var text []byte
	w.read(func(s chat.Snapshot) error {
		me := chat.User{}
		if c.me.ID != 0 {
			var err error
			if me, err = s.User(c.me.ID); err != nil {
				return err
			}
		}
		room, err := s.Room(c.room.ID)
		if err != nil {
			return err
		}
		text, err = json.Marshal([]any{me.ID, me.Kind, me.Role, me.CreatedAt, me.Deactivated, room.CreatedAt, room.CreatedBy, room.People})
		return err
	})
	return string(text)
}

// A journal is all that a server has logged.
type journal struct {
	mu   sync.Mutex // protects text
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
