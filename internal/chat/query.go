package chat

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// QueryLimit is how many characters a search may have.
const QueryLimit = 200

// A Query is what is looked for in messages: all of its terms, each a part of the text.
//
// Case never counts, in any script. A term without accents also finds letters that have them (cafe finds Café), one with
// accents finds only these, as in the asymmetric search of UTS #10, section 8.2.
type Query struct{ terms []term }

// A term is a word, or a phrase with its spaces.
type term struct {
	plain  string // never empty
	folded string // plain with the accents, "" if there are none
}

// ParseQuery reads a search: words, and phrases in double quotes. Errors name the field "q": Missing for a blank one, TooLong
// for one of more than QueryLimit characters, Invalid for one that is not UTF-8 or of which nothing can be looked for.
func ParseQuery(text string) (Query, error) {
	if !utf8.ValidString(text) {
		return Query{}, Errorf(Invalid, "q", "The search is not valid UTF-8.")
	}
	if n := utf8.RuneCountInString(text); n > QueryLimit {
		return Query{}, Errorf(TooLong, "q", "The search has %d characters; at most %d fit.", n, QueryLimit)
	}
	if strings.TrimSpace(text) == "" {
		return Query{}, Errorf(Missing, "q", "Please say what to look for.")
	}
	var q Query
	for i, part := range strings.Split(quotes.Replace(text), `"`) {
		if inside := i%2 == 1; inside {
			q.add(part)
			continue
		}
		for _, word := range strings.Fields(part) {
			q.add(word)
		}
	}
	if len(q.terms) == 0 {
		q.add(text) // quotes, and nothing else
	}
	if len(q.terms) == 0 {
		return Query{}, Errorf(Invalid, "q", "There is nothing in this search that could be looked for.")
	}
	return q, nil
}

// quotes makes the quotes that telephones type plain.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`)

func (q *Query) add(text string) {
	t := term{plain: strings.Trim(Plain(text), " "), folded: strings.Trim(folded(text), " ")}
	if t.folded == t.plain {
		t.folded = ""
	}
	if t.plain != "" && !slices.Contains(q.terms, t) {
		q.terms = append(q.terms, t)
	}
}

// Terms are what has to be part of Plain of a text for it to match. There is at least one, and none is empty. A text that has
// all of them may still not match.
func (q Query) Terms() []string {
	terms := make([]string, len(q.terms))
	for i, t := range q.terms {
		terms[i] = t.plain
	}
	return terms
}

// Match reports whether a text has all terms.
func (q Query) Match(text string) bool {
	plain := Plain(text)
	exact := ""
	for _, t := range q.terms {
		if !strings.Contains(plain, t.plain) {
			return false
		}
		if t.folded == "" {
			continue
		}
		if exact == "" {
			exact = folded(text)
		}
		if !strings.Contains(exact, t.folded) {
			return false
		}
	}
	return true
}
