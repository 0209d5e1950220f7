package live_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/live"
)

// A journal notes who was flushed when.
type journal struct {
	mu      sync.Mutex
	begun   time.Time
	entries []entry
}

type entry struct {
	Who string
	At  time.Duration
}

func (j *journal) note(who string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = append(j.entries, entry{who, time.Since(j.begun)})
}

func (j *journal) take() []entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	defer func() { j.entries = nil }()
	return j.entries
}

// flush is a flusher that notes itself, does something, and takes its time.
type flush struct {
	name    string
	journal *journal
	takes   time.Duration
	then    func()
}

func (f *flush) Flush(*live.Scratch) {
	f.journal.note(f.name)
	if f.then != nil {
		f.then()
	}
	time.Sleep(f.takes)
}

// writing runs a writer in the bubble of the test.
func writing(t *testing.T) *live.Writer {
	w := live.NewWriter()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = w.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return w
}

func names(entries []entry) []string {
	var all []string
	for _, e := range entries {
		all = append(all, e.Who)
	}
	return all
}

func TestWriterUrgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &journal{begun: time.Now()}
		w := writing(t)
		answered := w.Mark(&flush{name: "answered", journal: j})
		first := w.Mark(&flush{name: "first", journal: j, then: answered.Urge})
		second := w.Mark(&flush{name: "second", journal: j})
		first.Set()
		second.Set()
		answered.Set()
		synctest.Wait()
		if diff := cmp.Diff(names(j.take()), []string{"first", "answered", "second"}); diff != "" {
			t.Errorf("one that became urgent is to be next, and once (-got +want):\n%s", diff)
		}
		answered.Set()
		answered.Urge()
		answered.Urge()
		synctest.Wait()
		if diff := cmp.Diff(names(j.take()), []string{"answered"}); diff != "" {
			t.Errorf("marked in both ways (-got +want):\n%s", diff)
		}
	})
}

func TestWriterPause(t *testing.T) {
	for name, c := range map[string]struct {
		answered int
		takes    time.Duration // what the pass takes
		next     time.Duration // when the pass after it begins
	}{
		"many were answered: the pass pauses as long as it took": {8, 4 * time.Millisecond, 8 * time.Millisecond},
		"but for 10 ms at most":                                  {8, 50 * time.Millisecond, 60 * time.Millisecond},
		"one was answered: there is no pause":                    {1, 4 * time.Millisecond, 4 * time.Millisecond},
		"nobody was answered: there is no pause":                 {0, 4 * time.Millisecond, 4 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				j := &journal{begun: time.Now()}
				w := writing(t)
				var authors []*live.Mark
				for range c.answered {
					authors = append(authors, w.Mark(&flush{name: "author", journal: j}))
				}
				late := w.Mark(&flush{name: "late", journal: j})
				var reader *live.Mark
				reader = w.Mark(&flush{name: "reader", journal: j, takes: c.takes, then: sync.OnceFunc(func() {
					for _, a := range authors {
						a.Urge()
					}
					reader.Set()
				})})
				reader.Set()
				time.Sleep(c.takes + time.Millisecond)
				late.Urge()
				time.Sleep(time.Second)
				synctest.Wait()
				entries := j.take()
				i := slices.IndexFunc(entries, func(e entry) bool { return e.Who == "late" })
				if i < 0 || entries[i].At > c.takes+time.Millisecond && c.answered == 8 {
					t.Errorf("an urgent one waited: %v", entries)
				}
				entries = slices.DeleteFunc(entries, func(e entry) bool { return e.Who != "reader" })
				want := []entry{{"reader", 0}, {"reader", c.next}}
				if diff := cmp.Diff(entries, want); diff != "" {
					t.Errorf("(-got +want):\n%s", diff)
				}
			})
		})
	}
}
