package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/chat"
)

const (
	listRows     = 100             // on a page, when nothing else is asked for
	listMost     = 1000            // on a page
	listPatience = 2 * time.Second // for rows that are filtered out
	listPiece    = 8192            // rows that are walked over between two looks at the clock
)

// A listing is a list of the admin site: a walk along one index. What begins the index is compared in the database's own
// search (begins); what does not is only looked at, row by row (hits), so that no filter can lure the database away from
// the index and into sorting.
type listing struct {
	from   string
	keys   []string // what the list is sorted by; together they are unique and an index holds them in this order
	begins []string
	hits   []string
	args   []any
	paging chat.Paging
}

// arg is the placeholder of a value.
func (l *listing) arg(v any) string {
	l.args = append(l.args, v)
	return "$" + strconv.Itoa(len(l.args))
}

func (l *listing) begin(column string, v any) {
	l.begins = append(l.begins, column+" = "+l.arg(v))
}

func (l *listing) filter(column, compared string, v any) {
	l.hits = append(l.hits, column+" "+compared+" "+l.arg(v))
}

// span filters by time.
func (l *listing) span(column string, from, to int64) {
	if from != 0 {
		l.filter(column, ">=", from)
	}
	if to != 0 {
		l.filter(column, "<", to)
	}
}

// search filters by a part of any of the columns.
func (l *listing) search(part string, columns ...string) {
	if part == "" {
		return
	}
	var any []string
	for _, pattern := range patterns(part) {
		placeholder := l.arg(pattern)
		for _, column := range columns {
			any = append(any, column+" LIKE "+placeholder+` ESCAPE '\'`)
		}
	}
	l.hits = append(l.hits, "("+strings.Join(any, " OR ")+")")
}

// patterns are what LIKE has to find part by. The database knows the case of ASCII letters only; with others in it, part is
// also looked for in lower case, upper case, and with a capital.
func patterns(part string) []string {
	lower, upper := strings.ToLower(part), strings.ToUpper(part)
	ways := []string{part}
	if strings.ContainsFunc(part, func(r rune) bool { return r >= 0x80 }) {
		first, rest := "", lower
		for i := range lower {
			if i > 0 {
				first, rest = lower[:i], lower[i:]
				break
			}
		}
		ways = append(ways, lower, upper, strings.ToUpper(first)+rest)
	}
	slices.Sort(ways)
	ways = slices.Compact(ways)
	escape := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	for i, way := range ways {
		ways[i] = "%" + escape.Replace(way) + "%"
	}
	return ways
}

// A step is a row that the walk came by.
type step struct {
	id   int64
	keys []any
	hit  bool
}

// statement is the next n rows from a place on, or from the beginning if at is nil.
func (l *listing) statement(at []any, backward bool, n int) (string, []any) {
	args := slices.Clone(l.args)
	where := slices.Clone(l.begins)
	descending := l.paging.Descending != backward
	direction, compared := " ASC", ">"
	if descending {
		direction, compared = " DESC", "<"
	}
	if at != nil {
		places := make([]string, len(at))
		for i, v := range at {
			args = append(args, v)
			places[i] = "$" + strconv.Itoa(len(args))
		}
		if strings.Contains(l.keys[0], "(") {
			// SQLite does not see by itself that the comparison below bounds an expression.
			where = append(where, l.keys[0]+" "+compared+"= "+places[0])
		}
		where = append(where, fmt.Sprintf("(%s) %s (%s)", strings.Join(l.keys, ", "), compared, strings.Join(places, ", ")))
	}
	args = append(args, n)
	return fmt.Sprintf("SELECT id, %s, %s FROM %s%s ORDER BY %s%s LIMIT $%d", strings.Join(l.keys, ", "), l.hit(), l.from,
		wheres(where), strings.Join(l.keys, direction+", "), direction, len(args)), args
}

func wheres(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(conditions, " AND ")
}

// hit is 1 for a row that the filters let through, else 0.
func (l *listing) hit() string {
	if len(l.hits) == 0 {
		return "1"
	}
	return "CASE WHEN " + strings.Join(l.hits, " AND ") + " THEN 1 ELSE 0 END"
}

// walk finds the ids of a page's rows in their order, and says all of the page but its Rows.
func walk[Row any](q *queries, l *listing) ([]int64, chat.List[Row], error) {
	var page chat.List[Row]
	at, backward, err := l.place()
	if err != nil {
		return nil, page, err
	}
	limit := l.paging.Limit
	if limit <= 0 {
		limit = listRows
	}
	limit = min(limit, listMost)
	found, last, more, err := l.collect(q, at, backward, limit)
	if err != nil {
		return nil, page, err
	}
	page.Unfinished = more && len(found) < limit
	if backward {
		slices.Reverse(found)
	}
	if len(found) > 0 {
		page.Earlier, page.Later = l.cut(found[0].keys), l.cut(found[len(found)-1].keys)
	}
	switch {
	case backward && page.Unfinished:
		page.Earlier = l.cut(last)
	case backward && !more:
		page.Earlier = ""
	case !backward && page.Unfinished:
		page.Later = l.cut(last)
	case !backward && !more:
		page.Later = ""
	}
	if !backward && at == nil {
		page.Earlier = ""
	}
	if page.Count, err = l.count(q); err != nil {
		return nil, page, err
	}
	ids := make([]int64, len(found))
	for i, s := range found {
		ids[i] = s.id
	}
	return ids, page, nil
}

