package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"parley/internal/chat"
)

// A conn is one connection with the statements that have been prepared on it. One goroutine uses it at a time.
type conn struct {
	sql   *sql.Conn
	stmts map[string]*sql.Stmt
	bare  map[string]bareStmt
}

// A bareStmt is a statement of the driver's.
type bareStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func connect(ctx context.Context, db *sql.DB) (*conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{sql: c, stmts: make(map[string]*sql.Stmt), bare: make(map[string]bareStmt)}, nil
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

// barely gives f the driver's own statement for query, made at its first use. What database/sql does around a statement costs
// more than a small statement itself, which counts on the way of a post.
func (c *conn) barely(query string, f func(bareStmt) error) error {
	return c.sql.Raw(func(raw any) error {
		stmt := c.bare[query]
		if stmt == nil {
			made, err := raw.(driver.Conn).Prepare(query)
			if err != nil {
				return err
			}
			stmt = made.(bareStmt)
			c.bare[query] = stmt
		}
		return f(stmt)
	})
}

// drop closes the connection for good; whatever transaction it is in is rolled back.
func (c *conn) drop() {
	for _, stmt := range c.stmts {
		stmt.Close()
	}
	_ = c.sql.Raw(func(any) error {
		for _, stmt := range c.bare {
			stmt.Close()
		}
		// A bad connection is closed by database/sql instead of being kept for the next one who asks.
		return driver.ErrBadConn
	})
	c.sql.Close()
}

// queries runs statements on a connection until the deadline of ctx, and remembers if the database got into trouble.
//
// A statement that reads or writes one row by its key is given its deadline by looking at the clock before it begins; a
// statement that may touch many rows (list, and exec) is also interrupted in its midst, which costs a goroutine.
type queries struct {
	conn    *conn
	ctx     context.Context
	ahead   func() error // unless nil: is run before each statement, except the bare ones
	trouble error        // the first trouble there was
}

// prepare makes everything ready for a statement that is run until ctx ends.
func (q *queries) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if q.ahead != nil {
		if err := q.ahead(); err != nil {
			return nil, err
		}
	}
	stmt, err := q.conn.prepared(ctx, query)
	return stmt, q.failed(err)
}

// A scanner is a row: sql.Row or sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// one reads a single row by its key. sql.ErrNoRows says that there is none.
func one[T any](q *queries, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	var none T
	if err := q.ctx.Err(); err != nil {
		return none, q.failed(err)
	}
	stmt, err := q.prepare(context.Background(), query)
	if err != nil {
		return none, err
	}
	v, err := scan(stmt.QueryRowContext(context.Background(), args...))
	if err != nil {
		return none, q.failed(err)
	}
	return v, nil
}

// list reads any number of rows. The query is a constant: its statement is kept.
func list[T any](q *queries, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	stmt, err := q.prepare(q.ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(q.ctx, args...)
	return collect(q, scan, nil, rows, err)
}

// listWhile is list that ends before the first row that wanted refuses.
func listWhile[T any](q *queries, scan func(scanner) (T, error), wanted func(T) bool, query string, args ...any) ([]T, error) {
	stmt, err := q.prepare(q.ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(q.ctx, args...)
	return collect(q, scan, wanted, rows, err)
}

// listOnce is list for a query that is put together for one use, with filters say.
func listOnce[T any](q *queries, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	if q.ahead != nil {
		if err := q.ahead(); err != nil {
			return nil, err
		}
	}
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
	stmt, err := q.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, q.failed(err)
	}
	n, err := result.RowsAffected()
	return n, q.failed(err)
}

// bare runs a statement that gives no rows, by the driver itself. Its placeholders are question marks.
func (q *queries) bare(query string, args ...driver.NamedValue) error {
	if err := q.ctx.Err(); err != nil {
		return q.failed(err)
	}
	return q.failed(q.conn.barely(query, func(stmt bareStmt) error {
		_, err := stmt.ExecContext(context.Background(), args)
		return err
	}))
}

// bareInts reads the first column of all rows, whole numbers, by the driver itself.
func (q *queries) bareInts(query string, args ...driver.NamedValue) (all []int64, err error) {
	if err := q.ctx.Err(); err != nil {
		return nil, q.failed(err)
	}
	err = q.conn.barely(query, func(stmt bareStmt) error {
		rows, err := stmt.QueryContext(context.Background(), args)
		if err != nil {
			return err
		}
		defer rows.Close()
		var row [1]driver.Value
		for {
			switch err := rows.Next(row[:]); err {
			case nil:
			case io.EOF:
				return nil
			default:
				return err
			}
			n, ok := row[0].(int64)
			if !ok {
				return fmt.Errorf("%T instead of a whole number", row[0])
			}
			all = append(all, n)
		}
	})
	return all, q.failed(err)
}

// ordinals numbers the values of a bare statement's placeholders.
func ordinals(args []driver.NamedValue) []driver.NamedValue {
	for i := range args {
		args[i].Ordinal = i + 1
	}
	return args
}

// bareArgs are values for a bare statement: int64, string or []byte.
func bareArgs(values ...driver.Value) []driver.NamedValue {
	args := make([]driver.NamedValue, len(values))
	for i, v := range values {
		args[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return args
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
