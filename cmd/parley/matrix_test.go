package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"parley/internal/chat"
)

// A line of the matrix is a route or a verb of a socket, how it is asked for, and what everybody gets for it in each room.
type line struct {
	route string // as chat.Route has it: "api GET /api/v1/me"
	want  string // a letter for each actor, in each room
	body  string // of a form, or JSON; and of a socket the frame without id and do

	what    string // tells the lines of one route apart
	address string // in place of the route's pattern
	others  bool   // about what Ana wrote, not about the actor's own
	has     string // the extra fields that mean something here
	changes string // which of what no field decides, this does by its nature: "me", "room"
	also    func(*world, chat.Tx, *cell) error
	row     chat.Verb // of this line, beside the route's
	posts   bool      // posts what others wrote
	acts    bool      // by its nature on anybody: another one's id is no mistake
	sees    bool      // by its nature shows what the actor may not read by other doors: the admin site, but not what stands in direct rooms
	echoes  bool      // shows what was asked for
}

func (l line) door() string    { door, _, _ := strings.Cut(l.route, " "); return door }
func (l line) pattern() string { _, pattern, _ := strings.Cut(l.route, " "); return pattern }

// name is the line's in the names of subtests, where a slash would begin another one.
func (l line) name() string {
	return strings.ReplaceAll(strings.TrimSpace(strings.ReplaceAll(l.route, "/api/v1/", "")+" "+l.what), "/", ".")
}

