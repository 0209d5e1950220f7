package load_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/bench/load"
)

// stream is text frames as a server writes them, with payloads of these sizes.
func stream(t *testing.T, sizes ...int) (all []byte, payloads []string) {
	t.Helper()
	var b bytes.Buffer
	for i, size := range sizes {
		payload := strings.Repeat(string(rune('a'+i%26)), size)
		if err := ws.WriteFrame(&b, ws.NewTextFrame([]byte(payload))); err != nil {
			t.Fatal(err)
		}
		payloads = append(payloads, payload)
	}
	return b.Bytes(), payloads
}

func TestNext(t *testing.T) {
	t.Run("finds frames of every length of length", func(t *testing.T) {
		all, want := stream(t, 0, 1, 125, 126, 127, 65535, 65536, 70000)
		var got []string
		for len(all) > 0 {
			f, n, err := load.Next(all)
			if err != nil || n == 0 || f.Op != load.OpText {
				t.Fatalf("after %d frames: got opcode %d, size %d (%v)", len(got), f.Op, n, err)
			}
			got = append(got, string(f.Payload))
			all = all[n:]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})

	t.Run("waits for the whole of a frame wherever it is cut", func(t *testing.T) {
		for _, size := range []int{0, 5, 126, 300, 65536} {
			whole, _ := stream(t, size)
			for cut := range whole {
				if cut > 20 && cut < len(whole)-20 {
					continue
				}
				if _, n, err := load.Next(whole[:cut]); n != 0 || err != nil {
					t.Fatalf("%d of %d bytes: got a frame of %d (%v)", cut, len(whole), n, err)
				}
			}
		}
	})

	t.Run("refuses what a server must not send", func(t *testing.T) {
		for name, b := range map[string][]byte{
			"masked":       load.AppendFrame(nil, load.OpText, 1, []byte("x")),
			"begun":        {0x01, 1, 'x'},
			"continued":    {0x80, 1, 'x'},
			"without end":  {0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 0},
			"very, very":   {0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0},
			"masked empty": {0x81, 0x80},
		} {
			if _, n, err := load.Next(b); err == nil {
				t.Errorf("%s: got a frame of %d", name, n)
			}
		}
	})
}

func TestAppendFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		payload := bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, rapid.SampledFrom([]int{0, 1, 125, 126, 65535, 65536}).Draw(t, "size"))
		mask := rapid.Uint32().Draw(t, "mask")
		rest := bytes.NewReader(load.AppendFrame(nil, load.OpText, mask, payload))
		header, err := ws.ReadHeader(rest)
		if err != nil {
			t.Fatal(err)
		}
		if !header.Masked || !header.Fin || header.OpCode != ws.OpText || header.Length != int64(rest.Len()) {
			t.Fatalf("got the header %+v before %d bytes", header, rest.Len())
		}
		got, err := io.ReadAll(rest)
		if err != nil {
			t.Fatal(err)
		}
		if ws.Cipher(got, header.Mask, 0); !bytes.Equal(got, payload) {
			t.Fatalf("got %d bytes, want %d, or others", len(got), len(payload))
		}
	})
}

func TestKeys(t *testing.T) {
	t.Run("reading is the inverse of writing", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			want := load.Key{By: rapid.IntRange(0, 1<<29).Draw(t, "by"), Seq: rapid.IntRange(0, 1<<49).Draw(t, "seq")}
			text := load.AppendKey(nil, rapid.Int64Range(0, 1<<48).Draw(t, "ms"), want)
			if got, ok := load.ParseKey(text); !ok || got != want || len(text) != 26 {
				t.Fatalf("%s: got %+v %t, want %+v", text, got, ok, want)
			}
		})
	})

	t.Run("others are none", func(t *testing.T) {
		for _, text := range []string{"", "01JD3F0M3S8Q4R6T8V0X2Z4B6", "01JD3F0M3S8Q4R6T8V0X2Z4B6DX", "01JD3F0M3S8Q4R6T8V0X2Z4B6I", "01jd3f0m3s8q4r6t8v0x2z4b6d"} {
			if got, ok := load.ParseKey(text); ok {
				t.Errorf("%q: got %+v", text, got)
			}
		}
	})

	t.Run("grow with time", func(t *testing.T) {
		early := load.AppendKey(nil, 1_790_000_000_000, load.Key{By: 9, Seq: 9})
		late := load.AppendKey(nil, 1_790_000_000_001, load.Key{})
		if string(early) >= string(late) {
			t.Errorf("got %s before %s", early, late)
		}
	})

	t.Run("a post's word is its own", func(t *testing.T) {
		seen := map[string]load.Key{}
		for by := range 100 {
			for seq := range 1000 {
				k := load.Key{By: by, Seq: seq}
				word := string(load.AppendWord(nil, k))
				if other, ok := seen[word]; ok || len(word) != 8 || strings.ToLower(word) != word {
					t.Fatalf("%+v has the word %q, like %+v", k, word, other)
				}
				seen[word] = k
			}
		}
	})
}

func TestWaits(t *testing.T) {
	t.Run("shares are exact to a sixteenth", func(t *testing.T) {
		var w load.Waits
		for us := 1; us <= 100_000; us++ {
			w.Add(time.Duration(us) * time.Microsecond)
		}
		for _, share := range []float64{0.01, 0.5, 0.9, 0.99} {
			want := time.Duration(share * 100_000 * float64(time.Microsecond))
			if got := w.At(share); got < want || float64(got) > float64(want)*17/16 {
				t.Errorf("%v: got %s, want %s or a sixteenth more", share, got, want)
			}
		}
		if got := w.At(1); got < 100*time.Millisecond || got > 107*time.Millisecond {
			t.Errorf("the longest: got %s", got)
		}
	})

	t.Run("one long wait among a hundred is the last hundredth", func(t *testing.T) {
		var w load.Waits
		for range 99 {
			w.Add(3 * time.Microsecond)
		}
		w.Add(time.Second)
		if got := fmt.Sprint(w.At(0.5), w.At(0.98), w.At(1) >= time.Second, w.Total()); got != "3µs 3µs true 100" {
			t.Errorf("got %s", got)
		}
	})

	t.Run("of nothing there is none", func(t *testing.T) {
		if got := new(load.Waits).At(0.99); got != 0 {
			t.Errorf("got %s", got)
		}
	})
}
