package pages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/auth"
	"parley/internal/chat"
)

// roomPage shows a room to the person whom the address names: that is who asks, or who was once called so. Anybody else is
// asked to join under a name of their own, and is offered to make a room that there is not.
func (p *Pages) roomPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	name, username := r.PathValue("room"), r.PathValue("username")
	room, err := p.named(r.Context(), me, name)
	switch {
	case chat.KindOf(err) == chat.NotFound:
		return p.offerRoom(w, r, me)
	case chat.Refused(err):
		return p.refuseReading(w, r, me, err)
	case err != nil:
		return err
	}
	mine, err := p.isMe(r.Context(), me, username)
	if err != nil {
		return err
	}
	if !mine && room.Kind == chat.Public {
		form := joinForm{Username: me.User.Name, Room: room.Name, At: wantedMessage(r.URL.Query())}
		if me.User.ID == 0 {
			form.Username = p.possible(username)
		}
		return p.showJoin(w, r, me, http.StatusOK, form)
	}
	if name != room.Segment() || username != me.User.Name {
		to := url.URL{Path: roomPath(room.Segment(), me.User.Name), RawQuery: r.URL.RawQuery}
		return redirect(w, r, to.Path+query(to.RawQuery))
	}
	o, err := opening(r.URL.Query())
	if err != nil {
		return err
	}
	return p.showRoom(w, r, me, http.StatusOK, room, o, written{})
}

// named finds a room that I may read by its name.
func (p *Pages) named(ctx context.Context, me auth.Identity, name string) (chat.Room, error) {
	if room, ok := p.kept.named(name); ok && p.kept.open(me.User) {
		return room, nil
	}
	return p.rooms.Named(ctx, me.Actor(), name)
}

// refuseReading says that a room is for its members, and lets in who may become one.
func (p *Pages) refuseReading(w http.ResponseWriter, r *http.Request, me auth.Identity, refusal error) error {
	if wantsJSON(r) {
		return refusal
	}
	st, err := p.rooms.StandNamed(r.Context(), me.Actor(), r.PathValue("room"))
	if err != nil {
		return err
	}
	view := membersOnly{Room: st.Room.Name, Username: me.User.Name, At: wantedMessage(r.URL.Query())}
	as := st
	if me.User.ID == 0 {
		as.User = chat.User{ID: -1, Kind: chat.Guest} // what they become by joining
	}
	view.MayJoin = as.Can(chat.Join) == nil && (me.User.ID != 0 || !st.Settings.Closed())
	view.Why = chat.AsError(refusal).Message
	if view.MayJoin {
		view.Why = "Only members read what is said here."
	}
	return p.render(w, r, p.status(r, chat.AsError(refusal)), "members-only", view)
}

// A membersOnly is the page of a room that its visitor may not read.
type membersOnly struct {
	Room, Username, Why string
	MayJoin             bool
	At                  int64 // the message that the visitor came for, 0 for none
}

func query(raw string) string {
	if raw == "" {
		return ""
	}
	return "?" + raw
}

// addSlash sends "/lobby/ana" to "/lobby/ana/".
func (p *Pages) addSlash(w http.ResponseWriter, r *http.Request, _ auth.Identity) error {
	room := r.PathValue("room")
	if _, err := chat.CheckRoomName(room, utf8.RuneCountInString(room)); err != nil && !strings.HasPrefix(room, "~") {
		return errNotFound
	}
	return redirect(w, r, roomPath(r.PathValue("room"), r.PathValue("username"))+query(r.URL.RawQuery))
}

// isMe reports whether a name in an address is that of who asks, or was.
func (p *Pages) isMe(ctx context.Context, me auth.Identity, username string) (bool, error) {
	if me.User.ID == 0 {
		return false, nil
	}
	if username == me.User.Name {
		return true, nil
	}
	if p.possible(username) == "" {
		return false, nil
	}
	if chat.NameKey(username) == me.User.NameKey {
		return true, nil
	}
	return p.users.WasCalled(ctx, me.User.ID, username)
}

// possible is a name out of an address if it can be somebody's, else "".
func (p *Pages) possible(username string) string {
	name, err := chat.CheckName(username, p.users.Limits.Name)
	if err != nil {
		return ""
	}
	return name
}

