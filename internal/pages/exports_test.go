package pages_test

import (
	"testing"

	"parley/internal/chat"
	"parley/internal/pages"
)

func TestPlacesOfExports(t *testing.T) {
	var e pages.Exports
	take := func(user chat.UserID, network string, guest, want bool) func() {
		t.Helper()
		end, err := e.Begin(user, network, guest)
		if (err == nil) != want || err != nil && (chat.KindOf(err) != chat.RateLimited || chat.AsError(err).RetryAfter == 0) {
			t.Fatalf("%s from %s: got %v, want a place: %t", user, network, err, want)
		}
		return end
	}
	end := take(1, "192.0.2.1", true, true)
	take(2, "192.0.2.1", false, false) // a network has one
	take(1, "192.0.2.9", true, false)  // so has a person
	take(2, "192.0.2.2", true, true)
	take(3, "192.0.2.3", true, false) // guests have two
	take(3, "192.0.2.3", false, true)
	take(4, "192.0.2.4", false, true)
	take(5, "192.0.2.5", false, false) // the server has four
	end()
	take(5, "192.0.2.1", false, true)
}
