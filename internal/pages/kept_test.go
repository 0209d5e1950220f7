package pages_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/pages"
)

var keyField = regexp.MustCompile(`name="key" value="[^"]*"`)

// page is a page at one of the site's addresses, without what is another one each time.
func (b *browser) page(at, path string) string {
	b.site.t.Helper()
	site := *b.site
	site.url = at
	here := browser{site: &site, client: b.client}
	res := here.get(path)
	return fmt.Sprintln(res.StatusCode, res.to()) + keyField.ReplaceAllString(res.body, "KEY")
}

// TestKeptPages holds that a page made of what is kept is, byte for byte, the one that is read and rendered anew, whatever has
// happened in between.
func TestKeptPages(t *testing.T) {
	s := start(t, options{unlimited: true})
	cold := s.serve(s.rooms, nil, nil)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	w := &world{T: t, site: s, Rand: rand.New(rand.NewPCG(seed, 0))}
	for range 5 {
		w.comeIn()
	}
	for step := range 150 {
		did := w.something()
		for range 3 {
			b, name := w.anybody()
			room := w.rooms[w.IntN(len(w.rooms))]
			path := roomPath(room, name) + []string{"", "", "", "", "?before=9", "?after=3", "?at=5"}[w.IntN(7)]
			got, want := b.page(s.url, path), b.page(cold, path)
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Fatalf("step %d, after %s: %s (-anew +kept)\n%s", step, did, path, diff)
			}
		}
	}
}

func roomPath(room, name string) string {
	return "/" + url.PathEscape(room) + "/" + url.PathEscape(name) + "/"
}

// A world is a site where random things happen.
type world struct {
	*testing.T
	*rand.Rand
	site   *site
	people []*browser
	names  []string
	ids    []chat.UserID
	rooms  []string
}

func (w *world) anybody() (*browser, string) {
	i := w.IntN(len(w.people))
	return w.people[i], w.names[i]
}

func (w *world) comeIn() string {
	return w.comeInto(fmt.Sprintf("room %d\"'", w.IntN(4)))
}

func (w *world) comeInto(room string) string {
	b, name := w.site.browser(), fmt.Sprintf("p%d <&>", len(w.people))
	b.join(name, room)
	user, err := w.site.users.ByName(context.Background(), name)
	if err != nil {
		w.Fatal(err)
	}
	w.people, w.names, w.ids, w.rooms = append(w.people, b), append(w.names, name), append(w.ids, user.ID), append(w.rooms, room)
	return name + " coming into " + room
}

// something changes the site, and says how.
func (w *world) something() string {
	ctx := context.Background()
	i := w.IntN(len(w.people))
	me, room := chat.Actor{User: w.ids[i]}, w.rooms[w.IntN(len(w.rooms))]
	number := 1 + w.Int64N(30)
	w.site.clock.Add(time.Duration(w.IntN(400)) * time.Second)
	switch w.IntN(12) {
	case 0, 1, 2, 3, 4:
		text := []string{"hi", "see https://example.org/?a&b", "</script>", "😀", "two\nlines", "*/"}[w.IntN(6)]
		_, err := w.site.rooms.Post(ctx, me, room, chat.Draft{Text: text})
		return fmt.Sprint("a message: ", err)
	case 5:
		_, err := w.site.rooms.Edit(ctx, me, room, number, w.version(room, number), fmt.Sprint("edited ", w.Int()))
		return fmt.Sprint("an edit: ", err)
	case 6:
		_, err := w.site.rooms.Delete(ctx, me, room, number)
		return fmt.Sprint("a deletion: ", err)
	case 7:
		_, err := w.site.rooms.Leave(ctx, me, room)
		return fmt.Sprint("leaving: ", err)
	case 8:
		_, err := w.site.rooms.Join(ctx, me, room)
		return fmt.Sprint("joining: ", err)
	case 9:
		return w.rename(i)
	case 10:
		return w.editRoom(room)
	default:
		if w.IntN(4) == 0 {
			return w.comeIn()
		}
		w.site.here[chat.RoomID(1+w.IntN(4))] = w.IntN(5)
		return "somebody opening a room"
	}
}

func (w *world) version(room string, number int64) int64 {
	page, err := w.site.rooms.History(context.Background(), chat.Actor{}, room, chat.Page{After: number - 1, Limit: 1})
	if err != nil || len(page.Messages) == 0 {
		return 1
	}
	return page.Messages[0].Version
}

func (w *world) rename(i int) string {
	name := fmt.Sprintf("p%d %d", i, w.Int())
	err := w.site.store.Write(context.Background(), func(tx chat.Tx) error {
		user, err := tx.User(w.ids[i])
		if err != nil {
			return err
		}
		user.Name, user.NameKey = name, chat.NameKey(name)
		return tx.UpdateUser(user)
	})
	if err != nil {
		w.Fatal(err)
	}
	w.names[i] = name
	return "a renaming to " + name
}

func (w *world) editRoom(room string) string {
	err := w.site.store.Write(context.Background(), func(tx chat.Tx) error {
		r, err := tx.RoomByName(room)
		if err != nil {
			return err
		}
		r.Topic = fmt.Sprint("topic ", w.Int())
		r.Deleted = w.IntN(10) == 0
		return tx.UpdateRoom(&r)
	})
	return fmt.Sprint("another topic, or none any more: ", err)
}

// A slowStore has something happen between what a request reads and its end.
type slowStore struct {
	chat.Store
	mu        sync.Mutex
	meanwhile func()
}

