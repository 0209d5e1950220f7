package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/problem"
)

// A deskBody is a page on which things wait to be decided, or forms that do something.
type deskBody struct {
	Lead  string
	Tabs  []option
	Cases []deskCase
	Empty string // what stands where there is no case
	Next  string
	Forms []deskForm // beside the cases
}

// A deskCase is one thing that waits, or that is in force.
type deskCase struct {
	Title, Href string
	Quote       string // what somebody wrote
	Quoted      bool
	Lines       []fact
	Forms       []deskForm
}

// A deskForm is a form with any number of buttons. Prefix sets the ids of its fields apart from those of other forms on the page.
type deskForm struct {
	Title, Action, Prefix string
	Hidden                []param
	Fields                []field
	Buttons               []button
}

// A button sends the form it is in; Name and Value go with it, if there is a name.
type button struct{ Label, Class, Name, Value string }

// whyField is where the reason is typed.
func whyField(help string) field { return field{Name: "why", Label: "Why", Help: help} }

// The lengths of time that one can choose from, as the values of a select.
var (
	muteTimes = []param{
		{"600", "10 minutes"}, {"3600", "1 hour"}, {"86400", "1 day"}, {"604800", "1 week"}, {"forever", "Without an end"},
	}
	banTimes = []param{{"86400", "1 day"}, {"604800", "1 week"}, {"2592000", "30 days"}, {"forever", "Without an end"}}
)

// timeOf is when a length of time ends that begins now, in unix ms; forever for "forever".
func timeOf(value string, forever int64) (int64, error) {
	if value == "forever" {
		return forever, nil
	}
	seconds, err := strconv.ParseInt(value, 10, 32)
	if err != nil || seconds <= 0 {
		return 0, chat.Errorf(chat.Invalid, "for", "Please choose for how long.")
	}
	return time.Now().Add(time.Duration(seconds) * time.Second).UnixMilli(), nil
}

// showDesk answers with a desk. What failed stands under its field in the forms of that action, or above all.
func (s *Site) showDesk(w http.ResponseWriter, r *http.Request, me auth.Identity, p page, b deskBody, failed error) error {
	status := http.StatusOK
	p.Note = deskNotes[r.URL.Query().Get("done")]
	if failed != nil {
		e := chat.AsError(failed)
		status, p.Note, p.Alert = problem.Status(e), "", e.Message
		for i := range b.Forms {
			if b.Forms[i].Action != r.URL.Path {
				continue
			}
			for j := range b.Forms[i].Fields {
				if f := &b.Forms[i].Fields[j]; f.Name == e.Field && e.Field != "" {
					f.Error = e.Message
				}
			}
		}
	}
	p.Body = b
	s.show(w, status, "desk", me, p)
	return nil
}

// deskNotes are what a desk says after something was done.
var deskNotes = map[string]string{
	"decided": "Decided. The reporter has been told.", "approved": "Approved. It is in the room now.", "rejected": "Rejected.",
	"banned": "Banned.", "lifted": "The ban is lifted.", "muted": "Muted.", "unmuted": "They may speak again.",
	"purged": "The messages are being deleted.", "changed": "Saved. It holds at once.",
}

// doneAt sends the browser to a page that says what was done.
func doneAt(w http.ResponseWriter, r *http.Request, path, done string) {
	u := url.URL{Path: path, RawQuery: "done=" + done}
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
}

// about reports whether an error is one that the page should show, above its forms, rather than an error page.
func about(err error) bool { return ofForm(err) || chat.KindOf(err) == chat.Forbidden }

func line(name, what string) fact { return fact{Name: name, Cell: text(what, "")} }

func timeLine(name string, ms int64) fact { return fact{Name: name, Cell: at(ms)} }
