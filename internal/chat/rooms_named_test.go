package chat_test

import (
	"testing"

	"parley/internal/chat"
)

// TestRoomsNamedLikeIDs says that a name like an id tells nothing of the room with that id.
func TestRoomsNamedLikeIDs(t *testing.T) {
	h := newHouse(t)
	ana, gus := h.account("ana"), h.user("gus", chat.Guest)
	den := h.make(ana, chat.NewRoom{Kind: chat.Private, Name: "den"})
	square := h.make(ana, chat.NewRoom{Name: "square"})
	named := h.make(ana, chat.NewRoom{Name: den.ID.String()})
	far := h.make(ana, chat.NewRoom{Name: "r9999"})
	hidden := h.make(ana, chat.NewRoom{Name: square.ID.String()})
	for name, c := range map[string]struct {
		actor chat.Actor
		ref   string
		want  chat.RoomID
	}{
		"the id of a room that one is not in": {gus, den.ID.String(), named.ID},
		"the id of a room that one is in":     {ana, den.ID.String(), den.ID},
		"an id that was never given":          {gus, "r9999", far.ID},
		"the id of a public room":             {gus, square.ID.String(), square.ID},
		"the room's own id":                   {gus, hidden.ID.String(), hidden.ID},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := h.Resolve(h.ctx, c.actor, c.ref)
			if err != nil || got.ID != c.want {
				t.Errorf("%s: got %s, %v, want %s", c.ref, got.ID, err, c.want)
			}
		})
	}
}
