package pages

import (
	"net/http"
	"net/url"

	"parley/internal/auth"
	"parley/internal/chat"
)

// An inviteForm is the page of an invitation: what it grants, and the form that takes it.
type inviteForm struct {
	Token      string
	Offer      chat.Offer
	Me         chat.User
	Username   string
	Faults     faults
	Suggestion string // a free name in place of one that is taken
	Host       string // what this server is called in the visitor's browser
	Here       string // the address of this page, to come back to
	Registers  bool   // an account can be made with it, or without
}

// Fits reports whether who looks at the page can take the invitation as they are.
func (f inviteForm) Fits() bool { return f.Offer.For(f.Me) }

// IsGuest reports whether who looks at the page is a guest.
func (f inviteForm) IsGuest() bool { return f.Me.Kind == chat.Guest }

// Grants are what the invitation grants and on what terms, in words.
func (f inviteForm) Grants() []string { return grants(f.Offer.Invitation) }

// invitePage says what an invitation grants; one that admits nobody any more says why.
func (p *Pages) invitePage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return p.showInvite(w, r, me, http.StatusOK, inviteForm{Token: r.URL.Query().Get("token")})
}

func (p *Pages) showInvite(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, form inviteForm) error {
	offer, err := p.invitations().Look(r.Context(), me.Actor(), form.Token)
	if err != nil {
		return err
	}
	if offer.Taken && (offer.Inside || offer.Room.ID == 0) {
		return redirect(w, r, inviteTarget(offer.Room, me.User)) // it has done what it was for
	}
	settings, err := p.settings(r)
	if err != nil {
		return err
	}
	form.Offer, form.Me, form.Host, form.Here = offer, me.User, p.gate.Own(r).Host, invitePath(form.Token)
	form.Registers = me.User.Kind != chat.Account && (settings.Registration == chat.OpenRegistration ||
		settings.Registration == chat.ByInvitation && offer.Invitation.Role != chat.NoRole)
	return p.render(w, r, status, "invite", form)
}

func (p *Pages) settings(r *http.Request) (settings chat.Settings, err error) {
	err = p.rooms.Store.Read(r.Context(), func(s chat.Snapshot) error {
		settings, err = s.Settings()
		return err
	})
	return settings, err
}

// invitePath is the address of an invitation. It is never logged: the token is in its query.
func invitePath(token string) string { return "/-/invite?" + url.Values{"token": {token}}.Encode() }

// acceptInvite lets somebody in: nobody becomes a guest of the name in the form.
func (p *Pages) acceptInvite(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if taken := form.Get("take"); taken != "" {
		form.Set("username", taken)
	}
	filled := inviteForm{Token: form.Get("token"), Username: form.Get("username")}
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return p.refuseInvite(w, r, me, filled, err)
	}
	session, cookie := p.gate.Begin(r)
	in, err := p.invitations().Accept(r.Context(), chat.Acceptance{
		Actor: me.Actor(), Token: filled.Token, Name: filled.Username, Session: session,
	})
	if err != nil {
		return p.refuseInvite(w, r, me, filled, err)
	}
	if in.New {
		http.SetCookie(w, cookie)
	}
	return redirect(w, r, inviteTarget(in.Room, in.User))
}

// inviteTarget is where an invitation leads.
func inviteTarget(room chat.Room, user chat.User) string {
	if room.ID == 0 {
		return "/"
	}
	return roomPath(room.Segment(), user.Name)
}

// refuseInvite shows the page again with what is wrong under the field that is at fault; where the invitation itself is at fault
// it says so and no more.
func (p *Pages) refuseInvite(w http.ResponseWriter, r *http.Request, me auth.Identity, filled inviteForm, err error) error {
	e := chat.AsError(err)
	if wantsJSON(r) || e.Kind == chat.Internal || e.Field == "token" {
		return err
	}
	filled.Faults = faults{}
	if e.Field != "username" || me.User.ID != 0 {
		e.Field = ""
	}
	filled.Faults.add(e)
	filled.Suggestion = e.Suggestion
	retryAfter(w, e)
	return p.showInvite(w, r, me, p.status(r, e), filled)
}

// inviteImage is the link of an invitation as a QR code, for whoever has the link.
func (p *Pages) inviteImage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	token := r.URL.Query().Get("token")
	if _, err := p.invitations().Look(r.Context(), me.Actor(), token); err != nil {
		return err
	}
	image, err := qrImage(p.absolute(r, invitePath(token)))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(image) // the visitor has gone if this fails
	return nil
}

// absolute is a path of this server as others find it.
func (p *Pages) absolute(r *http.Request, path string) string { return p.gate.Own(r).String() + path }

func (p *Pages) invitations() *chat.Invitations { return &chat.Invitations{Users: p.users} }
