package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// searchLimit is how many bytes of a search are looked for.
const searchLimit = 200

// params are the query of a list's address. Only the names that lists know are kept, so that whatever else is in an
// address does not travel on.
type params struct{ url.Values }

// known are the names that stay when another filter is set; where a page begins and what was just done do not.
var known = []string{"q", "room", "author", "from", "to", "deleted", "kind", "role", "state", "by", "sort"}

// readParams reads a list's query.
func readParams(query url.Values) params {
	p := params{url.Values{}}
	for _, name := range append([]string{"after", "before"}, known...) {
		v := strings.TrimSpace(strings.ToValidUTF8(query.Get(name), "\uFFFD"))
		if v != "" {
			p.Set(name, v)
		}
	}
	if q := p.Get("q"); len(q) > searchLimit {
		p.Set("q", strings.ToValidUTF8(q[:searchLimit], ""))
	}
	return p
}

// with is the address of the list with another value, "" for none, from its first page on.
func (p params) with(name, value string) string {
	q := url.Values{}
	for _, k := range known {
		if v := p.Get(k); v != "" && k != name {
			q.Set(k, v)
		}
	}
	if value != "" {
		q.Set(name, value)
	}
	return "?" + q.Encode()
}

// back is what a form carries, so that it leads back to the list as it was.
func (p params) back() string { return p.Encode() }

// readBack reads what back wrote, and nothing else.
func readBack(back string) params {
	query, err := url.ParseQuery(back)
	if err != nil {
		return params{url.Values{}}
	}
	return readParams(query)
}

// returnTo sends the browser back to a list, which says what was done.
func returnTo(w http.ResponseWriter, r *http.Request, path, back, done string, n int) {
	q := readBack(back)
	q.Set("done", done)
	if n != 1 {
		q.Set("n", strconv.Itoa(n))
	}
	http.Redirect(w, r, path+"?"+q.Encode(), http.StatusSeeOther)
}

// done is what a list says after returnTo.
func done(query url.Values) string {
	n, err := strconv.Atoi(query.Get("n"))
	if err != nil || n < 0 || n > chat.BulkLimit {
		n = 1
	}
	switch query.Get("done") {
	case "changed":
		return "Saved."
	case "added":
		return "Added."
	case "deleted":
		return "Deleted " + strconv.Itoa(n) + "."
	}
	return ""
}

// paging reads which page of the list is wanted; the default is the newest first.
func (p params) paging() chat.Paging {
	sort, descending := strings.CutPrefix(p.Get("sort"), "-")
	if sort == "" {
		sort, descending = string(chat.SortCreated), true
	}
	return chat.Paging{
		Sort: chat.Sort(sort), Descending: descending,
		After: chat.Cut(p.Get("after")), Before: chat.Cut(p.Get("before")),
	}
}

const day = 24 * 60 * 60 * 1000 // milliseconds

// dates reads the days of a filter, both included, in UTC.
func (p params) dates(problems map[string]string) (from, to int64) {
	read := func(name string) int64 {
		if p.Get(name) == "" {
			return 0
		}
		t, err := time.Parse(time.DateOnly, p.Get(name))
		if err != nil || t.Year() < 1970 {
			problems[name] = "A day is written like 2026-11-23."
			return 0
		}
		return max(1, t.UnixMilli())
	}
	from, to = read("from"), read("to")
	if to != 0 {
		to += day
	}
	if from != 0 && to != 0 && from >= to {
		problems["to"] = "This day is before the first one."
	}
	return from, to
}

// person reads who is meant by a name or an id, and who else has that name.
func (s *Site) person(r *http.Request, me auth.Identity, field string, p params, problems map[string]string) (chat.UserID, []option, error) {
	text := p.Get(field)
	if text == "" {
		return 0, nil, nil
	}
	var id chat.UserID
	if id.UnmarshalText([]byte(text)) == nil {
		return id, nil, nil
	}
	users, err := s.admin.Named(r.Context(), me.Actor(), text)
	if err != nil {
		return 0, nil, err
	}
	if len(users) == 0 {
		problems[field] = "Nobody is called that."
		return 0, nil, nil
	}
	var others []option
	if len(users) > 1 {
		for i, u := range users {
			others = append(others, option{
				Label: u.Name + ", " + kindNames[u.Kind] + ", " + u.ID.String(), Href: p.with(field, u.ID.String()), Selected: i == 0,
			})
		}
	}
	return users[0].ID, others, nil
}

// room reads which room is meant by a name or an id.
func (s *Site) room(r *http.Request, me auth.Identity, p params, problems map[string]string) (chat.RoomID, error) {
	if p.Get("room") == "" {
		return 0, nil
	}
	room, err := s.admin.Find(r.Context(), me.Actor(), p.Get("room"))
	if chat.KindOf(err) == chat.NotFound {
		problems["room"] = "There is no room called that."
		return 0, nil
	}
	return room.ID, err
}
