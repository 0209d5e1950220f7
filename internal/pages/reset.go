package pages

import (
	"net/http"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A resetForm is the page of who has forgotten the password: first it asks for the address, and the link that is sent there leads to
// it again, with a token, to choose a new one.
type resetForm struct {
	Token    string
	Email    string
	Name     string // whose password it is
	Sent     bool
	Mailing  bool
	Faults   faults
	Shortest int
}

// secret keeps the address of a page, which may have a token in it, from whoever the page leads to.
func secret(w http.ResponseWriter) { w.Header().Set("Referrer-Policy", "strict-origin") }

func (p *Pages) resetPage(w http.ResponseWriter, r *http.Request, _ auth.Identity) error {
	form := resetForm{Token: r.URL.Query().Get("token")}
	if form.Token != "" {
		user, err := p.users.Resets(r.Context(), form.Token)
		if err != nil {
			secret(w)
			return err
		}
		form.Name = user.Name
	}
	return p.showReset(w, r, http.StatusOK, form)
}

func (p *Pages) showReset(w http.ResponseWriter, r *http.Request, status int, form resetForm) error {
	form.Mailing, form.Shortest = p.users.Mailing(), auth.MinPassword
	secret(w)
	return p.render(w, r, status, "reset", form)
}

// reset has a link sent, or takes the new password of whoever has one.
func (p *Pages) reset(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if token := form.Get("token"); token != "" {
		return p.resetPassword(w, r, token, form.Get("password"))
	}
	filled := resetForm{Email: form.Get("email"), Faults: faults{}}
	if !p.users.Mailing() {
		return chat.Errorf(chat.Forbidden, "", "This server sends no e-mail. Ask an administrator for a link to a new password.")
	}
	if err = p.gate.Allow(r, auth.Mail, me.User.ID); err == nil {
		err = p.users.Forgot(filled.Email)
	}
	if err != nil {
		return p.refuseReset(w, r, filled, err)
	}
	filled.Sent = true
	return p.showReset(w, r, http.StatusOK, filled)
}

// resetPassword gives whoever has the link the new password. All devices are signed out, this one as well.
func (p *Pages) resetPassword(w http.ResponseWriter, r *http.Request, token, password string) error {
	secret(w)
	user, err := p.users.Resets(r.Context(), token)
	if err != nil {
		return err
	}
	filled := resetForm{Token: token, Name: user.Name, Faults: faults{}}
	if err := auth.CheckPassword(password, user.Name); err != nil {
		return p.refuseReset(w, r, filled, err)
	}
	phc, err := auth.Hash(r.Context(), password)
	if err != nil {
		return p.refuseReset(w, r, filled, err)
	}
	if _, err := p.users.ResetPassword(r.Context(), token, phc); err != nil {
		return err
	}
	p.gate.End(w, r)
	return redirect(w, r, "/-/sign-in?done=reset")
}

func (p *Pages) refuseReset(w http.ResponseWriter, r *http.Request, filled resetForm, err error) error {
	e := chat.AsError(err)
	if wantsJSON(r) || e.Kind == chat.Internal {
		return err
	}
	filled.Faults.add(e)
	retryAfter(w, e)
	return p.showReset(w, r, p.status(r, e), filled)
}
