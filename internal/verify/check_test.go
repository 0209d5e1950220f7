package verify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/verify"
)

const (
	lobby = chat.RoomID(1)
	epoch = chat.Epoch("e1")
)

var (
	ana = verify.Author{Name: "ana", User: 7}
	ben = verify.Author{Name: "ben", User: 8}
)

// A history is made by hand, and told to a Checker as it goes.
type history struct {
	*verify.Checker
	texts map[verify.OpID]string
	keyed map[verify.OpID]bool
}

func newHistory() *history {
	ticks := time.Duration(0)
	h := &history{texts: map[verify.OpID]string{}, keyed: map[verify.OpID]bool{}}
	h.Checker = verify.NewChecker(func() time.Duration { ticks += time.Millisecond; return ticks })
	h.Epoch(epoch)
	return h
}

func words(verify.OpID) string { return "some words" }

// send begins a post in the lobby.
func (h *history) send(a verify.Author) verify.OpID {
	id, text := h.Post(a, lobby, true, words)
	h.texts[id], h.keyed[id] = text, true
	return id
}

// sendByScript begins a post without a key.
func (h *history) sendByScript(a verify.Author) verify.OpID {
	id, text := h.Post(a, lobby, false, words)
	h.texts[id] = text
	return id
}

// said is a post that is acknowledged with a number and a version.
func (h *history) said(a verify.Author, number, version int64) verify.OpID {
	id := h.send(a)
	h.Acknowledged(id, number, version)
	return id
}

func (h *history) edited(post verify.OpID, number, version int64) verify.OpID {
	id, text := h.Edit(post, words)
	h.texts[id] = text
	h.Acknowledged(id, number, version)
	return id
}

func (h *history) deleted(post verify.OpID, number, version int64) verify.OpID {
	id := h.Delete(post)
	h.Acknowledged(id, number, version)
	return id
}

// message is what op says, as the state of post's message.
func (h *history) message(post, op verify.OpID, a verify.Author, number, version int64) chat.Message {
	m := chat.Message{Room: lobby, Number: number, Version: version, By: a.User, Text: h.texts[op]}
	if h.keyed[post] {
		m.Key = verify.Key(post)
	}
	m.Deleted = m.Text == ""
	return m
}

// change is a post's own change.
func (h *history) change(post verify.OpID, a verify.Author, number, version int64) verify.Change {
	m := h.message(post, post, a, number, version)
	return verify.Change{Room: lobby, Version: version, Message: &m}
}

// changed is a post's change by a later operation.
func (h *history) changed(post, op verify.OpID, a verify.Author, number, version int64) verify.Change {
	m := h.message(post, op, a, number, version)
	return verify.Change{Room: lobby, Version: version, Message: &m}
}

// reader is one that begins with an empty room at a version.
func (h *history) reader(name string, version int64) *verify.Reader {
	r := h.NewReader(name)
	r.Opened(h.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: version, Reset: true})
	return r
}

// kinds are the kinds of what was found, with how often.
func kinds(c *verify.Checker) map[verify.Kind]int {
	_, counts := c.Violations()
	found := map[verify.Kind]int{}
	for kind, n := range counts {
		if n > 0 {
			found[kind] = n
		}
	}
	return found
}

// joined is a change that is about no message.
var joined = verify.Change{Room: lobby, Version: 1}

