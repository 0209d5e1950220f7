package pages

import (
	"context"
	"net/http"
	"net/url"

	"parley/internal/auth"
	"parley/internal/chat"
)

// callbackPath is where a provider sends people back to.
func callbackPath(name string) string { return "/-/oidc/" + url.PathEscape(name) + "/callback" }

// toProvider sends somebody to a provider to sign in. Only our own pages lead here: another site's would sign people in, or make
// members of guests, without their asking.
func (p *Pages) toProvider(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	next := localPath(r.URL.Query().Get("next"), "")
	if !p.fromOwnPage(r) {
		return redirect(w, r, "/-/sign-in?"+url.Values{"next": {next}}.Encode())
	}
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	name := r.PathValue("provider")
	to, err := p.providers.Begin(w, r, me, name, auth.ToSignIn, callbackPath(name), next)
	if err != nil {
		return p.refuseSignIn(w, r, me, signInForm{Next: next}, p.noted(r, "a provider", err))
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// linkProvider sends a member to a provider to add it to their ways to sign in, after they have given their password. It shows a page
// that leads on by itself: a form of ours may not be redirected to another site, by its content security policy.
func (p *Pages) linkProvider(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
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
	err = p.confirm(&change{r: r, me: me, form: form.Get})
	if err == nil && me.User.Kind == chat.Account { // so that nobody goes there in vain
		_, err = p.users.Welcome(r.Context(), chat.Newcomer{Actor: me.Actor(), Linking: me.Session})
	}
	if err != nil {
		return p.refuseChange(w, r, me, providerFault(err))
	}
	name := form.Get("provider")
	to, err := p.providers.Begin(w, r, me, name, auth.ToLink, callbackPath(name), "")
	if err != nil {
		return p.refuseChange(w, r, me, providerFault(p.noted(r, "a provider", err)))
	}
	w.Header().Set("Refresh", "0; url="+to)
	return p.render(w, r, http.StatusOK, "onward", onwardPage{name, to})
}

type onwardPage struct{ Provider, Link string }

// providerFault is an error for the part of one's own page about other servers: each part has a password field of its own.
func providerFault(err error) error {
	e := *chat.AsError(err)
	if e.Field == "current" || e.Field == "" {
		e.Field = "identity"
	}
	return &e
}

// refuseChange shows one's own page with what is wrong.
func (p *Pages) refuseChange(w http.ResponseWriter, r *http.Request, me auth.Identity, err error) error {
	e := chat.AsError(err)
	if wantsJSON(r) || e.Kind == chat.Internal {
		return err
	}
	view := meView{Username: me.User.Name, Bio: me.User.Bio, Faults: faults{}}
	view.Faults.add(e)
	retryAfter(w, e)
	return p.showMe(w, r, me, p.status(r, e), view)
}

// fromOwnPage reports whether a navigation comes from a page of ours: by Sec-Fetch-Site (W3C Fetch Metadata), or by the Referer of a
// browser that has none, which our pages let it send to us.
func (p *Pages) fromOwnPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	from, err := url.Parse(r.Referer())
	own := p.gate.Own(r)
	return err == nil && from.Scheme == own.Scheme && from.Host == own.Host
}

// fromProvider takes in who comes back: whoever is known by it is signed in, a guest after a question; a guest becomes a member in place, nobody a new member,
// if the name is free that the provider knows; and who came to add it has it added.
func (p *Pages) fromProvider(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	a, err := p.providers.Finish(r, r.PathValue("provider"))
	switch {
	case err != nil && a.Intent == auth.ToLink && me.User.ID != 0:
		return p.refuseChange(w, r, me, providerFault(p.noted(r, "a provider", err)))
	case err != nil:
		return p.refuseSignIn(w, r, me, signInForm{Next: localPath(a.Next, "")}, p.noted(r, "a provider", err))
	case a.Intent == auth.ToLink:
		return p.link(w, r, me, a)
	}
	_, err = p.users.ByIdentity(r.Context(), a.Issuer, a.Subject)
	switch {
	case err == nil && me.User.Kind == chat.Guest: // who loses the name, and is asked first
		a.User = me.User.ID
		p.providers.Keep(w, r, a)
		return redirect(w, r, "/-/welcome")
	case err == nil:
		return p.comeBack(w, r, me, a)
	case chat.KindOf(err) != chat.NotFound:
		return err
	case me.User.Kind == chat.Account:
		return chat.Errorf(chat.Conflict, "", "Nobody here is known by that sign-in yet. You are signed in as %s: add it on your own page, or sign out first.", me.User.Name)
	}
	name := ""
	if me.User.ID == 0 {
		name = p.proposed(a)
	}
	err = p.settle(w, r, me, a, name)
	if field := chat.AsError(err); err != nil && field.Field == "username" {
		a.User = me.User.ID
		p.providers.Keep(w, r, a)
		return redirect(w, r, "/-/welcome")
	}
	return err
}

// comeBack signs in who is known by what a provider says, and ends the session that the browser had.
func (p *Pages) comeBack(w http.ResponseWriter, r *http.Request, me auth.Identity, a auth.Arrival) error {
	session, cookie := p.gate.Begin(r)
	if _, err := p.users.SignInByIdentity(r.Context(), a.Issuer, a.Subject, *session); err != nil {
		return err
	}
	p.endFormer(r, me)
	http.SetCookie(w, cookie)
	return redirect(w, r, localPath(a.Next, "/"))
}

// link adds what a provider says to the ways to sign in of me, who went there for that.
func (p *Pages) link(w http.ResponseWriter, r *http.Request, me auth.Identity, a auth.Arrival) error {
	if a.User != me.User.ID || me.User.Kind != chat.Account {
		return chat.Errorf(chat.Conflict, "", "You are somebody else here now than when you went to %s.", a.Provider)
	}
	if _, err := p.users.AddIdentity(r.Context(), chat.Newcomer{Actor: me.Actor(), Linking: me.Session}, a.Issuer, a.Subject); err != nil {
		return p.refuseChange(w, r, me, providerFault(err))
	}
	return redirect(w, r, "/-/me?done=identity")
}

// settle makes a member of me by what a provider says, called name unless that is "", and shows them on.
func (p *Pages) settle(w http.ResponseWriter, r *http.Request, me auth.Identity, a auth.Arrival, name string) error {
	session, cookie := p.gate.Begin(r)
	settled, err := p.users.AddIdentity(r.Context(), chat.Newcomer{
		Actor: me.Actor(), Name: name, Email: a.Email, Session: *session,
	}, a.Issuer, a.Subject)
	if err != nil {
		return err
	}
	if settled.New {
		http.SetCookie(w, cookie)
	}
	return redirect(w, r, localPath(a.Next, "/"))
}

// proposed is the first name of those that the provider knows which can be a name here, or "".
func (p *Pages) proposed(a auth.Arrival) string {
	for _, name := range a.Names {
		if name, err := chat.CheckName(name, p.users.Limits.Name); err == nil {
			return name
		}
	}
	return ""
}

// A welcomeForm asks somebody new, whom a provider has signed in, for a name.
type welcomeForm struct {
	Provider   string
	Username   string
	Suggestion string // a free name in place of one that is taken
	Faults     faults
	Known      string // who signs in by it already, "" for nobody: then no name is asked for
	Lost       string // the guest's name that is given up for that
}

// arrived is the arrival that the browser keeps, and who is known by it, the zero User for nobody. It is me's, who went to the provider:
// whoever has become somebody else meanwhile, or a member, is refused, since what was begun by another may not become theirs.
func (p *Pages) arrived(r *http.Request, me auth.Identity) (auth.Arrival, chat.User, error) {
	a, err := p.providers.Kept(r)
	if err != nil {
		return a, chat.User{}, err
	}
	if a.User != me.User.ID || me.User.Kind == chat.Account {
		return a, chat.User{}, chat.Errorf(chat.Conflict, "", "You are somebody else here now than when you went to %s.", a.Provider)
	}
	known, err := p.users.ByIdentity(r.Context(), a.Issuer, a.Subject)
	if chat.KindOf(err) == chat.NotFound {
		err = nil
	}
	return a, known, err
}

func (p *Pages) welcomePage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	a, known, err := p.arrived(r, me)
	if err != nil {
		return p.refuseSignIn(w, r, me, signInForm{}, err)
	}
	if known.ID != 0 {
		return p.showWelcome(w, r, http.StatusOK, a, welcomeForm{Known: known.Name, Lost: me.User.Name})
	}
	name := p.proposed(a)
	if name == "" {
		return p.showWelcome(w, r, http.StatusOK, a, welcomeForm{})
	}
	session, _ := p.gate.Begin(r) // only tried: it is never stored
	_, err = p.users.Welcome(r.Context(), chat.Newcomer{Actor: me.Actor(), Name: name, Session: *session})
	return p.askName(w, r, a, name, err)
}

