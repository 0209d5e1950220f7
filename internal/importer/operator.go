package importer

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"unicode/utf8"

	"parley/internal/chat"
	"parley/internal/operator"
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
	return operator.OnFile("Another import is running. Try again when it is done.", func(asked request) string { return asked.Path },
		func(ctx context.Context, asked request, answer func(any)) {
			report, err := File(ctx, store, asked.Path, func(p Progress) { answer(line{Progress: &p}) })
			answer(line{Report: &report, Error: operator.Shown(err)})
		})
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

// Ask has a running server import the database at path, which may be relative to the working directory. progress, unless
// nil, is called by this goroutine. The report is as Run's, also beside an error. base is the server's address, such as
// http://parley. When ctx ends so does the import.
func Ask(ctx context.Context, server operator.Doer, base, path string, progress func(Progress)) (Report, error) {
	report := Report{Path: path}
	if !utf8.ValidString(path) {
		return report, chat.Errorf(chat.Invalid, "path", "The path %q is not valid UTF-8. Rename the file.", path)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return report, fmt.Errorf("finding out where %s is: %w", path, err)
	}
	err = operator.Ask(ctx, server, base+Route, request{Path: absolute}, "the server broke off; run the import again to complete it",
		func(l line) (done bool, err error) {
			if l.Progress != nil {
				if progress != nil {
					progress(*l.Progress)
				}
				return false, nil
			}
			if l.Report != nil {
				report = *l.Report
			}
			if l.Error != nil {
				return true, l.Error
			}
			return true, nil
		})
	return report, err
}
