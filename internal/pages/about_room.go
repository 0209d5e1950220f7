package pages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley/internal/auth"
	"parley/internal/chat"
)

// An aboutRoom is the page about a room: what it is, who is in it, and forms for what its visitor may do there.
type aboutRoom struct {
	chat.Standing
	Me     chat.User
	Title  string
	Path   string // the page's own address
	Link   string // into the room
	People chat.MemberPage
	After  string // asks for the next page of people
	Banned chat.MemberPage
	Filled url.Values
	Faults faults
}

// May reports whether the visitor may do that in the room, by the permission table.
func (v aboutRoom) May(verb chat.Verb) bool { return v.Can(verb) == nil }

// The verbs that the page has forms for.
func (v aboutRoom) MayManage() bool  { return v.May(chat.Manage) }
func (v aboutRoom) MayConvert() bool { return v.May(chat.Convert) }
func (v aboutRoom) MayArchive() bool { return v.May(chat.Archive) }
func (v aboutRoom) MayDrop() bool    { return v.May(chat.Drop) }
func (v aboutRoom) MayAdd() bool     { return v.May(chat.Add) }
func (v aboutRoom) MayInvite() bool  { return v.May(chat.Invite) }
func (v aboutRoom) MayRemove() bool  { return v.May(chat.Remove) }
func (v aboutRoom) MayAppoint() bool { return v.May(chat.Appoint) }
func (v aboutRoom) MayLeave() bool   { return v.May(chat.Leave) && v.Member.Joined }
func (v aboutRoom) MayJoin() bool    { return v.May(chat.Join) && !v.Member.Joined }

// roomAddress is the page about a room.
func roomAddress(id chat.RoomID) string { return "/-/room/" + id.String() }

func (p *Pages) aboutRoomPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return p.showAboutRoom(w, r, me, http.StatusOK, aboutRoom{})
}

// showAboutRoom renders the page, with a form as it was filled in.
func (p *Pages) showAboutRoom(w http.ResponseWriter, r *http.Request, me auth.Identity, status int, view aboutRoom) error {
	ctx, ref := r.Context(), r.PathValue("room")
	st, err := p.rooms.Stand(ctx, me.Actor(), ref)
	if err == nil {
		err = st.Can(chat.Read)
	}
	if err != nil {
		return err
	}
	view.Standing, view.Me, view.Path, view.Link = st, me.User, roomAddress(st.Room.ID), "/"
	if me.User.ID != 0 {
		view.Link = roomPath(st.Room.Segment(), me.User.Name)
	}
	if view.Title, err = p.titleOf(ctx, me, st.Room); err != nil {
		return err
	}
	if view.Filled == nil {
		view.Filled = url.Values{
			"name": {st.Room.Name}, "topic": {st.Room.Topic}, "description": {st.Room.Description}, "slow": {strconv.Itoa(st.Room.Slow)},
		}
		if st.Room.NoPreview {
			view.Filled.Set("no_preview", "yes")
		}
	}
	if view.People, err = p.rooms.Members(ctx, me.Actor(), ref, chat.MemberQuery{After: r.URL.Query().Get("after")}); err != nil {
		return err
	}
	if n := len(view.People.Members); view.People.More && n > 0 {
		view.After = view.People.Members[n-1].User.String()
	}
	if view.MayRemove() {
		if view.Banned, err = p.rooms.Members(ctx, me.Actor(), ref, chat.MemberQuery{Banned: true}); err != nil {
			return err
		}
	}
	return p.render(w, r, status, "about-room", view)
}

// titleOf is what a room is called for me: a direct room by the others in it.
func (p *Pages) titleOf(ctx context.Context, me auth.Identity, room chat.Room) (string, error) {
	if room.Kind != chat.DirectRoom {
		return room.Name, nil
	}
	names, err := p.rooms.People(ctx, me.Actor(), room.People.IDs())
	entry := room.Entry()
	entry.People = names
	return entry.Title(me.User.ID), err
}

// An act is what a form on the page about a room does. It returns where to go then, "" for the page again.
type act func(ctx context.Context, me chat.Actor, room string, form url.Values) (string, error)

// onRoom makes a handler of what a form does: it shows the page again, or what is wrong under the field that is at fault.
func (p *Pages) onRoom(do act) handler {
	return func(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
		form, err := p.readForm(w, r)
		if err == nil {
			err = p.gate.Allow(r, auth.Post, me.User.ID)
		}
		to := ""
		if err == nil {
			to, err = do(r.Context(), me.Actor(), r.PathValue("room"), form)
		}
		if err == nil {
			if to == "" {
				to = "/-/room/" + url.PathEscape(r.PathValue("room"))
			}
			return redirect(w, r, to)
		}
		e := chat.AsError(err)
		if wantsJSON(r) || chat.Refused(err) && e.Field == "room" || e.Kind == chat.Internal {
			return err
		}
		view := aboutRoom{Faults: faults{}}
		if form.Has("name") {
			view.Filled = form
		}
		view.Faults.add(e)
		retryAfter(w, e)
		return p.showAboutRoom(w, r, me, p.status(r, e), view)
	}
}

