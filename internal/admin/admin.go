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

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/problem"
	"parley/web"
)

// Config is what a Site is made from; everything but Logger is required.
type Config struct {
	Admin  *chat.Admin
	Gate   *auth.Gate
	Assets *web.Assets
	Purger *Purger      // is woken after deletions
	Logger *slog.Logger // nil for slog.Default
}

// A Site is the admin site. It may serve any number of requests at once.
type Site struct {
	admin  *chat.Admin
	gate   *auth.Gate
	purger *Purger
	logger *slog.Logger
	views  *views
	mux    *http.ServeMux
}

// New makes the site.
func New(c Config) (*Site, error) {
	if c.Admin == nil || c.Gate == nil || c.Assets == nil || c.Purger == nil {
		return nil, errors.New("admin: Config.Admin, Gate, Assets and Purger are required")
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	views, err := parseViews(c.Assets)
	if err != nil {
		return nil, err
	}
	s := &Site{admin: c.Admin, gate: c.Gate, purger: c.Purger, logger: c.Logger, views: views, mux: http.NewServeMux()}
	for _, route := range s.routes() {
		s.mux.Handle(route.pattern, s.answer(route.handle))
	}
	return s, nil
}

// A handler answers one request of somebody who may operate the server. An error is returned before anything was written.
type handler func(w http.ResponseWriter, r *http.Request, me auth.Identity) error

type route struct {
	pattern string
	handle  handler
}

// routes are all addresses of this door.
func (s *Site) routes() []route {
	return []route{
		{"GET /admin/{$}", s.index},

		{"GET /admin/rooms/{$}", s.roomList},
		{"GET /admin/rooms/add", s.addRoomPage},
		{"POST /admin/rooms/add", s.addRoom},
		{"GET /admin/rooms/delete", s.deleteRoomsPage},
		{"POST /admin/rooms/delete", s.deleteRooms},
		{"GET /admin/rooms/{room}/{$}", s.roomPage},
		{"POST /admin/rooms/{room}/{$}", s.editRoom},

		{"GET /admin/messages/{$}", s.messageList},
		{"GET /admin/messages/delete", s.deleteMessagesPage},
		{"POST /admin/messages/delete", s.deleteMessages},
		{"GET /admin/messages/{room}/{number}/{$}", s.messagePage},
		{"POST /admin/messages/{room}/{number}/{$}", s.editMessage},

		{"GET /admin/users/{$}", s.userList},
		{"GET /admin/users/add", s.addUserPage},
		{"POST /admin/users/add", s.addUser},
		{"GET /admin/users/delete", s.deleteUsersPage},
		{"POST /admin/users/delete", s.deleteUsers},
		{"GET /admin/users/{user}/{$}", s.userPage},
		{"POST /admin/users/{user}/{$}", s.editUser},

		{"GET /admin/log/{$}", s.log},

		{"/admin/", s.notFound},
	}
}

// Register adds the site to the server's routes, under "/admin/".
func (s *Site) Register(mux *http.ServeMux) { mux.Handle("/admin/", s) }

// policy is the content security policy of a site without any script.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	s.mux.ServeHTTP(w, r)
}

// answer turns a handler into one of net/http: it turns away everybody who may not operate the server, reads the form, and
// shows what went wrong.
func (s *Site) answer(handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		me, err := s.gate.Who(r)
		if err == nil {
			err = operates(me)
		}
		if err == nil {
			err = s.readForm(w, r, me)
		}
		if err == nil {
			err = handle(w, r, me)
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
	s.views.render(w, problem.Status(e), "error", page{Title: titleOf(e), Me: me.User, Operator: operates(me) == nil, Body: e})
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

// operates returns nil if the site is for me.
func operates(me auth.Identity) error { return chat.Standing{User: me.User}.Can(chat.Operate) }
