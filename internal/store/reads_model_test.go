package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/chat"
	"parley/internal/store"
)

// TestUnreadModel lets rapid do anything to two rooms, and holds what everybody has not read, and whom messages name, against a
// model that knows nothing but the history.
func TestUnreadModel(t *testing.T) {
	s := start(t, store.Config{}, shortTails)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		m := newUnreadModel(rt, s, round)
		rt.Repeat(map[string]func(*rapid.T){
			"":       m.check,
			"post":   m.post,
			"edit":   m.edit,
			"delete": m.delete,
			"purge":  m.purge,
			"mark":   m.mark,
			"notify": m.notify,
			"move":   m.move,
			"rename": m.rename,
		})
	})
}

// modelNames are what people are called; some are the beginning of others, or look alike.
var modelNames = []string{"ana", "Ana Maria", "ana maria l.", "bo_b", "bo", "小明", "小明明", "zoë", "d@n", "민수"}

type modelMessage struct {
	by       int
	text     string
	deleted  bool
	mentions []int
}

type modelMember struct {
	joined, banned bool
	read           int64
	notify         chat.Notify
}

type modelRoom struct {
	id       chat.RoomID
	messages []modelMessage // by number, from 1
	members  []modelMember
}

type unreadModel struct {
	rooms  *chat.Rooms
	suffix string // of the names of this round, whose users others do not know
	people []chat.User
	model  [2]modelRoom
}

func newUnreadModel(t *rapid.T, s chat.Store, round int) *unreadModel {
	m := &unreadModel{rooms: &chat.Rooms{Store: s, Limits: chat.DefaultLimits}, suffix: fmt.Sprint(round)}
	must(s.Write(context.Background(), func(tx chat.Tx) error {
		for i := range 5 {
			m.people = append(m.people, newUser(tx, modelNames[i]+m.suffix))
		}
		for i := range m.model {
			r := &m.model[i]
			r.id, r.members = newRoom(tx, fmt.Sprintf("room %d.%d", round, i)).ID, make([]modelMember, len(m.people))
		}
		return nil
	}))
	return m
}

func (m *unreadModel) who(t *rapid.T) int {
	return rapid.IntRange(0, len(m.people)-1).Draw(t, "who")
}

func (m *unreadModel) room(t *rapid.T) *modelRoom {
	return &m.model[rapid.IntRange(0, len(m.model)-1).Draw(t, "room")]
}

func (m *unreadModel) actor(who int) chat.Actor { return chat.Actor{User: m.people[who].ID} }

// text is made of pieces in which people may be named, each of them in another way too.
func (m *unreadModel) text(t *rapid.T) string {
	var b strings.Builder
	b.WriteString(rapid.SampledFrom([]string{"hi ", "@", "x", "你", ""}).Draw(t, "begin"))
	for range rapid.IntRange(0, 3).Draw(t, "calls") {
		name := rapid.SampledFrom(modelNames).Draw(t, "called") + m.suffix
		if rapid.Bool().Draw(t, "loud") {
			name = strings.ToUpper(name)
		}
		b.WriteString(rapid.SampledFrom([]string{"@", " @", "a@", "小@", "/@"}).Draw(t, "at") + name)
		b.WriteString(rapid.SampledFrom([]string{" ", "", ",", "!", "s", "さん", "\n", "_"}).Draw(t, "then"))
	}
	return b.String() + "."
}

