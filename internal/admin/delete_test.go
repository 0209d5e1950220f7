package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestDeletingMessages(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	for _, text := range []string{"one", "two", "three"} {
		w.post(w.guest, room, text)
	}
	w.want("nothing ticked", w.send(w.owner, "/admin/messages/delete"), http.StatusNotFound, "Nothing is ticked")
	w.want("nonsense ticked", w.send(w.owner, "/admin/messages/delete", "pick", "x/y", "pick", "1"), http.StatusNotFound)
	w.heard.take()
	asked := w.send(w.owner, "/admin/messages/delete", "pick", "1/1", "pick", "1/3", "pick", "9/9", "back", "room=r1")
	w.want("asked first", asked, http.StatusOK, "Delete 2 messages?", ">one<", ">three<", `name="confirm" value="yes"`)
	if changes := w.heard.take(); len(changes) > 0 {
		t.Errorf("asking changed something: %v", changes)
	}
	deleted := w.send(w.owner, "/admin/messages/delete", "confirm", "yes", "pick", "1/1", "pick", "1/3", "pick", "9/9", "back", "room=r1")
	if got, want := deleted.header.Get("Location"), "/admin/messages/?done=deleted&n=2&room=r1"; got != want {
		t.Errorf("after deleting: got sent to %q, want %q\n%s", got, want, deleted.body)
	}
	changes := w.heard.take()
	if len(changes) != 2 || !changes[0].Message.Deleted || changes[0].Message.Text != "" || changes[1].Message.Number != 3 {
		t.Errorf("open pages were told %v, want two tombstones", changes)
	}
	if diff := cmp.Diff(w.audit(2), []string{
		"olga deleted r1/3 lobby, message 3 by gus", "olga deleted r1/1 lobby, message 1 by gus",
	}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}
	w.want("twice", w.send(w.owner, "/admin/messages/delete", "confirm", "yes", "pick", "1/1"), http.StatusSeeOther)
	if changes := w.heard.take(); len(changes) > 0 {
		t.Errorf("deleting twice changed something: %v", changes)
	}
	fields := []string{"confirm", "yes"}
	for i := range chat.BulkLimit + 1 {
		fields = append(fields, "pick", fmt.Sprintf("1/%d", i))
	}
	w.want("too many", w.send(w.owner, "/admin/messages/delete", fields...), http.StatusRequestEntityTooLarge, "At most 500")
}

func TestDeletingARoomAnswersAtOnce(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	w.fill(w.guest, room, 1200)
	w.post(w.guest, room, "a member")
	w.want("asked first", w.get(w.owner, "/admin/rooms/delete?pick=1"), http.StatusOK, "Delete this room?", "1,201 messages", "1 member<")
	w.heard.take()
	w.want("deleted", w.send(w.owner, "/admin/rooms/delete", "confirm", "yes", "pick", "1"), http.StatusSeeOther)
	told := map[chat.LogID]bool{}
	for _, c := range w.heard.take() {
		told[c.Log] = true
	}
	if len(told) != 3 || !told[chat.RoomLog(room)] || !told[chat.ServerLog] || !told[chat.UserLog(w.guest.ID)] {
		t.Errorf("told %v, want the room, the server and the member, each once", told)
	}
	w.want("list", w.get(w.owner, "/admin/messages/"), http.StatusOK, "0 messages")
	w.want("a message of it", w.get(w.owner, "/admin/messages/1/1/"), http.StatusNotFound)
	w.want("the room", w.get(w.owner, "/admin/rooms/1/"), http.StatusNotFound)
	w.want("twice", w.send(w.owner, "/admin/rooms/delete", "confirm", "yes", "pick", "1"), http.StatusSeeOther)
	if again := w.room("lobby"); again == room {
		t.Error("the name is not free")
	}
	if left := w.left(room); left != 1202 {
		t.Errorf("got %d rows before the purge, want 1202", left)
	}
	w.purge(func() bool { return w.left(room) == 0 })
	if diff := cmp.Diff(w.audit(2), []string{"olga added r2 lobby", "olga deleted r1 lobby"}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}
}

