package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"parley/internal/chat"
	"parley/internal/store"
)

// crashPath is the environment variable that makes the test binary a child that posts into that file until it is killed.
const crashPath = "PARLEY_STORE_CRASH"

// postUntilKilled posts from several goroutines into several rooms and prints each acknowledged post as
// "room number version key".
func postUntilKilled(path string) int {
	s, err := store.Open(context.Background(), store.Config{Path: path})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	go s.Run(context.Background())
	var users []chat.User
	var rooms []chat.Room
	must(s.Write(context.Background(), func(tx chat.Tx) error {
		for i := range 3 {
			rooms = append(rooms, newRoom(tx, fmt.Sprintf("room %d of %d", i, os.Getpid())))
		}
		for i := range 8 {
			users = append(users, newUser(tx, fmt.Sprintf("user %d of %d", i, os.Getpid())))
		}
		return nil
	}))
	var wg sync.WaitGroup
	for i, u := range users {
		wg.Go(func() {
			for n := 0; ; n++ {
				m := chat.Message{Room: rooms[(i+n)%3].ID, By: u.ID, Key: fmt.Sprint(n), Text: fmt.Sprint("text ", n)}
				must(s.Write(context.Background(), func(tx chat.Tx) error { return post(tx, &m, chat.Person{ID: u.ID}) }))
				fmt.Printf("%d %d %d %d %d\n", m.Room, m.Number, m.Version, m.By, n)
			}
		})
	}
	wg.Wait()
	return 0
}

func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	type acknowledged struct {
		room            chat.RoomID
		number, version int64
		by              chat.UserID
		n               int
	}
	var all []acknowledged
	for round := range 3 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), crashPath+"="+path)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		before := len(all)
		for lines.Scan() {
			var a acknowledged
			if _, err := fmt.Sscan(lines.Text(), &a.room, &a.number, &a.version, &a.by, &a.n); err != nil {
				break // the line that the kill cut off
			}
			all = append(all, a)
			if len(all) == before+700+100*round {
				if err := child.Process.Kill(); err != nil { // SIGKILL
					t.Fatal(err)
				}
			}
		}
		_ = child.Wait()
		if got := len(all) - before; got < 700 {
			t.Fatalf("the child ended by itself after %d posts", got)
		}
	}
	s := start(t, store.Config{Path: path})
	rooms := map[chat.RoomID]bool{}
	t.Run("every acknowledged post is there, with its receipt", func(t *testing.T) {
		for some := range slices.Chunk(all, 100) { // a read may only take so long
			read(t, s, func(s chat.Snapshot) {
				for _, a := range some {
					rooms[a.room] = true
					m := have(s.Message(a.room, a.number))
					if m.Version != a.version || m.By != a.by || m.Text != fmt.Sprint("text ", a.n) {
						t.Fatalf("got %+v, want what was acknowledged as %+v", m, a)
					}
					if got := have(s.Receipt(a.by, fmt.Sprint(a.n))); got.Number != a.number || got.Room != a.room {
						t.Fatalf("got receipt %+v, want one of %+v", got, a)
					}
				}
			})
		}
	})
	t.Run("numbers and versions have no gap", func(t *testing.T) {
		read(t, s, func(s chat.Snapshot) {
			for id := range rooms {
				room := have(s.Room(id))
				changes, _, err := s.Changes(id, 0, 1_000_000)
				must(err)
				if got := int64(len(changes)); got != room.Version {
					t.Errorf("%s has %d changes and is at version %d", id, got, room.Version)
				}
				number := int64(0)
				for i, c := range changes {
					if c.Version != int64(i+1) {
						t.Fatalf("%s: change %d has version %d", id, i+1, c.Version)
					}
					if c.Message == nil {
						continue
					}
					if number++; c.Message.Number != number {
						t.Fatalf("%s: message %d has number %d", id, number, c.Message.Number)
					}
				}
				if number != room.Messages {
					t.Errorf("%s has %d messages and counts %d", id, number, room.Messages)
				}
			}
		})
	})
	t.Run("the file is sound", func(t *testing.T) { sound(t, path) })
}
