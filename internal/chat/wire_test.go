package chat_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

const goldenKey = "01JD3F0M3S8Q4R6T8V0X2Z4B6D"

// answered and failed are the frames that the socket puts around answers.
type answered struct {
	Re int64 `json:"re"`
	OK any   `json:"ok"`
}

type failed struct {
	Re    int64       `json:"re"`
	Error *chat.Error `json:"error"`
}

func wireExamples() map[string]any {
	lobby := chat.RoomLog(7)
	said := chat.Message{Number: 17, By: 7, Key: goldenKey, At: 1790000000000, Text: "hello"}
	edited, deleted, versioned := said, said, said
	edited.Edited, edited.Text = 1790000060000, "hi"
	deleted.Deleted, deleted.Text = true, ""
	versioned.Version = 42
	info := chat.RoomInfo{Name: "lobby", Kind: chat.Public, Topic: "Say hello", Members: 1}
	gone := info
	gone.Deleted = true
	conflict := chat.Errorf(chat.Conflict, "version", "The message has been changed meanwhile.")
	conflict.Text, conflict.Version = "hullo", 43
	ana := []chat.Person{{ID: 7, Name: "ana"}}
	garden := chat.RoomEntry{ID: 8, Name: "garden", Kind: chat.Public}
	left, music := garden, chat.RoomEntry{ID: 9, Name: "music", Kind: chat.Public}
	left.Left = true
	noMusic := music
	noMusic.Deleted = true
	naming, named := said, chat.Own{Role: chat.Moderator, Read: 17, Unread: 3, Mentions: 1}
	naming.Number, naming.By, naming.Key, naming.Text, naming.Mentions = 18, 8, "01JD3F0M3S8Q4R6T8V0X2Z4B6E", "@ana hello", []chat.UserID{7}
	inLobby, busy, quiet := chat.RoomEntry{ID: 7, Name: "lobby", Kind: chat.Public, Own: &named}, chat.RoomEntry{ID: 7, Name: "lobby", Kind: chat.Public}, garden
	busy.Own = &chat.Own{Read: 17, Unread: chat.UnreadLimit, Mentions: 1, Notify: chat.NotifyMentions}
	quiet.Own = &chat.Own{}
	held := chat.Held{ID: 3, Room: 7, By: 7, Key: said.Key, At: said.At, Text: "hello"}
	freed := held
	freed.Text, freed.Number, freed.Gone = "", 17, true
	slow := chat.Errorf(chat.RateLimited, "room", "This room is slow: please wait 12 seconds before you speak again.")
	slow.RetryAfter = 12
	muted := chat.Errorf(chat.Forbidden, "room", "You have been muted until 2026-09-21 14:13 UTC.")
	muted.Until = said.At
	return map[string]any{
		"message-mentions": chat.Change{Log: lobby, Version: 50, Message: &naming},
		"me-room-read":     chat.Change{Log: chat.UserLog(7), Version: 13, Me: &chat.MeChange{Room: &inLobby}},
		"marked":           answered{6, chat.Marked{Read: 17, Unread: 3, Mentions: 1}},
		"unread": answered{8, struct {
			Rooms []chat.RoomEntry `json:"rooms"`
		}{[]chat.RoomEntry{busy, quiet}}},
		"hello": struct {
			Hello chat.Hello `json:"hello"`
		}{chat.Hello{
			Epoch: "k3",
			Me: &chat.Mine{
				User:  chat.User{ID: 7, Name: "ana", Kind: chat.Guest},
				Rooms: []chat.RoomEntry{{ID: 7, Name: "lobby", Kind: chat.Public}}, Version: 9,
			},
			Server: chat.Directory{Rooms: []chat.RoomEntry{{ID: 7, Name: "lobby", Kind: chat.Public, Here: 2}}, Version: 4},
			Limits: chat.DefaultLimits,
		}},
		"resume": answered{1, chat.Opened{
			Room: 7, Epoch: "k3", Version: 42, Number: 17,
			Changes: []chat.Change{{Log: lobby, Version: 42, Message: &versioned}}, People: ana,
		}},
		"reset": answered{1, chat.Opened{
			Room: 7, Epoch: "k3", Version: 42, Number: 17, Reset: true,
			Info:   &chat.RoomInfo{Name: "lobby", Kind: chat.Public, Members: 2},
			Member: true, Messages: []chat.Message{versioned}, People: ana, More: true,
		}},
		"posted-held":  answered{2, chat.Posted{Held: 3}},
		"error-slow":   failed{2, slow},
		"error-muted":  failed{2, muted},
		"me-held":      chat.Change{Log: chat.UserLog(7), Version: 16, Me: &chat.MeChange{Held: &held}},
		"me-held-gone": chat.Change{Log: chat.UserLog(7), Version: 17, Me: &chat.MeChange{Held: &freed}},
		"me-report": chat.Change{Log: chat.UserLog(7), Version: 18, Me: &chat.MeChange{
			Report: &chat.ReportChange{Room: 7, Number: 17, State: chat.UpheldReport, Note: "thank you"},
		}},
		"server-settings": chat.Change{Log: chat.ServerLog, Version: 7, Server: &chat.ServerChange{
			Settings: &chat.Settings{CreateRooms: chat.FromMembers, Lockdown: chat.ReadOnly},
		}},
		"posted":              answered{2, chat.Posted{Number: 17, Version: 42}},
		"error-conflict":      failed{3, conflict},
		"error-forbidden":     failed{5, chat.Errorf(chat.Forbidden, "room", "You may not do that (speak).")},
		"message":             chat.Change{Log: lobby, Version: 42, Message: &said, Posted: true, By: ana[0]},
		"message-edited":      chat.Change{Log: lobby, Version: 43, Message: &edited},
		"message-deleted":     chat.Change{Log: lobby, Version: 44, Message: &deleted},
		"member-joined":       chat.Change{Log: lobby, Version: 45, Member: &chat.Member{User: 8, Name: "ben", Joined: true}, Members: new(int64(2))},
		"member-left":         chat.Change{Log: lobby, Version: 46, Member: &chat.Member{User: 8, Name: "ben"}, Members: new(int64(1))},
		"info":                chat.Change{Log: lobby, Version: 47, Info: &info},
		"info-deleted":        chat.Change{Log: lobby, Version: 48, Info: &gone},
		"members":             chat.Change{Log: lobby, Version: 49, Members: new(int64(612))},
		"me-user":             chat.Change{Log: chat.UserLog(7), Version: 10, Me: &chat.MeChange{User: &chat.User{ID: 7, Name: "ann", Kind: chat.Guest}}},
		"me-room":             chat.Change{Log: chat.UserLog(7), Version: 11, Me: &chat.MeChange{Room: &garden}},
		"me-room-left":        chat.Change{Log: chat.UserLog(7), Version: 12, Me: &chat.MeChange{Room: &left}},
		"server-room":         chat.Change{Log: chat.ServerLog, Version: 5, Server: &chat.ServerChange{Room: &music}},
		"server-room-deleted": chat.Change{Log: chat.ServerLog, Version: 6, Server: &chat.ServerChange{Room: &noMusic}},
	}
}

// TestWire holds docs/protocol.md, the golden files and the Go types together. The golden files that are not made here (what
// clients send, and values) are read by the tests of internal/ws and internal/live.
func TestWire(t *testing.T) {
	for name, value := range wireExamples() {
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
	t.Run("is what the documentation shows", func(t *testing.T) {
		doc, err := os.ReadFile("../../docs/protocol.md")
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob("testdata/wire/*.json")
		if err != nil || len(files) == 0 {
			t.Fatal("no golden files", err)
		}
		for _, file := range files {
			if frame := golden(t, strings.TrimSuffix(filepath.Base(file), ".json")); !strings.Contains(string(doc), frame+"\n") {
				t.Errorf("docs/protocol.md does not show %s: %s", file, frame)
			}
		}
	})
}

func golden(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "wire", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(text), "\n")
}
