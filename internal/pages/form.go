package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"parley/internal/chat"
)

// maxForm is how many bytes the body of a form may have beside the text of a message.
const maxForm = 64 << 10

// readForm reads the fields of a posted form, whichever way it is encoded; those of the address do not count. Each field is
// valid UTF-8, also where that is the error; of several of one name the first counts.
func (p *Pages) readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	maxForm := maxForm + 3*int64(p.rooms.Limits.Text) // a byte is three in a form: %F0
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	if err == nil {
		if err = r.ParseMultipartForm(maxForm); errors.Is(err, http.ErrNotMultipart) {
			err = nil
		}
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, chat.Errorf(chat.TooLong, "", "The form is too long; at most %d bytes fit.", maxForm)
	}
	if err != nil {
		return nil, chat.Errorf(chat.BadFrame, "", "The form could not be read.").Because(err)
	}
	for name, values := range r.PostForm {
		for i, v := range values {
			if !utf8.ValidString(v) || !utf8.ValidString(name) {
				values[i] = strings.ToValidUTF8(v, "\uFFFD")
				err = chat.Errorf(chat.Invalid, known(name), "This is not valid UTF-8.")
			}
		}
	}
	return r.PostForm, err
}

// known is the name of a field if it is one of ours, so that no error names what it should not.
func known(name string) string {
	switch name {
	case "username", "room", "text", "key", "password", "token", "next", "confirm", "name", "topic", "description", "users", "why", "email", "bio", "current", "session", "invite":
		return name
	}
	return ""
}

// faults are what is wrong with the fields of a form, by the names of the fields; "" is the form as a whole.
type faults map[string]string

// add notes an error, unless it is nil.
func (f faults) add(err error) {
	if err != nil {
		e := chat.AsError(err)
		f[e.Field] = e.Message
	}
}

// required is a Missing error if a form lacks a field.
func required(form url.Values, field, what string) error {
	if _, ok := form[field]; !ok {
		return chat.Errorf(chat.Missing, field, "Please give a %s.", what)
	}
	return nil
}

// localPath is next if it is an address of this server, absolute but without a host, else otherwise. Browsers read "//host",
// and a backslash for a slash, as another server's.
func localPath(next, otherwise string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.Opaque != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return otherwise
	}
	return next
}
