package admin

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/web"
)

//go:embed templates
var templates embed.FS

// views are the templates, each with the frame that all pages share.
type views struct {
	pages map[string]*template.Template
}

func parseViews(assets *web.Assets) (*views, error) {
	frame, err := template.New("frame.html").Funcs(template.FuncMap{"asset": assets.URL}).ParseFS(templates, "templates/frame.html")
	if err != nil {
		return nil, fmt.Errorf("admin: %w", err)
	}
	v := &views{pages: map[string]*template.Template{}}
	for _, name := range []string{"index", "list", "form", "delete", "desk", "reset", "error"} {
		t, err := frame.Clone()
		if err == nil {
			t, err = t.ParseFS(templates, "templates/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("admin: %w", err)
		}
		v.pages[name] = t
	}
	return v, nil
}

// A page is what the frame shows around a body.
type page struct {
	Title     string
	Me        chat.User
	Operator  bool // shows all sections
	Moderator bool // shows those that are about moderation
	Section   string
	Crumbs    []crumb // between the first page and this one
	Note      string  // what was just done
	Alert     string  // what went wrong with the whole form
	Body      any
}

type crumb struct{ Name, Href string }

// Sections are the links to the lists.
func (p page) Sections() []crumb {
	var sections []crumb
	if p.Operator {
		sections = append(sections, crumb{"Rooms", "/admin/rooms/"}, crumb{"Messages", "/admin/messages/"}, crumb{"Users", "/admin/users/"})
	}
	if p.Moderator {
		sections = append(sections, crumb{"Reports", "/admin/reports/"}, crumb{"Waiting", "/admin/waiting/"}, crumb{"Bans", "/admin/bans/"},
			crumb{"Deletions", "/admin/purges/"}, crumb{"Settings", "/admin/settings/"})
	}
	if p.Operator {
		sections = append(sections, crumb{"Log", "/admin/log/"})
	}
	return sections
}

// Home is the first page of the site for who looks at it.
func (p page) Home() string {
	switch {
	case p.Operator:
		return "/admin/"
	case p.Moderator:
		return "/admin/reports/"
	}
	return "/"
}

// show renders a page for somebody who may see it.
func (s *Site) show(w http.ResponseWriter, status int, name string, me auth.Identity, p page) {
	p.Me, p.Operator, p.Moderator = me.User, operates(me) == nil, moderates(me) == nil
	s.views.render(w, status, name, p)
}

func (v *views) render(w http.ResponseWriter, status int, name string, p page) {
	var out bytes.Buffer
	if err := v.pages[name].ExecuteTemplate(&out, "frame.html", p); err != nil {
		panic("admin: " + err.Error()) // every template is shown by a test
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // the reader is gone if this fails
}

// A moment is a time as it is shown.
type moment int64

// Known reports whether there is a time at all.
func (m moment) Known() bool { return m != 0 }

// Machine is the time for programs.
func (m moment) Machine() string { return time.UnixMilli(int64(m)).UTC().Format(time.RFC3339) }

// String is the time for people.
func (m moment) String() string { return time.UnixMilli(int64(m)).UTC().Format("2 Jan 2006, 15:04") }

// counted is a count as it is shown: "1,234" or "more than 10,000".
func counted(c chat.Count) string {
	if c.More {
		return "more than " + thousands(int64(c.N))
	}
	return thousands(int64(c.N))
}

// amount is a count with its noun: "1 room", "more than 10,000 messages".
func amount(c chat.Count, noun string) string {
	if c.N != 1 || c.More {
		noun += "s"
	}
	return counted(c) + " " + noun
}

// thousands groups the digits of a number that is not negative.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, groups...), ",")
}
