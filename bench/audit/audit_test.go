package audit_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"parley/bench/audit"
	"parley/bench/load"
)

// database makes one with two rooms, r1 of three messages and r2 of one, whose keys are those of posters 0 and 1; then what
// is wrong with it is done to it.
func database(t *testing.T, wrong ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "parley.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	do := func(query string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(context.Background(), query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	do(`CREATE TABLE rooms (id INTEGER PRIMARY KEY, messages BIGINT, deleted INTEGER)`)
	do(`CREATE TABLE messages (id INTEGER PRIMARY KEY, room_id BIGINT, number BIGINT, version BIGINT, key TEXT)`)
	do(`INSERT INTO rooms VALUES (1, 3, 0), (2, 1, 0), (3, 0, 0)`)
	for _, m := range []struct {
		room, number, version int64
		key                   load.Key
	}{{1, 1, 5, load.Key{}}, {1, 2, 6, load.Key{By: 0, Seq: 1}}, {2, 1, 9, load.Key{By: 1}}} {
		do(`INSERT INTO messages (room_id, number, version, key) VALUES ($1, $2, $3, $4)`, m.room, m.number, m.version, string(load.AppendKey(nil, 77, m.key)))
	}
	do(`INSERT INTO messages (room_id, number, version, key) VALUES (1, 3, 7, '')`) // somebody else's
	for _, query := range wrong {
		do(query)
	}
	return path
}

// answered is what the posters were told; the last post of poster 1 was not answered.
func answered() []audit.Posted {
	return []audit.Posted{
		{Room: "r1", Receipts: []load.Receipt{{Number: 1, Version: 5}, {Number: 2, Version: 6}}},
		{Room: "r2", Receipts: []load.Receipt{{Number: 1, Version: 9}, {}}},
	}
}

func TestCheck(t *testing.T) {
	key := func(by, seq int) string { return string(load.AppendKey(nil, 78, load.Key{By: by, Seq: seq})) }
	for _, test := range []struct {
		name  string
		wrong []string
		want  audit.Report
	}{
		{"nothing wrong", nil, audit.Report{Acknowledged: 3, Stored: 3}},
		{
			"a post that was not answered and is there",
			[]string{`UPDATE rooms SET messages = 2 WHERE id = 2`, `INSERT INTO messages VALUES (9, 2, 2, 10, '` + key(1, 1) + `')`},
			audit.Report{Acknowledged: 3, Stored: 4},
		},
		{
			"a loss",
			[]string{`DELETE FROM messages WHERE room_id = 2`, `UPDATE rooms SET messages = 0 WHERE id = 2`},
			audit.Report{Acknowledged: 3, Stored: 2, Lost: 1},
		},
		{
			"a loss in the midst",
			[]string{`DELETE FROM messages WHERE room_id = 1 AND number = 2`},
			audit.Report{Acknowledged: 3, Stored: 2, Lost: 1, Holes: 1},
		},
		{
			"a double",
			[]string{`UPDATE rooms SET messages = 4 WHERE id = 1`, `INSERT INTO messages VALUES (9, 1, 4, 8, '` + key(0, 1) + `')`},
			audit.Report{Acknowledged: 3, Stored: 4, Doubled: 1},
		},
		{"another version", []string{`UPDATE messages SET version = 8 WHERE number = 2`}, audit.Report{Acknowledged: 3, Stored: 3, Wrong: 1}},
		{
			"two that changed places",
			[]string{`UPDATE messages SET number = 3 - number WHERE room_id = 1 AND number < 3`},
			audit.Report{Acknowledged: 3, Stored: 3, Wrong: 2},
		},
		{"a key of nobody", []string{`UPDATE messages SET key = '` + key(5, 0) + `' WHERE number = 3`}, audit.Report{Acknowledged: 3, Stored: 3, Wrong: 1}},
		{
			"a number twice and the next one not at all",
			[]string{`UPDATE messages SET number = 1 WHERE room_id = 1 AND number = 2`},
			audit.Report{Acknowledged: 3, Stored: 3, Wrong: 1, Holes: 1},
		},
		{"a message more than the room says, with the last number again", []string{`INSERT INTO messages VALUES (9, 1, 3, 8, '')`}, audit.Report{Acknowledged: 3, Stored: 3, Holes: 1}},
		{"a number beyond the last", []string{`UPDATE messages SET number = 4 WHERE number = 3`}, audit.Report{Acknowledged: 3, Stored: 3, Holes: 1}},
		{"a number that is there twice", []string{`UPDATE messages SET number = 2 WHERE number = 3`}, audit.Report{Acknowledged: 3, Stored: 3, Holes: 1}},
		{"a room that says less than it has", []string{`UPDATE rooms SET messages = 2 WHERE id = 1`}, audit.Report{Acknowledged: 3, Stored: 3, Holes: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := audit.Check(context.Background(), database(t, test.wrong...), answered())
			if err != nil {
				t.Fatal(err)
			}
			faults := len(got.Faults)
			got.Faults = nil
			if fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", test.want) {
				t.Errorf("got %+v, want %+v", *got, test.want)
			}
			if bad := test.name != "nothing wrong" && test.name != "a post that was not answered and is there"; got.OK() == bad || (faults > 0) != bad {
				t.Errorf("got OK %t and %d sentences", got.OK(), faults)
			}
		})
	}
}
