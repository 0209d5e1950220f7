package store_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/internal/chat"
	"parley/internal/store"
)

// listed opens a store of its own for a test and runs it until the test ends.
func listed(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "parley.db")})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, s.Close()); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}

func change(t testing.TB, s chat.Store, f func(tx chat.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), f); err != nil {
		t.Fatalf("Write: %v", err)
	}
}

func look(t testing.TB, s chat.Store, f func(v chat.Snapshot) error) {
	t.Helper()
	if err := s.Read(context.Background(), f); err != nil {
		t.Fatalf("Read: %v", err)
	}
}

// ensure panics with err if there is one: inside a command that makes the command fail.
func ensure(err error) {
	if err != nil {
		panic(err)
	}
}

func addUser(tx chat.Tx, name string) chat.User {
	u := chat.User{Name: name, NameKey: chat.NameKey(name), Kind: chat.Guest, CreatedAt: chat.Millis(tx.Now())}
	ensure(tx.InsertUser(&u))
	return u
}

func addRoom(tx chat.Tx, name string) chat.Room {
	r := chat.Room{Name: name, Kind: chat.Public, CreatedAt: chat.Millis(tx.Now())}
	ensure(tx.InsertRoom(&r))
	return r
}

func TestListsWalkAnIndex(t *testing.T) {
	s := listed(t)
	plans, err := s.ListPlans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < 100 {
		t.Errorf("got %d plans, want all of them", len(plans))
	}
	for _, plan := range plans {
		if end := slices.Index(plan.Steps, "RIGHT"); end >= 0 {
			// By author; the rest is about the newest messages, of which there is a bounded number.
			plan.Steps = plan.Steps[slices.Index(plan.Steps, "LEFT")+1 : end]
		}
		all := strings.Join(plan.Steps, "\n")
		if strings.Contains(all, "TEMP B-TREE") {
			t.Errorf("sorts instead of walking an index: %s\n%s", plan.Query, all)
		}
		if plan.FromCut && (!strings.HasPrefix(all, "SEARCH") || !strings.ContainsAny(plan.Steps[0], "<>")) {
			t.Errorf("does not begin at the cut: %s\n%s", plan.Query, all)
		}
		if strings.Contains(plan.Query, "OFFSET") {
			t.Errorf("skips rows: %s", plan.Query)
		}
	}
}

// A messageModel is what the list of messages has to hold, told without an index.
type messageModel struct {
	rows []chat.MessageRow
}

func (m *messageModel) list(q chat.MessageQuery) []int64 {
	var rows []chat.MessageRow
	for _, r := range m.rows {
		if q.Room != 0 && r.Room != q.Room || q.Author != 0 && r.By != q.Author || r.Deleted != q.Deleted ||
			q.From != 0 && r.At < q.From || q.To != 0 && r.At >= q.To {
			continue
		}
		rows = append(rows, r)
	}
	key := func(r chat.MessageRow) (int64, int64) {
		switch {
		case q.Sort == chat.SortRoom && q.Room == 0:
			return int64(r.Room), r.Number
		case q.Sort == chat.SortAuthor && q.Author == 0:
			return int64(r.By), r.ID
		case q.Sort == chat.SortCreated && q.Room == 0 && q.Author == 0 && q.From+q.To > 0:
			return r.At, r.ID
		default:
			return 0, r.ID
		}
	}
	slices.SortFunc(rows, func(a, b chat.MessageRow) int {
		a1, a2 := key(a)
		b1, b2 := key(b)
		if q.Descending {
			a1, a2, b1, b2 = b1, b2, a1, a2
		}
		return cmp.Or(cmp.Compare(a1, b1), cmp.Compare(a2, b2))
	})
	return ids(rows)
}

