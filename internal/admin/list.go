package admin

import (
	"net/http"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A listBody is a list as its page shows it.
type listBody struct {
	Path    string // of the list, "/admin/rooms/"
	Noun    string // what one row is
	Add     string // address of the form that adds one, or ""
	Search  string
	NoField bool // without a search field
	Hidden  []param
	Columns []column
	Rows    []row
	Bulk    bool // rows can be ticked and deleted
	Ticked  bool // all rows are ticked
	TickAll string
	Back    string

	Count, First, Earlier, Later string
	Unfinished                   bool
	Behind                       string // what the search index has yet to read, or ""
	Inputs                       []input
	Groups                       []group
	Clear                        string // address without any filter, if there is one
}

type param struct{ Name, Value string }

// A column is the head of a column; Href is set if the list can be sorted by it.
type column struct{ Name, Href, Sorted, Class string }

// A row is a line of the list.
type row struct {
	Pick  string // what the form is sent if the row is ticked
	Label string // what screen readers call the tick box
	Cells []cell
}

// A cell shows a text, with a link, or a time.
type cell struct {
	Text, Href, Class string
	Time              moment
	IsTime            bool
	Primary           bool // leads to the row's own page
}

// An input is a filter that is typed.
type input struct {
	Name, Label, Type, Value, Error, Help string
	Options                               []option
}

// A group is a filter that is chosen.
type group struct {
	Title   string
	Options []option
}

type option struct {
	Label, Href string
	Selected    bool
}

func text(s, class string) cell       { return cell{Text: s, Class: class} }
func link(s, href, class string) cell { return cell{Text: s, Href: href, Class: class} }
func at(ms int64) cell                { return cell{Time: moment(ms), IsTime: true, Class: "time"} }
func number(n int64) cell             { return cell{Text: thousands(n), Class: "number"} }
func primary(s, href, cl string) cell { return cell{Text: s, Href: href, Class: cl, Primary: true} }

// A heading is a column before it is known how the list is sorted.
type heading struct {
	name  string
	sort  chat.Sort // "" if the list cannot be sorted by it
	class string
	down  bool // the first click sorts the highest first
}

func (p params) columns(headings []heading) []column {
	paging := p.paging()
	var columns []column
	for _, h := range headings {
		c := column{Name: h.name, Class: h.class}
		switch {
		case h.sort == "":
		case h.sort == paging.Sort && paging.Descending:
			c.Sorted, c.Href = "descending", p.with("sort", string(h.sort))
		case h.sort == paging.Sort:
			c.Sorted, c.Href = "ascending", p.with("sort", "-"+string(h.sort))
		case h.down:
			c.Href = p.with("sort", "-"+string(h.sort))
		default:
			c.Href = p.with("sort", string(h.sort))
		}
		columns = append(columns, c)
	}
	return columns
}

// choice is a filter by one of a few values; each is a pair of what the address says and what people read.
func (p params) choice(title, name string, values ...param) group {
	g := group{Title: title}
	for _, v := range values {
		g.Options = append(g.Options, option{Label: v.Value, Href: p.with(name, v.Name), Selected: p.Get(name) == v.Name})
	}
	return g
}

// dateInputs are the filter by days, with shortcuts for the usual ones.
func (p params) dateInputs(title string, problems map[string]string, now time.Time) ([]input, group) {
	now = now.UTC()
	today := now.Format(time.DateOnly)
	g := group{Title: title}
	sinceDay := func(label, first string) {
		withFrom := readBack(strings.TrimPrefix(p.with("from", first), "?"))
		g.Options = append(g.Options, option{
			Label: label, Href: withFrom.with("to", ""), Selected: p.Get("from") == first && p.Get("to") == "",
		})
	}
	sinceDay("Any day", "")
	sinceDay("Today", today)
	sinceDay("Past 7 days", now.AddDate(0, 0, -6).Format(time.DateOnly))
	sinceDay("This month", now.Format("2006-01-")+"01")
	sinceDay("This year", now.Format("2006-")+"01-01")
	return []input{
		{Name: "from", Label: title + " from", Type: "date", Value: p.Get("from"), Error: problems["from"]},
		{Name: "to", Label: title + " to", Type: "date", Value: p.Get("to"), Error: problems["to"], Help: "Days are in UTC."},
	}, g
}

// frame is a list's page but for its rows: what all lists have in common.
func (p params) frame(r *http.Request, b listBody) listBody {
	typed := map[string]bool{"q": true}
	for _, i := range b.Inputs {
		typed[i.Name] = true
	}
	for _, name := range known {
		if v := p.Get(name); v != "" && !typed[name] {
			b.Hidden = append(b.Hidden, param{name, v})
		}
	}
	b.Search, b.Back = p.Get("q"), p.back()
	b.Ticked = r.URL.Query().Get("tick") == "all"
	tick := params{readBack(p.back()).Values}
	tick.Set("tick", "all")
	b.TickAll = "?" + tick.Encode()
	for _, name := range known {
		if name != "sort" && p.Get(name) != "" {
			only := params{map[string][]string{}}
			b.Clear = only.with("sort", p.Get("sort"))
		}
	}
	return b
}

// turn sets where the pages before and after lead.
func turn[Row any](b *listBody, p params, list chat.List[Row]) {
	at := func(name string, cut chat.Cut) string {
		if cut == "" {
			return ""
		}
		return p.with(name, string(cut))
	}
	b.Earlier, b.Later = at("before", list.Earlier), at("after", list.Later)
	if p.Get("after") != "" || p.Get("before") != "" {
		b.First = p.with("", "")
	}
	b.Unfinished = list.Unfinished
	b.Count = amount(list.Count, b.Noun)
	if list.Count.More && p.Get("q") != "" {
		b.Count = "" // what was counted says little about what will be found
	}
}

// showList answers with a list's page.
func (s *Site) showList(w http.ResponseWriter, r *http.Request, me auth.Identity, title string, b listBody, problems map[string]string) {
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	s.show(w, status, "list", me, page{Title: title, Section: title, Note: done(r.URL.Query()), Alert: problems["q"], Body: b})
}
