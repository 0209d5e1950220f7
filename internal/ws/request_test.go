package ws_test

import (
	"bytes"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/ws"
)

// FuzzRequest feeds the decoder of the socket's frames anything: it gives a request with an id and a verb or an error that
// is a client's.
func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"do":"open","room":"lobby","at":{"epoch":"k3","version":41}}`, `{"id":1,"do":"people","users":["u1","r1"]}`,
		`{"id":9223372036854775808,"do":"ping"}`, `{"id":-1,"do":"ping"}`, `{"id":1.5,"do":"ping"}`, `null`, `{"id":1,"do":"post","text":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := ws.Decode(data)
		if err == nil {
			if q.ID <= 0 || q.Do == "" {
				t.Errorf("got %+v", q)
			}
			return
		}
		e, ok := errors.AsType[*chat.Error](err)
		if !ok || e.Message == "" || !slices.Contains([]chat.Kind{chat.BadFrame, chat.Missing, chat.Invalid}, e.Kind) {
			t.Errorf("got %#v", err)
		}
	})
}

func TestDecodeNamesTheField(t *testing.T) {
	for frame, want := range map[string]string{
		`{"id":1,"do":"people","users":["x"]}`:                     "users",
		`{"id":1,"do":"people","users":"u1"}`:                      "users",
		`{"id":1,"do":"post","text":5}`:                            "text",
		`{"id":1,"do":"history","room":"r1","after":true}`:         "after",
		`{"id":1,"do":"remove","room":"r1","user":7}`:              "user",
		`{"id":1,"do":"open","room":"lobby","at":{"version":"x"}}`: "at.version",
		`{"do":"ping"}`: "id",
	} {
		if _, err := ws.Decode([]byte(frame)); chat.AsError(err).Field != want {
			t.Errorf("%s: got %#v, want the field %q", frame, err, want)
		}
	}
}

// TestGoldenRequests reads the frames that docs/protocol.md shows.
func TestGoldenRequests(t *testing.T) {
	read := func(name string) ws.Request {
		t.Helper()
		text, err := os.ReadFile("../chat/testdata/wire/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		q, err := ws.Decode(bytes.TrimSpace(text))
		if err != nil {
			t.Fatal(err)
		}
		required, ok := ws.Required(q.Do)
		if !ok {
			t.Errorf("there is no verb %q", q.Do)
		}
		if err := ws.Require(q, required); err != nil {
			t.Error(err)
		}
		return q
	}
	room, seven, key, hello, hi := "r7", int64(17), "01JD3F0M3S8Q4R6T8V0X2Z4B6D", "hello", "hi"
	lobby, version := "lobby", int64(42)
	for name, want := range map[string]ws.Request{
		"do-open":    {ID: 1, Do: "open", Room: &lobby, At: &chat.Position{Epoch: "k3", Version: 41}},
		"do-post":    {ID: 2, Do: "post", Room: &room, Key: &key, Text: &hello},
		"do-edit":    {ID: 3, Do: "edit", Room: &room, Number: &seven, Version: &version, Text: &hi},
		"do-delete":  {ID: 4, Do: "delete", Room: &room, Number: &seven},
		"do-report":  {ID: 16, Do: "report", Room: &room, Number: &seven, Why: new("an advertisement")},
		"do-create":  {ID: 9, Do: "create", Kind: new(chat.Private), Name: new("plans"), Topic: new(""), Users: []chat.UserID{8}},
		"do-change":  {ID: 10, Do: "change", Room: new("r9"), Name: new("club"), Slow: new(30), Archived: new(false)},
		"do-add":     {ID: 11, Do: "add", Room: new("r10"), Users: []chat.UserID{8, 9}},
		"do-remove":  {ID: 12, Do: "remove", Room: new("r10"), User: new("u8"), Ban: true, Why: new("spam")},
		"do-member":  {ID: 13, Do: "member", Room: new("r10"), User: new("u9"), Role: new(chat.Moderator)},
		"do-members": {ID: 14, Do: "members", Room: new("r9"), After: ws.Place{Person: "u6"}, Limit: 2},
		"do-find":    {ID: 15, Do: "find", Q: new("be")},
		"do-read":    {ID: 6, Do: "read", Room: &room, Number: &seven},
		"do-notify":  {ID: 7, Do: "notify", Room: &room, Level: new(chat.NotifyMentions)},
		"do-unread":  {ID: 8, Do: "unread", Rooms: []chat.RoomID{7, 8}},
	} {
		if diff := cmp.Diff(want, read(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestVerbsAreDocumented holds the table of verbs and docs/protocol.md together.
func TestVerbsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(doc), "| do | fields | ok |")
	table, _, _ = strings.Cut(table, "\n\n")
	var documented []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|").FindAllStringSubmatch(table, -1) {
		documented = append(documented, m[1])
	}
	verbs := ws.Verbs()
	slices.Sort(verbs)
	slices.Sort(documented)
	if diff := cmp.Diff(documented, verbs); diff != "" {
		t.Errorf("the verbs differ from docs/protocol.md (-documented +there):\n%s", diff)
	}
}
