package admin

import (
	"net/http"
	"strconv"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A resetBody is the page that makes a link to a new password for somebody.
type resetBody struct {
	User   chat.User
	Cancel string
	Link   string // once it is made
}

func resetHref(id chat.UserID) string { return userHref(id) + "reset" }

// resetPage says what a link to a new password is.
func (s *Site) resetPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	user, err := s.userOf(r, me)
	if err != nil {
		return err
	}
	s.showReset(w, me, user.User, "")
	return nil
}

// resetLink makes the link and shows it, this once.
func (s *Site) resetLink(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	user, err := s.userOf(r, me)
	if err != nil {
		return err
	}
	path, err := s.admin.ResetLink(r.Context(), me.Actor(), user.ID)
	if err != nil {
		return err
	}
	s.showReset(w, me, user.User, s.gate.Own(r).String()+path)
	return nil
}

func (s *Site) showReset(w http.ResponseWriter, me auth.Identity, user chat.User, link string) {
	crumbs := append(userCrumbs[:len(userCrumbs):len(userCrumbs)], crumb{user.Name, userHref(user.ID)})
	s.show(w, http.StatusOK, "reset", me, page{
		Title: "A new password for " + user.Name, Section: "Users", Crumbs: crumbs,
		Body: resetBody{User: user, Cancel: "/admin/users/" + strconv.FormatInt(int64(user.ID), 10) + "/", Link: link},
	})
}
