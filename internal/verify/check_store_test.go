package verify_test

import (
	"fmt"
	"slices"
	"testing"

	"parley/internal/chat"
	"parley/internal/verify"
)

// A stored is what a database has, made by hand; nothing else of a snapshot is asked for.
type stored struct {
	chat.Snapshot
	epoch    chat.Epoch
	room     chat.Room
	rows     []chat.Change
	receipts map[string]chat.Receipt
	pages    int // that were read in the snapshot at hand
}

// read is a reading that may take one page of rows only: a store ends those that take long.
func (s *stored) read(f func(chat.Snapshot) error) error { return s.readAs(s, f) }

func (s *stored) readAs(snapshot chat.Snapshot, f func(chat.Snapshot) error) error {
	s.pages = 0
	if err := f(snapshot); err != nil {
		return err
	}
	if s.pages > 1 {
		return fmt.Errorf("%d pages in one snapshot", s.pages)
	}
	return nil
}

func (s *stored) Epoch() chat.Epoch { return s.epoch }

func (s *stored) Room(id chat.RoomID) (chat.Room, error) {
	if id != s.room.ID {
		return chat.Room{}, chat.Errorf(chat.NotFound, "room", "There is no such room.")
	}
	return s.room, nil
}

// Changes gives two rows at a time.
func (s *stored) Changes(_ chat.RoomID, version int64, _ int) (rows []chat.Change, more bool, err error) {
	s.pages++
	for _, row := range s.rows {
		if row.Version > version {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b chat.Change) int { return int(a.Version - b.Version) })
	if len(rows) > 2 {
		return rows[:2], true, nil
	}
	return rows, false, nil
}

func (s *stored) Receipt(_ chat.UserID, key string) (chat.Receipt, error) {
	r, ok := s.receipts[key]
	if !ok {
		return r, chat.Errorf(chat.NotFound, "key", "That key has made no message.")
	}
	return r, nil
}

// A scene is three posts, of which the first is edited and the second deleted, read by nobody, and the store that has them.
type scene struct {
	*history
	a, b, c, edit, deletion verify.OpID
	store                   *stored
}

func newScene() *scene {
	s := &scene{history: newHistory()}
	s.a, s.b, s.c = s.said(ana, 1, 2), s.said(ben, 2, 3), s.said(ana, 3, 4)
	s.edit, s.deletion = s.edited(s.a, 1, 5), s.deleted(s.b, 2, 6)
	s.store = &stored{
		epoch: epoch, room: chat.Room{ID: lobby, Version: 6, Messages: 3},
		rows: []chat.Change{
			{Log: chat.RoomLog(lobby), Version: 1, Member: &chat.Member{}},
			s.row(s.c, s.c, ana, 3, 4), s.row(s.a, s.edit, ana, 1, 5), s.row(s.b, s.deletion, ben, 2, 6),
		},
		receipts: map[string]chat.Receipt{},
	}
	for i, id := range []verify.OpID{s.a, s.b, s.c} {
		s.store.receipts[verify.Key(id)] = chat.Receipt{Room: lobby, Posted: chat.Posted{Number: int64(i + 1), Version: int64(i + 2)}}
	}
	return s
}

func (s *scene) row(post, op verify.OpID, a verify.Author, number, version int64) chat.Change {
	m := s.message(post, op, a, number, version)
	return chat.Change{Log: chat.RoomLog(lobby), Version: version, Message: &m}
}

