// Package importer brings rooms and messages from other systems into Parley. So far there is one: the tutorial's Django
// project, whose SQLite database Open reads.
//
// An import is a copy, not a mirror: what has come is remembered, by the source and the id that it had there, in the
// transaction that brings it. So an import that was cut off is completed by running it again, nothing comes twice, and what
// was added to the source since comes with the next run; what was edited or deleted there since is only reported. Everything
// goes through chat.Store as small transactions with those of others in between, and whoever has a room open sees it fill.
package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"parley/internal/chat"
)

// A Progress says how far an import is.
type Progress struct {
	Stage string `json:"stage"` // "comparing", "rooms", "messages"
	Done  int64  `json:"done"`  // rows of the source that have been dealt with in this stage
	Total int64  `json:"total"`
}

// String is the progress for people, without an end of line.
func (p Progress) String() string {
	if p.Stage == "comparing" {
		return "Comparing with what came before …"
	}
	percent := int64(100)
	if p.Total > 0 {
		percent = 100 * p.Done / p.Total
	}
	return fmt.Sprintf("%s of %s (%d %%)", number(p.Done), count(p.Total, strings.TrimSuffix(p.Stage, "s")), percent)
}

// progressRows is after how many rows progress is told.
const progressRows = 5000

// Run imports what has not come yet and reports what it did. progress, unless nil, is called now and then by this
// goroutine. On an error, also that ctx is done, the report says what had been done by then; that much is durable and
// sound, and another run completes it. Memory is bounded however large the source is.
func (s *Source) Run(ctx context.Context, store chat.Store, progress func(Progress)) (Report, error) {
	r := &run{Source: s, store: store, report: Report{Path: s.path}, progress: progress}
	if progress == nil {
		r.progress = func(Progress) {}
	}
	err := r.all(ctx)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return r.report, errors.Join(err, r.log(ctx))
}

// A run is one run of an import.
type run struct {
	*Source
	store    chat.Store
	to       *chat.Import
	report   Report
	progress func(Progress)
	rowsDone int64 // of the messages
}

func (r *run) all(ctx context.Context) error {
	if r.Source.rooms+r.Source.messages == 0 {
		return nil
	}
	known, err := r.begin(ctx)
	if err != nil {
		return err
	}
	r.report.Unheeded = known.edited
	if err := r.rooms(ctx); err != nil {
		return err
	}
	return r.messages(ctx, known)
}

// log adds what was done to the log of what administrators did.
func (r *run) log(ctx context.Context) error {
	rooms, messages := r.report.Rooms.Came(), r.report.Messages.Came
	if rooms+messages == 0 {
		return nil
	}
	return r.to.Note(context.WithoutCancel(ctx), filepath.Base(r.path),
		fmt.Sprintf("%s, %s", count(rooms, "room"), count(messages, "message")))
}

// begin finds out where an import goes on, or begins one.
func (r *run) begin(ctx context.Context) (comparison, error) {
	for {
		r.progress(Progress{Stage: "comparing", Total: r.Source.messages})
		c, known, err := r.recognise(ctx, r.store)
		if err != nil {
			return c, err
		}
		r.to, err = chat.BeginImport(ctx, r.store, c.source, known)
		if chat.KindOf(err) == chat.Conflict {
			continue // another import has begun meanwhile, perhaps of this very source
		}
		return c, err
	}
}

// A candidate is a room that is to be imported.
type candidate struct {
	row roomRow
	why string // why it cannot keep its name, or ""
}

// rooms brings the rooms: first those that can keep their names, so that the others find out what is free.
func (r *run) rooms(ctx context.Context) error {
	done := int64(0)
	for _, renamed := range []bool{false, true} {
		var batch []chat.RoomImport
		var rows []candidate
		flush := func() error {
			done += int64(len(batch))
			err := r.bringRooms(ctx, batch, rows)
			batch, rows = batch[:0], rows[:0]
			r.progress(Progress{Stage: "rooms", Done: done, Total: r.Source.rooms})
			return err
		}
		var last sql.NullInt64
		err := r.eachRoom(ctx, func(row roomRow) error {
			repeated := last.Valid && last == row.id
			last = row.id
			room, why := toImport(row)
			if why != "" != renamed {
				return nil
			}
			switch {
			case !row.id.Valid:
				noteNameless(&r.report.Skipped, "room", whyNoID)
				return nil
			case repeated:
				note(&r.report.Skipped, "room", whySameID, row.id.Int64)
				return nil
			}
			batch, rows = append(batch, room), append(rows, candidate{row, why})
			if len(batch) == chat.ImportBatch/2 {
				return flush()
			}
			return nil
		})
		if err == nil && len(batch) > 0 {
			err = flush()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// toImport is what a row wants to become, and why it cannot keep its name, or "".
func toImport(row roomRow) (chat.RoomImport, string) {
	source := row.name.text.String
	name, why := roomName(source)
	room := chat.RoomImport{Source: row.id.Int64, Name: name, Own: why != ""}
	if why == "" {
		room.Digest = chat.ImportDigest(name)
	} else {
		room.Digest = chat.ImportDigest("", canonical(source))
	}
	return room, why
}

// roomDigest is that of a room's name in the source.
func roomDigest(row roomRow) int64 {
	room, _ := toImport(row)
	return room.Digest
}

func (r *run) bringRooms(ctx context.Context, batch []chat.RoomImport, rows []candidate) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	fates, err := r.to.Rooms(context.WithoutCancel(ctx), batch)
	for i, fate := range fates {
		r.report.fate(rows[i].row, fate, rows[i].why)
	}
	return err
}
