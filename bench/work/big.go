//go:build linux

package work

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"parley/bench/figures"
	"parley/bench/load"
)

const (
	smallMessages = 1_000
	bigAuthors    = 100
	bigRoom       = "long"
	smallRoom     = "short"
	bigPage       = 50
	bigText       = `A room of 10,000,000 messages, made by the bench, and beside it one of 1,000 in the same database. One client asks for one
thing after the other over a WebSocket, and waits for each answer: opening the room, a page of 50 messages before a random one, opening
around a random one as a permalink does, and resuming from a random position of the last 100 or 900 changes.`
	startText = `The server is started on the database with the room of 10,000,000 messages. The time counts from the start of the
process until /readyz answers 200.`
)

// An opened is a room as a client knows it.
type opened struct {
	load.Opened
	name  string
	small bool
}

// big is reading in a very long room, and starting on its database.
func big(ctx context.Context, b *Bench) error {
	dir, err := b.dataDir()
	if err != nil {
		return err
	}
	if err := b.makeBig(ctx, dir, b.Size.Long); err != nil {
		return fmt.Errorf("making the database: %w", err)
	}
	starting := b.Book.Section("start", "Starting on 10,000,000 messages", startText)
	reading := b.Book.Section("big", "A room of 10,000,000 messages", bigText)
	reading.Plot(figures.Plot{File: "big.svg", Title: "Reading in a room of 10,000,000 messages, and in one of 1,000", Figures: bigTitles()})
	for round := range b.Rounds {
		b.say("big, round %d of %d", round+1, b.Rounds)
		if err := b.startRound(ctx, starting, dir); err != nil {
			return err
		}
	}
	p, err := b.parley(ctx, launch{data: dir})
	if err != nil {
		return err
	}
	defer p.Kill()
	guests, err := load.Enter(p.Address, 1, func(int) (string, string) { return "reader", bigRoom })
	if err != nil {
		return err
	}
	if err := b.indexed(ctx, guests[0]); err != nil {
		return err
	}
	for round := range b.Rounds {
		b.say("big, round %d of %d", round+1, b.Rounds)
		if err := b.bigRound(reading, guests[0]); err != nil {
			return err
		}
	}
	return p.Stop()
}

func (b *Bench) startRound(ctx context.Context, s *figures.Section, dir string) error {
	began := time.Now()
	p, err := b.parley(ctx, launch{data: dir})
	if err != nil {
		return err
	}
	defer p.Kill()
	if _, err := (load.Guest{Address: p.Address}).Fetch("/readyz"); err != nil {
		return err
	}
	took := time.Since(began)
	b.say("  ready after %s", took.Round(time.Millisecond))
	s.Add("until /readyz answers", "ms", ms(took), figures.AtMost(200))
	return p.Stop()
}

// indexPatience is how long the search index, which begins with nothing, may take to read everything before reading is measured
// beside it.
const indexPatience = 5 * time.Minute

// indexed waits until the search index has read everything.
func (b *Bench) indexed(ctx context.Context, guest load.Guest) error {
	k, err := newSeeker(guest)
	if err != nil {
		return err
	}
	defer k.conn.Close()
	began, told := time.Now(), time.Duration(0)
	for {
		status, _, body, err := k.conn.Ask(k.answers, "GET", "/api/v1/search?q=garden&limit=1&room="+smallRoom, "", "Cookie: "+guest.Cookie)
		if err != nil {
			return err
		}
		var found struct {
			Behind int64 `json:"behind"`
		}
		if err := json.Unmarshal(body, &found); err != nil && status == http.StatusOK {
			return err
		}
		since := time.Since(began).Round(time.Second)
		switch {
		case status == http.StatusNotFound:
			b.say("  there is no search")
			return nil
		case status == http.StatusOK && found.Behind == 0:
			b.say("  the search index has read everything after %s", since)
			return nil
		case since > indexPatience:
			b.Book.Skip(fmt.Sprintf("reading the long room at rest: beside it the search index was reading it, %d changes behind after %s", found.Behind, since))
			return nil
		}
		if since >= told {
			b.say("  the search index is %d changes behind after %s", found.Behind, since)
			told += 30 * time.Second
		}
		pause := time.NewTimer(time.Second)
		select {
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		case <-pause.C:
		}
	}
}

