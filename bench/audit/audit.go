// Package audit reads the database of a server that has stopped and compares it with what the server had acknowledged: every
// post exactly once, with the number and the version that its poster was told, and numbers without a hole.
package audit

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver

	"parley/bench/load"
)

// A Report is what was found. Faults is empty when all is well; it holds the first few, and Lost, Doubled, Wrong and Holes
// count all.
type Report struct {
	Acknowledged int64 // posts that were answered
	Stored       int64 // messages with a key of ours
	Lost         int64 // answered and not there
	Doubled      int64 // there more than once
	Wrong        int64 // there with another number, version or room than was answered
	Holes        int64 // rooms whose numbers are not 1, 2, 3, … up to what the room says
	Faults       []string
}

// OK reports that nothing is wrong.
func (r *Report) OK() bool { return r.Lost+r.Doubled+r.Wrong+r.Holes == 0 }

func (r *Report) fault(count *int64, format string, args ...any) {
	*count++
	if len(r.Faults) < 10 {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	}
}

// Posted is what one poster was answered, by the place of its posts; a Receipt without a version was not answered.
type Posted struct {
	Room     string // "r7"
	Receipts []load.Receipt
}

// Open opens a database for reading only.
func Open(path string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	file := url.URL{Scheme: "file", Path: absolute, RawQuery: url.Values{"mode": {"ro"}, "_pragma": {"query_only(ON)"}}.Encode()}
	return sql.Open("sqlite", file.String())
}

// Check compares the database at path with what the posters, by their place, were answered.
func Check(ctx context.Context, path string, posters []Posted) (*Report, error) {
	db, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	r := &Report{}
	if err := r.holes(ctx, db); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if err := r.keys(ctx, db, posters); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return r, nil
}

// holes looks at the numbers of every room.
func (r *Report) holes(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `SELECT r.id, r.messages, count(m.number), coalesce(min(m.number), 1), coalesce(max(m.number), 0), count(DISTINCT m.number)
		FROM rooms r LEFT JOIN messages m ON m.room_id = r.id WHERE r.deleted = 0 GROUP BY r.id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var room, head, count, first, last, distinct int64
		if err := rows.Scan(&room, &head, &count, &first, &last, &distinct); err != nil {
			return err
		}
		if count != head || first != 1 || last != head || distinct != head {
			r.fault(&r.Holes, "r%d says %d messages and has %d, from %d to %d, %d different ones", room, head, count, first, last, distinct)
		}
	}
	return rows.Err()
}

// keys looks for every post.
func (r *Report) keys(ctx context.Context, db *sql.DB, posters []Posted) error {
	seen := make([][]bool, len(posters))
	for i, p := range posters {
		seen[i] = make([]bool, len(p.Receipts))
	}
	rows, err := db.QueryContext(ctx, `SELECT room_id, number, version, key FROM messages WHERE key <> ''`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var text []byte
	for rows.Next() {
		var room, number, version int64
		if err := rows.Scan(&room, &number, &version, &text); err != nil {
			return err
		}
		key, ok := load.ParseKey(text)
		if !ok || key.By >= len(posters) || key.Seq >= len(posters[key.By].Receipts) {
			r.fault(&r.Wrong, "message %d of r%d has the key %q that nobody posted", number, room, text)
			continue
		}
		r.Stored++
		if seen[key.By][key.Seq] {
			r.fault(&r.Doubled, "post %d of poster %d is there twice, again as message %d of r%d", key.Seq, key.By, number, room)
			continue
		}
		seen[key.By][key.Seq] = true
		p := posters[key.By]
		if told := p.Receipts[key.Seq]; told.Version != 0 && (told != load.Receipt{Number: number, Version: version} || p.Room != fmt.Sprintf("r%d", room)) {
			r.fault(&r.Wrong, "post %d of poster %d was answered %s %+v and is message %d, version %d of r%d",
				key.Seq, key.By, p.Room, told, number, version, room)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for by, p := range posters {
		for seq, told := range p.Receipts {
			if told.Version == 0 {
				continue
			}
			r.Acknowledged++
			if !seen[by][seq] {
				r.fault(&r.Lost, "post %d of poster %d was answered %s %+v and is not there", seq, by, p.Room, told)
			}
		}
	}
	return nil
}
