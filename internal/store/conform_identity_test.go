package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func testPasskeys(t *testing.T, open opener) {
	f := newFixture(t, open)
	first := chat.Passkey{ID: "a", User: f.ana.ID, Name: "phone", Handle: "h", Credential: `{"x":1}`, CreatedAt: 5}
	second := chat.Passkey{ID: "b", User: f.ana.ID, Name: "key", Handle: "h", Credential: `{}`, CreatedAt: 3, SeenAt: 7}
	t.Run("are read as they were stored, the oldest first", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			must(tx.InsertPasskey(first))
			must(tx.InsertPasskey(second))
			if diff := cmp.Diff(have(tx.Passkey("a")), first); diff != "" {
				t.Errorf("in the same command (-got +want):\n%s", diff)
			}
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Passkeys(f.ana.ID)), []chat.Passkey{second, first}); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
			if got := have(s.Passkeys(f.ana.ID + 1000)); len(got) != 0 {
				t.Errorf("got %v of somebody else", got)
			}
			_, err := s.Passkey("c")
			wantKind(t, err, chat.NotFound)
		})
	})
	t.Run("an id is one person's", func(t *testing.T) {
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			return tx.InsertPasskey(chat.Passkey{ID: "a", User: newUser(tx, "thief").ID})
		})
		wantKind(t, err, chat.Conflict)
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Passkey("a")), first); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
		})
	})
	t.Run("what is decided about one changes, and whose it is does not", func(t *testing.T) {
		changed := first
		changed.Name, changed.Credential, changed.SeenAt = "tablet", `{"x":2}`, 9
		write(t, f, func(tx chat.Tx) error {
			with := changed
			with.User, with.Handle, with.CreatedAt = f.ana.ID+1, "other", 1
			must(tx.UpdatePasskey(with))
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Passkey("a")), changed); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
		})
	})
	t.Run("are removed one by one", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			must(tx.DeletePasskey("a"))
			must(tx.DeletePasskey("c"))
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Passkeys(f.ana.ID)), []chat.Passkey{second}); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
		})
	})
}

func testIdentities(t *testing.T, open opener) {
	f := newFixture(t, open)
	one := chat.Identity{Issuer: "https://a.example", Subject: "7", User: f.ana.ID, At: 5}
	two := chat.Identity{Issuer: "https://b.example", Subject: "7", User: f.ana.ID, At: 3}
	t.Run("are found by issuer and subject together", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			must(tx.InsertIdentity(one))
			must(tx.InsertIdentity(two))
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Identity(one.Issuer, "7")), one); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(have(s.Identities(f.ana.ID)), []chat.Identity{two, one}); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
			for _, key := range [][2]string{{"https://c.example", "7"}, {one.Issuer, "8"}, {"HTTPS://A.EXAMPLE", "7"}, {"", ""}} {
				_, err := s.Identity(key[0], key[1])
				wantKind(t, err, chat.NotFound)
			}
		})
	})
	t.Run("are one person's", func(t *testing.T) {
		err := f.Write(t.Context(), func(tx chat.Tx) error {
			return tx.InsertIdentity(chat.Identity{Issuer: one.Issuer, Subject: "7", User: newUser(tx, "thief").ID})
		})
		wantKind(t, err, chat.Conflict)
	})
	t.Run("are removed one by one", func(t *testing.T) {
		write(t, f, func(tx chat.Tx) error {
			must(tx.DeleteIdentity(one.Issuer, "7"))
			must(tx.DeleteIdentity(one.Issuer, "8"))
			return nil
		})
		read(t, f, func(s chat.Snapshot) {
			if diff := cmp.Diff(have(s.Identities(f.ana.ID)), []chat.Identity{two}); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
		})
	})
}
