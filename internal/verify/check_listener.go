package verify

import (
	"fmt"

	"parley/internal/chat"
)

// A Listener is the history of one client of the tutorial's socket, which is given new messages only and cannot tell their
// numbers: they come in order, each once, from the moment of the connect. Its methods may be called from one goroutine at a
// time.
type Listener struct {
	c    *Checker
	name string
	room chat.RoomID

	connected uint64 // the order of events, 0 while there is no connection
	posted    int64  // the newest number that was known then
	last      int64  // the number of the newest message that was heard on this connection
	waiting   []OpID // heard, and their numbers are not known yet
}

// NewListener makes a Listener.
func (c *Checker) NewListener(name string, room chat.RoomID) *Listener {
	l := &Listener{c: c, name: name, room: room}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listeners = append(c.listeners, l)
	return l
}

// Connected tells that the socket is open: it hears whatever is posted from now on.
func (l *Listener) Connected() {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	l.connected, l.last, l.waiting = l.c.tick(), 0, nil
	l.posted = l.c.room(l.room).number()
	l.c.moveLocked()
}

// Disconnected tells that it hears nothing any more.
func (l *Listener) Disconnected() {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	l.connected = 0
}

// Heard tells of a message, and is the operation whose text it is, 0 if there is none.
func (l *Listener) Heard(sender, text string) OpID {
	c := l.c
	c.mu.Lock()
	defer c.mu.Unlock()
	about := event{at: c.now(), who: l.name, did: "hears", room: l.room}
	id, ok := c.saidBy(text)
	if !ok {
		c.violateLocked(Phantom, about, "%s heard a text in %s that nobody has said: %.60q", l.name, l.room, text)
		return 0
	}
	about.op = id
	c.journal.add(about)
	o := c.op(id)
	p := c.op(o.post)
	switch {
	case o.room.id != l.room:
		c.violateLocked(Phantom, about, "%s heard op %d in %s, and it was said in %s", l.name, id, l.room, o.room.id)
		return 0
	case o.state == refused || o.state == undone:
		c.violateLocked(Phantom, about, "%s heard op %d, which was refused or undone", l.name, id)
		return 0
	case p.author != sender:
		c.violateLocked(Disagree, about, "%s heard op %d from %q, and %q said it", l.name, id, sender, p.author)
	}
	if l.connected != 0 {
		l.waiting = append(l.waiting, o.post)
		l.drainLocked()
	}
	c.moveLocked()
	return id
}

// drainLocked puts what was heard in its place, as far as the numbers are known.
func (l *Listener) drainLocked() {
	for len(l.waiting) > 0 {
		p := l.c.op(l.waiting[0])
		if p.number == 0 {
			return
		}
		l.heardLocked(l.waiting[0], p)
		l.waiting = l.waiting[1:]
	}
}

func (l *Listener) heardLocked(id OpID, p *op) {
	c := l.c
	about := event{at: c.now(), who: l.name, did: "hears", room: l.room, number: p.number, op: id}
	switch {
	case p.number == l.last:
		c.violateLocked(Doubled, about, "%s heard number %d of %s twice", l.name, p.number, l.room)
		return
	case p.number < l.last:
		c.violateLocked(Reordered, about, "%s heard number %d of %s after number %d", l.name, p.number, l.room, l.last)
		return
	}
	for n := max(l.last, l.posted) + 1; n < p.number; n++ {
		missed := at(c.room(l.room).posts, n)
		if missed == 0 {
			continue // nobody knows of it yet; the store's audit will
		}
		if m := c.op(missed); c.op(m.newest).kind != deletion && (l.last > 0 || m.sent > l.connected) {
			c.violateLocked(Gap, about, "%s heard number %d of %s and not number %d", l.name, p.number, l.room, n)
		}
	}
	l.last = p.number
}

// laggingLocked reports whether the listener has not heard the newest message of its room, which was sent while it was
// connected and is not deleted.
func (l *Listener) laggingLocked(facts *roomFacts) bool {
	if facts.id != l.room {
		return false
	}
	if l.connected == 0 {
		return true
	}
	l.drainLocked()
	newest := at(facts.posts, facts.number())
	if newest == 0 {
		return false
	}
	p := l.c.op(newest)
	return p.sent > l.connected && l.c.op(p.newest).kind != deletion && l.last < p.number
}

// whereLocked says how far the listener has come.
func (l *Listener) whereLocked(facts *roomFacts) string {
	switch {
	case l.connected == 0:
		return "not connected"
	case len(l.waiting) > 0:
		return fmt.Sprintf("at number %d of %d, heard op %d, whose number nobody knows", l.last, facts.number(), l.waiting[0])
	}
	return fmt.Sprintf("at number %d of %d, connected at %d", l.last, facts.number(), l.posted)
}
