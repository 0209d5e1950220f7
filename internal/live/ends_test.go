package live_test

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/chat"
	"parley/internal/live"
)

// who is a reader of a user.
func who(u chat.UserID) live.Who { return live.Who{Person: chat.Person{ID: u, Name: u.String()}} }

// gone is the change by which a user is no member any more; 0: the room is for its members only from then on.
func gone(v int64, u chat.UserID) chat.Change {
	return chat.Change{Log: lobby, Version: v, Member: &chat.Member{User: u}, Ends: true, Gone: u}
}

func TestRightsEnd(t *testing.T) {
	begin := func(t *testing.T) (logs *live.Logs, ana, ben *live.Reader) {
		t.Helper()
		logs = live.New(nil)
		ana, ben = logs.Read(plain{}, who(1), nothing), logs.Read(plain{}, who(2), nothing)
		for _, r := range []*live.Reader{ana, ben} {
			r.Attach(lobby)
			r.Place(lobby, 0, 0)
		}
		return logs, ana, ben
	}
	asked := func(t *testing.T, behind []live.Behind, at int64) live.Behind {
		t.Helper()
		if len(behind) != 1 || !behind[0].Asked || behind[0].At != at || behind[0].Log != lobby {
			t.Fatalf("got %+v, want to be asked at %d", behind, at)
		}
		return behind[0]
	}
	t.Run("a removed person is given everything up to the version before, and nothing from it on", func(t *testing.T) {
		logs, ana, ben := begin(t)
		logs.Committed([]chat.Change{said(1, 1, "a"), said(2, 2, "b"), gone(3, 1), said(4, 3, "c")})
		text, behind := drain(ana)
		if text != "v1 v2 " {
			t.Errorf("ana was given %q", text)
		}
		ana.End(asked(t, behind, 2))
		logs.Committed([]chat.Change{said(5, 4, "d")})
		if text, behind := drain(ana); text != "" || len(behind) != 0 || ana.Follows(lobby) {
			t.Errorf("after the end: %q, %+v", text, behind)
		}
		if text, behind := drain(ben); text != "v1 v2 v3 v4 v5 " || len(behind) != 0 {
			t.Errorf("ben was given %q, %+v", text, behind)
		}
	})
	t.Run("who may read still goes on where they stood, and misses no version", func(t *testing.T) {
		logs, ana, ben := begin(t)
		logs.Committed([]chat.Change{said(1, 1, "a"), gone(2, 0), said(3, 2, "b")})
		for _, r := range []*live.Reader{ana, ben} {
			text, behind := drain(r)
			if text != "v1 " {
				t.Errorf("got %q", text)
			}
			if b := asked(t, behind, 1); !r.Resume(b, b.At, b.Number, nothing) {
				t.Error("not resumed")
			}
			if text, behind := drain(r); text != "v2 v3 " || len(behind) != 0 {
				t.Errorf("after that %q, %+v", text, behind)
			}
		}
	})
	t.Run("an end while the store is read for a cursor holds", func(t *testing.T) {
		logs, ana, _ := begin(t)
		ana.Attach(lobby)
		logs.Committed([]chat.Change{said(1, 1, "a"), gone(2, 1), said(3, 2, "b")})
		ana.Place(lobby, 0, 0) // what was read before all that
		text, behind := drain(ana)
		if text != "v1 " {
			t.Errorf("got %q", text)
		}
		asked(t, behind, 1)
	})
	t.Run("an end while the rights are asked for holds", func(t *testing.T) {
		logs, ana, _ := begin(t)
		logs.Committed([]chat.Change{gone(1, 0)})
		_, behind := drain(ana)
		b := asked(t, behind, 0)
		logs.Committed([]chat.Change{said(2, 1, "a"), gone(3, 1)})
		ana.Resume(b, b.At, b.Number, nothing) // it was still a member when it was asked
		text, behind := drain(ana)
		if text != "v1 v2 " {
			t.Errorf("got %q", text)
		}
		asked(t, behind, 2)
	})
	t.Run("narrower settings and another role have rights asked for in all rooms, and end no other log", func(t *testing.T) {
		for name, end := range map[string]chat.Change{
			"settings": {Log: chat.ServerLog, Version: 1, Server: &chat.ServerChange{Settings: &chat.Settings{}}, Ends: true},
			"role":     {Log: chat.UserLog(1), Version: 1, Me: &chat.MeChange{User: &chat.User{Name: "ana"}}, Ends: true},
		} {
			logs, ana, ben := begin(t)
			for _, log := range []chat.LogID{chat.ServerLog, chat.UserLog(1)} {
				ana.Attach(log)
				ana.Place(log, 0, 0)
			}
			logs.Committed([]chat.Change{said(1, 1, "a"), end, said(2, 2, "b")})
			text, behind := drain(ana)
			if strings.Count(text, "v1 ") != 2 || strings.Contains(text, "v2 ") {
				t.Errorf("%s: got %q, want v1 of the room and of the other log", name, text)
			}
			asked(t, behind, 1)
			text, behind = drain(ben)
			if others := name == "role"; others != (text == "v1 v2 ") || others != (len(behind) == 0) {
				t.Errorf("%s: ben was given %q, %+v", name, text, behind)
			}
		}
	})
	t.Run("values stop at once", func(t *testing.T) {
		logs, ana, ben := begin(t)
		logs.Typing(room, 2, true)
		if len(ana.Values()) != 1 {
			t.Fatal("ana does not see who is typing")
		}
		logs.Committed([]chat.Change{gone(1, 1)})
		logs.Typing(room, 2, false)
		if text, behind := drain(ana); text != "" || len(behind) != 1 || len(ana.Values()) != 0 {
			t.Errorf("got %q, %+v and the values %+v", text, behind, ana.Values())
		}
		if text, _ := drain(ben); !strings.Contains(text, "typing") {
			t.Errorf("ben was given %q", text)
		}
	})
}

