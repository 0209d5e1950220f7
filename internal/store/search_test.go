package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/store"
)

// TestSearchSnapshot holds what a search index reads.
func TestSearchSnapshot(t *testing.T) {
	s := start(t, store.Config{})
	var lobby, music, gone chat.Room
	var ana chat.User
	write(t, s, func(tx chat.Tx) error {
		lobby, music, gone, ana = newRoom(tx, "lobby"), newRoom(tx, "music"), newRoom(tx, "gone"), newUser(tx, "ana")
		for range 3 {
			say(tx, lobby.ID, ana, "in the lobby")
			say(tx, music.ID, ana, "in the music")
		}
		m := have(tx.Message(lobby.ID, 2))
		m.Deleted, m.Text = true, ""
		must(tx.UpdateMessage(&m))
		gone.Deleted = true
		must(tx.UpdateRoom(&gone))
		return nil
	})
	read(t, s, func(snapshot chat.Snapshot) {
		t.Run("heads are those of all rooms, in pages", func(t *testing.T) {
			want := []chat.Head{{Room: lobby.ID, Version: 5}, {Room: music.ID, Version: 4}, {Room: gone.ID, Version: 2, Deleted: true}}
			got := have(snapshot.Heads(0, 2))
			got = append(got, have(snapshot.Heads(got[1].Room, 2))...)
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
			if got := have(snapshot.Heads(gone.ID, 2)); len(got) != 0 {
				t.Errorf("after the last: got %v", got)
			}
		})
		t.Run("ids are found by number, in runs and alone, and ascend", func(t *testing.T) {
			all := have(snapshot.MessageIDs(lobby.ID, []int64{1, 2, 3, 4}))
			if len(all) != 3 || all[1] >= all[2] || all[2] >= all[3] {
				t.Errorf("got %v, want three that ascend", all)
			}
			if diff := cmp.Diff(have(snapshot.MessageIDs(lobby.ID, []int64{1, 3, 9})), map[int64]int64{1: all[1], 3: all[3]}); diff != "" {
				t.Errorf("some (-got +want):\n%s", diff)
			}
			if got := have(snapshot.MessageIDs(lobby.ID, nil)); len(got) != 0 {
				t.Errorf("none: got %v", got)
			}
		})
		t.Run("messages are found by id, in the order asked for, also deleted ones", func(t *testing.T) {
			inLobby, inMusic := have(snapshot.MessageIDs(lobby.ID, []int64{2})), have(snapshot.MessageIDs(music.ID, []int64{3}))
			rows := have(snapshot.MessagesByID([]int64{inMusic[3], 1 << 40, inLobby[2]}))
			if len(rows) != 2 {
				t.Fatalf("got %d rows, want the two that there are", len(rows))
			}
			if m := rows[0]; m.ID != inMusic[3] || m.Room != music.ID || m.Number != 3 || m.Text != "in the music" || m.RoomName != "music" || m.ByName != "ana" {
				t.Errorf("got %+v", m)
			}
			if m := rows[1]; m.ID != inLobby[2] || !m.Deleted || m.Text != "" {
				t.Errorf("deleted: got %+v", m)
			}
		})
	})
}
