package search

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/chat"
)

// grams turns texts into the tokens that the index holds. It keeps its buffers between texts, so one goroutine uses it.
//
// A token is one character, two, or three that follow each other, and "room7" for the room. Spaces are part of trigrams only.
// Characters are letters and digits of ASCII and everything beyond it, since the table's tokenizer splits at other ASCII:
// those are moved to U+0080 and up. What they meet there makes a candidate too many now and then, which is read again anyway.
type grams struct {
	text    []byte // the characters as they are in tokens
	at      []int  // where each begins, and where the last one ends
	tokens  []byte
	singles [2]uint64      // which ASCII characters have been told
	pairs   [128][2]uint64 // which follow them
}

// of are the tokens of a message whose text is plain, a space behind each. It is good until of is called again.
func (g *grams) of(room chat.RoomID, plain string) []byte {
	g.read(plain)
	g.singles, g.pairs, g.tokens = [2]uint64{}, [128][2]uint64{}, g.tokens[:0]
	n := len(g.at) - 1
	previous, previousSpace := rune(-1), true
	i := 0
	for _, r := range plain {
		if i+3 <= n {
			g.tokens = append(append(g.tokens, g.text[g.at[i]:g.at[i+3]]...), ' ')
		}
		space := r == ' '
		if !space && g.fresh(&g.singles, r) {
			g.tokens = append(append(g.tokens, g.text[g.at[i]:g.at[i+1]]...), ' ')
		}
		if !space && !previousSpace && g.freshPair(previous, r) {
			g.tokens = append(append(g.tokens, g.text[g.at[i-1]:g.at[i+1]]...), ' ')
		}
		previous, previousSpace = r, space
		i++
	}
	return append(g.tokens, roomToken(room)...)
}

// read splits plain into characters.
func (g *grams) read(plain string) {
	g.text, g.at = g.text[:0], g.at[:0]
	for _, r := range plain {
		g.at = append(g.at, len(g.text))
		if r < utf8.RuneSelf && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			r += utf8.RuneSelf
		}
		g.text = utf8.AppendRune(g.text, r)
	}
	g.at = append(g.at, len(g.text))
}

// fresh reports whether r is met for the first time; beyond ASCII it does not remember, and repeating does no harm.
func (g *grams) fresh(seen *[2]uint64, r rune) bool {
	if r >= utf8.RuneSelf {
		return true
	}
	word, bit := &seen[r>>6], uint64(1)<<(r&63)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}

func (g *grams) freshPair(first, second rune) bool {
	return first >= utf8.RuneSelf || g.fresh(&g.pairs[first], second)
}

func roomToken(room chat.RoomID) string { return "room" + strconv.FormatInt(int64(room), 10) }

// maxTokens is how many tokens the index is asked for: each costs a walk along its list, and few are enough to leave little
// that has to be read again.
const maxTokens = 16

// expression is what the full-text table is asked for: all tokens, of which every text that has the terms has each.
func expression(w chat.Wanted) string {
	var tokens []string
	for stride := 1; stride <= 3; stride += 2 {
		if tokens = queryTokens(w.Query.Terms(), stride); len(tokens) <= maxTokens {
			break
		}
	}
	every := (len(tokens) + maxTokens - 1) / maxTokens
	var e strings.Builder
	for i := 0; i < len(tokens); i += every {
		e.WriteString(`"` + tokens[i] + `" `)
	}
	if w.Room != 0 {
		e.WriteString(`"` + roomToken(w.Room) + `"`)
	}
	return e.String()
}

// queryTokens are the trigrams of terms, every stride-th and the last of each; short terms are tokens themselves.
func queryTokens(terms []string, stride int) []string {
	var g grams
	var tokens []string
	for _, term := range terms {
		g.read(term)
		last := len(g.at) - 4 // where the last trigram begins
		if last < 0 {
			tokens = append(tokens, string(g.text))
			continue
		}
		for i := 0; i < last; i += stride {
			tokens = append(tokens, string(g.text[g.at[i]:g.at[i+3]]))
		}
		tokens = append(tokens, string(g.text[g.at[last]:]))
	}
	return tokens
}
