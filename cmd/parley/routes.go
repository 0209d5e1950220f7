package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"parley/internal/admin"
	"parley/internal/api"
	"parley/internal/chat"
	"parley/internal/pages"
	"parley/internal/tutorial"
	"parley/internal/ws"
)

// A served is what the server has on its own mux beside the tables of the doors: a pattern, its row of the permission table, and
// what answers it.
type served struct {
	pattern string
	may     chat.Verb
	handler http.Handler
}

// route makes the mux of all that is served, own and of the doors. Whatever has no row in the permission table keeps the server
// from starting.
func (s *server) route(own []served, door *api.Door, site *admin.Site, page *pages.Pages) (*http.ServeMux, error) {
	s.routes = slices.Concat(ws.Routes(), tutorial.Routes(), api.Routes(), site.Routes(), page.Routes())
	for _, o := range own {
		s.routes = append(s.routes, chat.Route{Door: "server", Pattern: o.pattern, Verb: o.may})
	}
	if err := chat.CheckRoutes(s.routes); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, o := range own {
		mux.Handle(o.pattern, o.handler)
	}
	door.Register(mux)
	site.Register(mux)
	page.Register(mux)
	return mux, nil
}

// health is for whoever runs the server: alive, ready to serve, which version.
func (s *server) health() []served {
	return []served{
		{"GET /healthz", chat.Anybody, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })},
		{"GET /readyz", chat.Anybody, http.HandlerFunc(s.ready)},
		{"GET /version", chat.Anybody, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]string{"version": versionText()})
		})},
	}
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintln(w, text)
}

func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.ending:
		plain(w, http.StatusServiceUnavailable, "going away")
		return
	default:
	}
	err := s.store.Read(r.Context(), func(snapshot chat.Snapshot) error {
		_, err := snapshot.ServerVersion()
		return err
	})
	if err != nil {
		s.logger.Error("readyz", "error", err)
		plain(w, http.StatusServiceUnavailable, "the store cannot be read")
		return
	}
	plain(w, http.StatusOK, "ready")
}
