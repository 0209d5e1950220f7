package importer

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"parley/internal/chat"
)

// system is how imports from the tutorial are remembered.
const system = "django"

// comparePage is how many remembered rows are read at once.
const comparePage = 5000

// hopeless is by how many differing rows a comparison is given up.
const hopeless = 10_000

// A comparison says how the source's rows stand to those that came by earlier imports of a source.
type comparison struct {
	source   chat.ImportSource
	rooms    tally
	messages tally
	fresh    int    // messages that have not come
	first    int64  // id of the first of these
	before   int    // messages that have come, as far as they lie before the first that has not
	edited   []Note // what was edited or deleted in the source since
}

// A tally counts the rows whose ids have come before by whether their content is still the same.
type tally struct{ same, changed int }

// recognise finds out whether the source is one that was imported from before, and compares it with that. Where the file
// lies says nothing, nor do ids, which are 1, 2, 3, … in each. The mark tells sources apart, and where two have the same
// (because one was a copy of the other once, or both have none) what has come: a source that changed more of it than it kept
// is another. known are all the sources there are.
func (s *Source) recognise(ctx context.Context, store chat.Store) (best comparison, known []chat.ImportSource, err error) {
	err = store.Read(ctx, func(snapshot chat.Snapshot) error {
		known, err = snapshot.ImportSources(system)
		return err
	})
	if err != nil {
		return comparison{}, nil, err
	}
	best = comparison{source: chat.ImportSource{System: system, Mark: s.mark}, fresh: int(s.messages), first: math.MinInt64}
	for _, source := range known {
		if source.Mark != s.mark {
			continue
		}
		c, err := s.compare(ctx, store, source)
		if err != nil {
			return comparison{}, nil, err
		}
		if c.likely() && (best.source.ID == 0 || c.messages.same > best.messages.same) {
			best = c
		}
	}
	return best, known, nil
}

// likely reports whether what was compared is the same source. Messages decide. Two databases without a mark can begin with
// the same rooms by chance; with the same mark, only a copy that went its own way is another source.
func (c comparison) likely() bool {
	switch {
	case c.source.Mark != "":
		return c.messages.changed <= max(1, c.messages.same)
	case c.messages != tally{}:
		return c.messages.same > c.messages.changed
	}
	return c.rooms.same > c.rooms.changed
}

var errHopeless = errors.New("another source")

// compare goes through the source and what is remembered of it side by side.
func (s *Source) compare(ctx context.Context, store chat.Store, source chat.ImportSource) (comparison, error) {
	c := comparison{source: source, first: math.MaxInt64}
	err := s.compareRooms(ctx, store, &c)
	if err == nil {
		err = s.compareMessages(ctx, store, &c)
	}
	if errors.Is(err, errHopeless) {
		err = nil
	}
	return c, err
}

func (s *Source) compareRooms(ctx context.Context, store chat.Store, c *comparison) error {
	rooms := &remembered{what: "room", changed: whyRenamed, tally: &c.rooms, from: math.MinInt64}
	rooms.page = func(from int64) ([]chat.ImportedMessage, error) { return roomPage(ctx, store, c.source.ID, from) }
	err := s.eachRoom(ctx, func(row roomRow) error {
		if !row.id.Valid {
			return nil
		}
		_, err := c.meet(rooms, row.id.Int64, roomDigest(row))
		return err
	})
	if err != nil {
		return err
	}
	return c.rest(rooms)
}

func (s *Source) compareMessages(ctx context.Context, store chat.Store, c *comparison) error {
	messages := &remembered{what: "message", changed: whyEdited, tally: &c.messages, from: math.MinInt64}
	messages.page = func(from int64) ([]chat.ImportedMessage, error) { return messagePage(ctx, store, c.source.ID, from) }
	var last sql.NullInt64
	err := s.eachMessage(ctx, func(row messageRow) error {
		repeated := last == row.id
		last = row.id
		if !row.id.Valid || repeated {
			return nil
		}
		came, err := c.meet(messages, row.id.Int64, row.digest())
		switch {
		case !came:
			c.fresh++
			c.first = min(c.first, row.id.Int64)
		case c.fresh == 0:
			c.before++
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.rest(messages)
}

// meet compares a row of the source with what is remembered of it, and reports whether anything is.
func (c *comparison) meet(r *remembered, id, digest int64) (bool, error) {
	row, ok, err := r.skipTo(id, func(gone int64) { note(&c.edited, r.what, whyDeleted, gone) })
	switch {
	case err != nil || !ok:
		return ok, err
	case row.Digest == digest:
		r.tally.same++
		return true, nil
	}
	r.tally.changed++
	note(&c.edited, r.what, r.changed, id)
	if r.tally.changed-r.tally.same > hopeless {
		return true, errHopeless
	}
	return true, nil
}

// rest counts what is remembered above the last row of the source: it is deleted there.
func (c *comparison) rest(r *remembered) error {
	gone := func(id int64) { note(&c.edited, r.what, whyDeleted, id) }
	last, ok, err := r.skipTo(math.MaxInt64, gone)
	if ok {
		gone(last.Source)
	}
	return err
}

// remembered walks through what has come from a source, ascending.
type remembered struct {
	what    string // "room" or "message"
	changed string // what a note calls one that is not the same any more
	tally   *tally
	page    func(from int64) ([]chat.ImportedMessage, error)

	rows []chat.ImportedMessage
	from int64 // where the next page begins
	done bool  // there is no next page
}

// skipTo passes everything below id, telling of it, and takes the row of id if there is one.
func (r *remembered) skipTo(id int64, passed func(int64)) (row chat.ImportedMessage, ok bool, err error) {
	for {
		if len(r.rows) == 0 && !r.done {
			if r.rows, err = r.page(r.from); err != nil {
				return row, false, err
			}
			r.done = len(r.rows) < comparePage
			if n := len(r.rows); n > 0 {
				r.done = r.done || r.rows[n-1].Source == math.MaxInt64
				r.from = r.rows[n-1].Source + 1
			}
		}
		if len(r.rows) == 0 || r.rows[0].Source > id {
			return row, false, nil
		}
		row, r.rows = r.rows[0], r.rows[1:]
		if row.Source == id {
			return row, true, nil
		}
		passed(row.Source)
	}
}

func messagePage(ctx context.Context, store chat.Store, id chat.ImportID, from int64) (page []chat.ImportedMessage, err error) {
	err = store.Read(ctx, func(s chat.Snapshot) error {
		page, err = s.ImportedMessages(id, from, comparePage)
		return err
	})
	return page, err
}

func roomPage(ctx context.Context, store chat.Store, id chat.ImportID, from int64) (page []chat.ImportedMessage, err error) {
	err = store.Read(ctx, func(s chat.Snapshot) error {
		rooms, err := s.ImportedRooms(id, from, comparePage)
		for _, r := range rooms {
			page = append(page, chat.ImportedMessage{Source: r.Source, Digest: r.Digest})
		}
		return err
	})
	return page, err
}
