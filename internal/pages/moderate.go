package pages

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A moderateView is what waits for a room's moderators, and what they did.
type moderateView struct {
	Room    chat.Room
	Path    string // of the page, without its last slash
	Back    string
	Why     string // what went wrong
	Done    string
	Reports []chat.Reported
	Held    []chat.Held
	Members []chat.MemberEntry
	Acts    []chat.Audit
}

// moderated are what the page says after something was done.
var moderated = map[string]string{
	"decided": "Decided. Who reported it has been told.", "approved": "Approved. It is in the room now.", "rejected": "Rejected.",
	"muted": "Muted.", "unmuted": "They may speak again.", "purged": "The messages are being deleted.",
}

func (p *Pages) moderation() *chat.Moderation {
	return &chat.Moderation{Store: p.rooms.Store, Rooms: p.rooms, Wake: p.sweep}
}

// moderatePage is for who moderates the room that the address names.
func (p *Pages) moderatePage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return p.showModerate(w, r, me, nil)
}

func (p *Pages) showModerate(w http.ResponseWriter, r *http.Request, me auth.Identity, failed error) error {
	ref := r.PathValue("room")
	room, acts, err := p.rooms.Acts(r.Context(), me.Actor(), ref, chat.Paging{Limit: 30})
	if err != nil {
		return err
	}
	view := moderateView{
		Room: room, Path: "/-/room/" + room.ID.String() + "/moderate", Back: roomPath(room.Segment(), me.User.Name),
		Done: moderated[r.URL.Query().Get("done")], Acts: acts.Rows,
	}
	if view.Reports, _, err = p.rooms.Reports(r.Context(), me.Actor(), ref, chat.ReportQuery{}); err != nil {
		return err
	}
	held, err := p.rooms.Held(r.Context(), me.Actor(), ref, 0)
	if err != nil {
		return err
	}
	view.Held = held.Held
	members, err := p.rooms.Members(r.Context(), me.Actor(), ref, chat.MemberQuery{})
	if err != nil {
		return err
	}
	view.Members = members.Members
	status := http.StatusOK
	if failed != nil {
		e := chat.AsError(failed)
		view.Done, view.Why, status = "", e.Message, p.status(r, e)
		retryAfter(w, e)
	}
	return p.render(w, r, status, "moderate", view)
}

// moderateBy makes a handler of something that a room's moderator does; afterwards their page is shown again.
func (p *Pages) moderateBy(do func(r *http.Request, me auth.Identity, form formValues) (done string, err error)) handler {
	return func(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
		form, err := p.readForm(w, r)
		if err == nil {
			err = p.gate.Allow(r, auth.Post, me.User.ID)
		}
		done := ""
		if err == nil {
			done, err = do(r, me, form)
		}
		if err == nil {
			return redirect(w, r, fmt.Sprintf("/-/room/%s/moderate?done=%s", r.PathValue("room"), done))
		}
		if wantsJSON(r) || chat.KindOf(err) == chat.Internal {
			return err
		}
		return p.showModerate(w, r, me, err)
	}
}

// formValues are the fields of a form.
type formValues interface{ Get(name string) string }

func (p *Pages) decideReport(r *http.Request, me auth.Identity, form formValues) (string, error) {
	id, err := strconv.ParseInt(r.PathValue("report"), 10, 64)
	if err != nil {
		return "", errNotFound
	}
	d := chat.Decision{State: chat.ReportState(form.Get("decision")), Note: form.Get("why")}
	if d.State == "delete" {
		d.State, d.Delete = chat.UpheldReport, true
	}
	_, err = p.rooms.Decide(r.Context(), me.Actor(), r.PathValue("room"), id, d)
	return "decided", err
}

func (p *Pages) decideHeld(r *http.Request, me auth.Identity, form formValues) (string, error) {
	id, err := strconv.ParseInt(r.PathValue("held"), 10, 64)
	if err != nil {
		return "", errNotFound
	}
	done := map[string]string{"approve": "approved", "reject": "rejected"}[form.Get("decision")]
	if done == "" {
		return "", chat.Errorf(chat.Missing, "decision", "Please choose what is to be done.")
	}
	_, err = p.rooms.DecideHeld(r.Context(), me.Actor(), r.PathValue("room"), id, done == "approved", form.Get("why"))
	return done, err
}

