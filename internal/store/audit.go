package store

import "parley/internal/chat"

const auditColumns = `id, at, user_id, user_name, verb, object, name, detail`

func scanAudit(row scanner) (a chat.Audit, err error) {
	err = row.Scan(&a.ID, &a.At, &a.By, &a.ByName, &a.Verb, &a.Object, &a.Name, &a.Detail)
	return a, err
}

var auditSorts = map[chat.Sort][]string{chat.SortCreated: {"id"}}

func auditListing(q chat.AuditQuery) (*listing, error) {
	l, err := sorted("audit", q.Paging, auditSorts)
	if err == nil && q.By != nil {
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
	id, err := one(t.queries, scanInt, `INSERT INTO audit (at, user_id, user_name, verb, object, name, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, a.At, a.By, a.ByName, a.Verb, a.Object, a.Name, a.Detail)
	a.ID = id
	return err
}
