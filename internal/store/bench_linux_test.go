package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store"
)

// BenchmarkPost is the way of a message through the store: people post at once into 100 rooms, each message durable before
// the next of the same person, with keys that grow with time or that are random. It tells how many are stored in a second, and
// the processor time of one. Run it with GOMAXPROCS=1 too: that is where batches collapse first.
func BenchmarkPost(b *testing.B) {
	for _, people := range []int{1, 16, 256} {
		for name, key := range map[string]func(n int64) string{
			"ordered": func(n int64) string { return fmt.Sprintf("01JD3F0M3S8Q4R6T8V%010d", n) },
			"random":  func(int64) string { return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) },
		} {
			b.Run(fmt.Sprintf("people=%d/keys=%s", people, name), func(b *testing.B) { benchmarkPost(b, 100, people, key) })
		}
	}
}

func benchmarkPost(b *testing.B, rooms, people int, key func(n int64) string) {
	s := start(b, store.Config{})
	ids, by := populate(b, s, rooms, people)
	var next, left atomic.Int64
	left.Store(int64(b.N))
	ended := make(chan struct{})
	var say func(by chat.Person)
	say = func(by chat.Person) {
		n := next.Add(1)
		if n > int64(b.N) {
			return
		}
		m := &chat.Message{
			Room: ids[rand.IntN(rooms)], By: by.ID, Key: key(n), At: 1790000000000 + n,
			Text: "A message of about the length that people write to each other.",
		}
		s.Submit(context.Background(), func(tx chat.Tx) error { return post(tx, m, by) }, func(err error) {
			if err != nil {
				b.Error(err)
			}
			if left.Add(-1) == 0 {
				close(ended)
			}
			say(by)
		})
	}
	b.ReportAllocs()
	before := processorTime()
	b.ResetTimer()
	for _, p := range by {
		say(p)
	}
	<-ended
	b.StopTimer()
	b.ReportMetric(float64((processorTime()-before).Nanoseconds())/1000/float64(b.N), "CPU-µs/post")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}

// populate makes rooms and people who are members of all of them.
func populate(t testing.TB, s chat.Store, rooms, people int) (ids []chat.RoomID, by []chat.Person) {
	for i := range rooms {
		write(t, s, func(tx chat.Tx) error { ids = append(ids, newRoom(tx, fmt.Sprintf("room %d", i)).ID); return nil })
	}
	for i := range people {
		write(t, s, func(tx chat.Tx) error {
			u := newUser(tx, fmt.Sprintf("user %d", i))
			by = append(by, chat.Person{ID: u.ID, Name: u.Name})
			for _, room := range ids {
				join(tx, room, u.ID)
			}
			return nil
		})
	}
	return ids, by
}

// processorTime is how long this process has had a processor.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
