package search

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"parley/internal/chat"
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
		w.Header().Set("Content-Type", "application/jsonl")
		encoder := json.NewEncoder(w)
		answer := func(l line) {
			// An answer that cannot be written means that the client is gone, which ends r's context.
			_ = encoder.Encode(l)
			_ = http.NewResponseController(w).Flush()
		}
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

// A Doer sends requests to the operator's socket of a running server; an http.Client is one.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Ask has a running server build its index anew and returns when that is done. progress is called by this goroutine. base is
// the server's address, such as http://parley. When ctx ends, the server goes on by itself.
func Ask(ctx context.Context, server Doer, base string, progress func(Progress)) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/operator/reindex", http.NoBody)
	if err != nil {
		return err
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
		var l line
		err := decoder.Decode(&l)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		switch {
		case err != nil:
			return fmt.Errorf("the server broke off; it goes on by itself when it runs: %w", err)
		case l.Done:
			return nil
		case l.Progress != nil:
			progress(*l.Progress)
		}
	}
}
