package pages

import (
	"context"
	"net/http"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A meView is the page of what is one's own: profile, address, password, devices. A part that is about something else begins with
// a template of its own in me.html.
type meView struct {
	chat.Self
	Me       chat.User
	Username string // as typed
	Bio      string
	Email    string
	Faults   faults
	Done     string // what was just done, in words
	Devices  []device
	Others   bool // there are other devices
	Mailing  bool
	Shortest int
	BioLimit int

	Passkeys  passkeySection
	Providers providerSection
}

// A device is a session in words.
type device struct {
	ID, Name, Network string
	Seen              time.Time
	Current           bool
}

// IsGuest reports whether the browser's cookie is the only key to the name.
func (v meView) IsGuest() bool { return v.Me.Kind == chat.Guest }

// HasPassword reports whether the account has a password, which is asked for before what signs in is changed.
func (v meView) HasPassword() bool { return v.Me.Password != "" }

// Hue is the class of one's own colour.
func (v meView) Hue() string { return hue(v.Me.ID) }

// Initial stands for one's own picture.
func (v meView) Initial() string { return initial(v.Me.Name) }

// deeds are what has just been done, by the word for it in the address.
var deeds = map[string]string{
	"registered": "You are a member now. Your messages and rooms are yours on every device where you sign in.",
	"mailed":     "You are a member now. We have sent a link to your e-mail address: open it, so that the address counts.",
	"profile":    "Your profile has been changed.",
	"email":      "We have sent a link to that address. It counts once you have opened the link.",
	"password":   "Your password has been changed, and all other devices have been signed out.",
	"device":     "That device has been signed out.",
	"devices":    "All other devices have been signed out.",
	"passkey":    "You can sign in with your passkey from now on.",
	"identity":   "You can sign in that way from now on.",
	"reset":      "You have a new password. Sign in with it.",

	"passkey-renamed":  "Your passkey has another name.",
	"passkey-removed":  "That passkey signs nobody in any more. Remove it from your device as well.",
	"identity-removed": "That way to sign in has been removed.",
}

func (p *Pages) mePage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if me.User.ID == 0 {
		return redirect(w, r, "/-/sign-in?next=/-/me")
	}
	return p.showMe(w, r, me, http.StatusOK, meView{
		Username: me.User.Name, Bio: me.User.Bio, Done: deeds[r.URL.Query().Get("done")],
	})
}

func (p *Pages) showMe(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, view meView) error {
	self, err := p.users.Self(r.Context(), me.Actor())
	if err != nil {
		return err
	}
	view.Self, view.Me, view.Mailing = self, self.User, p.users.Mailing()
	view.Shortest, view.BioLimit, view.Others = auth.MinPassword, chat.BioLimit, len(self.Sessions) > 1
	for _, s := range self.Sessions {
		d := device{
			ID: s.ID.Public(), Name: auth.Device(s.Agent), Network: s.Address, Seen: time.UnixMilli(s.SeenAt).UTC(), Current: s.ID == me.Session,
		}
		view.Devices = append(view.Devices, d)
	}
	if view.Passkeys, err = p.passkeySection(r, me); err != nil {
		return err
	}
	if view.Providers, err = p.providerSection(r, me); err != nil {
		return err
	}
	return p.render(w, r, status, "me", view)
}

// change makes a handler of what a form on the page does: it reads the form, does it, and shows the page again with what was done,
// or what is wrong. The error of act is shown under the field that it names.
func (p *Pages) change(done string, act func(ctx context.Context, c *change) error) handler {
	return func(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
		if me.User.ID == 0 {
			return chat.Errorf(chat.Unauthenticated, "", "Please sign in first.")
		}
		form, err := p.readForm(w, r)
		if err != nil {
			return err
		}
		if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
			return err
		}
		c := &change{r: r, me: me, form: form.Get}
		err = act(r.Context(), c)
		if err == nil {
			if c.cookie != nil {
				http.SetCookie(w, c.cookie)
			}
			return redirect(w, r, "/-/me?done="+done)
		}
		e := chat.AsError(err)
		if wantsJSON(r) || e.Kind == chat.Internal {
			return err
		}
		view := meView{Username: me.User.Name, Bio: me.User.Bio, Email: form.Get("email"), Faults: faults{}}
		if form.Has("bio") {
			view.Username, view.Bio = form.Get("username"), form.Get("bio")
		}
		if e.Field == "current" && form.Has("email") {
			e.Field = "email-current"
		}
		view.Faults.add(e)
		retryAfter(w, e)
		return p.showMe(w, r, me, p.status(r, e), view)
	}
}