// welcome makes the member under the name that was chosen, or signs in who is known and has been asked.
func (p *Pages) welcome(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	a, known, err := p.arrived(r, me)
	switch {
	case err != nil:
		return p.refuseSignIn(w, r, me, signInForm{}, err)
	case known.ID != 0 && form.Get("confirm") == "yes":
		return p.comeBack(w, r, me, a)
	case known.ID != 0:
		return p.showWelcome(w, r, http.StatusOK, a, welcomeForm{Known: known.Name, Lost: me.User.Name})
	}
	name := form.Get("username")
	if taken := form.Get("take"); taken != "" {
		name = taken
	}
	if err := p.settle(w, r, me, a, name); err != nil {
		return p.askName(w, r, a, name, err)
	}
	return nil
}

// askName asks for a name again, with what is wrong about the one that there is. Whatever is wrong with anything else is an error.
func (p *Pages) askName(w http.ResponseWriter, r *http.Request, a auth.Arrival, name string, err error) error {
	if err == nil {
		return p.showWelcome(w, r, http.StatusOK, a, welcomeForm{Username: name})
	}
	e := chat.AsError(err)
	if e.Field != "username" || wantsJSON(r) {
		return err
	}
	form := welcomeForm{Username: name, Suggestion: e.Suggestion, Faults: faults{}}
	form.Faults.add(e)
	return p.showWelcome(w, r, p.status(r, e), a, form)
}

