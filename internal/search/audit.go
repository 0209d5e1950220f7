package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"parley/internal/chat"
)

const (
	auditPage   = 1000    // messages of the store that are read at once
	auditFaults = 20      // that are described
	auditWhole  = 200_000 // up to so many messages every token is compared; of more, those of auditSample messages
	auditSample = 5_000
)

// A Report is what an audit found.
type Report struct {
	Messages int      // that the index has to have
	Found    int      // faults
	Faults   []string // the first of them, without any text of messages
}

// OK reports whether the index equals the messages.
func (r *Report) OK() bool { return r.Found == 0 }

// String is the report for people, in one line.
func (r *Report) String() string {
	if r.OK() {
		return fmt.Sprintf("the search index equals the %d messages", r.Messages)
	}
	return fmt.Sprintf("the search index has %d faults (%d messages): %s", r.Found, r.Messages, strings.Join(r.Faults, "; "))
}

func (r *Report) fault(format string, args ...any) {
	if r.Found++; len(r.Faults) < auditFaults {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	}
}

// A want is a message as the index has to have it.
type want struct {
	id, version int64
	room        chat.RoomID
	number      int64
	tokens      uint64 // sum of the hashes of its different tokens
}

// Audit says whether the index equals the messages of the store: every message that is not deleted is there by its present
// version and with the tokens of its present text, and nothing else is. Of more than 200,000 messages the tokens are looked at in
// a sample. It changes nothing and does not catch up first, so what the index has yet to read is a fault. Nobody may write to
// the store meanwhile, nor Run or CatchUp run; it needs 50 bytes of memory a message.
func Audit(ctx context.Context, x *Index, store chat.Store) (*Report, error) {
	if err := x.open(ctx, store); err != nil {
		return nil, err
	}
	r := &Report{}
	wants, err := x.wants(ctx, store)
	if err != nil {
		return nil, err
	}
	r.Messages = len(wants)
	slices.SortFunc(wants, func(a, b want) int { return cmp.Compare(a.id, b.id) })
	if err := x.compareMessages(ctx, r, wants); err != nil {
		return nil, err
	}
	if len(wants) <= auditWhole {
		err = x.compareTokens(ctx, r, wants)
	} else {
		err = x.compareSample(ctx, r, wants, store)
	}
	return r, err
}

// auditSeed makes the hashes of one process comparable.
var auditSeed = maphash.MakeSeed()

