package chat

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the search of the admin site is bounded by when nothing else is asked for.
const (
	foundRows     = 100
	foundMost     = 1000
	foundPatience = 2 * time.Second
)

// found is Messages with a text to look for: in the order of storing, whatever else the list could be sorted by, since that
// is how the index is walked.
func (a *Admin) found(ctx context.Context, actor Actor, q MessageQuery) (List[MessageRow], error) {
	var list List[MessageRow]
	if a.Finder == nil {
		return list, Errorf(Unavailable, "q", "There is no search index.")
	}
	query, err := ParseQuery(q.Search)
	if err != nil {
		return list, err
	}
	at, backward, err := foundPlace(q.Paging)
	if err != nil {
		return list, err
	}
	f := &foundPage{query: q, at: at, backward: backward, limit: q.Limit}
	if f.limit <= 0 {
		f.limit = foundRows
	}
	f.limit = min(f.limit, foundMost)
	patience := q.Patience
	if patience <= 0 {
		patience = foundPatience
	}
	behind := a.Finder.Index.Behind()
	err = a.read(ctx, actor, func(s Snapshot) error {
		f.rooms, f.snapshot = map[RoomID]bool{}, s
		if q.Deleted {
			f.end = true // a tombstone has no text
			return nil
		}
		w := Wanted{Query: query, Room: q.Room, From: at, Ascending: q.Descending == backward}
		f.next, f.end, err = a.Finder.walk(ctx, s, w, patience, f.take)
		return err
	})
	list = f.list()
	list.Behind = behind
	return list, err
}

// A foundPage is a page of what was found on its way.
type foundPage struct {
	query    MessageQuery
	rooms    map[RoomID]bool // whether their messages are the administrators' business
	snapshot Snapshot
	at       int64 // where it begins, or 0
	backward bool  // it leads up to there
	limit    int

	rows []MessageRow
	more bool // there is another one behind the last
	next int64
	end  bool
}

// take adds a message if the other filters let it through.
func (f *foundPage) take(m MessageRow) (bool, error) {
	q := f.query
	if q.Author != 0 && m.By != q.Author || q.From != 0 && m.At < q.From || q.To != 0 && m.At >= q.To {
		return true, nil
	}
	ours, known := f.rooms[m.Room]
	if !known {
		room, err := f.snapshot.Room(m.Room)
		if err != nil {
			return false, err
		}
		ours = !room.Deleted && room.Kind != DirectRoom
		f.rooms[m.Room] = ours
	}
	if !ours {
		return true, nil
	}
	if len(f.rows) == f.limit {
		f.more = true
		return false, nil
	}
	f.rows = append(f.rows, m)
	return true, nil
}

func (f *foundPage) list() List[MessageRow] {
	list := List[MessageRow]{Rows: f.rows, Unfinished: !f.more && !f.end}
	list.Count = Count{N: len(f.rows), More: f.at != 0 || f.more || list.Unfinished}
	if f.backward {
		slices.Reverse(f.rows)
	}
	if len(f.rows) > 0 {
		list.Earlier, list.Later = foundCut(f.rows[0].ID), foundCut(f.rows[len(f.rows)-1].ID)
	}
	// Where the walk went, the page has a neighbour if it did not come to the end.
	ahead := &list.Later
	if f.backward {
		ahead = &list.Earlier
	}
	switch {
	case list.Unfinished:
		*ahead = foundCut(f.next)
	case !f.more:
		*ahead = ""
	}
	if !f.backward && f.at == 0 {
		list.Earlier = ""
	}
	return list
}

// cutOfFound begins the cuts of a search, so that they are not mistaken for those of another list.
const cutOfFound = "found-"

func foundCut(id int64) Cut { return Cut(cutOfFound + strconv.FormatInt(id, 10)) }

// foundPlace is where a page begins, 0 for the list's beginning, and whether it leads up to there.
func foundPlace(p Paging) (at int64, backward bool, err error) {
	cut := p.After
	if p.Before != "" {
		cut, backward = p.Before, true
		if p.After != "" {
			return 0, false, Errorf(Invalid, "before", "Only one of after and before can be asked for.")
		}
	}
	if cut == "" {
		return 0, false, nil
	}
	digits, ours := strings.CutPrefix(string(cut), cutOfFound)
	at, err = strconv.ParseInt(digits, 10, 64)
	if !ours || err != nil || at < 1 {
		return 0, false, Errorf(Invalid, "page", "That page is of another list. Please begin again.")
	}
	return at, backward, nil
}
