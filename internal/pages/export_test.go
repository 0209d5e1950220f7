package pages

import "parley/internal/chat"

// Titles are the headings of the error pages by status, for tests.
var Titles = titles

// KeptBytes is about how much Kept may hold, for tests.
const KeptBytes = keptBytes

// Bytes is about how much is held, for tests.
func (k *Kept) Bytes() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.bytes
}

// Exports are the places for exports, for tests.
type Exports struct{ places exports }

// Begin takes a place, for tests.
func (e *Exports) Begin(user chat.UserID, network string, guest bool) (end func(), err error) {
	return e.places.begin(exporter{user, network, guest})
}
