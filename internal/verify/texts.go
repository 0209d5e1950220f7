package verify

import (
	"math/rand/v2"
	"strings"
)

// words are what messages are made of: scripts of many kinds, marks, emoji, what looks like markup, and line breaks.
var words = []string{
	"hello", "tea", "at", "five", "the", "garden", "gate", "ok", "wait", "for", "me", "naïve", "Straße", "Ωμέγα", "привет",
	"我家在上海东边。", "東京", "안녕하세요", "שלום", "مرحبا", "สวัสดี", "नमस्ते", "👍", "👩‍👩‍👧‍👦", "🏳️‍🌈", "e\u0301", "<b>bold</b>", "&amp;",
	"\"quoted\"", `back\slash`, "https://example.org/a?b=c&d", "line\nbreak", "tab\tstop", "\u2028", "100 %", "C++", "a_b", "*stars*",
}

// texts makes what is said: mostly a few words, now and then long, seldom as long as a message may be.
type texts struct{ r *rand.Rand }

func (t texts) fill(limit int) func(OpID) string {
	size := 20 + t.r.IntN(100)
	switch n := t.r.IntN(200); {
	case n == 0:
		size = limit
	case n < 10:
		size = 200 + t.r.IntN(2000)
	}
	return func(id OpID) string {
		// The id itself and the full stop take up to twelve bytes of the limit.
		r := rand.New(rand.NewPCG(uint64(id), 2))
		var b strings.Builder
		for {
			word := words[r.IntN(len(words))]
			if b.Len()+len(word)+1 > min(size, limit-12) {
				break
			}
			b.WriteString(word)
			b.WriteByte(' ')
		}
		b.WriteByte('.')
		return b.String()
	}
}
