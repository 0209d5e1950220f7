package admin

import (
	"net/http"
	"strconv"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/problem"
)

// A formBody is a form for one thing.
type formBody struct {
	Fields  []field
	Version string // what the form was made from, if that is one number
	Back    string
	Cancel  string
	Delete  string // address of the page that deletes the thing, or ""
	Facts   []fact // what cannot be changed
}

// A field is a part of a form, as what it is typed into asks for it.
type field struct {
	Name, Label, Value, Help, Error string
	Kind                            string // "" for a line, "textarea", "select", "checkbox", "password", "hidden"
	Required, Checked               bool
	Options                         []param
	Now                             string // what it is now, when somebody else changed it meanwhile
	Changed                         bool   // Now is set
}

type fact struct {
	Name string
	Cell cell
}

// now notes what a field is, beside what was typed.
func (f *formBody) now(name, typed, is string) {
	for i := range f.Fields {
		if f.Fields[i].Name == name && typed != is {
			f.Fields[i].Now, f.Fields[i].Changed = is, true
		}
	}
}

// ofForm reports whether an error is about what was typed, so that the form is shown again.
func ofForm(err error) bool {
	switch e := chat.AsError(err); e.Kind {
	case chat.Missing, chat.Invalid, chat.TooLong, chat.NameTaken, chat.Conflict:
		return true
	case chat.Forbidden:
		return e.Field != ""
	case chat.Unavailable:
		return true
	default:
		return false
	}
}

// showForm answers with a form; what failed stands under its field, or above all if it is about none.
func (s *Site) showForm(w http.ResponseWriter, me auth.Identity, p page, f formBody, failed error) {
	status := http.StatusOK
	if failed != nil {
		e := chat.AsError(failed)
		status = problem.Status(e)
		p.Alert = e.Message
		if e.Kind == chat.Conflict {
			p.Alert += " Look at what it is now; saving again puts yours in its place."
		}
		for i := range f.Fields {
			if f.Fields[i].Name == e.Field && e.Field != "" {
				f.Fields[i].Error, p.Alert = e.Message, "Please correct what is marked below."
			}
		}
	}
	p.Body = f
	s.show(w, status, "form", me, p)
}

// A deleteBody asks before something is deleted.
type deleteBody struct {
	Path, Cancel, Back string
	Things             []thing
	Consequence        string
	Choice             []param // a question that goes with it: the values of "messages"
	Verb               string  // on the button
}

// A thing is what is to be deleted, with what goes with it.
type thing struct {
	Pick, Name, Href string
	With             []string
}

// showDelete answers with the question whether things are really to be deleted.
func (s *Site) showDelete(w http.ResponseWriter, me auth.Identity, section, noun string, crumbs []crumb, b deleteBody, failed error) error {
	if len(b.Things) == 0 {
		return chat.Errorf(chat.NotFound, "", "Nothing is ticked, or it is gone already.")
	}
	title := "Delete this " + noun + "?"
	b.Verb = "Delete"
	if n := len(b.Things); n > 1 {
		all := amount(chat.Count{N: n}, noun)
		title, b.Verb = "Delete "+all+"?", "Delete "+all
	}
	p := page{Title: title, Section: section, Crumbs: crumbs, Body: b}
	status := http.StatusOK
	if failed != nil {
		e := chat.AsError(failed)
		status, p.Alert = problem.Status(e), e.Message
	}
	s.show(w, status, "delete", me, p)
	return nil
}

// picked are the rows that are ticked in a list of things with such ids.
func picked[ID ~int64](r *http.Request) []ID {
	var ids []ID
	for _, pick := range r.Form["pick"] {
		if id, err := strconv.ParseInt(pick, 10, 64); err == nil {
			ids = append(ids, ID(id))
		}
	}
	return ids
}
