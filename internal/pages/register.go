package pages

import (
	"net/http"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A registerForm is the page where somebody makes an account: a guest of the name that they have, nobody of a new one.
type registerForm struct {
	Username, Email string
	Next, Invite    string
	Faults          faults
	Suggestion      string
	Closed          string // why nobody can make an account just now, "" if they can
	Me              chat.User
	Mailing         bool
	Shortest        int // characters of a password
	Providers       []providerLink
}

// IsGuest reports whether a guest becomes a member in place.
func (f registerForm) IsGuest() bool { return f.Me.Kind == chat.Guest }

func (p *Pages) registerPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	query := r.URL.Query()
	form := registerForm{Username: me.User.Name, Next: localPath(query.Get("next"), ""), Invite: query.Get("invite")}
	if me.User.Kind == chat.Account {
		return redirect(w, r, localPath(form.Next, "/-/me"))
	}
	session, _ := p.gate.Begin(r) // only to ask with: it is never stored
	err := p.users.MayRegister(r.Context(), chat.Enrolment{Actor: me.Actor(), Session: session, Invited: p.invited(form.Invite)})
	if chat.KindOf(err) == chat.Forbidden {
		form.Closed = chat.AsError(err).Message
	} else if err != nil {
		return err
	}
	return p.showRegister(w, r, me, http.StatusOK, form)
}

func (p *Pages) showRegister(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, form registerForm) error {
	form.Me, form.Mailing, form.Shortest = me.User, p.users.Mailing(), auth.MinPassword
	form.Providers = p.providerLinks(localPath(form.Next, "/-/me?done=registered"))
	secret(w)
	return p.render(w, r, status, "register", form)
}

// register makes a member of the guest who asks, in place, or a new member. It opens a session with a new token in any case: one
// from before could have been planted.
func (p *Pages) register(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if me.User.Kind == chat.Account {
		return chat.Errorf(chat.Forbidden, "", "You have an account already. Sign out first to make another one.")
	}
	if taken := form.Get("take"); taken != "" {
		form.Set("username", taken)
	}
	filled := registerForm{
		Username: form.Get("username"), Email: form.Get("email"), Next: localPath(form.Get("next"), ""), Invite: form.Get("invite"), Faults: faults{},
	}
	if filled.Username == "" && me.User.Kind == chat.Guest {
		filled.Username = me.User.Name
	}
	if err := p.checkRegister(r, me, filled, form.Get("password")); err != nil {
		return p.refuseRegister(w, r, me, filled, err)
	}
	phc, err := auth.Hash(r.Context(), form.Get("password"))
	if err != nil {
		return p.refuseRegister(w, r, me, filled, err)
	}
	session, cookie := p.gate.Begin(r)
	_, err = p.users.Enrol(r.Context(), chat.Enrolment{
		Actor: me.Actor(), Name: filled.Username, Password: phc, Email: filled.Email, Session: session, Invited: p.invited(filled.Invite),
	})
	if err != nil {
		return p.refuseRegister(w, r, me, filled, err)
	}
	http.SetCookie(w, cookie)
	done := "/-/me?done=registered"
	if filled.Email != "" && p.users.Mailing() {
		done = "/-/me?done=mailed"
	}
	return redirect(w, r, localPath(filled.Next, done))
}

// invited is what uses an invitation up for the account that is made by it, nil for none.
func (p *Pages) invited(token string) func(chat.Tx, chat.User) error {
	if token == "" {
		return nil
	}
	return p.invitations().Enrols(token)
}

// checkRegister looks at all fields, so that everything that is wrong is told at once, and at the visitor's budgets. The error is
// the first of what it adds to what is wrong.
func (p *Pages) checkRegister(r *http.Request, me auth.Identity, filled registerForm, password string) error {
	_, nameErr := chat.CheckName(filled.Username, p.users.Limits.Name)
	var emailErr error
	if p.users.Mailing() || filled.Email != "" {
		_, _, emailErr = chat.CheckEmail(filled.Email)
	}
	passwordErr := auth.CheckPassword(password, filled.Username, filled.Email)
	for _, err := range []error{passwordErr, emailErr, nameErr} {
		filled.Faults.add(err)
	}
	for _, err := range []error{nameErr, emailErr, passwordErr} {
		if err != nil {
			return err
		}
	}
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	if filled.Email == "" || !p.users.Mailing() {
		return nil
	}
	return p.gate.Allow(r, auth.Mail, 0)
}

func (p *Pages) refuseRegister(w http.ResponseWriter, r *http.Request, me auth.Identity, filled registerForm, err error) error {
	e := chat.AsError(err)
	if wantsJSON(r) || e.Kind == chat.Internal {
		return err
	}
	filled.Faults.add(e)
	if filled.Suggestion = e.Suggestion; e.Kind == chat.NameTaken && me.User.ID == 0 && p.gate.Returns(r) {
		filled.Faults[""] = "You may be a member by that name already, by pressing twice: then sign in."
	}
	retryAfter(w, e)
	return p.showRegister(w, r, me, p.status(r, e), filled)
}
