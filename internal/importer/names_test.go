package importer_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"parley/internal/chat"
	"parley/internal/importer"
)

func TestRoomName(t *testing.T) {
	t.Run("is always a name that a new room could have, and stays what it is", func(t *testing.T) {
		piece := rapid.OneOf(
			rapid.SampledFrom([]string{
				"/", "~", " ", ".", "..", "-", "admin", "api", "ws", "\x00", "\n", "\u200b", "\u2028", "\xff", "\u0301", "\u0338", "é", "e\u0301",
				"\u3164", "\u2800", "=", strings.Repeat("ﬃ", 900), strings.Repeat("\U0001D160", 400),
			}),
			rapid.String(),
		)
		rapid.Check(t, func(t *rapid.T) {
			source := strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "")
			name, why := importer.RoomName(source)
			if checked, err := chat.CheckRoomName(name, importer.MaxName); err != nil || checked != name {
				t.Fatalf("%q became %q, which is checked as %q, %v", source, name, checked, err)
			}
			if again, whyAgain := importer.RoomName(name); again != name || whyAgain != "" {
				t.Fatalf("%q became %q and then %q because %q", source, name, again, whyAgain)
			}
			checked, err := chat.CheckRoomName(source, importer.MaxName)
			if err == nil && len(checked) <= importer.MaxName && (why != "" || name != checked) {
				t.Fatalf("%q became %q because %q, want %q", source, name, why, checked)
			}
			if err != nil && why == "" {
				t.Fatalf("%q became %q for no reason", source, name)
			}
		})
	})
	t.Run("is shortened between characters", func(t *testing.T) {
		name, _ := importer.RoomName("x" + strings.Repeat("長", 5000))
		if len(name) > importer.MaxName || len(name) < importer.MaxName-4 || !utf8.ValidString(name) {
			t.Errorf("%d bytes, valid: %v", len(name), utf8.ValidString(name))
		}
	})
}