// place is where the page begins, nil for the list's beginning, and whether it leads up to there.
func (l *listing) place() (at []any, backward bool, err error) {
	switch {
	case l.paging.After != "" && l.paging.Before != "":
		return nil, false, chat.Errorf(chat.Invalid, "before", "Only one of after and before can be asked for.")
	case l.paging.After != "":
		at, err = l.uncut(l.paging.After)
	case l.paging.Before != "":
		at, err = l.uncut(l.paging.Before)
		backward = true
	}
	return at, backward, err
}

// collect walks from a place until it has limit rows and knows whether there is another, or patience ends; more says that
// there may be more rows behind last, the place it came to.
func (l *listing) collect(q *queries, at []any, backward bool, limit int) (found []step, last []any, more bool, err error) {
	patience := l.paging.Patience
	if patience <= 0 {
		patience = listPatience
	}
	end := time.Now().Add(patience)
	scan := func(row scanner) (step, error) {
		s := step{keys: make([]any, len(l.keys))}
		dest := []any{&s.id}
		for i := range s.keys {
			dest = append(dest, &s.keys[i])
		}
		return s, row.Scan(append(dest, &s.hit)...)
	}
	for piece := limit + 1; ; piece = min(4*piece, listPiece) {
		query, args := l.statement(at, backward, piece)
		steps, err := listOnce(q, scan, query, args...)
		if err != nil {
			return nil, nil, false, err
		}
		for _, s := range steps {
			at = s.keys
			if !s.hit {
				continue
			}
			if len(found) == limit {
				return found, found[limit-1].keys, true, nil
			}
			found = append(found, s)
		}
		if len(steps) < piece {
			return found, at, false, nil
		}
		if len(found) < limit && time.Now().After(end) {
			return found, at, true, nil
		}
	}
}

// count counts as many rows as is quickly done.
func (l *listing) count(q *queries) (chat.Count, error) {
	type counted struct{ walked, hits int }
	args := slices.Clone(l.args)
	query := fmt.Sprintf("SELECT count(*), coalesce(sum(hit), 0) FROM (SELECT %s AS hit FROM %s%s LIMIT %d) AS first",
		l.hit(), l.from, wheres(l.begins), chat.CountLimit+1)
	all, err := listOnce(q, func(row scanner) (c counted, err error) { return c, row.Scan(&c.walked, &c.hits) }, query, args...)
	if err != nil || len(all) == 0 {
		return chat.Count{}, err
	}
	return chat.Count{N: min(all[0].hits, chat.CountLimit), More: all[0].walked > chat.CountLimit}, nil
}

// cut is a place as a page's Earlier and Later name it: the keys' names, so that it is not mistaken for a place in another
// order, and their values.
func (l *listing) cut(keys []any) chat.Cut {
	text, err := json.Marshal(append([]any{strings.Join(l.keys, ",")}, keys...))
	if err != nil {
		return "" // keys are numbers and strings
	}
	return chat.Cut(base64.RawURLEncoding.EncodeToString(text))
}

func (l *listing) uncut(c chat.Cut) ([]any, error) {
	bad := chat.Errorf(chat.Invalid, "page", "That page is of another list. Please begin again.")
	text, err := base64.RawURLEncoding.DecodeString(string(c))
	if err != nil {
		return nil, bad
	}
	var values []any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&values) != nil || len(values) != len(l.keys)+1 || values[0] != strings.Join(l.keys, ",") {
		return nil, bad
	}
	for i, v := range values[1:] {
		switch v := v.(type) {
		case string:
		case json.Number:
			if values[i+1], err = v.Int64(); err != nil {
				return nil, bad
			}
		default:
			return nil, bad
		}
	}
	return values[1:], nil
}

// fetch reads the rows of a page by their ids, in the order of the ids.
func fetch[Row any](q *queries, ids []int64, id func(Row) int64, scan func(scanner) (Row, error), query string) ([]Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	places := make([]string, len(ids))
	order := make(map[int64]int, len(ids))
	for i, id := range ids {
		args[i], places[i], order[id] = id, "$"+strconv.Itoa(i+1), i
	}
	rows, err := listOnce(q, scan, query+" IN ("+strings.Join(places, ", ")+")", args...)
	slices.SortFunc(rows, func(a, b Row) int { return order[id(a)] - order[id(b)] })
	return rows, err
}
