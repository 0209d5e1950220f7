package search_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"testing"

	"parley/internal/search"
)

// TestRebuilt holds that building anew ends in an index that equals the messages, and goes on where it was interrupted.
func TestRebuilt(t *testing.T) {
	w := newWorld(t)
	w.fill(1500, 4, newTalker(3))
	w.catchUp()
	w.reopen(func() { execute(t, w.path(), `DELETE FROM messages WHERE id % 2 = 0`) })
	w.index.Bound(250, 1<<20)
	ctx, cancel := context.WithCancel(t.Context())
	var seen []int64
	err := search.Rebuilt(ctx, w.index, w.store, func(p search.Progress) {
		if seen = append(seen, p.Done); len(seen) == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || len(seen) != 3 {
		t.Fatalf("interrupted: got %v after %v, want canceled after three batches", err, seen)
	}
	w.reopen(func() {})
	w.index.Bound(250, 1<<20)
	first := int64(0)
	check(t, search.Rebuilt(t.Context(), w.index, w.store, func(p search.Progress) {
		if first == 0 {
			first = p.Done
		}
	}))
	if first <= seen[2] {
		t.Errorf("run again it began at %d, want it to go on after %d", first, seen[2])
	}
	w.audit()
	if p, _ := w.index.Progress(); p.Building || p.Done != p.Total || p.Total < 1500 {
		t.Errorf("at the end: got %+v", p)
	}
}

// TestAsk holds the operator's command on a running server.
func TestAsk(t *testing.T) {
	w := newWorld(t)
	w.fill(1500, 4, newTalker(3))
	w.catchUp()
	w.reopen(func() { execute(t, w.path(), `DELETE FROM messages WHERE id % 2 = 0`) })
	stop := w.run()
	w.caughtUp()
	server := httptest.NewServer(search.Handler(w.index))
	defer server.Close()
	t.Run("one that is built anew equals the messages", func(t *testing.T) {
		var seen []search.Progress
		check(t, search.Ask(t.Context(), server.Client(), server.URL, func(p search.Progress) { seen = append(seen, p) }))
		if len(seen) < 2 || !seen[0].Building || seen[len(seen)-1].Building || seen[len(seen)-1].Done < 1500 {
			t.Errorf("progress: got %+v", seen)
		}
	})
	t.Run("the server goes on when the command is interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := search.Ask(ctx, server.Client(), server.URL, func(search.Progress) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want canceled", err)
		}
		w.caughtUp()
		w.say("lobby", "needle")
		w.caughtUp()
		if got := w.found("needle", ""); !slices.Equal(got, []string{"needle"}) {
			t.Errorf("got %q", got)
		}
	})
	stop()
	w.audit()
}
