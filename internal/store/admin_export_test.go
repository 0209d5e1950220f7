package store

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/chat"
)

// A Plan is how the database goes about a piece of a list.
type Plan struct {
	Query   string
	Steps   []string
	FromCut bool // the piece begins at a cut
}

// ListPlans are the plans of every order of every list of the admin site, both ways, from the beginning and from a cut,
// with and without filters.
func (s *Store) ListPlans(ctx context.Context) ([]Plan, error) {
	all, err := everyListing()
	if err != nil {
		return nil, err
	}
	var plans []Plan
	err = s.Read(ctx, func(v chat.Snapshot) error {
		q := v.(*snapshot).queries
		for _, l := range all {
			at := make([]any, len(l.keys))
			for i, key := range l.keys {
				at[i] = any(int64(5))
				if key == "lower(name)" || key == "kind" || key == "role" {
					at[i] = "m"
				}
			}
			for _, cut := range [][]any{nil, at} {
				for _, backward := range []bool{false, true} {
					query, args := l.statement(cut, backward, 101)
					steps, err := listOnce(q, scanPlan, "EXPLAIN QUERY PLAN "+query, args...)
					if err != nil {
						return fmt.Errorf("%s: %w", query, err)
					}
					plans = append(plans, Plan{Query: query, Steps: steps, FromCut: cut != nil})
				}
			}
		}
		return nil
	})
	return plans, err
}

func scanPlan(row scanner) (step string, err error) {
	var id, parent, unused int
	err = row.Scan(&id, &parent, &unused, &step)
	return strings.TrimSpace(step), err
}

func everyListing() ([]*listing, error) {
	var all []*listing
	var failed error
	add := func(l *listing, err error) {
		all = append(all, l)
		if err != nil {
			failed = err
		}
	}
	role := chat.Owner
	for _, search := range []string{"", "a%b"} {
		for sort := range roomSorts {
			p := chat.Paging{Sort: sort, Descending: true}
			add(roomListing(chat.RoomQuery{Paging: p, Search: search}))
			add(roomListing(chat.RoomQuery{Paging: p, Search: search, Deleted: true, From: 1, To: 2}))
		}
		for sort := range messageSorts {
			p := chat.Paging{Sort: sort, Descending: true}
			for _, room := range []chat.RoomID{0, 7} {
				for _, author := range []chat.UserID{0, 7} {
					add(messageListing(chat.MessageQuery{Paging: p, Room: room, Author: author}))
					add(messageListing(chat.MessageQuery{
						Paging: p, Room: room, Author: author, From: 1, To: 2, Deleted: true,
					}))
				}
			}
		}
		for sort := range userSorts {
			p := chat.Paging{Sort: sort, Descending: true}
			for _, kind := range []chat.UserKind{"", chat.Guest} {
				add(userListing(chat.UserQuery{Paging: p, Search: search, Kind: kind}))
				add(userListing(chat.UserQuery{Paging: p, Search: search, Kind: kind, Role: &role, State: chat.StateActive, From: 1}))
			}
		}
	}
	by := chat.UserID(7)
	add(auditListing(chat.AuditQuery{}))
	add(auditListing(chat.AuditQuery{By: &by}))
	return all, failed
}

// FillLists stores n rooms, n users and n messages at once, half of the messages in the first room. It must be called
// before the first Write.
func (s *Store) FillLists(ctx context.Context, n int) error {
	numbers := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", n)
	for _, query := range []string{
		`INSERT INTO users (name, name_key, kind, role, password, version, created_at, seen_at, deactivated) ` + numbers +
			`SELECT 'user ' || (i * 7919 % 1000003), 'u' || i, 'guest', '', '', 0, i, i * 31 % 1000, 0 FROM n`,
		`INSERT INTO rooms (name, kind, topic, version, messages, members, info_version, newest, created_at, deleted) ` + numbers +
			`SELECT 'room ' || i, 'public', '', 1, i * 17 % 1000, i * 13 % 500, 1, i, i, 0 FROM n`,
		`INSERT INTO messages (room_id, number, version, posted_version, user_id, at, edited_at, deleted_at, key, digest, text) ` +
			numbers + `SELECT CASE WHEN i % 2 THEN 1 ELSE 2 + i / 2 % 99 END, i, i, i, 1 + i % 50, i, 0, 0, '', x'',
			'Message ' || i || ' is about as long as the ones that people write to each other.' FROM n`,
		`INSERT INTO message_authors (user_id, id) SELECT user_id, id FROM messages`,
		`UPDATE message_tails SET authors = (SELECT max(id) FROM messages), keys = (SELECT max(id) FROM messages)`,
	} {
		if _, err := s.writeDB.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	return nil
}
