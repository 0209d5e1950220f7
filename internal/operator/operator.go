// Package operator is how a command has a running server do something that takes long: a POST on the operator's own socket,
// answered with one JSON object a line, any number about how it goes and then the result. Whoever can reach that socket
// may do everything; nothing here asks for permission.
package operator

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"

	"parley/internal/chat"
)

// A failure is the line that says why nothing was done.
type failure struct {
	Error *chat.Error `json:"error"`
}

// Lines begins an answer and gives what writes its lines, each at once. It is for the goroutine of the request.
func Lines(w http.ResponseWriter) func(line any) {
	w.Header().Set("Content-Type", "application/jsonl")
	encoder := json.NewEncoder(w)
	return func(line any) {
		// An answer that cannot be written means that the client is gone, which ends the request's context.
		_ = encoder.Encode(line)
		_ = http.NewResponseController(w).Flush()
	}
}

// OnFile handles what is asked about the file at a path, which must be absolute: the command and the server are on one
// machine. One runs at a time; another is refused with the kind Conflict and the sentence busy. run gives its own lines.
func OnFile[A any](busy string, path func(asked A) string, run func(ctx context.Context, asked A, answer func(line any))) http.Handler {
	var running sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "POST only", http.StatusMethodNotAllowed)
			return
		}
		answer := Lines(w)
		var asked A
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&asked); err != nil {
			answer(failure{chat.Errorf(chat.BadFrame, "", "The request is not the JSON expected.").Because(err)})
			return
		}
		if !filepath.IsAbs(path(asked)) {
			answer(failure{chat.Errorf(chat.Invalid, "path", "The path %q is not absolute.", path(asked))})
			return
		}
		if !running.TryLock() {
			answer(failure{chat.Errorf(chat.Conflict, "", "%s", busy)})
			return
		}
		defer running.Unlock()
		run(r.Context(), asked, answer)
	})
}

// Shown is an error as the operator sees it, who may see everything; nil for nil.
func Shown(err error) *chat.Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*chat.Error](err); ok {
		return e
	}
	return chat.Errorf(chat.Internal, "", "%w", err)
}

// A Doer sends requests to the operator's socket of a running server; an http.Client is one.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Ask posts asked, nothing if it is nil, to an address and gives take the lines of the answer until it is done or fails;
// its error is returned as it is. A server that breaks off is the error broken with the reason.
func Ask[L any](ctx context.Context, server Doer, address string, asked any, broken string, take func(line L) (done bool, err error)) error {
	var body io.Reader = http.NoBody
	if asked != nil {
		text, err := json.Marshal(asked)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		return err
	}
	if asked != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := server.Do(r)
	if err != nil {
		return fmt.Errorf("asking the running server: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("asking the running server: it answered %s", response.Status)
	}
	decoder := json.NewDecoder(bufio.NewReader(response.Body))
	for {
		var line L
		if err := decoder.Decode(&line); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("%s: %w", broken, err)
		}
		if done, err := take(line); done || err != nil {
			return err
		}
	}
}
