// Package api is the HTTP and JSON door: the verbs of docs/protocol.md as routes, and the changes as a stream of
// server-sent events or a long poll.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/live"
	"parley/internal/problem"
)

// Config is what the door needs.
type Config struct {
	Rooms  *chat.Rooms
	Finder *chat.Finder
	Gate   *auth.Gate
	Logs   *live.Logs
	Logger *slog.Logger
	Ending <-chan struct{} // closed when the server is going away, so that streams and polls end
}

// A Door serves /api/.
type Door struct{ Config }

// New makes a Door.
func New(c Config) *Door { return &Door{c} }

// A route is a pattern, the budget that a request to it is taken from, and what answers it.
type route struct {
	pattern string
	budget  auth.Budget
	handle  func(d *Door, w http.ResponseWriter, r *http.Request, a chat.Actor) error
}

// routes are all routes of the API.
var routes = []route{
	{"GET /api/v1/me", auth.Read, (*Door).me},
	{"GET /api/v1/people", auth.Read, (*Door).people},
	{"GET /api/v1/rooms", auth.Read, (*Door).rooms},
	{"GET /api/v1/rooms/{room}", auth.Read, (*Door).open},
	{"POST /api/v1/rooms/{room}/join", auth.Join, (*Door).join},
	{"POST /api/v1/rooms/{room}/leave", auth.Join, (*Door).leave},
	{"POST /api/v1/rooms/{room}/typing", auth.Read, (*Door).typing},
	{"GET /api/v1/rooms/{room}/messages", auth.Read, (*Door).messages},
	{"POST /api/v1/rooms/{room}/messages", auth.Post, (*Door).post},
	{"PATCH /api/v1/rooms/{room}/messages/{number}", auth.Post, (*Door).edit},
	{"DELETE /api/v1/rooms/{room}/messages/{number}", auth.Post, (*Door).remove},
	{"GET /api/v1/search", auth.Search, (*Door).search},
	{"GET /api/v1/changes", auth.Read, (*Door).changes}, // a stream is also taken from auth.Connect
	{"/api/", auth.Read, (*Door).nothing},
}

// Register adds the routes to a mux.
func (d *Door) Register(mux *http.ServeMux) {
	for _, route := range routes {
		mux.HandleFunc(route.pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := d.serve(route, w, r); err != nil {
				problem.Write(w, r, d.Logger, err)
			}
		})
	}
}

func (d *Door) serve(route route, w http.ResponseWriter, r *http.Request) error {
	identity, err := d.Gate.Who(r)
	if err != nil {
		return err
	}
	if err := meant(r, identity); err != nil {
		return err
	}
	if err := d.Gate.Allow(r, route.budget, identity.User.ID); err != nil {
		return err
	}
	return route.handle(d, w, r, identity.Actor())
}

// userHeader names the user whom a page takes itself to be of.
const userHeader = "Parley-User"

// meant refuses a request that was meant to come from another user than its cookie says. Unlike a socket, each request goes
// with the cookie of its moment: a page that was left open would act as whoever came after it in the same browser.
func meant(r *http.Request, identity auth.Identity) error {
	user := r.Header.Get(userHeader)
	if user == "" || user == identity.User.ID.String() {
		return nil
	}
	return chat.Errorf(chat.Unauthenticated, "user", "This browser is not %s any more. Please load the page again.", user)
}

func (d *Door) me(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	hello, err := d.hello(r.Context(), a)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, hello)
}

func (d *Door) hello(ctx context.Context, a chat.Actor) (chat.Hello, error) {
	hello, err := d.Rooms.Hello(ctx, a)
	d.Logs.CountHere(hello.Server.Rooms)
	return hello, err
}

func (d *Door) rooms(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	hello, err := d.hello(r.Context(), a)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		Rooms []chat.RoomEntry `json:"rooms"`
	}{hello.Server.Rooms})
}

func (d *Door) people(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	if !r.URL.Query().Has("ids") {
		return missing("ids")
	}
	var ids []chat.UserID
	for text := range strings.SplitSeq(r.URL.Query().Get("ids"), ",") {
		var id chat.UserID
		if err := id.UnmarshalText([]byte(text)); err != nil {
			return chat.Errorf(chat.Invalid, "ids", "%q is not a user id.", text)
		}
		ids = append(ids, id)
	}
	names, err := d.Rooms.People(r.Context(), a, ids)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		People []chat.Person `json:"people"`
	}{names})
}

func (d *Door) messages(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var page chat.Page
	var limit int64
	for field, n := range map[string]*int64{"before": &page.Before, "after": &page.After, "around": &page.Around, "limit": &limit} {
		if err := number(r.URL.Query().Get(field), field, n); err != nil {
			return err
		}
	}
	page.Limit = int(min(limit, chat.PageLimit))
	history, err := d.Rooms.History(r.Context(), a, r.PathValue("room"), page)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, history)
}

// number reads a positive integer; an empty text leaves n as it is.
func number(text, field string, n *int64) error {
	if text == "" {
		return nil
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < 1 {
		return chat.Errorf(chat.Invalid, field, "%s must be a positive integer.", field)
	}
	*n = value
	return nil
}

func (d *Door) post(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Text *string `json:"text"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if body.Text == nil {
		return missing("text")
	}
	room := r.PathValue("room")
	posted, err := d.Rooms.Post(r.Context(), a, room, chat.Draft{Key: r.Header.Get("Idempotency-Key"), Text: *body.Text})
	if err != nil {
		return err
	}
	if id, ok := chat.ParseRoomID(room); ok {
		d.Logs.Typing(id, a.User, false) // who has posted has stopped typing
	}
	return write(w, http.StatusCreated, posted)
}

func (d *Door) edit(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Text    *string `json:"text"`
		Version *int64  `json:"version"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	switch {
	case body.Text == nil:
		return missing("text")
	case body.Version == nil:
		return missing("version")
	}
	var n int64
	if err := number(r.PathValue("number"), "number", &n); err != nil {
		return err
	}
	v, err := d.Rooms.Edit(r.Context(), a, r.PathValue("room"), n, *body.Version, *body.Text)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, version{v})
}

func (d *Door) remove(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var n int64
	if err := number(r.PathValue("number"), "number", &n); err != nil {
		return err
	}
	v, err := d.Rooms.Delete(r.Context(), a, r.PathValue("room"), n)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, version{v})
}

func (d *Door) nothing(http.ResponseWriter, *http.Request, chat.Actor) error {
	return chat.Errorf(chat.NotFound, "", "There is no such route, or not with this method. See docs/protocol.md.")
}

type version struct {
	Version int64 `json:"version"`
}

func missing(field string) error {
	return chat.Errorf(chat.Missing, field, "The field %q is missing.", field)
}

// read reads a JSON object of at most Limits.Frame bytes. JSON in invalid UTF-8 is refused: the decoder would otherwise
// put replacement characters into somebody's message.
func (d *Door) read(w http.ResponseWriter, r *http.Request, into any) error {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(d.Rooms.Limits.Frame)))
	if tooBig, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return chat.Errorf(chat.TooLong, "", "The request is too long; at most %d bytes fit.", tooBig.Limit)
	}
	if err != nil {
		return chat.Errorf(chat.BadFrame, "", "The request could not be read: %w", err)
	}
	return decode(text, into)
}

func write(w http.ResponseWriter, status int, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that is gone needs no answer
	return nil
}
