package search_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/search"
)

// TestRun holds that what is posted, edited and deleted is found, or not found any more, by itself.
func TestRun(t *testing.T) {
	w := newWorld(t)
	w.say("lobby", "before the index ran")
	w.run()
	n := w.say("lobby", "hello world")
	w.caughtUp()
	if got, want := w.found("hello", ""), []string{"hello world"}; !slices.Equal(got, want) {
		t.Errorf("after a post: got %q, want %q", got, want)
	}
	if got, want := w.found("before", ""), []string{"before the index ran"}; !slices.Equal(got, want) {
		t.Errorf("from before: got %q, want %q", got, want)
	}
	w.edit("lobby", n, "good bye world")
	w.caughtUp()
	if got, want := w.found("bye", ""), []string{"good bye world"}; !slices.Equal(got, want) {
		t.Errorf("after an edit: got %q, want %q", got, want)
	}
	w.remove("lobby", n)
	w.caughtUp()
	if got := w.found("world", ""); len(got) != 0 {
		t.Errorf("after a deletion: got %q", got)
	}
}

// TestLostWake holds that comparing heads heals a wake that was lost.
func TestLostWake(t *testing.T) {
	w := newWorld(t)
	w.say("lobby", "one")
	deaf, err := search.New(search.Config{Path: w.path() + "-deaf"})
	check(t, err)
	w.index = deaf // hears of nothing
	w.run()
	w.caughtUp()
	w.say("lobby", "two")
	w.finder.Index = deaf
	_, heard := deaf.Progress()
	patience := time.After(20 * time.Second)
	for len(w.found("two", "")) == 0 {
		select {
		case <-heard:
			_, heard = deaf.Progress()
		case <-patience:
			t.Fatal("what was posted is not found")
		}
	}
}

