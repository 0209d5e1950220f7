package admin_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// holding is a world whose guests' first messages wait for approval.
func holding(t *testing.T) (*world, chat.RoomID) {
	t.Helper()
	w := newWorld(t)
	room := w.room("lobby")
	_, err := w.moderation.ChangeSettings(t.Context(), w.owner.actor(), chat.SettingsEdit{HoldFirst: new(true)}, "")
	check(t, err)
	w.heard.take()
	return w, room
}

func TestHeldTextIsNoMessage(t *testing.T) {
	w, room := holding(t)
	ctx := t.Context()
	first, err := w.say(w.guest, room, "k1", "buy my watches")
	check(t, err)
	if first.Held == 0 || first.Number != 0 || first.Version != 0 {
		t.Fatalf("got %+v, want what is held", first)
	}
	for _, c := range w.heard.take() {
		if c.Log != chat.UserLog(w.guest.ID) {
			t.Errorf("the log %s heard %+v", c.Log, c)
		}
		if c.Me.Held == nil || c.Me.Held.Text != "buy my watches" || c.Me.Held.ID != first.Held {
			t.Errorf("the author is told %+v, want what is held", c.Me)
		}
	}
	again, err := w.say(w.guest, room, "k1", "buy my watches")
	check(t, err)
	if again != first {
		t.Errorf("the same key again: got %+v, want %+v", again, first)
	}
	_, err = w.say(w.guest, room, "k1", "buy other watches")
	wantKind(t, "the key with another text", err, chat.KeyReused)

	opened, err := w.rooms.Open(ctx, w.owner.actor(), "lobby", chat.Opening{})
	check(t, err)
	if opened.Number != 0 || opened.Version != 1 || len(opened.Messages) != 0 {
		t.Errorf("the room is %+v, want it untouched", opened)
	}
	hello, err := w.rooms.Hello(ctx, w.guest.actor())
	check(t, err)
	if len(hello.Me.Held) != 1 || hello.Me.Held[0].Text != "buy my watches" {
		t.Errorf("the author's hello has %+v, want what is held", hello.Me.Held)
	}
	_, err = w.rooms.Held(ctx, w.member.actor(), "lobby", 0)
	wantKind(t, "what waits, by a member", err, chat.Forbidden)
	_, err = w.moderation.Held(ctx, w.guest.actor(), 0)
	wantKind(t, "what waits, by its author", err, chat.Forbidden)
	_, err = w.rooms.DecideHeld(ctx, w.guest.actor(), "lobby", first.Held, true, "")
	wantKind(t, "approved by its author", err, chat.Forbidden)

	posted, err := w.say(w.member, room, "m1", "I have an account")
	check(t, err)
	if posted.Number != 1 {
		t.Errorf("a member's message got %+v, want number 1", posted)
	}
}

func TestApproving(t *testing.T) {
	w, room := holding(t)
	ctx := t.Context()
	w.room("garden")
	first, err := w.say(w.guest, room, "k1", "one")
	check(t, err)
	_, err = w.say(w.guest, 2, "k2", "two, elsewhere")
	check(t, err)
	_, err = w.rooms.DecideHeld(ctx, w.moderator.actor(), "garden", first.Held, true, "")
	wantKind(t, "in another room", err, chat.NotFound)
	w.heard.take()
	posted, err := w.rooms.DecideHeld(ctx, w.moderator.actor(), "lobby", first.Held, true, "fine")
	check(t, err)
	var frames []string
	for _, c := range w.heard.take() {
		switch {
		case c.Message != nil:
			frames = append(frames, c.Log.String()+" "+c.Message.Text+" "+c.Message.Key)
		case c.Me != nil && c.Me.Held != nil && c.Me.Held.Gone && c.Me.Held.Number == 1 && c.Me.Held.Text == "":
			frames = append(frames, c.Log.String()+" posted")
		}
	}
	me := w.guest.ID.String()
	if diff := cmp.Diff(frames, []string{"r1 one k1", me + " posted", "r2 two, elsewhere k2", me + " posted"}); diff != "" {
		t.Errorf("frames (-got +want):\n%s", diff)
	}
	again, err := w.say(w.guest, room, "k1", "one")
	check(t, err)
	if again != posted || posted.Number != 1 {
		t.Errorf("the author's retry: got %+v, want %+v", again, posted)
	}
	next, err := w.say(w.guest, room, "k3", "three")
	check(t, err)
	if next.Number != 2 {
		t.Errorf("the next message: got %+v, want it posted", next)
	}
	_, err = w.rooms.DecideHeld(ctx, w.owner.actor(), "lobby", first.Held, false, "")
	wantKind(t, "decided twice", err, chat.NotFound)
	if diff := cmp.Diff(w.whys(1), []string{"mona|approved|r1/1|gus|fine"}); diff != "" {
		t.Errorf("log (-got +want):\n%s", diff)
	}
}

