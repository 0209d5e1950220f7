package tutorial

import (
	"encoding/json"
	"errors"

	"parley/internal/chat"
	"parley/internal/live"
	"parley/internal/socket"
)

// Format is new messages as the tutorial's client takes them; it shows nothing else.
var Format live.Format = format{}

type format struct{}

func (format) AppendChange(dst []byte, c *chat.Change) []byte {
	if !c.Posted {
		return dst
	}
	return socket.AppendJSON(dst, message{body{c.By.Name, c.Message.Text}})
}

func (format) AppendValue(dst []byte, _ *live.Value) []byte { return dst }

// said is what the tutorial's client sends.
type said struct{ message, room, sender string }

// decode reads a frame of the tutorial's client. All three fields must be there, as strings.
func decode(text []byte) (said, error) {
	var fields struct {
		Message *string `json:"message"`
		Room    *string `json:"room_name"`
		Sender  *string `json:"sender"`
	}
	err := json.Unmarshal(text, &fields)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return said{}, chat.Errorf(chat.BadFrame, wrong.Field, "The field %q must be a string.", wrong.Field)
	}
	if err != nil {
		return said{}, chat.Errorf(chat.BadFrame, "", "The frame is not a JSON object.")
	}
	missing := func(field string) error {
		return chat.Errorf(chat.Missing, field, "The field %q is missing.", field)
	}
	switch {
	case fields.Message == nil:
		return said{}, missing("message")
	case fields.Room == nil:
		return said{}, missing("room_name")
	case fields.Sender == nil:
		return said{}, missing("sender")
	}
	return said{*fields.Message, *fields.Room, *fields.Sender}, nil
}

// theirs is an error with the field as the tutorial's client calls it.
func theirs(err error) *chat.Error {
	e := *chat.AsError(err)
	switch e.Field {
	case "text":
		e.Field = "message"
	case "username":
		e.Field = "sender"
	case "room":
		e.Field = "room_name"
	}
	return &e
}
