package store_test

import (
	"context"
	"flag"
	"slices"
	"testing"
	"time"

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

// BenchmarkDeleteRoom deletes a room of half a million messages and purges it, while somebody posts elsewhere one message
// after the other. It reports how long the deletion took to answer, how long the purge took, and how long posts took.
func BenchmarkDeleteRoom(b *testing.B) {
	for b.Loop() {
		s := listed(b)
		if err := s.FillLists(b.Context(), *listRows); err != nil {
			b.Fatal(err)
		}
		var by chat.User
		var elsewhere chat.Room
		change(b, s, func(tx chat.Tx) error {
			by = addUser(tx, "olga")
			by.Kind, by.Role = chat.Account, chat.Owner
			elsewhere = addRoom(tx, "elsewhere")
			return tx.UpdateUser(by)
		})
		admin, rooms := &chat.Admin{Store: s, Limits: chat.DefaultLimits}, &chat.Rooms{Store: s, Limits: chat.DefaultLimits}
		actor := chat.Actor{User: by.ID}
		began := time.Now()
		if _, err := admin.DeleteRooms(b.Context(), actor, []chat.RoomID{1}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/delete")
		began = time.Now()
		purged := make(chan error, 1)
		go func() {
			for more := true; more; {
				var err error
				if more, err = admin.Sweep(context.Background()); err != nil {
					purged <- err
					return
				}
			}
			purged <- nil
		}()
		var posts []time.Duration
		for done := false; !done; {
			select {
			case err := <-purged:
				if err != nil {
					b.Fatal(err)
				}
				done = true
			default:
				before := time.Now()
				if _, err := rooms.Post(b.Context(), actor, elsewhere.ID.String(), chat.Draft{Text: "hi"}); err != nil {
					b.Fatal(err)
				}
				posts = append(posts, time.Since(before))
			}
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/purge")
		slices.Sort(posts)
		b.ReportMetric(float64(posts[len(posts)/2].Microseconds())/1000, "ms/post-median")
		b.ReportMetric(float64(posts[len(posts)*99/100].Microseconds())/1000, "ms/post-p99")
	}
}
