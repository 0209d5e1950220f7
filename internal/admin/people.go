package admin

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// personPage is what a moderator can do about somebody.
func (s *Site) personPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return s.showPerson(w, r, me, nil)
}

func (s *Site) showPerson(w http.ResponseWriter, r *http.Request, me auth.Identity, failed error) error {
	u, err := s.moderation.Subject(r.Context(), me.Actor(), chat.UserID(pathID(r, "user")))
	if err != nil {
		return err
	}
	state := "may speak"
	muted := u.MutedUntil > time.Now().UnixMilli()
	switch {
	case u.Deactivated:
		state = "banned"
	case muted && u.MutedUntil >= chat.Forever:
		state = "muted"
	case muted:
		state = "muted until " + moment(u.MutedUntil).String() + " UTC"
	}
	c := deskCase{Title: "What is in force", Lines: []fact{
		line("Kind", kindNames[u.Kind]), line("Role", roleNames[u.Role]), line("State", state), timeLine("Came", u.CreatedAt),
		timeLine("Seen", u.SeenAt),
	}}
	if operates(me) == nil {
		c.Lines = append(c.Lines, fact{Cell: link("All about this user", userHref(u.ID), "")})
	}
	path := personHref(u.ID)
	if muted {
		c.Forms = append(c.Forms, deskForm{
			Action: path + "mute", Prefix: "unmute-", Hidden: []param{{"for", "end"}}, Fields: []field{whyField("")},
			Buttons: []button{{"Let them speak again", "quiet small", "", ""}},
		})
	}
	b := deskBody{Cases: []deskCase{c}, Forms: []deskForm{
		{
			Title: "Mute", Action: path + "mute", Prefix: "mute-", Buttons: []button{{"Mute", "", "", ""}},
			Fields: []field{{Name: "for", Label: "For", Kind: "select", Options: muteTimes, Value: "3600"}, whyField("Goes into the log.")},
		},
		banForm(u, path),
		{
			Title: "Delete messages", Action: path + "purge", Prefix: "purge-", Buttons: []button{{"Delete their messages", "danger", "", ""}},
			Fields: append(spanFields(), field{Name: "room", Label: "Room", Help: "Its name or id; empty for all rooms."}, whyField("Goes into the log.")),
		},
	}}
	return s.showDesk(w, r, me, page{Title: u.Name, Section: "People", Crumbs: nil}, b, failed)
}

func banForm(u chat.User, path string) deskForm {
	if u.Deactivated {
		return deskForm{
			Title: "Lift the ban", Action: path + "unban", Prefix: "unban-", Fields: []field{whyField("Goes into the log.")},
			Buttons: []button{{"Let them in again", "", "", ""}},
		}
	}
	f := deskForm{
		Title: "Ban", Action: path + "ban", Prefix: "ban-", Buttons: []button{{"Ban", "danger", "", ""}},
		Fields: []field{
			{
				Name: "network", Label: "Also their network", Kind: "checkbox", Checked: u.Kind == chat.Guest,
				Help: "No new guests come in from there: an IPv4 address, or an IPv6 /64.",
			},
			{Name: "for", Label: "The network for", Kind: "select", Options: banTimes, Value: "604800"},
			whyField("Goes into the log."),
		},
	}
	return f
}

func spanFields() []field {
	return []field{
		{Name: "from", Label: "From", Kind: "datetime-local", Help: "In UTC; empty for no bound."},
		{Name: "to", Label: "To", Kind: "datetime-local", Help: "In UTC; empty for no bound."},
	}
}

// span reads spanFields.
func span(r *http.Request) (from, to int64, err error) {
	for name, ms := range map[string]*int64{"from": &from, "to": &to} {
		value := r.PostForm.Get(name)
		if value == "" {
			continue
		}
		t, failed := time.Parse("2006-01-02T15:04", value)
		if failed != nil {
			t, failed = time.Parse("2006-01-02T15:04:05", value)
		}
		if failed != nil || t.UnixMilli() <= 0 {
			return 0, 0, chat.Errorf(chat.Invalid, name, "This is not a day and a time.")
		}
		*ms = t.UnixMilli()
	}
	return from, to, nil
}

// act does something about the person of the path and goes back to their page.
func (s *Site) act(do func(s *Site, r *http.Request, me auth.Identity, id chat.UserID) (done string, err error)) handler {
	return func(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
		id := chat.UserID(pathID(r, "user"))
		done, err := do(s, r, me, id)
		switch {
		case err == nil:
			doneAt(w, r, personHref(id), done)
			return nil
		case about(err):
			return s.showPerson(w, r, me, err)
		}
		return err
	}
}

