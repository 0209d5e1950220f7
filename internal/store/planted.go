package store

import (
	"time"

	"parley/internal/chat"
	"parley/internal/fault"
)

// What breaks if a mistake is planted (internal/fault). In any other build the conditions are constants, so that nothing of
// this is in the program.

// forgetful tells whether keys that were used are not found.
const forgetful = fault.Planted == fault.ForgottenKeys

const (
	// early is by how much answers come before the commit, …
	early = 5 * time.Millisecond
	// … after so many that come in time, for whoever has to get going first.
	inTime = 200
)

// answered is how many commands there were. Only the writer uses it.
var answered int

// answerEarly answers a batch that has not been committed.
func answerEarly(batch []*command) {
	if fault.Planted != fault.EarlyAnswer {
		return
	}
	if answered += len(batch); answered <= inTime {
		return
	}
	for i, c := range batch {
		if c != nil {
			c.done(c.err)
			batch[i] = nil
		}
	}
	time.Sleep(early)
}

// skipChange leaves out one of the changes that somebody missed.
func skipChange(changes []chat.Change, after int64) []chat.Change {
	if fault.Planted != fault.SkippedChange || after == 0 || len(changes) < 3 {
		return changes
	}
	return append(changes[:1:1], changes[2:]...)
}