func TestRejecting(t *testing.T) {
	w, room := holding(t)
	first, err := w.say(w.guest, room, "k1", "one")
	check(t, err)
	w.heard.take()
	posted, err := w.rooms.DecideHeld(t.Context(), w.moderator.actor(), "lobby", first.Held, false, "spam")
	check(t, err)
	if posted != (chat.Posted{}) {
		t.Errorf("got %+v, want nothing posted", posted)
	}
	told := w.heard.take()
	if len(told) != 1 || told[0].Me.Held == nil || !told[0].Me.Held.Gone || told[0].Me.Held.Number != 0 || told[0].Me.Held.Text != "" {
		t.Errorf("told: %+v, want the author to hear that it is gone", told)
	}
	second, err := w.say(w.guest, room, "k2", "two")
	check(t, err)
	if second.Held == 0 {
		t.Errorf("after a rejection: got %+v, want it held", second)
	}
}

func TestWhatWaitsIsBoundedAndGoesWithItsAuthor(t *testing.T) {
	w, room := holding(t)
	ctx := t.Context()
	for range 10 {
		_, err := w.say(w.guest, room, "", "spam")
		check(t, err)
	}
	_, err := w.say(w.guest, room, "", "spam")
	wantKind(t, "the eleventh", err, chat.RateLimited)
	_, err = w.moderation.Mute(ctx, w.moderator.actor(), w.guest.ID, chat.Forever, "")
	check(t, err)
	list, err := w.rooms.Held(ctx, w.moderator.actor(), "lobby", 0)
	check(t, err)
	_, err = w.rooms.DecideHeld(ctx, w.moderator.actor(), "lobby", list.Held[0].ID, true, "")
	wantKind(t, "approved although the author is muted", err, chat.Conflict)
	if list, err = w.rooms.Held(ctx, w.moderator.actor(), "lobby", 0); err != nil || len(list.Held) != 10 {
		t.Errorf("%d wait (%v), want all 10", len(list.Held), err)
	}
	_, err = w.moderation.Ban(ctx, w.moderator.actor(), w.guest.ID, chat.Ban{})
	check(t, err)
	if list, err = w.rooms.Held(ctx, w.moderator.actor(), "lobby", 0); err != nil || len(list.Held) != 0 {
		t.Errorf("%d wait (%v) after the ban, want none", len(list.Held), err)
	}
}

func TestWhatWaitsGoesWithAnAuthorWhoIsDeleted(t *testing.T) {
	w, room := holding(t)
	_, err := w.say(w.guest, room, "", "hello")
	check(t, err)
	_, err = w.admin.DeleteUsers(t.Context(), w.owner.actor(), []chat.UserID{w.guest.ID}, false)
	check(t, err)
	if list, err := w.rooms.Held(t.Context(), w.moderator.actor(), "lobby", 0); err != nil || len(list.Held) != 0 {
		t.Errorf("%d wait (%v) after the author was deleted, want none", len(list.Held), err)
	}
}

func TestHeldTextOfATimeBeforeTheSettingEnded(t *testing.T) {
	w, room := holding(t)
	ctx := t.Context()
	first, err := w.say(w.guest, room, "k1", "one")
	check(t, err)
	_, err = w.moderation.ChangeSettings(ctx, w.owner.actor(), chat.SettingsEdit{HoldFirst: new(false)}, "")
	check(t, err)
	posted, err := w.say(w.guest, room, "k1", "one")
	check(t, err)
	approved, err := w.rooms.DecideHeld(ctx, w.moderator.actor(), "lobby", first.Held, true, "")
	check(t, err)
	if posted.Number != 1 || approved != posted {
		t.Errorf("posted as %+v, approved as %+v, want one message", posted, approved)
	}
}

func TestSlowRooms(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	room := w.room("lobby")
	_, err := w.say(w.guest, room, "g1", "before it was slow")
	check(t, err)
	slow := func(seconds int) {
		t.Helper()
		check(t, w.store.Write(ctx, func(tx chat.Tx) error {
			r, err := tx.Room(room)
			if err != nil {
				return err
			}
			r.Slow = seconds
			return tx.UpdateRoom(&r)
		}))
	}
	slow(3600)
	_, err = w.say(w.guest, room, "g2", "too soon")
	wantKind(t, "right after one from before", err, chat.RateLimited)
	if e := chat.AsError(err); e == nil || e.RetryAfter < 3500 || e.RetryAfter > 3600 || !strings.Contains(e.Message, "slow") {
		t.Errorf("got %+v, want to wait for an hour", e)
	}
	again, err := w.say(w.guest, room, "g1", "before it was slow")
	if err != nil || again.Number != 1 {
		t.Errorf("the same key again: got %+v, %v; want the first answer", again, err)
	}
	_, err = w.say(w.member, room, "", "one")
	check(t, err)
	_, err = w.say(w.member, room, "", "two")
	wantKind(t, "the second of a member", err, chat.RateLimited)
	for range 2 {
		_, err = w.say(w.moderator, room, "", "I moderate")
		check(t, err)
	}

	w.stop()
	w.open()
	_, err = w.say(w.member, room, "", "three")
	wantKind(t, "after a restart", err, chat.RateLimited)
	slow(0)
	_, err = w.say(w.member, room, "", "four")
	check(t, err)
	slow(60)
	_, err = w.say(w.member, room, "", "five")
	wantKind(t, "slow again", err, chat.RateLimited)
	check(t, w.store.Write(ctx, func(tx chat.Tx) error { return tx.Spoke(room, w.member.ID, chat.Millis(tx.Now())-60_000) }))
	_, err = w.say(w.member, room, "", "a minute later")
	check(t, err)
}
