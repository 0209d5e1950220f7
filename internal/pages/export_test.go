package pages

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
