package store

import "parley/internal/chat"

const auditColumns = `id, at, user_id, user_name, verb, object, name, detail, why`

func scanAudit(row scanner) (a chat.Audit, err error) {
	err = row.Scan(&a.ID, &a.At, &a.By, &a.ByName, &a.Verb, &a.Object, &a.Name, &a.Detail, &a.Why)
	return a, err
}

var auditSorts = map[chat.Sort][]string{chat.SortCreated: {"id"}}

func auditListing(q chat.AuditQuery) (*listing, error) {
	l, err := sorted("audit", q.Paging, auditSorts)
	switch {
	case err != nil:
	case q.Room != 0:
		l.begin("room_id", q.Room)
		l.begins = append(l.begins, "room_id <> 0") // so that the index of those that have a room is one
		if q.By != nil {
			l.filter("user_id", "=", *q.By)
		}
	case q.By != nil:
		l.begin("user_id", *q.By)
	}
	return l, err
}

func (s *snapshot) AuditList(q chat.AuditQuery) (chat.List[chat.Audit], error) {
	l, err := auditListing(q)
	if err != nil {
		return chat.List[chat.Audit]{}, err
	}
	ids, page, err := walk[chat.Audit](s.queries, l)
	if err != nil {
		return page, err
	}
	page.Rows, err = fetch(s.queries, ids, func(a chat.Audit) int64 { return a.ID }, scanAudit,
		`SELECT `+auditColumns+` FROM audit WHERE id`)
	return page, err
}

// InsertAudit is chat.Tx's InsertAudit.
func (t *tx) InsertAudit(a *chat.Audit) error {
	if err := t.savepoint(); err != nil {
		return err
	}
	id, err := one(t.queries, scanInt, `INSERT INTO audit (at, user_id, user_name, verb, object, name, detail, why, room_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
		a.At, a.By, a.ByName, a.Verb, a.Object, a.Name, a.Detail, a.Why, a.Room())
	a.ID = id
	return err
}
