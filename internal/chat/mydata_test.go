package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// said are the texts of an export, with their rooms.
func said(t *testing.T, h *house, a chat.Actor) []string {
	t.Helper()
	mine := &chat.MyData{Store: h.Store}
	portrait, err := mine.Portrait(h.ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{}
	for m, err := range mine.Utterances(h.ctx, a, portrait.Upto) {
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, m.RoomName+": "+m.Text)
	}
	return texts
}

func (h *house) say(a chat.Actor, ref, text string) int64 {
	h.t.Helper()
	posted, err := h.Post(h.ctx, a, ref, chat.Draft{Text: text})
	if err != nil {
		h.t.Fatal(err)
	}
	return posted.Number
}

// sayMany has somebody say "message 0" and so on, in one transaction.
func (h *house) sayMany(a chat.Actor, room chat.RoomID, n int) {
	h.t.Helper()
	h.write(func(tx chat.Tx) error {
		for i := range n {
			m := chat.Message{Room: room, By: a.User, At: 1, Text: fmt.Sprint("message ", i)}
			if err := tx.InsertMessage(&m, chat.Person{ID: a.User}); err != nil {
				return err
			}
		}
		return nil
	})
}

// sweep does all that deletions have left.
func (h *house) sweep() (pieces int) {
	h.t.Helper()
	admin := &chat.Admin{Store: h.Store, Limits: h.Limits}
	for ; ; pieces++ {
		more, err := admin.Sweep(h.ctx)
		if err != nil {
			h.t.Fatal(err)
		}
		if !more {
			return pieces
		}
	}
}

