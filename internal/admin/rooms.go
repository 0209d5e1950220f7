package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

var roomHeadings = []heading{
	{name: "Name", sort: chat.SortName},
	{name: "Topic"},
	{name: "Messages", sort: chat.SortMessages, class: "number", down: true},
	{name: "Members", sort: chat.SortMembers, class: "number", down: true},
	{name: "Created", sort: chat.SortCreated, class: "time", down: true},
}

var deletedChoice = []param{{"", "No"}, {"yes", "Yes"}}

// roomList is the list of rooms.
func (s *Site) roomList(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	p, problems := readParams(r.URL.Query()), map[string]string{}
	q := chat.RoomQuery{Paging: p.paging(), Search: p.Get("q"), Deleted: p.Get("deleted") == "yes"}
	q.From, q.To = p.dates(problems)
	var list chat.List[chat.Room]
	if len(problems) == 0 {
		var err error
		if list, err = s.admin.Rooms(r.Context(), me.Actor(), q); err != nil {
			return err
		}
	}
	b := listBody{
		Path: "/admin/rooms/", Noun: "room", Add: "/admin/rooms/add", Bulk: !q.Deleted,
		Columns: p.columns(roomHeadings), Groups: []group{p.choice("Deleted", "deleted", deletedChoice...)},
	}
	inputs, days := p.dateInputs("Created", problems, time.Now())
	b.Inputs, b.Groups = inputs, append(b.Groups, days)
	b = p.frame(r, b)
	for _, room := range list.Rows {
		name := primary(room.Name, roomHref(room.ID)+"?back="+url.QueryEscape(b.Back), "")
		if room.Deleted {
			name = text(room.Name, "")
		}
		b.Rows = append(b.Rows, row{
			Pick: strconv.FormatInt(int64(room.ID), 10), Label: room.Name,
			Cells: []cell{name, text(room.Topic, "muted"), number(room.Messages), number(room.Members), at(room.CreatedAt)},
		})
	}
	turn(&b, p, list)
	s.showList(w, r, me, "Rooms", b, problems)
	return nil
}

func roomHref(id chat.RoomID) string { return "/admin/rooms/" + strconv.FormatInt(int64(id), 10) + "/" }

// openRoom is the address of a room for somebody.
func openRoom(room, me string) string {
	return "/" + url.PathEscape(room) + "/" + url.PathEscape(me) + "/"
}

// pathID reads an id of an address; what is none is an id that nothing has.
func pathID(r *http.Request, name string) int64 {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

var roomCrumbs = []crumb{{"Rooms", "/admin/rooms/"}}

// addRoomPage is the form for a new room.
func (s *Site) addRoomPage(w http.ResponseWriter, _ *http.Request, me auth.Identity) error {
	s.showForm(w, me, page{Title: "Add a room", Section: "Rooms", Crumbs: roomCrumbs}, roomForm(chat.RoomEdit{}), nil)
	return nil
}

func roomForm(e chat.RoomEdit) formBody {
	return formBody{Cancel: "/admin/rooms/", Fields: []field{
		{Name: "room", Label: "Name", Value: e.Name, Required: true, Help: "It is part of the room's address. Case counts."},
		{Name: "topic", Label: "Topic", Value: e.Topic, Help: "One line, shown beside the name."},
	}}
}

func (s *Site) addRoom(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	e := chat.RoomEdit{Name: r.PostForm.Get("room"), Topic: r.PostForm.Get("topic")}
	if _, err := s.admin.AddRoom(r.Context(), me.Actor(), e.Name, e.Topic); err != nil {
		if !ofForm(err) {
			return err
		}
		s.showForm(w, me, page{Title: "Add a room", Section: "Rooms", Crumbs: roomCrumbs}, roomForm(e), err)
		return nil
	}
	returnTo(w, r, "/admin/rooms/", "", "added", 1)
	return nil
}

// roomPage is the form for a room.
func (s *Site) roomPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	room, err := s.roomOf(r, me)
	if err != nil {
		return err
	}
	edit := chat.RoomEdit{Version: room.InfoVersion, Name: room.Name, Topic: room.Topic}
	s.showRoom(w, me, room, edit, r.URL.Query().Get("back"), nil)
	return nil
}

