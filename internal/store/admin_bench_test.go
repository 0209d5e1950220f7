package store_test

import (
	"flag"
	"testing"

	"parley/internal/chat"
)

var listRows = flag.Int("rows", 1_000_000, "rows in each table of BenchmarkLists")

// BenchmarkLists reads pages of the lists of the admin site from tables of a million rows: at the beginning, in the
// middle, filtered, and searched for what is rare.
func BenchmarkLists(b *testing.B) {
	s := listed(b)
	if err := s.FillLists(b.Context(), *listRows); err != nil {
		b.Fatal(err)
	}
	messages := func(q chat.MessageQuery) func(chat.Snapshot) (chat.Cut, error) {
		return func(v chat.Snapshot) (chat.Cut, error) {
			list, err := v.MessageList(q)
			return list.Later, err
		}
	}
	users := func(q chat.UserQuery) func(chat.Snapshot) (chat.Cut, error) {
		return func(v chat.Snapshot) (chat.Cut, error) {
			list, err := v.UserList(q)
			return list.Later, err
		}
	}
	rooms := func(q chat.RoomQuery) func(chat.Snapshot) (chat.Cut, error) {
		return func(v chat.Snapshot) (chat.Cut, error) {
			list, err := v.RoomList(q)
			return list.Later, err
		}
	}
	middle := int64(*listRows / 2)
	for _, bc := range []struct {
		name string
		list func(chat.Snapshot) (chat.Cut, error)
	}{
		{"messages/newest", messages(chat.MessageQuery{Paging: chat.Paging{Descending: true}})},
		{"messages/room", messages(chat.MessageQuery{Room: 1, Paging: chat.Paging{Descending: true}})},
		{"messages/author", messages(chat.MessageQuery{Author: 7, Paging: chat.Paging{Descending: true}})},
		{"messages/dates", messages(chat.MessageQuery{From: middle, To: middle + 5000, Paging: chat.Paging{Descending: true}})},
		{"messages/by author", messages(chat.MessageQuery{Paging: chat.Paging{Sort: chat.SortAuthor}})},
		{"messages/search common", messages(chat.MessageQuery{Search: "people", Paging: chat.Paging{Descending: true}})},
		{"messages/search rare", messages(chat.MessageQuery{Search: "message 77 ", Paging: chat.Paging{Descending: true}})},
		{"users/by name", users(chat.UserQuery{Paging: chat.Paging{Sort: chat.SortName}})},
		{"users/by seen", users(chat.UserQuery{Paging: chat.Paging{Sort: chat.SortSeen, Descending: true}})},
		{"users/search rare", users(chat.UserQuery{Search: "er 77777"})},
		{"rooms/by messages", rooms(chat.RoomQuery{Paging: chat.Paging{Sort: chat.SortMessages, Descending: true}})},
		{"rooms/by name", rooms(chat.RoomQuery{Paging: chat.Paging{Sort: chat.SortName}})},
	} {
		b.Run(bc.name, func(b *testing.B) {
			for b.Loop() {
				look(b, s, func(v chat.Snapshot) error {
					_, err := bc.list(v)
					return err
				})
			}
		})
	}
	deep := chat.MessageQuery{Paging: chat.Paging{Descending: true, Limit: 1000}}
	look(b, s, func(v chat.Snapshot) error {
		for range 300 {
			list, err := v.MessageList(deep)
			if err != nil {
				return err
			}
			deep.After = list.Later
		}
		return nil
	})
	deep.Limit = 100
	b.Run("messages/300,000 back", func(b *testing.B) {
		for b.Loop() {
			look(b, s, func(v chat.Snapshot) error {
				_, err := v.MessageList(deep)
				return err
			})
		}
	})
}
