package chat

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MentionSnapshot is what mentions are found by.
type MentionSnapshot interface {
	// MembersByKey are those members of a room whose names have one of the NameKeys, by their keys.
	MembersByKey(room RoomID, keys []string) (map[string]UserID, error)
}

const (
	// mentionKeys is how many stretches of one text are looked up as names at most; an @ after that many names nobody.
	mentionKeys = 1024
	// mentionBytes is how far behind its @ a name ends at most.
	mentionBytes = 512
)

// A call is an @ in a text, with every stretch after it that may be a name.
type call struct {
	at    int         // of the @
	names []candidate // the shortest first
}

// A candidate is a stretch of a text that may be a name: where it ends, and its NameKey.
type candidate struct {
	end int
	key string
}

// callsIn finds whom a text may name. An @ in the midst of a word, as in an e-mail's address, and one in a path call nobody. A name is at
// most limit characters long, on one line, and ends where a word ends; in scripts that do not put spaces between words, anywhere.
// It looks at nobody's data, so it can be done before a command has its turn.
func callsIn(text string, limit int) []call {
	var calls []call
	keys := 0
	for at := strings.IndexByte(text, '@'); at >= 0 && keys < mentionKeys; {
		if before, _ := utf8.DecodeLastRuneInString(text[:at]); at == 0 || before != '/' && !(wordy(before) && !unspaced(before)) {
			if names := candidates(text[at+1:], limit); len(names) > 0 {
				for i := range names {
					names[i].end += at + 1
				}
				keys += len(names)
				calls = append(calls, call{at, names})
			}
		}
		next := strings.IndexByte(text[at+1:], '@')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return calls
}

// candidates are the stretches at the beginning of a text that may be a name, the shortest first.
func candidates(text string, limit int) []candidate {
	var found []candidate
	count := 0
	for i, r := range text {
		if r == '\n' || i > mentionBytes || i == 0 && unicode.IsSpace(r) {
			break
		}
		if !unicode.Is(unicode.M, r) {
			count++ // marks may be one character with the letter before, as names are stored
		}
		if count > limit {
			break
		}
		end := i + utf8.RuneLen(r)
		if after, _ := utf8.DecodeRuneInString(text[end:]); !unicode.IsSpace(r) && (end == len(text) || !within(r, after)) {
			found = append(found, candidate{end, NameKey(text[:end])})
		}
	}
	return found
}

// within reports whether no word ends between two characters.
func within(r, after rune) bool {
	if unicode.Is(unicode.M, after) || after == '\u200d' || r == '\u200d' {
		return true
	}
	return wordy(r) && wordy(after) && !unspaced(r) && !unspaced(after)
}

func wordy(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || r == '_'
}

// unspaced reports whether a character is of a script in which words, or what is added to a name, follow without a space.
func unspaced(r rune) bool {
	return r >= 0xe00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// mentioned are the members of a room whom the calls of a text name, ascending: at each @ the one with the longest name. It is nil, and
// asks for nothing, where there are no calls.
func mentioned(s Snapshot, room RoomID, calls []call) ([]UserID, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	var keys []string
	for _, c := range calls {
		for _, name := range c.names {
			keys = append(keys, name.key)
		}
	}
	slices.Sort(keys)
	members, err := s.MembersByKey(room, slices.Compact(keys))
	if err != nil || len(members) == 0 {
		return nil, err
	}
	var ids []UserID
	end := 0
	for _, c := range calls {
		if c.at < end {
			continue // within a name
		}
		for _, name := range slices.Backward(c.names) {
			if id, ok := members[name.key]; ok {
				ids, end = append(ids, id), name.end
				break
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}
