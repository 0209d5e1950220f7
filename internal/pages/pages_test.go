package pages_test

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/mail"
	"parley/internal/pages"
	"parley/internal/postbox"
	"parley/internal/store"
	"parley/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const setupToken = "the-secret-of-the-set-up-link"

// A site is a whole server of pages on a store of its own, at the time of its clock.
type site struct {
	t     testing.TB
	store *store.Store
	rooms *chat.Rooms
	users *chat.Users
	clock *clock
	here  map[chat.RoomID]int
	url   string
	stop  func() // nothing can be stored any more

	options  options
	sessions *auth.Sessions
	kept     *pages.Kept
	box      *postbox.Postbox // with options.mail
}

// logs tells several of what was committed.
type logs []chat.Log

func (l logs) Committed(changes []chat.Change) {
	for _, log := range l {
		log.Committed(changes)
	}
}

// options are what a test wants differently.
type options struct {
	unlimited bool
	limits    chat.Limits
	base      *url.URL
	mail      bool // letters go to the site's box
	providers []auth.ProviderConfig
}

func start(t testing.TB, o options) *site {
	t.Helper()
	if o.limits == (chat.Limits{}) {
		o.limits = chat.DefaultLimits
	}
	c := &clock{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	sessions, kept := auth.NewSessions(), pages.NewKept()
	s, err := store.Open(context.Background(), store.Config{Path: filepath.Join(t.TempDir(), "parley.db"), Clock: c.Now, Log: logs{sessions, kept}})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(func() {
		stop()
		s.Close()
	})
	it := &site{
		t: t, store: s, stop: stop, clock: c, here: map[chat.RoomID]int{},
		rooms: &chat.Rooms{Store: s, Limits: o.limits}, users: &chat.Users{Store: s, Limits: o.limits}, options: o, sessions: sessions, kept: kept,
	}
	if o.mail {
		it.openMail()
	}
	it.url = it.serve(it.rooms, sessions, kept)
	return it
}

// openMail has what the site sends arrive in a box of its own.
func (s *site) openMail() {
	s.t.Helper()
	var err error
	if s.box, err = postbox.Open(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.box.Close)
	server, err := url.Parse(s.box.URL())
	if err != nil {
		s.t.Fatal(err)
	}
	sender, err := mail.New(mail.Config{
		Server: server, From: "chat@example.org", Base: &url.URL{Scheme: "http", Host: "chat.example.org"}, Clock: s.clock.Now,
		Logger: slog.New(slog.NewTextHandler(s.t.Output(), nil)),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.users.Mail = sender
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sender.Run(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("the mail's Run: %v", err)
		}
	})
}

// letter is the mail that arrived next, and where the link in it leads, as a path.
func (s *site) letter() (m postbox.Message, path string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	m, err := s.box.Next(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	return m, strings.TrimPrefix(m.Link(), "http://chat.example.org")
}

// serve serves the site at an address of its own, and gives it.
func (s *site) serve(rooms *chat.Rooms, sessions *auth.Sessions, kept *pages.Kept) string {
	s.t.Helper()
	server := httptest.NewServer(s.handler(rooms, sessions, kept))
	s.t.Cleanup(server.Close)
	return server.URL
}

func (s *site) parsedURL() *url.URL {
	u, err := url.Parse(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	return u
}

// handler is all that answers requests.
func (s *site) handler(rooms *chat.Rooms, sessions *auth.Sessions, kept *pages.Kept) http.Handler {
	t := s.t
	t.Helper()
	gate, err := auth.New(auth.Config{
		Users: s.users, Clock: s.clock.Now, Unlimited: s.options.unlimited, BaseURL: s.options.base, Sessions: sessions,
	})
	if err != nil {
		t.Fatal(err)
	}
	assets, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	p, err := pages.New(pages.Config{
		Providers: s.openProviders(gate),
		Rooms:     rooms, Users: s.users, Gate: gate, Assets: assets, SetupToken: setupToken, Version: "1.2.3", Kept: kept,
		Here: func(r chat.RoomID) int { return s.here[r] }, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	mux := http.NewServeMux()
	p.Register(mux)
	// Prefixes of other doors must not be in conflict with ours.
	mux.Handle("/admin/", http.NotFoundHandler())
	mux.Handle(web.Prefix, assets)
	mux.Handle("GET /ws", http.NotFoundHandler())
	mux.Handle("GET /ws/notification/{room}/", http.NotFoundHandler())
	return mux
}

// A clock is the time of a test; it stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A browser keeps cookies and follows no redirect by itself.
type browser struct {
	site   *site
	client *http.Client
}

func (s *site) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	transport := &http.Transport{}
	s.t.Cleanup(transport.CloseIdleConnections)
	return &browser{site: s, client: &http.Client{
		Jar: jar, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// A response with its body read.
type response struct {
	*http.Response
	body string
}

// to is where the response redirects to, as a path.
func (r response) to() string { return r.Header.Get("Location") }

func (b *browser) do(method, path, contentType, body string, header ...string) response {
	b.site.t.Helper()
	req, err := http.NewRequest(method, b.site.url+path, strings.NewReader(body))
	if err != nil {
		b.site.t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.site.t.Fatal(err)
	}
	defer res.Body.Close()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		b.site.t.Fatal(err)
	}
	return response{res, string(read)}
}

func (b *browser) get(path string, header ...string) response {
	b.site.t.Helper()
	return b.do(http.MethodGet, path, "", "", header...)
}

// post sends a form whose fields are given in pairs.
func (b *browser) post(path string, fields ...string) response {
	b.site.t.Helper()
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", form(fields...).Encode())
}

func form(fields ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return v
}

// join goes in and is the address of the room's page.
func (b *browser) join(username, room string) string {
	b.site.t.Helper()
	res := b.post("/", "username", username, "room", room)
	if res.StatusCode != http.StatusSeeOther {
		b.site.t.Fatalf("joining %q as %q: got %d, want a redirect\n%s", room, username, res.StatusCode, res.body)
	}
	return res.to()
}

// expect fails the test unless the response has that status and its page, as a reader sees it, all those words.
func expect(t testing.TB, res response, status int, words ...string) {
	t.Helper()
	if res.StatusCode != status {
		t.Errorf("%s %s: got %d to %q, want %d\n%s", res.Request.Method, res.Request.URL, res.StatusCode, res.to(), status, res.body)
	}
	seen := visible(res.body)
	for _, w := range words {
		if !strings.Contains(seen, w) {
			t.Errorf("%s %s: no %q on the page:\n%s", res.Request.Method, res.Request.URL, w, seen)
		}
	}
}

// redirects fails the test unless the response sends the browser there.
func redirects(t testing.TB, res response, to string) {
	t.Helper()
	if res.StatusCode != http.StatusSeeOther || res.to() != to {
		t.Errorf("%s %s: got %d to %q, want 303 to %q\n%s", res.Request.Method, res.Request.URL, res.StatusCode, res.to(), to, res.body)
	}
}

var (
	scripts = regexp.MustCompile(`(?s)<(script|style|title)\b.*?</(script|style|title)>`)
	tags    = regexp.MustCompile(`(?s)<[^>]*>`)
	blanks  = regexp.MustCompile(`[ \n]+`)
)

// A tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// find is what the first group of pattern matches in a page, without escapes.
func find(t tester, page, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no %s in:\n%s", pattern, page)
	}
	return html.UnescapeString(m[1])
}

// visible is the text of a page.
func visible(page string) string {
	text := tags.ReplaceAllString(scripts.ReplaceAllString(page, " "), "")
	return blanks.ReplaceAllString(html.UnescapeString(text), " ")
}

// value is the value of the input of that name, as a browser would send it; false if there is none.
func value(page, name string) (string, bool) {
	input := regexp.MustCompile(`<input [^>]*name="` + name + `"[^>]*>`).FindString(page)
	m := regexp.MustCompile(` value="([^"]*)"`).FindStringSubmatch(input)
	if m == nil {
		return "", false
	}
	return html.UnescapeString(m[1]), true
}

// holds fails the test unless the page has that input with that value.
func holds(t testing.TB, res response, name, want string) {
	t.Helper()
	if got, ok := value(res.body, name); !ok || got != want {
		t.Errorf("the field %s has %q (%t), want %q", name, got, ok, want)
	}
}

// count runs a query that counts what is stored.
func (s *site) counts() (users, rooms int) {
	s.t.Helper()
	err := s.store.Read(context.Background(), func(snap chat.Snapshot) error {
		all, err := snap.PublicRooms(1000)
		rooms = len(all)
		for id := chat.UserID(1); err == nil; id++ {
			if _, err = snap.User(id); err == nil {
				users++
			}
		}
		if chat.KindOf(err) == chat.NotFound {
			err = nil
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return users, rooms
}
