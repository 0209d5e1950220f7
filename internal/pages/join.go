package pages

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/internal/auth"
	"parley/internal/chat"
)

// maxOpenRooms is how many rooms the join page lists.
const maxOpenRooms = 50

// A joinForm is the join page: the form as it was filled in, and the rooms that there are.
type joinForm struct {
	Lead       string
	Username   string
	Room       string
	At         int64 // the message that the visitor came for, 0 for none
	Faults     faults
	Suggestion string // a free name in place of one that is taken, to be taken with one click
	Focus      string // the field to begin with
	Me         chat.User
	Limits     chat.Limits
	Rooms      []openRoom
	Closed     bool // nobody can become a guest just now
	Version    string
}

type openRoom struct {
	Name, Link string
	Here       int
}

func (p *Pages) joinPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	room := strings.ToValidUTF8(r.URL.Query().Get("room"), "\uFFFD")
	return p.showJoin(w, r, me, http.StatusOK, joinForm{Username: me.User.Name, Room: room})
}

// showJoin renders the join page with the form as it stands.
func (p *Pages) showJoin(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, form joinForm) error {
	hello, err := p.rooms.Hello(r.Context(), me.Actor())
	if err != nil {
		return err
	}
	form.Me, form.Limits, form.Version = me.User, hello.Limits, p.version
	form.Closed = me.User.ID == 0 && hello.Server.Settings.Closed()
	for _, room := range hello.Server.Rooms {
		if room.Archived {
			continue // there is nothing to talk in
		}
		link := "/?" + url.Values{"room": {room.Name}}.Encode()
		if me.User.ID != 0 {
			link = roomPath(room.Name, me.User.Name)
		}
		form.Rooms = append(form.Rooms, openRoom{Name: room.Name, Link: link, Here: p.here(room.ID)})
	}
	slices.SortStableFunc(form.Rooms, func(a, b openRoom) int { return cmp.Compare(b.Here, a.Here) })
	form.Rooms = form.Rooms[:min(len(form.Rooms), maxOpenRooms)]
	form.Focus = "room"
	if form.Username == "" || form.Faults["username"] != "" {
		form.Focus = "username"
	}
	return p.render(w, r, status, "join", form)
}

// join is the front door: whoever posts a name and a room goes in, or is told what is wrong with them.
func (p *Pages) join(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if taken := form.Get("take"); taken != "" {
		form.Set("username", taken)
	}
	filled := joinForm{Username: form.Get("username"), Room: form.Get("room"), At: wantedMessage(form), Faults: faults{}}
	if err == nil {
		err = p.checkJoin(r, me, form, filled.Faults)
	}
	if err != nil {
		return p.refuseJoin(w, r, me, filled, err)
	}
	entered, cookie, err := p.enter(r, me, form)
	switch {
	case err == nil:
	case chat.KindOf(err) == chat.Conflict:
		// A guest under another name, which is free.
		return p.render(w, r, http.StatusConflict, "rename", renameForm{
			From: me.User.Name, To: strings.TrimSpace(filled.Username), Room: filled.Room, Stay: roomPath(filled.Room, me.User.Name),
		})
	default:
		return p.refuseJoin(w, r, me, filled, err)
	}
	if entered.New {
		http.SetCookie(w, cookie)
	}
	to := roomPath(entered.Room.Name, entered.User.Name)
	if filled.At > 0 {
		to += fmt.Sprintf("?at=%d#m%d", filled.At, filled.At)
	}
	return redirect(w, r, to)
}

// wantedMessage is the number of the message that a link led to, 0 for none.
func wantedMessage(values url.Values) int64 {
	n, err := strconv.ParseInt(values.Get("at"), 10, 64)
	if err != nil {
		return 0
	}
	return max(n, 0)
}

type renameForm struct{ From, To, Room, Stay string }

// enter does what the form asks for.
func (p *Pages) enter(r *http.Request, me auth.Identity, form url.Values) (chat.Entered, *http.Cookie, error) {
	session, cookie := p.gate.Begin(r)
	entered, err := p.rooms.Enter(r.Context(), p.users, chat.Entrance{
		Actor: me.Actor(), Name: form.Get("username"), Room: form.Get("room"), Session: session,
		Rename: form.Get("confirm") == "yes",
	})
	return entered, cookie, err
}

// checkJoin looks at both fields, so that everything that is wrong is told at once, and at the visitor's budgets. The error
// is the first of what it adds to wrong.
func (p *Pages) checkJoin(r *http.Request, me auth.Identity, form url.Values, wrong faults) error {
	nameErr := required(form, "username", "name")
	if nameErr == nil {
		_, nameErr = chat.CheckName(form.Get("username"), p.users.Limits.Name)
	}
	roomErr := required(form, "room", "room name")
	isNew := false
	if roomErr == nil {
		_, err := p.rooms.Named(r.Context(), me.Actor(), form.Get("room"))
		if isNew = chat.KindOf(err) == chat.NotFound; isNew {
			_, roomErr = chat.CheckRoomName(form.Get("room"), p.rooms.Limits.Room)
		}
	}
	wrong.add(roomErr)
	wrong.add(nameErr)
	if nameErr != nil {
		return nameErr
	}
	if roomErr != nil {
		return roomErr
	}
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil || !isNew {
		return err
	}
	return p.gate.Allow(r, auth.Create, me.User.ID)
}

// refuseJoin shows the join page again with what is wrong under the field that is at fault.
func (p *Pages) refuseJoin(w http.ResponseWriter, r *http.Request, me auth.Identity, filled joinForm, err error) error {
	e := chat.AsError(err)
	if wantsJSON(r) || e.Kind == chat.Internal {
		return err
	}
	if filled.Faults == nil {
		filled.Faults = faults{}
	}
	filled.Faults.add(e)
	filled.Suggestion = e.Suggestion
	retryAfter(w, e)
	return p.showJoin(w, r, me, p.status(r, e), filled)
}

// roomPath is the address of a person in a room.
func roomPath(room, username string) string {
	return "/" + url.PathEscape(room) + "/" + url.PathEscape(username) + "/"
}