func (s *slowStore) Read(ctx context.Context, f func(chat.Snapshot) error) error {
	err := s.Store.Read(ctx, f)
	s.mu.Lock()
	meanwhile := s.meanwhile
	s.meanwhile = nil
	s.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	return err
}

// must fails the test unless a verb succeeded.
func (s *site) must(_ any, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestKeptWhileChanging holds that what was read just before a change is not kept past it.
func TestKeptWhileChanging(t *testing.T) {
	for name, change := range map[string]func(w *world){
		"a message": func(w *world) {
			w.site.must(w.site.rooms.Post(context.Background(), chat.Actor{User: w.ids[1]}, "one", chat.Draft{Text: "new"}))
		},
		"a message elsewhere": func(w *world) {
			w.site.must(w.site.rooms.Post(context.Background(), chat.Actor{User: w.ids[1]}, "two", chat.Draft{Text: "new"}))
		},
		"my leaving": func(w *world) {
			w.site.must(w.site.rooms.Leave(context.Background(), chat.Actor{User: w.ids[0]}, "one"))
		},
		"my joining another room": func(w *world) {
			w.site.must(w.site.rooms.Join(context.Background(), chat.Actor{User: w.ids[0]}, "two"))
		},
		"another's renaming": func(w *world) { w.rename(1) },
		"a new room": func(w *world) {
			w.site.must(w.site.rooms.Join(context.Background(), chat.Actor{User: w.ids[1]}, "brand new"))
		},
		"a topic": func(w *world) { w.editRoom("one") },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, options{unlimited: true})
			slow := &slowStore{Store: s.store}
			warm, cold := s.serve(&chat.Rooms{Store: slow, Limits: s.rooms.Limits}, nil, s.kept), s.serve(s.rooms, nil, nil)
			w := &world{T: t, site: s, Rand: rand.New(rand.NewPCG(1, 2))}
			for _, room := range []string{"one", "two"} {
				w.comeInto(room)
			}
			s.must(s.rooms.Join(context.Background(), chat.Actor{User: w.ids[1]}, "one"))
			s.must(s.rooms.Post(context.Background(), chat.Actor{User: w.ids[1]}, "one", chat.Draft{Text: "said"}))
			path := roomPath("one", w.names[0])
			// The room is found first, then its page is read: the change comes after the second.
			slow.meanwhile = func() {
				slow.mu.Lock()
				slow.meanwhile = func() { change(w) }
				slow.mu.Unlock()
			}
			w.people[0].page(warm, path)
			if slow.meanwhile != nil {
				t.Fatal("the change has not happened")
			}
			got, want := w.people[0].page(warm, path), w.people[0].page(cold, path)
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("-anew +kept\n%s", diff)
			}
		})
	}
}

// TestKeptIsBounded holds that what is kept of big rooms is let go of, the one unused for longest first, and comes back right.
func TestKeptIsBounded(t *testing.T) {
	s := start(t, options{unlimited: true})
	cold := s.serve(s.rooms, nil, nil)
	b := s.browser()
	b.join("ana", "first")
	ana, err := s.users.ByName(context.Background(), "ana")
	if err != nil {
		t.Fatal(err)
	}
	const rooms, messages = 20, 50
	text := strings.Repeat("x", 8000)
	s.must(nil, s.store.Write(context.Background(), func(tx chat.Tx) error {
		for i := range rooms {
			room, err := s.rooms.Make(tx, chat.Standing{User: ana}, fmt.Sprint("big ", i))
			if err != nil {
				return err
			}
			for range messages {
				m := chat.Message{Room: room.ID, By: ana.ID, At: chat.Millis(tx.Now()), Text: text}
				if err := tx.InsertMessage(&m, chat.Person{ID: ana.ID, Name: ana.Name}); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	for i := range rooms {
		path := roomPath(fmt.Sprint("big ", i), "ana")
		if got, want := b.page(s.url, path), b.page(cold, path); got != want {
			t.Errorf("big %d is another page: %d bytes, want %d", i, len(got), len(want))
		}
	}
	if got := s.kept.Bytes(); got > pages.KeptBytes || got < pages.KeptBytes/2 {
		t.Errorf("got %d bytes kept, want most of at most %d", got, pages.KeptBytes)
	}
	path := roomPath("big 0", "ana")
	if got, want := b.page(s.url, path), b.page(cold, path); got != want {
		t.Error("the first one came back as another page")
	}
}

// TestKeptConcurrently holds that pages read while others write end where a fresh one stands.
func TestKeptConcurrently(t *testing.T) {
	s := start(t, options{unlimited: true})
	cold := s.serve(s.rooms, nil, nil)
	w := &world{T: t, site: s, Rand: rand.New(rand.NewPCG(3, 4))}
	for _, room := range []string{"one", "two", "one", "two"} {
		w.comeInto(room)
	}
	var all sync.WaitGroup
	for i := range w.people {
		all.Go(func() {
			for n := range 40 {
				_, err := s.rooms.Post(context.Background(), chat.Actor{User: w.ids[i]}, w.rooms[(i+n)%2], chat.Draft{Text: fmt.Sprint(i, n)})
				if err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for n := range 40 {
				w.people[i].page(s.url, roomPath(w.rooms[n%2], w.names[i]))
			}
		})
	}
	all.Wait()
	for i, b := range w.people {
		for _, room := range []string{"one", "two"} {
			path := roomPath(room, w.names[i])
			got, want := b.page(s.url, path), b.page(cold, path)
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("%s (-anew +kept)\n%s", path, diff)
			}
		}
	}
}
