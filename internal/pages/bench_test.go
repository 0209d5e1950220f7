package pages_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley/internal/chat"
	"parley/internal/pages"
)

// BenchmarkRoomPage loads the page of a room with 50 messages: from what is kept, read and rendered anew, and from what is kept
// with a new message before each load.
func BenchmarkRoomPage(b *testing.B) {
	for name, how := range map[string]struct{ keeps, posts bool }{"kept": {true, false}, "anew": {}, "changed": {true, true}} {
		b.Run(name, func(b *testing.B) {
			s := start(b, options{unlimited: true})
			visitor := s.browser()
			path := visitor.join("ana", "lobby")
			ana, err := s.users.ByName(context.Background(), "ana")
			if err != nil {
				b.Fatal(err)
			}
			post := func() {
				_, err := s.rooms.Post(context.Background(), chat.Actor{User: ana.ID}, "lobby", chat.Draft{Text: "The quick brown fox jumps over the lazy dog."})
				if err != nil {
					b.Fatal(err)
				}
			}
			for range 50 {
				post()
			}
			var kept *pages.Kept
			sessions := s.sessions
			if kept = s.kept; !how.keeps {
				kept, sessions = nil, nil
			}
			handler := s.handler(s.rooms, sessions, kept)
			r := httptest.NewRequest(http.MethodGet, path, nil)
			for _, c := range visitor.client.Jar.Cookies(s.parsedURL()) {
				r.AddCookie(c)
			}
			b.ReportAllocs()
			for b.Loop() {
				if how.posts {
					b.StopTimer()
					post()
					b.StartTimer()
				}
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatalf("got %d %s", w.Code, w.Body)
				}
			}
		})
	}
}
