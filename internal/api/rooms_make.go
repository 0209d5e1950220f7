package api

import (
	"net/http"

	"parley/internal/chat"
)

// create makes a room.
func (d *Door) create(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Kind        *chat.RoomKind `json:"kind"`
		Name        string         `json:"name"`
		Topic       string         `json:"topic"`
		Description string         `json:"description"`
		Users       users          `json:"users"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if body.Kind == nil {
		return missing("kind")
	}
	ids, err := body.Users.ids()
	if err != nil {
		return err
	}
	room, err := d.Rooms.Create(r.Context(), a, chat.NewRoom{
		Kind: *body.Kind, Name: body.Name, Topic: body.Topic, Description: body.Description, Users: ids,
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusCreated, struct {
		Room chat.RoomEntry `json:"room"`
	}{room})
}

// change changes what is decided about a room.
func (d *Door) change(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Name        *string        `json:"name"`
		Topic       *string        `json:"topic"`
		Description *string        `json:"description"`
		Slow        *int           `json:"slow"`
		NoPreview   *bool          `json:"no_preview"`
		Archived    *bool          `json:"archived"`
		Kind        *chat.RoomKind `json:"kind"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	v, err := d.Rooms.Change(r.Context(), a, r.PathValue("room"), chat.RoomChange{
		Name: body.Name, Topic: body.Topic, Description: body.Description,
		Slow: body.Slow, NoPreview: body.NoPreview, Archived: body.Archived, Kind: body.Kind,
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, version{v})
}

// drop deletes a room.
func (d *Door) drop(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	if err := d.Rooms.Drop(r.Context(), a, r.PathValue("room")); err != nil {
		return err
	}
	return write(w, http.StatusOK, struct{}{})
}

// users are ids of people as a body names them.
type users []string

func (u users) ids() ([]chat.UserID, error) {
	ids := make([]chat.UserID, len(u))
	for i, text := range u {
		if err := ids[i].UnmarshalText([]byte(text)); err != nil {
			return nil, chat.Errorf(chat.Invalid, "users", "%q is not a user id.", text)
		}
	}
	return ids, nil
}
