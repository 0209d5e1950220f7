package api

import (
	"net/http"

	"parley/internal/chat"
)

// search looks for messages in what the actor may read.
func (d *Door) search(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	query := r.URL.Query()
	var limit int64
	if err := number(query.Get("limit"), "limit", &limit); err != nil {
		return err
	}
	found, err := d.Finder.Search(r.Context(), a, chat.Search{
		Query: query.Get("q"), Room: query.Get("room"), Before: query.Get("before"), Limit: int(min(limit, chat.SearchLimit)),
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, found)
}
