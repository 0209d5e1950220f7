package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/internal/chat"
)

// A talker makes texts of about 66 bytes whose words are as unevenly frequent as those of a language.
type talker struct {
	rand  *rand.Rand
	words []string
	zipf  *rand.Zipf
}

func newTalker(seed uint64) *talker {
	r := rand.New(rand.NewPCG(seed, 0))
	t := &talker{rand: r, zipf: rand.NewZipf(r, 1.1, 3, 19_999)}
	for range 20_000 {
		word := make([]byte, 2+r.IntN(8))
		for i := range word {
			word[i] = "etaoinshrdlucmfwypvbgkjqxz"[min(25, int(r.ExpFloat64()*6))]
		}
		t.words = append(t.words, string(word))
	}
	return t
}

func (t *talker) text() string {
	words := make([]string, 4+t.rand.IntN(14))
	for i := range words {
		words[i] = t.words[t.zipf.Uint64()]
	}
	return strings.Join(words, " ")
}

// fill posts n texts into rooms, half of them into the first.
func (w *world) fill(n, rooms int, talker *talker) {
	w.t.Helper()
	var ids []chat.RoomID
	for i := range rooms {
		joined, err := w.rooms.Join(context.Background(), w.ana, fmt.Sprintf("room %d", i))
		check(w.t, err)
		ids = append(ids, joined.Room)
	}
	for n > 0 {
		piece := min(n, 500)
		n -= piece
		check(w.t, w.store.Write(context.Background(), func(tx chat.Tx) error {
			for range piece {
				room := ids[max(0, talker.rand.IntN(2*rooms)-rooms)]
				m := chat.Message{Room: room, By: w.ana.User, At: chat.Millis(tx.Now()), Text: talker.text()}
				if err := tx.InsertMessage(&m, chat.Person{ID: w.ana.User, Name: "ana"}); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkCatchUp tells what a message costs from the store into the index, in processor time.
func BenchmarkCatchUp(b *testing.B) {
	w := newWorld(b)
	talker := newTalker(1)
	w.catchUp()
	for b.Loop() {
		b.StopTimer()
		w.fill(20_000, 100, talker)
		b.StartTimer()
		used := processorTime()
		w.catchUp()
		b.ReportMetric(float64((processorTime()-used).Microseconds())/20_000, "cpu-µs/message")
	}
}

// BenchmarkSearch tells how long a page of hits takes, in the median and at worst. PARLEY_SEARCH_MESSAGES says of how many
// messages, 50,000 if it is not set.
func BenchmarkSearch(b *testing.B) {
	n := 50_000
	if set, err := strconv.Atoi(os.Getenv("PARLEY_SEARCH_MESSAGES")); err == nil {
		n = set
	}
	w := newWorld(b)
	talker := newTalker(1)
	w.say("room 0", "我家在上海东边。 q# zqj")
	w.fill(n, 100, talker)
	began, used := time.Now(), processorTime()
	w.catchUp()
	b.Logf("%d messages indexed in %s, %s of a processor", n, time.Since(began), processorTime()-used)
	for _, q := range []chat.Search{
		{Query: "e"},
		{Query: "th"},
		{Query: "zq"},
		{Query: "q#"},
		{Query: "海"},
		{Query: "上海"},
		{Query: "zqj"},
		{Query: talker.words[0]},
		{Query: talker.words[5000]},
		{Query: talker.words[0] + " " + talker.words[1]},
		{Query: talker.words[100] + " " + talker.words[200]},
		{Query: `"` + talker.words[100] + " " + talker.words[200] + `"`},
		{Query: "e", Room: "room 7"},
		{Query: "上海", Room: "room 7"},
		{Query: talker.words[3], Room: "room 0"},
		{Query: "no such thing"},
	} {
		b.Run(q.Query+" in "+q.Room, func(b *testing.B) {
			var times []time.Duration
			hits, unfinished := 0, 0
			for b.Loop() {
				began := time.Now()
				found, err := w.finder.Search(context.Background(), w.ana, q)
				check(b, err)
				times = append(times, time.Since(began))
				if hits = len(found.Hits); found.More && hits < 50 {
					unfinished++
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(hits), "hits")
			b.ReportMetric(float64(unfinished), "unfinished")
			b.ReportMetric(0, "ns/op")
		})
	}
}
