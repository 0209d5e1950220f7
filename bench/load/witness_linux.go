package load

import "fmt"

// A Witness notes every message that one reader sees, so that it can be compared with what the posters were told.
type Witness struct {
	seen []Sighting
}

// NewWitness has a reader's messages noted from now on.
func NewWitness(r *Reader) *Witness {
	w := &Witness{}
	r.Seen = func(version int64, rest []byte) {
		if s, ok := ParseSighting(version, rest); ok {
			w.seen = append(w.seen, s)
		}
	}
	return w
}

// Check compares what was seen with what the posters, by their place, were told: each post once, as it was answered.
func (w *Witness) Check(posters []*Poster) error {
	posted := 0
	for _, p := range posters {
		posted += p.Answered
	}
	for _, s := range w.seen {
		if s.Key.By >= len(posters) || s.Key.Seq >= len(posters[s.Key.By].Receipts) {
			return fmt.Errorf("message %d has a key that nobody posted: %+v", s.Number, s.Key)
		}
		if told := posters[s.Key.By].Receipts[s.Key.Seq]; told.Number != s.Number || told.Version != s.Version {
			return fmt.Errorf("post %d of poster %d was answered %+v and delivered as message %d, version %d", s.Key.Seq, s.Key.By, told, s.Number, s.Version)
		}
	}
	if len(w.seen) != posted {
		return fmt.Errorf("%d posts were answered and %d delivered", posted, len(w.seen))
	}
	return nil
}
