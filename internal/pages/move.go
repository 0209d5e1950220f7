package pages

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"time"

	"rsc.io/qr"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A moveView is the page that takes somebody to another device: on the old one the code, on the new one the question whether to go
// on as that person.
type moveView struct {
	Me    chat.User
	Code  template.URL // the picture, "" for none
	Link  string
	Until time.Time

	Token string
	Name  string // whom one becomes
	Kind  chat.UserKind
}

// IsGuest reports whether somebody gives up a guest's name by going on.
func (v moveView) IsGuest() bool { return v.Me.Kind == chat.Guest }

func (p *Pages) movePage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	secret(w)
	token := r.URL.Query().Get("token")
	if token == "" {
		if me.User.ID == 0 {
			return redirect(w, r, "/-/sign-in?next=/-/move")
		}
		return p.render(w, r, http.StatusOK, "move", moveView{Me: me.User})
	}
	user, err := p.users.Moves(r.Context(), token)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, "move", moveView{Me: me.User, Token: token, Name: user.Name, Kind: user.Kind})
}

// move shows a code that signs another device in, or signs this one in by the code that it was opened with.
func (p *Pages) move(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	secret(w)
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	if token := form.Get("token"); token != "" {
		return p.arrive(w, r, me, token)
	}
	path, until, err := p.users.Move(r.Context(), me.Actor(), me.Session)
	if err != nil {
		return err
	}
	view := moveView{Me: me.User, Link: p.gate.Own(r).String() + path, Until: time.UnixMilli(until).UTC()}
	code, err := qr.Encode(view.Link, qr.M)
	if err != nil {
		return err
	}
	view.Code = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG()))
	return p.render(w, r, http.StatusOK, "move", view)
}

// arrive opens a session for whose code it is, and ends the one that the browser had.
func (p *Pages) arrive(w http.ResponseWriter, r *http.Request, me auth.Identity, token string) error {
	session, cookie := p.gate.Begin(r)
	if _, err := p.users.Arrive(r.Context(), token, session); err != nil {
		return err
	}
	p.endFormer(r, me)
	http.SetCookie(w, cookie)
	return redirect(w, r, "/")
}

// endFormer ends the session that a browser had before it was given another one.
func (p *Pages) endFormer(r *http.Request, me auth.Identity) {
	if me.Session == "" {
		return
	}
	if err := p.users.SignOut(r.Context(), me.Session); err != nil {
		// The browser forgets it all the same.
		p.logger.Warn("the session before could not be ended", "error", err)
	}
}
