package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"parley/internal/chat"
)

// A conn is one connection with the statements that have been prepared on it. One goroutine uses it at a time.
type conn struct {
	sql   *sql.Conn
	stmts map[string]*sql.Stmt
}

func connect(ctx context.Context, db *sql.DB) (*conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{sql: c, stmts: make(map[string]*sql.Stmt)}, nil
}

// prepared is the statement for query, made at its first use. The queries are constants, so there are only so many.
func (c *conn) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt := c.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := c.sql.PrepareContext(ctx, query)
	if err == nil {
		c.stmts[query] = stmt
	}
	return stmt, err
}

// drop closes the connection for good; whatever transaction it is in is rolled back.
func (c *conn) drop() {
	for _, stmt := range c.stmts {
		stmt.Close()
	}
	// A bad connection is closed by database/sql instead of being kept for the next one who asks.
	_ = c.sql.Raw(func(any) error { return driver.ErrBadConn })
	c.sql.Close()
}

// queries runs statements on a connection until the deadline of ctx, and remembers if the database got into trouble.
//
// A statement that reads or writes one row by its key is given its deadline by looking at the clock before it begins; a
// statement that may touch many rows (list, and exec) is also interrupted in its midst, which costs a goroutine.
type queries struct {
	conn    *conn
	ctx     context.Context
	trouble error // the first trouble there was
}

// A scanner is a row: sql.Row or sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// one reads a single row by its key. sql.ErrNoRows says that there is none.
func one[T any](q *queries, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	var none T
	if err := q.ctx.Err(); err != nil {
		return none, q.failed(err)
	}
	stmt, err := q.conn.prepared(context.Background(), query)
	if err != nil {
		return none, q.failed(err)
	}
	v, err := scan(stmt.QueryRowContext(context.Background(), args...))
	if err != nil {
		return none, q.failed(err)
	}
	return v, nil
}

// list reads any number of rows. The query is a constant: its statement is kept.
func list[T any](q *queries, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	stmt, err := q.conn.prepared(q.ctx, query)
	if err != nil {
		return nil, q.failed(err)
	}
	rows, err := stmt.QueryContext(q.ctx, args...)
	return collect(q, scan, nil, rows, err)
}

// listWhile is list that ends before the first row that wanted refuses.
func listWhile[T any](q *queries, scan func(scanner) (T, error), wanted func(T) bool, query string, args ...any) ([]T, error) {
	stmt, err := q.conn.prepared(q.ctx, query)
	if err != nil {
		return nil, q.failed(err)
	}
	rows, err := stmt.QueryContext(q.ctx, args...)
	return collect(q, scan, wanted, rows, err)
}

// listOnce is list for a query that is put together for one use, with filters say.
func listOnce[T any](q *queries, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.conn.sql.QueryContext(q.ctx, query, args...)
	return collect(q, scan, nil, rows, err)
}

// collect reads rows to their end, or to the first one that wanted, unless it is nil, refuses.
func collect[T any](q *queries, scan func(scanner) (T, error), wanted func(T) bool, rows *sql.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, q.failed(err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, q.failed(err)
		}
		if wanted != nil && !wanted(v) {
			return all, nil
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		return nil, q.failed(err)
	}
	return all, nil
}

// put runs a statement that writes one row, or a few by their key.
func (q *queries) put(query string, args ...any) error {
	if err := q.ctx.Err(); err != nil {
		return q.failed(err)
	}
	_, err := q.run(context.Background(), query, args...)
	return err
}

// run runs a statement and tells how many rows it wrote.
func (q *queries) run(ctx context.Context, query string, args ...any) (int64, error) {
	stmt, err := q.conn.prepared(ctx, query)
	if err != nil {
		return 0, q.failed(err)
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, q.failed(err)
	}
	n, err := result.RowsAffected()
	return n, q.failed(err)
}

func (q *queries) failed(err error) error {
	if q.trouble == nil && isTrouble(err) {
		q.trouble = err
	}
	return err
}

func scanInt(row scanner) (n int64, err error) {
	err = row.Scan(&n)
	return n, err
}

// found turns "no row" into the NotFound error that says what there is not.
func found[T any](v T, err error, field, format string, args ...any) (T, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return v, chat.Errorf(chat.NotFound, field, format, args...)
	}
	return v, err
}
