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
	Rooms      *chat.Rooms
	Users      *chat.Users
	Moderation *chat.Moderation
	Finder     *chat.Finder
	Gate       *auth.Gate
	Logs       *live.Logs
	Logger     *slog.Logger
	Ending     <-chan struct{} // closed when the server is going away, so that streams and polls end
}

// A Door serves /api/.
type Door struct{ Config }

// New makes a Door.
func New(c Config) *Door { return &Door{c} }

// A route is a pattern, its row of the permission table, the budget that a request to it is taken from, and what answers it.
type route struct {
	pattern string
	may     chat.Verb
	budget  auth.Budget
	handle  func(d *Door, w http.ResponseWriter, r *http.Request, a chat.Actor) error
}

// routes are all routes of the API.
var routes = []route{
	{"GET /api/v1/me", chat.Anybody, auth.Read, (*Door).me},
	{"PATCH /api/v1/me", chat.Appear, auth.Join, (*Door).changeMe},
	{"GET /api/v1/me/sessions", chat.Rename, auth.Read, (*Door).sessions},
	{"DELETE /api/v1/me/sessions/{session}", chat.Rename, auth.Post, (*Door).endSession},
	{"GET /api/v1/users/{user}", chat.Meet, auth.Read, (*Door).profile},
	{"GET /api/v1/people", chat.Anybody, auth.Read, (*Door).people}, // by the beginning of a name: chat.Meet
	{"GET /api/v1/rooms", chat.Anybody, auth.Read, (*Door).rooms},
	{"POST /api/v1/rooms", chat.Create, auth.Create, (*Door).create}, // private and direct rooms: chat.Enclose, chat.Direct
	{"GET /api/v1/rooms/{room}", chat.Read, auth.Read, (*Door).open},
	{"PATCH /api/v1/rooms/{room}", chat.Manage, auth.Post, (*Door).change}, // also chat.Archive and chat.Convert
	{"DELETE /api/v1/rooms/{room}", chat.Drop, auth.Post, (*Door).drop},
	{"GET /api/v1/rooms/{room}/members", chat.Read, auth.Read, (*Door).members}, // of the banned: chat.Remove
	{"POST /api/v1/rooms/{room}/members", chat.Add, auth.Post, (*Door).addPeople},
	{"DELETE /api/v1/rooms/{room}/members/{user}", chat.Remove, auth.Post, (*Door).removePerson},
	{"PATCH /api/v1/rooms/{room}/members/{user}", chat.Remove, auth.Post, (*Door).changeMember}, // also chat.Appoint and chat.Silence
	{"POST /api/v1/rooms/{room}/join", chat.Join, auth.Join, (*Door).join},
	{"POST /api/v1/rooms/{room}/leave", chat.Leave, auth.Join, (*Door).leave},
	{"POST /api/v1/rooms/{room}/typing", chat.Speak, auth.Read, (*Door).typing},
	{"GET /api/v1/rooms/{room}/messages", chat.Read, auth.Read, (*Door).messages},
	{"POST /api/v1/rooms/{room}/messages", chat.Speak, auth.Post, (*Door).post},
	{"PATCH /api/v1/rooms/{room}/messages/{number}", chat.Speak, auth.Post, (*Door).edit},
	{"DELETE /api/v1/rooms/{room}/messages/{number}", chat.Retract, auth.Post, (*Door).remove},
	{"POST /api/v1/invites", chat.Invite, auth.Invite, (*Door).invite},
	{"GET /api/v1/invites", chat.Invite, auth.Read, (*Door).invites},
	{"DELETE /api/v1/invites/{id}", chat.Invite, auth.Post, (*Door).uninvite},
	{"POST /api/v1/rooms/{room}/read", chat.Mark, auth.Read, (*Door).mark},
	{"POST /api/v1/rooms/{room}/notify", chat.Mark, auth.Read, (*Door).notify},
	{"GET /api/v1/unread", chat.Mark, auth.Read, (*Door).unread},
	{"GET /api/v1/search", chat.Read, auth.Search, (*Door).search},
	{"GET /api/v1/changes", chat.Read, auth.Read, (*Door).changes}, // a stream is also taken from auth.Connect
	{"POST /api/v1/rooms/{room}/messages/{number}/report", chat.Report, auth.Report, (*Door).report},
	{"GET /api/v1/rooms/{room}/reports", chat.Approve, auth.Read, (*Door).roomReports},
	{"POST /api/v1/rooms/{room}/reports/{report}", chat.Approve, auth.Post, (*Door).decideInRoom},
	{"GET /api/v1/rooms/{room}/held", chat.Approve, auth.Read, (*Door).held},
	{"POST /api/v1/rooms/{room}/held/{held}", chat.Approve, auth.Post, (*Door).decideHeld},
	{"GET /api/v1/rooms/{room}/acts", chat.Review, auth.Read, (*Door).acts},
	{"POST /api/v1/rooms/{room}/purges", chat.DeleteAny, auth.Post, (*Door).purge},
	{"GET /api/v1/reports", chat.Moderate, auth.Read, (*Door).reports},
	{"POST /api/v1/reports/{report}", chat.Moderate, auth.Post, (*Door).decide},
	{"PATCH /api/v1/users/{user}", chat.Moderate, auth.Post, (*Door).mute},
	{"POST /api/v1/users/{user}/ban", chat.Moderate, auth.Post, (*Door).ban},
	{"DELETE /api/v1/users/{user}/ban", chat.Moderate, auth.Post, (*Door).unban},
	{"GET /api/v1/bans", chat.Moderate, auth.Read, (*Door).networks},
	{"POST /api/v1/bans", chat.Moderate, auth.Post, (*Door).banNetwork},
	{"DELETE /api/v1/bans", chat.Moderate, auth.Post, (*Door).liftNetwork},
	{"GET /api/v1/purges", chat.Moderate, auth.Read, (*Door).purges},
	{"POST /api/v1/purges", chat.Moderate, auth.Post, (*Door).purge},
	{"GET /api/v1/settings", chat.Moderate, auth.Read, (*Door).settings},
	{"PATCH /api/v1/settings", chat.Moderate, auth.Post, (*Door).changeSettings},
	{"/api/", chat.Anybody, auth.Read, (*Door).nothing},
}

// Routes are the routes of the API with their rows.
func Routes() []chat.Route {
	var all []chat.Route
	for _, route := range routes {
		all = append(all, chat.Route{Door: "api", Pattern: route.pattern, Verb: route.may})
	}
	return all
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

// people are the names of users, by their ids or by the beginning of the name.
func (d *Door) people(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	if r.URL.Query().Has("q") {
		return d.find(w, r, a)
	}
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
	if posted.Held != 0 {
		return write(w, http.StatusAccepted, posted)
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
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that is gone needs no answer
	return nil
}
