package chat_test

import (
	"errors"
	"strings"
	"testing"

	"parley/internal/chat"
)

func TestCheckText(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"plain":                    {"hello", "hello"},
		"markup stays as it is":    {"<b>&amp;", "<b>&amp;"},
		"spaces around stay":       {"  x\n", "  x\n"},
		"line breaks become LF":    {"a\r\nb\rc\n\td", "a\nb\nc\n\td"},
		"the limit itself":         {strings.Repeat("x", 100), strings.Repeat("x", 100)},
		"any script":               {"我家在上海东边。 שלום 🎉", "我家在上海东边。 שלום 🎉"},
		"a joined emoji":           {"👩\u200d🚀", "👩\u200d🚀"},
		"limit counts LF, not CRs": {strings.Repeat("x", 98) + "\r\n", strings.Repeat("x", 98) + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := chat.CheckText(test.text, 100)
			if err != nil || got != test.want {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
		})
	}
	for name, test := range map[string]struct {
		text string
		want chat.Kind
	}{
		"empty":                {"", chat.Invalid},
		"blank":                {" \t\n\u00a0\u3000", chat.Invalid},
		"invisible":            {"\u200b\u200d\ufe0f\u2060", chat.Invalid},
		"one byte too long":    {strings.Repeat("x", 101), chat.TooLong},
		"too long in bytes":    {strings.Repeat("é", 51), chat.TooLong},
		"a NUL":                {"a\x00b", chat.Invalid},
		"an escape":            {"a\x1b[2Jb", chat.Invalid},
		"a C1 control":         {"a\u0085b", chat.Invalid},
		"broken UTF-8":         {"a\xffb", chat.Invalid},
		"an unfinished letter": {"a\xc3", chat.Invalid},
	} {
		t.Run(name, func(t *testing.T) { wantKind(t, second(chat.CheckText(test.text, 100)), test.want, "text") })
	}
}

func second(_ string, err error) error { return err }

func wantKind(t *testing.T, err error, kind chat.Kind, field string) {
	t.Helper()
	e, ok := errors.AsType[*chat.Error](err)
	if !ok || e.Kind != kind || e.Field != field || e.Message == "" {
		t.Errorf("got %#v, want %s in field %q", err, kind, field)
	}
}

func TestCheckNames(t *testing.T) {
	both := map[string]struct{ name, want string }{
		"plain":            {"ana", "ana"},
		"trimmed":          {" \u00a0 ana \t", "ana"},
		"composed":         {"Cafe\u0301", "Café"},
		"case stays":       {"Ana", "Ana"},
		"inner spaces":     {"garden  club", "garden  club"},
		"the limit itself": {strings.Repeat("é", 40), strings.Repeat("é", 40)},
		"emoji":            {"🎉", "🎉"},
		"address signs":    {"a?b#c%d&e=f;g+h", "a?b#c%d&e=f;g+h"},
		"markup":           {"<b>'\"", "<b>'\""},
	}
	for name, test := range both {
		t.Run(name, func(t *testing.T) {
			if got, err := chat.CheckName(test.name, 40); err != nil || got != test.want {
				t.Errorf("as a name: got %q, %v, want %q", got, err, test.want)
			}
			if got, err := chat.CheckRoomName(test.name, 40); err != nil || got != test.want {
				t.Errorf("as a room: got %q, %v, want %q", got, err, test.want)
			}
		})
	}
	for name, test := range map[string]struct {
		name string
		want chat.Kind
	}{
		"empty":          {"", chat.Invalid},
		"blank":          {" \u3000", chat.Invalid},
		"invisible":      {"\u200b\u2060", chat.Invalid},
		"too long":       {strings.Repeat("x", 41), chat.TooLong},
		"far too long":   {strings.Repeat("x", 1<<20), chat.TooLong},
		"a slash":        {"a/b", chat.Invalid},
		"a dot":          {".", chat.Invalid},
		"two dots":       {"..", chat.Invalid},
		"a line break":   {"a\nb", chat.Invalid},
		"a separator":    {"a\u2028b", chat.Invalid},
		"a NUL":          {"a\x00b", chat.Invalid},
		"broken UTF-8":   {"\xff", chat.Invalid},
		"Hangul filler":  {"\u3164", chat.Invalid},
		"Braille blank":  {"\u2800", chat.Invalid},
		"only selectors": {"\ufe0f\ufe0f", chat.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			wantKind(t, second(chat.CheckName(test.name, 40)), test.want, "username")
			wantKind(t, second(chat.CheckRoomName(test.name, 40)), test.want, "room")
		})
	}
	t.Run("names only", func(t *testing.T) {
		for _, name := range []string{"a\u202eb", "a\u2066b", "a\u200eb", "z" + strings.Repeat("\u0335", 5), "\ufeffana x"} {
			wantKind(t, second(chat.CheckName(name, 40)), chat.Invalid, "username")
		}
	})
	t.Run("reserved rooms", func(t *testing.T) {
		for _, name := range []string{"admin", "api", "ws", "-", " admin ", "~x", "~"} {
			wantKind(t, second(chat.CheckRoomName(name, 40)), chat.Invalid, "room")
		}
		for _, name := range []string{"Admin", "apis", "w", "--", "a~", "..."} {
			if _, err := chat.CheckRoomName(name, 40); err != nil {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}

func TestNameKey(t *testing.T) {
	for _, same := range [][2]string{
		{"ana", "ANA"},
		{"ana", "аnа"},         // Cyrillic
		{"ana", "ａｎａ"},         // full width
		{"paypal", "pаypаl"},   // Cyrillic
		{"Straße", "STRASSE"},  // full case folding
		{"ana", "an\u200da"},   // a joiner
		{"a b", "a\u00a0 b"},   // spaces
		{"café", "cafe\u0301"}, // composed or not
	} {
		if a, b := chat.NameKey(same[0]), chat.NameKey(same[1]); a != b {
			t.Errorf("%q and %q have the keys %q and %q, want one", same[0], same[1], a, b)
		}
	}
	for _, other := range [][2]string{{"ana", "anna"}, {"ana", "ana2"}, {"cafe", "café"}, {"上海", "上"}} {
		if a, b := chat.NameKey(other[0]), chat.NameKey(other[1]); a == b {
			t.Errorf("%q and %q have one key %q, want two", other[0], other[1], a)
		}
	}
}

func TestIDs(t *testing.T) {
	if id, ok := chat.ParseRoomID("r7"); !ok || id != 7 || id.String() != "r7" {
		t.Errorf("got %v, %v", id, ok)
	}
	for _, text := range []string{"", "r", "r0", "r07", "r-1", "u7", "R7", "r7 ", "r99999999999999999999", "r+7"} {
		if id, ok := chat.ParseRoomID(text); ok {
			t.Errorf("%q was read as %v", text, id)
		}
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("the disk smells of smoke")
	e := chat.AsError(cause)
	if e.Kind != chat.Internal || strings.Contains(e.Message, "smoke") || !errors.Is(e, cause) {
		t.Errorf("got %#v, want an internal error that hides its cause and keeps it", e)
	}
	if chat.AsError(nil) != nil || chat.KindOf(nil) != "" {
		t.Error("no error became one")
	}
}
