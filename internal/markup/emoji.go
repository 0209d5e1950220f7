package markup

import (
	"regexp"
	"strings"
	"unicode/utf16"
)

const (
	// pictures are drawn as emoji by themselves: Emoji_Presentation of UTS #51, Unicode 17.
	pictures = `\x{231A}-\x{231B}\x{23E9}-\x{23EC}\x{23F0}\x{23F3}\x{25FD}-\x{25FE}\x{2614}-\x{2615}\x{2648}-\x{2653}\x{267F}\x{2693}` +
		`\x{26A1}\x{26AA}-\x{26AB}\x{26BD}-\x{26BE}\x{26C4}-\x{26C5}\x{26CE}\x{26D4}\x{26EA}\x{26F2}-\x{26F3}\x{26F5}\x{26FA}\x{26FD}` +
		`\x{2705}\x{270A}-\x{270B}\x{2728}\x{274C}\x{274E}\x{2753}-\x{2755}\x{2757}\x{2795}-\x{2797}\x{27B0}\x{27BF}\x{2B1B}-\x{2B1C}` +
		`\x{2B50}\x{2B55}\x{1F004}\x{1F0CF}\x{1F18E}\x{1F191}-\x{1F19A}\x{1F1E6}-\x{1F1FF}\x{1F201}\x{1F21A}\x{1F22F}\x{1F232}-\x{1F236}` +
		`\x{1F238}-\x{1F23A}\x{1F250}-\x{1F251}\x{1F300}-\x{1F320}\x{1F32D}-\x{1F335}\x{1F337}-\x{1F37C}\x{1F37E}-\x{1F393}` +
		`\x{1F3A0}-\x{1F3CA}\x{1F3CF}-\x{1F3D3}\x{1F3E0}-\x{1F3F0}\x{1F3F4}\x{1F3F8}-\x{1F43E}\x{1F440}\x{1F442}-\x{1F4FC}` +
		`\x{1F4FF}-\x{1F53D}\x{1F54B}-\x{1F54E}\x{1F550}-\x{1F567}\x{1F57A}\x{1F595}-\x{1F596}\x{1F5A4}\x{1F5FB}-\x{1F64F}` +
		`\x{1F680}-\x{1F6C5}\x{1F6CC}\x{1F6D0}-\x{1F6D2}\x{1F6D5}-\x{1F6D8}\x{1F6DC}-\x{1F6DF}\x{1F6EB}-\x{1F6EC}\x{1F6F4}-\x{1F6FC}` +
		`\x{1F7E0}-\x{1F7EB}\x{1F7F0}\x{1F90C}-\x{1F93A}\x{1F93C}-\x{1F945}\x{1F947}-\x{1F9FF}\x{1FA70}-\x{1FA7C}\x{1FA80}-\x{1FA8A}` +
		`\x{1FA8E}-\x{1FAC6}\x{1FAC8}\x{1FACD}-\x{1FADC}\x{1FADF}-\x{1FAEA}\x{1FAEF}-\x{1FAF8}`
	// signs are emoji when U+FE0F or a joiner asks for it: the blocks of Extended_Pictographic. What else is in them does not
	// stand next to those.
	signs = `\x{A9}\x{AE}\x{203C}-\x{2BFF}\x{3030}\x{303D}\x{3297}\x{3299}\x{1F000}-\x{1FAFF}`
	tones = `\x{1F3FB}-\x{1F3FF}`
)

var emoji = regexp.MustCompile(`^(?:(?:[\x{1F1E6}-\x{1F1FF}]{2}|[0-9#*]\x{FE0F}?\x{20E3}|(?:[` + pictures + `]\x{FE0F}?|[` + signs + `]\x{FE0F})` +
	`[` + tones + `\x{E0020}-\x{E007F}]*(?:\x{200D}[` + signs + `]\x{FE0F}?[` + tones + `]?)*)[\s\p{Z}]*){1,6}$`)

// OnlyEmoji reports whether a text is nothing but one to six emoji, which are shown large. The browser's rule is in
// web/src/emoji.ts.
func OnlyEmoji(text string) bool {
	if len(text) > 400 || len(utf16.Encode([]rune(text))) > 100 {
		return false
	}
	return emoji.MatchString(strings.TrimSpace(text))
}
