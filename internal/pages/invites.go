package pages

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// An invitesForm is the page where invitations to a room, or to the server alone, are made and listed.
type invitesForm struct {
	Me     chat.User
	Path   string // of the page
	Back   string // the room's own page, or "/"
	Book   chat.Guestbook
	Lines  []inviteLine
	Older  int64 // the id to go on from, 0 if there are no older ones
	Link   string
	Image  template.URL // Link as a QR code
	Filled url.Values
	Faults faults
	Roles  []chat.Role // that can be given
}

// An inviteLine is an invitation in the list.
type inviteLine struct {
	chat.Invitation
	Maker string // "" for one's own
	Over  string // why it admits nobody any more, or ""
}

// Terms are what the invitation grants and on what terms, in words for who hands it out.
func (l inviteLine) Terms() []string {
	var words []string
	if l.Role != chat.NoRole {
		words = append(words, "To be "+article(l.Role)+" "+string(l.Role))
	}
	return append(words, terms(l.Invitation)...)
}

func article(role chat.Role) string {
	if role == chat.Administrator {
		return "an"
	}
	return "a"
}

// Came says how many have used the invitation.
func (l inviteLine) Came() string {
	switch l.Used {
	case 0:
		return "Nobody came yet"
	case 1:
		return "1 came"
	}
	return fmt.Sprintf("%d came", l.Used)
}

// grants are what an invitation grants and on what terms, in words.
func grants(i chat.Invitation) []string {
	var words []string
	switch i.Role {
	case chat.NoRole:
	case chat.Enroller:
		words = append(words, "You may make an account here")
	case chat.Moderator:
		words = append(words, "You become a moderator of this server")
	default:
		words = append(words, "You become an "+string(i.Role)+" of this server")
	}
	return append(words, terms(i)...)
}

// terms are for how many and until when an invitation is good, in words.
func terms(i chat.Invitation) []string {
	var words []string
	switch {
	case i.Uses == 1:
		words = append(words, "For one person")
	case i.Uses > 1:
		words = append(words, fmt.Sprintf("For %d people, %d more can come", i.Uses, max(i.Uses-i.Used, 0)))
	default:
		words = append(words, "For any number of people")
	}
	if i.ExpiresAt == 0 {
		return append(words, "Without an end")
	}
	return append(words, "Good until "+time.UnixMilli(i.ExpiresAt).UTC().Format("2 January 2006, 15:04 UTC"))
}

// over is why an invitation admits nobody any more, or "".
func over(i chat.Invitation, now time.Time) string {
	switch {
	case i.Revoked:
		return "Taken back"
	case i.ExpiresAt != 0 && now.UnixMilli() >= i.ExpiresAt:
		return "Expired"
	case i.Uses != 0 && i.Used >= i.Uses:
		return "Used up"
	}
	return ""
}

// lives are how long an invitation can be made for; "" is without an end.
var lives = map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": 30 * 24 * time.Hour, "": 0}

// invitesPage lists the invitations to the room that the address names, or to the server alone.
func (p *Pages) invitesPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return p.showInvites(w, r, me, http.StatusOK, invitesForm{})
}

func (p *Pages) showInvites(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, form invitesForm) error {
	ref := r.PathValue("room")
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	book, err := p.invitations().List(r.Context(), me.Actor(), ref, before, 0)
	if err != nil {
		return err
	}
	form.Me, form.Book, form.Path, form.Back = me.User, book, "/-/invites", "/"
	if ref != "" {
		form.Path, form.Back = "/-/room/"+book.Room.ID.String()+"/invites", roomPath(book.Room.Segment(), me.User.Name)
	}
	for _, i := range book.Invitations {
		line := inviteLine{Invitation: i, Over: over(i, time.Now())}
		if i.By != me.User.ID {
			line.Maker = book.Makers[i.By]
		}
		form.Lines = append(form.Lines, line)
	}
	if book.More {
		form.Older = book.Invitations[len(book.Invitations)-1].ID
	}
	for _, role := range []chat.Role{chat.Enroller, chat.Moderator, chat.Administrator} {
		if p.invitations().May(r.Context(), me.Actor(), ref, role) == nil {
			form.Roles = append(form.Roles, role)
		}
	}
	if form.Filled == nil {
		form.Filled = url.Values{"life": {"week"}}
	}
	return p.render(w, r, status, "invites", form)
}

// changeInvites makes an invitation and shows its link, this once, or takes one back.
func (p *Pages) changeInvites(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if id := form.Get("revoke"); id != "" {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return errNotFound
		}
		if err := p.invitations().Revoke(r.Context(), me.Actor(), n); err != nil {
			return err
		}
		return redirect(w, r, r.URL.Path)
	}
	if err := p.gate.Allow(r, auth.Invite, me.User.ID); err != nil {
		return err
	}
	wanted, err := invitationOf(form)
	var token string
	if err == nil {
		_, token, err = p.invitations().Make(r.Context(), me.Actor(), r.PathValue("room"), wanted)
	}
	if err != nil {
		e := chat.AsError(err)
		if wantsJSON(r) || e.Kind == chat.Internal || e.Kind == chat.NotFound {
			return err
		}
		wrong := faults{}
		wrong.add(e)
		return p.showInvites(w, r, me, p.status(r, e), invitesForm{Filled: form, Faults: wrong})
	}
	link := p.absolute(r, invitePath(token))
	image, err := qrImage(link)
	if err != nil {
		return err
	}
	data := template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(image))
	return p.showInvites(w, r, me, http.StatusOK, invitesForm{Link: link, Image: data})
}

// invitationOf reads the form of a new invitation.
func invitationOf(form url.Values) (chat.Invitation, error) {
	wanted := chat.Invitation{Role: chat.Role(form.Get("role")), Note: form.Get("note")}
	life, known := lives[form.Get("life")]
	if !known {
		return wanted, chat.Errorf(chat.Invalid, "expires_at", "Please choose for how long.")
	}
	if life > 0 {
		wanted.ExpiresAt = time.Now().Add(life).UnixMilli()
	}
	if uses := form.Get("uses"); uses != "" {
		n, err := strconv.ParseInt(uses, 10, 64)
		if err != nil || n < 1 {
			return wanted, chat.Errorf(chat.Invalid, "uses", "Please give a number, or nothing for any number of people.")
		}
		wanted.Uses = n
	}
	return wanted, nil
}