// TestRightsModel holds cursors against a model: whatever is posted, whoever is removed, added again or asked, at whatever moment,
// a reader is given each version once and in order, up to the one at which its rights ended, and goes on only if it was asked
// and may.
func TestRightsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		logs := live.New(nil)
		keep := logs.Read(plain{}, live.Who{}, nothing) // keeps the tail awake
		keep.Attach(lobby)
		head := int64(0)
		members := map[chat.UserID]bool{1: true, 2: true, 3: true}
		type model struct {
			reader *live.Reader
			user   chat.UserID
			at     int64
			bound  int64 // the first version that it may not be given before it was asked, 0 for none
			ended  bool
		}
		var readers []*model
		end := func(v int64, concerned func(*model) bool) {
			for _, m := range readers {
				if !m.ended && concerned(m) && (m.bound == 0 || v < m.bound) {
					m.bound = v
				}
			}
		}
		one := func(t *rapid.T) chat.UserID { return chat.UserID(rapid.IntRange(1, 3).Draw(t, "user")) }
		t.Repeat(map[string]func(*rapid.T){
			"post": func(t *rapid.T) {
				for range rapid.IntRange(1, 5).Draw(t, "posts") {
					head++
					logs.Committed([]chat.Change{said(head, head, "x")})
				}
			},
			"remove": func(t *rapid.T) {
				u := one(t)
				head += 2
				members[u] = false
				logs.Committed([]chat.Change{gone(head-1, u), said(head, head, "not for them")})
				end(head-1, func(m *model) bool { return m.user == u })
			},
			"add": func(t *rapid.T) {
				u := one(t)
				head++
				members[u] = true
				logs.Committed([]chat.Change{{Log: lobby, Version: head, Member: &chat.Member{User: u, Joined: true}}})
			},
			"become private": func(*rapid.T) {
				head++
				logs.Committed([]chat.Change{gone(head, 0)})
				end(head, func(*model) bool { return true })
			},
			"settings": func(*rapid.T) {
				logs.Committed([]chat.Change{{Log: chat.ServerLog, Version: head, Server: &chat.ServerChange{}, Ends: true}})
				end(head+1, func(*model) bool { return true })
			},
			"open": func(t *rapid.T) {
				if u := one(t); members[u] {
					r := logs.Read(plain{}, who(u), nothing)
					r.Attach(lobby)
					r.Place(lobby, head, 0)
					readers = append(readers, &model{reader: r, user: u, at: head})
				}
			},
			"gather": func(t *rapid.T) {
				if len(readers) == 0 {
					t.Skip()
				}
				m := rapid.SampledFrom(readers).Draw(t, "reader")
				got, behind := drain(m.reader)
				last := head
				if m.bound != 0 {
					last = min(head, m.bound-1)
				}
				var want strings.Builder
				for ; !m.ended && m.at < last; m.at++ {
					fmt.Fprintf(&want, "%s ", version(m.at+1))
				}
				if got != want.String() {
					t.Fatalf("%s was given %q, want %q", m.user, got, want.String())
				}
				if wanted := m.bound != 0 && !m.ended; wanted != (len(behind) == 1) {
					t.Fatalf("%s: %+v, want to be asked: %v", m.user, behind, wanted)
				}
				if len(behind) == 0 {
					return
				}
				if m.bound = 0; members[m.user] {
					m.reader.Resume(behind[0], behind[0].At, 0, nothing)
				} else {
					m.reader.End(behind[0])
					m.ended = true
				}
			},
		})
	})
}

