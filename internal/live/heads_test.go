package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/live"
)

var garden = chat.RoomLog(8)

// A watcher is ana's reader, who is in rooms 7 and 8, in a bubble of its own time where the logs run.
type watcher struct {
	*live.Reader
	t     *testing.T
	logs  *live.Logs
	mine  int64 // the version of ana's own log
	woken atomic.Int64
}

var ana = chat.Person{ID: 7, Name: "ana"}

// watching runs f in a bubble, with a reader of ana's that watches rooms 7 and 8 as of version 10 and number 3.
func watching(t *testing.T, f func(w *watcher)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		w := &watcher{t: t, logs: live.New(nil), mine: 1}
		go func() { _ = w.logs.Run(ctx) }()
		w.Reader = w.logs.Read(plain{}, live.Who{Person: ana}, func() { w.woken.Add(1) })
		w.Attach(chat.UserLog(ana.ID))
		w.Watch(live.Behind{}, at10)
		w.Place(chat.UserLog(ana.ID), 1, 0)
		f(w)
		w.Close()
	})
}

var at10 = []chat.Head{{Room: 7, Version: 10, Number: 3}, {Room: 8, Version: 10, Number: 3}}

// after lets time go by and is what the reader is given.
func (w *watcher) after(d time.Duration) string {
	w.t.Helper()
	select {
	case <-w.t.Context().Done():
	case <-time.After(d):
	}
	synctest.Wait()
	text, behind := drain(w.Reader)
	for _, b := range behind {
		text += fmt.Sprintf("[asks for %s]", b.Log)
	}
	return text
}

func (w *watcher) want(got, want string) {
	w.t.Helper()
	if diff := cmp.Diff(got, want); diff != "" {
		w.t.Errorf("(-got +want):\n%s", diff)
	}
}

func head(room, version, number int64) string {
	return fmt.Sprintf(`{"room":"r%d","head":{"version":%d,"number":%d}}`, room, version, number)
}

func saidIn(log chat.LogID, v, number int64) chat.Change {
	return chat.Change{Log: log, Version: v, Posted: true, Message: &chat.Message{Room: log.Room(), Number: number, Text: "hi"}}
}

// own is a change of ana's own log about room 7.
func (w *watcher) own(entry chat.RoomEntry) chat.Change {
	w.mine++
	entry.ID = 7
	return chat.Change{Log: chat.UserLog(ana.ID), Version: w.mine, Me: &chat.MeChange{Room: &entry}}
}

const moment = 3 * time.Second / 2 // more than a head is held back

