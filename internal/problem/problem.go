// Package problem answers HTTP requests that went wrong with RFC 9457 problem details: the one table of which kind of error
// is which status, for all doors.
package problem

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"parley/internal/chat"
)

// statuses has every kind; a test sees to that.
var statuses = map[chat.Kind]int{
	chat.BadFrame:        http.StatusBadRequest,
	chat.UnknownVerb:     http.StatusBadRequest,
	chat.Missing:         http.StatusUnprocessableEntity,
	chat.Invalid:         http.StatusUnprocessableEntity,
	chat.TooLong:         http.StatusRequestEntityTooLarge,
	chat.NameTaken:       http.StatusConflict,
	chat.KeyReused:       http.StatusConflict,
	chat.Conflict:        http.StatusConflict,
	chat.Unauthenticated: http.StatusUnauthorized,
	chat.Forbidden:       http.StatusForbidden,
	chat.NotFound:        http.StatusNotFound,
	chat.Expired:         http.StatusGone,
	chat.UsedUp:          http.StatusGone,
	chat.Revoked:         http.StatusGone,
	chat.RateLimited:     http.StatusTooManyRequests,
	chat.Unavailable:     http.StatusServiceUnavailable,
	chat.Internal:        http.StatusInternalServerError,
}

// Status is the HTTP status of an error, 500 for one that is no chat.Error.
func Status(err error) int { return statuses[chat.KindOf(err)] }

// Write answers a request with an error as application/problem+json, with Retry-After where the error says when to come
// again. What nobody expected is logged with its cause; the client learns no more than that it is our fault.
func Write(w http.ResponseWriter, r *http.Request, logger *slog.Logger, err error) {
	e := chat.AsError(err)
	if e.Kind == chat.Internal {
		logger.Error("request", "method", r.Method, "route", r.Pattern, "error", err, "cause", errors.Unwrap(e))
	}
	status := statuses[e.Kind]
	body, failed := json.Marshal(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
		*chat.Error
	}{"about:blank", http.StatusText(status), status, e.Message, e})
	if failed != nil {
		panic("problem: " + failed.Error()) // the type above always has a JSON form
	}
	header := w.Header()
	header.Set("Content-Type", "application/problem+json")
	header.Set("Cache-Control", "no-store")
	if e.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}
