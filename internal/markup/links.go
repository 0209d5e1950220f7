// Package markup turns what people write into what pages show.
//
// Text stays text: the only thing that is found in it are addresses. The browser client follows the same rule in
// TypeScript, and both are tested against testdata/links.json.
package markup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Part is a piece of a text: a link if it has an Href, else plain text.
type Part struct {
	Text string `json:"text"`
	Href string `json:"href,omitempty"` // always http: or https:
}

// longest is how many characters an address may have.
const longest = 2048

// Links splits a text into plain pieces and links. Joined together, the pieces are the text again. Neither the text nor an
// address is escaped.
//
// An address begins with http:// or https:// in any case, not right behind an ASCII letter or digit, and ends before white
// space, a control or format character, a quotation mark, an angle bracket, a backslash, a backtick or full-width
// punctuation. Punctuation at its end, and a closing bracket that it did not open, belong to the sentence. Its host begins
// with a letter, a digit or "["; its authority has no "@"; it has at most 2,048 characters. Anything else stays text.
func Links(text string) []Part {
	parts := []Part{}
	from, at := 0, 0
	for {
		start := begin(text, at)
		if start < 0 {
			break
		}
		at = start + strings.IndexFunc(text[start:]+" ", ends)
		address := trim(text[start:at])
		if !shape.MatchString(address) || utf8.RuneCountInString(address) > longest {
			continue
		}
		if start > from {
			parts = append(parts, Part{Text: text[from:start]})
		}
		parts = append(parts, Part{Text: address, Href: address})
		from = start + len(address)
	}
	if from < len(text) {
		parts = append(parts, Part{Text: text[from:]})
	}
	return parts
}

var (
	scheme = regexp.MustCompile(`[hH][tT][tT][pP][sS]?://`)
	shape  = regexp.MustCompile(`^[hH][tT][tT][pP][sS]?://[\p{L}\p{N}[][^/?#@]*(?:[/?#]|$)`)
)

// begin is where the next scheme stands at or after at that nothing is glued to, or -1.
func begin(text string, at int) int {
	for {
		found := scheme.FindStringIndex(text[at:])
		if found == nil {
			return -1
		}
		start := at + found[0]
		if start == 0 || !alphanumeric(text[start-1]) {
			return start
		}
		at += found[1]
	}
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// ends reports whether a character cannot be in an address.
func ends(r rune) bool {
	return unicode.Is(unicode.White_Space, r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) ||
		strings.ContainsRune("<>\"`\\。，、；：！？「」『』（）《》【】“”«»‹›", r)
}

// trim takes off the end what belongs to the sentence around an address.
func trim(address string) string {
	openers := map[rune]rune{')': '(', ']': '[', '}': '{'}
	held := map[rune]int{}
	for _, r := range address {
		held[r]++
	}
	for address != "" {
		last, size := utf8.DecodeLastRuneInString(address)
		if opener, closes := openers[last]; closes {
			if held[last] <= held[opener] {
				break
			}
			held[last]--
		} else if !strings.ContainsRune(".,;:!?'*_~…", last) {
			break
		}
		address = address[:len(address)-size]
	}
	return address
}