// filled is the body with values and with the extra fields.
func (l line) filled(v values) string {
	body := v.fill(l.body)
	if door := l.door(); (door == "pages" || door == "admin") && !strings.HasPrefix(body, "{") {
		form, err := url.ParseQuery(body)
		if err != nil {
			panic(err)
		}
		for name, value := range extras {
			if !form.Has(name) && !slices.Contains(strings.Fields(l.has), name) {
				form.Set(name, fmt.Sprint(value))
			}
		}
		return form.Encode()
	}
	fields := map[string]any{}
	if body == "" {
		body = "{}"
	}
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&fields); err != nil {
		panic(fmt.Sprintf("%s: %v in %s", l.route, err, body))
	}
	for name, value := range extras {
		if _, ok := fields[name]; !ok && !slices.Contains(strings.Fields(l.has), name) {
			fields[name] = value
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// table is the whole matrix.
func table() []line {
	return slices.Concat(socketLines, roomLines, manageLines, moderationLines, apiLines, frontLines, accountLines, adminLines)
}

// TestAuthorizationMatrix has everybody ask for everything in every kind of room, with fields that nobody may decide, and with
// the ids of other rooms, messages and people, and compares what they get with what is written in the tables. Whatever is
// served and is not in them fails it.
func TestAuthorizationMatrix(t *testing.T) {
	w := newWorld(t)
	rows := map[string]chat.Verb{}
	for _, r := range w.server.routes {
		rows[r.String()] = r.Verb
	}
	t.Run("has a line for everything that is served", func(t *testing.T) {
		lines := map[string]bool{}
		for _, l := range table() {
			lines[l.route] = true
			if _, ok := rows[l.route]; !ok {
				t.Errorf("there is a line for %q, which is not served", l.route)
			}
		}
		for _, route := range slices.Sorted(maps.Keys(rows)) {
			if !lines[route] {
				t.Errorf("%q is served and has no line in the matrix", route)
			}
		}
	})
	w.write(func(tx chat.Tx) (err error) {
		w.vault, err = w.make(tx, "member", "private")
		for range 40 {
			m := chat.Message{Room: w.vault.room.ID, By: w.vault.me.ID, At: 1_700_000_000_000, Text: "vault " + w.vault.canary}
			if err == nil {
				err = tx.InsertMessage(&m, chat.Person{ID: w.vault.me.ID, Name: w.vault.me.Name})
			}
		}
		return err
	})
	for _, l := range table() {
		if _, served := rows[l.route]; !served {
			continue
		}
		t.Run(l.name(), func(t *testing.T) {
			cells := w.build(l.also)
			for i, actor := range actors {
				t.Run(actor, func(t *testing.T) {
					for _, c := range cells[i*len(places) : (i+1)*len(places)] {
						t.Run(c.place, func(t *testing.T) { w.check(t, c, l, rows[l.route]) })
					}
				})
			}
		})
	}
}

// check is one cell.
func (w *world) check(t *testing.T, c *cell, l line, row chat.Verb) {
	before, vault, kept := w.state(c), w.state(w.vault), w.kept(c)
	v := w.values(c, l)
	never := w.swapped(t, c, l, v)
	if got := w.state(w.vault); got != vault {
		t.Errorf("with the ids of another room it changed that room:\n%s\nbefore:\n%s", got, vault)
	}
	if got := w.state(c); got != before && !l.acts {
		t.Errorf("with the ids of another room it changed this one:\n%s\nbefore:\n%s", got, before)
	}
	before = w.state(c)
	got := w.ask(c, l, v)
	if want := c.at(l.want); got.letter != want {
		t.Errorf("got %c, want %c: %d %.300s", got.letter, want, got.status, got.body)
	}
	if secret := c.leaks(l, got); secret != "" {
		t.Errorf("it shows %q of a room that is not to be read: %.300s%.300s", secret, got.body, got.more)
	}
	if got.letter != '+' && w.state(c) != before {
		t.Errorf("it was refused and changed something:\n%s\nbefore:\n%s", w.state(c), before)
	}
	if after := w.kept(c); after != kept && l.changes == "" {
		t.Errorf("fields that decide nothing did: got %s, want %s", after, kept)
	}
	if (c.place == "private" || c.place == "direct") && !l.sees && !l.echoes {
		w.unknown(t, c, v, got, never)
	}
	if !l.posts {
		w.authors(t, c)
	}
	if _, verb, ok := strings.Cut(got.body, "You may not do that ("); ok && got.letter == 'f' {
		if verb, _, _ = strings.Cut(verb, ")"); verb != string(row) && verb != string(l.row) {
			t.Errorf("it was refused for the verb %q, and is registered with %q", verb, row)
		}
	}
}

// A nowhere is the answer about a room that there never was, and how it is called.
type nowhere struct {
	answer
	v values
}

// swapped asks with ids that are good ones elsewhere: another room's, another room's message, people of another room. What comes
// back is as if there were no such thing. It returns the answer for a room that there never was.
func (w *world) swapped(t *testing.T, c *cell, l line, v values) *nowhere {
	var never *nowhere
	if strings.Contains(l.pattern()+l.address+l.body, "room}") || strings.Contains(l.body+l.address, "$room") || l.door() == "tutorial" {
		never = &nowhere{v: v.with("room", "r999999999", "ref", "r999999999", "segment", "~nevernevernever", "room_n", "999999999")}
		never.answer = w.ask(c, l, never.v)
		there := never.v
		if !l.acts {
			there = v.with("room", w.vault.room.ID.String(), "ref", w.vault.room.ID.String(), "segment", w.vault.room.Address, "room_n", fmt.Sprint(int64(w.vault.room.ID)))
		}
		got := w.ask(c, l, there)
		if !l.sees && !l.echoes && !l.acts {
			same(t, "another room", got, there, never)
		}
	}
	others := []answer{}
	if strings.Contains(l.pattern()+l.body, "number") && !l.acts {
		others = append(others, w.ask(c, l, v.with("number", "33")))
		if others[0].letter == '+' {
			t.Errorf("with the number of another room's message: got %.200s, want an error", others[0].body)
		}
	}
	if strings.Contains(l.pattern()+l.body, "{user}") || strings.Contains(l.body, "$user&") || strings.HasSuffix(l.body, "$user") || strings.Contains(l.body, `$user"`) {
		if !l.acts {
			others = append(others, w.ask(c, l, v.with("user", w.vault.ana.ID.String(), "user_n", fmt.Sprint(int64(w.vault.ana.ID)))))
		}
	}
	for _, got := range others {
		if got.status >= 500 || got.letter == '!' {
			t.Errorf("with another one's id: got %d %.200s", got.status, got.body)
		}
		if strings.Contains(got.body+got.more, w.vault.canary) {
			t.Errorf("it shows another room: %.200s", got.body)
		}
	}
	return never
}

// unknown wants what is not found for this actor to look like what never was.
func (w *world) unknown(t *testing.T, c *cell, v values, got answer, never *nowhere) {
	if never != nil && c.at(mayRead) != '+' {
		same(t, "a room that does not exist for the actor", got, v, never)
	}
}

// same wants an answer to be that about a room that never was, to the byte but for what the room is called.
func same(t *testing.T, what string, got answer, v values, never *nowhere) {
	t.Helper()
	bare := func(a answer, v values) string {
		text := a.body
		for _, name := range []string{"segment", "room"} {
			text = strings.ReplaceAll(strings.ReplaceAll(text, v[name], "ROOM"), url.PathEscape(v[name]), "ROOM")
		}
		return fmt.Sprint(a.status, " ", a.kind, " ", text)
	}
	if got, want := bare(got, v), bare(never.answer, never.v); got != want {
		t.Errorf("%s does not look like one that never was:\n%.600s\n%.600s", what, got, want)
	}
}

// authors wants what was posted to be the actor's, and of now, whatever the request said.
func (w *world) authors(t *testing.T, c *cell) {
	var room chat.Room
	var posted []chat.Message
	w.read(func(s chat.Snapshot) error {
		var err error
		if room, err = s.Room(c.room.ID); err != nil || room.Messages <= 3 {
			return err
		}
		posted, _, err = s.MessagesAfter(c.room.ID, 3, 10)
		return err
	})
	for _, m := range posted {
		if m.By != c.me.ID && c.me.ID != 0 && c.actor != "deactivated" || m.By == c.ana.ID || m.At < 1_750_000_000_000 || m.Edited != 0 {
			t.Errorf("posted was %+v, want it by %s and of now", m, c.me.ID)
		}
	}
}
