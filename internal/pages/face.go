package pages

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/internal/chat"
	"parley/internal/markup"
)

// hue is the class of a person's colour. web/src/face.ts follows the same two rules.
func hue(id chat.UserID) string {
	return fmt.Sprintf("hue-%d", id%24*7%24)
}

// initial is the first letter or digit of a name, upper-cased, else its first character.
func initial(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return string(unicode.ToUpper(r))
		}
	}
	r, _ := utf8.DecodeRuneInString(name)
	return string(r)
}

// Parts are the text with its links.
func (s said) Parts() []markup.Part { return markup.Links(s.Text) }

// OnlyEmoji reports whether the text is shown large.
func (s said) OnlyEmoji() bool { return markup.OnlyEmoji(s.Text) }

// Hue is the class of the author's colour.
func (s said) Hue() string { return hue(s.By) }

// Initial stands for the author's picture.
func (s said) Initial() string { return initial(s.Name) }

// When is when it was said, in UTC.
func (s said) When() time.Time { return time.UnixMilli(s.At).UTC() }

// MyHue is the class of my own colour.
func (v roomView) MyHue() string { return hue(v.Me.ID) }

// MyInitial stands for my own picture.
func (v roomView) MyInitial() string { return initial(v.Me.Name) }

// MyStanding is what I am on this server, in a word.
func (v roomView) MyStanding() string { return standingWord(v.Me) }

// standingWord is what somebody is on this server: the role, or else the kind.
func standingWord(u chat.User) string {
	word := cmp.Or(string(u.Role), string(u.Kind))
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// IsGuest reports whether my name lasts only as long as the browser's cookie.
func (v roomView) IsGuest() bool { return v.Me.Kind == chat.Guest }
