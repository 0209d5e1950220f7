package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

var messageHeadings = []heading{
	{name: "Text"},
	{name: "Author", sort: chat.SortAuthor},
	{name: "Room", sort: chat.SortRoom},
	{name: "Posted", sort: chat.SortCreated, class: "time", down: true},
}

// foundHeadings are those of a search, which can be walked in the order of posting only.
var foundHeadings = []heading{
	{name: "Text"},
	{name: "Author"},
	{name: "Room"},
	{name: "Posted", sort: chat.SortCreated, class: "time", down: true},
}

// messageList is the list of messages.
func (s *Site) messageList(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	p, problems := readParams(r.URL.Query()), map[string]string{}
	q := chat.MessageQuery{Paging: p.paging(), Search: p.Get("q"), Deleted: p.Get("deleted") == "yes"}
	q.From, q.To = p.dates(problems)
	var err error
	if q.Room, err = s.room(r, me, p, problems); err != nil {
		return err
	}
	author, others, err := s.person(r, me, "author", p, problems)
	if err != nil {
		return err
	}
	q.Author = author
	var list chat.List[chat.MessageRow]
	if len(problems) == 0 {
		list, err = s.admin.Messages(r.Context(), me.Actor(), q)
		if e := chat.AsError(err); e != nil && e.Field == "q" {
			problems["q"] = e.Message
		} else if err != nil {
			return err
		}
	}
	headings := messageHeadings
	if q.Search != "" {
		headings = foundHeadings
	}
	b := listBody{
		Path: "/admin/messages/", Noun: "message", Bulk: !q.Deleted, Columns: p.columns(headings),
		Inputs: []input{
			{Name: "room", Label: "Room", Value: p.Get("room"), Error: problems["room"], Help: "A name, or an id like r7."},
			{
				Name: "author", Label: "Author", Value: p.Get("author"), Error: problems["author"], Help: "A name, or an id like u7.",
				Options: others,
			},
		},
	}
	inputs, days := p.dateInputs("Posted", problems, time.Now())
	b.Inputs = append(b.Inputs, inputs...)
	b.Groups = []group{p.choice("Deleted", "deleted", deletedChoice...), days}
	b = p.frame(r, b)
	for _, m := range list.Rows {
		b.Rows = append(b.Rows, messageRow(p, b.Back, m))
	}
	turn(&b, p, list)
	if list.Behind > 0 {
		b.Behind = amount(chat.Count{N: int(list.Behind)}, "change")
	}
	s.showList(w, r, me, "Messages", b, problems)
	return nil
}

func messageRow(p params, back string, m chat.MessageRow) row {
	ref := chat.MessageRef{Room: m.Room, Number: m.Number}
	name := primary(m.Text, messageHref(ref)+"?back="+url.QueryEscape(back), "text")
	if m.Deleted {
		name = text("deleted", "muted")
	}
	return row{
		Pick: pickOf(ref), Label: fmt.Sprintf("message %d in %s by %s", m.Number, m.RoomName, m.ByName),
		Cells: []cell{
			name,
			link(m.ByName, p.with("author", m.By.String()), "name"),
			link(m.RoomName, p.with("room", m.Room.String()), "name"),
			at(m.At),
		},
	}
}

func messageHref(ref chat.MessageRef) string { return "/admin/messages/" + pickOf(ref) + "/" }

func pickOf(ref chat.MessageRef) string { return fmt.Sprintf("%d/%d", ref.Room, ref.Number) }

var messageCrumbs = []crumb{{"Messages", "/admin/messages/"}}

// messageOf is the message of the address.
func (s *Site) messageOf(r *http.Request, me auth.Identity) (chat.MessageRow, error) {
	ref := chat.MessageRef{Room: chat.RoomID(pathID(r, "room")), Number: pathID(r, "number")}
	rows, err := s.admin.MessageDetails(r.Context(), me.Actor(), []chat.MessageRef{ref})
	if err != nil {
		return chat.MessageRow{}, err
	}
	if len(rows) == 0 {
		return chat.MessageRow{}, chat.Errorf(chat.NotFound, "", "There is no such message, or not any more.")
	}
	return rows[0], nil
}

// messagePage is the form for a message.
func (s *Site) messagePage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	m, err := s.messageOf(r, me)
	if err != nil {
		return err
	}
	s.showMessage(w, me, m, m.Text, r.URL.Query().Get("back"), nil)
	return nil
}

