package pages

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/problem"
)

// titles are the headings of the error pages.
var titles = map[int]string{
	http.StatusBadRequest:            "That could not be read",
	http.StatusUnauthorized:          "Please join first",
	http.StatusForbidden:             "Not allowed",
	http.StatusNotFound:              "Nothing here",
	http.StatusMethodNotAllowed:      "Not possible here",
	http.StatusConflict:              "That did not work",
	http.StatusGone:                  "This link works no more",
	http.StatusRequestEntityTooLarge: "Too long",
	http.StatusUnprocessableEntity:   "That did not work",
	http.StatusTooManyRequests:       "One moment, please",
	http.StatusServiceUnavailable:    "One moment, please",
	http.StatusInternalServerError:   "Something went wrong",
}

var (
	errNotFound = chat.Errorf(chat.NotFound, "", "There is no page at this address.")
	errMethod   = chat.Errorf(chat.Invalid, "", "This address cannot be used in that way.")
)

// answer turns a handler into one of net/http: it finds out who asks, limits how often, and shows what went wrong.
func (p *Pages) answer(handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		me, err := p.gate.Who(r)
		if err == nil {
			err = p.gate.Allow(r, auth.Read, me.User.ID)
		}
		if err == nil {
			err = handle(w, r, me)
		}
		if err != nil {
			p.Fail(w, r, err)
		}
	})
}

// NotFound answers a request for an address that there is not.
func (p *Pages) NotFound(w http.ResponseWriter, r *http.Request) {
	p.Fail(w, r, errNotFound)
}

// Fail answers with an error: a page, or an RFC 9457 problem for a client that would rather have JSON. An error that is our
// fault is logged, and the visitor is told nothing but that.
func (p *Pages) Fail(w http.ResponseWriter, r *http.Request, err error) {
	if wantsJSON(r) {
		problem.Write(w, r, p.logger, err)
		return
	}
	e := chat.AsError(err)
	p.failWith(w, r, p.status(r, e), e)
}

// status is the status of an error, which is logged if somebody should look at it.
func (p *Pages) status(r *http.Request, e *chat.Error) int {
	status := problem.Status(e)
	if status >= http.StatusInternalServerError && r.Context().Err() == nil {
		p.logger.Error("request failed", "method", r.Method, "path", r.URL.Path, "kind", string(e.Kind), "error", e.Unwrap())
	}
	return status
}

// failWith shows the error page.
func (p *Pages) failWith(w http.ResponseWriter, r *http.Request, status int, e *chat.Error) {
	retryAfter(w, e)
	if err := p.render(w, r, status, "error", errorPage{Title: titles[status], Message: e.Message, SignIn: p.signInFor(r, e)}); err != nil {
		p.logger.Error("the error page cannot be rendered", "error", err)
		http.Error(w, e.Message, status)
	}
}

type errorPage struct{ Title, Message, SignIn string }

// signInFor is where somebody signs in who may not because they are nobody or a guest, and comes back from; "" for anybody else. Nobody
// is offered it also where there is nothing: what is at an address for its people alone looks just so. That page has the same bytes whatever
// the address, which it does not repeat.
func (p *Pages) signInFor(r *http.Request, e *chat.Error) string {
	absent := e.Kind == chat.NotFound && (e.Field == "" || e.Field == "room")
	if e.Kind != chat.Unauthenticated && e.Kind != chat.Forbidden && !absent {
		return ""
	}
	me, err := p.gate.Who(r)
	if absent && me.User.ID != 0 {
		return ""
	}
	if err != nil || me.User.ID != 0 && me.User.Kind != chat.Guest {
		return ""
	}
	to := "/-/sign-in"
	if r.Method == http.MethodGet && !absent {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	return to
}

func retryAfter(w http.ResponseWriter, e *chat.Error) {
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
}

// render writes a page. Nothing is written if it fails. Pages depend on who looks at them and are never kept.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) error {
	var body bytes.Buffer
	if err := p.templates[name].ExecuteTemplate(&body, "page", data); err != nil {
		return err
	}
	send(w, r, status, body.Bytes())
	return nil
}

// send answers with a page.
func send(w http.ResponseWriter, r *http.Request, status int, page []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(page)))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(page) // the visitor has gone if this fails
	}
}

// wantsJSON reports whether a client asks for JSON and not for a page.
func wantsJSON(r *http.Request) bool {
	accept := strings.ToLower(strings.Join(r.Header.Values("Accept"), ","))
	return strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}

// redirect sends the visitor on to an address of this server, by GET.
func redirect(w http.ResponseWriter, r *http.Request, to string) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
