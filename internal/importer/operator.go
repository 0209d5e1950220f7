package importer

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
	"unicode/utf8"

	"parley/internal/chat"
)

// Route is where Handler belongs, on the operator's own socket.
const Route = "/operator/import/django"

// A request is what Handler takes.
type request struct {
	Path string `json:"path"` // absolute; the command and the server are on one machine
}

// A line is what Handler answers, one JSON object a line: any number with Progress, then one with the others.
type line struct {
	Progress *Progress   `json:"progress,omitempty"`
	Report   *Report     `json:"report,omitempty"` // also with an Error: what had been done by then
	Error    *chat.Error `json:"error,omitempty"`
}

// Handler imports into store what a POST to Route names and streams how it goes. Whoever can reach it may have any file
// read that the server can read, so it is for the operator's own socket. When the client goes away the import stops; it goes
// on where it was when it is asked for again. One import runs at a time, another is refused with the kind Conflict.
func Handler(store chat.Store) http.Handler {
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
			answer(line{Error: chat.Errorf(chat.Conflict, "", "Another import is running. Try again when it is done.")})
			return
		}
		defer busy.Unlock()
		report, err := File(r.Context(), store, asked.Path, func(p Progress) { answer(line{Progress: &p}) })
		answer(line{Report: &report, Error: shown(err)})
	})
}

// shown is an error as the operator sees it, who may see everything.
func shown(err error) *chat.Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*chat.Error](err); ok {
		return e
	}
	return chat.Errorf(chat.Internal, "", "%w", err)
}

// File imports the database at path: Open, Run and Close.
func File(ctx context.Context, store chat.Store, path string, progress func(Progress)) (Report, error) {
	source, err := Open(ctx, path)
	if err != nil {
		return Report{Path: path}, err
	}
	defer source.Close()
	return source.Run(ctx, store, progress)
}

// A Doer sends requests to the operator's socket of a running server; an http.Client is one.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Ask has a running server import the database at path, which may be relative to the working directory. progress, unless
// nil, is called by this goroutine. The report is as Run's, also beside an error. base is the server's address, such as
// http://parley. When ctx ends so does the import.
func Ask(ctx context.Context, server Doer, base, path string, progress func(Progress)) (Report, error) {
	report := Report{Path: path}
	if !utf8.ValidString(path) {
		return report, chat.Errorf(chat.Invalid, "path", "The path %q is not valid UTF-8. Rename the file.", path)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return report, fmt.Errorf("finding out where %s is: %w", path, err)
	}
	body, err := json.Marshal(request{Path: absolute})
	if err != nil {
		return report, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+Route, bytes.NewReader(body))
	if err != nil {
		return report, err
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := server.Do(r)
	if err != nil {
		return report, fmt.Errorf("asking the running server: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return report, fmt.Errorf("asking the running server: it answered %s", response.Status)
	}
	return listen(response.Body, report, progress)
}

// listen reads Handler's answer to its end.
func listen(body io.Reader, report Report, progress func(Progress)) (Report, error) {
	decoder := json.NewDecoder(bufio.NewReader(body))
	for {
		var l line
		if err := decoder.Decode(&l); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return report, fmt.Errorf("the server broke off; run the import again to complete it: %w", err)
		}
		if l.Progress != nil {
			if progress != nil {
				progress(*l.Progress)
			}
			continue
		}
		if l.Report != nil {
			report = *l.Report
		}
		if l.Error != nil {
			return report, l.Error
		}
		return report, nil
	}
}
