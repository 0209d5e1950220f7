package pages

import (
	"net/http"

	"parley/internal/auth"
)

// A handler answers one request of me, the zero Identity for nobody. An error is returned before anything was written.
type handler func(w http.ResponseWriter, r *http.Request, me auth.Identity) error

type route struct {
	pattern string
	handle  handler
}

// routes are all addresses of this door. Whatever has two segments and is not listed is a person in a room.
func (p *Pages) routes() []route {
	return []route{
		{"GET /{$}", p.joinPage},
		{"POST /{$}", p.join},

		{"GET /{room}/{username}/{$}", p.roomPage},
		{"POST /{room}/{username}/{$}", p.post},
		{"GET /{room}/{username}", p.addSlash},

		{"GET /-/sign-in", p.signInPage},
		{"POST /-/sign-in", p.signIn},
		{"GET /-/sign-out", p.signOutPage},
		{"POST /-/sign-out", p.signOut},
		{"GET /-/setup", p.setupPage},
		{"POST /-/setup", p.setup},

		{"GET /favicon.ico", p.favicon},
		{"GET /robots.txt", p.robots},
	}
}

// Register adds the pages to the server's routes: everything that no other door has asked for is answered here, with an
// error page if there is no such address. It is one pattern, "/", because a pattern for any two segments would be in
// conflict with the prefixes of other doors.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("/", p.Secure(p))
}

// ServeHTTP finds the route.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	handle, pattern := p.mux.Handler(r)
	if pattern != "" {
		p.mux.ServeHTTP(w, r)
		return
	}
	// No route: the ServeMux knows why, but says so in plain text.
	why := refusal{header: http.Header{}}
	handle.ServeHTTP(&why, r)
	if allow := why.header.Get("Allow"); allow != "" {
		w.Header().Set("Allow", allow)
		p.failWith(w, r, http.StatusMethodNotAllowed, errMethod)
		return
	}
	p.NotFound(w, r)
}

// A refusal is an answer of which only the header is kept.
type refusal struct{ header http.Header }

func (f *refusal) Header() http.Header         { return f.header }
func (f *refusal) Write(b []byte) (int, error) { return len(b), nil }
func (f *refusal) WriteHeader(int)             {}

func (p *Pages) favicon(w http.ResponseWriter, r *http.Request, _ auth.Identity) error {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	http.Redirect(w, r, p.assets.URL("favicon.svg"), http.StatusFound)
	return nil
}

// robots asks search engines to stay away: what people say in rooms is not for them.
func (p *Pages) robots(w http.ResponseWriter, _ *http.Request, _ auth.Identity) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, err := w.Write([]byte("User-agent: *\nDisallow: /\n"))
	return err
}