// showWelcome shows the form, and remembers what it is about until it comes back.
func (p *Pages) showWelcome(w http.ResponseWriter, r *http.Request, status int, a auth.Arrival, form welcomeForm) error {
	p.providers.Keep(w, r, a)
	form.Provider = a.Provider
	return p.render(w, r, status, "welcome", form)
}

func (p *Pages) removeIdentity(ctx context.Context, c *change) error {
	err := p.confirm(c)
	if err == nil {
		err = p.users.RemoveIdentity(ctx, c.me.Actor(), c.me.Session, c.form("issuer"), c.form("subject"))
	}
	return under("identity", err)
}

// A providerSection is the part about other servers of one's own page.
type providerSection struct {
	Guest      bool // the first one makes a member
	Confirm    bool // the password is asked for
	Identities []identityLine
	Others     []providerLink // that are not among them
	Fault      string
}

type identityLine struct{ Name, Issuer, Subject string }

type providerLink struct{ Name, Link string }

// providerSection reads it for me, who is somebody.
func (p *Pages) providerSection(r *http.Request, me auth.Identity) (providerSection, error) {
	section := providerSection{Guest: me.User.Kind == chat.Guest, Confirm: me.User.Password != ""}
	all, err := p.users.Identities(r.Context(), me.Actor())
	has := map[string]bool{}
	for _, i := range all {
		name := p.providers.NameOf(i.Issuer)
		has[name] = true
		section.Identities = append(section.Identities, identityLine{name, i.Issuer, i.Subject})
	}
	for _, link := range p.providerLinks("/-/me?done=registered") {
		if !has[link.Name] {
			section.Others = append(section.Others, link)
		}
	}
	return section, err
}

// providerLinks lead to each provider to sign in there, and on to next.
func (p *Pages) providerLinks(next string) []providerLink {
	query := ""
	if next != "" {
		query = "?" + url.Values{"next": {next}}.Encode()
	}
	var links []providerLink
	for _, name := range p.providers.Names() {
		links = append(links, providerLink{name, "/-/oidc/" + url.PathEscape(name) + query})
	}
	return links
}
