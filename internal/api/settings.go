package api

import (
	"net/http"

	"parley/internal/chat"
)

func (d *Door) settings(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	settings, err := d.Moderation.Settings(r.Context(), a)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, settings)
}

// changeSettings changes those that the body names, and answers with all of them.
func (d *Door) changeSettings(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		chat.SettingsEdit
		Why string `json:"why"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	settings, err := d.Moderation.ChangeSettings(r.Context(), a, body.SettingsEdit, body.Why)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, settings)
}