func (s *Site) roomOf(r *http.Request, me auth.Identity) (chat.RoomDetail, error) {
	details, err := s.admin.RoomDetails(r.Context(), me.Actor(), []chat.RoomID{chat.RoomID(pathID(r, "room"))})
	if err != nil {
		return chat.RoomDetail{}, err
	}
	if len(details) == 0 {
		return chat.RoomDetail{}, chat.Errorf(chat.NotFound, "", "There is no such room, or not any more.")
	}
	return details[0], nil
}

func (s *Site) showRoom(w http.ResponseWriter, me auth.Identity, room chat.RoomDetail, e chat.RoomEdit, back string, failed error) {
	f := roomForm(e)
	f.Version, f.Back, f.Cancel = strconv.FormatInt(room.InfoVersion, 10), back, "/admin/rooms/?"+readBack(back).Encode()
	f.Delete = "/admin/rooms/delete?pick=" + strconv.FormatInt(int64(room.ID), 10)
	if chat.KindOf(failed) == chat.Conflict {
		f.now("room", e.Name, room.Name)
		f.now("topic", e.Topic, room.Topic)
	}
	f.Facts = []fact{
		{Name: "Id", Cell: text(room.ID.String(), "")},
		{Name: "Messages", Cell: link(counted(room.Live), "/admin/messages/?room="+room.ID.String(), "")},
		{Name: "Members", Cell: text(thousands(room.Members), "")},
		{Name: "Created", Cell: at(room.CreatedAt)},
		{Name: "On the site", Cell: link("Open the room", openRoom(room.Name, me.User.Name), "")},
	}
	s.showForm(w, me, page{Title: room.Name, Section: "Rooms", Crumbs: roomCrumbs}, f, failed)
}

func (s *Site) editRoom(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return chat.Errorf(chat.Missing, "version", "The form does not say which version it was made from.")
	}
	e := chat.RoomEdit{Version: version, Name: r.PostForm.Get("room"), Topic: r.PostForm.Get("topic")}
	_, failed := s.admin.EditRoom(r.Context(), me.Actor(), chat.RoomID(pathID(r, "room")), e)
	if failed == nil {
		returnTo(w, r, "/admin/rooms/", r.PostForm.Get("back"), "changed", 1)
		return nil
	}
	if !ofForm(failed) {
		return failed
	}
	room, err := s.roomOf(r, me)
	if err != nil {
		return err
	}
	s.showRoom(w, me, room, e, r.PostForm.Get("back"), failed)
	return nil
}

// deleteRoomsPage says what goes with the rooms.
func (s *Site) deleteRoomsPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	details, err := s.admin.RoomDetails(r.Context(), me.Actor(), picked[chat.RoomID](r))
	if err != nil {
		return err
	}
	b := deleteBody{
		Path: "/admin/rooms/delete", Cancel: "/admin/rooms/?" + readBack(r.Form.Get("back")).Encode(), Back: r.Form.Get("back"),
		Consequence: "Everybody in there sees at once that it is gone. Its name becomes free. The messages cannot be brought back.",
	}
	for _, room := range details {
		b.Things = append(b.Things, thing{
			Pick: strconv.FormatInt(int64(room.ID), 10), Name: room.Name, Href: roomHref(room.ID),
			With: []string{amount(room.Live, "message"), amount(chat.Count{N: int(room.Members)}, "member")},
		})
	}
	return s.showDelete(w, me, "Rooms", "room", roomCrumbs, b, nil)
}

func (s *Site) deleteRooms(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if r.PostForm.Get("confirm") != "yes" {
		return s.deleteRoomsPage(w, r, me)
	}
	n, err := s.admin.DeleteRooms(r.Context(), me.Actor(), picked[chat.RoomID](r))
	if n > 0 {
		s.purger.Wake()
	}
	if err != nil {
		return err
	}
	returnTo(w, r, "/admin/rooms/", r.PostForm.Get("back"), "deleted", n)
	return nil
}
