package auth

import (
	"container/list"
	"net/netip"
	"time"

	"parley/internal/chat"
)

// maxRemembered bounds how many users, addresses and names are remembered of each sort, at about 300 bytes each.
const maxRemembered = 1 << 16

// A key is whom something is counted for: a user, a network or a name, in one budget.
type key struct {
	budget Budget
	user   chat.UserID
	prefix netip.Prefix
	name   string
}

// recent keeps a value for each key that was lately asked for, at most max of them. It forgets the one unused for longest
// when it is full, and idle ones as new ones come. It is not safe for concurrent use.
type recent[V any] struct {
	max    int
	byKey  map[key]*list.Element
	byUsed *list.List // of *remembered[V], the one used last in front
}

type remembered[V any] struct {
	key   key
	value V
	used  time.Time
	idle  time.Duration // unused for this long, the value is as good as a new one
}

func newRecent[V any](limit int) *recent[V] {
	return &recent[V]{max: limit, byKey: map[key]*list.Element{}, byUsed: list.New()}
}

// get is the value of k, made if there is none.
func (t *recent[V]) get(k key, now time.Time, idle time.Duration, create func() V) V {
	if e, ok := t.byKey[k]; ok {
		t.byUsed.MoveToFront(e)
		entry := e.Value.(*remembered[V])
		entry.used = now
		return entry.value
	}
	t.forget(now)
	entry := &remembered[V]{key: k, value: create(), used: now, idle: idle}
	t.byKey[k] = t.byUsed.PushFront(entry)
	return entry.value
}

// forget makes room for one more. It drops two idle ones at most, so that no call pays for many, and still faster than
// they come.
func (t *recent[V]) forget(now time.Time) {
	for range 2 {
		oldest := t.byUsed.Back()
		if oldest == nil {
			return
		}
		entry := oldest.Value.(*remembered[V])
		if len(t.byKey) < t.max && now.Sub(entry.used) < entry.idle {
			return
		}
		t.byUsed.Remove(oldest)
		delete(t.byKey, entry.key)
	}
}
