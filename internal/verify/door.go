package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"parley/internal/chat"
)

// A request is one operation as a door takes it.
type request struct {
	do      string // post, edit or delete
	room    chat.RoomID
	key     string
	text    string
	number  int64
	version int64
}

type granted struct {
	Number  int64 `json:"number"`
	Version int64 `json:"version"`
}

// A door takes a request to the server and brings its answer. An error that is a *refusal is an answer; any other leaves the
// request in doubt, and the door opens a new connection for the next one.
type door interface {
	ask(ctx context.Context, q request) (granted, error)
	close()
}

// An identity is who an author is to the server.
type identity struct {
	Author
	cookie string
}

// A socketDoor asks over /ws.
type socketDoor struct {
	outlet *Outlet
	child  *Child
	who    *identity
	socket *wireSocket
	next   int64
}

// errSignedOut says that the session, which the server has acknowledged, is not known to it.
var errSignedOut = errors.New("the session is gone")

func (d *socketDoor) ask(ctx context.Context, q request) (granted, error) {
	if d.socket == nil {
		if err := d.open(ctx); err != nil {
			return granted{}, err
		}
	}
	answer, err := d.exchange(q)
	if _, answered := errors.AsType[*refusal](err); err != nil && !answered {
		d.close()
	}
	return answer, err
}

func (d *socketDoor) open(ctx context.Context) error {
	address, err := d.child.Up(ctx)
	if err != nil {
		return err
	}
	socket, err := dialSocket(ctx, d.outlet, address, "/ws", d.who.cookie)
	if err != nil {
		return err
	}
	hello, err := socket.read(answerTime)
	switch {
	case err != nil:
	case hello.Hello == nil:
		err = errors.New("the server said something before hello")
	case hello.Hello.Me == nil:
		err = errSignedOut
	default:
		d.socket = socket
		return nil
	}
	socket.close()
	return err
}

func (d *socketDoor) exchange(q request) (granted, error) {
	d.next++
	frame := map[string]any{"do": q.do, "room": q.room}
	switch q.do {
	case "post":
		frame["key"], frame["text"] = q.key, q.text
	case "edit":
		frame["number"], frame["version"], frame["text"] = q.number, q.version, q.text
	case "delete":
		frame["number"] = q.number
	}
	var ok granted
	err := d.socket.ask(d.next, frame, &ok)
	return ok, err
}

func (d *socketDoor) close() {
	if d.socket != nil {
		d.socket.close()
		d.socket = nil
	}
}

// An httpDoor asks over HTTP.
type httpDoor struct {
	outlet *Outlet
	child  *Child
	who    *identity
	conn   *wireHTTP
}

func (d *httpDoor) ask(ctx context.Context, q request) (granted, error) {
	if err := d.open(ctx); err != nil {
		return granted{}, err
	}
	answer, err := d.exchange(q)
	if _, answered := errors.AsType[*refusal](err); err != nil && !answered {
		d.close()
	}
	return answer, err
}

func (d *httpDoor) open(ctx context.Context) error {
	if d.conn != nil {
		return nil
	}
	address, err := d.child.Up(ctx)
	if err != nil {
		return err
	}
	d.conn, err = dialHTTP(ctx, d.outlet, address)
	return err
}

func (d *httpDoor) exchange(q request) (ok granted, err error) {
	path := "/api/v1/rooms/" + q.room.String() + "/messages"
	body := map[string]any{"text": q.text}
	method, key := http.MethodPost, q.key
	switch q.do {
	case "edit":
		method, body["version"] = http.MethodPatch, q.version
		path += fmt.Sprint("/", q.number)
	case "delete":
		method = http.MethodDelete
		path += fmt.Sprint("/", q.number)
	}
	var text []byte
	if method != http.MethodDelete {
		if text, err = json.Marshal(body); err != nil {
			return granted{}, err
		}
	}
	err = d.conn.ask(method, path, answerTime, text, &ok, "Cookie", d.who.cookie, "Idempotency-Key", key)
	if q.do != "post" {
		ok.Number = q.number
	}
	return ok, err
}

func (d *httpDoor) close() {
	if d.conn != nil {
		d.conn.close()
		d.conn = nil
	}
}
