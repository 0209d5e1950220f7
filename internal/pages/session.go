package pages

import (
	"net/http"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A signInForm is the sign-in page. A password is never shown again.
type signInForm struct {
	Username, Next string
	Why            string
	Done           string // what was just done, in words
	Me             chat.User
	Limits         chat.Limits
	Providers      []providerLink
}

// IsGuest reports whether a guest is about to give up a name.
func (f signInForm) IsGuest() bool { return f.Me.Kind == chat.Guest }

func (p *Pages) signInPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	query := r.URL.Query()
	form := signInForm{Next: localPath(query.Get("next"), ""), Done: deeds[query.Get("done")]}
	return p.showSignIn(w, r, me, http.StatusOK, form)
}

func (p *Pages) showSignIn(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, form signInForm) error {
	form.Me, form.Limits, form.Providers = me.User, p.users.Limits, p.providerLinks(form.Next)
	return p.render(w, r, status, "sign-in", form)
}

// signIn opens a session for whoever knows an account's name or e-mail address and its password, and ends the one that the browser had.
func (p *Pages) signIn(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	filled := signInForm{Username: form.Get("username"), Next: localPath(form.Get("next"), "")}
	for _, field := range []string{"username", "password"} {
		if form.Get(field) == "" {
			return p.refuseSignIn(w, r, me, filled, chat.Errorf(chat.Missing, field, "Please give a name and a password."))
		}
	}
	user, err := p.gate.Check(r, form.Get("username"), form.Get("password"))
	if err != nil {
		return p.refuseSignIn(w, r, me, filled, err)
	}
	session, cookie := p.gate.Begin(r)
	if err := p.users.SignIn(r.Context(), user.ID, *session); err != nil {
		return p.refuseSignIn(w, r, me, filled, err)
	}
	p.endFormer(r, me)
	http.SetCookie(w, cookie)
	return redirect(w, r, localPath(filled.Next, "/"))
}

func (p *Pages) refuseSignIn(w http.ResponseWriter, r *http.Request, me auth.Identity, filled signInForm, err error) error {
	e := chat.AsError(err)
	if wantsJSON(r) || e.Kind == chat.Internal {
		return err
	}
	filled.Why = e.Message
	retryAfter(w, e)
	return p.showSignIn(w, r, me, p.status(r, e), filled)
}

// signOutPage asks for confirmation; a guest is told that the name will be lost.
func (p *Pages) signOutPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if me.User.ID == 0 {
		return redirect(w, r, "/")
	}
	return p.render(w, r, http.StatusOK, "sign-out", struct {
		Name    string
		IsGuest bool
	}{me.User.Name, me.User.Kind == chat.Guest})
}

// signOut ends the browser's session. A guest is asked first, because nobody can come back under a guest's name.
func (p *Pages) signOut(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if me.User.Kind == chat.Guest && form.Get("confirm") != "yes" {
		return p.signOutPage(w, r, me)
	}
	if me.Session != "" {
		if err := p.users.SignOut(r.Context(), me.Session); err != nil {
			return err
		}
	}
	p.gate.End(w, r)
	return redirect(w, r, "/")
}
