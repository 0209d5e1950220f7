package store_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/chat"
	"parley/internal/store"
)

func testChanges(t *testing.T, open opener) {
	f := newFixture(t, open)
	write(t, f, func(tx chat.Tx) error {
		first := say(tx, f.room.ID, f.ana, "1")
		say(tx, f.room.ID, f.ana, "2")
		first.Text = "1, edited"
		must(tx.UpdateMessage(&first))
		room := have(tx.Room(f.room.ID))
		room.Topic = "green"
		must(tx.UpdateRoom(&room))
		say(tx, f.room.ID, f.ana, "3")
		return nil
	})
	changes := func(t *testing.T, after int64, limit int) (versions []int64, more bool) {
		read(t, f, func(s chat.Snapshot) {
			changes, m, err := s.Changes(f.room.ID, f.room.Version+after, limit)
			must(err)
			more = m
			for _, c := range changes {
				if c.Posted || c.Log != chat.RoomLog(f.room.ID) {
					t.Errorf("got %+v, want a change of the room, not posted just now", c)
				}
				versions = append(versions, c.Version-f.room.Version)
			}
		})
		return versions, more
	}
	for _, test := range []struct {
		name  string
		after int64
		limit int
		want  []int64
		more  bool
	}{
		{"each thing comes once, at its newest version", 0, 10, []int64{2, 3, 4, 5}, false},
		{"nothing comes from before", 3, 10, []int64{4, 5}, false},
		{"at the head there is nothing", 5, 10, nil, false},
		{"above the head there is nothing", 50, 10, nil, false},
		{"a full answer has no more", 0, 4, []int64{2, 3, 4, 5}, false},
		{"a cut answer is the first part and says so", 0, 3, []int64{2, 3, 4}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, more := changes(t, test.after, test.limit)
			if diff := cmp.Diff(got, test.want); diff != "" || more != test.more {
				t.Errorf("more is %t, want %t; versions (-got +want):\n%s", more, test.more, diff)
			}
		})
	}
	t.Run("a room that there is not is not found", func(t *testing.T) {
		read(t, f, func(s chat.Snapshot) {
			_, _, err := s.Changes(1_000_000, 0, 10)
			wantKind(t, err, chat.NotFound)
		})
	})
}

// A view is what a reader of a room holds: the fold of the changes that it was given.
type view struct {
	Version  int64
	Info     chat.RoomInfo
	Messages map[int64]chat.Message
	Members  map[chat.UserID]chat.Member
}

// clone is a reader that stops here.
func (v view) clone() view {
	c := view{v.Version, v.Info, map[int64]chat.Message{}, map[chat.UserID]chat.Member{}}
	for k, m := range v.Messages {
		c.Messages[k] = m
	}
	for k, m := range v.Members {
		c.Members[k] = m
	}
	return c
}

// apply folds changes that reach the version head.
func (v *view) apply(changes []chat.Change, head int64) {
	for _, c := range changes {
		if c.Members != nil {
			v.Info.Members = *c.Members
		}
		switch {
		case c.Info != nil:
			v.Info = *c.Info
		case c.Member != nil:
			v.Members[c.Member.User] = *c.Member
		case c.Message != nil:
			v.Messages[c.Message.Number] = *c.Message
		}
	}
	v.Version = head
}

// comparable leaves out what a reader of changes need not hold: versions and tombstones.
func (v view) comparable() view {
	c := v.clone()
	for k, m := range c.Messages {
		if m.Deleted {
			delete(c.Messages, k)
		}
	}
	for k, m := range c.Members {
		m.Version, m.At = 0, 0
		c.Members[k] = m
	}
	return c
}

// fresh is what somebody sees who opens the room now.
func fresh(s chat.Snapshot, id chat.RoomID, people []chat.User) view {
	r := have(s.Room(id))
	v := view{r.Version, *r.Info(), map[int64]chat.Message{}, map[chat.UserID]chat.Member{}}
	page, _, err := s.Messages(id, chat.Page{Limit: 10_000})
	must(err)
	for _, m := range page {
		v.Messages[m.Number] = m
	}
	for _, u := range people {
		m, err := s.Member(id, u.ID)
		if chat.KindOf(err) == chat.NotFound {
			continue
		}
		must(err)
		if m.Version > 0 { // else the row of somebody who wrote here and never joined
			v.Members[u.ID] = m
		}
	}
	return v
}

