package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Plain is a text as a search index knows it: without case, by full case folding (the Unicode Standard, D145), in NFC, with one space
// for every run of white space and control characters, without variation selectors, and without the marks that people
// leave out when they type: accents, Hebrew points, Arabic vowels. Plain of Plain is Plain.
func Plain(text string) string {
	if plain, ok := foldASCII(text); ok {
		return plain
	}
	return fold(text, isAccent)
}

// folded is Plain with the marks.
func folded(text string) string {
	if plain, ok := foldASCII(text); ok {
		return plain
	}
	return fold(text, func(rune) bool { return false })
}

// foldASCII is Plain of a text that is ASCII only, which most are.
func foldASCII(text string) (string, bool) {
	plain := make([]byte, 0, len(text))
	space := false
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			return "", false
		case c <= ' ' || c == 0x7f:
			if !space {
				plain = append(plain, ' ')
			}
			space = true
			continue
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		plain, space = append(plain, c), false
	}
	return string(plain), true
}

// fold is Plain, with the accents that are left out.
func fold(text string, leftOut func(rune) bool) string {
	space := false
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Variation_Selector, r) || leftOut(r):
			return -1
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if space {
				return -1
			}
			space = true
			return ' '
		}
		space = false
		return cherokee(r)
	}, norm.NFD.String(cases.Fold().String(norm.NFD.String(strings.ToValidUTF8(text, "\ufffd"))))))
}

// cherokee folds the one script whose small letters fold to capitals, in which x/text turns the capitals around instead.
func cherokee(r rune) rune {
	switch {
	case 0xab70 <= r && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case 0x13f8 <= r && r <= 0x13fd:
		return r - 8
	}
	return r
}

// isAccent reports whether a mark is one of those that are left out in typing. The marks of other scripts, such as the vowels
// of Devanagari and Thai, are letters to who writes them.
func isAccent(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r <= 0x36f: // of Latin, Greek and Cyrillic
		return true
	case 0x591 <= r && r <= 0x5c7: // of Hebrew
		return unicode.Is(unicode.Mn, r)
	case 0x64b <= r && r <= 0x65f, r == 0x670: // of Arabic
		return true
	}
	return false
}
