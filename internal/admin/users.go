package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// kindNames and roleNames are what people read for kinds and roles.
var (
	kindNames = map[chat.UserKind]string{
		chat.Guest: "guest", chat.Account: "account", chat.Bot: "bot", chat.Script: "script", chat.Imported: "imported",
	}
	roleNames = map[chat.Role]string{
		chat.NoRole: "none", chat.Moderator: "moderator", chat.Administrator: "administrator", chat.Owner: "owner",
	}
)

var userHeadings = []heading{
	{name: "Name", sort: chat.SortName},
	{name: "Kind", sort: chat.SortKind},
	{name: "Role", sort: chat.SortRole, down: true},
	{name: "State"},
	{name: "Created", sort: chat.SortCreated, class: "time", down: true},
	{name: "Seen", sort: chat.SortSeen, class: "time", down: true},
}

// noRole is how an address says that the role is none.
const noRole = "none"

// userList is the list of users.
func (s *Site) userList(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	p, problems := readParams(r.URL.Query()), map[string]string{}
	q := chat.UserQuery{
		Paging: p.paging(), Search: p.Get("q"), Kind: chat.UserKind(p.Get("kind")), State: chat.UserState(p.Get("state")),
	}
	if p.Get("role") != "" {
		role := chat.Role(p.Get("role"))
		if role == noRole {
			role = chat.NoRole
		}
		q.Role = &role
	}
	q.From, q.To = p.dates(problems)
	var list chat.List[chat.User]
	if len(problems) == 0 {
		var err error
		if list, err = s.admin.Users(r.Context(), me.Actor(), q); err != nil {
			return err
		}
	}
	b := listBody{
		Path: "/admin/users/", Noun: "user", Add: "/admin/users/add", Bulk: true, Columns: p.columns(userHeadings),
		Groups: []group{
			p.choice("Kind", "kind", param{"", "All"}, param{string(chat.Guest), "Guests"}, param{string(chat.Account), "Accounts"},
				param{string(chat.Bot), "Bots"}, param{string(chat.Script), "Scripts"}, param{string(chat.Imported), "Imported"}),
			p.choice("Role", "role", param{"", "All"}, param{string(chat.Owner), "Owners"}, param{string(chat.Administrator), "Administrators"},
				param{string(chat.Moderator), "Moderators"}, param{noRole, "None"}),
			p.choice("State", "state", param{"", "All"}, param{string(chat.StateActive), "Active"},
				param{string(chat.StateDeactivated), "Deactivated"}),
		},
	}
	inputs, days := p.dateInputs("Created", problems, time.Now())
	b.Inputs, b.Groups = inputs, append(b.Groups, days)
	b = p.frame(r, b)
	for _, u := range list.Rows {
		b.Rows = append(b.Rows, row{
			Pick: strconv.FormatInt(int64(u.ID), 10), Label: u.Name,
			Cells: []cell{
				primary(u.Name, userHref(u.ID)+"?back="+url.QueryEscape(b.Back), ""), text(kindNames[u.Kind], ""),
				text(roleNames[u.Role], mutedIf(u.Role == chat.NoRole)), text(stateOf(u), mutedIf(!u.Deactivated)),
				at(u.CreatedAt), at(u.SeenAt),
			},
		})
	}
	turn(&b, p, list)
	s.showList(w, r, me, "Users", b, problems)
	return nil
}

func mutedIf(muted bool) string {
	if muted {
		return "muted"
	}
	return ""
}

// stateOf is whether somebody can still do something. Who is deleted holds no name any more.
func stateOf(u chat.User) string {
	switch {
	case u.Gone():
		return "deleted"
	case u.Deactivated:
		return "deactivated"
	default:
		return "active"
	}
}

func userHref(id chat.UserID) string { return "/admin/users/" + strconv.FormatInt(int64(id), 10) + "/" }

var userCrumbs = []crumb{{"Users", "/admin/users/"}}