func mutePerson(s *Site, r *http.Request, me auth.Identity, id chat.UserID) (string, error) {
	until, done := int64(0), "unmuted"
	if r.PostForm.Get("for") != "end" {
		var err error
		if until, err = timeOf(r.PostForm.Get("for"), chat.Forever); err != nil {
			return "", err
		}
		done = "muted"
	}
	_, err := s.moderation.Mute(r.Context(), me.Actor(), id, until, r.PostForm.Get("why"))
	return done, err
}

func banPerson(s *Site, r *http.Request, me auth.Identity, id chat.UserID) (string, error) {
	ban := chat.Ban{Why: r.PostForm.Get("why"), Network: r.PostForm.Get("network") == "yes"}
	if ban.Network {
		var err error
		if ban.Until, err = timeOf(r.PostForm.Get("for"), 0); err != nil {
			return "", err
		}
	}
	_, err := s.moderation.Ban(r.Context(), me.Actor(), id, ban)
	return "banned", err
}

func unbanPerson(s *Site, r *http.Request, me auth.Identity, id chat.UserID) (string, error) {
	return "lifted", s.moderation.Unban(r.Context(), me.Actor(), id, r.PostForm.Get("why"))
}

func purgePerson(s *Site, r *http.Request, me auth.Identity, id chat.UserID) (string, error) {
	from, to, err := span(r)
	if err != nil {
		return "", err
	}
	purge := chat.Purge{User: id, Room: strings.TrimSpace(r.PostForm.Get("room")), From: from, To: to, Why: r.PostForm.Get("why")}
	_, err = s.moderation.Purge(r.Context(), me.Actor(), purge)
	return "purged", err
}

// banList is which networks are banned.
func (s *Site) banList(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return s.showBans(w, r, me, nil)
}

func (s *Site) showBans(w http.ResponseWriter, r *http.Request, me auth.Identity, failed error) error {
	bans, more, err := s.moderation.Networks(r.Context(), me.Actor(), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	people, err := s.moderation.Banned(r.Context(), me.Actor())
	if err != nil {
		return err
	}
	b := deskBody{
		Lead: "Networks that no new guest comes from, and people who are banned.", Empty: "Nobody is banned.",
		Forms: []deskForm{{
			Title: "Ban a network", Action: "/admin/bans/", Prefix: "network-", Buttons: []button{{"Ban", "danger", "", ""}},
			Fields: []field{
				{Name: "network", Label: "Address", Required: true, Help: "Such as 203.0.113.7; of an IPv6 address its /64."},
				{Name: "for", Label: "For", Kind: "select", Options: banTimes, Value: "604800"},
				whyField("Goes into the log."),
			},
		}},
	}
	for i, ban := range bans {
		b.Cases = append(b.Cases, networkCase(i, ban))
	}
	for _, u := range people {
		b.Cases = append(b.Cases, deskCase{
			Title: u.Name, Href: personHref(u.ID), Lines: []fact{line("Kind", kindNames[u.Kind]), timeLine("Seen", u.SeenAt)},
		})
	}
	if more {
		b.Next = "/admin/bans/?after=" + bans[len(bans)-1].Network
	}
	return s.showDesk(w, r, me, page{Title: "Bans", Section: "Bans"}, b, failed)
}

func networkCase(i int, ban chat.AddressBan) deskCase {
	c := deskCase{Title: ban.Network, Lines: []fact{timeLine("Since", ban.At), timeLine("Until", ban.Until)}}
	if ban.Until == 0 {
		c.Lines[1] = line("Until", "it is lifted")
	}
	if ban.User != 0 {
		c.Lines = append(c.Lines, fact{Cell: link("With a person", personHref(ban.User), "")})
	}
	if ban.Why != "" {
		c.Lines = append(c.Lines, line("Why", ban.Why))
	}
	c.Forms = []deskForm{{
		Action: "/admin/bans/lift", Prefix: fmt.Sprintf("lift-%d-", i), Hidden: []param{{"network", ban.Network}},
		Buttons: []button{{"Lift", "quiet small", "", ""}},
	}}
	return c
}

func (s *Site) banNetwork(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	until, err := timeOf(r.PostForm.Get("for"), 0)
	if err == nil {
		_, err = s.moderation.BanNetwork(r.Context(), me.Actor(), r.PostForm.Get("network"), until, r.PostForm.Get("why"))
	}
	return s.afterBan(w, r, me, "banned", err)
}

func (s *Site) liftNetwork(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	err := s.moderation.LiftNetwork(r.Context(), me.Actor(), r.PostForm.Get("network"), r.PostForm.Get("why"))
	return s.afterBan(w, r, me, "lifted", err)
}

func (s *Site) afterBan(w http.ResponseWriter, r *http.Request, me auth.Identity, done string, err error) error {
	switch {
	case err == nil:
		doneAt(w, r, "/admin/bans/", done)
		return nil
	case about(err), chat.KindOf(err) == chat.NotFound:
		return s.showBans(w, r, me, err)
	}
	return err
}