func TestAudit(t *testing.T) {
	for _, test := range []struct {
		name string
		want []verify.Kind
		bend func(s *scene)
	}{
		{"a store that has everything", nil, func(*scene) {}},
		{"a post that is not there", []verify.Kind{verify.Lost, verify.Gap}, func(s *scene) { s.store.rows = slices.Delete(s.store.rows, 1, 2) }},
		{"the last post that is not there", []verify.Kind{verify.Lost}, func(s *scene) {
			s.said(ben, 4, 7)
		}},
		{"a room that is not there", []verify.Kind{verify.Lost}, func(s *scene) { s.store.room.ID = 9 }},
		{"another epoch", []verify.Kind{verify.Lost}, func(s *scene) { s.store.epoch = "e2" }},
		{"an edit that did not win", []verify.Kind{verify.Overruled}, func(s *scene) { s.store.rows[2] = s.row(s.a, s.a, ana, 1, 2) }},
		{"a deletion that did not win", []verify.Kind{verify.Overruled}, func(s *scene) { s.store.rows[3] = s.row(s.b, s.b, ben, 2, 3) }},
		{"a message that nobody sent", []verify.Kind{verify.Phantom}, func(s *scene) {
			s.store.room.Messages, s.store.room.Version = 4, 7
			s.store.rows = append(s.store.rows, chat.Change{Log: chat.RoomLog(lobby), Version: 7, Message: &chat.Message{Number: 4, By: 7, Text: "boo"}})
		}},
		{"a message that is there twice", []verify.Kind{verify.Doubled}, func(s *scene) {
			s.store.room.Messages, s.store.room.Version = 4, 7
			s.store.rows = append(s.store.rows, s.row(s.c, s.c, ana, 4, 7))
		}},
		{"a number that is there twice", []verify.Kind{verify.Damaged, verify.Doubled, verify.Gap}, func(s *scene) {
			s.store.rows[1].Message.Number = 1
		}},
		{"a number that is missing", []verify.Kind{verify.Gap}, func(s *scene) { s.store.room.Messages = 4 }},
		{"a version that stands for nothing", []verify.Kind{verify.Gap}, func(s *scene) { s.store.room.Version = 7 }},
		{"a receipt that is missing", []verify.Kind{verify.Lost}, func(s *scene) { delete(s.store.receipts, verify.Key(s.a)) }},
		{"a receipt of another message", []verify.Kind{verify.Damaged}, func(s *scene) {
			s.store.receipts[verify.Key(s.a)] = s.store.receipts[verify.Key(s.b)]
		}},
		{"a reader that was never given a row", []verify.Kind{verify.Gap}, func(s *scene) {
			r, script := s.NewReader("r"), verify.Author{Name: "script", User: 9}
			r.Opened(s.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: 6, Number: 3, Reset: true, Messages: []chat.Message{
				s.message(s.a, s.edit, ana, 1, 5), s.message(s.c, s.c, ana, 3, 4),
			}})
			missed := s.sendByScript(script) // not answered: the store alone knows of it
			d := s.said(ben, 5, 8)
			r.Change(epoch, s.change(d, ben, 5, 8))
			s.store.room.Messages, s.store.room.Version = 5, 8
			s.store.rows = append(s.store.rows, s.row(missed, missed, script, 4, 7), s.row(d, d, ben, 5, 8))
			s.store.receipts[verify.Key(d)] = chat.Receipt{Room: lobby, Posted: chat.Posted{Number: 5, Version: 8}}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene()
			test.bend(s)
			if err := s.Audit(s.store.read); err != nil {
				t.Fatal(err)
			}
			wantKinds(t, s.Checker, test.want)
		})
	}
}

// wantKinds checks that violations of just those kinds were found.
func wantKinds(t *testing.T, c *verify.Checker, want []verify.Kind) {
	t.Helper()
	got := kinds(c)
	for _, kind := range want {
		if got[kind] == 0 {
			t.Errorf("found no %q", kind)
		}
		delete(got, kind)
	}
	if len(got) > 0 || t.Failed() {
		violations, _ := c.Violations()
		t.Errorf("found %v beside %q:\n%s", got, want, told(violations))
	}
}