// readings are histories of authors and readers.
var readings = []struct {
	name string
	want verify.Kind // "" for none
	tell func(h *history)
}{
	{"everybody sees everything in order", "", func(h *history) {
		r, s := h.reader("r", 0), h.reader("s", 0)
		a := h.said(ana, 1, 2)
		for _, reader := range []*verify.Reader{r, s} {
			reader.Change(epoch, joined)
			reader.Change(epoch, h.change(a, ana, 1, 2))
		}
		e := h.edited(a, 1, 3)
		d := h.deleted(a, 1, 4)
		for _, reader := range []*verify.Reader{r, s} {
			reader.Change(epoch, h.changed(a, e, ana, 1, 3))
			reader.Change(epoch, h.changed(a, d, ana, 1, 4))
		}
		h.Compare(h.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: 4, Number: 1, Reset: true})
	}},
	{"a reader that catches up is given the newest state of each thing", "", func(h *history) {
		r := h.reader("r", 1)
		a, b := h.said(ana, 1, 2), h.said(ben, 2, 3)
		e := h.edited(a, 1, 4)
		r.Opened(h.Ask(lobby, chat.Position{Epoch: epoch, Version: 1}), verify.Opened{
			Room: lobby, Epoch: epoch, Version: 4, Number: 2, Changes: []verify.Change{h.change(b, ben, 2, 3), h.changed(a, e, ana, 1, 4)},
		})
		fresh := verify.Opened{Room: lobby, Epoch: epoch, Version: 4, Number: 2, Reset: true, Messages: []chat.Message{
			h.message(a, e, ana, 1, 4), h.message(b, b, ben, 2, 3),
		}}
		h.Compare(h.Ask(lobby, chat.Position{}), fresh)
	}},
	{"a repeated key that is answered the same", "", func(h *history) { h.Repeated(h.said(ana, 1, 2), 1, 2) }},
	{"a refused post that nobody sees", "", func(h *history) { h.Refused(h.send(ana), "key_reused") }},
	{"a change twice on one connection", verify.Doubled, func(h *history) {
		r, a := h.reader("r", 1), h.said(ana, 1, 2)
		r.Change(epoch, h.change(a, ana, 1, 2))
		r.Change(epoch, h.change(a, ana, 1, 2))
	}},
	{"a repeated key that makes another message", verify.Doubled, func(h *history) { h.Repeated(h.said(ana, 1, 2), 2, 3) }},
	{"two messages of one post", verify.Doubled, func(h *history) {
		r, a := h.reader("r", 1), h.said(ana, 1, 2)
		r.Change(epoch, h.change(a, ana, 1, 2))
		r.Change(epoch, h.change(a, ana, 2, 3))
	}},
	{"an edit that takes place twice", verify.Doubled, func(h *history) {
		r, a := h.reader("r", 2), h.said(ana, 1, 2)
		e := h.edited(a, 1, 3)
		r.Change(epoch, h.changed(a, e, ana, 1, 3))
		r.Change(epoch, h.changed(a, e, ana, 1, 4))
	}},
	{"a repeated key that is answered with another version", verify.Answer, func(h *history) { h.Repeated(h.said(ana, 1, 2), 1, 3) }},
	{"an earlier change after a later one", verify.Reordered, func(h *history) {
		r := h.reader("r", 1)
		a, b := h.send(ana), h.send(ben) // not answered yet, so that a missing one may still come
		r.Change(epoch, h.change(b, ben, 2, 3))
		r.Change(epoch, h.change(a, ana, 1, 2))
	}},
	{"a page that is not in order", verify.Reordered, func(h *history) {
		a, b := h.said(ana, 1, 2), h.said(ben, 2, 3)
		h.NewReader("r").Opened(h.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: 3, Number: 2, Reset: true, More: true, Messages: []chat.Message{
			h.message(b, b, ben, 2, 3), h.message(a, a, ana, 1, 2), h.message(b, b, ben, 2, 3),
		}})
	}},
	{"a change that is left out while nobody has changed it again", verify.Gap, func(h *history) {
		r := h.reader("r", 1)
		h.said(ana, 1, 2)
		r.Change(epoch, h.change(h.said(ben, 2, 3), ben, 2, 3))
	}},
	{"a change that is left out before anybody knows of it", verify.Gap, func(h *history) {
		r := h.reader("r", 1)
		a, b := h.send(ana), h.said(ben, 2, 3)
		r.Change(epoch, h.change(b, ben, 2, 3))
		h.Acknowledged(a, 1, 2)
		h.Compare(h.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: 3, Number: 2, Reset: true, More: true, Messages: []chat.Message{
			h.message(b, b, ben, 2, 3),
		}})
	}},
	{"a resume without its last change", verify.Gap, func(h *history) {
		r := h.reader("r", 1)
		h.said(ana, 1, 2)
		r.Opened(h.Ask(lobby, chat.Position{Epoch: epoch, Version: 1}), verify.Opened{Room: lobby, Epoch: epoch, Version: 2, Number: 1, Changes: []verify.Change{}})
	}},
	{"a reader whose message is older than a fresh load's", verify.Gap, func(h *history) {
		r, a := h.reader("r", 1), h.said(ana, 1, 2)
		r.Change(epoch, h.change(a, ana, 1, 2))
		e, b := h.edited(a, 1, 3), h.said(ben, 2, 4)
		h.Edit(a, words) // which would be a reason to leave the first out, if it took place
		r.Change(epoch, h.change(b, ben, 2, 4))
		h.Compare(h.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: 4, Number: 2, Reset: true, Messages: []chat.Message{
			h.message(a, e, ana, 1, 3), h.message(b, b, ben, 2, 4),
		}})
	}},
	{"a fresh load without what was acknowledged", verify.Lost, func(h *history) {
		h.said(ana, 1, 2)
		h.reader("r", 1)
	}},
	{"a page without a message that nobody deleted", verify.Lost, func(h *history) {
		a, _, b := h.said(ana, 1, 2), h.said(ana, 2, 3), h.said(ben, 3, 4)
		h.NewReader("r").Opened(h.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: 4, Number: 3, Reset: true, Messages: []chat.Message{
			h.message(a, a, ana, 1, 2), h.message(b, b, ben, 3, 4),
		}})
	}},
	{"a message that is looked for in vain", verify.Lost, func(h *history) {
		h.said(ana, 1, 2)
		h.Looked("ana", h.Ask(lobby, chat.Position{}), 1, verify.Opened{Room: lobby, Version: 2})
	}},
	{"a page from before what was acknowledged", verify.Lost, func(h *history) {
		a := h.said(ana, 1, 2)
		h.said(ben, 2, 3)
		h.Looked("ana", h.Ask(lobby, chat.Position{}), 1, verify.Opened{Room: lobby, Version: 2, Messages: []chat.Message{h.message(a, a, ana, 1, 2)}})
	}},
	{"a reader that is set back", verify.Lost, func(h *history) {
		r, a := h.reader("r", 1), h.send(ana)
		r.Change(epoch, h.change(a, ana, 1, 2))
		r.Reset(verify.Opened{Room: lobby, Epoch: epoch, Version: 1, Reset: true})
	}},
	{"a database that is another one", verify.Lost, func(h *history) { h.Epoch("e2") }},
	{"a text that nobody said", verify.Phantom, func(h *history) {
		r := h.reader("r", 1)
		r.Change(epoch, verify.Change{Room: lobby, Version: 2, Message: &chat.Message{Number: 1, By: 7, Text: "boo"}})
	}},
	{"a text that was not said like that", verify.Phantom, func(h *history) {
		r, a := h.reader("r", 1), h.send(ana)
		h.texts[a] += "!"
		r.Change(epoch, h.change(a, ana, 1, 2))
	}},
	{"a text in another room", verify.Phantom, func(h *history) {
		r, a := h.NewReader("r"), h.send(ana)
		r.Opened(h.Ask(2, chat.Position{}), verify.Opened{Room: 2, Epoch: epoch, Version: 1, Reset: true})
		change := h.change(a, ana, 1, 2)
		change.Room = 2
		r.Change(epoch, change)
	}},
	{"a refused post that is seen later", verify.Phantom, func(h *history) {
		r, a := h.reader("r", 1), h.send(ana)
		h.Refused(a, "invalid")
		r.Change(epoch, h.change(a, ana, 1, 2))
	}},
	{"a post that was seen and is refused", verify.Phantom, func(h *history) {
		r, a := h.reader("r", 1), h.send(ana)
		r.Change(epoch, h.change(a, ana, 1, 2))
		h.Refused(a, "invalid")
	}},
	{"a deletion that nobody asked for", verify.Phantom, func(h *history) {
		r, a := h.reader("r", 2), h.said(ana, 1, 2)
		r.Change(epoch, verify.Change{Room: lobby, Version: 3, Message: &chat.Message{Number: 1, By: 7, Key: verify.Key(a), Deleted: true}})
	}},
	{"two readers that are shown different texts", verify.Disagree, func(h *history) {
		r, s := h.reader("r", 1), h.reader("s", 1)
		a, b := h.send(ana), h.send(ben)
		r.Change(epoch, h.change(a, ana, 1, 2))
		s.Change(epoch, h.change(b, ben, 1, 2))
	}},
	{"another author", verify.Disagree, func(h *history) {
		r, a := h.reader("r", 1), h.send(ana)
		r.Change(epoch, h.change(a, ben, 1, 2))
	}},
	{"another key", verify.Disagree, func(h *history) {
		r, a := h.reader("r", 1), h.send(ana)
		change := h.change(a, ana, 1, 2)
		change.Message.Key = "k"
		r.Change(epoch, change)
	}},
	{"an edit of one message shown at another", verify.Disagree, func(h *history) {
		r, a := h.reader("r", 2), h.said(ana, 1, 2)
		e := h.edited(a, 1, 3)
		r.Change(epoch, h.changed(a, e, ana, 5, 3))
	}},
	{"a resume of a position in another epoch", verify.Disagree, func(h *history) {
		r := h.reader("r", 1)
		r.Opened(h.Ask(lobby, chat.Position{Epoch: "e0", Version: 1}), verify.Opened{Room: lobby, Epoch: epoch, Version: 1, Changes: []verify.Change{}})
	}},
	{"a post placed before one that was acknowledged when it was sent", verify.RealTime, func(h *history) {
		h.said(ana, 2, 3)
		h.said(ben, 1, 2)
	}},
	{"an edit placed before one that was seen when it was sent", verify.RealTime, func(h *history) {
		a := h.said(ana, 1, 2)
		h.said(ben, 2, 4)
		h.edited(a, 1, 3)
	}},
	{"two things at one version", verify.Disagree, func(h *history) {
		r, s := h.reader("r", 1), h.reader("s", 1)
		a, b := h.send(ana), h.send(ben)
		r.Change(epoch, h.change(a, ana, 1, 2))
		s.Change(epoch, h.change(b, ben, 2, 2))
	}},
	{"a message at a version that was no message's", verify.Disagree, func(h *history) {
		r, s := h.reader("r", 1), h.reader("s", 1)
		r.Change(epoch, h.change(h.send(ana), ana, 1, 2))
		s.Change(epoch, verify.Change{Room: lobby, Version: 2})
	}},
	{"a page with more than it says", verify.Disagree, func(h *history) {
		h.NewReader("r").Opened(h.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: 1, Number: 1, Reset: true, Messages: []chat.Message{
			h.message(1, h.send(ana), ana, 1, 2),
		}})
	}},
	{"a fresh load from before an edit that was acknowledged", verify.Lost, func(h *history) {
		a := h.said(ana, 1, 2)
		h.edited(a, 1, 3)
		h.NewReader("r").Opened(h.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: 2, Number: 1, Reset: true, Messages: []chat.Message{
			h.message(a, a, ana, 1, 2),
		}})
	}},
	{"a reader that stands behind a fresh load", verify.Gap, func(h *history) {
		h.reader("r", 1)
		h.Compare(h.Ask(lobby, chat.Position{}), verify.Opened{Room: lobby, Epoch: epoch, Version: 2, Reset: true})
	}},
	{"an acknowledged post that is refused", verify.Answer, func(h *history) { h.Refused(h.said(ana, 1, 2), "invalid") }},
	{"a change of a room that was not opened", verify.Answer, func(h *history) {
		h.NewReader("r").Change(epoch, joined)
	}},
}

