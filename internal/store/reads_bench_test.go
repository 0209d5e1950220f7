package store_test

import (
	"context"
	"fmt"
	"testing"

	"parley/internal/chat"
	"parley/internal/store"
)

// BenchmarkHello is what is read for everybody who connects: a person in 200 rooms, in each of which others wrote more than is
// counted, or in each of which so much is gone again that has not been read.
func BenchmarkHello(b *testing.B) {
	for name, deleted := range map[string]int{"99+ in each": 0, "1,000 deleted in each": 1000} {
		b.Run(name, func(b *testing.B) {
			s := start(b, store.Config{})
			ana := busyRooms(b, s, 200, deleted)
			rooms := &chat.Rooms{Store: s, Limits: chat.DefaultLimits}
			b.ResetTimer()
			for b.Loop() {
				hello, err := rooms.Hello(context.Background(), chat.Actor{User: ana.ID})
				if err != nil || len(hello.Me.Rooms) != 200 || hello.Me.Rooms[7].Unread != chat.UnreadLimit {
					b.Fatal(hello.Me, err)
				}
			}
		})
	}
}

// busyRooms makes rooms that ana is in, with messages of ben that she has not read.
func busyRooms(b *testing.B, s chat.Store, rooms, deleted int) (ana chat.User) {
	var ben chat.User
	write(b, s, func(tx chat.Tx) error {
		ana, ben = newUser(tx, "ana"), newUser(tx, "ben")
		return nil
	})
	for i := range rooms {
		write(b, s, func(tx chat.Tx) error {
			room := newRoom(tx, fmt.Sprint("room ", i))
			join(tx, room.ID, ana.ID)
			for range deleted {
				m := say(tx, room.ID, ben, "gone")
				m.Deleted = true
				must(tx.UpdateMessage(&m))
			}
			for range 150 {
				say(tx, room.ID, ben, "A message of about the length that people write to each other.")
			}
			return nil
		})
	}
	return ana
}

// BenchmarkMark is a read position that moves in a room with more than is counted above it.
func BenchmarkMark(b *testing.B) {
	s := start(b, store.Config{})
	ana := busyRooms(b, s, 1, 0)
	rooms := &chat.Rooms{Store: s, Limits: chat.DefaultLimits}
	n := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		n++
		if _, err := rooms.Mark(context.Background(), chat.Actor{User: ana.ID}, "room 0", n%40); err != nil {
			b.Fatal(err)
		}
	}
}
