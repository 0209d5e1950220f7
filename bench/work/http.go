//go:build linux

package work

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"parley/bench/audit"
	"parley/bench/figures"
	"parley/bench/host"
	"parley/bench/load"
)

const (
	httpClients = 16
	httpText    = `16 clients, each over one kept connection, post with an Idempotency-Key and wait for the answer: each into a room of its own, and
all into one room. A commit writes a page of the index for each room that it has messages of, so many rooms are the harder case.`
	pageText = `16 signed-in clients load the page of a room with 50 messages, each over one kept connection, without compression. The bare
handler is net/http with the same headers and the same bytes from memory.`
	pageMessages = 50
)

// httpPosts is posting over HTTP, into as many rooms as there are clients and into one.
func httpPosts(ctx context.Context, b *Bench) error {
	s := b.Book.Section("http", "Posts by HTTP, 16 clients", httpText)
	for round := range b.Rounds {
		b.say("http, round %d of %d", round+1, b.Rounds)
		if err := b.httpRound(ctx, s, "Parley", httpClients); err != nil {
			return err
		}
		if err := b.httpRound(ctx, s, "Parley, one room", 1); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bench) httpRound(ctx context.Context, s *figures.Section, name string, rooms int) error {
	room := func(i int) string { return fmt.Sprintf("room-%d", i%rooms) }
	p, err := b.parley(ctx, launch{})
	if err != nil {
		return err
	}
	defer p.Kill()
	guests, err := load.Enter(p.Address, httpClients, func(i int) (string, string) {
		return fmt.Sprintf("poster-%d", i), room(i)
	})
	if err != nil {
		return err
	}
	posted := make([]audit.Posted, httpClients)
	waits := &load.Waits{}
	c, err := askers(p.Address, func(i int) (*load.Asker, error) {
		id, err := guests[i].Room(room(i))
		posted[i].Room = id
		return b.httpPoster(guests[i], i, &posted[i], waits), err
	})
	if err != nil {
		return err
	}
	defer c.close()
	w, err := c.press(p.Process, b.seconds(1), b.seconds(5), nil)
	if err != nil {
		return err
	}
	rate := w.askedPerSecond()
	b.say("  %-16s %8s posts/s; server %.2f cores, %.1f µs of CPU each; bench %.2f cores; answers p50 %s, p99 %s", name, figures.Number(rate),
		w.cpu.Seconds()/w.wall.Seconds(), w.cpu.Seconds()/float64(w.answered)*1e6, w.own.Seconds()/w.wall.Seconds(), waits.At(0.5), waits.At(0.99))
	s.Add(name, "acknowledged messages/s", rate, figures.AtLeast(20000))
	s.Add(name+": answer, p99", "ms", ms(waits.At(0.99)), nil)
	c.close()
	return p.audit(ctx, "http", posted)
}

// httpPoster posts by HTTP into one room and notes the answers.
func (b *Bench) httpPoster(guest load.Guest, by int, posted *audit.Posted, waits *load.Waits) *load.Asker {
	body := func(dst []byte, seq int) []byte {
		dst = append(append(append(dst, `{"text":"`...), b.Text...), ' ')
		return append(load.AppendWord(dst, load.Key{By: by, Seq: seq}), `"}`...)
	}
	head := fmt.Sprintf("POST /api/v1/rooms/%s/messages HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nIdempotency-Key: ",
		posted.Room, guest.Address, guest.Cookie, len(body(nil, 0)))
	return &load.Asker{
		Waits: waits,
		Request: func(dst []byte, seq int, now time.Time) []byte {
			posted.Receipts = append(posted.Receipts, load.Receipt{})
			dst = append(dst, head...)
			dst = load.AppendKey(dst, now.UnixMilli(), load.Key{By: by, Seq: seq})
			return body(append(dst, "\r\n\r\n"...), seq)
		},
		Answer: func(seq, status int, text []byte) error {
			receipt, ok := load.ParsePosted(text)
			if status != http.StatusCreated || !ok {
				return fmt.Errorf("post %d is answered %d %.300q", seq, status, text)
			}
			posted.Receipts[seq] = receipt
			return nil
		},
	}
}

// askers are clients that ask over HTTP.
func askers(address string, ask func(i int) (*load.Asker, error)) (*crowd, error) {
	loop, err := load.NewLoop()
	if err != nil {
		return nil, err
	}
	c := &crowd{loop: loop}
	for i := range httpClients {
		asker, err := ask(i)
		if err != nil {
			return nil, err
		}
		conn, err := load.Dial(address)
		if err != nil {
			return nil, err
		}
		c.askers, c.posters, c.conns = append(c.askers, asker), append(c.posters, asker), append(c.conns, conn)
	}
	return c, c.join(nil)
}

// askedPerSecond is how many answers came a second.
func (w window) askedPerSecond() float64 { return float64(w.answered) / w.wall.Seconds() }

// page is loading a room, beside a handler that does nothing but write the same bytes.
func page(ctx context.Context, b *Bench) error {
	s := b.Book.Section("page", "The page of a room with 50 messages, 16 clients", pageText)
	s.Plot(figures.Plot{File: "page.svg", Title: "Pages of a room", Figures: []string{"Parley", "bare net/http handler"}})
	for round := range b.Rounds {
		b.say("page, round %d of %d", round+1, b.Rounds)
		if err := b.pageRound(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bench) pageRound(ctx context.Context, s *figures.Section) error {
	p, err := b.parley(ctx, launch{})
	if err != nil {
		return err
	}
	defer p.Kill()
	guests, err := load.Enter(p.Address, httpClients, func(i int) (string, string) { return fmt.Sprintf("guest-%d", i), "lobby" })
	if err != nil {
		return err
	}
	if err := b.speak(guests, "lobby", pageMessages); err != nil {
		return err
	}
	ours, err := b.load(p.Process, guests, "lobby")
	if err != nil {
		return err
	}
	bare, err := b.pageBare(ctx, guests)
	if err != nil {
		return err
	}
	const unit = "pages/s"
	s.Add("Parley", unit, ours.askedPerSecond(), nil)
	s.Add("bare net/http handler", unit, bare.askedPerSecond(), nil)
	s.Add("Parley ÷ bare net/http handler", "×", ours.askedPerSecond()/bare.askedPerSecond(), figures.AtLeast(0.5))
	b.say("  Parley %s pages/s, %.0f µs of CPU each; bare handler %s, %.0f µs; a page has %d bytes", figures.Number(ours.askedPerSecond()),
		ours.cpu.Seconds()/float64(ours.answered)*1e6, figures.Number(bare.askedPerSecond()), bare.cpu.Seconds()/float64(bare.answered)*1e6, ours.bytes/ours.answered)
	return p.Stop()
}

// speak has the guests say so many things in a room, one after the other.
func (b *Bench) speak(guests []load.Guest, room string, count int) error {
	conn, err := guests[0].Socket()
	if err != nil {
		return err
	}
	defer conn.Close()
	opened, err := conn.Open(room)
	if err != nil {
		return err
	}
	for seq := range count {
		key := load.AppendKey(nil, time.Now().UnixMilli(), load.Key{Seq: seq})
		if _, err := conn.Call("post", map[string]any{"room": opened.Room, "key": string(key), "text": b.Text}); err != nil {
			return err
		}
	}
	return nil
}

// load has all guests load the page of a room.
func (b *Bench) load(p *host.Process, guests []load.Guest, room string) (window, error) {
	c, err := askers(p.Address, func(i int) (*load.Asker, error) {
		request := pageRequest(p.Address, room, guests[i])
		size := 0
		return &load.Asker{
			Request: func(dst []byte, _ int, _ time.Time) []byte { return append(dst, request...) },
			Answer: func(seq, status int, body []byte) error {
				if seq == 0 {
					size = len(body)
				}
				// Times that pages show may change their length a little; a page that lacks messages is another one.
				if status != http.StatusOK || len(body) < size*9/10 {
					return fmt.Errorf("page %d is answered %d, %d bytes after %d", seq, status, len(body), size)
				}
				return nil
			},
		}, nil
	})
	if err != nil {
		return window{}, err
	}
	defer c.close()
	return c.press(p, b.seconds(1), b.seconds(4), nil)
}

func pageRequest(address, room string, guest load.Guest) string {
	return fmt.Sprintf("GET /%s/%s/ HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", room, guest.Name, address, guest.Cookie)
}

// pageBare serves what one guest is served, by the bare handler, to all of them.
func (b *Bench) pageBare(ctx context.Context, guests []load.Guest) (window, error) {
	file := filepath.Join(b.Dir, "page.http")
	text, err := guests[0].Fetch("/lobby/" + guests[0].Name + "/")
	if err != nil {
		return window{}, err
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return window{}, err
	}
	path, err := b.program(ctx, "./bench/reference/page")
	if err != nil {
		return window{}, err
	}
	bare, err := host.Start(ctx, host.Program{Path: path, Args: []string{"--answer", file}, Ready: listening})
	if err != nil {
		return window{}, err
	}
	defer bare.Kill()
	return b.load(bare, guests, "lobby")
}
