package admin_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// texts are the texts that a room shows, in order.
func (w *world) texts(room chat.RoomID) []string {
	w.t.Helper()
	var texts []string
	check(w.t, w.store.Read(w.t.Context(), func(s chat.Snapshot) error {
		messages, _, err := s.MessagesAfter(room, 0, 10_000)
		for _, m := range messages {
			texts = append(texts, m.Text)
		}
		return err
	}))
	return texts
}

// sweep does the jobs and returns how many messages were deleted by each piece.
func (w *world) sweep() []int {
	w.t.Helper()
	var pieces []int
	for {
		w.heard.take()
		more, err := w.admin.Sweep(w.t.Context())
		check(w.t, err)
		if !more {
			return pieces
		}
		n := 0
		for _, c := range w.heard.take() {
			if c.Message != nil && c.Message.Deleted {
				n++
			}
		}
		if pieces = append(pieces, n); len(pieces) > 50 {
			w.t.Fatalf("it does not come to an end: %v", pieces)
		}
	}
}

// at stores a message as of a time.
func (w *world) at(by person, room chat.RoomID, at int64, text string) {
	w.t.Helper()
	check(w.t, w.store.Write(w.t.Context(), func(tx chat.Tx) error {
		m := chat.Message{Room: room, By: by.ID, At: at, Text: text}
		return tx.InsertMessage(&m, chat.Person{ID: by.ID, Name: by.Name})
	}))
}

func TestPurges(t *testing.T) {
	for name, tc := range map[string]struct {
		purge         func(w *world) chat.Purge
		lobby, garden []string // what is left
		detail        string
	}{
		"of a person": {
			func(w *world) chat.Purge { return chat.Purge{User: w.guest.ID} },
			[]string{"m10", "m30"},
			[]string{"m20"},
			"4 deleted",
		},
		"of a person in a room": {
			func(w *world) chat.Purge { return chat.Purge{User: w.guest.ID, Room: "lobby"} },
			[]string{"m10", "m30"},
			[]string{"g15", "m20"},
			"3 deleted",
		},
		"of a person in a time": {
			func(w *world) chat.Purge { return chat.Purge{User: w.guest.ID, From: 15, To: 40} },
			[]string{"g0", "m10", "m30", "g40"},
			[]string{"m20"},
			"2 deleted",
		},
		"of a room": {
			func(*world) chat.Purge { return chat.Purge{Room: "lobby"} },
			nil,
			[]string{"g15", "m20"},
			"5 deleted",
		},
		"of a room since a time": {
			func(*world) chat.Purge { return chat.Purge{Room: "lobby", From: 30} },
			[]string{"g0", "m10", "g20"},
			[]string{"g15", "m20"},
			"2 deleted",
		},
		"of all rooms in a time": {
			func(*world) chat.Purge { return chat.Purge{From: 15, To: 30} },
			[]string{"g0", "m10", "m30", "g40"},
			nil, "3 deleted",
		},
		"of all rooms before a time": {
			func(*world) chat.Purge { return chat.Purge{To: 20} },
			[]string{"g20", "m30", "g40"},
			[]string{"m20"},
			"3 deleted",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			lobby, garden := w.room("lobby"), w.room("garden")
			w.at(w.guest, lobby, 0, "g0")
			w.at(w.member, lobby, 10, "m10")
			w.at(w.guest, garden, 15, "g15")
			w.at(w.member, garden, 20, "m20")
			w.at(w.member, lobby, 30, "m30")
			w.at(w.guest, lobby, 20, "g20") // out of the order of time
			w.at(w.guest, lobby, 40, "g40")
			purge := tc.purge(w)
			purge.Why = "a storm"
			_, err := w.moderation.Purge(t.Context(), w.owner.actor(), purge)
			check(t, err)
			w.at(w.guest, lobby, 20, "after")
			w.sweep()
			got := map[string]bool{}
			for _, text := range w.texts(lobby) {
				got[text] = true
			}
			want := map[string]bool{"after": true}
			for _, text := range tc.lobby {
				want[text] = true
			}
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("the lobby has (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(w.texts(garden), tc.garden); diff != "" {
				t.Errorf("the garden has (-got +want):\n%s", diff)
			}
			lines := w.whys(2)
			if len(lines) != 2 || lines[1][len(lines[1])-len("|a storm"):] != "|a storm" {
				t.Errorf("got the log %q, want the reason", lines)
			}
			if got, want := w.audit(1)[0], "deleting messages: "+tc.detail; got[len(got)-len(want):] != want {
				t.Errorf("got the log %q, want it to end with %q", got, want)
			}
		})
	}
}

