package chat_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// TestMentions holds whom a text names to the golden file that the browser's side reads too.
func TestMentions(t *testing.T) {
	text, err := os.ReadFile("testdata/mentions.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Members map[string]chat.UserID
		Cases   []struct {
			Name, Text string
			Mentions   []chat.UserID
		}
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	for _, c := range golden.Cases {
		t.Run(c.Name, func(t *testing.T) {
			got, err := chat.Mentioned(c.Text, golden.Members)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]chat.UserID{}, got...), c.Mentions); diff != "" {
				t.Errorf("%q (-got +want):\n%s", c.Text, diff)
			}
		})
	}
	t.Run("a text made to be looked at for long is not", func(t *testing.T) {
		begun := time.Now()
		for _, text := range []string{strings.Repeat("@", 8<<10), strings.Repeat("@a ", 2700), strings.Repeat("@小", 2000), strings.Repeat("@.-", 2700), "@" + strings.Repeat("́", 4000)} {
			if _, err := chat.Mentioned(text, golden.Members); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func BenchmarkMentions(b *testing.B) {
	members := map[string]chat.UserID{"ana": 1, "Ana Maria": 2}
	for name, text := range map[string]string{
		"nobody":            "Has anyone seen the keys to the garden?",
		"one":               "@Ana Maria, have you seen the keys to the garden?",
		"as many as can be": strings.Repeat("@a b c d ", 900),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := chat.Mentioned(text, members); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
