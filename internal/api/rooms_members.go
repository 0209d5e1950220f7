package api

import (
	"net/http"

	"parley/internal/chat"
)

// members is a page of who is in a room, or of who is banned from it.
func (d *Door) members(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	query := r.URL.Query()
	var limit int64
	if err := number(query.Get("limit"), "limit", &limit); err != nil {
		return err
	}
	banned, err := yes(query.Get("banned"), "banned")
	if err != nil {
		return err
	}
	page, err := d.Rooms.Members(r.Context(), a, r.PathValue("room"), chat.MemberQuery{
		After: query.Get("after"), Banned: banned, Limit: int(min(limit, chat.MemberLimit)),
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, page)
}

// addPeople makes people members of a room.
func (d *Door) addPeople(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	var body struct {
		Users users `json:"users"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	if body.Users == nil {
		return missing("users")
	}
	ids, err := body.Users.ids()
	if err != nil {
		return err
	}
	v, err := d.Rooms.Add(r.Context(), a, r.PathValue("room"), ids)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, version{v})
}

// removePerson ends somebody's membership, and with ban=true keeps them out.
func (d *Door) removePerson(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	user, err := userOf(r)
	if err != nil {
		return err
	}
	ban, err := yes(r.URL.Query().Get("ban"), "ban")
	if err != nil {
		return err
	}
	v, err := d.Rooms.Remove(r.Context(), a, r.PathValue("room"), chat.Removal{User: user, Ban: ban, Why: r.URL.Query().Get("why")})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, version{v})
}

// changeMember changes somebody's place in a room.
func (d *Door) changeMember(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	user, err := userOf(r)
	if err != nil {
		return err
	}
	var body struct {
		Role       *chat.Role `json:"role"`
		Banned     *bool      `json:"banned"`
		MutedUntil *int64     `json:"muted_until"`
		Why        string     `json:"why"`
	}
	if err := d.read(w, r, &body); err != nil {
		return err
	}
	v, err := d.Rooms.ChangeMember(r.Context(), a, r.PathValue("room"), user,
		chat.MemberChange{Role: body.Role, Banned: body.Banned, MutedUntil: body.MutedUntil, Why: body.Why})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, version{v})
}

// find looks for people by the beginning of their name.
func (d *Door) find(w http.ResponseWriter, r *http.Request, a chat.Actor) error {
	found, err := d.Rooms.FindPeople(r.Context(), a, r.URL.Query().Get("q"))
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		People []chat.Person `json:"people"`
	}{found})
}

// userOf is the person in the path.
func userOf(r *http.Request) (chat.UserID, error) {
	var id chat.UserID
	if err := id.UnmarshalText([]byte(r.PathValue("user"))); err != nil {
		return 0, chat.Errorf(chat.NotFound, "user", "There is no such user.")
	}
	return id, nil
}

// yes reads a flag of the query, false if it is absent.
func yes(text, field string) (bool, error) {
	switch text {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, chat.Errorf(chat.Invalid, field, "%s is true or false.", field)
}
