package chat_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// TestRoomsWire holds the golden files about making and changing rooms and the Go types together; TestWire holds them and
// docs/protocol.md together.
func TestRoomsWire(t *testing.T) {
	plans := chat.RoomEntry{ID: 10, Name: "plans", Kind: chat.Private, Address: "~k3v9q2m7x4c6b5na"}
	mine := plans
	mine.Own = &chat.Own{Role: chat.Moderator}
	club := chat.RoomInfo{
		Name: "club", Kind: chat.Public, Topic: "Chess", Members: 3, Description: "Mondays at eight", Archived: true, Slow: 30, NoPreview: true,
	}
	ben := chat.MemberEntry{User: 8, Name: "ben"}
	for name, value := range map[string]any{
		"created": answered{9, struct {
			Room chat.RoomEntry `json:"room"`
		}{mine}},
		"changed": answered{10, struct {
			Version int64 `json:"version"`
		}{47}},
		"member-page": answered{14, chat.MemberPage{Members: []chat.MemberEntry{{User: 7, Name: "ana", Role: chat.Moderator}, ben}, More: true}},
		"found-people": answered{15, struct {
			People []chat.Person `json:"people"`
		}{[]chat.Person{{ID: 8, Name: "ben"}}}},
		"me-room-private": chat.Change{Log: chat.UserLog(7), Version: 14, Me: &chat.MeChange{Room: &mine}},
		"me-room-direct": chat.Change{Log: chat.UserLog(7), Version: 15, Me: &chat.MeChange{Room: &chat.RoomEntry{
			ID: 11, Kind: chat.DirectRoom, Address: "~q7w2e5r4t6y3u2ia", People: []chat.Person{{ID: 7, Name: "ana"}, {ID: 8, Name: "ben"}}, Own: &chat.Own{},
		}}},
		"info-full":        chat.Change{Log: chat.RoomLog(9), Version: 51, Info: &club},
		"member-moderator": chat.Change{Log: chat.RoomLog(9), Version: 52, Member: &chat.Member{User: 8, Name: "ben", Joined: true, Role: chat.Moderator}},
		"error-name-taken": failed{10, chat.Errorf(chat.NameTaken, "name", "There is a room called %q already.", "club")},
		"error-no-room":    failed{11, chat.Errorf(chat.NotFound, "room", "There is no such room.")},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(golden(t, name), string(got)); diff != "" {
				t.Errorf("differs from the golden file (-want +got):\n%s", diff)
			}
		})
	}
}