// TestStalled holds that an index that lags finds nothing by what it was, and says how far it lags.
func TestStalled(t *testing.T) {
	w := newWorld(t)
	edited, deleted := w.say("lobby", "the first secret"), w.say("lobby", "the second secret")
	w.say("music", "the third secret")
	w.catchUp()
	if got := w.index.Behind(); got != 0 {
		t.Errorf("after catching up: got %d behind", got)
	}
	w.edit("lobby", edited, "nothing of it")
	w.remove("lobby", deleted)
	if got, want := w.found("secret", ""), []string{"the third secret"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := w.found("nothing", ""); len(got) != 0 {
		t.Errorf("what the index has not read: got %q", got)
	}
	found, err := w.finder.Search(t.Context(), w.ana, chat.Search{Query: "secret"})
	check(t, err)
	if found.Behind != 2 {
		t.Errorf("got %d behind, want 2", found.Behind)
	}
	r, err := search.Audit(t.Context(), w.index, w.store)
	check(t, err)
	if r.Found < 2 {
		t.Errorf("an audit of an index that lags: got %s, want a fault for each message", r)
	}
	w.catchUp()
	if got, want := w.found("nothing", ""), []string{"nothing of it"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	w.audit()
}

// TestRooms holds that only what the actor may read is found.
func TestRooms(t *testing.T) {
	w := newWorld(t)
	w.say("lobby", "needle in the lobby")
	w.say("music", "needle in the music")
	w.catchUp()
	room, err := w.rooms.Resolve(t.Context(), w.ana, "music")
	check(t, err)
	search := func(a chat.Actor, room string) ([]chat.Hit, error) {
		found, err := w.finder.Search(context.Background(), a, chat.Search{Query: "needle", Room: room})
		return found.Hits, err
	}
	t.Run("of one room or all, by id or name, also by nobody", func(t *testing.T) {
		for _, a := range []chat.Actor{w.ana, {}} {
			for ref, want := range map[string]int{"": 2, "lobby": 1, "music": 1, room.ID.String(): 1} {
				if hits, err := search(a, ref); err != nil || len(hits) != want {
					t.Errorf("room %q: got %d hits, %v, want %d", ref, len(hits), err, want)
				}
			}
		}
	})
	t.Run("a hit says where and by whom it is", func(t *testing.T) {
		found, err := w.finder.Search(t.Context(), w.ana, chat.Search{Query: "needle", Room: "music"})
		check(t, err)
		want := chat.Found{
			Hits:   []chat.Hit{{Room: room.ID, Message: found.Hits[0].Message}},
			People: []chat.Person{{ID: w.ana.User, Name: "ana"}}, Rooms: []chat.RoomEntry{room.Entry()},
		}
		if diff := cmp.Diff(found, want); diff != "" {
			t.Errorf("(-got +want):\n%s", diff)
		}
	})
	t.Run("nothing for somebody who may not read", func(t *testing.T) {
		users := &chat.Users{Store: w.store, Limits: chat.DefaultLimits}
		ben, err := users.Guest(t.Context(), "ben", chat.Session{ID: "ben"})
		check(t, err)
		_, err = w.admin.EditUser(t.Context(), w.owner, ben.ID, ben.Edit(), chat.UserEdit{Name: "ben", Deactivated: true})
		check(t, err)
		for _, ref := range []string{"", "lobby"} {
			if hits, err := search(chat.Actor{User: ben.ID}, ref); chat.KindOf(err) != chat.Forbidden || len(hits) != 0 {
				t.Errorf("room %q: got %d hits, %v, want forbidden", ref, len(hits), err)
			}
		}
	})
	t.Run("nothing of a room that is deleted, and in the end it is not in the index", func(t *testing.T) {
		if _, err := w.admin.DeleteRooms(t.Context(), w.owner, []chat.RoomID{room.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := search(w.ana, "music"); chat.KindOf(err) != chat.NotFound {
			t.Errorf("got %v, want not found", err)
		}
		if got := w.found("needle", ""); !slices.Equal(got, []string{"needle in the lobby"}) {
			t.Errorf("got %q", got)
		}
		w.catchUp()
		w.audit()
	})
}

// TestDroppedInPieces holds that a large room that is deleted goes in pieces, also over an end of the program.
func TestDroppedInPieces(t *testing.T) {
	w := newWorld(t)
	w.fill(2500, 1, newTalker(1))
	w.say("lobby", "stays")
	w.catchUp()
	w.audit()
	room, err := w.rooms.Resolve(t.Context(), w.ana, "room 0")
	check(t, err)
	_, err = w.admin.DeleteRooms(t.Context(), w.owner, []chat.RoomID{room.ID})
	check(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	err = w.index.CatchUp(ctx, w.store, func(search.Progress) { cancel() })
	if err == nil {
		t.Fatal("2500 messages were removed in one piece")
	}
	w.close()
	w.open()
	w.catchUp()
	w.audit()
	if got, want := w.found("stays", ""), []string{"stays"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPages holds that pages join without a gap, however little one request looks at.
func TestPages(t *testing.T) {
	w := newWorld(t)
	var want []string
	for i := range 150 {
		room := fmt.Sprintf("room %d", i%3)
		if i%4 == 0 {
			w.say(room, fmt.Sprint("needle ", i))
			want = append(want, fmt.Sprint("needle ", i))
			continue
		}
		w.say(room, "hay")
	}
	slices.Reverse(want)
	w.catchUp()
	for name, bound := range map[string]struct {
		window   int64
		patience time.Duration
	}{
		"at once":            {1 << 20, time.Minute},
		"window by window":   {3, time.Minute},
		"without patience":   {5, time.Nanosecond},
		"one id after other": {1, time.Nanosecond},
	} {
		t.Run(name, func(t *testing.T) {
			w.index.Bound(2000, bound.window)
			w.finder.Patience = bound.patience
			if diff := cmp.Diff(w.found("needle", ""), want); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
			lobby := slices.DeleteFunc(slices.Clone(want), func(text string) bool {
				var i int
				_, err := fmt.Sscanf(text, "needle %d", &i)
				return err != nil || i%3 != 0
			})
			if diff := cmp.Diff(w.found("needle", "room 0"), lobby); diff != "" {
				t.Errorf("in one room (-got +want):\n%s", diff)
			}
		})
	}
	t.Run("a page has as many as were asked for, and a hundred at most", func(t *testing.T) {
		w.index.Bound(2000, 1<<20)
		w.finder.Patience = time.Minute
		for range 80 {
			w.say("lobby", "needle")
		}
		w.catchUp()
		for limit, want := range map[int]int{0: 50, 1: 1, 100: 100, 1000: 100} {
			found, err := w.finder.Search(t.Context(), w.ana, chat.Search{Query: "needle", Limit: limit})
			check(t, err)
			if len(found.Hits) != want || !found.More || found.Next == "" {
				t.Errorf("limit %d: got %d hits, more %v, next %q; want %d and more", limit, len(found.Hits), found.More, found.Next, want)
			}
		}
	})
}