func TestRestored(t *testing.T) {
	for _, test := range []struct {
		name string
		want []verify.Kind
		late bool // the backup is begun after the scene, not before
		bend func(s *scene)
	}{
		{"everything there was", nil, true, func(*scene) {}},
		{"the three posts, when it was begun before them", nil, false, func(s *scene) { s.cutTo(4) }},
		{"the first post alone, when it was begun before it", nil, false, func(s *scene) { s.cutTo(2) }},
		{"nothing, when it was begun before everything", nil, false, func(s *scene) { s.cutTo(1) }},
		{"less than was acknowledged before it was begun", []verify.Kind{verify.Lost}, true, func(s *scene) { s.cutTo(4) }},
		{"a hole", []verify.Kind{verify.Gap}, true, func(s *scene) { s.store.rows = slices.Delete(s.store.rows, 1, 2) }},
		{"a message as it never was", []verify.Kind{verify.Disagree}, true, func(s *scene) { s.store.rows[2] = s.row(s.a, s.a, ana, 1, 5) }},
		{"a message as it was before", []verify.Kind{verify.Disagree}, true, func(s *scene) { s.store.rows[2] = s.row(s.a, s.a, ana, 1, 2) }},
		{"more than there was", []verify.Kind{verify.Phantom}, true, func(s *scene) { s.store.room.Version = 9 }},
		{"the epoch that was", []verify.Kind{verify.Damaged}, true, func(s *scene) { s.store.epoch = epoch }},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene()
			mark := verify.Mark{}
			if test.late {
				mark = s.Mark()
			}
			s.store.epoch = "e2"
			test.bend(s)
			if err := s.Restored(s.store.read, mark); err != nil {
				t.Fatal(err)
			}
			wantKinds(t, s.Checker, test.want)
		})
	}
	t.Run("what it undid may never be seen again", func(t *testing.T) {
		s := newScene()
		s.store.epoch = "e2"
		s.cutTo(2)
		if err := s.Restored(s.store.read, verify.Mark{}); err != nil {
			t.Fatal(err)
		}
		r := s.NewReader("r")
		r.Opened(s.Ask(lobby, chat.Position{}), verify.Opened{
			Room: lobby, Epoch: "e2", Version: 2, Number: 1, Reset: true, Messages: []chat.Message{s.message(s.a, s.a, ana, 1, 2)},
		})
		wantKinds(t, s.Checker, nil)
		r.Change("e2", s.change(s.b, ben, 2, 3))
		wantKinds(t, s.Checker, []verify.Kind{verify.Phantom})
	})
	t.Run("numbers and versions go on from there", func(t *testing.T) {
		s := newScene()
		s.store.epoch = "e2"
		s.cutTo(2)
		if err := s.Restored(s.store.read, verify.Mark{}); err != nil {
			t.Fatal(err)
		}
		r := s.NewReader("r")
		r.Opened(s.Ask(lobby, chat.Position{Epoch: epoch, Version: 6}), verify.Opened{
			Room: lobby, Epoch: "e2", Version: 2, Number: 1, Reset: true, Messages: []chat.Message{s.message(s.a, s.a, ana, 1, 2)},
		})
		d := s.said(ben, 2, 3)
		r.Change("e2", s.change(d, ben, 2, 3))
		r.Change(epoch, s.change(s.c, ana, 3, 4)) // read late, from a connection to what was
		wantKinds(t, s.Checker, nil)
	})
}

// A twoRooms is the lobby and another room.
type twoRooms struct {
	*stored
	other *stored
}

func (s twoRooms) of(id chat.RoomID) *stored {
	if id == lobby {
		return s.stored
	}
	return s.other
}

func (s twoRooms) read(f func(chat.Snapshot) error) error { return s.readAs(s, f) }

func (s twoRooms) Room(id chat.RoomID) (chat.Room, error) { return s.of(id).Room(id) }

func (s twoRooms) Changes(id chat.RoomID, version int64, limit int) ([]chat.Change, bool, error) {
	return s.of(id).Changes(id, version, limit)
}

func TestRestoredRooms(t *testing.T) {
	const garden = chat.RoomID(2)
	for _, test := range []struct {
		name  string
		first bool // the backup has what was said first
		want  []verify.Kind
	}{
		{"a backup of one moment", true, nil},
		{"a backup with the later of two posts in two rooms", false, []verify.Kind{verify.Lost}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHistory()
			first := h.said(ana, 1, 2)
			second, text := h.Post(ben, garden, true, words)
			h.Acknowledged(second, 1, 2)
			m := chat.Message{Room: garden, Number: 1, Version: 2, By: ben.User, Key: verify.Key(second), Text: text}
			store := twoRooms{
				&stored{epoch: "e2", room: chat.Room{ID: lobby, Version: 1}},
				&stored{room: chat.Room{ID: garden, Version: 2, Messages: 1}, rows: []chat.Change{{Log: chat.RoomLog(garden), Version: 2, Message: &m}}},
			}
			if test.first {
				post := h.message(first, first, ana, 1, 2)
				store.room, store.rows = chat.Room{ID: lobby, Version: 2, Messages: 1}, []chat.Change{{Log: chat.RoomLog(lobby), Version: 2, Message: &post}}
			}
			if err := h.Restored(store.read, verify.Mark{}); err != nil {
				t.Fatal(err)
			}
			wantKinds(t, h.Checker, test.want)
		})
	}
}

// cutTo makes the store what it was at a version.
func (s *scene) cutTo(version int64) {
	all := []chat.Change{
		s.store.rows[0], s.row(s.a, s.a, ana, 1, 2), s.row(s.b, s.b, ben, 2, 3), s.row(s.c, s.c, ana, 3, 4),
	}
	s.store.rows = all[:version]
	s.store.room.Version, s.store.room.Messages = version, version-1
}
