package pages

import (
	"net/http"
	"net/url"
	"strings"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A newRoomForm is the page that makes a room, as it was filled in.
type newRoomForm struct {
	Me     chat.User
	Filled url.Values
	Faults faults
}

func (p *Pages) newRoomPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if me.User.ID == 0 {
		return redirect(w, r, "/")
	}
	filled := url.Values{"kind": {string(chat.Public)}}
	for _, field := range []string{"kind", "name", "users"} {
		if value := r.URL.Query().Get(field); value != "" {
			filled.Set(field, strings.ToValidUTF8(value, "\uFFFD"))
		}
	}
	return p.render(w, r, http.StatusOK, "new-room", newRoomForm{Me: me.User, Filled: filled})
}

// newRoom makes a room and leads into it.
func (p *Pages) newRoom(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err == nil {
		err = p.gate.Allow(r, auth.Create, me.User.ID)
	}
	var room chat.RoomEntry
	if err == nil {
		room, err = p.makeRoom(r, me, form)
	}
	if err == nil {
		return redirect(w, r, roomPath(room.Segment(), me.User.Name))
	}
	e := chat.AsError(err)
	if wantsJSON(r) || e.Kind == chat.Internal || me.User.ID == 0 {
		return err
	}
	filled := newRoomForm{Me: me.User, Filled: form, Faults: faults{}}
	filled.Faults.add(e)
	retryAfter(w, e)
	return p.render(w, r, p.status(r, e), "new-room", filled)
}

func (p *Pages) makeRoom(r *http.Request, me auth.Identity, form url.Values) (chat.RoomEntry, error) {
	people, err := p.rooms.PeopleNamed(r.Context(), me.Actor(), spoken(form.Get("users")))
	if err != nil {
		return chat.RoomEntry{}, err
	}
	n := chat.NewRoom{
		Kind: chat.RoomKind(form.Get("kind")), Name: form.Get("name"), Topic: form.Get("topic"), Description: form.Get("description"),
		Users: people,
	}
	if n.Kind == chat.DirectRoom {
		n.Name, n.Topic, n.Description = "", "", "" // the fields are there for the other kinds
	}
	return p.rooms.Create(r.Context(), me.Actor(), n)
}

// spoken are the names in a field: separated by commas or line breaks.
func spoken(text string) []string {
	var names []string
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
