package importer_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/importer"
)

// A recorder is a chat.Log that counts and keeps what it hears.
type recorder struct {
	mu       sync.Mutex
	largest  int // changes of one commit
	rooms    int // new ones
	imported []chat.Change
	onCommit func()
}

func (r *recorder) Committed(changes []chat.Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.largest = max(r.largest, len(changes))
	for _, c := range changes {
		if c.Info != nil && c.Version == 1 {
			r.rooms++
		}
		if c.Message != nil && c.Message.At == 0 {
			r.imported = append(r.imported, c)
		}
	}
	if r.onCommit != nil {
		r.onCommit()
	}
}

func TestImportWhileTheServerRuns(t *testing.T) {
	const messages = 2400
	f := newFixture(t)
	f.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
		INSERT INTO ChatApp_room (room_name) SELECT 'room ' || i FROM n`)
	f.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO ChatApp_message (sender, message, room_id) SELECT 'ana', i, 1 + i % 400 FROM n`, messages)

	t.Run("readers hear of every message, with its author", func(t *testing.T) {
		log := &recorder{}
		s := newStore(t, log)
		f.run(s)
		if len(log.imported) != messages {
			t.Fatalf("%d changes, want %d", len(log.imported), messages)
		}
		for i, c := range log.imported {
			if c.Message.Text != fmt.Sprint(i+1) || !c.Posted || c.By.Name != "ana" || c.By.ID != c.Message.By || c.Log.Room() != c.Message.Room {
				t.Fatalf("change %d is %+v of %+v", i, c, c.Message)
			}
		}
	})
	t.Run("transactions are small, and others post in between", func(t *testing.T) {
		log := &recorder{}
		s := newStore(t, log)
		u := makeRoom(t, s, "lobby", "first")
		rooms := &chat.Rooms{Store: s, Limits: chat.DefaultLimits}
		posted := make(chan int, 1)
		done := make(chan struct{})
		go func() {
			n := 0
			defer func() { posted <- n }()
			for {
				select {
				case <-done:
					return
				default:
				}
				if _, err := rooms.Post(context.Background(), chat.Actor{User: u.ID}, "lobby", chat.Draft{Text: "still here"}); err != nil {
					t.Error(err)
					return
				}
				n++
			}
		}()
		f.run(s)
		close(done)
		// While an import of n transactions runs, somebody who always waits to post gets a turn with each.
		if got, want := <-posted, messages/chat.ImportBatch; got < want {
			t.Errorf("%d posts got in between, want at least %d", got, want)
		}
		if log.largest > chat.ImportBatch+1 {
			t.Errorf("%d changes in one transaction, want at most %d and the post's", log.largest, chat.ImportBatch)
		}
	})
	t.Run("two imports of the same source at once bring it once", func(t *testing.T) {
		s := newStore(t, nil)
		var reports [2]importer.Report
		var group sync.WaitGroup
		for i := range reports {
			group.Go(func() {
				var err error
				if reports[i], err = importer.File(context.Background(), s, f.path, nil); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := reports[0].Messages.Came + reports[1].Messages.Came; got != messages || sources(t, s) != 1 {
			t.Errorf("%d messages came from %d sources, want %d from 1", got, sources(t, s), messages)
		}
		all := content(t, s)
		for i := 1; i <= messages; i++ {
			room := fmt.Sprint("room ", 1+i%400)
			if len(all[room]) != messages/400 {
				t.Fatalf("%s has %d messages, want %d", room, len(all[room]), messages/400)
			}
		}
		if diff := cmp.Diff(all["room 1"][0], said{"ana", "400"}); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("progress is told up to the end", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		f.room("lobby")
		f.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5700)
			INSERT INTO ChatApp_message (sender, message, room_id) SELECT 'ana', i, 1 FROM n`)
		var lines []string
		if _, err := importer.File(context.Background(), s, f.path, func(p importer.Progress) { lines = append(lines, p.String()) }); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"Comparing with what came before …", "1 of 1 room (100 %)",
			"5,000 of 5,700 messages (87 %)", "5,700 of 5,700 messages (100 %)",
		}
		if diff := cmp.Diff(lines, want); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("an import that was cut off says how far it came and is completed by another", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		commits := 0
		log := &recorder{}
		log.onCommit = func() {
			if commits++; commits == 6 {
				cancel()
			}
		}
		s := newStore(t, log)
		report, err := importer.File(ctx, s, f.path, nil)
		if chat.KindOf(err) != chat.Internal || ctx.Err() == nil || report.Messages.Came == 0 || report.Messages.Came >= messages {
			t.Fatalf("error %v, the report is %+v", err, report)
		}
		came := report.Messages.Came
		if got := len(log.imported); got != came {
			t.Errorf("%d messages reported, %d stored", came, got)
		}
		report = f.run(s)
		if report.Messages != (importer.MessageCounts{Came: messages - came, Before: came}) {
			t.Errorf("then %+v, want the other %d", report.Messages, messages-came)
		}
	})
	for during, room := range map[string]int{"rooms": 2, "messages": 5} {
		t.Run("when the disk is full in the midst of the "+during+" the import says what came and is completed later", func(t *testing.T) {
			testFullDisk(t, f, room, messages)
		})
	}
}

// testFullDisk imports messages into a store with room for some writes, and then into the same without that bound.
func testFullDisk(t *testing.T, f *fixture, room, messages int) {
	log := &recorder{}
	s := newStore(t, log)
	report, err := importer.File(context.Background(), &fullStore{Store: s, room: room}, f.path, nil)
	if chat.KindOf(err) != chat.Unavailable {
		t.Fatalf("error %v, want unavailable", err)
	}
	if got, want := report.Messages.Came, len(log.imported); got != want {
		t.Errorf("%d messages reported, %d stored", got, want)
	}
	if got, want := report.Rooms.Came(), log.rooms; got != want {
		t.Errorf("%d rooms reported, %d stored", got, want)
	}
	f.run(s)
	total := 0
	for _, room := range content(t, s) {
		total += len(room)
	}
	if total != messages {
		t.Errorf("%d messages, want %d", total, messages)
	}
}

// A fullStore has room for some more writes; of those after them nothing is stored.
type fullStore struct {
	chat.Store
	room int
}

func (s *fullStore) Write(ctx context.Context, f func(chat.Tx) error) error {
	s.room--
	return s.Store.Write(ctx, func(tx chat.Tx) error {
		if err := f(tx); err != nil || s.room >= 0 {
			return err
		}
		return chat.Errorf(chat.Unavailable, "", "Cannot be stored just now: the disk is full.")
	})
}
