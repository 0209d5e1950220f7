package api_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/api"
	"parley/internal/chat"
	"parley/internal/live"
)

// The routes are tested from outside, with a whole server: cmd/parley/api_test.go.

// FuzzDecode feeds the decoder of requests anything: it gives a value or an error that is the client's.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"text":"hi"}`, `{"text":1}`, `{"text":{"a":1}}`, `[]`, `null`, `{`, ``, "{\"text\":\"\xff\"}", `{"text":"a"}{"text":"b"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var body struct {
			Text    *string `json:"text"`
			Version *int64  `json:"version"`
		}
		err := api.Decode(data, &body)
		if err == nil {
			return
		}
		if e, ok := errors.AsType[*chat.Error](err); !ok || e.Kind != chat.BadFrame || e.Message == "" {
			t.Errorf("got %#v", err)
		}
	})
}

// TestFormat holds the law that every change is one event of one line, and that its data is the change.
func TestFormat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := chat.Change{
			Log: chat.RoomLog(7), Version: rapid.Int64Range(1, 1<<40).Draw(t, "version"),
			Message: &chat.Message{Number: 1, By: 7, Text: rapid.String().Draw(t, "text")},
		}
		event := string(api.Format.AppendChange([]byte("before"), &c))
		data, ok := strings.CutPrefix(event, "beforedata: ")
		data, ended := strings.CutSuffix(data, "\n\n")
		if !ok || !ended || strings.ContainsAny(data, "\r\n") {
			t.Fatalf("got %q, want one line of data", event)
		}
		want, err := json.Marshal(c)
		if err != nil || data != string(want) {
			t.Fatalf("got %s, want %s", data, want)
		}
	})
	t.Run("what is the server's own business is no event", func(t *testing.T) {
		c := chat.Change{Log: chat.UserLog(7), Version: 1, Me: &chat.MeChange{SignedOut: "x"}}
		if got := api.Format.AppendChange(nil, &c); len(got) != 0 {
			t.Errorf("got %q", got)
		}
	})
	t.Run("values are events too", func(t *testing.T) {
		got := string(api.Format.AppendValue(nil, &live.Value{Room: 7, Typing: []chat.UserID{7}}))
		if want := "data: {\"room\":\"r7\",\"typing\":[\"u7\"]}\n\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
