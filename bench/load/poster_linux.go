package load

import (
	"fmt"
	"strconv"
	"time"
)

// A Poster posts into one room over one connection and keeps every answer.
type Poster struct {
	By     int    // its place among the posters, which its keys carry
	Room   string // the room's id
	Text   string // each post's, followed by its word
	Window int    // how many posts wait for an answer at once
	Paced  bool   // posts only what Post is called for; Window is how many may be under way

	Receipts []Receipt // by the post's place
	Waits    *Waits    // takes how long each answer took, unless nil
	Answered int

	AnsweredAt time.Time // of the last answer

	conn    *Conn
	stopped bool
	sent    []time.Time // of the last Window posts, by their place
	frame   []byte
	payload []byte
}

// Start begins to post: as many as the window holds.
func (p *Poster) Start(c *Conn, now time.Time) error {
	p.conn = c
	if p.Paced {
		return nil
	}
	for len(p.Receipts)-p.Answered < p.Window {
		p.add(now)
	}
	return p.flush()
}

// Post posts one more message. It must have been started.
func (p *Poster) Post(now time.Time) error {
	p.add(now)
	return p.flush()
}

// Stop posts nothing more. What is under way is still answered.
func (p *Poster) Stop() { p.stopped = true }

// Waiting is how many posts wait for their answer.
func (p *Poster) Waiting() int { return len(p.Receipts) - p.Answered }

func (p *Poster) add(now time.Time) {
	seq := len(p.Receipts)
	p.Receipts = append(p.Receipts, Receipt{})
	if window := max(p.Window, 1); len(p.sent) < window {
		p.sent = append(p.sent, now)
	} else {
		p.sent[seq%window] = now
	}
	b := append(p.payload[:0], `{"id":`...)
	b = strconv.AppendInt(b, int64(seq+1), 10)
	b = append(b, `,"do":"post","room":"`...)
	b = append(b, p.Room...)
	b = append(b, `","key":"`...)
	b = AppendKey(b, now.UnixMilli(), Key{p.By, seq})
	b = append(b, `","text":"`...)
	b = append(b, p.Text...)
	b = append(b, ' ')
	b = AppendWord(b, Key{p.By, seq})
	b = append(b, `"}`...)
	p.payload = b
	p.frame = AppendFrame(p.frame, OpText, mask, b)
}

func (p *Poster) flush() error {
	_, err := p.conn.Write(p.frame)
	p.frame = p.frame[:0]
	return err
}

// Receive is Receiver's: it notes answers, and posts as many new ones.
func (p *Poster) Receive(c *Conn, b []byte) (taken int, err error) {
	for {
		f, n, err := Next(b[taken:])
		if err != nil {
			return taken, err
		}
		if n == 0 {
			break
		}
		taken += n
		if f.Op != OpText {
			if err := control(c, f); err != nil {
				return taken, err
			}
			continue
		}
		if err := p.answer(c, f.Payload); err != nil {
			return taken, err
		}
	}
	if len(p.frame) > 0 {
		return taken, p.flush()
	}
	return taken, nil
}

// answer notes one answer; other frames are not a poster's business.
func (p *Poster) answer(c *Conn, payload []byte) error {
	rest, ok := after(payload, `{"re":`)
	if !ok {
		return nil
	}
	id, rest, ok := number(rest)
	if !ok || id > int64(len(p.Receipts)) || id < 1 {
		return unexpected("an answer to nothing", payload)
	}
	rest, ok = after(rest, `,"ok":`)
	if !ok {
		return unexpected("a post is refused", payload)
	}
	r, ok := ParsePosted(rest)
	if !ok || r.Version == 0 {
		return unexpected("an answer without number and version", payload)
	}
	return p.note(int(id-1), r, c.loop.now)
}

// note keeps a receipt, and posts the next.
func (p *Poster) note(seq int, r Receipt, now time.Time) error {
	if p.Receipts[seq].Version != 0 {
		return Broken(fmt.Sprintf("post %d is answered twice", seq))
	}
	p.Receipts[seq] = r
	p.Answered++
	p.AnsweredAt = now
	if p.Waits != nil {
		p.Waits.Add(now.Sub(p.sent[seq%len(p.sent)]))
	}
	if !p.stopped && !p.Paced {
		p.add(now)
	}
	return nil
}
