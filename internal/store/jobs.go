package store

import "parley/internal/chat"

const jobColumns = `id, kind, subject, done_to, up_to, room_id, from_at, to_at, by_user, cut_at, changed`

func scanJob(row scanner) (j chat.Job, err error) {
	err = row.Scan(&j.ID, &j.Kind, &j.Subject, &j.After, &j.Upto, &j.Room, &j.From, &j.To, &j.By, &j.CutAt, &j.Changed)
	return j, err
}

func (s *snapshot) NextJob() (chat.Job, error) {
	j, err := one(s.queries, scanJob, `SELECT `+jobColumns+` FROM jobs ORDER BY kind, id LIMIT 1`)
	return found(j, err, "", "There is nothing to do.")
}

func (s *snapshot) Jobs(kind chat.JobKind, limit int) ([]chat.Job, error) {
	return list(s.queries, scanJob, `SELECT `+jobColumns+` FROM jobs WHERE kind = $1 ORDER BY id LIMIT $2`, kind, limit)
}

// InsertJob is chat.Tx's InsertJob.
func (t *tx) InsertJob(j *chat.Job) error {
	if err := t.savepoint(); err != nil {
		return err
	}
	stored, err := one(t.queries, scanJob, `INSERT INTO jobs (kind, subject, done_to, up_to, room_id, from_at, to_at, by_user, cut_at, changed)
		VALUES ($1, $2, $3, (SELECT coalesce(max(id), 0) FROM messages), $4, $5, $6, $7, $8, $9) RETURNING `+jobColumns,
		j.Kind, j.Subject, j.After, j.Room, j.From, j.To, j.By, j.CutAt, j.Changed)
	if err == nil {
		*j = stored
	}
	return err
}

// UpdateJob is chat.Tx's UpdateJob.
func (t *tx) UpdateJob(j chat.Job) error {
	return t.write(`UPDATE jobs SET done_to = $2, cut_at = $3, changed = $4 WHERE id = $1`, j.ID, j.After, j.CutAt, j.Changed)
}

// doomedColumns need messages m, rooms r and the job's bounds as $1 to $3.
const doomedColumns = `m.room_id, m.number, m.id, m.at,
	m.deleted_at = 0 AND r.deleted = 0 AND m.at >= $1 AND ($2 = 0 OR m.at < $2) AND ($3 = 0 OR m.room_id = $3)`

func scanDoomed(row scanner) (d chat.Doomed, err error) {
	err = row.Scan(&d.Room, &d.Number, &d.ID, &d.At, &d.Wanted)
	return d, err
}

// Doomed is chat.JobSnapshot's Doomed. It follows one index from where the job stands.
func (s *snapshot) Doomed(j chat.Job, limit int) ([]chat.Doomed, error) {
	from := j.From
	if from == 0 {
		from = -1 << 62 // also those without a time
	}
	switch {
	case j.Subject != 0:
		return list(s.queries, scanDoomed, `SELECT `+doomedColumns+` FROM `+authors+` a CROSS JOIN messages m ON m.id = a.id
			JOIN rooms r ON r.id = m.room_id WHERE a.user_id = $4 AND a.id > $5 AND a.id <= $6 ORDER BY a.id LIMIT $7`,
			from, j.To, j.Room, j.Subject, j.After, j.Upto, limit)
	case j.Room != 0:
		return list(s.queries, scanDoomed, `SELECT `+doomedColumns+` FROM messages m JOIN rooms r ON r.id = m.room_id
			WHERE m.room_id = $3 AND m.number > coalesce((SELECT number FROM messages WHERE id = $4), 0) AND m.id <= $5
			ORDER BY m.number LIMIT $6`, from, j.To, j.Room, j.After, j.Upto, limit)
	default:
		to := j.To
		if to == 0 {
			to = 1 << 62
		}
		return list(s.queries, scanDoomed, `SELECT `+doomedColumns+` FROM messages m INDEXED BY messages_at CROSS JOIN rooms r ON r.id = m.room_id
			WHERE m.at >= max($1, $4) AND m.at < $2 AND (m.at, m.id) > ($4, $5) AND m.id <= $6 ORDER BY m.at, m.id LIMIT $7`,
			from, to, j.Room, j.CutAt, j.After, j.Upto, limit)
	}
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
	if _, err := t.exec(`DELETE FROM mentions WHERE room_id = $1 AND number <= $2`, room, gone[len(gone)-1].number); err != nil {
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
	for _, table := range []string{"held", "reports"} {
		n, err := t.exec(`DELETE FROM `+table+` WHERE id IN (SELECT id FROM `+table+` WHERE room_id = $1 ORDER BY id LIMIT $2)`, room, limit)
		if n > 0 || err != nil {
			return int(n), err
		}
	}
	// Only who has a member's row has read anything.
	const first = ` WHERE room_id = $1 AND user_id IN (SELECT user_id FROM members WHERE room_id = $1 ORDER BY user_id LIMIT $2)`
	if _, err := t.exec(`DELETE FROM reads`+first, room, limit); err != nil {
		return 0, err
	}
	n, err := t.exec(`DELETE FROM members`+first, room, limit)
	return int(n), err
}