func userFields(e chat.UserEdit) []field {
	roles := []param{}
	for _, role := range []chat.Role{chat.NoRole, chat.Moderator, chat.Administrator, chat.Owner} {
		roles = append(roles, param{string(role), roleNames[role]})
	}
	return []field{
		{Name: "username", Label: "Name", Value: e.Name, Required: true},
		{
			Name: "role", Label: "Role", Kind: "select", Value: string(e.Role), Options: roles,
			Help: "Moderators delete what others wrote; administrators and owners use these pages.",
		},
	}
}

// addUserPage is the form for a new account.
func (s *Site) addUserPage(w http.ResponseWriter, _ *http.Request, me auth.Identity) error {
	s.showNewUser(w, me, chat.UserEdit{}, nil)
	return nil
}

func (s *Site) showNewUser(w http.ResponseWriter, me auth.Identity, e chat.UserEdit, failed error) {
	fields := userFields(e)
	f := formBody{Cancel: "/admin/users/", Fields: []field{
		fields[0],
		{Name: "password", Label: "Password", Kind: "password", Required: true, Help: "At least " + strconv.Itoa(auth.MinPassword) + " characters. Tell it to them yourself."},
		fields[1],
	}}
	s.showForm(w, me, page{Title: "Add a user", Section: "Users", Crumbs: userCrumbs}, f, failed)
}

func (s *Site) addUser(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	e := chat.UserEdit{Name: r.PostForm.Get("username"), Role: chat.Role(r.PostForm.Get("role"))}
	password, failed := auth.Hash(r.Context(), r.PostForm.Get("password"))
	if failed == nil {
		_, failed = s.admin.AddUser(r.Context(), me.Actor(), e.Name, password, e.Role)
	}
	switch {
	case failed == nil:
		returnTo(w, r, "/admin/users/", "", "added", 1)
	case ofForm(failed):
		s.showNewUser(w, me, e, failed)
	default:
		return failed
	}
	return nil
}

func (s *Site) userOf(r *http.Request, me auth.Identity) (chat.UserDetail, error) {
	details, err := s.admin.UserDetails(r.Context(), me.Actor(), []chat.UserID{chat.UserID(pathID(r, "user"))})
	if err != nil {
		return chat.UserDetail{}, err
	}
	if len(details) == 0 {
		return chat.UserDetail{}, chat.Errorf(chat.NotFound, "", "There is no such user.")
	}
	return details[0], nil
}

// userPage is the form for a user.
func (s *Site) userPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	user, err := s.userOf(r, me)
	if err != nil {
		return err
	}
	s.showUser(w, me, user, user.Edit(), r.URL.Query().Get("back"), nil)
	return nil
}

func (s *Site) showUser(w http.ResponseWriter, me auth.Identity, user chat.UserDetail, e chat.UserEdit, back string, failed error) {
	was := user.Edit()
	f := formBody{
		Back: back, Cancel: "/admin/users/?" + readBack(back).Encode(),
		Fields: append(userFields(e),
			field{
				Name: "deactivated", Label: "Deactivated", Kind: "checkbox", Checked: e.Deactivated,
				Help: "Signs them out everywhere at once. Their name stays theirs and their messages stay.",
			},
			field{Name: "was_username", Kind: "hidden", Value: was.Name},
			field{Name: "was_role", Kind: "hidden", Value: string(was.Role)},
			field{Name: "was_deactivated", Kind: "hidden", Value: yes(was.Deactivated)}),
		Facts: []fact{
			{Name: "Id", Cell: text(user.ID.String(), "")},
			{Name: "Kind", Cell: text(kindNames[user.Kind], "")},
			{Name: "Messages", Cell: link(counted(user.Live), "/admin/messages/?author="+user.ID.String(), "")},
			{Name: "Rooms", Cell: text(counted(user.Rooms), "")},
			{Name: "Signed in on", Cell: text(amount(chat.Count{N: user.Sessions}, "device"), "")},
			{Name: "Created", Cell: at(user.CreatedAt)},
			{Name: "Seen", Cell: at(user.SeenAt)},
			{Name: "Moderation", Cell: link("Mute, ban, delete messages", personHref(user.ID), "")},
			{Name: "What they did", Cell: link("In the log", "/admin/log/?by="+user.ID.String(), "")},
		},
	}
	if user.Kind == chat.Account && !user.Deactivated {
		f.Facts = append(f.Facts, fact{Name: "Forgotten password", Cell: link("Make a link to a new one", resetHref(user.ID), "")})
	}
	if !user.Gone() || user.Live.N > 0 {
		f.Delete = "/admin/users/delete?pick=" + strconv.FormatInt(int64(user.ID), 10)
	}
	if chat.KindOf(failed) == chat.Conflict {
		f.now("username", e.Name, was.Name)
		f.now("role", roleNames[e.Role], roleNames[was.Role])
		f.now("deactivated", yes(e.Deactivated), yes(was.Deactivated))
	}
	s.showForm(w, me, page{Title: user.Name, Section: "Users", Crumbs: userCrumbs}, f, failed)
}

