package api

import (
	"net/http"

	"parley/internal/auth"
	"parley/internal/chat"
)

// profile is who somebody is.
func (d *Door) profile(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var id chat.UserID
	if err := id.UnmarshalText([]byte(r.PathValue("user"))); err != nil {
		return err
	}
	p, err := d.Users.Profile(r.Context(), a, id)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, p)
}

// changeMe gives the actor another name or bio; what is not named stays.
func (d *Door) changeMe(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Name *string `json:"name"`
		Bio  *string `json:"bio"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	user, err := d.Users.EditProfile(r.Context(), a, chat.ProfileEdit{Name: body.Name, Bio: body.Bio})
	if err != nil {
		e := chat.AsError(err)
		if e.Field == "username" {
			e.Field = "name"
		}
		return e
	}
	return write(w, http.StatusOK, struct {
		User chat.User `json:"user"`
	}{user})
}

// A session is one of the actor's devices.
type session struct {
	ID        string `json:"id"`
	Agent     string `json:"agent"`             // the browser's name for itself
	Device    string `json:"device"`            // in words
	Network   string `json:"network,omitempty"` // that it was opened from
	CreatedAt int64  `json:"created_at"`
	SeenAt    int64  `json:"seen_at"` // to the hour
	Current   bool   `json:"current,omitempty"`
}

func (d *Door) sessions(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	me, err := d.Gate.Who(r)
	if err != nil {
		return err
	}
	self, err := d.Users.Self(r.Context(), a)
	if err != nil {
		return err
	}
	list := []session{}
	for _, s := range self.Sessions {
		list = append(list, session{
			ID: s.ID.Public(), Agent: s.Agent, Device: auth.Device(s.Agent), Network: s.Address, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt,
			Current: s.ID == me.Session,
		})
	}
	return write(w, http.StatusOK, struct {
		Sessions []session `json:"sessions"`
	}{list})
}

// endSession signs one of the actor's devices out: its sockets and streams end.
func (d *Door) endSession(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	if err := d.Users.EndSession(r.Context(), a, r.PathValue("session")); err != nil {
		return err
	}
	return write(w, http.StatusOK, struct{}{})
}
