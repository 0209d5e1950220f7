package search

import (
	"context"
	"net/http"
	"time"

	"parley/internal/chat"
	"parley/internal/operator"
)

// Route is where Handler belongs, on the operator's own socket.
const Route = "POST /operator/reindex"

// A line is what Handler answers, one JSON object a line: any number with Progress, the last one with Done.
type line struct {
	Progress *Progress `json:"progress,omitempty"`
	Done     bool      `json:"done,omitempty"`
}

const (
	telling = 200 * time.Millisecond // between two lines at least
	silence = 2 * time.Second        // and at most
)

// Handler has an index built anew by its Run and streams how that goes. When the client goes away the building goes on.
func Handler(x *Index) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := operator.Lines(w)
		x.Rebuild()
		for {
			p, heard := x.Progress()
			answer(line{Progress: &p})
			if !p.Building {
				answer(line{Done: true})
				return
			}
			if !wait(r.Context(), telling) {
				return
			}
			late := time.NewTimer(silence - telling)
			select {
			case <-r.Context().Done():
			case <-heard:
			case <-late.C:
			}
			late.Stop()
		}
	})
}

// Rebuilt builds an index anew in this process, where no Run runs, and returns when it equals the store. One that was being
// built, and was stopped in the midst of it, is gone on with. progress is called after each piece, by this goroutine.
func Rebuilt(ctx context.Context, x *Index, store chat.Store, progress func(Progress)) error {
	if err := x.open(ctx, store); err != nil {
		return err
	}
	x.Rebuild()
	return x.CatchUp(ctx, store, progress)
}

// Ask has a running server build its index anew and returns when that is done. progress is called by this goroutine. base is
// the server's address, such as http://parley. When ctx ends, the server goes on by itself.
func Ask(ctx context.Context, server operator.Doer, base string, progress func(Progress)) error {
	return operator.Ask(ctx, server, base+"/operator/reindex", nil, "the server broke off; it goes on by itself when it runs",
		func(l line) (done bool, err error) {
			if l.Progress != nil && !l.Done {
				progress(*l.Progress)
			}
			return l.Done, nil
		})
}
