package backup

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
	return operator.OnFile("Another backup is running. Try again when it is done.", func(asked request) string { return asked.Path },
		func(ctx context.Context, asked request, answer func(any)) {
			job := Job{Database: database, Path: asked.Path, Force: asked.Force, Progress: func(p Progress) { answer(line{Progress: &p}) }}
			result, err := job.Run(ctx)
			if err != nil {
				answer(line{Error: operator.Shown(err)})
				return
			}
			answer(line{Result: &result})
		})
}

// Ask has a running server make the backup of its own database. job.Path may be relative to the working directory, and
// job.Database is not looked at. base is the server's address, such as http://parley. When ctx ends the backup is given up.
func Ask(ctx context.Context, server operator.Doer, base string, job Job) (Result, error) {
	if !utf8.ValidString(job.Path) {
		return Result{}, chat.Errorf(chat.Invalid, "path", "The path %q is not valid UTF-8. Give another one.", job.Path)
	}
	absolute, err := filepath.Abs(job.Path)
	if err != nil {
		return Result{}, fmt.Errorf("finding out where %s is: %w", job.Path, err)
	}
	var result Result
	err = operator.Ask(ctx, server, base+Route, request{Path: absolute, Force: job.Force}, "the server broke off, and there is no backup",
		func(l line) (done bool, err error) {
			switch {
			case l.Error != nil:
				return true, l.Error
			case l.Result != nil:
				result = *l.Result
				result.Path = job.Path
				return true, nil
			case l.Progress != nil && job.Progress != nil:
				job.Progress(*l.Progress)
			}
			return false, nil
		})
	return result, err
}
