package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store"
)

// longRoom is the environment variable that says how many messages BenchmarkLongRoom's longer room has.
const longRoom = "PARLEY_STORE_LONG"

// BenchmarkLongRoom opens a store with a short and with a long room in it and reads all over each: what it takes must not
// grow with the room. Each read is timed by itself; the slowest of a hundred is told.
func BenchmarkLongRoom(b *testing.B) {
	long, err := strconv.Atoi(os.Getenv(longRoom))
	if err != nil {
		long = 200_000
	}
	for _, n := range []int{1000, long} {
		path := filepath.Join(b.TempDir(), "parley.db")
		fillRoom(b, path, n)
		b.Run(fmt.Sprintf("messages=%d/start", n), func(b *testing.B) {
			for b.Loop() {
				s, err := store.Open(b.Context(), store.Config{Path: path})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
		s := start(b, store.Config{Path: path})
		for name, f := range map[string]func(tx chat.Snapshot, number int64) error{
			"newest": func(s chat.Snapshot, _ int64) error { return page(s, chat.Page{Limit: 50}) },
			"before": func(s chat.Snapshot, n int64) error { return page(s, chat.Page{Before: n + 50, Limit: 50}) },
			"after":  func(s chat.Snapshot, n int64) error { return page(s, chat.Page{After: n - 50, Limit: 50}) },
			"around": func(s chat.Snapshot, n int64) error { return page(s, chat.Page{Around: n, Limit: 50}) },
			"resume": func(s chat.Snapshot, n int64) error {
				r, err := s.Room(1)
				if err == nil {
					_, _, err = s.Changes(1, r.Version-n%1000, 1000)
				}
				return err
			},
			"changes": func(s chat.Snapshot, n int64) error { _, _, err := s.Changes(1, n, 256); return err },
		} {
			b.Run(fmt.Sprintf("messages=%d/%s", n, name), func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					number := 51 + rand.Int64N(int64(n)-100)
					began := time.Now()
					read(b, s, func(s chat.Snapshot) { must(f(s, number)) })
					took = append(took, time.Since(began))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			})
		}
	}
}

func page(s chat.Snapshot, p chat.Page) error {
	messages, _, err := s.Messages(1, p)
	if err == nil && len(messages) == 0 {
		err = fmt.Errorf("nothing at %+v", p)
	}
	return err
}

// fillRoom makes a database with one room of n messages by 1,000 people, some of them edited.
func fillRoom(b *testing.B, path string, n int) {
	s, err := store.Open(b.Context(), store.Config{Path: path})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	numbers := func(n int) string {
		return fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", n)
	}
	outsideExec(b, path, `BEGIN;
		INSERT INTO users (name, name_key, kind, role, password, version, created_at, seen_at, deactivated) `+numbers(1000)+
		`SELECT 'user ' || i, 'u' || i, 'guest', '', '', 0, i, i, 0 FROM n;
		INSERT INTO rooms (name, kind, topic, version, messages, members, info_version, newest, created_at, deleted)
		VALUES ('lobby', 'public', '', `+fmt.Sprint(2*n+1, ",", n)+`, 0, 1, `+fmt.Sprint(n)+`, 1, 0);
		INSERT INTO members (room_id, user_id, joined, version, moved_version, named_version, at) SELECT 1, id, 0, 0, 0, 0, 0 FROM users;
		INSERT INTO messages (room_id, number, version, posted_version, user_id, at, edited_at, deleted_at, key, digest, text) `+numbers(n)+
		`SELECT 1, i, CASE WHEN i % 100 = 0 THEN `+fmt.Sprint(n)+` + 1 + i ELSE i + 1 END, i + 1, 1 + i % 1000, i, 0, 0, '', x'',
			'Message ' || i || ' is about as long as the ones that people write to each other.' FROM n;
		INSERT INTO message_authors (user_id, id) SELECT user_id, id FROM messages ORDER BY user_id, id;
		UPDATE message_tails SET authors = (SELECT max(id) FROM messages), keys = (SELECT max(id) FROM messages);
		COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`)
}