// A ledger is what a store would know: all changes of the room, and since when who may not read it.
type ledger struct {
	mu      sync.Mutex
	logs    *live.Logs
	changes []chat.Change
	barred  map[chat.UserID]bool
}

// commit stores changes, and tells of them when everybody could have read them.
func (l *ledger) commit(make func(version int64) chat.Change, barred map[chat.UserID]bool) {
	l.mu.Lock()
	c := make(int64(len(l.changes)) + 1)
	l.changes = append(l.changes, c)
	for u, is := range barred {
		l.barred[u] = is
	}
	l.mu.Unlock()
	runtime.Gosched()
	l.logs.Committed([]chat.Change{c})
}

// since are at most limit changes after a version for a user, and whether they may be read.
func (l *ledger) since(u chat.UserID, version int64, limit int) ([]chat.Change, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.barred[u] {
		return nil, false
	}
	after := l.changes[version:]
	return slices.Clone(after[:min(len(after), limit)]), true
}

// A follower is a connection: it gathers when it is woken, asks the ledger when it is behind, and opens the room again by its position
// when that ended, as a client does that is told of its new membership.
type follower struct {
	*ledger
	user   chat.UserID
	slow   bool
	reader *live.Reader
	wake   chan struct{}
	got    []int64

	reached  atomic.Int64
	progress chan struct{} // capacity 1: reached has grown
}

func (f *follower) open() bool {
	f.reader.Attach(lobby)
	missed, ok := f.since(f.user, f.at(), 1<<30)
	if !ok {
		f.reader.Detach(lobby)
		return false
	}
	for _, c := range missed {
		f.got = append(f.got, c.Version)
	}
	f.reader.Place(lobby, f.at(), 0)
	return true
}

func (f *follower) at() int64 {
	if len(f.got) == 0 {
		return 0
	}
	return f.got[len(f.got)-1]
}

