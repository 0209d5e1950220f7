package search_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/chat"
	"parley/internal/search"
)

// A model is what there is to be found: the texts by room and number.
type model struct {
	w     *world
	rand  *rand.Rand
	rooms map[string]map[int64]string
	made  int
}

var modelWords = []string{"ab", "b", "needle", "Nadel", "上海", "海", "東京", "мир", "Café", "cafe", "x7", "👍", "ß", "straße", "needles"}

func (m *model) text() string {
	words := make([]string, 1+m.rand.IntN(4))
	for i := range words {
		words[i] = modelWords[m.rand.IntN(len(modelWords))]
	}
	return strings.Join(words, []string{" ", "", "\n"}[m.rand.IntN(3)])
}

// any is a room that there is, and one of its messages, if it has one.
func (m *model) any() (room string, number int64) {
	rooms := slices.Sorted(maps.Keys(m.rooms))
	if len(rooms) == 0 {
		return "", 0
	}
	room = rooms[m.rand.IntN(len(rooms))]
	if numbers := slices.Sorted(maps.Keys(m.rooms[room])); len(numbers) > 0 {
		number = numbers[m.rand.IntN(len(numbers))]
	}
	return room, number
}

// step does one thing at random.
func (m *model) step() {
	room, number := m.any()
	switch n := m.rand.IntN(100); {
	case room == "" || n < 4:
		m.made++
		room = fmt.Sprint("room ", m.made)
		text := m.text()
		m.rooms[room] = map[int64]string{m.w.say(room, text): text}
	case n < 55:
		text := m.text()
		m.rooms[room][m.w.say(room, text)] = text
	case n < 70 && number > 0:
		m.rooms[room][number] = m.text()
		m.w.edit(room, number, m.rooms[room][number])
	case n < 80 && number > 0:
		delete(m.rooms[room], number)
		m.w.remove(room, number)
	case n < 82:
		m.deleteRoom(room)
	case n < 84:
		m.rename(room)
	case n < 92: // the index reads a little
		ctx, cancel := context.WithCancel(context.Background())
		_ = m.w.index.CatchUp(ctx, m.w.store, func(search.Progress) { cancel() })
		cancel()
	case n < 94:
		m.w.close()
		m.w.open()
		m.bound()
	case n < 96: // as after a kill: the files as they are, without the end of the program
		m.kill()
	default:
		m.look(false)
	}
}

func (m *model) bound() { m.w.index.Bound(1+m.rand.IntN(7), 1+m.rand.Int64N(50)) }

func (m *model) deleteRoom(name string) {
	room, err := m.w.rooms.Resolve(context.Background(), m.w.ana, name)
	check(m.w.t, err)
	_, err = m.w.admin.DeleteRooms(context.Background(), m.w.owner, []chat.RoomID{room.ID})
	check(m.w.t, err)
	delete(m.rooms, name)
	for m.rand.IntN(3) > 0 {
		if more, err := m.w.admin.Sweep(context.Background()); err != nil || !more {
			check(m.w.t, err)
			return
		}
	}
}

func (m *model) rename(name string) {
	room, err := m.w.rooms.Resolve(context.Background(), m.w.ana, name)
	check(m.w.t, err)
	m.made++
	next := fmt.Sprint("renamed ", m.made)
	_, err = m.w.admin.EditRoom(context.Background(), m.w.owner, room.ID, chat.RoomEdit{Version: room.InfoVersion, Name: next})
	check(m.w.t, err)
	m.rooms[next] = m.rooms[name]
	delete(m.rooms, name)
}

// kill has another index go on from the files as they are.
func (m *model) kill() {
	dir := m.w.t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		matches, _ := filepath.Glob(m.w.path() + suffix)
		for _, path := range matches {
			copyFile(m.w.t, path, filepath.Join(dir, "search.db"+suffix))
		}
	}
	check(m.w.t, m.w.index.Close())
	for _, suffix := range []string{"", "-wal"} {
		matches, _ := filepath.Glob(filepath.Join(dir, "search.db"+suffix))
		for _, path := range matches {
			copyFile(m.w.t, path, m.w.path()+suffix)
		}
	}
	m.w.stop()
	m.w.open()
	m.bound()
}

// look compares searches with the model. An index that lags may find less, and never what is not so.
func (m *model) look(caughtUp bool) {
	if p, _ := m.w.index.Progress(); p.Building && p.Done == 0 {
		check(m.w.t, m.w.index.CatchUp(context.Background(), m.w.store, nil)) // not opened yet
	}
	for range 4 {
		query := modelWords[m.rand.IntN(len(modelWords))]
		if m.rand.IntN(3) == 0 {
			query += " " + modelWords[m.rand.IntN(len(modelWords))]
		}
		room := ""
		if m.rand.IntN(2) == 0 {
			room, _ = m.any()
		}
		parsed, err := chat.ParseQuery(query)
		check(m.w.t, err)
		var want []string
		for name, messages := range m.rooms {
			for _, text := range messages {
				if (room == "" || room == name) && parsed.Match(text) {
					want = append(want, text)
				}
			}
		}
		slices.Sort(want)
		got := m.w.found(query, room)
		slices.Sort(got)
		if caughtUp && !slices.Equal(got, want) {
			m.w.t.Fatalf("search %q in %q: got %q, want %q", query, room, got, want)
		}
		for _, text := range got {
			if !slices.Contains(want, text) {
				m.w.t.Fatalf("search %q in %q: found %q, which is not so", query, room, text)
			}
		}
	}
}

// TestModel does many things at random and compares what is found with what there is.
func TestModel(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m := &model{w: newWorld(t), rand: rand.New(rand.NewPCG(seed, 1)), rooms: map[string]map[int64]string{}}
			m.bound()
			m.w.catchUp()
			for range 250 {
				m.step()
			}
			m.w.catchUp()
			m.look(true)
			m.look(true)
			m.w.audit()
		})
	}
}
