package chat_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/chat"
)

func TestPlain(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"case":                    {"HeLLo", "hello"},
		"sharp s":                 {"Straße", "strasse"},
		"a final sigma":           {"Ὀδυσσεύς", "οδυσσευσ"},
		"a Turkish capital":       {"İZMİR", "izmir"},
		"Cherokee small letters":  {"ꮇᏸ", "ᎷᏰ"},
		"Cherokee capitals":       {"ᎷᏰ", "ᎷᏰ"},
		"accents":                 {"Ångström, naïve Café", "angstrom, naive cafe"},
		"accents after letters":   {"cafe\u0301", "cafe"},
		"Hebrew points":           {"שָׁלוֹם", "שלום"},
		"Arabic vowels":           {"مُحَمَّد", "محمد"},
		"letters of other marks":  {"नमस्ते สวัสดี が", "नमस्ते สวัสดี が"},
		"white space":             {" a\t\n\u00a0b\u3000c ", " a b c "},
		"white space in ASCII":    {"a\r\n\tb", "a b"},
		"control characters":      {"a\x00b\u0085ö", "a b o"},
		"variation selectors":     {"❤\ufe0f ❤\ufe0e", "❤ ❤"},
		"composed Hangul":         {"\u1112\u1161\u11ab", "한"},
		"nothing":                 {"", ""},
		"what is not valid UTF-8": {"a\xffÖ", "a\ufffdo"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := chat.Plain(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestParseQuery(t *testing.T) {
	for text, want := range map[string][]string{
		"hello":                        {"hello"},
		" Hello  WORLD ":               {"hello", "world"},
		"hello Hello":                  {"hello"},
		`"hello  world" again`:         {"hello world", "again"},
		`open "the end`:                {"open", "the end"},
		"“smart quotes” „so“":          {"smart quotes", "so"},
		`a""b`:                         {"a", "b"},
		`"`:                            {`"`},
		`" "`:                          {`" "`},
		"\u0301 a":                     {"a"},
		"上海":                           {"上海"},
		strings.Repeat("я", 200):       {strings.Repeat("я", 200)},
		`"` + strings.Repeat(`"`, 199): {strings.Repeat(`"`, 200)},
	} {
		t.Run(text, func(t *testing.T) {
			q, err := chat.ParseQuery(text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(q.Terms(), want); diff != "" {
				t.Errorf("terms (-got +want):\n%s", diff)
			}
		})
	}
	for text, want := range map[string]chat.Kind{
		"":                        chat.Missing,
		" \t\n\u3000":             chat.Missing,
		"\ufe0f":                  chat.Invalid,
		"\u0301":                  chat.Invalid,
		"\x00":                    chat.Invalid,
		"a\xff":                   chat.Invalid,
		strings.Repeat("я", 201):  chat.TooLong,
		strings.Repeat(" ", 1000): chat.TooLong,
	} {
		t.Run("refused: "+text, func(t *testing.T) {
			_, err := chat.ParseQuery(text)
			if e := chat.AsError(err); e == nil || e.Kind != want || e.Field != "q" {
				t.Errorf("got %v, want %s of the field q", err, want)
			}
		})
	}
}

// FuzzQuery holds the laws of searching: folding twice is folding once, and a text is found by each of its words and by itself as
// a phrase, by terms that are part of its folded form.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"hello world", "我家在上海东边。", `say "hi"`, "İstanbul ẞ ΑΣ", "Ꮇ\xf5ꮇ", "\xf2Ȃ", "á ̣ 00", "e\u0301\u0323 ֑", "\u1112\u1161 가\u11ab", "ﬁ ŉ ǰ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := chat.Plain(text)
		if got := chat.Plain(plain); got != plain {
			t.Fatalf("Plain(%q) is %q, and Plain of that %q", text, plain, got)
		}
		if strings.ContainsAny(text, "\"“”„") {
			return // quotes are not looked for
		}
		for _, part := range append(strings.Fields(text), `"`+text+`"`) {
			q, err := chat.ParseQuery(part)
			if err != nil || strings.TrimSpace(chat.Plain(strings.Trim(part, `"`))) == "" {
				continue
			}
			if !q.Match(text) {
				t.Errorf("%q is not found by %q", text, part)
			}
			for _, term := range q.Terms() {
				if term == "" || !strings.Contains(plain, term) {
					t.Errorf("%q does not have the term %q of its part %q", plain, term, part)
				}
			}
		}
	})
}

// TestMatchAccents holds that a term with accents finds only these, and one without finds both.
func TestMatchAccents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := rapid.SliceOfN(rapid.SampledFrom([]string{"", "", "\u0301", "\u0308", "\u0327"}), 3, 3)
		write := func(marks []string) string { return "a" + marks[0] + "o" + marks[1] + "e" + marks[2] }
		inText, inQuery := marks.Draw(t, "text"), marks.Draw(t, "query")
		q, err := chat.ParseQuery(write(inQuery))
		if err != nil {
			t.Fatal(err)
		}
		none := write(inQuery) == "aoe"
		if got, want := q.Match("xx"+write(inText)+" yy"), none || write(inQuery) == write(inText); got != want {
			t.Errorf("%q finds %q: got %v, want %v", write(inQuery), write(inText), got, want)
		}
	})
}
