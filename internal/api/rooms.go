package api

import (
	"net/http"

	"parley/internal/auth"
	"parley/internal/chat"
)

// open answers as the verb open does, but follows nothing.
func (d *Door) open(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	query := r.URL.Query()
	var o chat.Opening
	var at chat.Position
	var limit int64
	for field, n := range map[string]*int64{"around": &o.Around, "limit": &limit} {
		if err := number(query.Get(field), field, n); err != nil {
			return err
		}
	}
	if version := query.Get("version"); version != "" {
		if version != "0" {
			if err := number(version, "version", &at.Version); err != nil {
				return err
			}
		}
		if !query.Has("epoch") {
			return missing("epoch")
		}
		at.Epoch = chat.Epoch(query.Get("epoch"))
		o.At = &at
	}
	o.Limit = int(min(limit, chat.PageLimit))
	opened, err := d.Rooms.Open(r.Context(), a, r.PathValue("room"), o)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, opened)
}

func (d *Door) join(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	room := r.PathValue("room")
	if _, err := d.Rooms.Resolve(r.Context(), a, room); chat.KindOf(err) == chat.NotFound {
		// The room is to be made, which has a budget of its own.
		if err := d.Gate.Allow(r, auth.Create, a.User); err != nil {
			return err
		}
	}
	joined, err := d.Rooms.Join(r.Context(), a, room)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, joined)
}

func (d *Door) leave(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	left, err := d.Rooms.Leave(r.Context(), a, r.PathValue("room"))
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, left)
}

// typing tells the room's readers that I am typing, or with {"on":false} that I have stopped.
func (d *Door) typing(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		On *bool `json:"on"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	room, err := d.Rooms.MaySpeak(r.Context(), a, r.PathValue("room"))
	if err != nil {
		return err
	}
	d.Logs.Typing(room.ID, a.User, body.On == nil || *body.On)
	return write(w, http.StatusOK, struct{}{})
}
