package store

import (
	"parley/internal/chat"
)

// sorted is the listing of a table by a column, if the table's list has it.
func sorted(table string, paging chat.Paging, columns map[chat.Sort][]string) (*listing, error) {
	if paging.Sort == "" {
		paging.Sort = chat.SortCreated
	}
	keys := columns[paging.Sort]
	if keys == nil {
		return nil, chat.Errorf(chat.Invalid, "sort", "That list cannot be sorted by %q.", paging.Sort)
	}
	return &listing{from: table, keys: keys, paging: paging}, nil
}

var roomSorts = map[chat.Sort][]string{
	chat.SortCreated: {"id"}, chat.SortName: {"lower(name)", "id"},
	chat.SortMessages: {"messages", "id"}, chat.SortMembers: {"members", "id"},
}

func roomListing(q chat.RoomQuery) (*listing, error) {
	l, err := sorted("rooms", q.Paging, roomSorts)
	if err != nil {
		return nil, err
	}
	l.begin("deleted", flag(q.Deleted))
	l.search(q.Search, "name", "topic")
	l.span("created_at", q.From, q.To)
	return l, nil
}

func (s *snapshot) RoomList(q chat.RoomQuery) (chat.List[chat.Room], error) {
	l, err := roomListing(q)
	if err != nil {
		return chat.List[chat.Room]{}, err
	}
	ids, page, err := walk[chat.Room](s.queries, l)
	if err != nil {
		return page, err
	}
	page.Rows, err = fetch(s.queries, ids, func(r chat.Room) int64 { return int64(r.ID) }, scanRoom,
		`SELECT `+roomColumns+` FROM rooms r WHERE r.id`)
	return page, err
}

var messageSorts = map[chat.Sort][]string{
	chat.SortCreated: {"id"}, chat.SortRoom: {"room_id", "number"}, chat.SortAuthor: {"user_id", "id"},
}

func messageListing(q chat.MessageQuery) (*listing, error) {
	if q.Room != 0 && q.Sort == chat.SortRoom || q.Author != 0 && q.Sort == chat.SortAuthor {
		q.Sort = chat.SortCreated // all are equal in the other
	}
	l, err := sorted("messages", q.Paging, messageSorts)
	if err != nil {
		return nil, err
	}
	room, author, from, to := q.Room, q.Author, q.From, q.To
	switch l.keys[0] {
	case "user_id":
		l.from = byAuthor
	case "id":
		switch {
		case author != 0:
			l.from = byAuthor
			l.begin("user_id", author)
			author = 0
		case room != 0:
			l.begin("room_id", room)
			l.keys = []string{"number"}
			room = 0
		case from != 0 || to != 0:
			l.keys = []string{"at", "id"}
			l.begins = append(l.begins, "at >= "+l.arg(from))
			if to != 0 {
				l.begins = append(l.begins, "at < "+l.arg(to))
			}
			from, to = 0, 0
		}
	}
	if room != 0 {
		l.filter("room_id", "=", room)
	}
	if author != 0 {
		l.filter("user_id", "=", author)
	}
	l.span("at", from, to)
	if q.Deleted {
		l.filter("deleted_at", "<>", 0)
	} else {
		l.filter("deleted_at", "=", 0)
	}
	l.hits = append(l.hits, `room_id NOT IN (SELECT subject FROM jobs WHERE kind = 'purge')`,
		`NOT EXISTS (SELECT 1 FROM rooms d WHERE d.id = room_id AND d.kind = 'direct')`)
	return l, nil
}

// messageRowColumns need messages m, rooms r and users u.
const messageRowColumns = `m.room_id, m.number, m.version, m.user_id, m.key, m.at, m.edited_at, m.deleted_at <> 0, m.text,
	m.id, r.name, u.name`

const messageRows = `SELECT ` + messageRowColumns + ` FROM messages m JOIN rooms r ON r.id = m.room_id JOIN users u ON u.id = m.user_id`

func scanMessageRow(row scanner) (m chat.MessageRow, err error) {
	err = row.Scan(&m.Room, &m.Number, &m.Version, &m.By, &m.Key, &m.At, &m.Edited, &m.Deleted, &m.Text,
		&m.ID, &m.RoomName, &m.ByName)
	return m, err
}

func (s *snapshot) MessageList(q chat.MessageQuery) (chat.List[chat.MessageRow], error) {
	l, err := messageListing(q)
	if err != nil {
		return chat.List[chat.MessageRow]{}, err
	}
	ids, page, err := walk[chat.MessageRow](s.queries, l)
	if err != nil {
		return page, err
	}
	page.Rows, err = fetch(s.queries, ids, func(m chat.MessageRow) int64 { return m.ID }, scanMessageRow,
		messageRows+` WHERE m.id`)
	return page, err
}

func (s *snapshot) MessageRow(room chat.RoomID, number int64) (chat.MessageRow, error) {
	m, err := one(s.queries, scanMessageRow, messageRows+` WHERE m.room_id = $1 AND m.number = $2 AND r.deleted = 0 AND r.kind <> 'direct'`,
		room, number)
	return found(m, err, "number", "There is no such message.")
}

var userSorts = map[chat.Sort][]string{
	chat.SortCreated: {"id"}, chat.SortName: {"lower(name)", "id"}, chat.SortKind: {"kind", "id"},
	chat.SortRole: {"role", "id"}, chat.SortSeen: {"seen_at", "id"},
}

func userListing(q chat.UserQuery) (*listing, error) {
	if q.Kind != "" && q.Sort == chat.SortKind || q.Role != nil && q.Sort == chat.SortRole {
		q.Sort = chat.SortCreated // all are equal in the other
	}
	l, err := sorted("users", q.Paging, userSorts)
	if err != nil {
		return nil, err
	}
	kind, role := q.Kind, q.Role
	if l.keys[0] == "id" {
		switch {
		case role != nil:
			l.begin("role", *role)
			role = nil
		case kind != "":
			l.begin("kind", kind)
			kind = ""
		}
	}
	if kind != "" {
		l.filter("kind", "=", kind)
	}
	if role != nil {
		l.filter("role", "=", *role)
	}
	if q.State != chat.AnyState {
		l.filter("deactivated", "=", flag(q.State == chat.StateDeactivated))
	}
	l.search(q.Search, "name")
	l.span("created_at", q.From, q.To)
	return l, nil
}

func (s *snapshot) UserList(q chat.UserQuery) (chat.List[chat.User], error) {
	l, err := userListing(q)
	if err != nil {
		return chat.List[chat.User]{}, err
	}
	ids, page, err := walk[chat.User](s.queries, l)
	if err != nil {
		return page, err
	}
	page.Rows, err = fetch(s.queries, ids, func(u chat.User) int64 { return int64(u.ID) }, scanUser,
		`SELECT `+userColumns+` FROM users WHERE id`)
	return page, err
}

func (s *snapshot) UsersNamed(name string, limit int) ([]chat.User, error) {
	return list(s.queries, scanUser, `SELECT `+userColumns+` FROM users WHERE lower(name) = lower($1)
		ORDER BY name_key = '', id DESC LIMIT $2`, name, limit)
}

func (s *snapshot) Administrators() ([]chat.User, error) {
	return list(s.queries, scanUser, `SELECT `+userColumns+` FROM users WHERE role IN ('owner', 'administrator') ORDER BY id`)
}

func (s *snapshot) Sessions(user chat.UserID) (int, error) {
	n, err := one(s.queries, scanInt, `SELECT count(*) FROM sessions WHERE user_id = $1`, user)
	return int(n), err
}
