package markup_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/markup"
)

// golden is the file that the browser's tests read as well.
func golden(tb testing.TB) []goldenCase {
	tb.Helper()
	data, err := os.ReadFile("testdata/links.json")
	if err != nil {
		tb.Fatal(err)
	}
	var cases []goldenCase
	if err := json.Unmarshal(data, &cases); err != nil {
		tb.Fatal(err)
	}
	if len(cases) < 20 {
		tb.Fatalf("got %d cases, want at least 20", len(cases))
	}
	return cases
}

type goldenCase struct {
	Name  string        `json:"name"`
	Text  string        `json:"text"`
	Parts []markup.Part `json:"parts"`
}

func TestLinks(t *testing.T) {
	for _, c := range golden(t) {
		t.Run(c.Name, func(t *testing.T) {
			if diff := cmp.Diff(markup.Links(c.Text), c.Parts); diff != "" {
				t.Errorf("Links(%q) (-got +want):\n%s", c.Text, diff)
			}
		})
	}
	t.Run("letters that fold to those of a scheme are none", func(t *testing.T) {
		const text = "http\u017f://example.org/"
		if diff := cmp.Diff(markup.Links(text), []markup.Part{{Text: text}}); diff != "" {
			t.Errorf("(-got +want):\n%s", diff)
		}
	})
}

func FuzzLinks(f *testing.F) {
	for _, c := range golden(f) {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var joined strings.Builder
		for _, p := range markup.Links(text) {
			joined.WriteString(p.Text)
			if p.Text == "" {
				t.Errorf("Links(%q) has an empty part", text)
			}
			if p.Href == "" {
				continue
			}
			if p.Href != p.Text {
				t.Errorf("Links(%q) leads to %q under the text %q", text, p.Href, p.Text)
			}
			scheme, _, _ := strings.Cut(strings.ToLower(p.Href), ":")
			if scheme != "http" && scheme != "https" {
				t.Errorf("Links(%q) makes a link to %q", text, p.Href)
			}
			if u, err := url.Parse(p.Href); err == nil && u.User != nil {
				t.Errorf("Links(%q) makes a link that hides its host: %q", text, p.Href)
			}
			if strings.ContainsAny(p.Href, "<>\"` \n\t") {
				t.Errorf("Links(%q) makes a link with %q in it", text, p.Href)
			}
		}
		if joined.String() != text {
			t.Errorf("the parts of %q join to %q", text, joined.String())
		}
	})
}