func ids(rows []chat.MessageRow) []int64 {
	var ids []int64
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// A draft is a message of the test below: who posts what where, and whether it is deleted at once.
type draft struct {
	Room, By int
	At       int64
	Text     string
	Deleted  bool
}

func (m *messageModel) post(tx chat.Tx, d draft, rooms []chat.RoomID, people []chat.Person) {
	message := chat.Message{Room: rooms[d.Room], By: people[d.By].ID, At: d.At, Text: d.Text}
	ensure(tx.InsertMessage(&message, people[d.By]))
	if d.Deleted {
		message.Deleted = true
		ensure(tx.UpdateMessage(&message))
	}
	row, err := tx.MessageRow(message.Room, message.Number)
	ensure(err)
	m.rows = append(m.rows, row)
}

func TestMessageListPagesGiveEveryRowOnce(t *testing.T) {
	s := listed(t)
	drafts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) draft {
		return draft{
			Room: rapid.IntRange(0, 2).Draw(t, "room"), By: rapid.IntRange(0, 2).Draw(t, "by"),
			At:      rapid.Int64Range(1, 9).Draw(t, "at"),
			Text:    rapid.SampledFrom([]string{"Äpfel", "äpfel 100%", "100", "a_b", "axb"}).Draw(t, "text"),
			Deleted: rapid.IntRange(0, 4).Draw(t, "deleted") == 0,
		}
	}), 0, 40)
	undone := errors.New("undone")
	rapid.Check(t, func(t *rapid.T) {
		first, later := drafts.Draw(t, "first"), drafts.Draw(t, "later")
		q := chat.MessageQuery{
			Deleted: rapid.IntRange(0, 4).Draw(t, "tombstones") == 0,
			From:    rapid.SampledFrom([]int64{0, 0, 3}).Draw(t, "from"),
			To:      rapid.SampledFrom([]int64{0, 0, 7}).Draw(t, "to"),
		}
		inRoom, byOne := rapid.IntRange(0, 2).Draw(t, "in") == 0, rapid.IntRange(0, 2).Draw(t, "author") == 0
		q.Limit = rapid.IntRange(1, 7).Draw(t, "limit")
		q.Sort = rapid.SampledFrom([]chat.Sort{chat.SortCreated, chat.SortRoom, chat.SortAuthor}).Draw(t, "sort")
		q.Descending = rapid.Bool().Draw(t, "descending")
		if rapid.Bool().Draw(t, "impatient") {
			q.Patience = 1
		}
		model := &messageModel{}
		var forth, back, before []int64
		err := s.Write(context.Background(), func(tx chat.Tx) error {
			var rooms []chat.RoomID
			var people []chat.Person
			for i := range 3 {
				rooms = append(rooms, addRoom(tx, fmt.Sprintf("room %d", i)).ID)
				u := addUser(tx, fmt.Sprintf("user %d", i))
				people = append(people, chat.Person{ID: u.ID, Name: u.Name})
			}
			if inRoom {
				q.Room = rooms[0]
			}
			if byOne {
				q.Author = people[0].ID
			}
			for _, d := range first {
				model.post(tx, d, rooms, people)
			}
			before = model.list(q)
			var last chat.List[chat.MessageRow]
			forth, last = pages(tx, q, false, "", func() {
				if len(later) > 0 {
					model.post(tx, later[0], rooms, people)
					later = later[1:]
				}
			})
			if last.Earlier != "" {
				back, _ = pages(tx, q, true, last.Earlier, func() {})
				back = append(backwards(ids(last.Rows)), back...)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		// What was there all the time is met once and in order; what came meanwhile at most once.
		kept := slices.DeleteFunc(slices.Clone(forth), func(id int64) bool { return !slices.Contains(before, id) })
		if diff := gocmp.Diff(kept, before, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%+v: paging forth (-got +want):\n%s", q, diff)
		}
		if once := slices.Compact(slices.Sorted(slices.Values(forth))); len(once) != len(forth) {
			t.Fatalf("%+v: paging forth met a row twice: %v", q, forth)
		}
		if len(back) == 0 {
			return
		}
		if diff := gocmp.Diff(back, backwards(model.list(q))); diff != "" {
			t.Fatalf("%+v: paging back, from the last page on (-got +want):\n%s", q, diff)
		}
	})
}

func backwards(ids []int64) []int64 {
	ids = slices.Clone(ids)
	slices.Reverse(ids)
	return ids
}

// pages walks a list to its end and returns the ids in the order of the walk, and the last page.
func pages(tx chat.Tx, q chat.MessageQuery, back bool, from chat.Cut, between func()) ([]int64, chat.List[chat.MessageRow]) {
	var all []int64
	for {
		q.After, q.Before = from, ""
		if back {
			q.After, q.Before = "", from
		}
		page, err := tx.MessageList(q)
		ensure(err)
		from = page.Later
		if back {
			from = page.Earlier
			all = append(all, backwards(ids(page.Rows))...)
		} else {
			all = append(all, ids(page.Rows)...)
		}
		if from == "" {
			return all, page
		}
		between()
	}
}

func TestLists(t *testing.T) {
	s := listed(t)
	change(t, s, func(tx chat.Tx) error {
		for i, name := range []string{"Zoe", "ana", "Ben", "ärmel"} {
			u := addUser(tx, name)
			if i == 2 {
				u.Role, u.Kind, u.Deactivated = chat.Owner, chat.Account, true
				ensure(tx.UpdateUser(u))
			}
			r := addRoom(tx, "room of "+name)
			for range i {
				ensure(tx.InsertMessage(&chat.Message{Room: r.ID, By: u.ID, Text: "hi"}, chat.Person{ID: u.ID}))
			}
			if i == 1 {
				r.Deleted = true
				ensure(tx.UpdateRoom(&r))
				ensure(tx.InsertJob(&chat.Job{Kind: chat.JobPurge, Subject: int64(r.ID)}))
			}
		}
		return nil
	})
	users := func(q chat.UserQuery) (names []string) {
		look(t, s, func(v chat.Snapshot) error {
			list, err := v.UserList(q)
			for _, u := range list.Rows {
				names = append(names, u.Name)
			}
			return err
		})
		return names
	}
	owner, none := chat.Owner, chat.NoRole
	for _, tc := range []struct {
		name string
		q    chat.UserQuery
		want []string
	}{
		{"by name, case apart", chat.UserQuery{Paging: chat.Paging{Sort: chat.SortName}}, []string{"ana", "Ben", "Zoe", "ärmel"}},
		{"newest first", chat.UserQuery{Paging: chat.Paging{Descending: true}}, []string{"ärmel", "Ben", "ana", "Zoe"}},
		{"owners", chat.UserQuery{Role: &owner}, []string{"Ben"}},
		{"no role", chat.UserQuery{Role: &none}, []string{"Zoe", "ana", "ärmel"}},
		{"guests by name", chat.UserQuery{Kind: chat.Guest, Paging: chat.Paging{Sort: chat.SortName}}, []string{"ana", "Zoe", "ärmel"}},
		{"active", chat.UserQuery{State: chat.StateActive}, []string{"Zoe", "ana", "ärmel"}},
		{"search in any case", chat.UserQuery{Search: "ÄR"}, []string{"ärmel"}},
		{"search for a wildcard", chat.UserQuery{Search: "%"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := gocmp.Diff(users(tc.q), tc.want); diff != "" {
				t.Errorf("users (-got +want):\n%s", diff)
			}
		})
	}
	t.Run("rooms by messages, deleted ones apart", func(t *testing.T) {
		var got []string
		look(t, s, func(v chat.Snapshot) error {
			for _, deleted := range []bool{false, true} {
				list, err := v.RoomList(chat.RoomQuery{Deleted: deleted, Paging: chat.Paging{Sort: chat.SortMessages, Descending: true}})
				if err != nil {
					return err
				}
				for _, r := range list.Rows {
					got = append(got, r.Name)
				}
			}
			return nil
		})
		if diff := gocmp.Diff(got, []string{"room of ärmel", "room of Ben", "room of Zoe", "room of ana"}); diff != "" {
			t.Errorf("rooms (-got +want):\n%s", diff)
		}
	})
	t.Run("messages of deleted rooms are left out", func(t *testing.T) {
		look(t, s, func(v chat.Snapshot) error {
			list, err := v.MessageList(chat.MessageQuery{})
			if diff := gocmp.Diff(list.Count, chat.Count{N: 5}); diff != "" {
				t.Errorf("count (-got +want):\n%s", diff)
			}
			return err
		})
	})
}

func TestListRefusesWhatItDoesNotHave(t *testing.T) {
	s := listed(t)
	change(t, s, func(tx chat.Tx) error {
		for range 3 {
			addRoom(tx, fmt.Sprint(time.Now().UnixNano()))
		}
		list, err := tx.RoomList(chat.RoomQuery{Paging: chat.Paging{Limit: 1}})
		ensure(err)
		for name, paging := range map[string]chat.Paging{
			"another order's cut": {After: list.Later, Sort: chat.SortName},
			"no base64":           {After: "!"},
			"no JSON":             {After: "AAAA"},
			"a number too large":  {Before: "WyJpZCIsOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ"},
			"both ways":           {After: list.Later, Before: list.Later},
			"another list's sort": {Sort: chat.SortAuthor},
			"no sort":             {Sort: "id; DROP TABLE rooms"},
		} {
			if _, err := tx.RoomList(chat.RoomQuery{Paging: paging}); chat.KindOf(err) != chat.Invalid {
				t.Errorf("%s: got %v, want an Invalid error", name, err)
			}
		}
		return nil
	})
}

func TestPatienceEndsAWalk(t *testing.T) {
	s := listed(t)
	change(t, s, func(tx chat.Tx) error {
		hay, needle, u := addRoom(tx, "hay"), addRoom(tx, "needle"), addUser(tx, "ana")
		for i := range 600 {
			room := hay.ID
			if i%200 == 0 {
				room = needle.ID
			}
			ensure(tx.InsertMessage(&chat.Message{Room: room, By: u.ID, Text: "x"}, chat.Person{ID: u.ID}))
		}
		q := chat.MessageQuery{Author: u.ID, Room: needle.ID, Paging: chat.Paging{Descending: true, Limit: 2, Patience: 1}}
		page, err := tx.MessageList(q)
		ensure(err)
		if len(page.Rows) != 0 || !page.Unfinished || page.Later == "" {
			t.Errorf("got %d rows, unfinished %v, want none yet and a place to go on", len(page.Rows), page.Unfinished)
		}
		rows, steps := 0, 0
		for q.After = page.Later; q.After != ""; steps++ {
			page, err := tx.MessageList(q)
			ensure(err)
			rows += len(page.Rows)
			q.After = page.Later
		}
		if rows != 3 || steps < 10 {
			t.Errorf("got %d rows in %d pages, want all 3 in many", rows, steps)
		}
		return nil
	})
}

func TestPurgeRoomRemovesEverythingOfItAndNothingElse(t *testing.T) {
	s := listed(t)
	change(t, s, func(tx chat.Tx) error {
		u := addUser(tx, "ana")
		by := chat.Person{ID: u.ID, Name: u.Name}
		gone, kept := addRoom(tx, "gone"), addRoom(tx, "kept")
		for i := range 30 {
			for _, r := range []chat.Room{gone, kept} {
				ensure(tx.InsertMessage(&chat.Message{Room: r.ID, By: u.ID, Text: "x", Key: fmt.Sprintf("%s-%d", r.Name, i)}, by))
			}
		}
		for _, r := range []chat.Room{gone, kept} {
			ensure(tx.PutMember(&chat.Member{Room: r.ID, User: u.ID, Joined: true}))
		}
		if _, err := tx.PurgeRoom(gone.ID, 10); chat.KindOf(err) != chat.Invalid {
			t.Errorf("purging a room that is not deleted: got %v, want an Invalid error", err)
		}
		room, err := tx.Room(gone.ID)
		ensure(err)
		room.Deleted = true
		ensure(tx.UpdateRoom(&room))
		var batches []int
		for {
			n, err := tx.PurgeRoom(gone.ID, 8)
			ensure(err)
			if n == 0 {
				break
			}
			batches = append(batches, n)
		}
		if diff := gocmp.Diff(batches, []int{8, 8, 8, 6, 1}); diff != "" {
			t.Errorf("rows removed (-got +want):\n%s", diff)
		}
		for i := range 30 {
			if _, err := tx.Receipt(u.ID, fmt.Sprintf("gone-%d", i)); chat.KindOf(err) != chat.NotFound {
				t.Errorf("receipt %d of the deleted room: got %v, want NotFound", i, err)
			}
			if _, err := tx.Receipt(u.ID, fmt.Sprintf("kept-%d", i)); err != nil {
				t.Errorf("receipt %d of the other room: %v", i, err)
			}
			if _, err := tx.Message(kept.ID, int64(i+1)); err != nil {
				t.Errorf("message %d of the other room: %v", i+1, err)
			}
		}
		if m, err := tx.Member(kept.ID, u.ID); err != nil || !m.Joined {
			t.Errorf("membership of the other room: got %v, %v", m, err)
		}
		return nil
	})
}
