package ws

import (
	"context"
	"encoding/json"

	"parley/internal/chat"
)

// Request is a decoded frame, for the tests.
type Request = request

// Place is what a page begins after, for the tests.
type Place = place

// Decode reads a frame.
func Decode(text []byte) (Request, error) {
	var q request
	err := q.decode(text)
	return q, err
}

// Required are the fields that a verb must have, and whether there is such a verb.
func Required(do string) ([]string, bool) {
	v, ok := verbs[do]
	return v.required, ok
}

// Verbs are the names of all verbs.
func Verbs() []string {
	var names []string
	for name := range verbs {
		names = append(names, name)
	}
	return names
}

// Require checks that fields are there.
func Require(q Request, fields []string) error { return q.require(fields) }

// Join is the verb join, as a user without a socket asks for it.
func Join(ctx context.Context, d *Door, user chat.UserID, room string) error {
	_, err := join(ctx, &session{door: d, user: user}, nil, &request{Room: &room})
	return err
}

// BothWays decodes a frame the quick way, if that takes it, and by encoding/json.
func BothWays(text string) (quick Request, taken bool, slow Request, err error) {
	taken = quick.quick(text)
	err = json.Unmarshal([]byte(text), &slow)
	return quick, taken, slow, err
}

// DecodeSlowly reads a frame by encoding/json.
func DecodeSlowly(text []byte) {
	var q request
	_ = json.Unmarshal(text, &q)
}
