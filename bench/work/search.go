//go:build linux

package work

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"parley/bench/figures"
	"parley/bench/load"
)

const (
	searchRate = 3000 // messages a second
	searchText = `3,000 messages a second over 100 rooms; again and again one that was just acknowledged is searched for by a word of
its own until it is found. The time counts from its acknowledgement.`
	// searchPatience is how long a message is searched for; foundPause is between two searches.
	searchPatience = 2 * time.Minute
	foundPause     = 5 * time.Millisecond
)

// A sought is an acknowledged message that is to be found.
type sought struct {
	room   string
	number int64
	word   string
	since  time.Time
}

// A seeker asks the search over a connection of its own.
type seeker struct {
	guest   load.Guest
	conn    *load.Conn
	answers *bufio.Reader
}

func newSeeker(guest load.Guest) (*seeker, error) {
	conn, err := load.Dial(guest.Address)
	if err != nil {
		return nil, err
	}
	return &seeker{guest: guest, conn: conn, answers: bufio.NewReader(conn)}, nil
}

// find searches until the message is found, and returns how long it took since it was acknowledged.
func (k *seeker) find(ctx context.Context, s sought) (time.Duration, error) {
	for {
		numbers, err := k.search(s.word, s.room)
		switch since := time.Since(s.since); {
		case err != nil:
			return 0, err
		case slices.Contains(numbers, s.number):
			return since, nil
		case since > searchPatience:
			return 0, wrong{fmt.Errorf("search: message %d of %s is not found by %q within %s", s.number, s.room, s.word, searchPatience)}
		}
		pause := time.NewTimer(foundPause)
		select {
		case <-ctx.Done():
			pause.Stop()
			return 0, ctx.Err()
		case <-pause.C:
		}
	}
}

// search asks once: the numbers of the messages that were found.
func (k *seeker) search(word, room string) ([]int64, error) {
	path := "/api/v1/search?" + url.Values{"q": {word}, "room": {room}}.Encode()
	status, _, body, err := k.conn.Ask(k.answers, "GET", path, "", "Cookie: "+k.guest.Cookie)
	if err != nil {
		return nil, err
	}
	if status == http.StatusServiceUnavailable {
		return nil, nil // the index cannot be read just now
	}
	var found struct {
		Hits []struct {
			Number int64 `json:"number"`
		} `json:"hits"`
	}
	if err := json.Unmarshal(body, &found); status != http.StatusOK || err != nil {
		return nil, fmt.Errorf("search: %d %.300s (%v)", status, body, err)
	}
	var numbers []int64
	for _, hit := range found.Hits {
		numbers = append(numbers, hit.Number)
	}
	return numbers, nil
}

// search is how soon a message can be found while others are posted.
func search(ctx context.Context, b *Bench) error {
	s := b.Book.Section("search", "Searchable", searchText)
	for round := range b.Rounds {
		b.say("search, round %d of %d", round+1, b.Rounds)
		if err := b.searchRound(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bench) searchRound(ctx context.Context, s *figures.Section) error {
	p, err := b.parley(ctx, launch{})
	if err != nil {
		return err
	}
	defer p.Kill()
	c, guests, _, err := b.postCrowd(p, 1)
	if err != nil {
		return err
	}
	defer c.close()
	for _, poster := range c.ours {
		poster.Paced, poster.Window = true, 1000
	}
	seeker, err := newSeeker(guests[0])
	if err != nil {
		return err
	}
	defer seeker.conn.Close()
	wanted := make(chan sought)
	waits := &load.Waits{}
	failed := make(chan error, 1)
	go func() {
		var err error
		for w := range wanted {
			if err != nil {
				continue
			}
			var took time.Duration
			if took, err = seeker.find(ctx, w); err == nil {
				waits.Add(took)
			}
		}
		failed <- err
	}()
	w, err := c.press(p.Process, b.seconds(1), b.seconds(6), c.mixed(searchRate, wanted))
	close(wanted)
	if err := errors.Join(err, <-failed); err != nil {
		return err
	}
	b.say("  %s posts/s; found p50 %s, p99 %s, longest %s, of %d; server %.2f cores", figures.Number(float64(w.answered)/w.wall.Seconds()),
		waits.At(0.5), waits.At(0.99), waits.At(1), waits.Total(), w.cpu.Seconds()/w.wall.Seconds())
	s.Add("posted meanwhile", "messages/s", float64(w.answered)/w.wall.Seconds(), nil)
	s.Add("found after, p50", "ms", ms(waits.At(0.5)), nil)
	s.Add("found after, longest", "ms", ms(waits.At(1)), figures.AtMost(1000))
	c.close()
	return p.audit(ctx, "search", c.posted())
}

// mixed has the posters post in turn, so many messages a second in all, and offers the newest acknowledged ones to wanted.
func (c *crowd) mixed(perSecond int, wanted chan<- sought) func(now time.Time) time.Duration {
	var began time.Time
	posted := 0
	return func(now time.Time) time.Duration {
		if began.IsZero() {
			began = now
		}
		for due := int(now.Sub(began).Seconds() * float64(perSecond)); posted < due; posted++ {
			if err := c.ours[posted%len(c.ours)].Post(now); err != nil {
				return 0 // the loop finds out as well
			}
		}
		if by, ok := c.newest(posted); ok {
			p := c.ours[by]
			select {
			case wanted <- soughtOf(p, by, len(p.Receipts)-1, p.AnsweredAt):
			default: // it is still looking for another
			}
		}
		return time.Millisecond
	}
}

// newest is the poster who was answered last, of those who posted in turn up to posted.
func (c *crowd) newest(posted int) (by int, ok bool) {
	for back := 1; back <= min(posted, len(c.ours)); back++ {
		by := (posted - back) % len(c.ours)
		if p := c.ours[by]; p.Answered > 0 && p.Waiting() == 0 {
			return by, true
		}
	}
	return 0, false
}

// findLast searches for the newest message of every room, which were posted at full speed until now, and returns how long it
// takes until all are found.
func (c *crowd) findLast(ctx context.Context, guest load.Guest) (time.Duration, error) {
	now := time.Now()
	newest := map[string]sought{}
	for by, p := range c.ours {
		for seq := len(p.Receipts) - 1; seq >= 0; seq-- {
			if r := p.Receipts[seq]; r.Version != 0 {
				if r.Number > newest[p.Room].number {
					newest[p.Room] = soughtOf(p, by, seq, now)
				}
				break
			}
		}
	}
	k, err := newSeeker(guest)
	if err != nil {
		return 0, err
	}
	defer k.conn.Close()
	for _, s := range newest {
		if _, err := k.find(ctx, s); err != nil {
			return 0, err
		}
	}
	return time.Since(now), nil
}

func soughtOf(p *load.Poster, by, seq int, since time.Time) sought {
	return sought{room: p.Room, number: p.Receipts[seq].Number, word: string(load.AppendWord(nil, load.Key{By: by, Seq: seq})), since: since}
}