// muteMember keeps a member from speaking in the room for some seconds, "forever" or, with "0", no longer.
func (p *Pages) muteMember(r *http.Request, me auth.Identity, form formValues) (string, error) {
	var user chat.UserID
	if err := user.UnmarshalText([]byte(form.Get("user"))); err != nil {
		return "", chat.Errorf(chat.Missing, "user", "Please choose somebody.")
	}
	until, done := int64(0), "unmuted"
	switch value := form.Get("for"); value {
	case "0":
	case "forever":
		until, done = chat.Forever, "muted"
	default:
		seconds, err := strconv.ParseInt(value, 10, 32)
		if err != nil || seconds <= 0 {
			return "", chat.Errorf(chat.Invalid, "for", "Please choose for how long.")
		}
		until, done = time.Now().Add(time.Duration(seconds)*time.Second).UnixMilli(), "muted"
	}
	_, err := p.rooms.ChangeMember(r.Context(), me.Actor(), r.PathValue("room"), user,
		chat.MemberChange{MutedUntil: &until, Why: form.Get("why")})
	return done, err
}

// purgeMember deletes all that a member wrote in the room.
func (p *Pages) purgeMember(r *http.Request, me auth.Identity, form formValues) (string, error) {
	var user chat.UserID
	if err := user.UnmarshalText([]byte(form.Get("user"))); err != nil {
		return "", chat.Errorf(chat.Missing, "user", "Please choose somebody.")
	}
	if form.Get("confirm") != "yes" {
		return "", chat.Errorf(chat.Missing, "confirm", "Tick that you are sure: what is deleted does not come back.")
	}
	_, err := p.moderation().Purge(r.Context(), me.Actor(), chat.Purge{User: user, Room: r.PathValue("room"), Why: form.Get("why")})
	return "purged", err
}

// A reportForm asks what is wrong with a message.
type reportForm struct {
	Room   chat.Room
	Path   string
	Back   string
	Number int64
	Author string
	Text   string
	Why    string
	Faults faults
	Sent   bool
}

// reportPage asks what is wrong with the message of the address.
func (p *Pages) reportPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return p.showReport(w, r, me, http.StatusOK, reportForm{})
}

func (p *Pages) showReport(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, form reportForm) error {
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || number < 1 {
		return errNotFound
	}
	room, err := p.rooms.Resolve(r.Context(), me.Actor(), r.PathValue("room"))
	if err != nil {
		return err
	}
	page, err := p.rooms.History(r.Context(), me.Actor(), room.ID.String(), chat.Page{After: max(number-1, 0), Limit: 1})
	if number == 1 {
		page, err = p.rooms.History(r.Context(), me.Actor(), room.ID.String(), chat.Page{Around: 1, Limit: 1})
	}
	if err != nil {
		return err
	}
	form.Room, form.Number, form.Path = room, number, r.URL.Path
	form.Back = roomPath(room.Segment(), me.User.Name)
	if !form.Sent && (len(page.Messages) == 0 || page.Messages[0].Number != number) {
		return chat.Errorf(chat.NotFound, "number", "That message has been deleted.")
	}
	if len(page.Messages) > 0 && page.Messages[0].Number == number {
		form.Text = page.Messages[0].Text
		for _, person := range page.People {
			form.Author = person.Name
		}
	}
	return p.render(w, r, status, "report", form)
}

func (p *Pages) report(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form, err := p.readForm(w, r)
	if err == nil {
		err = p.gate.Allow(r, auth.Report, me.User.ID)
	}
	number, bad := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if bad != nil {
		return errNotFound
	}
	if err == nil {
		err = p.rooms.Report(r.Context(), me.Actor(), r.PathValue("room"), number, form.Get("why"))
	}
	if err == nil {
		return p.showReport(w, r, me, http.StatusOK, reportForm{Sent: true})
	}
	e := chat.AsError(err)
	if wantsJSON(r) || e.Kind == chat.Internal || e.Kind == chat.NotFound {
		return err
	}
	filled := reportForm{Why: form.Get("why"), Faults: faults{}}
	filled.Faults.add(e)
	retryAfter(w, e)
	return p.showReport(w, r, me, p.status(r, e), filled)
}

// showWaiting says that what was posted waits for approval.
func (p *Pages) showWaiting(w http.ResponseWriter, r *http.Request, me auth.Identity, room chat.Room, text string) error {
	return p.render(w, r, http.StatusAccepted, "waiting", struct {
		Room       chat.Room
		Back, Text string
	}{room, roomPath(room.Segment(), me.User.Name), text})
}
