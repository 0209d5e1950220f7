package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/chat"
	"parley/internal/live"
)

// plain writes a change as "v12 " and a value as its JSON.
type plain struct{}

func (plain) AppendChange(dst []byte, c *chat.Change) []byte {
	return fmt.Appendf(dst, "%s ", version(c.Version))
}

func (plain) AppendValue(dst []byte, v *live.Value) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return append(dst, text...)
}

// posts writes only what was posted, as "#3 ".
type posts struct{}

func (posts) AppendChange(dst []byte, c *chat.Change) []byte {
	if !c.Posted {
		return dst
	}
	return fmt.Appendf(dst, "#%d ", c.Message.Number)
}

func (posts) AppendValue(dst []byte, _ *live.Value) []byte { return dst }

func version(v int64) string { return fmt.Sprintf("v%d", v) }

const room = chat.RoomID(7)

var lobby = chat.RoomLog(room)

func said(v, number int64, text string) chat.Change {
	return chat.Change{Log: lobby, Version: v, Posted: true, Message: &chat.Message{Room: room, Number: number, Text: text}}
}

func nothing() {}

// drain gathers everything there is as text.
func drain(r *live.Reader) (text string, behind []live.Behind) {
	for {
		g := r.Gather(nil, 1, nil)
		for _, part := range g.Parts {
			text += string(part)
		}
		behind = append(behind, g.Behind...)
		if !g.More {
			return text, behind
		}
	}
}

// TestCursorEqualsSlice holds the law of cursors: whatever is committed, attached, gathered, suspended and resumed in
// whatever order, a reader is given exactly what lies after its place, each version once, in order.
func TestCursorEqualsSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Now()
		logs := live.New(func() time.Time { return now })
		keep := logs.Read(plain{}, live.Who{}, nothing) // keeps the tail awake
		keep.Attach(lobby)
		head, number := int64(0), int64(0)
		type model struct {
			reader *live.Reader
			at     int64 // what it has been given, by the model
			placed bool
		}
		var readers []*model
		text := strings.Repeat("x", rapid.SampledFrom([]int{1, 300, 8 << 10}).Draw(t, "size"))
		t.Repeat(map[string]func(*rapid.T){
			"commit": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "seconds")) * time.Second)
				var batch []chat.Change
				for range rapid.IntRange(1, 300).Draw(t, "changes") {
					head, number = head+1, number+1
					batch = append(batch, said(head, number, text))
				}
				logs.Committed(batch)
			},
			"attach": func(t *rapid.T) {
				r := logs.Read(plain{}, live.Who{}, nothing)
				r.Attach(lobby)
				at := rapid.Int64Range(0, head).Draw(t, "at")
				r.Place(lobby, at, 0)
				readers = append(readers, &model{r, at, true})
			},
			"attach again": func(t *rapid.T) {
				if len(readers) == 0 {
					t.Skip()
				}
				m := rapid.SampledFrom(readers).Draw(t, "reader")
				m.reader.Attach(lobby)
				if text, _ := drain(m.reader); text != "" {
					t.Fatalf("a suspended cursor gave %q", text)
				}
				m.at = rapid.Int64Range(0, head).Draw(t, "at")
				m.reader.Place(lobby, m.at, 0)
			},
			"gather": func(t *rapid.T) {
				if len(readers) == 0 {
					t.Skip()
				}
				m := rapid.SampledFrom(readers).Draw(t, "reader")
				got, behind := drain(m.reader)
				var want strings.Builder
				if len(behind) == 0 {
					for ; m.at < head; m.at++ {
						fmt.Fprintf(&want, "%s ", version(m.at+1))
					}
				}
				if got != want.String() {
					t.Fatalf("got %.200q, want %.200q", got, want.String())
				}
				for _, b := range behind {
					if b.At != m.at || b.Log != lobby {
						t.Fatalf("behind at %d of %s, want %d", b.At, b.Log, m.at)
					}
					// The store gives everything up to some version that was committed.
					to := rapid.Int64Range(m.at, head).Draw(t, "to")
					if !m.reader.Resume(b, to, 0, nothing) {
						t.Fatal("the cursor could not be resumed")
					}
					if m.reader.Resume(b, to, 0, nothing) {
						t.Fatal("the cursor was resumed twice")
					}
					m.at = to
				}
			},
		})
	})
}