// wants are the messages that the index has to have.
func (x *Index) wants(ctx context.Context, store chat.Store) ([]want, error) {
	var heads []chat.Head
	for more := true; more; {
		err := store.Read(ctx, func(s chat.Snapshot) error {
			after := chat.RoomID(0)
			if len(heads) > 0 {
				after = heads[len(heads)-1].Room
			}
			page, err := s.Heads(after, headsPiece)
			heads, more = append(heads, page...), len(page) == headsPiece
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	var wants []want
	for _, h := range heads {
		if h.Deleted {
			continue
		}
		for number, more := int64(0), true; more; {
			err := store.Read(ctx, func(s chat.Snapshot) (err error) {
				var page []chat.Message
				if page, more, err = s.MessagesAfter(h.Room, number, auditPage); err != nil || len(page) == 0 {
					return err
				}
				number = page[len(page)-1].Number
				wants, err = x.want(s, h.Room, page, wants)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return wants, nil
}

// want adds those of a page.
func (x *Index) want(s chat.Snapshot, room chat.RoomID, page []chat.Message, wants []want) ([]want, error) {
	numbers := make([]int64, len(page))
	for i, m := range page {
		numbers[i] = m.Number
	}
	ids, err := s.MessageIDs(room, numbers)
	if err != nil {
		return nil, err
	}
	for _, m := range page {
		if m.Text == "" {
			continue
		}
		w := want{id: ids[m.Number], version: m.Version, room: room, number: m.Number}
		tokens := strings.Split(string(x.tokens.of(room, chat.Plain(m.Text))), " ")
		slices.Sort(tokens)
		for _, token := range slices.Compact(tokens) {
			w.tokens += maphash.String(auditSeed, token)
		}
		wants = append(wants, w)
	}
	return wants, nil
}

// compareMessages compares which messages are there, by which version.
func (x *Index) compareMessages(ctx context.Context, r *Report, wants []want) error {
	rows, err := x.file.conn.QueryContext(ctx, `SELECT id, version FROM messages ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, version int64
		if err := rows.Scan(&id, &version); err != nil {
			return err
		}
		for len(wants) > 0 && wants[0].id < id {
			r.fault("message %d of %s is not there", wants[0].number, wants[0].room)
			wants = wants[1:]
		}
		if len(wants) == 0 || wants[0].id != id {
			r.fault("there is a message with the id %d that the store does not have", id)
			continue
		}
		if wants[0].version != version {
			r.fault("message %d of %s is there by version %d instead of %d", wants[0].number, wants[0].room, version, wants[0].version)
		}
		wants = wants[1:]
	}
	for _, w := range wants {
		r.fault("message %d of %s is not there", w.number, w.room)
	}
	return rows.Err()
}

// compareTokens compares all tokens in the full-text table, after its own check of itself.
func (x *Index) compareTokens(ctx context.Context, r *Report, wants []want) error {
	for _, statement := range []string{
		`INSERT INTO grams (grams) VALUES ('integrity-check')`,
		`CREATE VIRTUAL TABLE IF NOT EXISTS temp.tokens USING fts5vocab(main, grams, instance)`,
	} {
		if _, err := x.file.conn.ExecContext(ctx, statement); isDamaged(err) {
			r.fault("the full-text table is damaged: %v", err)
			return nil
		} else if err != nil {
			return err
		}
	}
	rows, err := x.file.conn.QueryContext(ctx, `SELECT term, doc FROM temp.tokens`)
	if err != nil {
		return err
	}
	defer rows.Close()
	sums := make(map[int64]uint64, len(wants))
	last, hash := "", uint64(0)
	for rows.Next() {
		var term string
		var id int64
		if err := rows.Scan(&term, &id); err != nil {
			return err
		}
		if term != last {
			last, hash = term, maphash.String(auditSeed, term)
		}
		sums[id] += hash
	}
	for _, w := range wants {
		if sums[w.id] != w.tokens {
			r.fault("message %d of %s is there with the tokens of another text", w.number, w.room)
		}
		delete(sums, w.id)
	}
	for id := range sums {
		r.fault("there are tokens of a message with the id %d that the store does not have", id)
	}
	return rows.Err()
}

// compareSample looks for some of the messages by tokens of their texts. Each is read by itself: a read may only take so long.
func (x *Index) compareSample(ctx context.Context, r *Report, wants []want, store chat.Store) error {
	for i := 0; i < len(wants); i += max(1, len(wants)/auditSample) {
		w := wants[i]
		var m chat.Message
		err := store.Read(ctx, func(s chat.Snapshot) (err error) {
			m, err = s.Message(w.room, w.number)
			return err
		})
		if err != nil {
			return err
		}
		tokens := strings.Split(string(x.tokens.of(w.room, chat.Plain(m.Text))), " ")
		query := ""
		for j := 0; j < len(tokens); j += max(1, len(tokens)/maxTokens) {
			query += `"` + tokens[j] + `" `
		}
		ids, err := x.file.ids(ctx, query, w.id, w.id, false, 1)
		if isDamaged(err) {
			r.fault("the full-text table is damaged: %v", err)
			return nil
		}
		if err != nil {
			return errors.Join(err, ctx.Err())
		}
		if len(ids) == 0 {
			r.fault("message %d of %s is not found by its text", w.number, w.room)
		}
	}
	return nil
}
