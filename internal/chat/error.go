package chat

import (
	"errors"
	"fmt"
)

// A Kind is what went wrong, in a word that a program can act on; it is the "code" on the wire.
type Kind string

// The kinds of errors. Each door has one table that turns every kind into its own status.
const (
	BadFrame        Kind = "bad_frame"       // not JSON, or not the JSON expected
	UnknownVerb     Kind = "unknown_verb"    // no such verb
	Missing         Kind = "missing"         // a required field is absent
	Invalid         Kind = "invalid"         // the field's value cannot be taken
	TooLong         Kind = "too_long"        // over a limit
	NameTaken       Kind = "name_taken"      // somebody holds that name or one that looks like it
	KeyReused       Kind = "key_reused"      // the key made another message
	Conflict        Kind = "conflict"        // changed meanwhile
	Unauthenticated Kind = "unauthenticated" // nobody in particular asks, and that is not enough
	Forbidden       Kind = "forbidden"       // not the actor's to do
	NotFound        Kind = "not_found"       // there is no such thing, or not for this actor
	Expired         Kind = "expired"         // a link that was good until a time that has passed
	UsedUp          Kind = "used_up"         // a link that has admitted as many as it was for
	Revoked         Kind = "revoked"         // a link that somebody took back, or that cannot be kept any more
	RateLimited     Kind = "rate_limited"    // too many; RetryAfter says how long to wait
	Unavailable     Kind = "unavailable"     // cannot be stored just now; the same again may work later
	Internal        Kind = "internal"        // our fault
)

// Kinds are all kinds, so that a test can see that a door's table is complete.
var Kinds = []Kind{
	BadFrame, UnknownVerb, Missing, Invalid, TooLong, NameTaken, KeyReused, Conflict,
	Unauthenticated, Forbidden, NotFound, Expired, UsedUp, Revoked, RateLimited, Unavailable, Internal,
}

// An Error is what a person or a program is told. It is safe to show and its JSON is the error on the wire.
type Error struct {
	Kind       Kind   `json:"code"`
	Field      string `json:"field,omitempty"` // the field at fault, where there is one
	Message    string `json:"message"`         // a sentence for people
	RetryAfter int    `json:"retry_after,omitempty"`
	Suggestion string `json:"suggestion,omitempty"` // of NameTaken: a name that is free
	Text       string `json:"text,omitempty"`       // of Conflict: the message's text now
	Version    int64  `json:"version,omitempty"`    // of Conflict: the message's version now
	Until      int64  `json:"until,omitempty"`      // of Forbidden: unix ms at which it may be done again

	cause error
}

// Error is the sentence for people.
func (e *Error) Error() string { return e.Message }

// Unwrap is what caused the error; it goes to the log and never to a client.
func (e *Error) Unwrap() error { return e.cause }

// Errorf makes an Error of a kind about a field ("" for none). An error among args wrapped with %w is kept as the cause.
func Errorf(kind Kind, field, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Field: field, Message: err.Error(), cause: errors.Unwrap(err)}
}

// Because gives e the cause err, which is for the log only.
func (e *Error) Because(err error) *Error {
	e.cause = err
	return e
}

// AsError is err as an Error. One that is none becomes Internal with a sentence that gives nothing away and err as its
// cause. AsError(nil) is nil.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return Errorf(Internal, "", "Something went wrong on our side.").Because(err)
}

// KindOf is the kind of err: "" for nil, Internal for an error that is no Error.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	return AsError(err).Kind
}