// named is whom a text names: at each @ that does not end a word, from the left, the member with the longest name that stands there as
// words of its own.
func (m *unreadModel) named(r *modelRoom, text string) []int {
	runes := []rune(text)
	word := func(c rune) bool {
		return (unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_') && !unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Hangul)
	}
	var found []int
	for at := 0; at < len(runes); at++ {
		if runes[at] != '@' || at > 0 && (word(runes[at-1]) || runes[at-1] == '/') {
			continue
		}
		longest, whose := 0, -1
		for who, member := range r.members {
			for end := at + 2; member.joined && end <= len(runes); end++ {
				stretch := string(runes[at+1 : end])
				alone := end == len(runes) || !word(runes[end-1]) || !word(runes[end])
				if end > longest && alone && stretch == strings.TrimSpace(stretch) && !strings.Contains(stretch, "\n") &&
					chat.NameKey(stretch) == chat.NameKey(m.people[who].Name) {
					longest, whose = end, who
				}
			}
		}
		if whose >= 0 {
			found, at = append(found, whose), longest-1
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (m *unreadModel) post(t *rapid.T) {
	r, who, text := m.room(t), m.who(t), m.text(t)
	_, err := m.rooms.Post(context.Background(), m.actor(who), r.id.String(), chat.Draft{Text: text})
	if r.members[who].banned {
		wantError(t, err, chat.Forbidden)
		return
	}
	must(err)
	r.join(who)
	r.messages = append(r.messages, modelMessage{by: who, text: text, mentions: m.named(r, text)})
}

func (r *modelRoom) join(who int) {
	if member := &r.members[who]; !member.joined {
		member.joined, member.read = true, int64(len(r.messages))
	}
}

// own is the number of a message that is there and whose author may change it.
func (r *modelRoom) own(t *rapid.T) int {
	var of []int
	for i, message := range r.messages {
		if !message.deleted && r.members[message.by].joined {
			of = append(of, i)
		}
	}
	if len(of) == 0 {
		t.Skip()
	}
	return rapid.SampledFrom(of).Draw(t, "message")
}

func (m *unreadModel) edit(t *rapid.T) {
	r := m.room(t)
	i := r.own(t)
	message, text := &r.messages[i], m.text(t)
	must(m.rooms.Store.Read(context.Background(), func(s chat.Snapshot) error {
		version := have(s.Message(r.id, int64(i+1))).Version
		_, err := m.rooms.Edit(context.Background(), m.actor(message.by), r.id.String(), int64(i+1), version, text)
		return err
	}))
	if message.text != text {
		message.text, message.mentions = text, m.named(r, text)
	}
}

func (m *unreadModel) delete(t *rapid.T) {
	r := m.room(t)
	i := r.own(t)
	message := &r.messages[i]
	have(m.rooms.Delete(context.Background(), m.actor(message.by), r.id.String(), int64(i+1)))
	message.deleted, message.mentions = true, nil
}

// purge deletes all that somebody wrote in a room, in one command, as moderators do.
func (m *unreadModel) purge(t *rapid.T) {
	r, who := m.room(t), m.who(t)
	must(m.rooms.Store.Write(context.Background(), func(tx chat.Tx) error {
		for i := range r.messages {
			if message := &r.messages[i]; message.by == who && !message.deleted {
				must(tx.UpdateMessage(&chat.Message{Room: r.id, Number: int64(i + 1), Deleted: true}))
				message.deleted, message.mentions = true, nil
			}
		}
		return nil
	}))
}

func (m *unreadModel) mark(t *rapid.T) {
	r, who := m.room(t), m.who(t)
	number := rapid.Int64Range(0, int64(len(r.messages))+1).Draw(t, "number")
	marked, err := m.rooms.Mark(context.Background(), m.actor(who), r.id.String(), number)
	switch member := &r.members[who]; {
	case !member.joined:
		wantError(t, err, chat.Forbidden)
	case number > int64(len(r.messages)):
		wantError(t, err, chat.Invalid)
	default:
		must(err)
		member.read = number
		want := m.own(r, who)
		if diff := cmp.Diff(marked, chat.Marked{Read: want.Read, Unread: want.Unread, Mentions: want.Mentions}); diff != "" {
			t.Fatalf("%s marked %s (-got +want):\n%s", m.people[who].Name, r.id, diff)
		}
	}
}

func (m *unreadModel) notify(t *rapid.T) {
	r, who, level := m.room(t), m.who(t), rapid.SampledFrom(chat.Notifies).Draw(t, "level")
	err := m.rooms.Notify(context.Background(), m.actor(who), r.id.String(), level)
	if !r.members[who].joined {
		wantError(t, err, chat.Forbidden)
		return
	}
	must(err)
	r.members[who].notify = level
}

// move has somebody join, leave, be removed, be banned or be let in again.
func (m *unreadModel) move(t *rapid.T) {
	r, who := m.room(t), m.who(t)
	member := &r.members[who]
	switch rapid.SampledFrom([]string{"join", "leave", "remove", "ban", "lift"}).Draw(t, "how") {
	case "join":
		if _, err := m.rooms.Join(context.Background(), m.actor(who), r.id.String()); err != nil {
			wantError(t, err, chat.Forbidden)
		} else if r.join(who); member.banned {
			t.Fatal("who is banned has joined")
		}
	case "leave":
		if _, err := m.rooms.Leave(context.Background(), m.actor(who), r.id.String()); err == nil {
			member.joined = false
		}
	case "remove":
		m.put(r, who, false, member.banned)
	case "ban":
		m.put(r, who, false, true)
	case "lift":
		m.put(r, who, member.joined, false)
	}
}

func (m *unreadModel) put(r *modelRoom, who int, joined, banned bool) {
	must(m.rooms.Store.Write(context.Background(), func(tx chat.Tx) error {
		row, err := tx.Member(r.id, m.people[who].ID)
		if chat.KindOf(err) == chat.NotFound {
			row, err = chat.Member{Room: r.id, User: m.people[who].ID}, nil
		}
		must(err)
		row.Joined, row.Banned = joined, banned
		return tx.PutMember(&row)
	}))
	r.members[who].joined, r.members[who].banned = joined, banned
}

func (m *unreadModel) rename(t *rapid.T) {
	who := m.who(t)
	name := rapid.SampledFrom(modelNames).Draw(t, "name") + m.suffix
	err := m.rooms.Store.Write(context.Background(), func(tx chat.Tx) error {
		u := have(tx.User(m.people[who].ID))
		u.Name, u.NameKey = name, chat.NameKey(name)
		return tx.UpdateUser(u)
	})
	if chat.KindOf(err) != chat.NameTaken {
		must(err)
		m.people[who].Name = name
	}
}

// own is what the model says that is somebody's own.
func (m *unreadModel) own(r *modelRoom, who int) chat.Own {
	member := r.members[who]
	own := chat.Own{Read: member.read, Notify: member.notify}
	for i, message := range r.messages {
		if int64(i+1) > member.read && message.by != who && !message.deleted {
			own.Unread = min(own.Unread+1, chat.UnreadLimit)
			if slices.Contains(message.mentions, who) {
				own.Mentions = min(own.Mentions+1, chat.UnreadLimit)
			}
		}
	}
	return own
}

// check compares everybody's rooms, by both ways to ask for them, and whom the messages name.
func (m *unreadModel) check(t *rapid.T) {
	for who := range m.people {
		want := []chat.RoomEntry{}
		for i := range m.model {
			if r := &m.model[i]; r.members[who].joined {
				want = append(want, chat.RoomEntry{ID: r.id, Kind: chat.Public, Own: new(m.own(r, who))})
			}
		}
		got := have(m.rooms.Entries(context.Background(), m.actor(who), nil))
		asked := have(m.rooms.Entries(context.Background(), m.actor(who), []chat.RoomID{m.model[1].id, m.model[0].id, m.model[0].id, 1 << 40}))
		hello := have(m.rooms.Hello(context.Background(), m.actor(who))).Me.Rooms
		for name, list := range map[string][]chat.RoomEntry{"all": got, "those that are asked for": asked, "hello": hello} {
			for i := range list {
				list[i].Name = ""
			}
			if diff := cmp.Diff(list, want); diff != "" {
				t.Fatalf("rooms of %s, %s (-got +want):\n%s", m.people[who].Name, name, diff)
			}
		}
	}
	for i := range m.model {
		m.checkMentions(t, &m.model[i])
	}
}

func (m *unreadModel) checkMentions(t *rapid.T, r *modelRoom) {
	must(m.rooms.Store.Read(context.Background(), func(s chat.Snapshot) error {
		page, _, err := s.Messages(r.id, chat.Page{Limit: 1000})
		must(err)
		for _, message := range page {
			var want []chat.UserID
			for _, who := range r.messages[message.Number-1].mentions {
				want = append(want, m.people[who].ID)
			}
			if diff := cmp.Diff(message.Mentions, want); diff != "" {
				t.Fatalf("%q names (-got +want):\n%s", message.Text, diff)
			}
		}
		return nil
	}))
}

func wantError(t *rapid.T, err error, want chat.Kind) {
	if got := chat.KindOf(err); got != want {
		t.Fatalf("got error %v of kind %q, want kind %q", err, got, want)
	}
}
