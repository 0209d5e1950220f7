package importer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/internal/chat"
)

// roomName is the name in Parley that comes nearest to a room's name in the source: the same after NFC and trimming, which
// is how names are compared, or if that could be no room's address, one that could. why is then the reason, else "".
func roomName(source string) (name, why string) {
	var whys []string
	because := func(reason string) { whys = append(whys, reason) }

	name = strings.ToValidUTF8(source, unstorable)
	if name != source {
		because("it is not valid UTF-8")
	}
	name = canonical(name)
	if strings.ContainsFunc(name, breaksLine) {
		because("it has control characters in it")
		name = canonical(strings.Map(func(r rune) rune {
			if breaksLine(r) {
				return ' '
			}
			return r
		}, name))
	}
	if strings.Contains(name, "/") {
		because("it has a / in it")
		name = strings.ReplaceAll(name, "/", "-")
	}
	if strings.HasPrefix(name, "~") {
		because("names that begin with ~ are the server's own")
		name = strings.TrimLeftFunc(name, func(r rune) bool { return r == '~' || unicode.IsSpace(r) })
	}
	if len(name) > maxName {
		because("it is too long for an address")
		name = shortened(name)
	}
	switch {
	case acceptable(name):
	case strings.ContainsFunc(name, func(r rune) bool { return r > ' ' && r <= '~' }):
		because("the server itself uses that name")
		name += "-2"
	default:
		because("it shows nothing")
		name = "unnamed"
	}
	return name, strings.Join(whys, ", ")
}

// personName is an author's name as it is stored: as it is, unless it is no name at all but a whole text.
func personName(name string) (short, why string) {
	if len(name) <= maxName {
		return name, ""
	}
	return shortened(name), whyLongName
}

func acceptable(name string) bool {
	_, err := chat.CheckRoomName(name, maxName)
	return err == nil
}

// canonical is how names are compared.
func canonical(name string) string { return strings.TrimFunc(norm.NFC.String(name), unicode.IsSpace) }

// breaksLine reports whether a character cannot stand in a line of text.
func breaksLine(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// shortened is the beginning of a name, at most maxName bytes of it.
func shortened(name string) string {
	end := maxName
	for end > 0 && !utf8.RuneStart(name[end]) {
		end--
	}
	return canonical(name[:end])
}
