package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"parley/internal/admin"
	"parley/internal/chat"
	"parley/internal/search"
	"parley/internal/store"
)

// indexName is the search index's file in the data directory. It can be removed at any time: it is made again.
const indexName = "search.db"

// logs tells several of what was committed, in their order.
type logs []chat.Log

// Committed is chat.Log's Committed.
func (l logs) Committed(changes []chat.Change) {
	for _, log := range l {
		log.Committed(changes)
	}
}

// reindexCommand is "parley reindex".
type reindexCommand struct{ dataFlag }

// Run builds the search index anew and shows how that goes. Interrupted, it goes on where it was when it is run again, or when
// the server runs.
func (c *reindexCommand) Run(ctx context.Context, t terminal) error {
	bar := newBar(t.errs)
	err := c.rebuild(ctx, t, func(p search.Progress) { bar.show(p) })
	bar.end()
	if errors.Is(err, context.Canceled) {
		return hinted{errors.New("interrupted"), "What was indexed stays. It goes on with: parley reindex, or by itself while the server runs."}
	}
	if err == nil {
		fmt.Fprintln(t.out, "The search index is complete.")
	}
	return err
}

func (c *reindexCommand) rebuild(ctx context.Context, t terminal, progress func(search.Progress)) (err error) {
	data, err := openData(c.Data)
	if errors.Is(err, errInUse) {
		return c.on(ctx, t, func(operator admin.Doer) error { return search.Ask(ctx, operator, admin.Base, progress) })
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	logger := slog.New(slog.NewTextHandler(t.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	opened, err := store.Open(ctx, store.Config{Path: data.file(databaseName), Logger: logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	index, err := search.New(search.Config{Path: data.file(indexName), Logger: logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	return search.Rebuilt(ctx, index, opened, progress)
}
