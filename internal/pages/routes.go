package pages

import (
	"net/http"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A handler answers one request of me, the zero Identity for nobody. An error is returned before anything was written.
type handler func(w http.ResponseWriter, r *http.Request, me auth.Identity) error

// A route is a pattern, its row of the permission table, and what answers it.
type route struct {
	pattern string
	may     chat.Verb
	handle  handler
}

// routes are all addresses of this door. Whatever has two segments and is not listed is a person in a room.
func (p *Pages) routes() []route {
	return append([]route{
		{"GET /{$}", chat.Anybody, p.joinPage},
		{"POST /{$}", chat.Join, p.join},

		{"GET /{room}/{username}/{$}", chat.Read, p.roomPage},
		{"POST /{room}/{username}/{$}", chat.Speak, p.post},
		{"GET /{room}/{username}", chat.Anybody, p.addSlash},

		{"GET /-/invite", chat.Anybody, p.invitePage},
		{"POST /-/invite", chat.Anybody, p.acceptInvite},
		{"GET /-/invite.png", chat.Anybody, p.inviteImage},
		{"GET /-/invites", chat.Host, p.invitesPage},
		{"POST /-/invites", chat.Host, p.changeInvites},
		{"GET /-/rooms/new", chat.Create, p.newRoomPage},
		{"POST /-/rooms/new", chat.Create, p.newRoom}, // private and direct rooms: chat.Enclose, chat.Direct
		{"GET /-/room/{room}", chat.Read, p.aboutRoomPage},
		{"POST /-/room/{room}/settings", chat.Manage, p.onRoom(p.changeRoom)},
		{"POST /-/room/{room}/archive", chat.Archive, p.onRoom(p.archiveRoom)},
		{"POST /-/room/{room}/convert", chat.Convert, p.onRoom(p.convertRoom)},
		{"POST /-/room/{room}/add", chat.Add, p.onRoom(p.addToRoom)},
		{"POST /-/room/{room}/remove", chat.Remove, p.onRoom(p.removeFromRoom)},
		{"POST /-/room/{room}/member", chat.Remove, p.onRoom(p.changeMember)}, // also chat.Appoint
		{"POST /-/room/{room}/join", chat.Join, p.onRoom(p.joinRoom)},
		{"POST /-/room/{room}/leave", chat.Leave, p.onRoom(p.leaveRoom)},
		{"GET /-/room/{room}/delete", chat.Drop, p.dropRoomPage},
		{"POST /-/room/{room}/delete", chat.Drop, p.onRoom(p.dropRoom)},
		{"GET /-/room/{room}/invites", chat.Invite, p.invitesPage},
		{"POST /-/room/{room}/invites", chat.Invite, p.changeInvites},

		{"GET /-/room/{room}/moderate", chat.Review, p.moderatePage},
		{"POST /-/room/{room}/moderate/held/{held}", chat.Approve, p.moderateBy(p.decideHeld)},
		{"POST /-/room/{room}/moderate/reports/{report}", chat.Approve, p.moderateBy(p.decideReport)},
		{"POST /-/room/{room}/moderate/mute", chat.Silence, p.moderateBy(p.muteMember)},
		{"POST /-/room/{room}/moderate/purge", chat.DeleteAny, p.moderateBy(p.purgeMember)},
		{"GET /-/room/{room}/report/{number}", chat.Read, p.reportPage},
		{"POST /-/room/{room}/report/{number}", chat.Report, p.report},

		{"GET /favicon.ico", chat.Anybody, p.favicon},
		{"GET /robots.txt", chat.Anybody, p.robots},
	}, p.accountRoutes()...)
}

// accountRoutes are the addresses where people sign in and out, and change what is their own.
func (p *Pages) accountRoutes() []route {
	return []route{
		{"GET /-/sign-in", chat.Anybody, p.signInPage},
		{"POST /-/sign-in", chat.Anybody, p.signIn},
		{"GET /-/sign-out", chat.Anybody, p.signOutPage},
		{"POST /-/sign-out", chat.Anybody, p.signOut},
		{"GET /-/setup", chat.Anybody, p.setupPage},
		{"POST /-/setup", chat.Anybody, p.setup},

		{"GET /-/me/export", chat.Rename, p.exportPage},
		{"POST /-/me/export", chat.Rename, p.export},
		{"GET /-/me/delete", chat.Rename, p.deletePage},
		{"POST /-/me/delete", chat.Rename, p.deleteMe},

		{"GET /-/register", chat.Become, p.registerPage},
		{"POST /-/register", chat.Become, p.register},
		{"GET /-/reset", chat.Anybody, p.resetPage},
		{"POST /-/reset", chat.Anybody, p.reset},
		{"GET /-/verify", chat.Anybody, p.verifyPage},
		{"POST /-/verify", chat.Anybody, p.verify},
		{"GET /-/move", chat.Anybody, p.movePage},
		{"POST /-/move", chat.Anybody, p.move}, // with a code it is nobody who asks
		{"GET /-/me", chat.Anybody, p.mePage},
		{"POST /-/me", chat.Appear, p.change("profile", p.changeProfile)},
		{"POST /-/me/email", chat.Rename, p.change("email", p.changeEmail)},
		{"POST /-/me/password", chat.Rename, p.change("password", p.changePassword)},
		{"POST /-/me/devices", chat.Rename, p.change("device", p.endDevice)},
		{"POST /-/me/devices/others", chat.Rename, p.change("devices", p.endOtherDevices)},
		{"GET /-/people/{user}", chat.Meet, p.personPage},

		{"POST /-/passkey/sign-in", chat.Anybody, p.askForPasskey},
		{"POST /-/passkey/sign-in/finish", chat.Anybody, p.signInByPasskey},
		{"POST /-/passkey/add", chat.Become, p.askForNewPasskey},
		{"POST /-/passkey/add/finish", chat.Become, p.addPasskey},
		{"POST /-/passkey/rename", chat.Rename, p.change("passkey-renamed", p.renamePasskey)},
		{"POST /-/passkey/remove", chat.Rename, p.change("passkey-removed", p.removePasskey)},
		{"GET /-/oidc/{provider}", chat.Anybody, p.toProvider},
		{"GET /-/oidc/{provider}/callback", chat.Anybody, p.fromProvider},
		{"GET /-/welcome", chat.Anybody, p.welcomePage},
		{"POST /-/welcome", chat.Become, p.welcome},
		{"POST /-/identity/add", chat.Rename, p.linkProvider},
		{"POST /-/identity/remove", chat.Rename, p.change("identity-removed", p.removeIdentity)},
	}
}

// Routes are the pages with their rows.
func (p *Pages) Routes() []chat.Route {
	var all []chat.Route
	for _, r := range p.routes() {
		all = append(all, chat.Route{Door: "pages", Pattern: r.pattern, Verb: r.may})
	}
	return all
}

// Register adds the pages to the server's routes: everything that no other door has asked for is answered here, with an
// error page if there is no such address. It is one pattern, "/", because a pattern for any two segments would be in
// conflict with the prefixes of other doors.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("/", p)
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
