package api

import (
	"net/http"

	"parley/internal/chat"
)

// report tells the moderators of a message.
func (d *Door) report(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Why *string `json:"why"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if body.Why == nil {
		return missing("why")
	}
	var n int64
	if err := number(r.PathValue("number"), "number", &n); err != nil {
		return err
	}
	if err := d.Rooms.Report(r.Context(), a, r.PathValue("room"), n, *body.Why); err != nil {
		return err
	}
	return write(w, http.StatusOK, struct{}{})
}

type reportList struct {
	Reports []chat.Reported `json:"reports"`
	More    bool            `json:"more"`
}

func reportQuery(r *http.Request) (chat.ReportQuery, error) {
	q := chat.ReportQuery{State: chat.ReportState(r.URL.Query().Get("state"))}
	return q, number(r.URL.Query().Get("after"), "after", &q.After)
}

// reports are those of all rooms.
func (d *Door) reports(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	q, err := reportQuery(r)
	if err != nil {
		return err
	}
	reports, more, err := d.Moderation.Reports(r.Context(), a, q)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, reportList{reports, more})
}

// roomReports are those of one room.
func (d *Door) roomReports(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	q, err := reportQuery(r)
	if err != nil {
		return err
	}
	reports, more, err := d.Rooms.Reports(r.Context(), a, r.PathValue("room"), q)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, reportList{reports, more})
}

// decision reads which report is decided, and how.
func (d *Door) decision(w http.ResponseWriter, r *http.Request) (id int64, decided chat.Decision, err error) {
	var body struct {
		Decision *chat.ReportState `json:"decision"`
		Note     string            `json:"note"`
		Delete   bool              `json:"delete"`
	}
	if err := d.read(w, r, &body); err != nil {
		return 0, decided, err
	}
	if body.Decision == nil {
		return 0, decided, missing("decision")
	}
	if err := number(r.PathValue("report"), "report", &id); err != nil {
		return 0, decided, err
	}
	return id, chat.Decision{State: *body.Decision, Note: body.Note, Delete: body.Delete}, nil
}

func (d *Door) decide(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	id, decided, err := d.decision(w, r)
	if err != nil {
		return err
	}
	report, err := d.Moderation.Decide(r.Context(), a, id, decided)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, report)
}

func (d *Door) decideInRoom(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	id, decided, err := d.decision(w, r)
	if err != nil {
		return err
	}
	report, err := d.Rooms.Decide(r.Context(), a, r.PathValue("room"), id, decided)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, report)
}

// held is what waits for approval in a room.
func (d *Door) held(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var after int64
	if err := number(r.URL.Query().Get("after"), "after", &after); err != nil {
		return err
	}
	list, err := d.Rooms.Held(r.Context(), a, r.PathValue("room"), after)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, list)
}

// decideHeld posts what waits, or throws it away.
func (d *Door) decideHeld(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Approve *bool  `json:"approve"`
		Why     string `json:"why"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if body.Approve == nil {
		return missing("approve")
	}
	var id int64
	if err := number(r.PathValue("held"), "held", &id); err != nil {
		return err
	}
	posted, err := d.Rooms.DecideHeld(r.Context(), a, r.PathValue("room"), id, *body.Approve, body.Why)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, posted)
}

// acts are what moderators did in a room.
func (d *Door) acts(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	_, list, err := d.Rooms.Acts(r.Context(), a, r.PathValue("room"), chat.Paging{After: chat.Cut(r.URL.Query().Get("after"))})
	if err != nil {
		return err
	}
	acts := []act{}
	for _, line := range list.Rows {
		acts = append(acts, act{line.At, line.By, line.ByName, line.Verb, line.Object, line.Name, line.Detail, line.Why})
	}
	return write(w, http.StatusOK, struct {
		Acts  []act    `json:"acts"`
		After chat.Cut `json:"after,omitempty"` // where the next page begins
	}{acts, list.Later})
}

// An act is a line of the audit log.
type act struct {
	At     int64       `json:"at"`
	By     chat.UserID `json:"by,omitempty"`
	ByName string      `json:"by_name,omitempty"`
	Verb   string      `json:"verb"`
	Object string      `json:"object"`
	Name   string      `json:"name"`
	Detail string      `json:"detail,omitempty"`
	Why    string      `json:"why,omitempty"`
}

// mute keeps somebody from speaking anywhere until a time.
func (d *Door) mute(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	id, err := userOf(r)
	if err != nil {
		return err
	}
	var body struct {
		MutedUntil *int64 `json:"muted_until"`
		Why        string `json:"why"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if body.MutedUntil == nil {
		return missing("muted_until")
	}
	user, err := d.Moderation.Mute(r.Context(), a, id, *body.MutedUntil, body.Why)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		User chat.User `json:"user"`
	}{user})
}

func (d *Door) ban(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	id, err := userOf(r)
	if err != nil {
		return err
	}
	var body struct {
		Why     string `json:"why"`
		Network bool   `json:"network"`
		Until   int64  `json:"until"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	networks, err := d.Moderation.Ban(r.Context(), a, id, chat.Ban{Why: body.Why, Network: body.Network, Until: body.Until})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		Networks []string `json:"networks"`
	}{append([]string{}, networks...)})
}

func (d *Door) unban(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	id, err := userOf(r)
	if err != nil {
		return err
	}
	if err := d.Moderation.Unban(r.Context(), a, id, r.URL.Query().Get("why")); err != nil {
		return err
	}
	return write(w, http.StatusOK, struct{}{})
}

// networks are those that no new guest comes from.
func (d *Door) networks(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	bans, more, err := d.Moderation.Networks(r.Context(), a, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		Bans []chat.AddressBan `json:"bans"`
		More bool              `json:"more"`
	}{append([]chat.AddressBan{}, bans...), more})
}

func (d *Door) banNetwork(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Network *string `json:"network"`
		Until   int64   `json:"until"`
		Why     string  `json:"why"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if body.Network == nil {
		return missing("network")
	}
	network, err := d.Moderation.BanNetwork(r.Context(), a, *body.Network, body.Until, body.Why)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		Network string `json:"network"`
	}{network})
}

func (d *Door) liftNetwork(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	query := r.URL.Query()
	if !query.Has("network") {
		return missing("network")
	}
	if err := d.Moderation.LiftNetwork(r.Context(), a, query.Get("network"), query.Get("why")); err != nil {
		return err
	}
	return write(w, http.StatusOK, struct{}{})
}

// purge has messages deleted: everywhere, or in the room of the path.
func (d *Door) purge(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		User chat.UserID `json:"user"`
		Room string      `json:"room"`
		From int64       `json:"from"`
		To   int64       `json:"to"`
		Why  string      `json:"why"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if room := r.PathValue("room"); room != "" {
		body.Room = room
	}
	job, err := d.Moderation.Purge(r.Context(), a, chat.Purge{User: body.User, Room: body.Room, From: body.From, To: body.To, Why: body.Why})
	if err != nil {
		return err
	}
	return write(w, http.StatusAccepted, struct {
		Job int64 `json:"job"`
	}{job})
}

// purges are the deletions that are under way.
func (d *Door) purges(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	purges, err := d.Moderation.Purges(r.Context(), a)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		Purges []chat.Purging `json:"purges"`
	}{purges})
}
