package tutorial_test

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"parley/internal/chat"
	"parley/internal/tutorial"
)

// FuzzFrame feeds the decoder of the tutorial's frames anything: it gives three strings or an error that is a client's.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		`{"message":"hi","room_name":"lobby","sender":"ana"}`, `{"message":null,"room_name":"lobby","sender":"ana"}`,
		`{"message":{"a":1}}`, `[]`, `"x"`, `{`, ``, `{"message":"\ud800","room_name":"","sender":""}`, `{"MESSAGE":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		message, room, sender, err := tutorial.Decode(data)
		if err != nil {
			if e, ok := errors.AsType[*chat.Error](err); !ok || e.Kind != chat.BadFrame && e.Kind != chat.Missing || e.Message == "" {
				t.Errorf("got %#v", err)
			}
			return
		}
		for _, s := range []string{message, room, sender} {
			if !utf8.ValidString(s) {
				t.Errorf("%q is not UTF-8", s)
			}
		}
		again, err := json.Marshal(map[string]string{"message": message, "room_name": room, "sender": sender})
		if err != nil {
			t.Fatal(err)
		}
		if m, r, s, err := tutorial.Decode(again); err != nil || m != message || r != room || s != sender {
			t.Errorf("decoded again: %q %q %q %v, want %q %q %q", m, r, s, err, message, room, sender)
		}
	})
}

func TestFormat(t *testing.T) {
	posted := chat.Change{
		Posted: true, Message: &chat.Message{Number: 3, Text: `<b>"hi"</b>` + "\n上海"}, By: chat.Person{ID: 7, Name: "ana"},
	}
	frame := tutorial.Format.AppendChange(nil, &posted)
	header := len(frame) - int(frame[1]&0x7f)
	if frame[0] != 0x80|byte(ws.OpText) || header != 2 {
		t.Fatalf("got the frame %q, want one short text frame", frame)
	}
	var got map[string]map[string]string
	if err := json.Unmarshal(frame[header:], &got); err != nil {
		t.Fatal(err)
	}
	if got["message"]["sender"] != "ana" || got["message"]["message"] != posted.Message.Text || len(got) != 1 || len(got["message"]) != 2 {
		t.Errorf("got %v", got)
	}
	edited := posted
	edited.Posted = false
	for name, c := range map[string]chat.Change{
		"an edit":   edited,
		"a join":    {Member: &chat.Member{User: 7, Name: "ana", Joined: true}},
		"the topic": {Info: &chat.RoomInfo{Name: "lobby"}},
	} {
		if got := tutorial.Format.AppendChange(nil, &c); len(got) != 0 {
			t.Errorf("%s is shown to the tutorial's client: %q", name, got)
		}
	}
}
