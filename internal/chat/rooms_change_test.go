package chat_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// change changes a room, which has to succeed.
func (h *house) change(a chat.Actor, room chat.RoomID, c chat.RoomChange) int64 {
	h.t.Helper()
	version, err := h.Change(h.ctx, a, room.String(), c)
	if err != nil {
		h.t.Fatalf("%+v: %v", c, err)
	}
	return version
}

func TestRenameRoom(t *testing.T) {
	h := newHouse(t)
	ana, ben := h.account("ana"), h.account("ben")
	room := h.make(ana, chat.NewRoom{Name: "garden"})
	h.change(ana, room.ID, chat.RoomChange{Name: new("  park "), Topic: new("Green"), Slow: new(30)})
	t.Run("addresses with the former name lead to it, and joining by it joins it", func(t *testing.T) {
		for _, name := range []string{"park", "garden"} {
			got, err := h.Named(h.ctx, ben, name)
			wantErr(t, err, "", "")
			if got.ID != room.ID || got.Name != "park" || got.Topic != "Green" || got.Slow != 30 {
				t.Errorf("%s: got %+v", name, got)
			}
		}
		joined, err := h.Join(h.ctx, ben, "garden")
		wantErr(t, err, "", "")
		if joined.Room != room.ID {
			t.Errorf("got %+v, want %s", joined, room.ID)
		}
	})
	t.Run("a new room of the former name takes it over", func(t *testing.T) {
		next := h.make(ben, chat.NewRoom{Name: "garden"})
		if got, err := h.Named(h.ctx, ana, "garden"); err != nil || got.ID != next.ID {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err := h.Change(h.ctx, ana, room.ID.String(), chat.RoomChange{Name: new("garden")})
		wantErr(t, err, chat.NameTaken, "name")
	})
	t.Run("what is so already is no change, and what cannot be changes nothing", func(t *testing.T) {
		before := h.change(ana, room.ID, chat.RoomChange{})
		if after := h.change(ana, room.ID, chat.RoomChange{Name: new("park"), Topic: new(" Green "), Slow: new(30)}); after != before {
			t.Errorf("got version %d, want %d", after, before)
		}
		for field, c := range map[string]chat.RoomChange{
			"name": {Name: new("api")}, "topic": {Topic: new("a\nb")}, "slow": {Slow: new(-1)},
			"description": {Description: new(strings.Repeat("x", 2001))}, "kind": {Kind: new(chat.DirectRoom)},
		} {
			c.NoPreview = new(true)
			_, err := h.Change(h.ctx, ana, room.ID.String(), c)
			if e := chat.AsError(err); e == nil || e.Field != field {
				t.Errorf("%s: got %v", field, err)
			}
		}
		if after := h.change(ana, room.ID, chat.RoomChange{}); after != before {
			t.Errorf("got version %d, want %d", after, before)
		}
	})
	t.Run("it is for who moderates the room", func(t *testing.T) {
		_, err := h.Change(h.ctx, ben, room.ID.String(), chat.RoomChange{Topic: new("mine")})
		wantErr(t, err, chat.Forbidden, "room")
	})
}

func TestArchiveRoom(t *testing.T) {
	h := newHouse(t)
	ana, ben := h.account("ana"), h.account("ben")
	room := h.make(ana, chat.NewRoom{Name: "old", Users: []chat.UserID{ben.User}})
	ref := room.ID.String()
	_, err := h.Post(h.ctx, ben, ref, chat.Draft{Text: "hello"})
	wantErr(t, err, "", "")
	h.change(ana, room.ID, chat.RoomChange{Archived: new(true)})
	t.Run("it is read, and nothing is written", func(t *testing.T) {
		if page, err := h.History(h.ctx, ben, ref, chat.Page{}); err != nil || len(page.Messages) != 1 {
			t.Errorf("got %+v, %v", page, err)
		}
		for what, err := range map[string]error{
			"post":   fails(h.Post(h.ctx, ana, ref, chat.Draft{Text: "more"})),
			"edit":   fails(h.Edit(h.ctx, ben, ref, 1, 4, "other")),
			"rename": fails(h.Change(h.ctx, ana, ref, chat.RoomChange{Name: new("older")})),
			"join":   fails(h.Join(h.ctx, h.account("cy"), ref)),
			"add":    fails(h.Add(h.ctx, ana, ref, []chat.UserID{ben.User})),
		} {
			if chat.KindOf(err) != chat.Forbidden {
				t.Errorf("%s: got %v, want forbidden", what, err)
			}
		}
	})
	t.Run("it comes back, and with another name if that is wanted", func(t *testing.T) {
		_, err := h.Change(h.ctx, ben, ref, chat.RoomChange{Archived: new(false)})
		wantErr(t, err, chat.Forbidden, "room")
		h.change(ana, room.ID, chat.RoomChange{Archived: new(false), Name: new("new")})
		_, err = h.Post(h.ctx, ben, "old", chat.Draft{Text: "more"})
		wantErr(t, err, "", "")
	})
}

func TestConvertRoom(t *testing.T) {
	h := newHouse(t)
	ana, ben, cy, mod := h.account("ana"), h.account("ben"), h.account("cy"), h.account("mod")
	h.promote(mod, chat.Moderator)
	room := h.make(ana, chat.NewRoom{Name: "club", Users: []chat.UserID{ben.User}})
	ref := room.ID.String()
	h.change(ana, room.ID, chat.RoomChange{Kind: new(chat.Private)})
	entry := func() chat.RoomEntry {
		list, err := h.Entries(h.ctx, ana, []chat.RoomID{room.ID})
		if err != nil || len(list) != 1 {
			t.Fatalf("got %+v, %v", list, err)
		}
		return list[0]
	}
	t.Run("a room that became private is for its members only", func(t *testing.T) {
		wantErr(t, fails(h.Open(h.ctx, ben, ref, chat.Opening{})), "", "")
		for _, name := range []string{ref, "club", entry().Address} {
			for _, actor := range []chat.Actor{{}, cy, mod} {
				wantErr(t, fails(h.Open(h.ctx, actor, name, chat.Opening{})), chat.NotFound, "room")
			}
		}
		server := h.told.of(chat.ServerLog)
		if last := server[len(server)-1].Server.Room; last.ID != room.ID || !last.Deleted || last.Address != "" {
			t.Errorf("the list was told %+v, want that the room is gone", last)
		}
		changes := h.told.of(chat.RoomLog(room.ID))
		if last := changes[len(changes)-1]; !last.Ends || last.Gone != 0 {
			t.Errorf("the room was told %+v, want that others end", last)
		}
	})
	t.Run("its name is free, and it needs a free one to become public", func(t *testing.T) {
		h.make(cy, chat.NewRoom{Name: "club"})
		wantErr(t, fails(h.Change(h.ctx, ana, ref, chat.RoomChange{Kind: new(chat.Public)})), chat.NameTaken, "name")
		wantErr(t, fails(h.Change(h.ctx, ben, ref, chat.RoomChange{Kind: new(chat.Public), Name: new("our club")})), chat.Forbidden, "room")
		address := entry().Address
		h.change(ana, room.ID, chat.RoomChange{Kind: new(chat.Public), Name: new("our club")})
		for _, name := range []string{"our club", address} {
			if got, err := h.Named(h.ctx, chat.Actor{}, name); err != nil || got.ID != room.ID || got.Segment() != "our club" {
				t.Errorf("%s: got %+v, %v", name, got, err)
			}
		}
	})
	t.Run("whoever makes it private is in it, and moderates it if nobody does", func(t *testing.T) {
		gus := h.user("gus", chat.Guest)
		made := h.make(gus, chat.NewRoom{Name: "by a guest"})
		h.change(mod, made.ID, chat.RoomChange{Kind: new(chat.Private)})
		if diff := cmp.Diff(h.names(gus, made.ID), []string{"gus", "mod*"}); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
		led := h.make(ana, chat.NewRoom{Name: "led"})
		h.change(mod, led.ID, chat.RoomChange{Kind: new(chat.Private)})
		if diff := cmp.Diff(h.names(ana, led.ID), []string{"ana*", "mod"}); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
	})
}

func TestNoPreview(t *testing.T) {
	h := newHouse(t)
	ana, ben := h.account("ana"), h.account("ben")
	room := h.make(ana, chat.NewRoom{Name: "club"})
	h.change(ana, room.ID, chat.RoomChange{NoPreview: new(true)})
	wantErr(t, fails(h.Open(h.ctx, ben, "club", chat.Opening{})), chat.Forbidden, "room")
	wantErr(t, fails(h.Open(h.ctx, chat.Actor{}, "club", chat.Opening{})), chat.Unauthenticated, "room")
	st, err := h.StandNamed(h.ctx, ben, "club")
	wantErr(t, err, "", "")
	if st.Room.ID != room.ID || st.Can(chat.Join) != nil || st.Can(chat.Read) == nil {
		t.Errorf("got %+v, want that ben may join", st)
	}
	wantErr(t, fails(h.Join(h.ctx, ben, "club")), "", "")
	wantErr(t, fails(h.Open(h.ctx, ben, "club", chat.Opening{})), "", "")
}

func TestDropRoom(t *testing.T) {
	h := newHouse(t)
	ana, ben := h.account("ana"), h.account("ben")
	for _, kind := range []chat.RoomKind{chat.Public, chat.Private} {
		room := h.make(ana, chat.NewRoom{Kind: kind, Name: "doomed", Users: []chat.UserID{ben.User}})
		ref := room.ID.String()
		wantErr(t, fails(h.Post(h.ctx, ben, ref, chat.Draft{Text: "hello"})), "", "")
		wantErr(t, h.Drop(h.ctx, ben, ref), chat.Forbidden, "room")
		wantErr(t, h.Drop(h.ctx, ana, ref), "", "")
		wantErr(t, h.Drop(h.ctx, ana, ref), chat.NotFound, "room")
		wantErr(t, fails(h.Open(h.ctx, ben, ref, chat.Opening{})), chat.NotFound, "room")
		mine := h.told.of(chat.UserLog(ben.User))
		if last := mine[len(mine)-1].Me.Room; last.ID != room.ID || !last.Deleted {
			t.Errorf("ben was told %+v, want that the room is gone", last)
		}
		admin := &chat.Admin{Store: h.Store, Limits: h.Limits}
		for more := true; more; {
			var err error
			if more, err = admin.Sweep(h.ctx); err != nil {
				t.Fatal(err)
			}
		}
		h.write(func(tx chat.Tx) error {
			if _, err := tx.Message(room.ID, 1); chat.KindOf(err) != chat.NotFound {
				t.Errorf("the message is there: %v", err)
			}
			return nil
		})
	}
}
