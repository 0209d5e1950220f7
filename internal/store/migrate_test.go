package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/store"
)

// people and rooms of a database of schema 3.
const schema3People = `
	INSERT INTO users (id, name, name_key, kind, role, password, version, created_at, seen_at, deactivated)
	VALUES (1, 'ana', 'ana', 'guest', '', '', 0, 1, 1, 0), (2, 'ben', 'ben', 'guest', '', '', 0, 1, 1, 0);
	INSERT INTO rooms (id, name, kind, topic, version, messages, members, info_version, newest, created_at, deleted)
	VALUES (1, 'lobby', 'public', '', 14, 5, 0, 1, 19, 1, 0), (2, 'garden', 'public', '', 3, 1, 0, 1, 15, 1, 0);
`

func TestMigration4(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	err := store.MigrateTo(t.Context(), path, 3, schema3People+`
		INSERT INTO messages (id, room_id, number, version, user_id, key, at, edited_at, deleted_at, text) VALUES
			(10, 1, 1, 2, 1, 'a', 100, 0, 0, 'as it was'),
			(12, 1, 2, 10, 2, '', 100, 200, 0, 'edited, no key'),
			(13, 1, 3, 14, 1, 'b', 100, 0, 200, ''),
			(14, 1, 4, 11, 2, 'b', 100, 200, 0, 'edited twice'),
			(15, 2, 1, 3, 1, 'c', 100, 200, 0, 'first in its room'),
			(19, 1, 5, 12, 1, '', 0, 0, 0, 'last');
		INSERT INTO receipts (user_id, key, room_id, number, version, digest) VALUES
			(1, 'a', 1, 1, 2, x'`+hex("as it was")+`'), (1, 'b', 1, 3, 7, x'`+hex("gone")+`'),
			(2, 'b', 1, 4, 8, x'`+hex("once")+`'), (1, 'c', 2, 1, 2, x'`+hex("first")+`');
		UPDATE sqlite_sequence SET seq = 30 WHERE name = 'messages';
		INSERT INTO members (room_id, user_id, joined, version, moved_version, named_version, at)
		VALUES (1, 1, 0, 0, 0, 0, 0), (1, 2, 0, 0, 0, 0, 0), (2, 1, 0, 0, 0, 0, 0);`)
	if err != nil {
		t.Fatal(err)
	}
	reopened(t, path, func(s *store.Store) {
		t.Run("every key is answered as before", func(t *testing.T) {
			for _, test := range []struct {
				user            chat.UserID
				key             string
				room            chat.RoomID
				number, version int64
				text            string
			}{
				{1, "a", 1, 1, 2, "as it was"}, {1, "b", 1, 3, 7, "gone"}, {2, "b", 1, 4, 8, "once"}, {1, "c", 2, 1, 2, "first"},
			} {
				want := chat.Receipt{
					Posted: chat.Posted{Number: test.number, Version: test.version}, Room: test.room, Digest: chat.Digest(test.text),
				}
				write(t, s, func(tx chat.Tx) error {
					if diff := cmp.Diff(have(tx.Receipt(test.user, test.key)), want); diff != "" {
						t.Errorf("%s of user %d (-got +want):\n%s", test.key, test.user, diff)
					}
					return nil
				})
			}
		})
		t.Run("every cursor gets what changed", func(t *testing.T) {
			read(t, s, func(s chat.Snapshot) {
				for from, want := range map[int64][]int64{0: {2, 10, 11, 12, 14}, 2: {10, 11, 12, 14}, 10: {11, 12, 14}, 12: {14}, 14: nil} {
					changes, _, err := s.Changes(1, from, 100)
					must(err)
					var got []int64
					for _, c := range changes {
						if c.Message != nil {
							got = append(got, c.Version)
						}
					}
					if diff := cmp.Diff(got, want); diff != "" {
						t.Errorf("after version %d (-got +want):\n%s", from, diff)
					}
				}
			})
		})
		t.Run("messages are as they were, and found by their author", func(t *testing.T) {
			read(t, s, func(s chat.Snapshot) {
				want := chat.Message{Room: 1, Number: 4, Version: 11, By: 2, Key: "b", At: 100, Edited: 200, Text: "edited twice"}
				if diff := cmp.Diff(have(s.Message(1, 4)), want); diff != "" {
					t.Errorf("message 4 (-got +want):\n%s", diff)
				}
				if got := len(have(s.MessagesBy(1, 0, 1<<40, 10))); got != 3 {
					t.Errorf("got %d messages by ana, want 3", got)
				}
			})
		})
		t.Run("no id is given again", func(t *testing.T) {
			write(t, s, func(tx chat.Tx) error {
				m := put(tx, 1, have(tx.User(1)), "new", "new")
				if got := have(tx.MessageRow(1, m.Number)).ID; got != 31 {
					t.Errorf("got id %d, want 31", got)
				}
				return nil
			})
		})
	})
	sound(t, path)
}

func hex(text string) string { return fmt.Sprintf("%x", chat.Digest(text)) }

// largeDatabase is the environment variable that says with how many messages a database is migrated.
const largeDatabase = "PARLEY_STORE_MIGRATE"

func TestMigrationOfMany(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv(largeDatabase))
	if err != nil {
		t.Skip("only with " + largeDatabase)
	}
	path := filepath.Join(t.TempDir(), "parley.db")
	numbers := fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, n)
	err = store.MigrateTo(t.Context(), path, 3, schema3People+`
		INSERT INTO messages (id, room_id, number, version, user_id, key, at, edited_at, deleted_at, text) `+numbers+
		`SELECT i, 1, i, CASE WHEN i % 50 = 0 THEN 2000000 + i ELSE i + 1 END, 1 + i % 2, 'key' || i, i, CASE WHEN i % 50 = 0 THEN 1 ELSE 0 END, 0,
		'A message of about the length that people write to each other.' FROM n;
		INSERT INTO receipts (user_id, key, room_id, number, version, digest) `+numbers+
		`SELECT 1 + i % 2, 'key' || i, 1, i, i + 1, randomblob(16) FROM n;
		UPDATE rooms SET version = 10000000, messages = (SELECT count(*) FROM messages WHERE room_id = rooms.id)`)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	reopened(t, path, func(s *store.Store) { t.Logf("migrated %d messages in %v", n, time.Since(began)) })
	sound(t, path)
}
