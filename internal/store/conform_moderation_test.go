package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func testModeration(t *testing.T, open opener) {
	f := newFixture(t, open)
	t.Run("bans of networks are read as they were put, and lifted", func(t *testing.T) {
		want := chat.AddressBan{Network: "203.0.113.7", Until: 5, User: f.ana.ID, By: 9, At: 3, Why: "spam"}
		write(t, f, func(tx chat.Tx) error {
			must(tx.PutAddressBan(chat.AddressBan{Network: want.Network, At: 1, Why: "before"}))
			must(tx.PutAddressBan(want))
			return tx.PutAddressBan(chat.AddressBan{Network: "2001:db8::/64", User: f.ana.ID})
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.AddressBan("203.0.113.7")), want); diff != "" {
				t.Errorf("the ban (-got +want):\n%s", diff)
			}
			_, err := s.AddressBan("203.0.113.8")
			wantKind(t, err, chat.NotFound)
			if got := have(s.AddressBans("", 1)); len(got) != 1 || got[0].Network != "2001:db8::/64" {
				t.Errorf("the first of them is %+v", got)
			}
			if got := have(s.AddressBans("2001:db8::/64", 10)); len(got) != 1 || got[0].Network != "203.0.113.7" {
				t.Errorf("those after it are %+v", got)
			}
		})
		write(t, f, func(tx chat.Tx) error {
			must(tx.LiftAddressBan("none"))
			must(tx.LiftAddressBan("203.0.113.7"))
			if n := have(tx.LiftAddressBansOf(f.ana.ID)); n != 1 {
				t.Errorf("%d bans of ana were lifted, want 1", n)
			}
			if got := have(tx.AddressBans("", 10)); len(got) != 0 {
				t.Errorf("left are %+v", got)
			}
			return nil
		})
	})
	t.Run("networks are those of the user's sessions, once", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			ben := newUser(tx, "ben")
			for i, address := range []string{"203.0.113.7", "", "203.0.113.7", "198.51.100.1"} {
				must(tx.InsertSession(chat.Session{ID: chat.SessionID(fmt.Sprint("s", i)), User: f.ana.ID, Address: address}))
			}
			must(tx.InsertSession(chat.Session{ID: "other", User: ben.ID, Address: "192.0.2.1"}))
			if diff := cmp.Diff(have(tx.NetworksOf(f.ana.ID, 10)), []string{"198.51.100.1", "203.0.113.7"}); diff != "" {
				t.Errorf("networks (-got +want):\n%s", diff)
			}
			return nil
		})
	})
	t.Run("a room that becomes slow knows who spoke lately", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			now := chat.Millis(tx.Now())
			cy, dan := newUser(tx, "cy"), newUser(tx, "dan")
			say(tx, f.room.ID, cy, "now")
			long := chat.Message{Room: f.room.ID, By: dan.ID, At: now - 100_000, Text: "long ago"}
			must(tx.InsertMessage(&long, chat.Person{ID: dan.ID, Name: dan.Name}))
			r := have(tx.Room(f.room.ID))
			r.Slow = 60
			must(tx.UpdateRoom(&r))
			if got := have(tx.SpokeAt(f.room.ID, cy.ID)); got != now {
				t.Errorf("cy spoke at %d, want %d", got, now)
			}
			if got := have(tx.SpokeAt(f.room.ID, dan.ID)); got != 0 {
				t.Errorf("dan spoke at %d, want long ago", got)
			}
			must(tx.Spoke(f.room.ID, dan.ID, 77))
			join(tx, f.room.ID, dan.ID)
			leave(tx, f.room.ID, dan.ID)
			if got := have(tx.SpokeAt(f.room.ID, dan.ID)); got != 77 {
				t.Errorf("dan spoke at %d after coming and going, want 77", got)
			}
			stranger := newUser(tx, "stranger")
			must(tx.Spoke(f.room.ID, stranger.ID, 78))
			if got := have(tx.Room(f.room.ID)).Members; got != r.Members {
				t.Errorf("speaking made a member: %d, want %d", got, r.Members)
			}
			return nil
		})
	})
}

