package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// testMyData holds what is read and removed of one person's.
func testMyData(t *testing.T, open opener) {
	f := newFixture(t, open)
	var ben chat.User
	var large, left chat.Room
	write(t, f, func(tx chat.Tx) error {
		ben, large, left = newUser(tx, "benjamin"), newRoom(tx, "large"), newRoom(tx, "left")
		ben.Name, ben.NameKey = "ben", chat.NameKey("ben")
		must(tx.UpdateUser(ben))
		for _, room := range []chat.RoomID{f.room.ID, large.ID, left.ID} {
			join(tx, room, ben.ID)
			say(tx, room, ben, "one")
			say(tx, room, f.ana, "not ben's")
			say(tx, room, ben, "two")
		}
		leave(tx, left.ID, ben.ID)
		must(tx.PutEmail(chat.Email{User: ben.ID, Address: "ben@example.org", Key: "ben@example.org", VerifiedAt: 1}))
		must(tx.InsertLink(chat.Link{Hash: "link", Purpose: chat.ResetLink, User: ben.ID, ExpiresAt: chat.Millis(tx.Now()) + 1e6}))
		must(tx.InsertPasskey(chat.Passkey{ID: "key", User: ben.ID, Name: "phone", Handle: "h", Credential: "{}"}))
		must(tx.InsertIdentity(chat.Identity{Issuer: "https://id.example", Subject: "ben", User: ben.ID}))
		have(tx.UseInvite(newInvite(tx, f.room.ID, ben.ID, 0).ID, ben.ID))
		must(tx.InsertAudit(&chat.Audit{By: ben.ID, ByName: "ben", Verb: "deleted", Object: "r9", Name: "a room"}))
		must(tx.InsertAudit(&chat.Audit{By: f.ana.ID, ByName: "ana", Verb: "changed", Object: ben.ID.String(), Name: "ben", Detail: `name: "benjamin" → "ben"`}))
		must(tx.InsertAudit(&chat.Audit{By: f.ana.ID, ByName: "ana", Verb: "deleted", Object: "r1/2", Name: "large, message 2", Detail: "by ben"}))
		return nil
	})
	t.Run("what somebody wrote is given in pieces, in order", func(t *testing.T) {
		read(t, f, func(s chat.Snapshot) {
			upto := have(s.NewestMessage())
			var got []string
			for after := int64(0); ; {
				rows := have(s.Written(ben.ID, after, upto, 2))
				if len(rows) == 0 {
					break
				}
				for _, m := range rows {
					got, after = append(got, m.RoomName+" "+m.Text), m.ID
				}
			}
			want := []string{f.room.Name + " one", f.room.Name + " two", "large one", "large two", "left one", "left two"}
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
			if got := have(s.Written(ben.ID, 0, 0, 9)); len(got) != 0 {
				t.Errorf("up to nothing: %v", got)
			}
		})
	})
	t.Run("memberships are given in pieces, also of rooms that were left", func(t *testing.T) {
		read(t, f, func(s chat.Snapshot) {
			first := have(s.Memberships(ben.ID, 0, 2))
			rest := have(s.Memberships(ben.ID, first[1].Room, 2))
			if len(first) != 2 || len(rest) != 1 || rest[0].Room != left.ID || rest[0].Joined {
				t.Errorf("got %v and %v", first, rest)
			}
		})
	})
	t.Run("whoever is gone is told to nobody at once, and leaves no trace", func(t *testing.T) {
		var before int64
		read(t, f, func(s chat.Snapshot) { before = have(s.Room(left.ID)).Version })
		f.log.reset()
		write(t, f, func(tx chat.Tx) error {
			must(tx.Forget(ben))
			gone := chat.User{ID: ben.ID, Name: chat.FormerMember, Kind: ben.Kind, Deactivated: true}
			must(tx.UpdateUser(gone))
			if got := have(tx.Member(left.ID, ben.ID)).Name; got != chat.FormerMember {
				t.Errorf("the same command reads the member %q", got)
			}
			for {
				n := have(tx.ForgetRows(ben.ID, 1))
				if n > 1 {
					t.Errorf("it removed %d rows, want 1 at most", n)
				}
				if n == 0 {
					break
				}
			}
			return nil
		})
		for _, c := range f.log.all() {
			if c.Log.Room() != 0 {
				t.Errorf("a room was told: %+v", c)
			}
		}
		read(t, f, func(s chat.Snapshot) {
			if got := have(s.NamesBefore(chat.NameKey("benjamin"))); len(got) != 0 {
				t.Errorf("the name before leads to %v", got)
			}
			for _, what := range []struct {
				name string
				n    int
			}{
				{"emails", len(have(s.Emails(ben.ID)))},
				{"passkeys", len(have(s.Passkeys(ben.ID)))},
				{"identities", len(have(s.Identities(ben.ID)))},
			} {
				if what.n != 0 {
					t.Errorf("%d %s are left", what.n, what.name)
				}
			}
			if _, err := s.Link("link"); chat.KindOf(err) != chat.NotFound {
				t.Errorf("the link is left: %v", err)
			}
			if i := have(s.InvitesBy(ben.ID, 0, 9)); len(i) != 1 || !i[0].Revoked || have(s.InviteUsed(i[0].ID, ben.ID)) {
				t.Errorf("the invitation is %v", i)
			}
			for _, a := range have(s.AuditList(chat.AuditQuery{})).Rows {
				for _, text := range []string{a.ByName, a.Name, a.Detail} {
					if text == "ben" || text == "by ben" || text == `name: "benjamin" → "ben"` {
						t.Errorf("the audit log says %q in %+v", text, a)
					}
				}
			}
		})
		write(t, f, func(tx chat.Tx) error { return tx.TellMember(have(tx.Member(left.ID, ben.ID))) })
		told := f.log.all(chat.RoomLog(left.ID))
		if len(told) != 1 || told[0].Member == nil || told[0].Member.Name != chat.FormerMember || told[0].Version != before+1 {
			t.Errorf("the room was told %+v, want the name at version %d", told, before+1)
		}
	})
}
