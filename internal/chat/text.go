package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ergochat/confusables"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks may follow one letter in a name; more is decoration that spills over other lines.
const maxMarks = 4

// CheckText is the text of a message as it is stored: valid UTF-8 of at most limit bytes, not blank, without control
// characters but line breaks and tabs; CR LF and CR become LF. Errors name the field "text".
func CheckText(text string, limit int) (string, error) {
	if !utf8.ValidString(text) {
		return "", Errorf(Invalid, "text", "The message is not valid UTF-8.")
	}
	if strings.ContainsRune(text, '\r') {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	if len(text) > limit {
		return "", Errorf(TooLong, "text", "The message is %d bytes long; at most %d fit.", len(text), limit)
	}
	visible := false
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return "", Errorf(Invalid, "text", "The message has a control character (%U) in it.", r)
		}
		visible = visible || !blank(r)
	}
	if !visible {
		return "", Errorf(Invalid, "text", "The message is empty.")
	}
	return text, nil
}

// CheckName is a user's name as it is stored: NFC, trimmed, 1 to limit characters, without control characters, bidi
// controls, slashes or piles of combining marks. Errors name the field "username".
func CheckName(name string, limit int) (string, error) {
	name, err := checkLine("username", "name", name, limit)
	if err != nil {
		return "", err
	}
	if name == "." || name == ".." {
		return "", Errorf(Invalid, "username", "The name %q cannot be part of an address.", name)
	}
	marks, seen := 0, false
	for _, r := range name {
		if unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			return "", Errorf(Invalid, "username", "The name has an invisible character (%U) in it.", r)
		}
		if unicode.Is(unicode.M, r) {
			if marks++; marks > maxMarks {
				return "", Errorf(Invalid, "username", "The name has too many marks on one letter.")
			}
			continue
		}
		marks = 0
		seen = seen || !blank(r)
	}
	if !seen {
		return "", Errorf(Invalid, "username", "The name has no visible character.")
	}
	return name, nil
}

// CheckRoomName is a room's name as it is stored: NFC, trimmed, 1 to limit characters, without control characters and
// slashes, and not one of the names that Parley's own addresses use. Case counts. Errors name the field "room".
func CheckRoomName(name string, limit int) (string, error) {
	name, err := checkLine("room", "room name", name, limit)
	if err != nil {
		return "", err
	}
	switch name {
	case "admin", "api", "ws", "-", ".", "..":
		return "", Errorf(Invalid, "room", "The room name %q is used by the server itself.", name)
	}
	if strings.HasPrefix(name, "~") {
		return "", Errorf(Invalid, "room", "A room name cannot begin with ~.")
	}
	return name, nil
}

func checkLine(field, what, s string, limit int) (string, error) {
	if !utf8.ValidString(s) {
		return "", Errorf(Invalid, field, "The %s is not valid UTF-8.", what)
	}
	// NFC can make a string three times as long; a line that is far too long is not worth normalising.
	if len(s) > 16*limit+64 {
		return "", Errorf(TooLong, field, "The %s is too long; at most %d characters fit.", what, limit)
	}
	s = strings.TrimFunc(norm.NFC.String(s), unicode.IsSpace)
	visible := false
	for _, r := range s {
		switch {
		case r == '/':
			return "", Errorf(Invalid, field, "A %s cannot have a / in it.", what)
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return "", Errorf(Invalid, field, "The %s has a control character (%U) in it.", what, r)
		}
		visible = visible || !blank(r)
	}
	if !visible {
		return "", Errorf(Invalid, field, "Please give a %s.", what)
	}
	if n := utf8.RuneCountInString(s); n > limit {
		return "", Errorf(TooLong, field, "The %s has %d characters; at most %d fit.", what, n, limit)
	}
	return s, nil
}

// blank reports whether a character shows nothing at all: white space, format characters, fillers.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) ||
		unicode.Is(unicode.Variation_Selector, r) || r == '\u2800'
}

// NameKey is what names are compared by: two names with the same key are the same to the eye. It is the skeleton of
// UTS #39, section 4, taken over NFKC and full case folding until nothing changes any more, so that "Ana", "ANA" and "аnа"
// in Cyrillic are one name, and the key of a key is itself.
func NameKey(name string) string {
	key := strings.Map(func(r rune) rune {
		if blank(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, name)
	fold := func(s string) string { return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s))) }
	// A skeleton can fold to something that has another skeleton; two or three rounds are all that it takes.
	for range 8 {
		next := strings.Join(strings.Fields(fold(confusables.Skeleton(fold(key)))), " ")
		if next == key {
			break
		}
		key = next
	}
	return key
}
