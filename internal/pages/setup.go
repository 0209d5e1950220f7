package pages

import (
	"crypto/subtle"
	"net/http"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A setupForm is the page of the set-up link, where the first owner is made.
type setupForm struct {
	Token    string
	Username string
	Faults   faults
	Limits   chat.Limits
	Shortest int // characters of a password
}

func (p *Pages) setupPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	token := r.URL.Query().Get("token")
	if err := p.maySetUp(r, token); err != nil {
		return err
	}
	return p.showSetup(w, r, http.StatusOK, setupForm{Token: token, Username: me.User.Name})
}

func (p *Pages) showSetup(w http.ResponseWriter, r *http.Request, status int, form setupForm) error {
	form.Limits, form.Shortest = p.users.Limits, auth.MinPassword
	return p.render(w, r, status, "setup", form)
}

// setup makes the first owner: of the guest who asks, keeping messages and rooms, or a new account. Of many at once one wins.
func (p *Pages) setup(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if err := p.maySetUp(r, form.Get("token")); err != nil {
		return err
	}
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	filled := setupForm{Token: form.Get("token"), Username: form.Get("username"), Faults: faults{}}
	_, nameErr := chat.CheckName(filled.Username, p.users.Limits.Name)
	passwordErr := auth.CheckPassword(form.Get("password"), filled.Username)
	filled.Faults.add(nameErr)
	filled.Faults.add(passwordErr)
	if nameErr != nil {
		return p.refuseSetup(w, r, filled, nameErr)
	}
	if passwordErr != nil {
		return p.refuseSetup(w, r, filled, passwordErr)
	}
	phc, err := auth.Hash(r.Context(), form.Get("password"))
	if err != nil {
		return p.refuseSetup(w, r, filled, err)
	}
	session, cookie := p.gate.Begin(r)
	owner, err := p.users.Enrol(r.Context(), chat.Enrolment{
		Actor: me.Actor(), Name: filled.Username, Password: phc, Role: chat.Owner, First: true, Session: session,
	})
	if err != nil {
		return p.refuseSetup(w, r, filled, err)
	}
	p.mu.Lock()
	p.token = ""
	p.mu.Unlock()
	p.logger.Info("the first owner has been made", "user", owner.ID.String())
	http.SetCookie(w, cookie)
	return redirect(w, r, "/")
}

func (p *Pages) refuseSetup(w http.ResponseWriter, r *http.Request, filled setupForm, err error) error {
	e := chat.AsError(err)
	if wantsJSON(r) || e.Field == "" {
		return err
	}
	filled.Faults.add(e)
	return p.showSetup(w, r, p.status(r, e), filled)
}

// maySetUp is nil while a token is that of the set-up link and there is no owner.
func (p *Pages) maySetUp(r *http.Request, token string) error {
	p.mu.Lock()
	want := p.token
	p.mu.Unlock()
	if want == "" || subtle.ConstantTimeCompare([]byte(token), []byte(want)) != 1 {
		return chat.Errorf(chat.NotFound, "token", "This set-up link is not valid, or no longer. The server prints a new one when it starts without an owner.")
	}
	owned, err := p.users.Owned(r.Context())
	if err == nil && owned {
		err = chat.Errorf(chat.Conflict, "", "This server has an owner already.")
	}
	return err
}