// left counts the rows of a room that is deleted: messages and members.
func (w *world) left(room chat.RoomID) int {
	w.t.Helper()
	n := 0
	check(w.t, w.store.Read(context.Background(), func(s chat.Snapshot) error {
		for after := int64(0); ; after += 5000 {
			messages, _, err := s.MessagesAfter(room, after, 5000)
			n += len(messages)
			if err != nil || after > 50_000 {
				return err
			}
			if after == 0 {
				for _, p := range []person{w.guest, w.member} {
					if _, err := s.Member(room, p.ID); err == nil {
						n++
					}
				}
			}
		}
	}))
	return n
}

// purge runs the Purger until done, or fails the test after a while.
func (w *world) purge(done func() bool) {
	w.t.Helper()
	w.purgeWhile(func() {}, done)
}

// purgeWhile runs the Purger, does something meanwhile, and waits until done, which is asked after every change of the store.
func (w *world) purgeWhile(do func(), done func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- w.purger.Run(ctx) }()
	do()
	for !done() {
		if ctx.Err() != nil {
			w.t.Fatal("the purge did not come to its end")
		}
		// A command of our own waits for the Purger's before it.
		check(w.t, w.store.Write(ctx, func(chat.Tx) error { return nil }))
	}
	cancel()
	check(w.t, <-ended)
}

func TestPurgeGoesOnAfterAKill(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	w.fill(w.guest, room, 2600)
	if _, err := w.admin.DeleteRooms(t.Context(), w.owner.actor(), []chat.RoomID{room}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if more, err := w.admin.Sweep(t.Context()); err != nil || !more {
			t.Fatalf("Sweep: got %v, %v", more, err)
		}
	}
	if left := w.left(room); left != 1101 {
		t.Errorf("got %d rows after three pieces, want 1,100 messages and their author: at most 500 a piece", left)
	}
	w.stop()
	w.open()
	w.purge(func() bool {
		more, err := w.admin.Sweep(t.Context())
		check(t, err)
		return !more
	})
	if left := w.left(room); left != 0 {
		t.Errorf("got %d rows after all is done, want none", left)
	}
}

func TestDeletionsWakeThePurger(t *testing.T) {
	w := newWorld(t)
	for i := range 3 {
		room := w.room(fmt.Sprint("room ", i))
		w.fill(w.guest, room, 3)
		w.purgeWhile(func() {
			w.send(w.owner, "/admin/rooms/delete", "confirm", "yes", "pick", fmt.Sprint(int64(room)))
		}, func() bool { return w.left(room) == 0 })
	}
	ref := w.post(w.member, w.room("lobby"), "hi")
	w.purgeWhile(func() {
		w.send(w.owner, "/admin/users/delete", "confirm", "yes", "messages", "delete", "pick", fmt.Sprint(int64(w.member.ID)))
	}, func() bool {
		rows, err := w.admin.MessageDetails(t.Context(), w.owner.actor(), []chat.MessageRef{ref})
		check(t, err)
		return len(rows) == 0
	})
}

