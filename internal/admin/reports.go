package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"parley/internal/auth"
	"parley/internal/chat"
)

var stateNames = map[chat.ReportState]string{
	chat.OpenReport: "Open", chat.UpheldReport: "Upheld", chat.DismissedReport: "Dismissed",
}

func personHref(id chat.UserID) string {
	return "/admin/people/" + strconv.FormatInt(int64(id), 10) + "/"
}

// reportList is the queue of reports.
func (s *Site) reportList(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return s.showReports(w, r, me, nil)
}

func (s *Site) showReports(w http.ResponseWriter, r *http.Request, me auth.Identity, failed error) error {
	state := chat.ReportState(r.URL.Query().Get("state"))
	if stateNames[state] == "" {
		state = chat.OpenReport
	}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64) // what is none begins the list
	reports, more, err := s.moderation.Reports(r.Context(), me.Actor(), chat.ReportQuery{State: state, After: max(after, 0)})
	if err != nil {
		return err
	}
	b := deskBody{Empty: "Nothing has been reported."}
	if state != chat.OpenReport {
		b.Empty = "There are none."
	}
	for _, tab := range []chat.ReportState{chat.OpenReport, chat.UpheldReport, chat.DismissedReport} {
		b.Tabs = append(b.Tabs, option{Label: stateNames[tab], Href: "/admin/reports/?state=" + string(tab), Selected: tab == state})
	}
	for _, report := range reports {
		b.Cases = append(b.Cases, reportCase(report))
	}
	if more {
		b.Next = "/admin/reports/?" + url.Values{"state": {string(state)}, "after": {fmt.Sprint(reports[len(reports)-1].ID)}}.Encode()
	}
	return s.showDesk(w, r, me, page{Title: "Reports", Section: "Reports"}, b, failed)
}

func reportCase(report chat.Reported) deskCase {
	c := deskCase{
		Title: fmt.Sprintf("%s in %s", report.AuthorName, report.RoomName), Href: personHref(report.Author),
		Quote: report.Text, Quoted: report.State == chat.OpenReport,
		Lines: []fact{line("Reported by", report.ByName), line("because", report.Why), timeLine("on", report.At)},
	}
	if report.RoomKind == chat.DirectRoom {
		c.Title = report.AuthorName + " in a direct room"
	}
	if report.Author == 0 {
		c.Title, c.Href = "A message that is gone, in "+report.RoomName, ""
	}
	if report.State != chat.OpenReport {
		c.Lines = append(c.Lines, line("Decided by", report.DecidedByName), timeLine("on", report.DecidedAt))
		if report.Note != "" {
			c.Lines = append(c.Lines, line("saying", report.Note))
		}
		return c
	}
	c.Forms = []deskForm{{
		Action: fmt.Sprintf("/admin/reports/%d/", report.ID), Prefix: fmt.Sprintf("report-%d-", report.ID),
		Fields: []field{{Name: "why", Label: "Note", Help: "Who reported it reads this, and it goes into the log."}},
		Buttons: []button{
			{"Delete the message", "danger small", "decision", "delete"},
			{"Uphold only", "quiet small", "decision", "upheld"},
			{"Dismiss", "quiet small", "decision", "dismissed"},
		},
	}}
	return c
}

// decideReport decides one report. Who comes second is told who was first.
func (s *Site) decideReport(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	d := chat.Decision{State: chat.ReportState(r.PostForm.Get("decision")), Note: r.PostForm.Get("why")}
	if d.State == "delete" {
		d.State, d.Delete = chat.UpheldReport, true
	}
	_, err := s.moderation.Decide(r.Context(), me.Actor(), pathID(r, "report"), d)
	switch {
	case err == nil:
		doneAt(w, r, "/admin/reports/", "decided")
		return nil
	case about(err):
		return s.showReports(w, r, me, err)
	}
	return err
}

// heldList is what waits for approval in all rooms.
func (s *Site) heldList(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	return s.showHeld(w, r, me, nil)
}

func (s *Site) showHeld(w http.ResponseWriter, r *http.Request, me auth.Identity, failed error) error {
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64) // what is none begins the list
	list, err := s.moderation.Held(r.Context(), me.Actor(), max(after, 0))
	if err != nil {
		return err
	}
	b := deskBody{
		Lead:  "First messages of guests. Approving one lets its author speak freely from then on.",
		Empty: "Nothing waits for approval.",
	}
	for _, h := range list.Held {
		b.Cases = append(b.Cases, deskCase{
			Title: h.ByName + " in " + h.RoomName, Href: personHref(h.By), Quote: h.Text, Quoted: true, Lines: []fact{timeLine("on", h.At)},
			Forms: []deskForm{{
				Action: fmt.Sprintf("/admin/waiting/%s/%d/", h.Room, h.ID), Prefix: fmt.Sprintf("held-%d-", h.ID),
				Fields:  []field{whyField("")},
				Buttons: []button{{"Approve", "small", "decision", "approve"}, {"Reject", "danger small", "decision", "reject"}},
			}},
		})
	}
	if list.More {
		b.Next = fmt.Sprintf("/admin/waiting/?after=%d", list.Held[len(list.Held)-1].ID)
	}
	return s.showDesk(w, r, me, page{Title: "Waiting", Section: "Waiting"}, b, failed)
}

// decideHeld approves or rejects one.
func (s *Site) decideHeld(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	done := map[string]string{"approve": "approved", "reject": "rejected"}[r.PostForm.Get("decision")]
	if done == "" {
		return chat.Errorf(chat.Missing, "decision", "The form does not say what is to be done.")
	}
	_, err := s.moderation.Rooms.DecideHeld(r.Context(), me.Actor(), r.PathValue("room"), pathID(r, "held"), done == "approved", r.PostForm.Get("why"))
	switch {
	case err == nil:
		doneAt(w, r, "/admin/waiting/", done)
		return nil
	case about(err), chat.KindOf(err) == chat.NotFound:
		return s.showHeld(w, r, me, err)
	}
	return err
}
