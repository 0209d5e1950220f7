package ws_test

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"parley/internal/ws"
)

// FuzzQuick holds the quick way to the one truth: where it takes a frame, encoding/json makes the same of it.
func FuzzQuick(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"do":"post","room":"r7","key":"k","text":"hi"}`, ` { "id" : 12 , "do":"open", "room":"😀 a" } `, `{}`,
		`{"id":1,"id":2}`, `{"id":01}`, `{"id":1.5}`, `{"id":-1}`, `{"id":1e3}`, `{"id":9223372036854775808}`, `{"id":0}`, `{"Id":1}`,
		`{"do":"a","do":"b"}`, `{"text":"a\nb"}`, "{\"text\":\"a\nb\"}", `{"room":""}`, `{"room":null}`, `{"text":"a","text":"b"}`,
		`{"id":1}x`, `{"id":1},`, `{"id":1,}`, `[]`, `{"id":1`, `{"id"1}`, `{"number":5}`, `{"do":""}`, `{"key":"` + "\x7f" + `"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("a frame is valid UTF-8")
		}
		quick, taken, slow, err := ws.BothWays(text)
		if !taken {
			return
		}
		if err != nil {
			t.Fatalf("took %q, which is no good: %v", text, err)
		}
		if diff := cmp.Diff(quick, slow); diff != "" {
			t.Errorf("%q (-quick +encoding/json):\n%s", text, diff)
		}
	})
}

func TestQuickTakesAPost(t *testing.T) {
	if _, taken, _, _ := ws.BothWays(`{"id":7,"do":"post","room":"r12","key":"01J9-x","text":"Grüße, 上海!"}`); !taken {
		t.Error("a usual post goes the slow way")
	}
}

func BenchmarkDecode(b *testing.B) {
	post := []byte(`{"id":7,"do":"post","room":"r12","key":"01JABCDEFGHJKMNPQRSTVWXYZ0","text":"Has anyone seen the keys to the garden?"}`)
	b.Run("quick", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ws.Decode(post)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ws.DecodeSlowly(post)
		}
	})
}
