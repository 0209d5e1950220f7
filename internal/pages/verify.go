package pages

import (
	"net/http"

	"parley/internal/auth"
)

// A verifyForm asks whoever opens the link of an address whether it is theirs.
type verifyForm struct {
	Token, Name, Address string
	Done                 bool
}

// verifyPage is where the link in a letter leads. Whoever is signed in as the account in this browser has shown enough by opening it;
// anybody else is asked, since programs that look for bad links in mail open them too.
func (p *Pages) verifyPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	secret(w)
	token := r.URL.Query().Get("token")
	user, address, err := p.users.Claimed(r.Context(), token)
	if err != nil {
		return err
	}
	form := verifyForm{Token: token, Name: user.Name, Address: address}
	if user.ID == me.User.ID && r.Method == http.MethodGet {
		if _, err := p.users.VerifyEmail(r.Context(), token); err != nil {
			return err
		}
		form.Done = true
	}
	return p.render(w, r, http.StatusOK, "verify", form)
}

// verify makes the address count whose link was opened.
func (p *Pages) verify(w http.ResponseWriter, r *http.Request, _ auth.Identity) error {
	secret(w)
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	_, address, err := p.users.Claimed(r.Context(), form.Get("token"))
	if err != nil {
		return err
	}
	user, err := p.users.VerifyEmail(r.Context(), form.Get("token"))
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, "verify", verifyForm{Name: user.Name, Address: address, Done: true})
}