// A change is what somebody asks for on the page.
type change struct {
	r      *http.Request
	me     auth.Identity
	form   func(field string) string
	cookie *http.Cookie // to be set when it is done
}

func (p *Pages) changeProfile(ctx context.Context, c *change) error {
	name, bio := c.form("username"), c.form("bio")
	_, err := p.users.EditProfile(ctx, c.me.Actor(), chat.ProfileEdit{Name: &name, Bio: &bio})
	return err
}

// confirm asks for the password before what signs in is changed, where there is one.
func (p *Pages) confirm(c *change) error {
	if c.me.User.Password == "" {
		return nil
	}
	if c.form("current") == "" {
		return chat.Errorf(chat.Missing, "current", "Please give your password.")
	}
	return p.gate.Confirm(c.r, c.me.User, c.form("current"))
}

// under is an error of the password as one of another field, for a part of the page that has a password field of its own.
func under(field string, err error) error {
	if err == nil || chat.AsError(err).Field != "current" {
		return err
	}
	e := *chat.AsError(err)
	e.Field = field
	return &e
}

func (p *Pages) changeEmail(ctx context.Context, c *change) error {
	if !p.users.Mailing() {
		return chat.Errorf(chat.Forbidden, "email", "This server sends no e-mail, so no address can be confirmed.")
	}
	if err := p.gate.Allow(c.r, auth.Mail, c.me.User.ID); err != nil {
		return err
	}
	if c.form("again") != "" {
		return p.users.RepeatEmail(ctx, c.me.Actor())
	}
	if _, _, err := chat.CheckEmail(c.form("email")); err != nil {
		return err
	}
	if err := p.confirm(c); err != nil {
		return err
	}
	return p.users.ClaimEmail(ctx, c.me.Actor(), c.me.Session, c.form("email"))
}

func (p *Pages) changePassword(ctx context.Context, c *change) error {
	wrong := auth.CheckPassword(c.form("password"), c.me.User.Name)
	if wrong != nil {
		return wrong
	}
	if err := p.confirm(c); err != nil {
		return err
	}
	phc, err := auth.Hash(ctx, c.form("password"))
	if err != nil {
		return err
	}
	session, cookie := p.gate.Begin(c.r)
	err = p.users.ChangePassword(ctx, chat.PasswordChange{
		Actor: c.me.Actor(), Was: c.me.User.Password, Old: c.me.Session, Is: phc, Session: session,
	})
	if err == nil {
		c.cookie = cookie
	}
	return err
}

func (p *Pages) endDevice(ctx context.Context, c *change) error {
	err := p.users.EndSession(ctx, c.me.Actor(), c.form("session"))
	if chat.KindOf(err) == chat.NotFound {
		return nil // it has ended by itself meanwhile
	}
	return err
}

func (p *Pages) endOtherDevices(ctx context.Context, c *change) error {
	return p.users.EndOtherSessions(ctx, c.me.Actor(), c.me.Session)
}

// A personView is the page of somebody else.
type personView struct {
	chat.Profile
	Since time.Time
}

// Hue is the class of the person's colour.
func (v personView) Hue() string { return hue(v.ID) }

// Initial stands for the person's picture.
func (v personView) Initial() string { return initial(v.Name) }

// Standing is what the person is on this server, in a word.
func (v personView) Standing() string { return standingWord(v.User) }

// personPage says who somebody is.
func (p *Pages) personPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	var id chat.UserID
	if err := id.UnmarshalText([]byte(r.PathValue("user"))); err != nil {
		return errNotFound
	}
	profile, err := p.users.Profile(r.Context(), me.Actor(), id)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, "person", personView{profile, time.UnixMilli(profile.CreatedAt).UTC()})
}
