package markup_test

import (
	"strings"
	"testing"

	"parley/internal/markup"
)

func TestOnlyEmoji(t *testing.T) {
	for text, want := range map[string]bool{
		"🎉": true, " 🎉 🎉\n": true, "❤️": true, "👩‍👩‍👧": true, "👍🏽": true, "🏳️‍🌈": true, "🇩🇪": true, "1️⃣": true, "☀️": true, "🏴󠁧󠁢󠁥󠁮󠁧󠁿": true, "👨🏿‍❤️‍👨🏻": true,
		"😀😀😀😀😀😀": true, "😀😀😀😀😀😀😀": false,
		"": false, " ": false, "a": false, "🎉!": false, "1": false, "#": false, "❤": false, "☀": false, "©": false, "我": false, "\u200d": false, "\ufe0f": false,
		strings.Repeat("😀 ", 6): true, "😀" + strings.Repeat(" ", 90) + "😀": true, "😀" + strings.Repeat(" ", 100) + "😀": false,
	} {
		if got := markup.OnlyEmoji(text); got != want {
			t.Errorf("OnlyEmoji(%q): got %t, want %t", text, got, want)
		}
	}
}
