package store

import "parley/internal/chat"

// A cache holds rows that the writer has read or written lately. The writer is the only one who writes, so they stay right
// over many transactions; whatever is rolled back clears the cache, and so does a write of anybody else.
type cache struct {
	users   shelf[chat.UserID, chat.User]
	rooms   shelf[chat.RoomID, chat.Room]
	members shelf[memberKey, chat.Member]
	named   shelf[string, chat.RoomID] // a room that had the name; its row says whether it has it

	settings *chat.Settings // nil: not read yet
}

type memberKey struct {
	room chat.RoomID
	user chat.UserID
}

func newCache() *cache {
	return &cache{
		users:   make(shelf[chat.UserID, chat.User]),
		rooms:   make(shelf[chat.RoomID, chat.Room]),
		members: make(shelf[memberKey, chat.Member]),
		named:   make(shelf[string, chat.RoomID]),
	}
}

func (c *cache) clear() {
	clear(c.users)
	clear(c.rooms)
	clear(c.members)
	clear(c.named)
	c.settings = nil
}

// A shelf keeps a bounded number of rows of one table.
type shelf[K comparable, V any] map[K]V

// shelved is how many rows a shelf holds before it is emptied.
const shelved = 65536

func (s shelf[K, V]) put(key K, row V) {
	if len(s) >= shelved {
		clear(s)
	}
	s[key] = row
}

// load returns the row of key, from the shelf or else by read.
func (s shelf[K, V]) load(key K, read func() (V, error)) (V, error) {
	if row, ok := s[key]; ok {
		return row, nil
	}
	row, err := read()
	if err == nil {
		s.put(key, row)
	}
	return row, err
}
