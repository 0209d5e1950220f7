package socket_test

import (
	"bytes"
	"compress/flate"
	"fmt"
	"testing"

	"parley/internal/socket"
)

// BenchmarkDeflate is what permessage-deflate (RFC 7692) would save and cost; see docs/decisions/0002-no-compression.md. A frame that is shared by
// all readers can only be compressed by itself, without the context of the frames before it; with the context, each
// connection compresses each frame again and keeps the window.
func BenchmarkDeflate(b *testing.B) {
	for _, text := range []string{
		"hello", "Has anybody seen the key to the archive? I left it on the desk yesterday evening.",
		"The second paragraph says that every reader stands at a version and asks for what came after it. From that one idea the rest " +
			"follows: nothing is queued, nothing is told twice, and a page that slept catches up by itself, whatever happened meanwhile.",
	} {
		frames := make([][]byte, 64)
		for i := range frames {
			frames[i] = fmt.Appendf(nil, `{"room":"r7","version":%d,"message":{"number":%d,"by":"u%d","key":"01JD3F0M3S8Q4R6T8V0X2Z%04d","at":17900000%05d,"text":"%s"}}`,
				4200+i, 1700+i, 7+i*31%90, i*7919%10000, i*13, text)
		}
		size := len(frames[0])
		b.Run(fmt.Sprintf("plain/%dB", size), func(b *testing.B) {
			var out []byte
			for i := 0; b.Loop(); i++ {
				out = socket.AppendText(out[:0], func(dst []byte) []byte { return append(dst, frames[i%len(frames)]...) })
			}
		})
		for _, context := range []bool{false, true} {
			name := "once for all readers"
			if context {
				name = "for each reader, with context"
			}
			b.Run(fmt.Sprintf("%s/%dB", name, size), func(b *testing.B) {
				var out bytes.Buffer
				w, err := flate.NewWriter(&out, flate.BestSpeed)
				if err != nil {
					b.Fatal(err)
				}
				total, n := 0, 0
				for i := 0; b.Loop(); i++ {
					out.Reset()
					if !context {
						w.Reset(&out)
					}
					_, _ = w.Write(frames[i%len(frames)]) // to memory
					_ = w.Flush()
					total += out.Len() - 4 // the empty block at the end is left out
					n++
				}
				b.ReportMetric(float64(total)/float64(n), "B/frame")
				b.ReportMetric(100*float64(total)/float64(n)/float64(size), "%")
			})
		}
		b.Run(fmt.Sprintf("a writer's memory/%dB", size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w, err := flate.NewWriter(&bytes.Buffer{}, flate.BestSpeed)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = w.Write(frames[0])
				_ = w.Flush()
			}
		})
	}
}
