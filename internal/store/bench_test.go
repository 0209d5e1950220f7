package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/chat"
	"parley/internal/store"
)

// BenchmarkPost is the way of a message through the store: 256 people post at once into 100 rooms, each message durable
// before the next of the same person. Run it with GOMAXPROCS=1 too: that is where batches collapse first.
func BenchmarkPost(b *testing.B) {
	for _, callers := range []int{1, 32, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := start(b, store.Config{})
			rooms := make([]chat.RoomID, 100)
			people := make([]chat.Person, callers)
			write(b, s, func(tx chat.Tx) error {
				for i := range rooms {
					rooms[i] = newRoom(tx, fmt.Sprintf("room %d", i)).ID
				}
				for i := range people {
					u := newUser(tx, fmt.Sprintf("user %d", i))
					people[i] = chat.Person{ID: u.ID, Name: u.Name}
					for _, room := range rooms {
						must(tx.PutMember(&chat.Member{Room: room, User: u.ID, Joined: true, At: 1}))
					}
				}
				return nil
			})
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for _, by := range people {
				wg.Go(func() {
					for {
						n := next.Add(1)
						if n > int64(b.N) {
							return
						}
						m := chat.Message{
							Room: rooms[n%int64(len(rooms))], By: by.ID, Key: fmt.Sprintf("01JD3F0M3S8Q4R6T8V0X%d", n), At: n,
							Text: "A message of about the length that people write to each other.",
						}
						if err := s.Write(context.Background(), func(tx chat.Tx) error { return post(tx, &m, by) }); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}

// post stores a message as the room's verb does: it looks at everything that decides, then stores.
func post(tx chat.Tx, m *chat.Message, by chat.Person) error {
	user, err := tx.User(m.By)
	if err != nil {
		return err
	}
	room, err := tx.Room(m.Room)
	if err != nil {
		return err
	}
	if err := chat.CanIn(user, chat.Speak, room); err != nil {
		return err
	}
	digest := sha256.Sum256([]byte(m.Text))
	switch receipt, err := tx.Receipt(m.By, m.Key); {
	case err == nil && receipt.Room == m.Room && string(receipt.Digest) == string(digest[:16]):
		m.Number, m.Version = receipt.Number, receipt.Version
		return nil
	case err == nil:
		return chat.Errorf(chat.KeyReused, "key", "That key has made another message.")
	case chat.KindOf(err) != chat.NotFound:
		return err
	}
	member, err := tx.Member(m.Room, m.By)
	if err != nil && chat.KindOf(err) != chat.NotFound {
		return err
	}
	if !member.Joined {
		member = chat.Member{Room: m.Room, User: m.By, Joined: true, At: m.At}
		if err := tx.PutMember(&member); err != nil {
			return err
		}
	}
	return tx.InsertMessage(m, by)
}
