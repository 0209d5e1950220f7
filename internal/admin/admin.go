// Package admin is the admin site, and the operator's commands behind the command line.
//
// The site is rendered by the server and needs no script: lists with search, filters and sortable columns, forms, and
// pages that say what goes with a deletion. It decides nothing: every act is a verb of chat.Admin, which asks for the
// permission again, tells open pages, and notes who did it. What takes long is left to the Purger.
//
// The operator's commands (Operator, and Create, List, SetPassword and Remove that ask it) are JSON over a unix socket
// that only the server's own user can open, or in the same process when no server runs.
package admin

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/problem"
	"parley/web"
)

// Config is what a Site is made from; everything but Logger is required.
type Config struct {
	Admin      *chat.Admin
	Moderation *chat.Moderation
	Gate       *auth.Gate
	Assets     *web.Assets
	Purger     *Purger      // is woken after deletions
	Logger     *slog.Logger // nil for slog.Default
}

// A Site is the admin site. It may serve any number of requests at once.
type Site struct {
	admin      *chat.Admin
	moderation *chat.Moderation
	gate       *auth.Gate
	purger     *Purger
	logger     *slog.Logger
	views      *views
	mux        *http.ServeMux
}

// New makes the site.
func New(c Config) (*Site, error) {
	if c.Admin == nil || c.Moderation == nil || c.Gate == nil || c.Assets == nil || c.Purger == nil {
		return nil, errors.New("admin: Config.Admin, Moderation, Gate, Assets and Purger are required")
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	views, err := parseViews(c.Assets)
	if err != nil {
		return nil, err
	}
	s := &Site{admin: c.Admin, moderation: c.Moderation, gate: c.Gate, purger: c.Purger, logger: c.Logger, views: views, mux: http.NewServeMux()}
	for _, route := range s.routes() {
		s.mux.Handle(route.pattern, s.answer(route))
	}
	return s, nil
}

// A handler answers one request of somebody who may, by its route's row. An error is returned before anything was written.
type handler func(w http.ResponseWriter, r *http.Request, me auth.Identity) error

// A route is a pattern, its row of the permission table, and what answers it.
type route struct {
	pattern string
	may     chat.Verb
	handle  handler
}

// routes are all addresses of this door.
func (s *Site) routes() []route {
	return []route{
		{"GET /admin/{$}", chat.Operate, s.index},

		{"GET /admin/rooms/{$}", chat.Operate, s.roomList},
		{"GET /admin/rooms/add", chat.Operate, s.addRoomPage},
		{"POST /admin/rooms/add", chat.Operate, s.addRoom},
		{"GET /admin/rooms/delete", chat.Operate, s.deleteRoomsPage},
		{"POST /admin/rooms/delete", chat.Operate, s.deleteRooms},
		{"GET /admin/rooms/{room}/{$}", chat.Operate, s.roomPage},
		{"POST /admin/rooms/{room}/{$}", chat.Operate, s.editRoom},

		{"GET /admin/messages/{$}", chat.Operate, s.messageList},
		{"GET /admin/messages/delete", chat.Operate, s.deleteMessagesPage},
		{"POST /admin/messages/delete", chat.Operate, s.deleteMessages},
		{"GET /admin/messages/{room}/{number}/{$}", chat.Operate, s.messagePage},
		{"POST /admin/messages/{room}/{number}/{$}", chat.Operate, s.editMessage},

		{"GET /admin/users/{$}", chat.Operate, s.userList},
		{"GET /admin/users/add", chat.Operate, s.addUserPage},
		{"POST /admin/users/add", chat.Operate, s.addUser},
		{"GET /admin/users/delete", chat.Operate, s.deleteUsersPage},
		{"POST /admin/users/delete", chat.Operate, s.deleteUsers},
		{"GET /admin/users/{user}/{$}", chat.Operate, s.userPage},
		{"POST /admin/users/{user}/{$}", chat.Operate, s.editUser},
		{"GET /admin/users/{user}/reset", chat.Operate, s.resetPage},
		{"POST /admin/users/{user}/reset", chat.Operate, s.resetLink},

		{"GET /admin/log/{$}", chat.Operate, s.log},

		{"GET /admin/reports/{$}", chat.Moderate, s.reportList},
		{"POST /admin/reports/{report}/{$}", chat.Moderate, s.decideReport},
		{"GET /admin/waiting/{$}", chat.Moderate, s.heldList},
		{"POST /admin/waiting/{room}/{held}/{$}", chat.Moderate, s.decideHeld},
		{"GET /admin/people/{user}/{$}", chat.Moderate, s.personPage},
		{"POST /admin/people/{user}/mute", chat.Moderate, s.act(mutePerson)},
		{"POST /admin/people/{user}/ban", chat.Moderate, s.act(banPerson)},
		{"POST /admin/people/{user}/unban", chat.Moderate, s.act(unbanPerson)},
		{"POST /admin/people/{user}/purge", chat.Moderate, s.act(purgePerson)},
		{"GET /admin/bans/{$}", chat.Moderate, s.banList},
		{"POST /admin/bans/{$}", chat.Moderate, s.banNetwork},
		{"POST /admin/bans/lift", chat.Moderate, s.liftNetwork},
		{"GET /admin/purges/{$}", chat.Moderate, s.purgeList},
		{"POST /admin/purges/{$}", chat.Moderate, s.purge},
		{"GET /admin/settings/{$}", chat.Moderate, s.settingsPage},
		{"POST /admin/settings/{$}", chat.Operate, s.changeSettings},
		{"POST /admin/lockdown", chat.Moderate, s.lockDown},

		{"/admin/", chat.Operate, s.notFound},
	}
}

// Routes are the pages of the site with their rows.
func (s *Site) Routes() []chat.Route {
	var all []chat.Route
	for _, r := range s.routes() {
		all = append(all, chat.Route{Door: "admin", Pattern: r.pattern, Verb: r.may})
	}
	return all
}

// Register adds the site to the server's routes, under "/admin/".
func (s *Site) Register(mux *http.ServeMux) { mux.Handle("/admin/", s) }

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	s.mux.ServeHTTP(w, r)
}

