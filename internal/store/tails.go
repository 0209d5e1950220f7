package store

import (
	"database/sql/driver"
	"strings"

	"parley/internal/chat"
)

// Messages are added to message_authors and message_keys long after they were posted, many at once and in the order of the
// index: one by one each would touch a page of its own, which costs more than all else there is to a post. Until then they
// are found by their key in the writer's memory, and by their author by looking through them.

// tailSizes say how long "long after" is.
type tailSizes struct {
	authors int64 // how many messages are not yet in message_authors, at most but for a batch
	keys    int   // how many with a key are not yet in message_keys, of twice as many messages; but for those that come meanwhile
	piece   int   // how many one transaction adds to message_keys
}

// Whoever asks by author looks through the tail, some 10 ms. The writer reads the tail of the keys when it starts, less than
// 100 ms; after a proper end there is nothing to read. A transaction that adds a piece takes some 10 ms longer.
var usualTails = tailSizes{authors: 8192, keys: 32768, piece: 4096}

// tails are what the writer knows of the newest messages. After any failure of the database they are loaded anew.
type tails struct {
	sizes   tailSizes
	last    int64           // the highest messages.id that was ever given
	authors int64           // the highest one in message_authors
	keys    int64           // the highest one up to which all with a key are in message_keys
	recent  map[int64]int64 // the id by the hash, of those above keys

	began int64   // last when the command at hand began
	undo  []keyed // what the command at hand did to recent: what was there before, with id 0 for nothing

	merging []keyed // those that are being added to message_keys, ascending; none: there is nothing to do
	upto    int64   // what keys will be then
}

// load reads all of it.
func (s *tails) load(q *queries) error {
	at, err := list(q, func(row scanner) (t tails, err error) {
		return t, row.Scan(&t.authors, &t.keys)
	}, `SELECT authors, keys FROM message_tails WHERE id = 1`)
	if err != nil {
		return err
	}
	last, err := list(q, scanInt, `SELECT seq FROM sqlite_sequence WHERE name = 'messages'`)
	if err != nil {
		return err
	}
	*s = tails{sizes: s.sizes, recent: make(map[int64]int64)}
	if len(at) > 0 {
		s.authors, s.keys = at[0].authors, at[0].keys
	}
	if len(last) > 0 {
		s.last = last[0]
	}
	s.settle()
	_, err = list(q, func(row scanner) (none struct{}, err error) {
		var id int64
		var user chat.UserID
		var key string
		if err = row.Scan(&id, &user, &key); err == nil {
			hash := keyHash(user, key)
			if _, taken := s.recent[hash]; !taken { // else it is in message_keys
				s.recent[hash] = id
			}
		}
		return none, err
	}, `SELECT id, user_id, key FROM messages WHERE id > $1 AND key <> '' ORDER BY id`, s.keys)
	return err
}

func (s *tails) add(k keyed) {
	s.undo = append(s.undo, keyed{hash: k.hash})
	s.recent[k.hash] = k.id
}

func (s *tails) remove(k keyed) {
	if s.recent[k.hash] == k.id {
		s.undo = append(s.undo, k)
		delete(s.recent, k.hash)
	}
}

// settle ends a command that did well.
func (s *tails) settle() { s.undo, s.began = s.undo[:0], s.last }

// forget undoes what the command at hand did. The ids that it was given are given again: if they were not, the database would
// do it after the next start, when what was added to the indices up to them is not looked for again.
func (s *tails) forget() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		if was := s.undo[i]; was.id != 0 {
			s.recent[was.hash] = was.id
		} else {
			delete(s.recent, was.hash)
		}
	}
	s.last = s.began
	s.settle()
}

// merge adds the next piece of those that have become many to the indices. All messages are in their table.
func (s *tails) merge(q *queries) error {
	if s.last-s.authors >= s.sizes.authors {
		if err := s.mergeAuthors(q); err != nil {
			return err
		}
	}
	if s.merging == nil && (len(s.recent) >= s.sizes.keys || s.last-s.keys >= 2*int64(s.sizes.keys)) {
		s.beginKeys()
	}
	if s.merging != nil {
		return s.mergeKeys(q)
	}
	return nil
}

// mergeAll adds the next piece of whatever there is, and reports whether that was the last.
func (s *tails) mergeAll(q *queries) (done bool, err error) {
	if s.last > s.authors {
		return false, s.mergeAuthors(q)
	}
	if s.merging == nil && s.last > s.keys {
		s.beginKeys()
	}
	if s.merging != nil {
		return false, s.mergeKeys(q)
	}
	return true, nil
}

func (s *tails) mergeAuthors(q *queries) error {
	upto := min(s.last, s.authors+s.sizes.authors)
	if err := q.bare(`INSERT OR IGNORE INTO message_authors (user_id, id)
		SELECT user_id, id FROM messages WHERE id > ? AND id <= ? ORDER BY user_id, id`, bareArgs(s.authors, upto)...); err != nil {
		return err
	}
	s.authors = upto
	return q.bare(`UPDATE message_tails SET authors = ? WHERE id = 1`, bareArgs(upto)...)
}

func (s *tails) beginKeys() {
	s.merging, s.upto = make([]keyed, 0, len(s.recent)), s.last
	for hash, id := range s.recent {
		s.merging = append(s.merging, keyed{hash, id})
	}
	sortKeyed(s.merging)
}

const mergedRows = 64 // rows that one statement adds

var (
	mergedSQL  = `INSERT OR IGNORE INTO message_keys (hash, id) VALUES (?, ?)`
	mergedSQLs = mergedSQL + strings.Repeat(`, (?, ?)`, mergedRows-1)
)

// mergeKeys adds a piece. Those that have been removed since are left out. What was added before a crash is there already.
func (s *tails) mergeKeys(q *queries) error {
	piece := s.merging[:min(s.sizes.piece, len(s.merging))]
	args := ordinals(make([]driver.NamedValue, 2*mergedRows))
	n := 0
	for _, k := range piece {
		if s.recent[k.hash] != k.id {
			continue
		}
		args[n].Value, args[n+1].Value = k.hash, k.id
		if n += 2; n == len(args) {
			if err := q.bare(mergedSQLs, args...); err != nil {
				return err
			}
			n = 0
		}
	}
	for i := 0; i < n; i += 2 {
		if err := q.bare(mergedSQL, bareArgs(args[i].Value, args[i+1].Value)...); err != nil {
			return err
		}
	}
	if s.merging = s.merging[len(piece):]; len(s.merging) > 0 {
		return nil
	}
	s.merging, s.keys = nil, s.upto
	for hash, id := range s.recent {
		if id <= s.keys {
			delete(s.recent, hash)
		}
	}
	return q.bare(`UPDATE message_tails SET keys = ? WHERE id = 1`, bareArgs(s.keys)...)
}
