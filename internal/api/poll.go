package api

import (
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"time"

	"parley/internal/chat"
	"parley/internal/live"
)

const (
	pollTime   = 25 * time.Second // how long a poll waits at most
	pollBytes  = 1 << 20          // about how much text a poll answers with; the client asks again for the rest
	lingerTime = 5 * time.Second  // how long who has polled counts as here, and its tails stay awake
)

// asked is what a poll is asked for beside the changes of its places.
type asked struct {
	wait   time.Duration
	values bool   // who is typing and who is here are wanted, unless they are what
	seen   string // names: the mark of an earlier answer
	heads  bool   // what is my own and the list of rooms are wanted, unless they stand at
	me     int64
	server int64
}

// asking reads wait=, seen=, me= and server=.
func asking(r *http.Request) (asked, error) {
	query := r.URL.Query()
	a := asked{wait: pollTime, values: query.Has("seen"), seen: query.Get("seen"), heads: query.Has("server")}
	var wait int64
	for field, n := range map[string]*int64{"wait": &wait, "me": &a.me, "server": &a.server} {
		if query.Get(field) == "0" {
			continue
		}
		if err := number(query.Get(field), field, n); err != nil {
			return asked{}, err
		}
	}
	if query.Has("wait") {
		a.wait = min(pollTime, time.Duration(min(wait, 60))*time.Second)
	}
	return a, nil
}

// A poll is one request that waits for changes. It belongs to its request's goroutine.
type poll struct {
	door   *Door
	actor  chat.Actor
	reader *live.Reader // of ticks
	places []place
	asked  asked
	heads  live.Behind // of what the reader watches

	Changes []chat.Change `json:"changes"`
	Resets  []chat.Opened `json:"resets"`
	Hello   *chat.Hello   `json:"hello,omitempty"`
	Ended   []string      `json:"ended,omitempty"` // rooms that may not be read, as they were asked for
	Values  []live.Value  `json:"values,omitempty"`
	Seen    string        `json:"seen,omitempty"`
}

// run answers as soon as there is something for one of the places, or with nothing when the wait is over.
func (p *poll) run(ctx context.Context, w http.ResponseWriter, wake <-chan struct{}) error {
	p.Changes, p.Resets = []chat.Change{}, []chat.Opened{}
	if p.asked.heads {
		p.reader.Attach(chat.ServerLog)
	}
	patience := time.NewTimer(p.asked.wait)
	defer patience.Stop()
	for ended := p.asked.wait == 0; ; {
		if errors.Is(context.Cause(ctx), errSignedOut) {
			return errSignedOut
		}
		if err := p.look(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		if p.glance(); ended || p.something() {
			return write(w, http.StatusOK, p)
		}
		for changed := false; !changed && !ended; {
			select {
			case <-wake:
				// Values wake too, and are no reason to read the store.
				g := p.reader.Gather(nil, 1, nil)
				for _, b := range g.Behind {
					if b.Log == live.Heads {
						p.heads = b
					}
				}
				p.glance()
				changed = len(g.Parts)+len(g.Behind) > 0 || p.something()
			case <-patience.C:
				ended = true
			case <-ctx.Done():
				ended = true
			}
		}
	}
}

// something reports whether there is a reason to answer.
func (p *poll) something() bool {
	return len(p.Changes)+len(p.Resets)+len(p.Ended) > 0 || p.Hello != nil || p.asked.values && p.Seen != p.asked.seen
}

// look reads what the places miss, in their order until there is enough to answer with, and places the cursors.
func (p *poll) look(ctx context.Context) error {
	if err := p.lookAround(ctx); err != nil {
		return err
	}
	if p.asked.values && p.actor.User != 0 {
		if err := p.door.rewatch(ctx, p.actor, p.reader, p.heads); err != nil {
			return err
		}
	}
	size := 0
	for _, place := range slices.Clone(p.places) {
		if size > pollBytes {
			break
		}
		opened, err := p.door.since(ctx, p.actor, place)
		if chat.Refused(err) && len(p.places) > 1 {
			p.end(place)
			continue
		}
		if err != nil {
			return err
		}
		p.reader.Place(chat.RoomLog(place.room), opened.Version, 0)
		if opened.Reset {
			p.Resets = append(p.Resets, opened)
		}
		p.Changes = append(p.Changes, opened.Changes...)
		for _, m := range opened.Messages {
			size += len(m.Text)
		}
		for _, c := range opened.Changes {
			if c.Message != nil {
				size += len(c.Message.Text)
			}
		}
	}
	return nil
}

// end leaves out a room that may not be read any more.
func (p *poll) end(gone place) {
	p.places = slices.DeleteFunc(p.places, func(at place) bool { return at == gone })
	p.Ended = append(p.Ended, gone.ref)
	p.reader.Detach(chat.RoomLog(gone.room))
}

// lookAround says hello anew if what is my own or the list of rooms has moved on.
func (p *poll) lookAround(ctx context.Context) error {
	if !p.asked.heads {
		return nil
	}
	me, server, err := p.versions(ctx)
	if err != nil {
		return err
	}
	if me != p.asked.me || server != p.asked.server {
		hello, err := p.door.hello(ctx, p.actor)
		if err != nil {
			return err
		}
		p.Hello = &hello
	}
	p.reader.Place(chat.UserLog(p.actor.User), me, 0)
	p.reader.Place(chat.ServerLog, server, 0)
	return nil
}

// versions are the heads of my own log, 0 for nobody, and of the server's.
func (p *poll) versions(ctx context.Context) (me, server int64, err error) {
	err = p.door.Rooms.Store.Read(ctx, func(s chat.Snapshot) error {
		var err error
		if server, err = s.ServerVersion(); err != nil || p.actor.User == 0 {
			return err
		}
		user, err := s.User(p.actor.User)
		me = user.Version
		return err
	})
	return me, server, err
}

// glance takes the values of now.
func (p *poll) glance() {
	if !p.asked.values {
		return
	}
	p.Values = append(p.reader.Values(), p.reader.Heads()...)
	p.Seen = mark(p.Values)
}

// mark tells values apart from others, in whatever order they are.
func mark(values []live.Value) string {
	var sum uint64
	for i := range values {
		text, err := json.Marshal(&values[i])
		if err != nil {
			panic("api: " + err.Error()) // our own types have a JSON form
		}
		hash := fnv.New64a()
		_, _ = hash.Write(text) // never fails
		sum += hash.Sum64()
	}
	return strconv.FormatUint(sum, 36)
}

// ticks is a format that shows no more than that there was a change.
type ticks struct{}

func (ticks) AppendChange(dst []byte, _ *chat.Change) []byte { return append(dst, '.') }

func (ticks) AppendValue(dst []byte, _ *live.Value) []byte { return dst }
