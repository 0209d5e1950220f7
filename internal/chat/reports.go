package chat

import (
	"context"
	"fmt"
)

// ReportState is what has become of a report.
type ReportState string

// The states of reports.
const (
	OpenReport      ReportState = "open"
	UpheldReport    ReportState = "upheld"
	DismissedReport ReportState = "dismissed"
)

// A Reported is a message that somebody told the moderators of.
type Reported struct {
	ID     int64       `json:"id"`
	Room   RoomID      `json:"room"`
	Number int64       `json:"number"`
	By     UserID      `json:"by"` // who reported it
	At     int64       `json:"at"`
	Why    string      `json:"why"`
	Text   string      `json:"text,omitempty"` // the message as it was reported; gone once that is decided
	State  ReportState `json:"state"`

	DecidedBy UserID `json:"decided_by,omitempty"`
	DecidedAt int64  `json:"decided_at,omitempty"`
	Note      string `json:"note,omitempty"` // of who decided, for the reporter

	Author        UserID   `json:"author,omitempty"` // who wrote the message
	RoomName      string   `json:"room_name"`
	RoomKind      RoomKind `json:"-"`
	ByName        string   `json:"by_name"`
	AuthorName    string   `json:"author_name,omitempty"`
	DecidedByName string   `json:"decided_by_name,omitempty"`
}

// A ReportChange is what a reporter is told by their own log.
type ReportChange struct {
	Room   RoomID      `json:"room"`
	Number int64       `json:"number"`
	State  ReportState `json:"state"`
	Note   string      `json:"note,omitempty"`
}

// A ReportQuery says which reports are wanted: those in a state, of one room or of all if it is 0, with ids above After, the oldest
// first.
type ReportQuery struct {
	Room  RoomID
	State ReportState // "" for open ones
	After int64
	Limit int // 0 for ReportLimit
	// Not is whose messages' reports are left out; 0 for nobody's.
	Not UserID
}

// ReportLimit is how many reports one page has at most.
const ReportLimit = 100

func (q ReportQuery) checked() (ReportQuery, error) {
	switch q.State {
	case "":
		q.State = OpenReport
	case OpenReport, UpheldReport, DismissedReport:
	default:
		return q, Errorf(Invalid, "state", "A report is open, upheld or dismissed.")
	}
	if q.Limit <= 0 || q.Limit > ReportLimit {
		q.Limit = ReportLimit
	}
	q.Limit++ // one more tells whether there are others
	return q, nil
}

// ReportSnapshot is what is read of reports.
type ReportSnapshot interface {
	Report(id int64) (Reported, error)
	Reports(q ReportQuery) ([]Reported, error)
	// ReportsOf are all reports of one message.
	ReportsOf(ref MessageRef) ([]Reported, error)
}

// ReportTx is what is written of reports.
type ReportTx interface {
	// InsertReport stores a report and sets its ID, unless there is one of that message by the same user: then it reports false.
	InsertReport(r *Reported) (bool, error)
	// DecideReport stores the decision of a report, and forgets the message's text.
	DecideReport(r Reported) error
}

// Report tells the moderators of a message. Telling twice is once.
func (r *Rooms) Report(ctx context.Context, a Actor, ref string, number int64, why string) error {
	why, err := CheckWhy(why)
	if err != nil {
		return err
	}
	if why == "" {
		return Errorf(Missing, "why", "Please say what is wrong with the message.")
	}
	return r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Report, ref)
		if err != nil {
			return err
		}
		m, err := tx.Message(st.Room.ID, number)
		switch {
		case err != nil:
			return err
		case m.Deleted:
			return Errorf(NotFound, "number", "That message has been deleted.")
		case m.By == st.User.ID:
			return Errorf(Invalid, "number", "That message is your own; you can delete it.")
		}
		report := Reported{Room: m.Room, Number: m.Number, By: st.User.ID, At: st.Now, Why: why, Text: m.Text, State: OpenReport}
		_, err = tx.InsertReport(&report)
		return err
	})
}

// Reports is a page of the reports of a room, for who moderates it. Those of the actor's own messages are for others.
func (r *Rooms) Reports(ctx context.Context, a Actor, ref string, q ReportQuery) (reports []Reported, more bool, err error) {
	if q, err = q.checked(); err != nil {
		return nil, false, err
	}
	err = r.Store.Read(ctx, func(s Snapshot) error {
		st, err := inRoom(s, a, Approve, ref)
		if err != nil {
			return err
		}
		q.Room, q.Not = st.Room.ID, st.User.ID
		reports, more, err = listReports(s, q)
		return err
	})
	return reports, more, err
}

