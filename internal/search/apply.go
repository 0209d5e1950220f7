package search

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"parley/internal/chat"
)

// dropPiece is how many messages of a room that goes are removed in one transaction.
const dropPiece = 2000

// apply stores a batch in one transaction: what was read together with the cursors that say so. After an error nothing of it
// is stored. It is not cut short by a context: it takes as long as a batch takes.
func (x *Index) apply(b *batch) error {
	caughtUp := x.building && x.ledger.idle() && len(b.drops) == 0
	for _, m := range b.moves {
		caughtUp = caughtUp && m.cursor == m.head
	}
	if len(b.moves)+len(b.drops) == 0 && x.epoch == b.epoch && !caughtUp {
		return nil
	}
	if err := exec(x.file.begin); err != nil {
		return err
	}
	building := x.building && !caughtUp
	moves, err := x.write(b, building)
	if err == nil {
		err = exec(x.file.commit)
	}
	if err != nil {
		_ = exec(x.file.rollback) // SQLite may have done so itself
		return err
	}
	if x.epoch != b.epoch || x.building != building {
		x.mu.Lock()
		x.epoch, x.building = b.epoch, building
		x.mu.Unlock()
	}
	for _, m := range moves {
		x.ledger.moved(m)
	}
	return nil
}

// write does what a batch says, and returns what has become of its rooms.
func (x *Index) write(b *batch, building bool) ([]move, error) {
	moves := slices.Clone(b.moves)
	for _, m := range b.drops {
		m, err := x.file.drop(m)
		if err != nil {
			return nil, err
		}
		moves = append(moves, m)
	}
	// In the order of their ids the table takes them in one go; otherwise it begins a new segment at every step back.
	slices.SortFunc(b.entries, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	for _, e := range b.entries {
		if err := x.put(e); err != nil {
			return nil, err
		}
	}
	for _, m := range moves {
		var err error
		if m.gone {
			err = exec(x.file.unmove, m.room)
		} else {
			err = exec(x.file.move, m.room, m.cursor, m.dropping)
		}
		if err != nil {
			return nil, err
		}
	}
	if x.epoch == b.epoch && x.building == building {
		return moves, nil
	}
	return moves, exec(x.file.finish, b.epoch, building)
}

// put makes the index have a message as it is, or not have it.
func (x *Index) put(e entry) error {
	f := x.file
	if e.id <= x.newest {
		var version int64
		err := f.known.QueryRow(e.id).Scan(&version)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err == nil {
			if err := f.take(e.id); err != nil {
				return err
			}
		}
	}
	if e.text == "" {
		return nil
	}
	x.newest = max(x.newest, e.id)
	if err := exec(f.insert, e.id, string(x.tokens.of(e.room, chat.Plain(e.text)))); err != nil {
		return err
	}
	return exec(f.note, e.id, e.version)
}

// take removes a message.
func (f *file) take(id int64) error {
	if err := exec(f.remove, id); err != nil {
		return err
	}
	return exec(f.forget, id)
}

// drop removes a piece of what the index has of a room. As long as there was any, the room is one that is being dropped; then
// m comes true.
func (f *file) drop(m move) (move, error) {
	ids, err := f.idsOfRoom(m.room)
	if err != nil {
		return m, err
	}
	for _, id := range ids {
		if err := f.take(id); err != nil {
			return m, err
		}
	}
	if len(ids) == dropPiece {
		return move{room: m.room, head: m.head, dropping: true, anew: true}, nil
	}
	return m, nil
}

func (f *file) idsOfRoom(room chat.RoomID) ([]int64, error) {
	rows, err := f.ofRoom.QueryContext(context.Background(), `"`+roomToken(room)+`"`, dropPiece)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func exec(stmt *sql.Stmt, args ...any) error {
	_, err := stmt.Exec(args...)
	return err
}