func (s *Site) showMessage(w http.ResponseWriter, me auth.Identity, m chat.MessageRow, typed, back string, failed error) {
	ref := chat.MessageRef{Room: m.Room, Number: m.Number}
	f := formBody{
		Version: strconv.FormatInt(m.Version, 10), Back: back, Cancel: "/admin/messages/?" + readBack(back).Encode(),
		Delete: "/admin/messages/delete?pick=" + url.QueryEscape(pickOf(ref)),
		Fields: []field{{
			Name: "text", Label: "Text", Kind: "textarea", Value: typed, Required: true,
			Help: "Everybody in the room sees the new text at once, marked as edited.",
		}},
		Facts: []fact{
			{Name: "Author", Cell: link(m.ByName, userHref(m.By), "")},
			{Name: "Room", Cell: link(m.RoomName, roomHref(m.Room), "")},
			{Name: "Number", Cell: text(strconv.FormatInt(m.Number, 10), "")},
			{Name: "Posted", Cell: at(m.At)},
			{Name: "Edited", Cell: at(m.Edited)},
			{Name: "On the site", Cell: link("Open in the room",
				fmt.Sprintf("%s?at=%d#m%d", openRoom(m.RoomName, me.User.Name), m.Number, m.Number), "")},
		},
	}
	if chat.KindOf(failed) == chat.Conflict {
		f.now("text", typed, m.Text)
	}
	title := fmt.Sprintf("Message %d in %s", m.Number, m.RoomName)
	s.showForm(w, me, page{Title: title, Section: "Messages", Crumbs: messageCrumbs}, f, failed)
}

func (s *Site) editMessage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return chat.Errorf(chat.Missing, "version", "The form does not say which version it was made from.")
	}
	ref := chat.MessageRef{Room: chat.RoomID(pathID(r, "room")), Number: pathID(r, "number")}
	typed := r.PostForm.Get("text")
	_, failed := s.admin.EditMessage(r.Context(), me.Actor(), ref, version, typed)
	if failed == nil {
		returnTo(w, r, "/admin/messages/", r.PostForm.Get("back"), "changed", 1)
		return nil
	}
	if !ofForm(failed) {
		return failed
	}
	m, err := s.messageOf(r, me)
	if err != nil {
		return err
	}
	s.showMessage(w, me, m, strings.ReplaceAll(typed, "\r\n", "\n"), r.PostForm.Get("back"), failed)
	return nil
}

// pickedMessages are the messages that are ticked.
func pickedMessages(r *http.Request) []chat.MessageRef {
	var refs []chat.MessageRef
	for _, pick := range r.Form["pick"] {
		room, message, _ := strings.Cut(pick, "/")
		id, idErr := strconv.ParseInt(room, 10, 64)
		n, numberErr := strconv.ParseInt(message, 10, 64)
		if idErr == nil && numberErr == nil {
			refs = append(refs, chat.MessageRef{Room: chat.RoomID(id), Number: n})
		}
	}
	return refs
}

// deleteMessagesPage shows which messages go.
func (s *Site) deleteMessagesPage(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	rows, err := s.admin.MessageDetails(r.Context(), me.Actor(), pickedMessages(r))
	if err != nil {
		return err
	}
	b := deleteBody{
		Path: "/admin/messages/delete", Cancel: "/admin/messages/?" + readBack(r.Form.Get("back")).Encode(), Back: r.Form.Get("back"),
		Consequence: "They disappear from every open page at once. Their text is removed for good.",
	}
	if len(rows) == 1 {
		b.Consequence = "It disappears from every open page at once. Its text is removed for good."
	}
	for _, m := range rows {
		ref := chat.MessageRef{Room: m.Room, Number: m.Number}
		b.Things = append(b.Things, thing{
			Pick: pickOf(ref), Name: excerpt(m.Text), Href: messageHref(ref), With: []string{"by " + m.ByName, "in " + m.RoomName},
		})
	}
	return s.showDelete(w, me, "Messages", "message", messageCrumbs, b, nil)
}

// excerpt is the beginning of a text.
func excerpt(text string) string {
	const limit = 120
	n := 0
	for i := range text {
		if n++; n > limit {
			return text[:i] + "…"
		}
	}
	return text
}

func (s *Site) deleteMessages(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if r.PostForm.Get("confirm") != "yes" {
		return s.deleteMessagesPage(w, r, me)
	}
	n, err := s.admin.DeleteMessages(r.Context(), me.Actor(), pickedMessages(r))
	if err != nil {
		return err
	}
	returnTo(w, r, "/admin/messages/", r.PostForm.Get("back"), "deleted", n)
	return nil
}
