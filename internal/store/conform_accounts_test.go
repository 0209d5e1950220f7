package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/store"
)

func testEmails(t *testing.T, open opener) {
	f := newFixture(t, open)
	var ben chat.User
	write(t, f, func(tx chat.Tx) error {
		ben = newUser(tx, "ben")
		return nil
	})
	claimed := chat.Email{User: f.ana.ID, Address: "Ana@example.org", Key: "ana@example.org", CreatedAt: 5}
	t.Run("an address that is not verified is its user's, and found by nobody", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			must(tx.PutEmail(claimed))
			must(tx.PutEmail(chat.Email{User: ben.ID, Address: claimed.Address, Key: claimed.Key, CreatedAt: 6}))
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Emails(f.ana.ID)), []chat.Email{claimed}); diff != "" {
				t.Errorf("emails (-got +want):\n%s", diff)
			}
			_, err := s.VerifiedEmail(claimed.Key)
			wantKind(t, err, chat.NotFound)
			_, err = s.VerifiedEmail("")
			wantKind(t, err, chat.NotFound)
		})
	})
	t.Run("one that is verified is found, and is one user's", func(t *testing.T) {
		verified := claimed
		verified.VerifiedAt = 7
		write(t, f, func(tx chat.Tx) error { return tx.PutEmail(verified) })
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.VerifiedEmail(claimed.Key)), verified); diff != "" {
				t.Errorf("by key (-got +want):\n%s", diff)
			}
		})
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			return tx.PutEmail(chat.Email{User: ben.ID, Address: claimed.Address, Key: claimed.Key, VerifiedAt: 8})
		})
		wantKind(t, err, chat.Conflict)
	})
	t.Run("the newest comes first, and all but one are forgotten", func(t *testing.T) {
		second := chat.Email{User: f.ana.ID, Address: "a2@example.org", Key: "a2@example.org", CreatedAt: 9}
		write(t, f, func(tx chat.Tx) error {
			must(tx.PutEmail(second))
			if got := have(tx.Emails(f.ana.ID)); len(got) != 2 || got[0] != second {
				t.Errorf("got %v, want %v first of two", got, second)
			}
			must(tx.DeleteEmails(f.ana.ID, second.Key))
			if diff := cmp.Diff(have(tx.Emails(f.ana.ID)), []chat.Email{second}); diff != "" {
				t.Errorf("all but one (-got +want):\n%s", diff)
			}
			must(tx.DeleteEmails(f.ana.ID, ""))
			if got := have(tx.Emails(f.ana.ID)); len(got) != 0 {
				t.Errorf("got %v, want none", got)
			}
			if got := have(tx.Emails(ben.ID)); len(got) != 1 {
				t.Errorf("got %v, want ben's own", got)
			}
			return nil
		})
	})
}

func testLinks(t *testing.T, open opener) {
	now := time.UnixMilli(1_000_000)
	f := newFixture(t, func(t testing.TB, c store.Config) chat.Store {
		c.Clock = func() time.Time { return now }
		return open(t, c)
	})
	link := func(hash string, purpose chat.LinkPurpose, user chat.UserID, life time.Duration) chat.Link {
		return chat.Link{Hash: hash, Purpose: purpose, User: user, Detail: "d" + hash, ExpiresAt: chat.Millis(now.Add(life))}
	}
	var ben chat.User
	write(t, f, func(tx chat.Tx) error {
		ben = newUser(tx, "ben")
		must(tx.InsertLink(link("1", chat.ResetLink, f.ana.ID, time.Hour)))
		must(tx.InsertLink(link("2", chat.MoveLink, f.ana.ID, time.Minute)))
		must(tx.InsertLink(link("3", chat.ResetLink, ben.ID, time.Hour)))
		must(tx.InsertLink(link("4", chat.VerifyLink, f.ana.ID, time.Hour)))
		return nil
	})
	live := func() string {
		all := ""
		read(t, f, func(s chat.Snapshot) {
			for _, hash := range []string{"1", "2", "3", "4", "5"} {
				switch _, err := s.Link(hash); chat.KindOf(err) {
				case "":
					all += hash
				case chat.NotFound:
				default:
					t.Error(err)
				}
			}
		})
		return all
	}
	t.Run("a link is read as it was stored", func(t *testing.T) {
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Link("1")), link("1", chat.ResetLink, f.ana.ID, time.Hour)); diff != "" {
				t.Errorf("link (-got +want):\n%s", diff)
			}
		})
		if got := live(); got != "1234" {
			t.Errorf("got %s, want 1234", got)
		}
	})
	t.Run("one that has expired is not found, from that millisecond on", func(t *testing.T) {
		now = now.Add(time.Minute - time.Millisecond)
		if got := live(); got != "1234" {
			t.Errorf("just before: got %s, want 1234", got)
		}
		now = now.Add(time.Millisecond)
		if got := live(); got != "134" {
			t.Errorf("got %s, want 134", got)
		}
	})
	t.Run("those of a user for a purpose are forgotten, or all", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error { return tx.DeleteLinks(f.ana.ID, chat.ResetLink) })
		if got := live(); got != "34" {
			t.Errorf("reset links: got %s, want 34", got)
		}
		write(t, f, func(tx chat.Tx) error { return tx.DeleteLinks(f.ana.ID, "") })
		if got := live(); got != "3" {
			t.Errorf("all links: got %s, want 3", got)
		}
		write(t, f, func(tx chat.Tx) error { return tx.DeleteLink("3") })
		if got := live(); got != "" {
			t.Errorf("got %s, want none", got)
		}
	})
}

func testSessionsOf(t *testing.T, open opener) {
	f := newFixture(t, open)
	write(t, f, func(tx chat.Tx) error {
		ben := newUser(tx, "ben")
		must(tx.InsertSession(chat.Session{ID: "s1", User: ben.ID, CreatedAt: 1, SeenAt: 10, Agent: "a", Address: "192.0.2.7"}))
		must(tx.InsertSession(chat.Session{ID: "s2", User: ben.ID, CreatedAt: 2, SeenAt: 30}))
		must(tx.InsertSession(chat.Session{ID: "s3", User: ben.ID, CreatedAt: 3, SeenAt: 20}))
		want := []chat.SessionID{"s2", "s3", "s1"}
		var got []chat.SessionID
		all := have(tx.SessionsOf(ben.ID))
		for _, s := range all {
			got = append(got, s.ID)
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("sessions (-got +want):\n%s", diff)
		}
		if diff := cmp.Diff(all[2], chat.Session{ID: "s1", User: ben.ID, CreatedAt: 1, SeenAt: 10, Agent: "a", Address: "192.0.2.7"}); diff != "" {
			t.Errorf("a session (-got +want):\n%s", diff)
		}
		return nil
	})
}