func yes(set bool) string {
	if set {
		return "yes"
	}
	return "no"
}

func (s *Site) editUser(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	form := r.PostForm
	if !form.Has("was_username") || !form.Has("was_role") || !form.Has("was_deactivated") {
		return chat.Errorf(chat.Missing, "was_username", "The form does not say what it was made from.")
	}
	was := chat.UserEdit{
		Name: form.Get("was_username"), Role: chat.Role(form.Get("was_role")), Deactivated: form.Get("was_deactivated") == "yes",
	}
	e := chat.UserEdit{
		Name: form.Get("username"), Role: chat.Role(form.Get("role")), Deactivated: form.Get("deactivated") == "yes",
	}
	_, failed := s.admin.EditUser(r.Context(), me.Actor(), chat.UserID(pathID(r, "user")), was, e)
	if failed == nil {
		s.purger.Wake() // rooms that wait for another moderator
		returnTo(w, r, "/admin/users/", form.Get("back"), "changed", 1)
		return nil
	}
	if !ofForm(failed) {
		return failed
	}
	user, err := s.userOf(r, me)
	if err != nil {
		return err
	}
	s.showUser(w, me, user, e, form.Get("back"), failed)
	return nil
}

// deleteUsersPage says what goes with the users.
func (s *Site) deleteUsersPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return s.askDeleteUsers(w, r, me, nil)
}

func (s *Site) askDeleteUsers(w http.ResponseWriter, r *http.Request, me auth.Identity, failed error) error {
	details, err := s.admin.UserDetails(r.Context(), me.Actor(), picked[chat.UserID](r))
	if err != nil {
		return err
	}
	b := deleteBody{
		Path: "/admin/users/delete", Cancel: "/admin/users/?" + readBack(r.Form.Get("back")).Encode(), Back: r.Form.Get("back"),
		Consequence: "They are signed out everywhere, leave all rooms, and their names become free for others.",
		Choice:      []param{{"keep", "Keep their messages, under their names"}, {"delete", "Delete their messages too"}},
	}
	for _, u := range details {
		b.Things = append(b.Things, thing{
			Pick: strconv.FormatInt(int64(u.ID), 10), Name: u.Name, Href: userHref(u.ID),
			With: []string{amount(u.Live, "message"), amount(u.Rooms, "room"), "signed in on " + amount(chat.Count{N: u.Sessions}, "device")},
		})
	}
	return s.showDelete(w, me, "Users", "user", userCrumbs, b, failed)
}

func (s *Site) deleteUsers(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if r.PostForm.Get("confirm") != "yes" {
		return s.deleteUsersPage(w, r, me)
	}
	var withMessages bool
	switch r.PostForm.Get("messages") {
	case "keep":
	case "delete":
		withMessages = true
	default:
		return s.askDeleteUsers(w, r, me, chat.Errorf(chat.Missing, "messages", "Please choose what becomes of their messages."))
	}
	n, err := s.admin.DeleteUsers(r.Context(), me.Actor(), picked[chat.UserID](r), withMessages)
	if n > 0 {
		s.purger.Wake()
	}
	if chat.KindOf(err) == chat.Forbidden {
		return s.askDeleteUsers(w, r, me, err)
	}
	if err != nil {
		return err
	}
	returnTo(w, r, "/admin/users/", r.PostForm.Get("back"), "deleted", n)
	return nil
}