func TestDeletingAUserKeepingTheMessages(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	ref := w.post(w.guest, room, "stays")
	pick := fmt.Sprint(int64(w.guest.ID))
	w.want("asked first", w.get(w.owner, "/admin/users/delete?pick="+pick), http.StatusOK, "1 message<", "1 room<", "1 device<", `value="keep"`)
	w.want("not chosen", w.send(w.owner, "/admin/users/delete", "confirm", "yes", "pick", pick), http.StatusUnprocessableEntity,
		"Please choose what becomes of their messages.")
	w.want("deleted", w.send(w.administrator, "/admin/users/delete", "confirm", "yes", "messages", "keep", "pick", pick), http.StatusSeeOther)
	w.purge(func() bool { return w.membership(room, w.guest) == "left" })
	row, err := w.admin.MessageDetails(t.Context(), w.owner.actor(), []chat.MessageRef{ref})
	if err != nil || len(row) != 1 || row[0].ByName != "gus" || row[0].Text != "stays" {
		t.Errorf("the message: got %v, %v", row, err)
	}
	if again := w.join("gus"); again.ID == w.guest.ID {
		t.Error("the name leads to the deleted user")
	}
	w.want("their form", w.get(w.owner, "/admin/users/"+pick+"/"), http.StatusOK, "Delete…")
	if diff := cmp.Diff(w.audit(1), []string{"adam deleted u5 gus messages kept"}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}
	if n, err := w.admin.DeleteUsers(t.Context(), w.owner.actor(), []chat.UserID{w.guest.ID}, false); n != 0 || err != nil {
		t.Errorf("deleting twice: got %d, %v", n, err)
	}
}

// membership is whether somebody is a member of a room.
func (w *world) membership(room chat.RoomID, p person) (state string) {
	w.t.Helper()
	check(w.t, w.store.Read(context.Background(), func(s chat.Snapshot) error {
		m, err := s.Member(room, p.ID)
		state = "left"
		if m.Joined {
			state = "joined"
		}
		return err
	}))
	return state
}

func TestDeletingAUserWithTheMessages(t *testing.T) {
	w := newWorld(t)
	room, gone := w.room("lobby"), w.room("gone")
	w.post(w.guest, gone, "in a room that goes too")
	for range 4 {
		w.fill(w.guest, room, 300)
		w.fill(w.member, room, 10)
	}
	if _, err := w.admin.DeleteRooms(t.Context(), w.owner.actor(), []chat.RoomID{gone}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.admin.DeleteUsers(t.Context(), w.owner.actor(), []chat.UserID{w.guest.ID}, true); err != nil {
		t.Fatal(err)
	}
	w.heard.take()
	for range 3 { // leaving, then messages: what people see goes before the purge
		if _, err := w.admin.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tombstones := 0
	for _, c := range w.heard.take() {
		if c.Message != nil && c.Message.Deleted {
			tombstones++
		}
	}
	if tombstones != 1000 {
		t.Errorf("got %d tombstones after two pieces, want 1000", tombstones)
	}
	w.stop()
	w.open()
	count := func() int {
		list, err := w.admin.Messages(t.Context(), w.owner.actor(), chat.MessageQuery{Author: w.guest.ID})
		check(t, err)
		return list.Count.N
	}
	w.purge(func() bool { return count() == 0 && w.left(gone) == 0 })
	list, err := w.admin.Messages(t.Context(), w.owner.actor(), chat.MessageQuery{Room: room})
	if err != nil || list.Count.N != 40 {
		t.Errorf("messages of others: got %d, %v, want all 40", list.Count.N, err)
	}
	for _, c := range w.heard.take() {
		if c.Log == chat.RoomLog(gone) {
			t.Error("the deleted room was told of something")
		}
	}
}

func TestWhatAReactivatedUserWritesIsNotDeleted(t *testing.T) {
	w := newWorld(t)
	room := w.room("lobby")
	w.fill(w.member, room, 3)
	if _, err := w.admin.DeleteUsers(t.Context(), w.owner.actor(), []chat.UserID{w.member.ID}, true); err != nil {
		t.Fatal(err)
	}
	user := w.user(w.member.ID)
	_, err := w.admin.EditUser(t.Context(), w.owner.actor(), user.ID, user.Edit(), chat.UserEdit{Name: user.Name})
	check(t, err)
	w.post(w.member, room, "I am back")
	w.purge(func() bool {
		list, err := w.admin.Messages(t.Context(), w.owner.actor(), chat.MessageQuery{Author: w.member.ID})
		check(t, err)
		return list.Count.N == 1
	})
}
