package store

import (
	"fmt"
	"log/slog"
	"runtime/debug"

	"parley/internal/chat"
)

// A tx is chat.Tx: the transaction of one batch, handed to one command after the other.
type tx struct {
	snapshot
	cache   *cache
	posts   *posts
	tails   *tails
	changes []chat.Change
	wrote   bool      // the command at hand has begun its savepoint
	broken  error     // the first write of the command at hand that failed; it fails with it, whatever it makes of that
	unused  unusedKey // what the command at hand has asked for last
}

var _ chat.Tx = (*tx)(nil)

// command runs f, in a savepoint unless it does nothing but post, and returns what it came to. An error or a panic of f
// undoes what it did; if even that cannot be done, the trouble is remembered in t.
func (t *tx) command(logger *slog.Logger, f func(chat.Tx) error) (err error) {
	told := len(t.changes)
	t.wrote, t.broken, t.unused = false, nil, unusedKey{}
	defer func() {
		if p := recover(); p != nil {
			logger.Error("a command panicked", "panic", p, "stack", string(debug.Stack()))
			err = chat.AsError(fmt.Errorf("panic: %v", p))
		}
		if t.trouble != nil {
			return
		}
		if err != nil {
			clear(t.changes[told:])
			t.changes = t.changes[:told]
			t.undo()
		}
		if t.wrote && t.trouble == nil {
			_ = t.bare(`RELEASE command`)
		}
		t.posts.settle()
		t.tails.settle()
	}()
	if err := f(t); err != nil {
		return err
	}
	return t.broken
}

// undo undoes what the command at hand did.
func (t *tx) undo() {
	for _, post := range t.posts.waiting[t.posts.own:] {
		delete(t.cache.rooms, post.message.Room) // as the others have left it it is in the database, or put aside
	}
	t.posts.forget()
	t.tails.forget()
	if t.wrote {
		t.cache.clear()
		_ = t.bare(`ROLLBACK TO command`)
	}
}

// aside lets the statements that follow, until what it returns is called, run before what is put aside: they see neither
// rooms nor new messages.
func (t *tx) aside() (end func()) {
	ahead := t.ahead
	t.ahead = nil
	return func() { t.ahead = ahead }
}

// write runs a statement that writes one row by its key, inside the command's savepoint, which its first write begins: a
// command that is refused before it writes costs none. The caller keeps the cache right.
func (t *tx) write(query string, args ...any) error {
	if err := t.savepoint(); err != nil {
		return err
	}
	return t.note(t.put(query, args...))
}

func (t *tx) note(err error) error {
	if err != nil && t.broken == nil {
		t.broken = err
	}
	return err
}

// exec runs any other statement that writes and tells how many rows it wrote. It forgets all cached rows.
func (t *tx) exec(query string, args ...any) (int64, error) {
	if err := t.savepoint(); err != nil {
		return 0, err
	}
	t.cache.clear()
	n, err := t.run(t.ctx, query, args...)
	return n, t.note(err)
}

// tell adds a change to those of the commit.
func (t *tx) tell(c chat.Change) { t.changes = append(t.changes, c) }

// Tell is chat.Tx's Tell.
func (t *tx) Tell(log chat.LogID, c chat.Change) error {
	switch {
	case log == chat.ServerLog:
		if err := t.write(`UPDATE server SET version = version + 1 WHERE id = 1`); err != nil {
			return err
		}
		head, err := t.ServerVersion()
		if err != nil {
			return err
		}
		c.Version = head
	case log.User() != 0:
		u, err := t.User(log.User())
		if err != nil {
			return err
		}
		u.Version++
		if err := t.write(`UPDATE users SET version = $2 WHERE id = $1`, u.ID, u.Version); err != nil {
			return err
		}
		t.cache.users.put(u.ID, u)
		c.Version = u.Version
	default:
		return fmt.Errorf("store: Tell of the log %s", log)
	}
	c.Log = log
	t.tell(c)
	return nil
}

// tellServer tells the server's log of a room, if it is one that everybody sees.
func (t *tx) tellServer(r chat.Room) error {
	if r.Kind != chat.Public {
		return nil
	}
	entry := r.Entry()
	return t.Tell(chat.ServerLog, chat.Change{Server: &chat.ServerChange{Room: &entry}})
}

// tellUser tells a user's own log. Nobody reads the logs of users whom nobody can become, so these have none.
func (t *tx) tellUser(u chat.User, c chat.MeChange) error { return t.tellOwn(u, chat.Change{Me: &c}) }

func (t *tx) tellOwn(u chat.User, c chat.Change) error {
	if u.Kind == chat.Script || u.Kind == chat.Imported {
		return nil
	}
	return t.Tell(chat.UserLog(u.ID), c)
}