// bigRound asks everything in both rooms, in turn.
func (b *Bench) bigRound(s *figures.Section, guest load.Guest) error {
	conn, err := guest.Socket()
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, name := range []string{bigRoom, smallRoom} {
		head, err := conn.Open(name)
		if err != nil {
			return err
		}
		room := opened{head, name, name == smallRoom}
		for _, question := range bigQuestions {
			waits, err := question.ask(conn, room, b.Size.Asks)
			if err != nil {
				return fmt.Errorf("%s in %s: %w", question.name, name, err)
			}
			b.say("  %-7s %-27s p50 %s, p99 %s", room.Room, question.name, waits.At(0.5), waits.At(0.99))
			var target *figures.Target
			if !room.small {
				target = figures.AtMost(5)
			}
			s.Add(question.title(room.small, "p50"), "ms", ms(waits.At(0.5)), nil)
			s.Add(question.title(room.small, "p99"), "ms", ms(waits.At(0.99)), target)
		}
	}
	return nil
}

// A question is something that a client asks about a room: a verb, and its fields for a random place.
type question struct {
	name, verb string
	fields     func(room opened) map[string]any
	check      func(room opened, fields map[string]any, answer json.RawMessage) error
}

var bigQuestions = []question{
	{"opening", "open", func(opened) map[string]any { return map[string]any{} }, hasPage},
	{"paging", "history", func(o opened) map[string]any {
		return map[string]any{"before": bigPage + 2 + rand.Int64N(o.Number-bigPage)}
	}, hasPage},
	{"permalink", "open", func(o opened) map[string]any { return map[string]any{"around": 1 + rand.Int64N(o.Number)} }, hasPage},
	{"resuming, up to 100 changes", "open", resumeWithin(100), hasChanges},
	{"resuming, up to 900 changes", "open", resumeWithin(900), hasChanges},
}

// resumeWithin is a position in the last so many changes.
func resumeWithin(changes int64) func(room opened) map[string]any {
	return func(o opened) map[string]any {
		return map[string]any{"at": map[string]any{"epoch": o.Epoch, "version": o.Version - rand.Int64N(changes)}}
	}
}

// title names a figure.
func (q question) title(small bool, share string) string {
	if small {
		return q.name + ", 1,000 messages, " + share
	}
	return "Parley: " + q.name + ", " + share
}

// bigTitles are the figures of the slowest hundredth, each in both rooms.
func bigTitles() (titles []string) {
	for _, q := range bigQuestions {
		titles = append(titles, q.title(false, "p99"), q.title(true, "p99"))
	}
	return titles
}

// ask asks so many times, and checks every answer.
func (q question) ask(conn *load.Conn, room opened, times int) (*load.Waits, error) {
	waits := &load.Waits{}
	for range times {
		fields := q.fields(room)
		fields["room"] = room.Room
		fields["limit"] = bigPage
		answer, err := conn.Call(q.verb, fields)
		if err != nil {
			return nil, err
		}
		waits.Add(conn.Took)
		if err := q.check(room, fields, answer); err != nil {
			return nil, wrong{fmt.Errorf("%s: %w", q.name, err)}
		}
	}
	return waits, nil
}

// hasPage checks that a page has its messages, one after the other and at the right place.
func hasPage(room opened, fields map[string]any, answer json.RawMessage) error {
	var page struct {
		Messages []struct {
			Number int64 `json:"number"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(answer, &page); err != nil {
		return err
	}
	if len(page.Messages) != bigPage {
		return fmt.Errorf("a page of %s has %d messages: %v", room.name, len(page.Messages), fields)
	}
	first, last := page.Messages[0].Number, page.Messages[bigPage-1].Number
	if last-first != bigPage-1 {
		return fmt.Errorf("a page of %s goes from %d to %d", room.name, first, last)
	}
	before, hasBefore := fields["before"].(int64)
	around, hasAround := fields["around"].(int64)
	switch {
	case hasBefore && last != before-1, hasAround && (around < first || around > last), !hasBefore && !hasAround && last != room.Number:
		return fmt.Errorf("a page of %s goes from %d to %d: %v", room.name, first, last, fields)
	}
	return nil
}

// hasChanges checks that a resume has every change since.
func hasChanges(room opened, fields map[string]any, answer json.RawMessage) error {
	var resumed struct {
		Version int64             `json:"version"`
		Reset   bool              `json:"reset"`
		Changes []json.RawMessage `json:"changes"`
	}
	if err := json.Unmarshal(answer, &resumed); err != nil {
		return err
	}
	from, _ := fields["at"].(map[string]any)["version"].(int64)
	if resumed.Reset || resumed.Version != room.Version || int64(len(resumed.Changes)) != room.Version-from {
		return fmt.Errorf("a resume of %s from %d gives %d changes up to %d, reset %t", room.name, from, len(resumed.Changes), resumed.Version, resumed.Reset)
	}
	return nil
}