func TestTail(t *testing.T) {
	t.Run("is forgotten when its last reader leaves", func(t *testing.T) {
		logs := live.New(nil)
		a, b := logs.Read(plain{}, live.Who{}, nothing), logs.Read(plain{}, live.Who{}, nothing)
		a.Attach(lobby)
		b.Attach(lobby)
		a.Detach(lobby)
		if got := logs.Awake(); got != 1 {
			t.Errorf("got %d logs awake, want 1", got)
		}
		b.Close()
		if got := logs.Awake(); got != 0 {
			t.Errorf("got %d logs awake, want 0", got)
		}
		b.Attach(lobby)
		if got := logs.Awake(); got != 0 {
			t.Errorf("a closed reader woke a log")
		}
	})
	t.Run("holds much while it is young", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			logs := live.New(nil)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = logs.Run(ctx)
			}()
			text := strings.Repeat("x", 8<<10)
			read := func() *live.Reader {
				r := logs.Read(plain{}, live.Who{}, nothing)
				r.Attach(lobby)
				r.Place(lobby, 0, 0)
				return r
			}
			moment, late, later := read(), read(), read()
			head := int64(0)
			post := func(n int) {
				for range n {
					head++
					logs.Committed([]chat.Change{said(head, head, text)})
				}
			}
			post(1000) // 8 MB
			if _, behind := drain(moment); len(behind) != 0 {
				t.Error("a reader that was a moment behind is off the tail")
			}
			time.Sleep(6 * time.Second)
			synctest.Wait()
			if _, behind := drain(late); len(behind) != 1 {
				t.Error("the tail still holds 8 MB when they are old")
			}
			post(3000) // 24 MB
			if _, behind := drain(later); len(behind) != 1 {
				t.Error("the tail holds 24 MB")
			}
			if _, behind := drain(moment); len(behind) != 1 {
				t.Error("the tail holds 24 MB")
			}
			for _, r := range []*live.Reader{moment, late, later} {
				r.Close()
			}
			cancel()
			<-ended
		})
	})
	t.Run("is begun anew after a change that is not the next", func(t *testing.T) {
		logs := live.New(nil)
		r := logs.Read(plain{}, live.Who{}, nothing)
		r.Attach(lobby)
		r.Place(lobby, 0, 0)
		logs.Committed([]chat.Change{said(1, 1, "a"), said(5, 5, "e")})
		got, behind := drain(r)
		if got != "" || len(behind) != 1 || behind[0].At != 0 {
			t.Errorf("got %q and %d behind, want the store to be asked from 0", got, len(behind))
		}
	})
	t.Run("takes a change that it has already as nothing", func(t *testing.T) {
		logs := live.New(nil)
		r := logs.Read(plain{}, live.Who{}, nothing)
		r.Attach(lobby)
		r.Place(lobby, 0, 0)
		logs.Committed([]chat.Change{said(1, 1, "a"), said(2, 2, "b"), said(2, 2, "b"), said(1, 1, "a"), said(3, 3, "c"), said(3, 3, "c")})
		if got, behind := drain(r); got != "v1 v2 v3 " || len(behind) != 0 {
			t.Errorf("got %q and %d behind, want v1 v2 v3", got, len(behind))
		}
	})
	t.Run("does not resume a cursor that was attached anew", func(t *testing.T) {
		logs := live.New(nil)
		r := logs.Read(plain{}, live.Who{}, nothing)
		r.Attach(lobby)
		r.Place(lobby, 0, 0)
		logs.Committed([]chat.Change{said(1, 1, "a"), said(5, 5, "e")})
		_, behind := drain(r)
		r.Attach(lobby)
		if r.Resume(behind[0], 4, 0, func() { t.Error("sent what belongs to the cursor of before") }) {
			t.Error("the cursor was resumed where it stood before")
		}
		r.Detach(lobby)
		if r.Resume(behind[0], 4, 0, nothing) {
			t.Error("a detached cursor was resumed")
		}
	})
	t.Run("keeps the newest number for readers of new messages", func(t *testing.T) {
		logs := live.New(nil)
		r := logs.Read(posts{}, live.Who{}, nothing)
		r.Attach(lobby)
		r.Place(lobby, 0, 0)
		edit := said(2, 1, "a2")
		edit.Posted = false
		logs.Committed([]chat.Change{said(1, 1, "a"), edit, said(3, 2, "b")})
		if got, _ := drain(r); got != "#1 #2 " {
			t.Errorf("got %q, want #1 #2", got)
		}
		big := strings.Repeat("x", 60<<10)
		for v := int64(4); v < 400; v++ {
			logs.Committed([]chat.Change{said(v, v-1, big)})
		}
		_, behind := drain(r)
		if len(behind) != 1 || behind[0].At != 3 || behind[0].Number != 2 {
			t.Errorf("got %+v, want a cursor behind at version 3, number 2", behind)
		}
	})
	t.Run("shares one encoding among all readers of a format", func(t *testing.T) {
		logs := live.New(nil)
		a, b := logs.Read(plain{}, live.Who{}, nothing), logs.Read(plain{}, live.Who{}, nothing)
		for _, r := range []*live.Reader{a, b} {
			r.Attach(lobby)
			r.Place(lobby, 0, 0)
		}
		logs.Committed([]chat.Change{said(1, 1, "a"), said(2, 2, "b")})
		pa, pb := a.Gather(nil, 1<<20, nil).Parts, b.Gather(nil, 1<<20, nil).Parts
		if len(pa) != 1 || len(pb) != 1 || &pa[0][0] != &pb[0][0] {
			t.Errorf("got %q and %q, want the same bytes in one piece", pa, pb)
		}
	})
}

