package admin

import (
	"net/http"
	"strconv"
	"strings"

	"parley/internal/auth"
	"parley/internal/chat"
)

// terminal is what the log calls whoever used the operator's commands.
const terminal = "operator"

// An auditLine is a line of the log as the first page shows it.
type auditLine struct {
	At                 moment
	By, Verb           string
	Name, Href, Detail string
}

func auditLines(rows []chat.Audit) []auditLine {
	var lines []auditLine
	for _, a := range rows {
		lines = append(lines, auditLine{
			At: moment(a.At), By: byOf(a), Verb: a.Verb, Name: a.Name, Href: objectHref(a), Detail: a.Detail,
		})
	}
	return lines
}

func byOf(a chat.Audit) string {
	if a.By == 0 {
		return terminal
	}
	return a.ByName
}

// objectHref is the page of what a line of the log is about, "" if there is none any more.
func objectHref(a chat.Audit) string {
	room, message, isMessage := strings.Cut(a.Object, "/")
	id, isRoom := chat.ParseRoomID(room)
	var user chat.UserID
	switch {
	case isRoom && a.Verb == "deleted":
		return ""
	case isRoom && isMessage && user.UnmarshalText([]byte(message)) == nil:
		return userHref(user) // somebody in a room
	case isRoom && isMessage:
		return "/admin/messages/" + strconv.FormatInt(int64(id), 10) + "/" + message + "/"
	case isRoom:
		return roomHref(id)
	case user.UnmarshalText([]byte(a.Object)) == nil:
		return userHref(user)
	}
	return ""
}

var logHeadings = []heading{
	{name: "When", sort: chat.SortCreated, class: "time", down: true},
	{name: "Who"},
	{name: "Did"},
	{name: "What"},
	{name: "Details"},
	{name: "Why"},
}

// log is the list of what administrators did.
func (s *Site) log(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	p, problems := readParams(r.URL.Query()), map[string]string{}
	q := chat.AuditQuery{Paging: p.paging()}
	var others []option
	if p.Get("by") == terminal {
		q.By = new(chat.UserID)
	} else if p.Get("by") != "" {
		by, named, err := s.person(r, me, "by", p, problems)
		if err != nil {
			return err
		}
		q.By, others = &by, named
	}
	var list chat.List[chat.Audit]
	if len(problems) == 0 {
		var err error
		if list, err = s.admin.Log(r.Context(), me.Actor(), q); err != nil {
			return err
		}
	}
	b := p.frame(r, listBody{
		Path: "/admin/log/", Noun: "line", NoField: true, Columns: p.columns(logHeadings),
		Inputs: []input{{
			Name: "by", Label: "Who", Value: p.Get("by"), Error: problems["by"], Options: others,
			Help: "A name, an id like u7, or “" + terminal + "” for the commands at the terminal.",
		}},
	})
	for _, a := range list.Rows {
		by := text(terminal, "name")
		if a.By != 0 {
			by = link(a.ByName, p.with("by", a.By.String()), "name")
		}
		what := text(a.Name, "name")
		if href := objectHref(a); href != "" {
			what = link(a.Name, href, "name")
		}
		b.Rows = append(b.Rows, row{Cells: []cell{at(a.At), by, text(a.Verb, ""), what, text(a.Detail, "text"), text(a.Why, "text")}})
	}
	turn(&b, p, list)
	s.showList(w, r, me, "Log", b, problems)
	return nil
}
