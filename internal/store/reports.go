package store

import "parley/internal/chat"

// reportRows need nothing; who reported and who decided are named by the join.
const reportRows = `SELECT p.id, p.room_id, p.number, p.by_user, p.at, p.why, p.text, p.state, p.decided_by, p.decided_at, p.note,
	r.name, r.kind, coalesce(m.user_id, 0), coalesce(a.name, ''), b.name, coalesce(d.name, '')
	FROM reports p JOIN rooms r ON r.id = p.room_id JOIN users b ON b.id = p.by_user
	LEFT JOIN messages m ON m.room_id = p.room_id AND m.number = p.number LEFT JOIN users a ON a.id = m.user_id
	LEFT JOIN users d ON d.id = p.decided_by`

func scanReport(row scanner) (r chat.Reported, err error) {
	err = row.Scan(&r.ID, &r.Room, &r.Number, &r.By, &r.At, &r.Why, &r.Text, &r.State, &r.DecidedBy, &r.DecidedAt, &r.Note,
		&r.RoomName, &r.RoomKind, &r.Author, &r.AuthorName, &r.ByName, &r.DecidedByName)
	return r, err
}

func (s *snapshot) Report(id int64) (chat.Reported, error) {
	r, err := one(s.queries, scanReport, reportRows+` WHERE p.id = $1`, id)
	return found(r, err, "report", "There is no such report.")
}

// Reports is chat.ReportSnapshot's Reports.
func (s *snapshot) Reports(q chat.ReportQuery) ([]chat.Reported, error) {
	if q.Room != 0 {
		return list(s.queries, scanReport, reportRows+` WHERE p.room_id = $1 AND p.state = $2 AND p.id > $3
			AND ($4 = 0 OR coalesce(m.user_id, 0) <> $4) ORDER BY p.id LIMIT $5`, q.Room, q.State, q.After, q.Not, q.Limit)
	}
	return list(s.queries, scanReport, reportRows+` WHERE p.state = $1 AND p.id > $2
		AND ($3 = 0 OR coalesce(m.user_id, 0) <> $3) ORDER BY p.id LIMIT $4`, q.State, q.After, q.Not, q.Limit)
}

// ReportsOf is chat.ReportSnapshot's ReportsOf.
func (s *snapshot) ReportsOf(ref chat.MessageRef) ([]chat.Reported, error) {
	return list(s.queries, scanReport, reportRows+` WHERE p.room_id = $1 AND p.number = $2 ORDER BY p.id`, ref.Room, ref.Number)
}

// InsertReport is chat.Tx's InsertReport.
func (t *tx) InsertReport(r *chat.Reported) (bool, error) {
	ids, err := t.insertNew(`INSERT INTO reports (room_id, number, by_user, at, why, text, state, decided_by, decided_at, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, '') ON CONFLICT (room_id, number, by_user) DO NOTHING RETURNING id`,
		r.Room, r.Number, r.By, r.At, r.Why, r.Text, r.State)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	r.ID = ids[0]
	return true, nil
}

// insertNew runs a statement that inserts a row, or none, and returns the ids of those that it did.
func (t *tx) insertNew(query string, args ...any) ([]int64, error) {
	if err := t.savepoint(); err != nil {
		return nil, err
	}
	ids, err := list(t.queries, scanInt, query, args...)
	return ids, t.note(err)
}

// DecideReport is chat.Tx's DecideReport.
func (t *tx) DecideReport(r chat.Reported) error {
	return t.write(`UPDATE reports SET state = $2, decided_by = $3, decided_at = $4, note = $5, text = '' WHERE id = $1`,
		r.ID, r.State, r.DecidedBy, r.DecidedAt, r.Note)
}