// answer turns a route into a handler of net/http: it turns away everybody who may not by the route's row, reads the form, and
// shows what went wrong.
func (s *Site) answer(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		me, err := s.gate.Who(r)
		if err == nil {
			err = chat.Standing{User: me.User}.Can(route.may)
		}
		if err == nil {
			err = s.readForm(w, r, me)
		}
		if err == nil {
			err = route.handle(w, r, me)
		}
		if err != nil {
			s.fail(w, r, me, err)
		}
	})
}

// readForm makes r.PostForm of the body, within bounds that a message of the greatest length fits into.
func (s *Site) readForm(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	budget := auth.Read
	if r.Method == http.MethodPost {
		budget = auth.Post
	}
	if err := s.gate.Allow(r, budget, me.User.ID); err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, int64(64<<10+4*s.admin.Limits.Text))
	err := r.ParseForm()
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return chat.Errorf(chat.TooLong, "", "That was too much for one form.")
	}
	if err != nil {
		return chat.Errorf(chat.BadFrame, "", "That form cannot be read.").Because(err)
	}
	return nil
}

// fail answers with an error: whoever is nobody is asked to sign in and comes back, others see a page.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, me auth.Identity, err error) {
	e := chat.AsError(err)
	switch e.Kind {
	case chat.Unauthenticated:
		next := r.URL.Path
		if r.Method == http.MethodGet {
			next = r.URL.RequestURI()
		}
		http.Redirect(w, r, "/-/sign-in?next="+url.QueryEscape(next), http.StatusSeeOther)
		return
	case chat.Internal:
		s.logger.Error("request", "method", r.Method, "route", r.Pattern, "error", err, "cause", errors.Unwrap(e))
	}
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	s.views.render(w, problem.Status(e), "error", page{Title: titleOf(e), Me: me.User, Operator: operates(me) == nil, Moderator: moderates(me) == nil, Body: e})
}

func titleOf(e *chat.Error) string {
	switch e.Kind {
	case chat.Forbidden:
		return "Not allowed"
	case chat.NotFound:
		return "Nothing here"
	case chat.RateLimited, chat.Unavailable:
		return "One moment, please"
	case chat.Internal:
		return "Something went wrong"
	default:
		return "That did not work"
	}
}

func (s *Site) notFound(http.ResponseWriter, *http.Request, auth.Identity) error {
	return chat.Errorf(chat.NotFound, "", "There is no page at this address.")
}

// index is the first page.
func (s *Site) index(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	overview, err := s.admin.Overview(r.Context(), me.Actor())
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, "index", me, page{Title: "Administration", Body: indexBody{
		Sections: []section{
			{"Rooms", "/admin/rooms/", counted(overview.Rooms), "/admin/rooms/add"},
			{"Messages", "/admin/messages/", counted(overview.Messages), ""},
			{"Users", "/admin/users/", counted(overview.Users), "/admin/users/add"},
		},
		Newest: auditLines(overview.Newest),
	}})
	return nil
}

// An indexBody is what the first page shows.
type indexBody struct {
	Sections []section
	Newest   []auditLine
}

type section struct{ Name, Href, Count, Add string }

// moderates returns nil if the parts of the site that are about moderation are for me.
func moderates(me auth.Identity) error { return chat.Standing{User: me.User}.Can(chat.Moderate) }

// operates returns nil if the site is for me.
func operates(me auth.Identity) error { return chat.Standing{User: me.User}.Can(chat.Operate) }