func (p *Pages) changeRoom(ctx context.Context, me chat.Actor, room string, form url.Values) (string, error) {
	slow, err := strconv.Atoi(strings.TrimSpace(form.Get("slow")))
	if err != nil && strings.TrimSpace(form.Get("slow")) != "" {
		return "", chat.Errorf(chat.Invalid, "slow", "The pause is a number of seconds.")
	}
	c := chat.RoomChange{
		Topic: new(form.Get("topic")), Description: new(form.Get("description")), Slow: &slow,
		NoPreview: new(form.Get("no_preview") == "yes"),
	}
	if form.Has("name") {
		c.Name = new(form.Get("name"))
	}
	_, err = p.rooms.Change(ctx, me, room, c)
	return "", err
}

func (p *Pages) archiveRoom(ctx context.Context, me chat.Actor, room string, form url.Values) (string, error) {
	_, err := p.rooms.Change(ctx, me, room, chat.RoomChange{Archived: new(form.Get("archived") == "yes")})
	return "", err
}

func (p *Pages) convertRoom(ctx context.Context, me chat.Actor, room string, form url.Values) (string, error) {
	c := chat.RoomChange{Kind: new(chat.RoomKind(form.Get("kind")))}
	if form.Has("public_name") {
		c.Name = new(form.Get("public_name"))
	}
	_, err := p.rooms.Change(ctx, me, room, c)
	return "", err
}

func (p *Pages) addToRoom(ctx context.Context, me chat.Actor, room string, form url.Values) (string, error) {
	people, err := p.rooms.PeopleNamed(ctx, me, spoken(form.Get("users")))
	if err == nil && len(people) == 0 {
		err = chat.Errorf(chat.Missing, "users", "Please say whom to add.")
	}
	if err == nil {
		_, err = p.rooms.Add(ctx, me, room, people)
	}
	return "", err
}

func (p *Pages) removeFromRoom(ctx context.Context, me chat.Actor, room string, form url.Values) (string, error) {
	user, err := userIn(form)
	if err == nil {
		_, err = p.rooms.Remove(ctx, me, room, chat.Removal{User: user, Ban: form.Get("ban") == "yes", Why: form.Get("why")})
	}
	return "", err
}

func (p *Pages) changeMember(ctx context.Context, me chat.Actor, room string, form url.Values) (string, error) {
	user, err := userIn(form)
	var c chat.MemberChange
	if form.Has("role") {
		c.Role = new(chat.Role(form.Get("role")))
	}
	if form.Has("banned") {
		c.Banned = new(form.Get("banned") == "yes")
	}
	if err == nil {
		_, err = p.rooms.ChangeMember(ctx, me, room, user, c)
	}
	return "", err
}

func userIn(form url.Values) (chat.UserID, error) {
	var id chat.UserID
	if err := id.UnmarshalText([]byte(form.Get("user"))); err != nil {
		return 0, chat.Errorf(chat.NotFound, "user", "There is no such user.")
	}
	return id, nil
}

func (p *Pages) leaveRoom(ctx context.Context, me chat.Actor, room string, _ url.Values) (string, error) {
	_, err := p.rooms.Leave(ctx, me, room)
	return "/", err
}

func (p *Pages) joinRoom(ctx context.Context, me chat.Actor, room string, _ url.Values) (string, error) {
	st, err := p.rooms.Stand(ctx, me, room) // a room that there is not is not made here
	if err == nil {
		_, err = p.rooms.Join(ctx, me, st.Room.ID.String())
	}
	return "", err
}

// dropRoomPage asks for confirmation.
func (p *Pages) dropRoomPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	st, err := p.rooms.Stand(r.Context(), me.Actor(), r.PathValue("room"))
	if err == nil {
		err = st.Can(chat.Drop)
	}
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, "drop-room", struct{ Title, Path string }{st.Room.Name, roomAddress(st.Room.ID)})
}

func (p *Pages) dropRoom(ctx context.Context, me chat.Actor, room string, form url.Values) (string, error) {
	if form.Get("confirm") != "yes" {
		return "/-/room/" + url.PathEscape(room) + "/delete", nil
	}
	return "/", p.rooms.Drop(ctx, me, room)
}
