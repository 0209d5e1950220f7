package api

import (
	"net/http"
	"net/url"

	"parley/internal/chat"
)

// A linked is an invitation, with its link if it has just been made: it is told this once.
type linked struct {
	chat.Invitation
	URL string `json:"url,omitempty"`
}

// invite makes an invitation.
func (d *Door) invite(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Room      string    `json:"room"`
		Role      chat.Role `json:"role"`
		ExpiresAt int64     `json:"expires_at"`
		Uses      int64     `json:"uses"`
		Note      string    `json:"note"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	made, token, err := d.invitations().Make(r.Context(), a, body.Room, chat.Invitation{
		Role: body.Role, ExpiresAt: body.ExpiresAt, Uses: body.Uses, Note: body.Note,
	})
	if err != nil {
		return err
	}
	link := d.Gate.Own(r)
	link.Path, link.RawQuery = "/-/invite", url.Values{"token": {token}}.Encode()
	return write(w, http.StatusCreated, struct {
		Invite linked `json:"invite"`
	}{linked{made, link.String()}})
}

// invites lists the invitations to a room, or to the server alone.
func (d *Door) invites(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	query := r.URL.Query()
	var before, limit int64
	for field, n := range map[string]*int64{"before": &before, "limit": &limit} {
		if err := number(query.Get(field), field, n); err != nil {
			return err
		}
	}
	book, err := d.invitations().List(r.Context(), a, query.Get("room"), before, int(min(limit, chat.InviteLimit)))
	if err != nil {
		return err
	}
	invites := book.Invitations
	if invites == nil {
		invites = []chat.Invitation{}
	}
	return write(w, http.StatusOK, struct {
		Invites []chat.Invitation `json:"invites"`
		More    bool              `json:"more"`
	}{invites, book.More})
}

// uninvite ends an invitation.
func (d *Door) uninvite(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var id int64
	if err := number(r.PathValue("id"), "id", &id); err != nil {
		return err
	}
	if err := d.invitations().Revoke(r.Context(), a, id); err != nil {
		return err
	}
	return write(w, http.StatusOK, struct{}{})
}

func (d *Door) invitations() *chat.Invitations {
	return &chat.Invitations{Users: &chat.Users{Store: d.Rooms.Store, Limits: d.Rooms.Limits}}
}
