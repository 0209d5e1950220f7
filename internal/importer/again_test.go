package importer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"parley/internal/chat"
	"parley/internal/importer"
)

func TestImportAgain(t *testing.T) {
	for _, schema := range []struct {
		name string
		new  func() *fixture
	}{
		{"with a record of migrations", func() *fixture { return newFixture(t) }},
		{"without a record of migrations", func() *fixture { return bareFixture(t, djangoTables) }},
	} {
		t.Run(schema.name, func(t *testing.T) {
			t.Run("twice brings nothing twice", func(t *testing.T) {
				f, s := schema.new(), newStore(t, nil)
				f.say(f.room("lobby"), "ana", "one")
				f.room("a/b")
				f.run(s)
				before := content(t, s)
				report := f.run(s)
				if diff := cmp.Diff(content(t, s), before); diff != "" {
					t.Error(diff)
				}
				want := importer.Report{
					Path: f.path, Rooms: importer.RoomCounts{Before: 2}, Messages: importer.MessageCounts{Before: 1},
				}
				if diff := cmp.Diff(report, want); diff != "" {
					t.Error(diff)
				}
			})
			t.Run("what was added since comes", func(t *testing.T) {
				f, s := schema.new(), newStore(t, nil)
				lobby := f.room("lobby")
				f.say(lobby, "ana", "one")
				f.run(s)
				f.say(lobby, "ana", "two")
				f.say(f.room("garden"), "ben", "three")
				report := f.run(s)
				want := map[string][]said{"lobby": {{"ana", "one"}, {"ana", "two"}}, "garden": {{"ben", "three"}}}
				if diff := cmp.Diff(content(t, s), want); diff != "" {
					t.Error(diff)
				}
				if report.Rooms.Before != 1 || report.Messages.Before != 1 || report.Messages.Came != 2 || report.Authors != 1 {
					t.Errorf("the report is %+v", report)
				}
			})
			t.Run("a copy elsewhere is the same source", func(t *testing.T) {
				f, s := schema.new(), newStore(t, nil)
				lobby := f.room("lobby")
				f.say(lobby, "ana", "one")
				f.run(s)
				f.say(lobby, "ana", "two")
				f.exec(`VACUUM`)
				moved := *f.close()
				moved.path = filepath.Join(t.TempDir(), "elsewhere.db")
				copyTo(t, moved.path, f.path)
				moved.run(s)
				if diff := cmp.Diff(content(t, s), map[string][]said{"lobby": {{"ana", "one"}, {"ana", "two"}}}); diff != "" {
					t.Error(diff)
				}
			})
			t.Run("another database with the same ids is another source", func(t *testing.T) {
				f, other, s := schema.new(), schema.new(), newStore(t, nil)
				f.say(f.room("lobby"), "ana", "one")
				f.say(1, "ana", "two")
				other.say(other.room("lobby"), "ana", "ONE")
				other.say(1, "ana", "TWO")
				f.run(s)
				other.run(s)
				f.run(s)
				other.run(s)
				want := map[string][]said{"lobby": {{"ana", "one"}, {"ana", "two"}, {"ana", "ONE"}, {"ana", "TWO"}}}
				if diff := cmp.Diff(content(t, s), want); diff != "" {
					t.Error(diff)
				}
			})
			t.Run("what was changed there since is not followed but reported", func(t *testing.T) {
				f, s := schema.new(), newStore(t, nil)
				lobby, garden := f.room("lobby"), f.room("garden")
				for i := range 6 {
					f.say(lobby, "ana", fmt.Sprint(i))
				}
				f.say(garden, "ben", "leaving")
				f.run(s)
				before := content(t, s)
				f.exec(`UPDATE ChatApp_message SET message = 'edited' WHERE id = 2`)
				f.exec(`DELETE FROM ChatApp_message WHERE id IN (3, 7)`)
				f.exec(`DELETE FROM ChatApp_room WHERE id = $1`, garden)
				f.exec(`UPDATE ChatApp_room SET room_name = 'hall' WHERE id = $1`, lobby)
				report := f.run(s)
				if diff := cmp.Diff(content(t, s), before); diff != "" {
					t.Error(diff)
				}
				want := []importer.Note{
					{What: "room", Why: "renamed there since", Count: 1, IDs: []int64{1}},
					{What: "room", Why: "deleted there since", Count: 1, IDs: []int64{2}},
					{What: "message", Why: "edited there since", Count: 1, IDs: []int64{2}},
					{What: "message", Why: "deleted there since", Count: 2, IDs: []int64{3, 7}},
				}
				if diff := cmp.Diff(report.Unheeded, want); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
	t.Run("copies that went different ways after a common beginning are two sources", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		f.say(f.room("lobby"), "ana", "common")
		other := bareFixture(t, "")
		f.exec(`VACUUM`)
		other.close()
		copyTo(t, other.path, f.path)
		other.db = open(t, other.path)
		for i := range 5 {
			f.say(1, "ana", fmt.Sprint("here ", i))
			other.say(1, "ana", fmt.Sprint("there ", i))
		}
		f.run(s)
		report := other.run(s)
		if got := len(content(t, s)["lobby"]); got != 12 || report.Messages.Came != 6 {
			t.Errorf("%d messages, %d of them new, want 12 and 6", got, report.Messages.Came)
		}
	})
	t.Run("a message that was deleted here does not come back", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		f.say(f.room("lobby"), "ana", "regretted")
		f.run(s)
		err := s.Write(context.Background(), func(tx chat.Tx) error {
			room, err := tx.RoomByName("lobby")
			if err != nil {
				return err
			}
			m, err := tx.Message(room.ID, 1)
			m.Deleted = true
			return errors.Join(err, tx.UpdateMessage(&m))
		})
		if err != nil {
			t.Fatal(err)
		}
		f.run(s)
		if got := messagesOf(t, s, "lobby"); len(got) != 0 {
			t.Errorf("the room has %v", got)
		}
	})
	t.Run("a message whose room came later comes then", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		f.exec(`PRAGMA foreign_keys = OFF`)
		lobby := f.room("lobby")
		f.say(lobby, "ana", "one")
		f.say(2, "ana", "early")
		f.say(lobby, "ana", "two")
		f.run(s)
		f.room("garden")
		report := f.run(s)
		if diff := cmp.Diff(messagesOf(t, s, "garden"), []said{{"ana", "early"}}); diff != "" {
			t.Error(diff)
		}
		if report.Messages != (importer.MessageCounts{Came: 1, Before: 2}) {
			t.Errorf("messages %+v, want 1 that came and 2 from before", report.Messages)
		}
	})
	t.Run("many rows gone from the source are no obstacle", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		f.room("lobby")
		f.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
			INSERT INTO ChatApp_message (sender, message, room_id) SELECT 'ana', i, 1 FROM n`)
		f.run(s)
		f.exec(`DELETE FROM ChatApp_message WHERE id NOT IN (1, 3001, 6000)`)
		f.exec(`INSERT INTO ChatApp_message (id, sender, message, room_id) VALUES (-5, 'ana', 'low', 1)`)
		f.say(1, "ana", "high")
		report := f.run(s)
		got := content(t, s)["lobby"]
		if len(got) != 6002 || got[6000].Text != "low" || got[6001].Text != "high" {
			t.Errorf("%d messages, the last %v", len(got), got[len(got)-2:])
		}
		if report.Messages != (importer.MessageCounts{Came: 2, Before: 3}) || report.Unheeded[0].Count != 5997 {
			t.Errorf("the report is %+v", report)
		}
	})
}

// A model is a source as the laws draw it: room names, and messages that name a room by its place or point nowhere.
type model struct {
	rooms    []string
	messages []modelMessage
}

type modelMessage struct {
	room         int
	sender, text string
}

func drawModel(t *rapid.T, m *model) {
	name := rapid.SampledFrom([]string{"lobby", " lobby", "garden", "café", "cafe\u0301", "長い", "Lobby"})
	for range rapid.IntRange(0, 4).Draw(t, "rooms") {
		m.rooms = append(m.rooms, name.Draw(t, "name"))
	}
	// What the many messages are need not be drawn one by one.
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	for range rapid.IntRange(0, 560).Draw(t, "messages") {
		m.messages = append(m.messages, modelMessage{
			room:   random.IntN(len(m.rooms) + 1), // the last points nowhere
			sender: []string{"ana", "Ana", "", "bén"}[random.IntN(4)],
			text:   []string{"", "hi", "長い\n", "<b>"}[random.IntN(4)],
		})
	}
}

// fill adds to a fixture what it lacks of a model.
func (m *model) fill(f *fixture, rooms, messages int) {
	f.exec(`PRAGMA foreign_keys = OFF`)
	f.exec(`BEGIN`)
	for _, name := range m.rooms[rooms:] {
		f.room(name)
	}
	for _, said := range m.messages[messages:] {
		f.say(int64(said.room)+1, said.sender, said.text)
	}
	f.exec(`COMMIT`)
}

// want is what the model is in Parley.
func (m *model) want() map[string][]said {
	all := map[string][]said{}
	canonical := func(i int) string { return strings.TrimSpace(norm.NFC.String(m.rooms[i])) }
	for i := range m.rooms {
		all[canonical(i)] = []said{}
	}
	for _, one := range m.messages {
		if one.room < len(m.rooms) {
			all[canonical(one.room)] = append(all[canonical(one.room)], said{one.sender, one.text})
		}
	}
	return all
}

func TestImportLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, s := newFixture(t), newStore(t, nil)
		var m model
		for range rapid.IntRange(1, 2).Draw(rt, "growths") {
			rooms := len(m.rooms)
			// Messages that pointed nowhere would come late, and out of order, if new rooms took these ids.
			m.messages = slices.DeleteFunc(m.messages, func(one modelMessage) bool { return one.room == rooms })
			f.exec(`DELETE FROM ChatApp_message WHERE room_id = $1`, rooms+1)
			messages := len(m.messages)
			drawModel(rt, &m)
			m.fill(f, rooms, messages)

			for range rapid.IntRange(0, 2).Draw(rt, "cuts") {
				cutOff(rt, f, s, rapid.IntRange(0, 5).Draw(rt, "after"))
			}
			f.run(s)
			if diff := cmp.Diff(content(t, s), m.want()); diff != "" {
				rt.Fatal(diff)
			}
			if report := f.run(s); report.Rooms.Came()+report.Messages.Came > 0 {
				rt.Fatalf("again brought %+v", report)
			}
		}
	})
}

// cutOff runs an import that ends after some transactions.
func cutOff(t *rapid.T, f *fixture, s chat.Store, after int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cutting := &cuttingStore{Store: s, left: after, cut: cancel}
	_, err := importer.File(ctx, cutting, f.path, nil)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatalf("a cut import ended with %v", err)
	}
}

// A cuttingStore cuts off whoever writes after some writes.
type cuttingStore struct {
	chat.Store
	left int
	cut  func()
}

func (s *cuttingStore) Write(ctx context.Context, f func(chat.Tx) error) error {
	if s.left--; s.left < 0 {
		s.cut()
	}
	return s.Store.Write(ctx, f)
}

func copyTo(t testing.TB, to, from string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