// TestGatherAlso has a reader attach anew while it gathers: nothing that was gathered before may be sent after the answer
// that the new place begins with.
func TestGatherAlso(t *testing.T) {
	logs := live.New(nil)
	r := logs.Read(plain{}, live.Who{}, nothing)
	r.Attach(lobby)
	r.Place(lobby, 0, 0)
	logs.Committed([]chat.Change{said(1, 1, "a")})
	attached := make(chan struct{})
	g := r.Gather(nil, 1<<20, func() {
		go func() {
			r.Attach(lobby)
			close(attached)
		}()
		select {
		case <-attached:
			t.Error("a cursor was attached in the middle of gathering")
		default:
		}
	})
	<-attached
	if len(g.Parts) != 1 {
		t.Errorf("got %q, want the change from before", g.Parts)
	}
	if got, _ := drain(r); got != "" {
		t.Errorf("a suspended cursor gave %q", got)
	}
}

func TestWake(t *testing.T) {
	woken := 0
	logs := live.New(nil)
	r := logs.Read(plain{}, live.Who{}, func() { woken++ })
	r.Attach(lobby)
	r.Place(lobby, 0, 0)
	woken = 0
	logs.Committed([]chat.Change{said(1, 1, "a"), said(2, 2, "b"), said(3, 3, "c")})
	if woken != 1 {
		t.Errorf("one commit of three changes woke the reader %d times, want once", woken)
	}
	logs.Committed([]chat.Change{{Log: chat.RoomLog(8), Version: 1, Members: new(int64(501))}})
	if woken != 1 {
		t.Errorf("a change of another room woke the reader")
	}
}

func TestSession(t *testing.T) {
	ana := chat.UserLog(7)
	ended := map[string]int{}
	logs := live.New(nil)
	for _, session := range []chat.SessionID{"one", "two"} {
		who := live.Who{Person: chat.Person{ID: 7, Name: "ana"}, Session: session, Ended: func() { ended[string(session)]++ }}
		r := logs.Read(plain{}, who, nothing)
		r.Attach(ana)
	}
	logs.Committed([]chat.Change{{Log: ana, Version: 1, Me: &chat.MeChange{SignedOut: "one"}}})
	if diff := cmp.Diff(map[string]int{"one": 1}, ended); diff != "" {
		t.Errorf("after signing out one session (-want +got):\n%s", diff)
	}
	logs.Committed([]chat.Change{{Log: ana, Version: 2, Me: &chat.MeChange{SignedOut: "*"}}})
	if diff := cmp.Diff(map[string]int{"one": 2, "two": 1}, ended); diff != "" {
		t.Errorf("after signing out all sessions (-want +got):\n%s", diff)
	}
	logs.Committed([]chat.Change{{Log: ana, Version: 3, Me: &chat.MeChange{User: &chat.User{ID: 7, Deactivated: true}}}})
	if ended["two"] != 2 {
		t.Errorf("a deactivated user's sockets stay open")
	}
}