func TestReadings(t *testing.T) {
	for _, test := range readings {
		t.Run(test.name, func(t *testing.T) {
			h := newHistory()
			test.tell(h)
			wantKind(t, h.Checker, test.want)
		})
	}
}

// wantKind checks that violations of that kind were found and of no other; "" is for none.
func wantKind(t *testing.T, c *verify.Checker, want verify.Kind) {
	t.Helper()
	got := kinds(c)
	if want == verify.Reordered {
		delete(got, verify.Gap) // what comes late was missing before
	}
	violations, _ := c.Violations()
	if want == "" && len(got) == 0 || want != "" && got[want] > 0 && len(got) == 1 {
		return
	}
	t.Errorf("found %v, want %q:\n%s", got, want, told(violations))
}

func told(violations []verify.Violation) string {
	var b strings.Builder
	for _, v := range violations {
		fmt.Fprintf(&b, "%s: %s\n  %s\n", v.Kind, v.Text, strings.Join(v.Excerpt, "\n  "))
	}
	return b.String()
}

func TestListener(t *testing.T) {
	script := verify.Author{Name: "script"}
	for _, test := range []struct {
		name string
		want verify.Kind
		tell func(h *history, l *verify.Listener)
	}{
		{"messages in order, each once", "", func(h *history, l *verify.Listener) {
			a, b := h.sendByScript(script), h.said(ana, 2, 3)
			l.Heard("script", h.texts[a])
			l.Heard("ana", h.texts[b])
			h.Acknowledged(a, 1, 2)
		}},
		{"a deleted message is passed over", "", func(h *history, l *verify.Listener) {
			a, b := h.said(ana, 1, 2), h.said(ana, 2, 3)
			h.deleted(a, 1, 4)
			l.Heard("ana", h.texts[b])
		}},
		{"a message twice", verify.Doubled, func(h *history, l *verify.Listener) {
			a := h.said(ana, 1, 2)
			l.Heard("ana", h.texts[a])
			l.Heard("ana", h.texts[a])
		}},
		{"messages in another order", verify.Reordered, func(h *history, l *verify.Listener) {
			a, b := h.send(ana), h.send(ben)
			l.Heard("ben", h.texts[b])
			l.Heard("ana", h.texts[a])
			h.Acknowledged(a, 1, 2)
			h.Acknowledged(b, 2, 3)
			h.Lagging()
		}},
		{"a message that is passed over", verify.Gap, func(h *history, l *verify.Listener) {
			h.said(ana, 1, 2)
			l.Heard("ana", h.texts[h.said(ana, 2, 3)])
		}},
		{"a text that nobody said", verify.Phantom, func(_ *history, l *verify.Listener) { l.Heard("ana", "boo") }},
		{"a text of another room", verify.Phantom, func(h *history, l *verify.Listener) {
			_, text := h.Post(ana, 2, true, words)
			l.Heard("ana", text)
		}},
		{"a refused text", verify.Phantom, func(h *history, l *verify.Listener) {
			a := h.send(ana)
			h.Refused(a, "invalid")
			l.Heard("ana", h.texts[a])
		}},
		{"another sender", verify.Disagree, func(h *history, l *verify.Listener) { l.Heard("ben", h.texts[h.said(ana, 1, 2)]) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHistory()
			l := h.NewListener("l", lobby)
			l.Connected()
			test.tell(h, l)
			wantKind(t, h.Checker, test.want)
		})
	}
}

