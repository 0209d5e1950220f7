package store

import (
	"fmt"
	"strings"

	"parley/internal/chat"
)

func scanImportSource(row scanner) (i chat.ImportSource, err error) {
	err = row.Scan(&i.ID, &i.System, &i.Mark, &i.At)
	return i, err
}

func (s *snapshot) ImportSources(system string) ([]chat.ImportSource, error) {
	return list(s.queries, scanImportSource,
		`SELECT id, system, mark, at FROM imports WHERE system = $1 ORDER BY id`, system)
}

func scanImportedRoom(row scanner) (r chat.ImportedRoom, err error) {
	err = row.Scan(&r.Source, &r.Digest, &r.Room)
	return r, err
}

func (s *snapshot) ImportedRoom(id chat.ImportID, source int64) (chat.ImportedRoom, error) {
	r, err := one(s.queries, scanImportedRoom,
		`SELECT source_id, digest, room_id FROM imported_rooms WHERE import_id = $1 AND source_id = $2`, id, source)
	return found(r, err, "room", "No room %d has been imported.", source)
}

func (s *snapshot) ImportedRoomNamed(id chat.ImportID, digest int64) (chat.ImportedRoom, error) {
	r, err := one(s.queries, scanImportedRoom, `SELECT source_id, digest, room_id FROM imported_rooms
		WHERE import_id = $1 AND digest = $2 ORDER BY source_id DESC LIMIT 1`, id, digest)
	return found(r, err, "room", "No room of that name has been imported.")
}

func (s *snapshot) ImportedRooms(id chat.ImportID, from int64, limit int) ([]chat.ImportedRoom, error) {
	return list(s.queries, scanImportedRoom, `SELECT source_id, digest, room_id FROM imported_rooms
		WHERE import_id = $1 AND source_id >= $2 ORDER BY source_id LIMIT $3`, id, from, limit)
}

func scanImportedMessage(row scanner) (m chat.ImportedMessage, err error) {
	err = row.Scan(&m.Source, &m.Digest)
	return m, err
}

func (s *snapshot) ImportedMessages(id chat.ImportID, from int64, limit int) ([]chat.ImportedMessage, error) {
	return list(s.queries, scanImportedMessage, `SELECT source_id, digest FROM imported_messages
		WHERE import_id = $1 AND source_id >= $2 ORDER BY source_id LIMIT $3`, id, from, limit)
}

func (s *snapshot) ImportedAuthor(id chat.ImportID, author []byte) (chat.Person, error) {
	p, err := one(s.queries, scanPerson, `SELECT users.id, users.name FROM imported_authors
		JOIN users ON users.id = imported_authors.user_id WHERE import_id = $1 AND author = $2`, id, author)
	return found(p, err, "user", "No such author has been imported.")
}

// InsertImportSource is chat.Tx's InsertImportSource.
func (t *tx) InsertImportSource(i *chat.ImportSource) error {
	if err := t.savepoint(); err != nil {
		return err
	}
	id, err := one(t.queries, scanInt, `INSERT INTO imports (system, mark, at) VALUES ($1, $2, $3) RETURNING id`,
		i.System, i.Mark, i.At)
	i.ID = chat.ImportID(id)
	return err
}

// InsertImportedRoom is chat.Tx's InsertImportedRoom.
func (t *tx) InsertImportedRoom(id chat.ImportID, r chat.ImportedRoom) error {
	return t.write(`INSERT INTO imported_rooms (import_id, source_id, digest, room_id) VALUES ($1, $2, $3, $4)`,
		id, r.Source, r.Digest, r.Room)
}

const importedMessageSQL = `INSERT INTO imported_messages (import_id, source_id, digest) VALUES ($1, $2, $3)`

// importedRows is how many rows of imported_messages one statement inserts.
const importedRows = 50

// importedMessagesSQL inserts importedRows rows.
var importedMessagesSQL = func() string {
	var b strings.Builder
	b.WriteString(importedMessageSQL)
	for i := 1; i < importedRows; i++ {
		fmt.Fprintf(&b, ", ($1, $%d, $%d)", 2*i+2, 2*i+3)
	}
	return b.String()
}()

// InsertImportedMessages is chat.Tx's InsertImportedMessages.
func (t *tx) InsertImportedMessages(id chat.ImportID, messages []chat.ImportedMessage) error {
	for len(messages) >= importedRows {
		args := make([]any, 0, 2*importedRows+1)
		args = append(args, id)
		for _, m := range messages[:importedRows] {
			args = append(args, m.Source, m.Digest)
		}
		if err := t.write(importedMessagesSQL, args...); err != nil {
			return err
		}
		messages = messages[importedRows:]
	}
	for _, m := range messages {
		if err := t.write(importedMessageSQL, id, m.Source, m.Digest); err != nil {
			return err
		}
	}
	return nil
}

// InsertImportedAuthor is chat.Tx's InsertImportedAuthor.
func (t *tx) InsertImportedAuthor(id chat.ImportID, author []byte, user chat.UserID) error {
	return t.write(`INSERT INTO imported_authors (import_id, author, user_id) VALUES ($1, $2, $3)`, id, author, user)
}
