package admin

import (
	"net/http"
	"strings"

	"parley/internal/auth"
	"parley/internal/chat"
)

var (
	thresholdNames = []param{
		{string(chat.FromEverybody), "Everybody"},
		{string(chat.FromMembers), "Members"},
		{string(chat.FromModerators), "Moderators"},
		{string(chat.FromAdministrators), "Administrators"},
	}
	registrationNames = []param{
		{string(chat.OpenRegistration), "Everybody"}, {string(chat.ByInvitation), "Who has an invitation"}, {string(chat.NoRegistration), "Nobody"},
	}
	lockdownNames = []param{
		{string(chat.NoLockdown), "None"},
		{string(chat.NoNewGuests), "No new guests"},
		{string(chat.MembersOnly), "Members only"},
		{string(chat.ReadOnly), "Read only"},
	}
)

// settingsPage are the settings, and the switch of the lockdown.
func (s *Site) settingsPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return s.showSettings(w, r, me, nil)
}

func (s *Site) showSettings(w http.ResponseWriter, r *http.Request, me auth.Identity, failed error) error {
	is, err := s.moderation.Settings(r.Context(), me.Actor())
	if err != nil {
		return err
	}
	b := deskBody{}
	if operates(me) == nil {
		b.Cases = []deskCase{{Title: "As usual", Forms: []deskForm{settingsForm(is)}}}
	}
	b.Forms = []deskForm{{
		Title: "Lockdown", Action: "/admin/lockdown", Prefix: "lockdown-", Buttons: []button{{"Put in force", "danger", "", ""}},
		Fields: []field{
			{
				Name: "lockdown", Label: "Level", Kind: "select", Options: lockdownNames, Value: string(is.Lockdown),
				Help: "Until a storm is over: nobody becomes a guest; guests neither read nor speak; only moderators speak. " +
					"Each level includes those before it. It holds at once, also for pages that are open.",
			},
			whyField("Goes into the log."),
		},
	}}
	return s.showDesk(w, r, me, page{Title: "Settings", Section: "Settings"}, b, failed)
}

func settingsForm(is chat.Settings) deskForm {
	box := func(name, label, help string, checked bool) field {
		return field{Name: name, Label: label, Help: help, Kind: "checkbox", Checked: checked}
	}
	return deskForm{
		Action: "/admin/settings/", Prefix: "settings-", Buttons: []button{{"Save", "", "", ""}},
		Fields: []field{
			box("guests_enter", "Guests may come in", "Who picks a name and talks, without an account.", !is.NoGuests),
			box("guests_read", "Guests may read public rooms", "Also visitors without a name.", !is.GuestsMayNotRead),
			box("guests_post", "Guests may speak in public rooms", "", !is.GuestsMayNotPost),
			box("hold_first", "The first message of a guest waits for approval", "It is shown to nobody but its author and moderators before.", is.HoldFirst),
			{Name: "create_rooms", Label: "Who makes public rooms", Kind: "select", Options: thresholdNames, Value: string(is.CreateRooms)},
			{Name: "registration", Label: "Who makes an account", Kind: "select", Options: registrationNames, Value: string(is.Registration)},
			whyField("Goes into the log."),
		},
	}
}

func (s *Site) changeSettings(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	ticked := func(name string) bool { return r.PostForm.Get(name) == "yes" }
	create, registration := chat.Threshold(r.PostForm.Get("create_rooms")), chat.Registration(r.PostForm.Get("registration"))
	e := chat.SettingsEdit{
		CreateRooms: &create, Registration: &registration, NoGuests: new(!ticked("guests_enter")),
		GuestsMayNotRead: new(!ticked("guests_read")), GuestsMayNotPost: new(!ticked("guests_post")), HoldFirst: new(ticked("hold_first")),
	}
	_, err := s.moderation.ChangeSettings(r.Context(), me.Actor(), e, r.PostForm.Get("why"))
	return s.afterSettings(w, r, me, err)
}

func (s *Site) lockDown(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if !r.PostForm.Has("lockdown") {
		return chat.Errorf(chat.Missing, "lockdown", "The form does not say which level.")
	}
	level := chat.Lockdown(r.PostForm.Get("lockdown"))
	_, err := s.moderation.ChangeSettings(r.Context(), me.Actor(), chat.SettingsEdit{Lockdown: &level}, r.PostForm.Get("why"))
	return s.afterSettings(w, r, me, err)
}

func (s *Site) afterSettings(w http.ResponseWriter, r *http.Request, me auth.Identity, err error) error {
	switch {
	case err == nil:
		doneAt(w, r, "/admin/settings/", "changed")
		return nil
	case about(err):
		return s.showSettings(w, r, me, err)
	}
	return err
}

// purgeList is what is being deleted.
func (s *Site) purgeList(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return s.showPurges(w, r, me, nil)
}

func (s *Site) showPurges(w http.ResponseWriter, r *http.Request, me auth.Identity, failed error) error {
	purges, err := s.moderation.Purges(r.Context(), me.Actor())
	if err != nil {
		return err
	}
	b := deskBody{
		Lead:  "Many messages are deleted bit by bit, with what others write in between. Load this page again to see how far it is.",
		Empty: "Nothing is being deleted.",
		Forms: []deskForm{{
			Title: "Delete messages", Action: "/admin/purges/", Prefix: "purge-", Buttons: []button{{"Delete these messages", "danger", "", ""}},
			Fields: append(spanFields(), field{
				Name: "room", Label: "Room", Help: "Its name or id; empty for all rooms.",
			}, whyField("Goes into the log.")),
		}},
	}
	for _, p := range purges {
		b.Cases = append(b.Cases, deskCase{Title: p.Name, Lines: []fact{line("", p.Span), line("Deleted so far", thousands(p.Deleted))}})
	}
	return s.showDesk(w, r, me, page{Title: "Deletions", Section: "Deletions"}, b, failed)
}

// purge deletes everybody's messages of a time, or of a room.
func (s *Site) purge(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	from, to, err := span(r)
	if err == nil {
		_, err = s.moderation.Purge(r.Context(), me.Actor(), chat.Purge{
			Room: strings.TrimSpace(r.PostForm.Get("room")), From: from, To: to, Why: r.PostForm.Get("why"),
		})
	}
	switch {
	case err == nil:
		doneAt(w, r, "/admin/purges/", "purged")
		return nil
	case about(err), chat.KindOf(err) == chat.NotFound:
		return s.showPurges(w, r, me, err)
	}
	return err
}