func TestValues(t *testing.T) {
	open := func(logs *live.Logs, id chat.UserID, name string) *live.Reader {
		r := logs.Read(plain{}, live.Who{Person: chat.Person{ID: id, Name: name}}, nothing)
		r.Attach(lobby)
		r.Place(lobby, 0, 0)
		return r
	}
	// run runs the logs in a bubble of fake time.
	run := func(t *testing.T, f func(t *testing.T, logs *live.Logs)) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			logs := live.New(nil)
			done := make(chan error)
			go func() { done <- logs.Run(ctx) }()
			f(t, logs)
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
	pass := func(d time.Duration) {
		time.Sleep(d) // fake time
		synctest.Wait()
	}

	t.Run("typing shows at once and goes within five seconds", func(t *testing.T) {
		run(t, func(t *testing.T, logs *live.Logs) {
			r := open(logs, 8, "ben")
			pass(2 * time.Second)
			drain(r)
			logs.Typing(room, 7, true)
			if got, _ := drain(r); got != golden(t, "typing") {
				t.Errorf("got %q", got)
			}
			pass(3 * time.Second)
			if got, _ := drain(r); got != "" {
				t.Errorf("after three seconds got %q, want nothing new", got)
			}
			pass(2 * time.Second)
			if got, _ := drain(r); got != `{"room":"r7","typing":[]}` {
				t.Errorf("after five seconds got %q, want nobody typing", got)
			}
		})
	})
	t.Run("typing said again lasts", func(t *testing.T) {
		run(t, func(t *testing.T, logs *live.Logs) {
			r := open(logs, 8, "ben")
			for range 4 {
				logs.Typing(room, 7, true)
				pass(3 * time.Second)
			}
			if got, _ := drain(r); strings.Contains(got, "[]") {
				t.Errorf("got %q, want typing all the time", got)
			}
			logs.Typing(room, 7, false)
			if got, _ := drain(r); got != `{"room":"r7","typing":[]}` {
				t.Errorf("got %q, want nobody typing", got)
			}
		})
	})
	t.Run("who is here is told at most once a second, each person once", func(t *testing.T) {
		run(t, func(t *testing.T, logs *live.Logs) {
			ana := open(logs, 7, "ana")
			open(logs, 8, "ben")
			second := open(logs, 8, "ben")
			pass(time.Second)
			if got, _ := drain(ana); got != golden(t, "here") {
				t.Errorf("got %q", got)
			}
			if got := logs.Here(room); got != 2 {
				t.Errorf("got %d here, want 2", got)
			}
			second.Close()
			pass(2 * time.Second)
			if got, _ := drain(ana); strings.Contains(got, `"count":1`) {
				t.Errorf("one of two tabs closed, and ben is gone: %q", got)
			}
			for i := range 60 {
				open(logs, chat.UserID(100+i), fmt.Sprintf("p%02d", i))
			}
			pass(2 * time.Second)
			got, _ := drain(ana)
			if strings.Count(got, `"here"`) != 1 || !strings.Contains(got, `"count":62`) || strings.Count(got, `"id"`) != 50 {
				t.Errorf("got %q, want one value with 62 people and 50 names", got)
			}
		})
	})
	t.Run("a rename shows in who is here", func(t *testing.T) {
		run(t, func(t *testing.T, logs *live.Logs) {
			r := open(logs, 7, "ana")
			r.Attach(chat.UserLog(7))
			r.Place(chat.UserLog(7), 0, 0)
			pass(2 * time.Second)
			drain(r)
			logs.Committed([]chat.Change{{Log: chat.UserLog(7), Version: 1, Me: &chat.MeChange{User: &chat.User{ID: 7, Name: "ann"}}}})
			pass(2 * time.Second)
			if got, _ := drain(r); !strings.Contains(got, `"name":"ann"`) || !strings.Contains(got, `"here"`) {
				t.Errorf("got %q, want ann to be here", got)
			}
		})
	})
	t.Run("nobody in particular is counted nowhere", func(t *testing.T) {
		run(t, func(t *testing.T, logs *live.Logs) {
			open(logs, 0, "")
			if got := logs.Here(room); got != 0 {
				t.Errorf("got %d here, want 0", got)
			}
		})
	})
}

func golden(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../chat/testdata/wire/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// flusher counts flushes and lets each one be waited for.
type flusher struct{ flushed chan struct{} }

func (f flusher) Flush(*live.Scratch) { f.flushed <- struct{}{} }

func TestWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := live.NewWriter()
		f := flusher{make(chan struct{}, 10)}
		mark := w.Mark(f)
		for range 5 {
			mark.Set()
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- w.Run(ctx) }()
		synctest.Wait()
		if got := len(f.flushed); got != 1 {
			t.Errorf("marked five times, flushed %d times, want once", got)
		}
		mark.Set()
		synctest.Wait()
		if got := len(f.flushed); got != 2 {
			t.Errorf("flushed %d times, want again after being marked again", got)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
