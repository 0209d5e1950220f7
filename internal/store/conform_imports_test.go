package store_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func testImports(t *testing.T, open opener) {
	f := newFixture(t, open)
	first := chat.ImportSource{System: "django", Mark: "a", At: 7}
	second := chat.ImportSource{System: "django", Mark: "a", At: 8}
	write(t, f, func(tx chat.Tx) error {
		must(tx.InsertImportSource(&first))
		must(tx.InsertImportSource(&second))
		must(tx.InsertImportSource(&chat.ImportSource{System: "other"}))
		return nil
	})
	t.Run("sources are kept apart by id only, the oldest first", func(t *testing.T) {
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.ImportSources("django")), []chat.ImportSource{first, second}); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
		})
	})
	t.Run("messages are found from any id on, ascending, of one source", func(t *testing.T) {
		var all []chat.ImportedMessage
		for i := range int64(130) {
			all = append(all, chat.ImportedMessage{Source: 3 * i, Digest: -i})
		}
		all[0].Source, all[129].Source = math.MinInt64, math.MaxInt64
		write(t, f, func(tx chat.Tx) error {
			must(tx.InsertImportedMessages(first.ID, all))
			must(tx.InsertImportedMessages(second.ID, all[5:6]))
			must(tx.InsertImportedMessages(second.ID, nil))
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			for _, tc := range []struct {
				id    chat.ImportID
				from  int64
				limit int
				want  []chat.ImportedMessage
			}{
				{first.ID, math.MinInt64, 1000, all},
				{first.ID, math.MinInt64, 2, all[:2]},
				{first.ID, 4, 2, all[2:4]},
				{first.ID, 6, 1, all[2:3]},
				{first.ID, math.MaxInt64, 10, all[129:]},
				{second.ID, math.MinInt64, 10, all[5:6]},
				{second.ID, 16, 10, nil},
			} {
				if diff := cmp.Diff(have(s.ImportedMessages(tc.id, tc.from, tc.limit)), tc.want); diff != "" {
					t.Errorf("source %d from %d (-got +want):\n%s", tc.id, tc.from, diff)
				}
			}
		})
	})
	t.Run("a message that came already fails the whole command", func(t *testing.T) {
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			must(tx.InsertMessage(&chat.Message{Room: f.room.ID, By: f.ana.ID, Text: "lost"}, chat.Person{ID: f.ana.ID}))
			return tx.InsertImportedMessages(first.ID, []chat.ImportedMessage{{Source: 1}, {Source: 3}})
		})
		if err == nil {
			t.Error("no error")
		}
		read(t, f, func(s chat.Snapshot) {
			if got := have(s.ImportedMessages(first.ID, 0, 1)); got[0].Source != 3 {
				t.Errorf("%v is remembered, want nothing below 3", got)
			}
			if _, err := s.Message(f.room.ID, 1); chat.KindOf(err) != chat.NotFound {
				t.Errorf("the message is there, error %v", err)
			}
		})
	})
	t.Run("rooms and authors are found, the newest room of a name first", func(t *testing.T) {
		rooms := []chat.ImportedRoom{
			{Source: -1, Digest: 9, Room: f.room.ID},
			{Source: 2, Digest: 9, Room: f.room.ID},
			{Source: 3, Digest: 8, Room: f.room.ID},
		}
		write(t, f, func(tx chat.Tx) error {
			for _, r := range rooms {
				must(tx.InsertImportedRoom(first.ID, r))
			}
			must(tx.InsertImportedAuthor(first.ID, []byte("\x00\xff"), f.ana.ID))
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.ImportedRooms(first.ID, math.MinInt64, 2)), rooms[:2]); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
			if got := have(s.ImportedRoom(first.ID, 3)); got != rooms[2] {
				t.Errorf("room 3 is %+v, want %+v", got, rooms[2])
			}
			if got := have(s.ImportedRoomNamed(first.ID, 9)); got != rooms[1] {
				t.Errorf("the newest room is %+v, want %+v", got, rooms[1])
			}
			if got, want := have(s.ImportedAuthor(first.ID, []byte("\x00\xff"))), (chat.Person{ID: f.ana.ID, Name: f.ana.Name}); got != want {
				t.Errorf("the author is %+v, want %+v", got, want)
			}
			_, roomErr := s.ImportedRoom(second.ID, 3)
			_, namedErr := s.ImportedRoomNamed(second.ID, 9)
			_, authorErr := s.ImportedAuthor(second.ID, []byte("\x00\xff"))
			for _, err := range []error{roomErr, namedErr, authorErr} {
				wantKind(t, err, chat.NotFound)
			}
		})
	})
	t.Run("what is rolled back is not remembered", func(t *testing.T) {
		refused := errors.New("refused")
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			must(tx.InsertImportSource(&chat.ImportSource{System: "django"}))
			must(tx.InsertImportedRoom(first.ID, chat.ImportedRoom{Source: 50, Room: f.room.ID}))
			return refused
		})
		if !errors.Is(err, refused) {
			t.Errorf("error %v, want %v", err, refused)
		}
		read(t, f, func(s chat.Snapshot) {
			if got := len(have(s.ImportSources("django"))); got != 2 {
				t.Errorf("%d sources, want 2", got)
			}
			_, err := s.ImportedRoom(first.ID, 50)
			wantKind(t, err, chat.NotFound)
		})
	})
}