func TestHeads(t *testing.T) {
	for name, f := range map[string]func(w *watcher){
		"a room that moves is told of, once, and a room that rests is not": func(w *watcher) {
			w.logs.Committed([]chat.Change{saidIn(lobby, 11, 4), saidIn(lobby, 12, 5)})
			w.want(w.after(moment), head(7, 12, 5))
			w.woken.Store(0)
			w.want(w.after(time.Hour), "")
			if n := w.woken.Load(); n != 0 {
				w.t.Errorf("woken %d times in an hour in which nothing happened", n)
			}
		},
		"at most once a second, and the last one is told": func(w *watcher) {
			told, last := 0, ""
			for i := range int64(100) {
				w.logs.Committed([]chat.Change{saidIn(lobby, 11+i, 4+i)})
				if got := w.after(50 * time.Millisecond); got != "" {
					told, last = told+1, got
				}
			}
			if told < 4 || told > 6 {
				w.t.Errorf("told %d times in 5 s", told)
			}
			if got := w.after(moment); got != "" {
				last = got
			}
			w.want(last, head(7, 110, 103))
		},
		"what is older than what the reader began with is not told": func(w *watcher) {
			w.Watch(live.Behind{}, []chat.Head{{Room: 9, Version: 20, Number: 9}})
			w.logs.Committed([]chat.Change{saidIn(chat.RoomLog(9), 20, 9)})
			w.want(w.after(moment), "")
		},
		"what was committed between reading the store and watching is told": func(w *watcher) {
			w.logs.Committed([]chat.Change{saidIn(chat.RoomLog(9), 5, 5)})
			w.Watch(live.Behind{}, []chat.Head{{Room: 9, Version: 4, Number: 4}})
			w.want(w.after(moment), head(9, 5, 5))
		},
		"a room that is open is not told of, and one that was closed is": func(w *watcher) {
			w.Attach(lobby)
			w.Place(lobby, 10, 0)
			w.logs.Committed([]chat.Change{saidIn(lobby, 11, 4)})
			if got := w.after(moment); strings.Contains(got, "head") || !strings.Contains(got, "v11 ") {
				w.t.Errorf("got %q", got)
			}
			w.Detach(lobby)
			w.want(w.after(moment), "")
			w.logs.Committed([]chat.Change{saidIn(lobby, 12, 5)})
			w.want(w.after(moment), head(7, 12, 5))
		},
		"what an open room had left to say when it was closed is told": func(w *watcher) {
			w.Attach(lobby)
			w.Place(lobby, 10, 0)
			w.logs.Committed([]chat.Change{saidIn(lobby, 11, 4)})
			w.Detach(lobby)
			w.want(w.after(moment), head(7, 11, 4))
		},
		"and so it is when it was told that the room moved while it was open": func(w *watcher) {
			w.Attach(lobby)
			w.Place(lobby, 10, 0)
			w.Attach(lobby) // to be opened anew
			w.logs.Committed([]chat.Change{saidIn(lobby, 11, 4)})
			w.want(w.after(moment), "")
			w.Detach(lobby)
			w.want(w.after(moment), head(7, 11, 4))
		},
		"who is removed hears nothing from that commit on": func(w *watcher) {
			w.logs.Committed([]chat.Change{
				saidIn(lobby, 11, 4),
				{Log: lobby, Version: 12, Member: &chat.Member{User: ana.ID}, Ends: true, Gone: ana.ID},
				w.own(chat.RoomEntry{Left: true}),
			})
			w.logs.Committed([]chat.Change{saidIn(lobby, 13, 5), saidIn(garden, 11, 4)})
			w.want(w.after(moment), "v2 "+head(8, 11, 4))
			w.want(w.after(time.Minute), "")
		},
		"what was read before a removal does not undo it": func(w *watcher) {
			w.logs.Committed([]chat.Change{w.own(chat.RoomEntry{Left: true})})
			w.Watch(live.Behind{}, at10)
			w.logs.Committed([]chat.Change{saidIn(lobby, 12, 4)})
			got := w.after(moment)
			w.want(got, "v2 [asks for "+live.Heads.String()+"]")
		},
		"a new room is asked for, and then told of": func(w *watcher) {
			w.Watch(live.Behind{}, at10[1:])
			w.logs.Committed([]chat.Change{w.own(chat.RoomEntry{Own: &chat.Own{}})})
			_, behind := drain(w.Reader)
			if len(behind) != 1 || behind[0].Log != live.Heads {
				w.t.Fatalf("got %v", behind)
			}
			w.Watch(behind[0], at10)
			w.logs.Committed([]chat.Change{saidIn(lobby, 11, 4)})
			w.want(w.after(moment), head(7, 11, 4))
		},
		"a read position of a room that is watched asks for nothing": func(w *watcher) {
			w.logs.Committed([]chat.Change{w.own(chat.RoomEntry{Own: &chat.Own{Read: 3}})})
			w.want(w.after(moment), "v2 ")
		},
		"other settings of the server have everything asked for anew, and nothing is told before": func(w *watcher) {
			drain(w.Reader)
			w.logs.Committed([]chat.Change{
				{Log: chat.ServerLog, Version: 2, Server: &chat.ServerChange{Settings: &chat.Settings{Lockdown: chat.MembersOnly}}, Ends: true},
				saidIn(lobby, 11, 4), saidIn(garden, 11, 4),
			})
			g := w.Gather(nil, 1<<20, nil)
			if len(g.Behind) != 1 || g.Behind[0].Log != live.Heads {
				w.t.Fatalf("got %v", g.Behind)
			}
			w.want(w.after(moment), "")
			w.Watch(g.Behind[0], at10[1:])
			w.want(w.after(moment), head(8, 11, 4))
		},
		"a deleted room is told of no more": func(w *watcher) {
			w.logs.Committed([]chat.Change{{Log: lobby, Version: 11, Info: &chat.RoomInfo{Deleted: true}}})
			w.want(w.after(time.Minute), "")
		},
		"a closed reader is told nothing": func(w *watcher) {
			w.Close()
			w.Watch(live.Behind{}, at10)
			w.logs.Committed([]chat.Change{saidIn(lobby, 11, 4)})
			w.want(w.after(moment), "")
		},
		"who tells them whole is told the heads of now": func(w *watcher) {
			w.logs.Committed([]chat.Change{saidIn(lobby, 11, 4)})
			w.after(moment)
			w.Attach(garden)
			w.want(string(must(json.Marshal(w.Heads()))), "["+head(7, 11, 4)+"]")
		},
	} {
		t.Run(name, func(t *testing.T) { watching(t, f) })
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestHeadGolden holds the value on the wire to its golden file, which docs/protocol.md shows.
func TestHeadGolden(t *testing.T) {
	want, err := os.ReadFile("../chat/testdata/wire/head.json")
	if err != nil {
		t.Fatal(err)
	}
	got := must(json.Marshal(&live.Value{Room: 8, Head: &live.Head{Version: 51, Number: 20}}))
	if diff := cmp.Diff(string(got), strings.TrimSpace(string(want))); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
}

// TestWatchedRoomsAreSmall has 1,000 readers watch 50 rooms each, and weighs that.
func TestWatchedRoomsAreSmall(t *testing.T) {
	const people, rooms = 1000, 50
	logs := live.New(nil)
	readers := make([]*live.Reader, people)
	for i := range readers {
		readers[i] = logs.Read(plain{}, live.Who{Person: chat.Person{ID: chat.UserID(i + 1)}}, nothing)
	}
	weigh := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := weigh()
	for i, r := range readers {
		heads := make([]chat.Head, rooms)
		for j := range heads {
			heads[j] = chat.Head{Room: chat.RoomID((i*7+j*11)%2000 + 1), Version: 1, Number: 1}
		}
		r.Watch(live.Behind{}, heads)
	}
	each := float64(weigh()-before) / people / rooms
	t.Logf("%.0f bytes for each room that a reader watches", each)
	if each > 96 {
		t.Errorf("got %.0f bytes for each room that a reader watches, want 96 at most", each)
	}
	for _, r := range readers {
		r.Close()
	}
	runtime.KeepAlive(readers)
}