// flush gathers everything that there is.
func (f *follower) flush() {
	for {
		g := f.reader.Gather(nil, 256, nil)
		for _, part := range g.Parts {
			for _, v := range strings.Fields(string(part)) {
				n, _ := strconv.ParseInt(strings.TrimPrefix(v, "v"), 10, 64)
				f.got = append(f.got, n)
			}
		}
		for _, b := range g.Behind {
			limit := 7
			if b.Asked {
				limit = 0
			}
			missed, ok := f.since(f.user, b.At, limit)
			if !ok {
				f.reader.End(b)
				continue
			}
			to := b.At + int64(len(missed))
			f.reader.Resume(b, to, 0, func() {
				for _, c := range missed {
					f.got = append(f.got, c.Version)
				}
			})
		}
		if !g.More && len(g.Behind) == 0 {
			return
		}
	}
}

func (f *follower) run(done <-chan struct{}) {
	for woken := 0; ; woken++ {
		select {
		case <-done:
			return
		case <-f.wake:
		}
		if f.slow && woken%50 != 49 {
			continue // lags far behind
		}
		f.flush()
		if !f.reader.Follows(lobby) {
			f.open()
		}
		f.reached.Store(f.at())
		select {
		case f.progress <- struct{}{}:
		default:
		}
	}
}

// TestRightsUnderLoad removes people and adds them again while others post and everybody reads, some of them far behind. Who is
// removed for good has everything up to the version before and nothing from it on; who came back and who stayed have everything
// once and in order.
func TestRightsUnderLoad(t *testing.T) {
	now := time.Now()
	logs := live.New(func() time.Time { return now.Add(time.Hour) })
	logs.TailBytes = 0
	l := &ledger{logs: logs, barred: map[chat.UserID]bool{}}
	const removed, returning, staying = chat.UserID(1), chat.UserID(2), chat.UserID(3)
	var followers []*follower
	done := make(chan struct{})
	var running sync.WaitGroup
	for i := range 12 {
		f := &follower{ledger: l, user: chat.UserID(i%3) + 1, slow: i >= 6, wake: make(chan struct{}, 1), progress: make(chan struct{}, 1)}
		f.reader = logs.Read(plain{}, who(f.user), func() {
			select {
			case f.wake <- struct{}{}:
			default:
			}
		})
		f.open()
		followers = append(followers, f)
		running.Go(func() { f.run(done) })
	}
	post := func(v int64) chat.Change { return said(v, v, strings.Repeat("x", 3000)) }
	last := int64(0)
	for i := range 3000 {
		switch {
		case i == 2000:
			for _, f := range followers {
				for f.user == removed && !f.slow && f.reached.Load() < int64(i) { // else it would be off the tail, and given nothing more
					<-f.progress
				}
			}
			l.commit(func(v int64) chat.Change { last = v; return gone(v, removed) }, map[chat.UserID]bool{removed: true})
		case i%100 == 50:
			l.commit(func(v int64) chat.Change { return gone(v, returning) }, map[chat.UserID]bool{returning: true})
		case i%100 == 75:
			l.commit(func(v int64) chat.Change {
				return chat.Change{Log: lobby, Version: v, Member: &chat.Member{User: returning, Joined: true}}
			}, map[chat.UserID]bool{returning: false})
		case i%500 == 60:
			l.commit(func(v int64) chat.Change { return gone(v, 0) }, nil)
		default:
			l.commit(post, nil)
		}
	}
	close(done)
	running.Wait()
	for _, f := range followers {
		f.flush()
		if !f.reader.Follows(lobby) {
			f.open()
		}
		want := int64(len(l.changes))
		if f.user == removed {
			want = last - 1
		}
		if f.user == removed && f.slow {
			want = min(want, f.at()) // what it had not read when its rights ended it may not read any more
		}
		if int64(len(f.got)) != want {
			t.Errorf("%s, slow %v: got %d versions up to %d, want %d", f.user, f.slow, len(f.got), f.at(), want)
		}
		for i, v := range f.got {
			if v != int64(i)+1 {
				t.Errorf("%s, slow %v: got version %d as number %d", f.user, f.slow, v, i+1)
				break
			}
		}
	}
}
