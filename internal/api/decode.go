package api

import (
	"encoding/json"
	"errors"
	"unicode/utf8"

	"parley/internal/chat"
)

// decode reads a JSON object into a struct; the error names the field where one has the wrong type.
func decode(text []byte, into any) error {
	if !utf8.Valid(text) {
		return chat.Errorf(chat.BadFrame, "", "The request is not valid UTF-8.")
	}
	err := json.Unmarshal(text, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return chat.Errorf(chat.BadFrame, wrong.Field, "The field %q cannot be a %s.", wrong.Field, wrong.Value)
	}
	if ours, ok := errors.AsType[*chat.Error](err); ok {
		return chat.Errorf(ours.Kind, ours.Field, "%s", ours.Message) // an id that is none
	}
	if err != nil {
		return chat.Errorf(chat.BadFrame, "", "The request is not a JSON object.")
	}
	return nil
}
