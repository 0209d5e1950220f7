package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"unicode/utf8"

	"parley/internal/chat"
)

// Route is where Handler belongs, on the operator's own socket.
const Route = "/operator/backup"

// A request is what Handler takes.
type request struct {
	Path  string `json:"path"` // absolute; the command and the server are on one machine
	Force bool   `json:"force,omitempty"`
}

// A line is what Handler answers, one JSON object a line: any number with Progress, then one with one of the others.
type line struct {
	Progress *Progress   `json:"progress,omitempty"`
	Result   *Result     `json:"result,omitempty"`
	Error    *chat.Error `json:"error,omitempty"`
}

// Handler backs up a database file, which may be in use, to the path that a POST to Route names, and streams how it goes.
// Whoever can reach it may have any file written that the server can write, so it is for the operator's own socket. When the
// client goes away the backup is given up. One runs at a time, another is refused with the kind Conflict.
func Handler(database string) http.Handler {
	var busy sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "POST only", http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Type", "application/jsonl")
		encoder := json.NewEncoder(w)
		answer := func(l line) {
			// An answer that cannot be written means that the client is gone, which ends r's context.
			_ = encoder.Encode(l)
			_ = http.NewResponseController(w).Flush()
		}
		var asked request
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&asked); err != nil {
			answer(line{Error: chat.Errorf(chat.BadFrame, "", "The request is not the JSON expected.").Because(err)})
			return
		}
		if !filepath.IsAbs(asked.Path) {
			answer(line{Error: chat.Errorf(chat.Invalid, "path", "The path %q is not absolute.", asked.Path)})
			return
		}
		if !busy.TryLock() {
			answer(line{Error: chat.Errorf(chat.Conflict, "", "Another backup is running. Try again when it is done.")})
			return
		}
		defer busy.Unlock()
		job := Job{Database: database, Path: asked.Path, Force: asked.Force, Progress: func(p Progress) { answer(line{Progress: &p}) }}
		result, err := job.Run(r.Context())
		if err != nil {
			answer(line{Error: shown(err)})
			return
		}
		answer(line{Result: &result})
	})
}

// shown is an error as the operator sees it, who may see everything.
func shown(err error) *chat.Error {
	if e, ok := errors.AsType[*chat.Error](err); ok {
		return e
	}
	return chat.Errorf(chat.Internal, "", "%w", err)
}

// A Doer sends requests to the operator's socket of a running server; an http.Client is one.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Ask has a running server make the backup of its own database. job.Path may be relative to the working directory, and
// job.Database is not looked at. base is the server's address, such as http://parley. When ctx ends the backup is given up.
func Ask(ctx context.Context, server Doer, base string, job Job) (Result, error) {
	if !utf8.ValidString(job.Path) {
		return Result{}, chat.Errorf(chat.Invalid, "path", "The path %q is not valid UTF-8. Give another one.", job.Path)
	}
	absolute, err := filepath.Abs(job.Path)
	if err != nil {
		return Result{}, fmt.Errorf("finding out where %s is: %w", job.Path, err)
	}
	body, err := json.Marshal(request{Path: absolute, Force: job.Force})
	if err != nil {
		return Result{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+Route, bytes.NewReader(body))
	if err != nil {
		return Result{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := server.Do(r)
	if err != nil {
		return Result{}, fmt.Errorf("asking the running server: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return Result{}, fmt.Errorf("asking the running server: it answered %s", response.Status)
	}
	decoder := json.NewDecoder(response.Body)
	for {
		var l line
		if err := decoder.Decode(&l); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return Result{}, fmt.Errorf("the server broke off, and there is no backup: %w", err)
		}
		switch {
		case l.Error != nil:
			return Result{}, l.Error
		case l.Result != nil:
			l.Result.Path = job.Path
			return *l.Result, nil
		case l.Progress != nil && job.Progress != nil:
			job.Progress(*l.Progress)
		}
	}
}
