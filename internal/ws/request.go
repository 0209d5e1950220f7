package ws

import (
	"encoding/json"
	"errors"

	"parley/internal/chat"
	"parley/internal/socket"
)

// A request is what a client sends, all verbs' fields in one. Pointers tell a field that is absent from one that is empty.
type request struct {
	ID      int64          `json:"id"`
	Do      string         `json:"do"`
	Room    *string        `json:"room"`
	Key     *string        `json:"key"`
	Text    *string        `json:"text"`
	Number  *int64         `json:"number"`
	Version *int64         `json:"version"`
	At      *chat.Position `json:"at"`
	Around  int64          `json:"around"`
	Before  int64          `json:"before"`
	After   place          `json:"after"`
	Limit   int            `json:"limit"`
	On      *bool          `json:"on"`
	Users   []chat.UserID  `json:"users"`
	Rooms   []chat.RoomID  `json:"rooms"`
	Level   *chat.Notify   `json:"level"`

	// Of rooms and the people in them.
	Kind        *chat.RoomKind `json:"kind"`
	Name        *string        `json:"name"`
	Topic       *string        `json:"topic"`
	Description *string        `json:"description"`
	Slow        *int           `json:"slow"`
	NoPreview   *bool          `json:"no_preview"`
	Archived    *bool          `json:"archived"`
	User        *string        `json:"user"` // an id
	Ban         bool           `json:"ban"`
	Banned      *bool          `json:"banned"`
	Role        *chat.Role     `json:"role"`
	MutedUntil  *int64         `json:"muted_until"`
	Why         *string        `json:"why"`
	Q           *string        `json:"q"`
}

// A place is what a page begins after: the number of a message, or a person by id or name.
type place struct {
	Number int64
	Person string
}

// UnmarshalJSON reads a number or a string.
func (p *place) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, &p.Person)
	}
	return json.Unmarshal(text, &p.Number)
}

// decode reads a frame. The error names the field where the JSON is good but a field is not; ID is set if it could be read.
func (q *request) decode(text []byte) error {
	var err error
	if !q.quick(string(text)) {
		err = json.Unmarshal(text, q)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return chat.Errorf(chat.BadFrame, wrong.Field, "The field %q cannot be a %s.", wrong.Field, wrong.Value)
	}
	if ours, ok := errors.AsType[*chat.Error](err); ok {
		// A user's or a room's id that is none; only these fields have such.
		return chat.Errorf(ours.Kind, ours.Field+"s", "%s", ours.Message)
	}
	if err != nil {
		return chat.Errorf(chat.BadFrame, "", "The frame is not a JSON object.")
	}
	switch {
	case q.ID <= 0:
		return chat.Errorf(chat.Missing, "id", "Each frame needs an id, a positive integer.")
	case q.Do == "":
		return chat.Errorf(chat.Missing, "do", "Each frame needs a verb in do.")
	}
	return nil
}

// idOf is the id of a frame that is not looked at otherwise.
func idOf(text []byte) int64 {
	var q struct {
		ID int64 `json:"id"`
	}
	_ = json.Unmarshal(text, &q) // an id that cannot be read is none
	return q.ID
}

// require returns a Missing error for the first of the fields that is absent.
func (q *request) require(fields []string) error {
	present := map[string]bool{
		"room": q.Room != nil, "key": q.Key != nil && *q.Key != "", "text": q.Text != nil,
		"number": q.Number != nil, "version": q.Version != nil, "users": q.Users != nil,
		"level": q.Level != nil,
		"kind":  q.Kind != nil, "user": q.User != nil, "q": q.Q != nil, "why": q.Why != nil,
	}
	for _, f := range fields {
		if !present[f] {
			return chat.Errorf(chat.Missing, f, "The field %q is missing.", f)
		}
	}
	return nil
}

// answer is the one answer to a frame. A frame whose id could not be read is answered without re.
func answer(id int64, ok any, err error) []byte {
	if err != nil {
		return socket.AppendJSON(nil, struct {
			Re    int64       `json:"re,omitempty"`
			Error *chat.Error `json:"error"`
		}{max(id, 0), chat.AsError(err)})
	}
	return socket.AppendJSON(nil, struct {
		Re int64 `json:"re"`
		OK any   `json:"ok"`
	}{id, ok})
}