// offerRoom says that there is no such room, and offers to make it if it may have that name.
func (p *Pages) offerRoom(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	room, err := chat.CheckRoomName(r.PathValue("room"), p.rooms.Limits.Room)
	if err != nil {
		return errNotFound
	}
	if wantsJSON(r) {
		return chat.Errorf(chat.NotFound, "room", "There is no room called %q.", room)
	}
	username := me.User.Name
	if me.User.ID == 0 {
		username = p.possible(r.PathValue("username"))
	}
	return p.render(w, r, http.StatusNotFound, "no-room", struct{ Room, Username string }{room, username})
}

// opening reads which messages an address asks for: ?before=, ?after= or ?at=, the number of a message.
func opening(q url.Values) (chat.Opening, error) {
	var o chat.Opening
	for _, field := range []struct {
		name string
		to   *int64
	}{{"before", &o.Before}, {"after", &o.After}, {"at", &o.Around}} {
		if !q.Has(field.name) {
			continue
		}
		n, err := strconv.ParseInt(q.Get(field.name), 10, 64)
		if err != nil || n < 1 {
			return chat.Opening{}, chat.Errorf(chat.Invalid, field.name, "In the address, %q has to be the number of a message.", field.name)
		}
		*field.to = n
		return o, nil
	}
	return o, nil
}

// post stores what was written in the form of the room page, and shows the page anew. The hidden key makes one message of a
// form that is sent twice.
func (p *Pages) post(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	room, err := p.rooms.Named(r.Context(), me.Actor(), r.PathValue("room"))
	if chat.KindOf(err) == chat.NotFound {
		return p.offerRoom(w, r, me)
	}
	if err != nil {
		return err
	}
	if mine, err := p.isMe(r.Context(), me, r.PathValue("username")); err != nil || !mine {
		return p.refuseStranger(w, r, me, room, err)
	}
	form, err := p.readForm(w, r)
	if err == nil {
		err = required(form, "text", "message")
	}
	if err == nil {
		err = p.gate.Allow(r, auth.Post, me.User.ID)
	}
	var posted chat.Posted
	if err == nil {
		posted, err = p.rooms.Post(r.Context(), me.Actor(), room.ID.String(), chat.Draft{Key: form.Get("key"), Text: form.Get("text")})
	}
	if err != nil {
		return p.refusePost(w, r, me, room, written{text: form.Get("text"), key: form.Get("key")}, err)
	}
	if posted.Held != 0 {
		return p.showWaiting(w, r, me, room, form.Get("text"))
	}
	return redirect(w, r, roomPath(room.Segment(), me.User.Name))
}

// written is what stands in the message form: what could not be posted, and why.
type written struct {
	text, key string // key is "" for a new one
	why       string
}

// refusePost shows the room again with the text that could not be posted. Where the very same may work later its key stays.
func (p *Pages) refusePost(w http.ResponseWriter, r *http.Request, me auth.Identity, room chat.Room, kept written, err error) error {
	e := chat.AsError(err)
	if wantsJSON(r) {
		return err
	}
	kept.why = e.Message
	switch e.Kind {
	case chat.Unavailable, chat.Internal, chat.RateLimited:
	default:
		kept.key = ""
	}
	retryAfter(w, e)
	return p.showRoom(w, r, me, p.status(r, e), room, chat.Opening{}, kept)
}

// refuseStranger answers somebody who posts under an address that is not theirs: the session has ended, or the browser is
// somebody else by now.
func (p *Pages) refuseStranger(w http.ResponseWriter, r *http.Request, me auth.Identity, room chat.Room, err error) error {
	switch {
	case err != nil:
		return err
	case me.User.ID == 0:
		err = chat.Errorf(chat.Unauthenticated, "", "Please join with a name first.")
	default:
		err = chat.Errorf(chat.Forbidden, "", "You are called %q in this browser, and nobody can write under another's name.", me.User.Name)
	}
	if room.Kind != chat.Public {
		return err
	}
	filled := joinForm{Username: me.User.Name, Room: room.Name}
	if me.User.ID == 0 {
		filled.Username = p.possible(r.PathValue("username"))
	}
	return p.refuseJoin(w, r, me, filled, err)
}
