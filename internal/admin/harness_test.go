package admin_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"parley/internal/admin"
	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/search"
	"parley/internal/store"
	"parley/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A person is somebody with a browser.
type person struct {
	chat.User
	cookie *http.Cookie // nil for nobody
}

// heard collects what open pages are told.
type heard struct {
	mu      sync.Mutex
	changes []chat.Change
}

func (h *heard) Committed(changes []chat.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.changes = append(h.changes, changes...)
}

// take returns what was heard since it was last called.
func (h *heard) take() []chat.Change {
	h.mu.Lock()
	defer h.mu.Unlock()
	changes := h.changes
	h.changes = nil
	return changes
}

// A world is a server with somebody of every sort.
type world struct {
	t          testing.TB
	path       string
	store      *store.Store
	index      *search.Index
	stop       func() // stops the store's writer and closes it; it may be called twice
	heard      *heard
	rooms      *chat.Rooms
	moderation *chat.Moderation
	users      *chat.Users
	gate       *auth.Gate
	admin      *chat.Admin
	purger     *admin.Purger
	site       *admin.Site

	owner, administrator, moderator, member, guest, deactivated, nobody person
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "parley.db")}
	w.open()
	t.Cleanup(func() { w.stop() })
	w.owner = w.signUp("olga", chat.Owner)
	w.administrator = w.signUp("adam", chat.Administrator)
	w.moderator = w.signUp("mona", chat.Moderator)
	w.member = w.signUp("mel", chat.NoRole)
	w.guest = w.join("gus")
	w.deactivated = w.signUp("dora", chat.Administrator)
	_, err := w.admin.EditUser(t.Context(), w.owner.actor(), w.deactivated.ID, w.deactivated.Edit(),
		chat.UserEdit{Name: "dora", Role: chat.Administrator, Deactivated: true})
	check(t, err)
	return w
}

// open opens the store and makes everything that stands on it.
func (w *world) open() {
	w.t.Helper()
	w.heard = &heard{}
	quiet := slog.New(slog.DiscardHandler)
	var err error
	w.index, err = search.New(search.Config{Path: w.path + "-search", Logger: quiet})
	check(w.t, err)
	s, err := store.Open(context.Background(), store.Config{Path: w.path, Log: w.heard, Logger: quiet})
	check(w.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		check(w.t, errors.Join(<-ended, w.index.Close(), s.Close()))
	})
	w.store = s
	w.rooms = &chat.Rooms{Store: s, Limits: chat.DefaultLimits}
	w.users = &chat.Users{Store: s, Limits: chat.DefaultLimits}
	w.admin = &chat.Admin{Store: s, Limits: chat.DefaultLimits, Finder: &chat.Finder{Store: s, Index: w.index}}
	w.gate, err = auth.New(auth.Config{Users: w.users, Unlimited: true})
	check(w.t, err)
	assets, err := web.New()
	check(w.t, err)
	w.purger = admin.NewPurger(w.admin, quiet)
	w.moderation = &chat.Moderation{Store: s, Rooms: w.rooms, Wake: w.purger.Wake}
	w.site, err = admin.New(admin.Config{Admin: w.admin, Moderation: w.moderation, Gate: w.gate, Assets: assets, Purger: w.purger, Logger: quiet})
	check(w.t, err)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

func (p person) actor() chat.Actor { return chat.Actor{User: p.ID} }

// signUp makes an account that is signed in.
func (w *world) signUp(name string, role chat.Role) person {
	w.t.Helper()
	session, cookie := w.gate.Begin(httptest.NewRequest(http.MethodGet, "/", nil))
	user, err := w.users.Enrol(context.Background(), chat.Enrolment{Name: name, Password: "none", Role: role, Session: session})
	check(w.t, err)
	return person{user, cookie}
}

// join makes a guest.
func (w *world) join(name string) person {
	w.t.Helper()
	session, cookie := w.gate.Begin(httptest.NewRequest(http.MethodGet, "/", nil))
	user, err := w.users.Guest(context.Background(), name, *session)
	check(w.t, err)
	return person{user, cookie}
}

// room makes a room.
func (w *world) room(name string) chat.RoomID {
	w.t.Helper()
	room, err := w.admin.AddRoom(context.Background(), w.owner.actor(), name, "")
	check(w.t, err)
	return room.ID
}

// post has somebody say something.
func (w *world) post(by person, room chat.RoomID, text string) chat.MessageRef {
	w.t.Helper()
	posted, err := w.rooms.Post(context.Background(), by.actor(), room.String(), chat.Draft{Text: text})
	check(w.t, err)
	return chat.MessageRef{Room: room, Number: posted.Number}
}

// fill stores n messages of somebody at once.
func (w *world) fill(by person, room chat.RoomID, n int) {
	w.t.Helper()
	check(w.t, w.store.Write(context.Background(), func(tx chat.Tx) error {
		for range n {
			m := chat.Message{Room: room, By: by.ID, At: chat.Millis(tx.Now()), Text: "hay"}
			if err := tx.InsertMessage(&m, chat.Person{ID: by.ID, Name: by.Name}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// An answer is what a browser got.
type answer struct {
	status int
	header http.Header
	body   string
}

// has reports whether the page holds all of the parts.
func (a answer) has(parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			return false
		}
	}
	return true
}

func (w *world) get(by person, target string) answer {
	return w.do(by, httptest.NewRequest(http.MethodGet, target, nil))
}

// send sends a form; fields are pairs of names and values.
func (w *world) send(by person, target string, fields ...string) answer {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(by, r)
}

func (w *world) do(by person, r *http.Request) answer {
	if by.cookie != nil {
		r.AddCookie(by.cookie)
	}
	recorder := httptest.NewRecorder()
	w.site.ServeHTTP(recorder, r)
	body, err := io.ReadAll(recorder.Result().Body)
	check(w.t, err)
	return answer{recorder.Code, recorder.Header(), string(body)}
}

// want fails the test unless the answer has that status and all of the parts.
func (w *world) want(what string, got answer, status int, parts ...string) {
	w.t.Helper()
	if got.status != status {
		w.t.Errorf("%s: got status %d, want %d\n%s", what, got.status, status, got.body)
		return
	}
	for _, part := range parts {
		if !got.has(part) {
			w.t.Errorf("%s: the page lacks %q:\n%s", what, part, got.body)
		}
	}
}

// audit is the newest lines of the log, the newest first, as "olga changed r7 lobby: …".
func (w *world) audit(n int) []string {
	w.t.Helper()
	var lines []string
	check(w.t, w.store.Read(context.Background(), func(s chat.Snapshot) error {
		list, err := s.AuditList(chat.AuditQuery{Paging: chat.Paging{Descending: true, Limit: n}})
		for _, a := range list.Rows {
			lines = append(lines, strings.TrimSpace(strings.Join([]string{a.ByName, a.Verb, a.Object, a.Name, a.Detail}, " ")))
		}
		return err
	}))
	return lines
}
