package verify_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/verify"
)

// A closedHistory is a history of a closed room that is made by hand: carl is let in at version 2, reads from there on, and two messages
// are said at versions 3 and 4.
type closedHistory struct {
	*verify.Checker
	room   *verify.ClosedRoom
	reader *verify.ClosedReader
}

const (
	den  = chat.RoomID(9)
	carl = chat.UserID(5)
)

func newClosedHistory() *closedHistory {
	h := &closedHistory{Checker: newHistory().Checker}
	h.room = h.NewClosedRoom(den)
	h.reader = h.room.NewReader("carl")
	h.reader.Is(carl)
	h.room.Changing(carl)
	h.room.Added(carl, 2)
	h.reader.Opened(verify.Opened{Room: den, Epoch: epoch, Version: 2, Reset: true})
	h.room.Posted("one", 1, 3)
	h.room.Posted("two", 2, 4)
	return h
}

// gives has carl's reader be given a message.
func (h *closedHistory) gives(version, number int64, text string) {
	h.reader.Change(epoch, verify.Change{Room: den, Version: version, Message: &chat.Message{Number: number, Text: text}})
}

// removed has carl removed at a version.
func (h *closedHistory) removed(version int64) {
	h.room.Changing(carl)
	h.room.Removed(carl, version)
}

func TestClosedRoom(t *testing.T) {
	for name, c := range map[string]struct {
		tell func(h *closedHistory)
		want map[verify.Kind]int
	}{
		"a member is given everything": {func(h *closedHistory) {
			h.gives(3, 1, "one")
			h.gives(4, 2, "two")
		}, nil},
		"who is removed is given what came before, later": {func(h *closedHistory) {
			h.removed(5)
			h.gives(3, 1, "one")
			h.gives(4, 2, "two")
		}, nil},
		"who is removed is given what came after": {func(h *closedHistory) {
			h.gives(3, 1, "one")
			h.removed(4)
			h.gives(4, 2, "two")
		}, map[verify.Kind]int{verify.Leaked: 1}},
		"who is removed was given it before the removal was answered": {func(h *closedHistory) {
			h.gives(3, 1, "one")
			h.room.Changing(carl)
			h.gives(4, 2, "two")
			h.room.Removed(carl, 4)
		}, map[verify.Kind]int{verify.Leaked: 1}},
		"who is removed opens the room": {func(h *closedHistory) {
			h.removed(5)
			h.reader.Opened(verify.Opened{Room: den, Epoch: epoch, Version: 6, Reset: true})
		}, map[verify.Kind]int{verify.Leaked: 1}},
		"who is removed is answered": {func(h *closedHistory) {
			h.removed(5)
			spell, _ := h.room.Away(carl)
			h.room.Served("carl", carl, spell, "a page")
		}, map[verify.Kind]int{verify.Leaked: 1}},
		"who has been asked to come back is answered": {func(h *closedHistory) {
			h.removed(5)
			spell, _ := h.room.Away(carl)
			h.room.Changing(carl)
			h.room.Served("carl", carl, spell, "a page")
			h.gives(3, 1, "one")
			h.gives(4, 2, "two")
			h.gives(6, 3, "three")
		}, nil},
		"a frame from before a restore counts for nothing": {func(h *closedHistory) {
			h.removed(4)
			h.reader.Change("e0", verify.Change{Room: den, Version: 9})
		}, nil},
		"a change is given twice": {func(h *closedHistory) {
			h.gives(3, 1, "one")
			h.gives(3, 1, "one")
		}, map[verify.Kind]int{verify.Doubled: 1}},
		"another text is given": {func(h *closedHistory) {
			h.gives(3, 1, "two")
			h.gives(4, 2, "two")
		}, map[verify.Kind]int{verify.Disagree: 1}},
		"a message is left out": {func(h *closedHistory) {
			h.gives(4, 2, "two")
		}, map[verify.Kind]int{verify.Gap: 1}},
		"two messages have one number": {func(h *closedHistory) {
			h.room.Posted("other", 1, 3)
			h.gives(3, 1, "other")
		}, map[verify.Kind]int{verify.Doubled: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newClosedHistory()
			c.tell(h)
			h.room.Settle()
			want := c.want
			if want == nil {
				want = map[verify.Kind]int{}
			}
			if diff := cmp.Diff(kinds(h.Checker), want); diff != "" {
				violations, _ := h.Violations()
				t.Errorf("(-got +want):\n%s%v", diff, violations)
			}
		})
	}
	t.Run("a member who has not been given everything is named", func(t *testing.T) {
		h := newClosedHistory()
		h.gives(3, 1, "one")
		if got := h.room.Lagging(); len(got) != 1 {
			t.Errorf("got %v", got)
		}
		h.removed(5)
		if got := h.room.Lagging(); len(got) != 0 {
			t.Errorf("somebody who is no member lags: %v", got)
		}
	})
	t.Run("a membership that comes back by itself is unordered", func(t *testing.T) {
		h := newClosedHistory()
		there := h.room.There(carl)
		there.Set(0, there.Begin(1), 0)
		there.Read(1, there.Begin(2), 1)
		h.Explain(there, -1)
		if diff := cmp.Diff(kinds(h.Checker), map[verify.Kind]int{verify.Unordered: 1}); diff != "" {
			t.Error(diff)
		}
	})
}
