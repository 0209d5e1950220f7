package importer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/importer"
)

func TestReport(t *testing.T) {
	for _, tc := range []struct {
		name   string
		report importer.Report
		want   string
	}{
		{"nothing", importer.Report{Path: "/srv/db.sqlite3"}, `
0 rooms and 0 messages came from db.sqlite3.
`},
		{"nothing new", importer.Report{
			Path: "/srv/db.sqlite3", Rooms: importer.RoomCounts{Before: 2}, Messages: importer.MessageCounts{Before: 1},
		}, `
0 rooms and 0 messages came from db.sqlite3.
2 rooms and 1 message had come before.
`},
		{"everything", importer.Report{
			Path:     "/srv/db.sqlite3",
			Rooms:    importer.RoomCounts{Made: 1, Added: 1, Merged: 2},
			Messages: importer.MessageCounts{Came: 1234567}, Authors: 3,
			Renamed: []importer.Renaming{{ID: 4, From: "a/\x1b", To: "a-2", Why: "it has a / in it"}}, More: 5,
			Changed:  []importer.Note{{What: "message", Why: "no sender (NULL), taken as blank", Count: 1, IDs: []int64{8}}},
			Skipped:  []importer.Note{{What: "room", Why: "the id is no whole number", Count: 2}},
			Unheeded: []importer.Note{{What: "message", Why: "edited there since", Count: 3, IDs: []int64{1, 2}}},
		}, `
4 rooms and 1,234,567 messages came from db.sqlite3.
  1 room made
  1 room put into the room of the same name that was here
  2 rooms put together with another of the same name in the file
  3 new authors wrote them; nobody can sign in as one of these
Changed:
  room 4 "a/\x1b" is called "a-2" here, because it has a / in it
  5 further rooms likewise
  1 message: no sender (NULL), taken as blank (id 8)
Skipped:
  2 rooms: the id is no whole number
Not followed:
  3 messages: edited there since (ids 1, 2, …)
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var b strings.Builder
			n, err := tc.report.WriteTo(&b)
			if diff := cmp.Diff(b.String(), tc.want[1:]); diff != "" || err != nil || int(n) != b.Len() {
				t.Errorf("%d bytes, error %v: %s", n, err, diff)
			}
		})
	}
}
