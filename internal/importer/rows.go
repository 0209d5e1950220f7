package importer

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"parley/internal/chat"
)

const (
	// maxBytes is the longest text that is taken; a longer one is no message.
	maxBytes = 16 << 20
	// maxName is how many bytes of UTF-8 an author's or a room's name has at most; addresses have to stay usable.
	maxName = 2000
	// unstorable stands for what cannot be stored: bytes that are no UTF-8, and NUL.
	unstorable = "\uFFFD"
)

// A value is what a column holds. SQLite is loosely typed: a text column can hold anything.
type value struct {
	kind string // as SQLite's typeof has it: text, integer, real, blob, null
	text sql.NullString
	size int64 // bytes; text is absent if they are too many
}

// raw is the value as digests take it.
func (v value) raw() string {
	if v.kind == "null" {
		return "\x00null"
	}
	return v.text.String
}

// storable is the value as text that can be stored, and what had to be done to it, "" for nothing.
func (v value) storable() (text, why string) {
	text = strings.ToValidUTF8(v.text.String, unstorable)
	text = strings.ReplaceAll(text, "\x00", unstorable)
	switch {
	case text != v.text.String:
		return text, whyReplaced
	case v.kind != "text":
		return text, fmt.Sprintf(whyKind, v.kind)
	}
	return text, ""
}

// columnSQL selects a value: its kind, its text unless it is too large, its size.
func columnSQL(column string) string {
	return fmt.Sprintf(`typeof(%[1]s), CASE WHEN octet_length(%[1]s) <= %[2]d THEN CAST(%[1]s AS TEXT) END, COALESCE(octet_length(%[1]s), 0)`,
		column, maxBytes)
}

// idSQL selects an id, NULL if it is no integer.
const idSQL = `CASE typeof(id) WHEN 'integer' THEN id END`

var (
	roomsSQL    = `SELECT ` + idSQL + `, ` + columnSQL("room_name") + ` FROM "ChatApp_room" ORDER BY id`
	messagesSQL = `SELECT ` + idSQL + `, ` + columnSQL("sender") + `, ` + columnSQL("message") +
		`, COALESCE(substr(CAST(room_id AS TEXT), 1, 40), '') FROM "ChatApp_message" ORDER BY id`
)

// A roomRow is a row of ChatApp_room.
type roomRow struct {
	id   sql.NullInt64
	name value
}

// A messageRow is a row of ChatApp_message.
type messageRow struct {
	id           sql.NullInt64
	sender, text value
	room         string
}

// eachRoom calls f with every room, ascending by id, until f returns an error.
func (s *Source) eachRoom(ctx context.Context, f func(roomRow) error) error {
	return each(ctx, s, roomsSQL, f, func(r *roomRow) []any {
		return []any{&r.id, &r.name.kind, &r.name.text, &r.name.size}
	})
}

// eachMessage calls f with every message, ascending by id, until f returns an error.
func (s *Source) eachMessage(ctx context.Context, f func(messageRow) error) error {
	return each(ctx, s, messagesSQL, f, func(m *messageRow) []any {
		return []any{
			&m.id, &m.sender.kind, &m.sender.text, &m.sender.size,
			&m.text.kind, &m.text.text, &m.text.size, &m.room,
		}
	})
}

func each[T any](ctx context.Context, s *Source, query string, f func(T) error, into func(*T) []any) error {
	rows, err := s.conn.QueryContext(ctx, query)
	if err != nil {
		return s.explain(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var row T
		if err := rows.Scan(into(&row)...); err != nil {
			return s.explain(ctx, err)
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return s.explain(ctx, rows.Err())
}

// digest is a message's content in the source; an edit there changes it.
func (m messageRow) digest() int64 {
	return chat.ImportDigest(m.sender.raw(), m.text.raw(), m.room)
}

// roomID is the id of the message's room in the source, if that is a number at all.
func (m messageRow) roomID() (int64, bool) {
	id, err := strconv.ParseInt(strings.TrimSpace(m.room), 10, 64)
	return id, err == nil
}
