package store

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"parley/internal/chat"
)

// keyHash is what message_keys finds a user's key by: the first 8 bytes of a SHA-256. It is stored, so it never changes.
// Others may have the same; the message's row decides.
var keyHash = func(user chat.UserID, key string) int64 {
	var b [8 + 64]byte
	binary.BigEndian.PutUint64(b[:], uint64(user))
	sum := sha256.Sum256(append(b[:8], key...))
	return int64(binary.BigEndian.Uint64(sum[:]))
}

// A keyed is a message with a key, as it is found by it.
type keyed struct {
	hash int64
	id   int64 // messages.id
}

// errNoReceipt is always the same: most who ask get it.
var errNoReceipt = chat.Errorf(chat.NotFound, "key", "That key has made no message.")

// A keyedRow is what a message's row says of its key.
type keyedRow struct {
	receipt chat.Receipt
	user    chat.UserID
	key     string
}

func scanKeyed(row scanner) (k keyedRow, err error) {
	var changed bool
	var text string
	err = row.Scan(&k.receipt.Number, &k.receipt.Version, &k.receipt.Room, &k.user, &k.key, &k.receipt.Digest, &changed, &text)
	if !changed {
		k.receipt.Digest = chat.Digest(text)
	}
	return k, err
}

// receipt is the receipt of a message if it is that user's with that key.
func (s *snapshot) receipt(id int64, user chat.UserID, key string) (chat.Receipt, bool, error) {
	rows, err := list(s.queries, scanKeyed, `SELECT number, posted_version, room_id, user_id, key, digest,
		version <> posted_version, CASE WHEN version = posted_version THEN text ELSE '' END FROM messages WHERE id = $1`, id)
	if err != nil || len(rows) == 0 {
		return chat.Receipt{}, false, err
	}
	return rows[0].receipt, rows[0].user == user && rows[0].key == key, nil
}

// firstReceipt is the receipt that one of ids is.
func (s *snapshot) firstReceipt(ids []int64, user chat.UserID, key string) (chat.Receipt, error) {
	for _, id := range ids {
		if r, ok, err := s.receipt(id, user, key); ok || err != nil {
			return r, err
		}
	}
	return chat.Receipt{}, errNoReceipt
}

// Receipt looks through the newest messages one by one; the writer has them in memory.
func (s *snapshot) Receipt(user chat.UserID, key string) (chat.Receipt, error) {
	if key == "" {
		return chat.Receipt{}, errNoReceipt
	}
	ids, err := list(s.queries, scanInt, `SELECT id FROM message_keys WHERE hash = $1 UNION ALL
		SELECT id FROM messages WHERE id > (SELECT keys FROM message_tails) AND key = $2 AND user_id = $3`,
		keyHash(user, key), key, user)
	if err != nil {
		return chat.Receipt{}, err
	}
	return s.firstReceipt(ids, user, key)
}

// Receipt is the snapshot's Receipt, without looking through anything.
func (t *tx) Receipt(user chat.UserID, key string) (chat.Receipt, error) {
	if forgetful {
		t.unused = unusedKey{user, key}
	}
	if key == "" || forgetful {
		return chat.Receipt{}, errNoReceipt
	}
	defer t.aside()()
	hash := keyHash(user, key)
	if id, ok := t.tails.recent[hash]; ok {
		r, ok, err := t.recentReceipt(id, user, key)
		if ok || err != nil {
			return r, err
		}
	}
	ids, err := t.bareInts(`SELECT id FROM message_keys WHERE hash = ?`, bareArgs(hash)...)
	if err != nil {
		return chat.Receipt{}, err
	}
	r, err := t.firstReceipt(ids, user, key)
	if err == errNoReceipt {
		t.unused = unusedKey{user, key}
	}
	return r, err
}

// An unusedKey is a key of which the command at hand knows that it has made no message.
type unusedKey struct {
	user chat.UserID
	key  string
}

func (t *tx) recentReceipt(id int64, user chat.UserID, key string) (chat.Receipt, bool, error) {
	m := t.posts.find(id)
	if m == nil {
		return t.receipt(id, user, key)
	}
	return chat.Receipt{
		Posted: chat.Posted{Number: m.Number, Version: m.Version}, Room: m.Room, Digest: chat.Digest(m.Text),
	}, m.By == user && m.Key == key, nil
}

// keep remembers what a key was given for, which must not have been used. It may write; the message may not be put aside yet.
func (t *tx) keep(m *chat.Message, id int64) error {
	if (t.unused != unusedKey{m.By, m.Key}) {
		switch _, err := t.Receipt(m.By, m.Key); {
		case err == nil:
			return chat.Errorf(chat.KeyReused, "key", "This key was used for another message.")
		case chat.KindOf(err) != chat.NotFound:
			return err
		}
	}
	t.unused = unusedKey{}
	k := keyed{keyHash(m.By, m.Key), id}
	if _, taken := t.tails.recent[k.hash]; taken {
		// There is place for one in memory.
		return t.write(`INSERT INTO message_keys (hash, id) VALUES ($1, $2)`, k.hash, k.id)
	}
	t.tails.add(k)
	return nil
}

// forgetKeys removes messages with a key from where they are found by it.
func (t *tx) forgetKeys(gone []keyed) error {
	for _, k := range gone {
		t.tails.remove(k)
		if err := t.write(`DELETE FROM message_keys WHERE hash = $1 AND id = $2`, k.hash, k.id); err != nil {
			return err
		}
	}
	return nil
}

func sortKeyed(all []keyed) {
	slices.SortFunc(all, func(a, b keyed) int {
		switch {
		case a.hash < b.hash:
			return -1
		case a.hash > b.hash:
			return 1
		}
		return int(a.id - b.id)
	})
}
