package pages

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A mydataForm is the page that gives somebody all that is theirs, and the one that deletes it.
type mydataForm struct {
	Me       chat.User
	Password bool // the account has one, so it is asked for; else deleting asks for the name
	Messages bool // that they are deleted as well was chosen
	Faults   faults
	Former   string
}

const (
	// exportTime is how long one export may take, exportsAtOnce how many there may be at a time, and guestExports how many of these
	// are guests', so that who can be anybody does not take all places. A network has one.
	exportTime    = 15 * time.Minute
	exportsAtOnce = 4
	guestExports  = 2
	// pieceTime is how long the reader of an export may take for each piece of it.
	pieceTime = time.Minute
)

// exports are those that are under way. Its zero value is ready.
type exports struct {
	mu  sync.Mutex
	all []*exporter
}

// An exporter is who takes an export, from which network (chat.NetworkOf).
type exporter struct {
	user    chat.UserID
	network string
	guest   bool
}

// begin takes a place for an export; end gives it back.
func (e *exports) begin(x exporter) (end func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	taken, guests := false, 0
	for _, other := range e.all {
		taken = taken || other.user == x.user || other.network == x.network
		if other.guest {
			guests++
		}
	}
	if taken || len(e.all) >= exportsAtOnce || x.guest && guests >= guestExports {
		err := chat.Errorf(chat.RateLimited, "", "Another export is under way. Please try again in a minute.")
		err.RetryAfter = 60
		return nil, err
	}
	place := &x
	e.all = append(e.all, place)
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.all = slices.DeleteFunc(e.all, func(other *exporter) bool { return other == place })
	}, nil
}

func (p *Pages) exportPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return p.showMyData(w, r, me, http.StatusOK, "export", mydataForm{})
}

func (p *Pages) deletePage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return p.showMyData(w, r, me, http.StatusOK, "delete", mydataForm{})
}

func (p *Pages) showMyData(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, page string, form mydataForm) error {
	if me.User.ID == 0 {
		return redirect(w, r, "/-/sign-in?next="+r.URL.EscapedPath())
	}
	form.Me, form.Password, form.Former = me.User, me.User.Password != "", chat.FormerMember
	return p.render(w, r, status, page, form)
}

// meant sees to it that it is the person who asks, and not somebody at a browser that was left open: an account with a password
// gives it once more. Who has none has nothing but the session to show; before their data goes they type their name.
func (p *Pages) meant(r *http.Request, me auth.Identity, password string) error {
	if me.User.Password == "" {
		return nil
	}
	err := p.gate.Confirm(r, me.User, password)
	if e := chat.AsError(err); e != nil && e.Field != "" {
		return chat.Errorf(e.Kind, "password", "%s", e.Message)
	}
	return err
}

func (p *Pages) refuseMyData(w http.ResponseWriter, r *http.Request, me auth.Identity, page string, form mydataForm, err error) error {
	e := chat.AsError(err)
	if wantsJSON(r) || e.Kind == chat.Internal {
		return err
	}
	form.Faults = faults{}
	form.Faults.add(e)
	retryAfter(w, e)
	return p.showMyData(w, r, me, p.status(r, e), page, form)
}

// errNotIn asks whoever has no session, or has one no longer, to come in first.
var errNotIn = chat.Errorf(chat.Unauthenticated, "", "Please join with a name or sign in first.")

// export gives somebody all that is theirs, in one file.
func (p *Pages) export(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err == nil && me.User.ID == 0 {
		err = errNotIn
	}
	if err != nil {
		return err
	}
	if err := p.meant(r, me, form.Get("password")); err != nil {
		return p.refuseMyData(w, r, me, "export", mydataForm{}, err)
	}
	if err := p.gate.Allow(r, auth.Create, me.User.ID); err != nil {
		return p.refuseMyData(w, r, me, "export", mydataForm{}, err)
	}
	end, err := p.exports.begin(exporter{me.User.ID, chat.NetworkOf(p.gate.Address(r)), me.User.Kind == chat.Guest})
	if err != nil {
		return p.refuseMyData(w, r, me, "export", mydataForm{}, err)
	}
	defer end()
	ctx, cancel := context.WithTimeout(r.Context(), exportTime)
	defer cancel()
	mine := &chat.MyData{Store: p.rooms.Store}
	portrait, err := mine.Portrait(ctx, me.Actor())
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="parley-`+me.User.ID.String()+`.zip"`)
	h.Set("Cache-Control", "no-store")
	out := &patient{w: w, control: http.NewResponseController(w)}
	takeAway := &takeaway{ctx: ctx, mine: mine, actor: me.Actor(), portrait: portrait, page: p.templates["takeaway"], host: p.gate.Own(r).String(), at: time.Now()}
	if err := takeAway.zip(out); err != nil {
		if r.Context().Err() == nil {
			p.logger.Warn("an export has ended early", "user", me.User.ID.String(), "error", err, "cause", cmp.Or(chat.AsError(err).Unwrap(), err))
		}
		panic(http.ErrAbortHandler) // what has been sent must not look whole
	}
	return nil
}

// A patient writer gives its reader pieceTime for each piece.
type patient struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (p *patient) Write(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(pieceTime)) // a connection without deadlines has none to set
	return p.w.Write(b)
}

// deleteMe deletes the account of whoever asks, who has to mean it.
func (p *Pages) deleteMe(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err == nil && me.User.ID == 0 {
		err = errNotIn
	}
	if err != nil {
		return err
	}
	filled := mydataForm{Messages: form.Get("messages") == "delete"}
	if err := p.gate.Allow(r, auth.Create, me.User.ID); err != nil {
		return p.refuseMyData(w, r, me, "delete", filled, err)
	}
	err = p.meant(r, me, form.Get("password"))
	if err == nil && me.User.Password == "" && strings.TrimSpace(form.Get("username")) != me.User.Name {
		err = chat.Errorf(chat.Invalid, "username", "Please type your name, %s, as it stands here.", me.User.Name)
	}
	if err == nil {
		err = (&chat.MyData{Store: p.rooms.Store}).Delete(r.Context(), me.Actor(), filled.Messages)
	}
	if err != nil {
		return p.refuseMyData(w, r, me, "delete", filled, err)
	}
	if p.sweep != nil {
		p.sweep()
	}
	p.gate.End(w, r)
	return p.render(w, r, http.StatusOK, "deleted", filled)
}