func TestLagging(t *testing.T) {
	h := newHistory()
	r, l := h.reader("r", 1), h.NewListener("l", lobby)
	l.Connected()
	a := h.said(ana, 1, 2)
	lagging := func() string {
		names, _ := h.Lagging()
		return strings.Join(names, ", ")
	}
	if diff := cmp.Diff("l in r1 (at number 0 of 1, connected at 0), r in r1 (at version 1 of 2)", lagging()); diff != "" {
		t.Errorf("before they are given anything (-want +got)\n%s", diff)
	}
	_, moved := h.Lagging()
	r.Change(epoch, h.change(a, ana, 1, 2))
	select {
	case <-moved:
	default:
		t.Error("a reader has moved, and nobody was told")
	}
	l.Heard("ana", h.texts[a])
	if diff := cmp.Diff("", lagging()); diff != "" {
		t.Errorf("when they have been given all (-want +got)\n%s", diff)
	}
}

func TestExcerpt(t *testing.T) {
	h := newHistory()
	r := h.reader("r", 1)
	h.Note("nemesis", "kill")
	a := h.said(ana, 1, 2)
	r.Change(epoch, h.change(a, ana, 1, 2))
	r.Change(epoch, h.change(a, ana, 1, 2))
	violations, _ := h.Violations()
	if len(violations) != 1 {
		t.Fatalf("got %d violations, want 1", len(violations))
	}
	text := told(violations)
	for _, part := range []string{"doubled", "version 2", "nemesis", "kill", "ana", "is answered", "is given"} {
		if !strings.Contains(text, part) {
			t.Errorf("the excerpt does not tell of %q:\n%s", part, text)
		}
	}
	select {
	case <-h.Broken():
	default:
		t.Error("a promise is broken, and nobody was told")
	}
}

func TestReached(t *testing.T) {
	h := newHistory()
	reached := h.Reached(2)
	isClosed := func() bool {
		select {
		case <-reached:
			return true
		default:
			return false
		}
	}
	a := h.said(ana, 1, 2)
	h.Acknowledged(a, 1, 2) // the same again counts once
	if isClosed() {
		t.Error("reached 2 after 1 post")
	}
	h.said(ana, 2, 3)
	if !isClosed() || h.Posted() != 2 {
		t.Errorf("not reached 2 after %d posts", h.Posted())
	}
}