func TestPurgesGoOnAfterARestart(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	const rounds = 13
	for range rounds {
		w.fill(w.guest, room, 100)
		w.fill(w.member, room, 30)
	}
	job, err := w.moderation.Purge(t.Context(), w.moderator.actor(), chat.Purge{User: w.guest.ID})
	check(t, err)
	_, err = w.admin.Sweep(t.Context())
	check(t, err)
	purges, err := w.moderation.Purges(t.Context(), w.moderator.actor())
	check(t, err)
	if len(purges) != 1 || purges[0].Job != job || purges[0].Deleted != 500 || purges[0].User != w.guest.ID || purges[0].Name != "gus" {
		t.Errorf("under way: %+v, want 500 deleted", purges)
	}
	w.stop()
	w.open()
	w.post(w.guest, room, "posted in between")
	if diff := cmp.Diff(w.sweep(), []int{500, 300}); diff != "" {
		t.Errorf("pieces after the restart (-got +want):\n%s", diff)
	}
	if got, want := len(w.texts(room)), rounds*30+1; got != want {
		t.Errorf("%d messages are left, want %d", got, want)
	}
	if purges, err = w.moderation.Purges(t.Context(), w.moderator.actor()); err != nil || len(purges) != 0 {
		t.Errorf("under way at the end: %v, %v", purges, err)
	}
}

func TestPurgesOfATimeGoThroughAllRooms(t *testing.T) {
	w := newWorld(t)
	lobby, garden := w.room("lobby"), w.room("garden")
	w.fill(w.guest, lobby, 1300)
	w.fill(w.member, garden, 1300)
	_, err := w.moderation.Purge(t.Context(), w.owner.actor(), chat.Purge{From: 1})
	check(t, err)
	if diff := cmp.Diff(w.sweep(), []int{500, 500, 500, 500, 500, 100}); diff != "" {
		t.Errorf("pieces (-got +want):\n%s", diff)
	}
}

func TestWhoMayPurge(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	w.post(w.member, room, "hi")
	_, err := w.rooms.ChangeMember(t.Context(), w.owner.actor(), "lobby", w.member.ID, chat.MemberChange{Role: new(chat.Moderator)})
	check(t, err)
	for _, tc := range []struct {
		what  string
		by    person
		purge chat.Purge
		want  chat.Kind
	}{
		{"a room by its moderator", w.member, chat.Purge{Room: "lobby", User: w.guest.ID}, ""},
		{"everywhere by a room's moderator", w.member, chat.Purge{User: w.guest.ID}, chat.Forbidden},
		{"a room by a guest", w.guest, chat.Purge{Room: "lobby"}, chat.Forbidden},
		{"a person by a moderator", w.moderator, chat.Purge{User: w.guest.ID}, ""},
		{"an administrator by a moderator", w.moderator, chat.Purge{User: w.administrator.ID}, chat.Forbidden},
		{"all rooms by a moderator", w.moderator, chat.Purge{From: 1}, chat.Forbidden},
		{"all rooms by an administrator", w.administrator, chat.Purge{From: 1}, ""},
		{"by nobody", w.nobody, chat.Purge{User: w.guest.ID}, chat.Unauthenticated},
		{"nothing", w.owner, chat.Purge{}, chat.Missing},
		{"backwards", w.owner, chat.Purge{From: 5, To: 5}, chat.Invalid},
		{"no such room", w.owner, chat.Purge{Room: "nowhere"}, chat.NotFound},
		{"no such person", w.owner, chat.Purge{User: 999}, chat.NotFound},
	} {
		_, err := w.moderation.Purge(t.Context(), tc.by.actor(), tc.purge)
		wantKind(t, fmt.Sprint(tc.what), err, tc.want)
	}
}