func TestMyData(t *testing.T) {
	h := newHouse(t)
	ana, ben := h.account("ana"), h.account("ben")
	square := h.make(ana, chat.NewRoom{Kind: chat.Public, Name: "square"})
	garden := h.make(ana, chat.NewRoom{Kind: chat.Private, Name: "garden", Users: []chat.UserID{ben.User}})
	direct := h.make(ana, chat.NewRoom{Kind: chat.DirectRoom, Users: []chat.UserID{ben.User}})
	h.say(ben, square.ID.String(), "one")
	h.say(ana, square.ID.String(), "not ben's")
	h.say(ben, garden.ID.String(), "two")
	h.say(ben, direct.ID.String(), "three")
	gone := h.say(ben, square.ID.String(), "gone")
	if _, err := h.Delete(h.ctx, ben, square.ID.String(), gone); err != nil {
		t.Fatal(err)
	}
	t.Run("all that I wrote and nothing of others, in order", func(t *testing.T) {
		if diff := cmp.Diff(said(t, h, ben), []string{"square: one", "garden: two", ": three"}); diff != "" {
			t.Errorf("(-got +want):\n%s", diff)
		}
	})
	t.Run("more than one piece", func(t *testing.T) {
		var want []string
		zoe := h.account("zoe")
		h.sayMany(zoe, square.ID, 1203)
		for n := range 1203 {
			want = append(want, fmt.Sprint("square: message ", n))
		}
		if diff := cmp.Diff(said(t, h, zoe), want); diff != "" {
			t.Errorf("(-got +want):\n%s", diff)
		}
	})
	t.Run("nothing of a room that I was removed from", func(t *testing.T) {
		if _, err := h.Remove(h.ctx, ana, garden.ID.String(), chat.Removal{User: ben.User}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(said(t, h, ben), []string{"square: one", ": three"}); diff != "" {
			t.Errorf("messages (-got +want):\n%s", diff)
		}
		mine := &chat.MyData{Store: h.Store}
		var places []string
		for p, err := range mine.Places(h.ctx, ben) {
			if err != nil {
				t.Fatal(err)
			}
			places = append(places, p.Name+"/"+p.Title(ben.User))
		}
		if diff := cmp.Diff(places, []string{"square/square", "/ana"}); diff != "" {
			t.Errorf("rooms (-got +want):\n%s", diff)
		}
	})
	t.Run("not for nobody, and not on for who is deactivated meanwhile", func(t *testing.T) {
		mine := &chat.MyData{Store: h.Store}
		_, err := mine.Portrait(h.ctx, chat.Actor{})
		wantErr(t, err, chat.Unauthenticated, "")
		eva := h.account("eva")
		h.sayMany(eva, square.ID, 600)
		portrait, err := mine.Portrait(h.ctx, eva)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		var last error
		for _, err := range mine.Utterances(h.ctx, eva, portrait.Upto) {
			if last = err; err != nil {
				break
			}
			if got++; got == 1 {
				h.write(func(tx chat.Tx) error {
					u, err := tx.User(eva.User)
					u.Deactivated = true
					if err != nil {
						return err
					}
					return tx.UpdateUser(u)
				})
			}
		}
		if chat.KindOf(last) != chat.Forbidden || got > 500 {
			t.Errorf("got %d messages and then %v, want no second piece", got, last)
		}
	})
}

// authors are who wrote a room's messages, as somebody sees them.
func authors(t *testing.T, h *house, a chat.Actor, ref string) map[string]int {
	t.Helper()
	history, err := h.History(h.ctx, a, ref, chat.Page{Limit: chat.PageLimit})
	if err != nil {
		t.Fatal(err)
	}
	names := map[chat.UserID]string{}
	for _, p := range history.People {
		names[p.ID] = p.Name
	}
	count := map[string]int{}
	for _, m := range history.Messages {
		count[names[m.By]]++
	}
	return count
}

func TestDeleteMyself(t *testing.T) {
	h := newHouse(t)
	mine := &chat.MyData{Store: h.Store}
	olga, ana, ben := h.account("olga"), h.account("ana"), h.account("ben")
	h.promote(olga, chat.Owner)
	square := h.make(ana, chat.NewRoom{Kind: chat.Public, Name: "square"})
	garden := h.make(ben, chat.NewRoom{Kind: chat.Private, Name: "garden", Users: []chat.UserID{ana.User}})
	direct := h.make(ana, chat.NewRoom{Kind: chat.DirectRoom, Users: []chat.UserID{ben.User}})
	left := h.make(ana, chat.NewRoom{Kind: chat.Public, Name: "left"})
	for _, room := range []chat.RoomEntry{square, garden, direct, left} {
		h.say(ben, room.ID.String(), "by ben")
		h.say(ana, room.ID.String(), "hello @ben")
	}
	if _, err := h.Leave(h.ctx, ben, left.ID.String()); err != nil {
		t.Fatal(err)
	}
	h.write(func(tx chat.Tx) error { return tx.InsertSession(chat.Session{ID: "ben's", User: ben.User, SeenAt: 1}) })
	t.Run("the only owner cannot", func(t *testing.T) {
		wantErr(t, mine.Delete(h.ctx, olga, false), chat.Forbidden, "")
		wantErr(t, mine.Delete(h.ctx, chat.Actor{}, false), chat.Unauthenticated, "")
	})
	if err := mine.Delete(h.ctx, ben, false); err != nil {
		t.Fatal(err)
	}
	t.Run("at once, for who is in few rooms, everybody sees a former member", func(t *testing.T) {
		for _, room := range []chat.RoomEntry{square, garden, direct, left} {
			if diff := cmp.Diff(authors(t, h, ana, room.ID.String()), map[string]int{"ana": 1, chat.FormerMember: 1}); diff != "" {
				t.Errorf("%s (-got +want):\n%s", room.Name, diff)
			}
			told := false
			for _, c := range h.told.of(chat.RoomLog(room.ID)) {
				told = told || c.Member != nil && c.Member.User == ben.User && c.Member.Name == chat.FormerMember
			}
			if !told {
				t.Errorf("%s was not told the new name", room.Name)
			}
		}
		entries := h.told.of(chat.UserLog(ana.User))
		last := entries[len(entries)-1].Me.Room
		if last == nil || last.Title(ana.User) != chat.FormerMember {
			t.Errorf("ana's list calls the direct room %v", last)
		}
	})
	t.Run("they are in no room, and a private room has another moderator", func(t *testing.T) {
		if diff := cmp.Diff(h.names(ana, garden.ID), []string{"ana*"}); diff != "" {
			t.Errorf("(-got +want):\n%s", diff)
		}
		if got := h.mine(ben); len(got) != 0 {
			t.Errorf("they are still in %v", got)
		}
	})
	t.Run("no session of theirs is left", func(t *testing.T) {
		if err := h.Store.Read(h.ctx, func(s chat.Snapshot) error {
			left, err := s.Sessions(ben.User)
			if left != 0 {
				t.Errorf("got %d", left)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("the name is free, and leads to nobody", func(t *testing.T) {
		again := h.account("ben")
		users := &chat.Users{Store: h.Store, Limits: h.Limits}
		if was, err := users.WasCalled(h.ctx, ben.User, "ben"); was || err != nil {
			t.Errorf("the old name is remembered: %v", err)
		}
		if again.User == ben.User {
			t.Error("the new ben is the old one")
		}
	})
	t.Run("nobody can take the name of those who are gone", func(t *testing.T) {
		users := &chat.Users{Store: h.Store, Limits: h.Limits}
		for _, name := range []string{chat.FormerMember, "Former Member", "fоrmer member"} {
			_, err := users.Guest(h.ctx, name, chat.Session{ID: chat.SessionID(name)})
			wantErr(t, err, chat.NameTaken, "username")
		}
	})
	t.Run("nothing can be done as them any more", func(t *testing.T) {
		wantErr(t, mine.Delete(h.ctx, ben, false), chat.Forbidden, "")
		_, err := h.Post(h.ctx, ben, square.ID.String(), chat.Draft{Text: "boo"})
		wantErr(t, err, chat.Forbidden, "room")
	})
	t.Run("with their messages, in every room", func(t *testing.T) {
		cat := h.account("cat")
		if _, err := h.Add(h.ctx, ana, garden.ID.String(), []chat.UserID{cat.User}); err != nil {
			t.Fatal(err)
		}
		two := h.make(ana, chat.NewRoom{Kind: chat.DirectRoom, Users: []chat.UserID{cat.User}})
		rooms := []chat.RoomEntry{square, garden, two}
		for _, room := range rooms {
			h.say(cat, room.ID.String(), "by cat")
		}
		if err := mine.Delete(h.ctx, cat, true); err != nil {
			t.Fatal(err)
		}
		h.sweep()
		for _, room := range rooms {
			history, err := h.History(h.ctx, ana, room.ID.String(), chat.Page{Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range history.Messages {
				if strings.Contains(m.Text, "cat") {
					t.Errorf("in %s there is still %q", room.Name, m.Text)
				}
			}
		}
	})
	t.Run("no line of the audit log names them", func(t *testing.T) {
		if err := h.Store.Read(h.ctx, func(s chat.Snapshot) error {
			lines, err := s.AuditList(chat.AuditQuery{})
			for _, a := range lines.Rows {
				if a.ByName == "ben" || a.Name == "ben" || strings.Contains(a.Detail, "ben") || a.Name == "cat" || a.ByName == "cat" {
					t.Errorf("%+v", a)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// reset forgets what the log was told.
func (l *told) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes, l.sizes = nil, nil
}

// most is how many changes the largest commit had, and how many commits there were.
func (l *told) most() (most, commits int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Max(l.sizes), len(l.sizes)
}

// TestDeleteInPieces has somebody go who is in more rooms than one transaction may change.
func TestDeleteInPieces(t *testing.T) {
	h := newHouse(t)
	ben := h.account("ben")
	var rooms []chat.RoomID
	h.write(func(tx chat.Tx) error {
		for n := range 1100 {
			r := chat.Room{Name: fmt.Sprint("room ", n), Kind: chat.Public, CreatedAt: 1}
			if err := tx.InsertRoom(&r); err != nil {
				return err
			}
			rooms = append(rooms, r.ID)
			if err := tx.PutMember(&chat.Member{Room: r.ID, User: ben.User, Joined: true, At: 1}); err != nil {
				return err
			}
		}
		return nil
	})
	h.told.reset()
	if err := (&chat.MyData{Store: h.Store}).Delete(h.ctx, ben, false); err != nil {
		t.Fatal(err)
	}
	most, commits := h.told.most()
	if most > 520 || commits != 1 {
		t.Errorf("the first transaction told %d changes in %d commits, want few", most, commits)
	}
	pieces := h.sweep()
	if most, _ := h.told.most(); most > 520 || pieces < 3 {
		t.Errorf("%d pieces, the largest of %d changes, want 500 at most", pieces, most)
	}
	for _, id := range rooms {
		told := h.told.of(chat.RoomLog(id))
		if len(told) != 1 || told[0].Member == nil || told[0].Member.Name != chat.FormerMember || told[0].Member.Joined {
			t.Fatalf("%s was told %+v", id, told)
		}
	}
	if got := h.mine(ben); len(got) != 0 {
		t.Errorf("they are still in %d rooms", len(got))
	}
}
