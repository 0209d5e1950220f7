package store

import "parley/internal/chat"

func scanJob(row scanner) (j chat.Job, err error) {
	err = row.Scan(&j.ID, &j.Kind, &j.Subject, &j.After, &j.Upto)
	return j, err
}

func (s *snapshot) NextJob() (chat.Job, error) {
	j, err := one(s.queries, scanJob, `SELECT id, kind, subject, done_to, up_to FROM jobs ORDER BY kind, id LIMIT 1`)
	return found(j, err, "", "There is nothing to do.")
}

// InsertJob is chat.Tx's InsertJob.
func (t *tx) InsertJob(j *chat.Job) error {
	if err := t.savepoint(); err != nil {
		return err
	}
	stored, err := one(t.queries, scanJob, `INSERT INTO jobs (kind, subject, done_to, up_to)
		VALUES ($1, $2, $3, (SELECT coalesce(max(id), 0) FROM messages)) RETURNING id, kind, subject, done_to, up_to`,
		j.Kind, j.Subject, j.After)
	if err == nil {
		*j = stored
	}
	return err
}

// UpdateJob is chat.Tx's UpdateJob.
func (t *tx) UpdateJob(j chat.Job) error {
	return t.write(`UPDATE jobs SET done_to = $2 WHERE id = $1`, j.ID, j.After)
}

// DeleteJob is chat.Tx's DeleteJob.
func (t *tx) DeleteJob(id int64) error {
	return t.write(`DELETE FROM jobs WHERE id = $1`, id)
}

func (s *snapshot) MessagesBy(user chat.UserID, after, upto int64, limit int) ([]chat.MessageRow, error) {
	return list(s.queries, scanMessageRow, messageRows+` JOIN `+authors+` a ON a.id = m.id
		WHERE a.user_id = $1 AND a.id > $2 AND a.id <= $3 AND m.deleted_at = 0 AND r.deleted = 0 ORDER BY a.id LIMIT $4`,
		user, after, upto, limit)
}

// A purged is a message that is removed for good.
type purged struct {
	number, id int64
	user       chat.UserID
	key        string
}

func scanPurged(row scanner) (p purged, err error) {
	err = row.Scan(&p.number, &p.id, &p.user, &p.key)
	return p, err
}

// purge removes the first messages of a room, and them from the indices.
func (t *tx) purge(room chat.RoomID, gone []purged) (int, error) {
	var keys []keyed
	for _, p := range gone {
		if p.key != "" {
			keys = append(keys, keyed{keyHash(p.user, p.key), p.id})
		}
		if err := t.write(`DELETE FROM message_authors WHERE user_id = $1 AND id = $2`, p.user, p.id); err != nil {
			return 0, err
		}
	}
	if err := t.forgetKeys(keys); err != nil {
		return 0, err
	}
	n, err := t.exec(`DELETE FROM messages WHERE room_id = $1 AND number <= $2`, room, gone[len(gone)-1].number)
	return int(n), err
}

// PurgeRoom is chat.Tx's PurgeRoom.
func (t *tx) PurgeRoom(room chat.RoomID, limit int) (int, error) {
	r, err := t.Room(room)
	if err != nil {
		return 0, err
	}
	if !r.Deleted {
		return 0, chat.Errorf(chat.Invalid, "room", "%s is not deleted.", room)
	}
	gone, err := list(t.queries, scanPurged,
		`SELECT number, id, user_id, key FROM messages WHERE room_id = $1 ORDER BY number LIMIT $2`, room, limit)
	if err != nil {
		return 0, err
	}
	if len(gone) > 0 {
		return t.purge(room, gone)
	}
	n, err := t.exec(`DELETE FROM members WHERE room_id = $1 AND user_id IN
		(SELECT user_id FROM members WHERE room_id = $1 ORDER BY user_id LIMIT $2)`, room, limit)
	return int(n), err
}
