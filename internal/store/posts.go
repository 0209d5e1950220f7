package store

import (
	"database/sql/driver"
	"sort"
	"strings"

	"parley/internal/chat"
)

// A post is a message that was posted in the batch at hand and is not in its table yet.
type post struct {
	id      int64 // messages.id
	message *chat.Message
}

// posts are put aside: many rows by one statement cost a fraction of as many statements, and a room that many of them went
// into is stored once. They are written before anything is read that they could be seen in, before any other statement
// that writes, and at the end of the batch; so a command that does nothing but post needs no savepoint, and is undone by
// forgetting its posts.
type posts struct {
	waiting []post // ascending by id
	own     int    // where those of the command at hand begin
	args    []driver.NamedValue
	seen    map[chat.RoomID]struct{}
}

// put puts a message aside.
func (p *posts) put(id int64, m *chat.Message) { p.waiting = append(p.waiting, post{id, m}) }

// find is the message of an id, nil if it is not waiting.
func (p *posts) find(id int64) *chat.Message {
	i := sort.Search(len(p.waiting), func(i int) bool { return p.waiting[i].id >= id })
	if i < len(p.waiting) && p.waiting[i].id == id {
		return p.waiting[i].message
	}
	return nil
}

// forget drops the posts of the command at hand.
func (p *posts) forget() {
	clear(p.waiting[p.own:])
	p.waiting = p.waiting[:p.own]
}

// settle begins the next command.
func (p *posts) settle() { p.own = len(p.waiting) }

// clear drops all posts.
func (p *posts) clear() {
	clear(p.waiting)
	p.waiting, p.own = p.waiting[:0], 0
}

const (
	// postedColumns is how many values a row of postedSQL takes.
	postedColumns = 11
	postedRow     = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, x'')`
)

// A postedStmt stores so many rows at once. OR FAIL lets the database do without the means of undoing half a statement:
// when one of these fails, so does the whole transaction.
type postedStmt struct {
	rows  int
	query string
}

var postedStmts = func() (stmts []postedStmt) {
	for _, rows := range []int{64, 16, 4, 1} {
		stmts = append(stmts, postedStmt{rows, `INSERT OR FAIL INTO messages
			(id, room_id, number, version, posted_version, user_id, at, edited_at, deleted_at, key, text, digest) VALUES ` +
			postedRow + strings.Repeat(`, `+postedRow, rows-1)})
	}
	return stmts
}()

// store writes posts, which are ascending by id, and how far their rooms have come. An error is trouble of the whole batch:
// the posts may be of commands that have ended well.
func (t *tx) store(posts []post) error {
	err := t.storeMessages(posts)
	if err == nil {
		err = t.storeHeads(posts)
	}
	if err != nil && t.trouble == nil {
		t.trouble = err
	}
	return err
}

func (t *tx) storeMessages(posts []post) error {
	for _, stmt := range postedStmts {
		for len(posts) >= stmt.rows {
			args := t.posts.values(posts[:stmt.rows], chat.Millis(t.now))
			if err := t.bare(stmt.query, args...); err != nil {
				return err
			}
			posts = posts[stmt.rows:]
		}
	}
	return nil
}

// values are the arguments of a postedStmt; the slice is used again by the next call.
func (p *posts) values(posts []post, now int64) []driver.NamedValue {
	if p.args == nil {
		p.args = ordinals(make([]driver.NamedValue, postedStmts[0].rows*postedColumns))
	}
	args := p.args[:0]
	put := func(v driver.Value) {
		args = args[:len(args)+1]
		args[len(args)-1].Value = v
	}
	for _, post := range posts {
		m := post.message
		version := driver.Value(m.Version) // made a Value once
		deletedAt := int64(0)
		if m.Deleted {
			deletedAt = now
		}
		put(post.id)
		put(int64(m.Room))
		put(m.Number)
		put(version)
		put(version)
		put(int64(m.By))
		put(m.At)
		put(m.Edited)
		put(deletedAt)
		put(m.Key)
		put(m.Text)
	}
	return args
}

// storeHeads stores for each room what its last one of posts says.
func (t *tx) storeHeads(posts []post) error {
	if t.posts.seen == nil {
		t.posts.seen = make(map[chat.RoomID]struct{})
	}
	clear(t.posts.seen)
	for i := len(posts) - 1; i >= 0; i-- {
		m := posts[i].message
		if _, seen := t.posts.seen[m.Room]; seen {
			continue
		}
		t.posts.seen[m.Room] = struct{}{}
		if err := t.bare(`UPDATE rooms SET version = ?, messages = ?, newest = ? WHERE id = ?`,
			bareArgs(m.Version, m.Number, posts[i].id, int64(m.Room))...); err != nil {
			return err
		}
	}
	return nil
}

// flush writes what was put aside. If posts of the command at hand are among it, its savepoint begins right before them.
func (t *tx) flush() error {
	p := t.posts
	switch {
	case len(p.waiting) == 0:
		return nil
	case p.own < len(p.waiting) && !t.wrote:
		return t.savepoint()
	}
	err := t.store(p.waiting)
	p.clear()
	return err
}

// savepoint begins the savepoint of the command at hand unless it has one; after it nothing is put aside.
func (t *tx) savepoint() error {
	if t.wrote {
		return t.flush()
	}
	p := t.posts
	if err := t.store(p.waiting[:p.own]); err != nil {
		return err
	}
	if err := t.bare(`SAVEPOINT command`); err != nil {
		return err
	}
	t.wrote = true
	err := t.store(p.waiting[p.own:])
	p.clear()
	return err
}