// Reports is a page of the reports of all rooms. They have the texts that reporters chose to show, also of rooms that the moderator is
// not in, but for those of the moderator's own messages.
func (m *Moderation) Reports(ctx context.Context, actor Actor, q ReportQuery) (reports []Reported, more bool, err error) {
	if q, err = q.checked(); err != nil {
		return nil, false, err
	}
	q.Room = 0
	err = m.read(ctx, actor, Moderate, func(s Snapshot, st Standing) error {
		q.Not = st.User.ID
		var err error
		reports, more, err = listReports(s, q)
		return err
	})
	return reports, more, err
}

func listReports(s Snapshot, q ReportQuery) ([]Reported, bool, error) {
	reports, err := s.Reports(q)
	if len(reports) == q.Limit {
		return reports[:q.Limit-1], true, err
	}
	if reports == nil {
		reports = []Reported{}
	}
	return reports, false, err
}

// A Decision is what is decided of a report.
type Decision struct {
	State  ReportState // UpheldReport or DismissedReport
	Note   string      // for the reporter
	Delete bool        // the message, too
}

// Decide decides a report, and with it all others of the same message, once: whoever comes second is told who was first, by a
// Conflict. The reporters are told by their own logs. Of a report of one's own message one knows nothing: NotFound.
func (m *Moderation) Decide(ctx context.Context, actor Actor, id int64, d Decision) (Reported, error) {
	var report Reported
	err := m.write(ctx, actor, Moderate, &d.Note, func(tx Tx, st Standing) error {
		var err error
		if report, err = tx.Report(id); err != nil {
			return err
		}
		report, err = decide(tx, st.User, report, d)
		return err
	})
	return report, err
}

// Decide decides a report of the room, as Moderation.Decide does, for who moderates the room.
func (r *Rooms) Decide(ctx context.Context, a Actor, ref string, id int64, d Decision) (Reported, error) {
	note, err := CheckWhy(d.Note)
	if err != nil {
		return Reported{}, err
	}
	d.Note = note
	var report Reported
	err = r.Store.Write(ctx, func(tx Tx) error {
		st, err := inRoom(tx, a, Approve, ref)
		if err != nil {
			return err
		}
		if report, err = tx.Report(id); err == nil && report.Room != st.Room.ID {
			err = errNoReport()
		}
		if err != nil {
			return err
		}
		report, err = decide(tx, st.User, report, d)
		return err
	})
	return report, err
}

func errNoReport() error { return Errorf(NotFound, "report", "There is no such report.") }

func decide(tx Tx, by User, report Reported, d Decision) (Reported, error) {
	switch {
	case report.Author == by.ID:
		return report, errNoReport()
	case d.State != UpheldReport && d.State != DismissedReport:
		return report, Errorf(Invalid, "decision", "A report is upheld or dismissed.")
	case d.Delete && d.State != UpheldReport:
		return report, Errorf(Invalid, "delete", "Who dismisses a report leaves the message.")
	case report.State != OpenReport:
		return report, Errorf(Conflict, "report", "%s has decided this already: %s.", report.DecidedByName, report.State)
	}
	ref := MessageRef{report.Room, report.Number}
	all, err := tx.ReportsOf(ref)
	if err != nil {
		return report, err
	}
	for _, other := range all {
		if other.State != OpenReport {
			continue
		}
		if err := settle(tx, by, other, d); err != nil {
			return report, err
		}
	}
	detail := string(d.State)
	if d.Delete {
		if err := deleteReported(tx, ref); err != nil {
			return report, err
		}
		detail += ", message deleted"
	}
	if report, err = tx.Report(report.ID); err != nil {
		return report, err
	}
	name := fmt.Sprintf("%s, message %d", report.RoomName, report.Number)
	return report, note(tx, by, "decided a report", objectOf(ref), name, detail, d.Note)
}

// settle stores the decision of one report and tells the reporter.
func settle(tx Tx, by User, report Reported, d Decision) error {
	report.State, report.Note, report.DecidedBy, report.DecidedAt = d.State, d.Note, by.ID, Millis(tx.Now())
	if err := tx.DecideReport(report); err != nil {
		return err
	}
	return tx.Tell(UserLog(report.By), Change{Me: &MeChange{
		Report: &ReportChange{Room: report.Room, Number: report.Number, State: d.State, Note: d.Note},
	}})
}

// deleteReported deletes a message unless it is deleted already.
func deleteReported(tx Tx, ref MessageRef) error {
	m, err := tx.Message(ref.Room, ref.Number)
	if KindOf(err) == NotFound || err == nil && m.Deleted {
		return nil
	}
	if err != nil {
		return err
	}
	return bury(tx, m)
}