func testReports(t *testing.T, open opener) {
	f := newFixture(t, open)
	var first, second chat.Reported
	var m chat.Message
	write(t, f, func(tx chat.Tx) error {
		ben := newUser(tx, "ben")
		m = say(tx, f.room.ID, f.ana, "watches")
		first = chat.Reported{Room: f.room.ID, Number: m.Number, By: ben.ID, At: 5, Why: "spam", Text: "watches", State: chat.OpenReport}
		second = first
		second.By = f.ana.ID
		if !have(tx.InsertReport(&first)) || !have(tx.InsertReport(&second)) {
			t.Error("a report was taken for one that there is")
		}
		twice := first
		if have(tx.InsertReport(&twice)) {
			t.Error("the same user reported twice")
		}
		return nil
	})
	t.Run("a report is read with the names that it needs", func(t *testing.T) {
		want := first
		want.RoomName, want.RoomKind, want.Author, want.AuthorName, want.ByName = "lobby", chat.Public, f.ana.ID, "ana", "ben"
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Report(first.ID)), want); diff != "" {
				t.Errorf("the report (-got +want):\n%s", diff)
			}
			if got := have(s.ReportsOf(chat.MessageRef{Room: m.Room, Number: m.Number})); len(got) != 2 {
				t.Errorf("%d reports of the message, want 2", len(got))
			}
			_, err := s.Report(99)
			wantKind(t, err, chat.NotFound)
		})
	})
	t.Run("a decided one is in another list, without the text", func(t *testing.T) {
		decided := first
		decided.State, decided.DecidedBy, decided.DecidedAt, decided.Note = chat.UpheldReport, f.ana.ID, 9, "gone"
		write(t, f, func(tx chat.Tx) error { return tx.DecideReport(decided) })
		read(t, f, func(s chat.Snapshot) {
			for _, room := range []chat.RoomID{0, f.room.ID} {
				open := have(s.Reports(chat.ReportQuery{Room: room, State: chat.OpenReport, Limit: 10}))
				upheld := have(s.Reports(chat.ReportQuery{Room: room, State: chat.UpheldReport, Limit: 10}))
				if len(open) != 1 || open[0].ID != second.ID || len(upheld) != 1 || upheld[0].Text != "" || upheld[0].DecidedByName != "ana" {
					t.Errorf("in %s: open %+v, upheld %+v", room, open, upheld)
				}
				if after := have(s.Reports(chat.ReportQuery{Room: room, State: chat.OpenReport, After: second.ID, Limit: 10})); len(after) != 0 {
					t.Errorf("after the last one: %+v", after)
				}
			}
			if other := have(s.Reports(chat.ReportQuery{Room: 99, State: chat.OpenReport, Limit: 10})); len(other) != 0 {
				t.Errorf("in another room: %+v", other)
			}
		})
	})
}

