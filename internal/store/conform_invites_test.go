package store_test

import (
	"crypto/rand"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func newInvite(tx chat.Tx, room chat.RoomID, by chat.UserID, uses int64) chat.Invitation {
	i := chat.Invitation{Room: room, By: by, Uses: uses, Hash: rand.Text(), CreatedAt: 1}
	must(tx.InsertInvite(&i))
	return i
}

func testInvites(t *testing.T, open opener) {
	f := newFixture(t, open)
	t.Run("an invitation is read as it was stored", func(t *testing.T) {
		want := chat.Invitation{
			Room: f.room.ID, Role: chat.Moderator, Note: "für Zoë", ExpiresAt: 5, Uses: 3, By: f.ana.ID, CreatedAt: 4, Hash: "abc",
		}
		write(t, f, func(tx chat.Tx) error {
			must(tx.InsertInvite(&want))
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Invite(want.ID)), want); diff != "" {
				t.Errorf("by id (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(have(s.InviteByHash("abc")), want); diff != "" {
				t.Errorf("by hash (-got +want):\n%s", diff)
			}
			_, err := s.Invite(want.ID + 1000)
			wantKind(t, err, chat.NotFound)
			_, err = s.InviteByHash("")
			wantKind(t, err, chat.NotFound)
		})
	})
	t.Run("it counts each person once, and nobody beyond its uses", func(t *testing.T) {
		var i chat.Invitation
		var ben, cy chat.User
		write(t, f, func(tx chat.Tx) error {
			i, ben, cy = newInvite(tx, f.room.ID, f.ana.ID, 1), newUser(tx, "ben of it"), newUser(tx, "cy of it")
			if first, again := have(tx.UseInvite(i.ID, ben.ID)), have(tx.UseInvite(i.ID, ben.ID)); !first || again {
				t.Errorf("counted %v, then %v", first, again)
			}
			return nil
		})
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			_, err := tx.UseInvite(i.ID, cy.ID)
			return err
		})
		wantKind(t, err, chat.UsedUp)
		write(t, f, func(tx chat.Tx) error {
			_, err := tx.UseInvite(i.ID, ben.ID)
			return err
		})
		read(t, f, func(s chat.Snapshot) {
			if got := have(s.Invite(i.ID)).Used; got != 1 {
				t.Errorf("it has admitted %d, want 1", got)
			}
			if !have(s.InviteUsed(i.ID, ben.ID)) || have(s.InviteUsed(i.ID, cy.ID)) {
				t.Error("it is not ben alone who has used it")
			}
		})
	})
	t.Run("a command that fails has counted nobody", func(t *testing.T) {
		var i chat.Invitation
		write(t, f, func(tx chat.Tx) error {
			i = newInvite(tx, f.room.ID, f.ana.ID, 1)
			return nil
		})
		_ = f.Write(t.Context(), func(tx chat.Tx) error {
			have(tx.UseInvite(i.ID, f.ana.ID))
			return errors.New("no")
		})
		read(t, f, func(s chat.Snapshot) {
			if got := have(s.Invite(i.ID)).Used; got != 0 || have(s.InviteUsed(i.ID, f.ana.ID)) {
				t.Errorf("it has admitted %d", got)
			}
		})
	})
	t.Run("lists are of a room, the newest first, in pages", func(t *testing.T) {
		var ids []int64
		var room chat.Room
		write(t, f, func(tx chat.Tx) error {
			room = newRoom(tx, "of invitations")
			ben := newUser(tx, "ben of lists")
			for n := range 5 {
				by := f.ana.ID
				if n == 2 {
					by = ben.ID
				}
				ids = append([]int64{newInvite(tx, room.ID, by, 0).ID}, ids...)
			}
			must(tx.RevokeInvite(ids[0]))
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			var got []int64
			before, pages := int64(0), 0
			for more := true; more; pages++ {
				var page []chat.Invitation
				var err error
				page, more, err = s.Invites(room.ID, 0, before, 2)
				must(err)
				for _, i := range page {
					got, before = append(got, i.ID), i.ID
				}
			}
			if diff := cmp.Diff(got, ids); diff != "" || pages != 3 {
				t.Errorf("in %d pages (-got +want):\n%s", pages, diff)
			}
			if !have(s.Invite(ids[0])).Revoked {
				t.Error("the first is not revoked")
			}
			mine, more, err := s.Invites(room.ID, f.ana.ID, 0, 10)
			if err != nil || more || len(mine) != 4 {
				t.Errorf("of ana: %d, %v, %v", len(mine), more, err)
			}
			if all := have(s.InvitesBy(f.ana.ID, ids[4], 2)); len(all) != 2 || all[0].ID != ids[3] {
				t.Errorf("by ana: %v", all)
			}
		})
	})
}
