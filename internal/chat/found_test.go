package chat_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// TestFoundJSON holds docs/protocol.md, the golden file and the answer to a search together.
func TestFoundJSON(t *testing.T) {
	said := chat.Message{Number: 17, Version: 42, By: 7, Key: goldenKey, At: 1790000000000, Text: "hello"}
	got, err := json.Marshal(chat.Found{
		Hits: []chat.Hit{{Room: 7, Message: said}}, People: []chat.Person{{ID: 7, Name: "ana"}},
		Rooms: []chat.RoomEntry{{ID: 7, Name: "lobby", Kind: chat.Public}}, More: true, Next: "1234", Behind: 12,
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/http/found.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got)+"\n", string(want)); diff != "" {
		t.Errorf("differs from the golden file (-got +want):\n%s", diff)
	}
	doc, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), "\n"+string(want)) {
		t.Error("docs/protocol.md does not show the golden file")
	}
}