func testHeld(t *testing.T, open opener) {
	f := newFixture(t, open)
	h := chat.Held{Room: f.room.ID, By: f.ana.ID, Key: "k", At: 5, Text: "hello"}
	head := f.room.Version
	write(t, f, func(tx chat.Tx) error {
		must(tx.InsertHeld(&h))
		none := chat.Held{Room: f.room.ID, By: f.ana.ID, Text: "without a key"}
		return tx.InsertHeld(&none)
	})
	read(t, f, func(s chat.Snapshot) {
		want := h
		want.ByName, want.RoomName = "ana", "lobby"
		for what, got := range map[string]chat.Held{"id": have(s.Held(h.ID)), "key": have(s.HeldByKey(f.ana.ID, "k"))} {
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("by %s (-got +want):\n%s", what, diff)
			}
		}
		_, err := s.HeldByKey(f.ana.ID, "")
		wantKind(t, err, chat.NotFound)
		_, err = s.HeldByKey(f.ana.ID+1, "k")
		wantKind(t, err, chat.NotFound)
		if all, some := have(s.HeldIn(0, 0, 10)), have(s.HeldIn(f.room.ID, h.ID, 10)); len(all) != 2 || len(some) != 1 {
			t.Errorf("%d wait, %d after the first; want 2 and 1", len(all), len(some))
		}
		if got := have(s.HeldOf(f.ana.ID, 1)); len(got) != 1 || got[0].ID != h.ID {
			t.Errorf("the first of ana's is %+v", got)
		}
		if got := have(s.Room(f.room.ID)); got.Version != head || got.Messages != 0 {
			t.Errorf("the room is at version %d with %d messages, want it untouched", got.Version, got.Messages)
		}
	})
	if got := f.log.all(); len(got) != 0 {
		t.Errorf("the log heard %+v, want nothing", got)
	}
	write(t, f, func(tx chat.Tx) error {
		r := have(tx.Room(f.room.ID))
		r.Deleted = true
		must(tx.UpdateRoom(&r))
		if got := have(tx.HeldIn(0, 0, 10)); len(got) != 0 {
			t.Errorf("in deleted rooms wait %+v", got)
		}
		for have(tx.PurgeRoom(r.ID, 1)) > 0 {
		}
		_, err := tx.Held(h.ID)
		wantKind(t, err, chat.NotFound)
		return tx.DeleteHeld(h.ID)
	})
}

func testDoomed(t *testing.T, open opener) {
	f := newFixture(t, open)
	var ben chat.User
	var garden chat.Room
	at := map[int64]int64{} // the time by the id
	write(t, f, func(tx chat.Tx) error {
		ben, garden = newUser(tx, "ben"), newRoom(tx, "garden")
		for i := range 12 {
			room, by := f.room.ID, f.ana
			if i%3 == 2 {
				room = garden.ID
			}
			if i%2 == 1 {
				by = ben
			}
			m := chat.Message{Room: room, By: by.ID, At: int64((i * 7) % 12), Text: fmt.Sprint(i)}
			must(tx.InsertMessage(&m, chat.Person{ID: by.ID, Name: by.Name}))
			at[int64(i+1)] = m.At
		}
		gone := have(tx.Message(f.room.ID, 1))
		gone.Deleted = true
		return tx.UpdateMessage(&gone)
	})
	// walk follows a job in pieces of n and returns the ids that are wanted.
	walk := func(s chat.Snapshot, job chat.Job, n int) map[int64]bool {
		wanted := map[int64]bool{}
		job.Upto = 11 // not the newest
		for {
			rows := have(s.Doomed(job, n))
			for _, row := range rows {
				if wanted[row.ID] {
					t.Errorf("the message %d came twice", row.ID)
				}
				if row.Wanted {
					wanted[row.ID] = true
				}
				job.After, job.CutAt = row.ID, row.At
			}
			if len(rows) < n {
				return wanted
			}
		}
	}
	for name, job := range map[string]chat.Job{
		"of a user":                      {Subject: int64(f.ana.ID)},
		"of a user in a room":            {Subject: int64(ben.ID), Room: garden.ID},
		"of a user in a time":            {Subject: int64(ben.ID), From: 3, To: 9},
		"of a room":                      {Room: f.room.ID},
		"of a room in a time":            {Room: f.room.ID, From: 2, To: 8},
		"of a time":                      {From: 4, To: 9},
		"since a time":                   {From: 6},
		"before a time":                  {To: 5},
		"of a time that nothing lies in": {From: 100, To: 200},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[int64]bool{}
			read(t, f, func(s chat.Snapshot) {
				for id := int64(2); id <= 11; id++ { // the first is deleted
					row := have(s.MessagesByID([]int64{id}))[0]
					if (job.Subject == 0 || int64(row.By) == job.Subject) && (job.Room == 0 || row.Room == job.Room) &&
						row.At >= job.From && (job.To == 0 || row.At < job.To) {
						want[id] = true
					}
				}
				for n := 1; n < 5; n++ {
					if diff := cmp.Diff(walk(s, job, n), want); diff != "" {
						t.Errorf("in pieces of %d (-got +want):\n%s", n, diff)
					}
				}
			})
		})
	}
}