// testResume lets rapid do anything to a room, some of it undone, while readers stop at versions of its choice. In the end a
// reader that followed, and every reader that comes back, hold what a fresh load shows.
func testResume(t *testing.T, open opener) {
	log := new(journal)
	s := open(t, store.Config{Log: log})
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		log.reset()
		var room chat.Room
		var people []chat.User
		write(t, s, func(tx chat.Tx) error {
			room = newRoom(tx, fmt.Sprint("room ", round))
			for i := range 4 {
				people = append(people, newUser(tx, fmt.Sprintf("user %d of %d", i, round)))
			}
			return nil
		})
		empty := view{0, chat.RoomInfo{}, map[int64]chat.Message{}, map[chat.UserID]chat.Member{}}
		stopped := []view{empty}
		follower := empty.clone()
		heard := 0
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			randomStep(rt, t, s, room.ID, people)
			changes := log.all(chat.RoomLog(room.ID))
			for _, c := range changes[heard:] {
				if c.Version != follower.Version+1 {
					rt.Fatalf("the log goes from version %d to %d", follower.Version, c.Version)
				}
				follower.apply([]chat.Change{c}, c.Version)
			}
			heard = len(changes)
			if rapid.Bool().Draw(rt, "a reader stops here") {
				stopped = append(stopped, follower.clone())
			}
		}
		read(t, s, func(snapshot chat.Snapshot) {
			want := fresh(snapshot, room.ID, people)
			if diff := cmp.Diff(follower.comparable(), want.comparable()); diff != "" {
				rt.Fatalf("the one who followed (-got +want):\n%s", diff)
			}
			for _, v := range stopped {
				from := v.Version
				changes, more, err := snapshot.Changes(room.ID, from, 10_000)
				must(err)
				if more {
					rt.Fatalf("there is more than all")
				}
				v = v.clone()
				v.apply(changes, want.Version)
				if diff := cmp.Diff(v.comparable(), want.comparable()); diff != "" {
					rt.Fatalf("the one who came back from version %d (-got +want):\n%s", from, diff)
				}
			}
		})
	})
}

// randomStep is one command of up to three acts in a room; some commands are refused in the end.
func randomStep(rt *rapid.T, t *testing.T, s chat.Store, room chat.RoomID, people []chat.User) {
	acts := rapid.SliceOfN(rapid.SampledFrom([]string{"post", "edit", "delete", "join", "leave", "rename", "topic"}), 1, 3).
		Draw(rt, "acts")
	who := rapid.SampledFrom(people).Draw(rt, "who").ID
	word := rapid.StringMatching(`[a-z]{4}`).Draw(rt, "word")
	which := rapid.Int64Range(1, 20).Draw(rt, "which")
	refused := rapid.IntRange(0, 4).Draw(rt, "refused") == 0
	err := s.Write(t.Context(), func(tx chat.Tx) error {
		for _, act := range acts {
			u := have(tx.User(who))
			switch act {
			case "post":
				say(tx, room, u, word)
			case "edit", "delete":
				m, err := tx.Message(room, which)
				if chat.KindOf(err) == chat.NotFound || m.Deleted {
					continue
				}
				must(err)
				m.Text, m.Deleted = word, act == "delete"
				must(tx.UpdateMessage(&m))
			case "join":
				join(tx, room, who)
			case "leave":
				leave(tx, room, who)
			case "rename":
				u.Name = fmt.Sprintf("%s of %s", word, who)
				u.NameKey = chat.NameKey(u.Name)
				must(tx.UpdateUser(u))
			case "topic":
				r := have(tx.Room(room))
				r.Topic = word
				must(tx.UpdateRoom(&r))
			}
		}
		if refused {
			return chat.Errorf(chat.Conflict, "", "refused")
		}
		return nil
	})
	if refused != (err != nil) || err != nil && chat.KindOf(err) != chat.Conflict {
		rt.Fatalf("refused is %t, got error %v", refused, err)
	}
}

// testSnapshots reads while messages are written and edited: whatever is read of one snapshot fits together.
func testSnapshots(t *testing.T, open opener) {
	f := newFixture(t, open)
	var wg sync.WaitGroup
	written := make(chan struct{})
	wg.Go(func() {
		defer close(written)
		for i := range 300 {
			write(t, f, func(tx chat.Tx) error {
				m := say(tx, f.room.ID, f.ana, fmt.Sprint(i))
				m.Text += " edited"
				return tx.UpdateMessage(&m)
			})
		}
	})
	for range 3 {
		wg.Go(func() {
			for done := false; !done; {
				select {
				case <-written:
					done = true
				default:
				}
				read(t, f, func(s chat.Snapshot) {
					room := have(s.Room(f.room.ID))
					changes, _, err := s.Changes(f.room.ID, 0, 10_000)
					must(err)
					if got := changes[len(changes)-1].Version; got != room.Version {
						t.Errorf("the room is at version %d and its newest change at %d", room.Version, got)
					}
					page, _, err := s.Messages(f.room.ID, chat.Page{Limit: 10_000})
					must(err)
					if got := int64(len(page)); got != room.Messages {
						t.Errorf("the room has %d messages and its page %d", room.Messages, got)
					}
				})
			}
		})
	}
	wg.Wait()
}
