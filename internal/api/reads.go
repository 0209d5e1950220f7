package api

import (
	"context"
	"net/http"
	"strings"

	"parley/internal/chat"
	"parley/internal/live"
)

// mark says how far I have read a room.
func (d *Door) mark(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Number *int64 `json:"number"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if body.Number == nil {
		return missing("number")
	}
	marked, err := d.Rooms.Mark(r.Context(), a, r.PathValue("room"), *body.Number)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, marked)
}

// notify says what I want to be told of a room.
func (d *Door) notify(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Level *chat.Notify `json:"level"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if body.Level == nil {
		return missing("level")
	}
	if err := d.Rooms.Notify(r.Context(), a, r.PathValue("room"), *body.Level); err != nil {
		return err
	}
	return write(w, http.StatusOK, struct{}{})
}

// unread is how much I have not read, in the rooms that are named or in all of mine.
func (d *Door) unread(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var ids []chat.RoomID
	if r.URL.Query().Has("rooms") {
		ids = []chat.RoomID{}
		for text := range strings.SplitSeq(r.URL.Query().Get("rooms"), ",") {
			id, ok := chat.ParseRoomID(text)
			if !ok {
				return chat.Errorf(chat.Invalid, "rooms", "%.40q is not a room id.", text)
			}
			ids = append(ids, id)
		}
	}
	rooms, err := d.Rooms.Entries(r.Context(), a, ids)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		Rooms []chat.RoomEntry `json:"rooms"`
	}{rooms})
}

// rewatch has a reader watch the heads of the actor's rooms as of now.
func (d *Door) rewatch(ctx context.Context, a chat.Actor, reader *live.Reader, b live.Behind) error {
	watched, err := d.Rooms.Watch(ctx, a)
	if err == nil {
		reader.Watch(b, watched.Heads)
	}
	return err
}
