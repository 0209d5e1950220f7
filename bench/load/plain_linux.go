package load

import (
	"bytes"
	"strconv"
	"time"
)

// A Plain poster posts to a server that answers without numbers: with any frame at all, or, like the tutorial's, with the
// message itself, which comes to its poster like to everybody else.
type Plain struct {
	By    int
	Text  string
	Paced bool // posts only what Post is called for
	// Wrap makes a post's payload of a key and a text. The key alone if nil.
	Wrap func(dst []byte, key []byte, text string) []byte
	// Mine says that a frame is the answer to the post with that key. Any frame is one if nil.
	Mine func(payload, key []byte) bool

	Posted, Answered int

	conn    *Conn
	stopped bool
	key     []byte
	frame   []byte
	payload []byte
}

// Start begins to post.
func (p *Plain) Start(c *Conn, now time.Time) error {
	p.conn = c
	if p.Paced {
		return nil
	}
	return p.Post(now)
}

// Stop posts nothing more.
func (p *Plain) Stop() { p.stopped = true }

// Waiting is how many posts wait for their answer.
func (p *Plain) Waiting() int { return p.Posted - p.Answered }

// Post posts one more message. It must have been started.
func (p *Plain) Post(now time.Time) error {
	p.key = AppendKey(p.key[:0], now.UnixMilli(), Key{p.By, p.Posted})
	p.Posted++
	if p.Wrap != nil {
		p.payload = p.Wrap(p.payload[:0], p.key, p.Text)
	} else {
		p.payload = append(append(p.payload[:0], p.key...), p.Text...)
	}
	p.frame = AppendFrame(p.frame[:0], OpText, mask, p.payload)
	_, err := p.conn.Write(p.frame)
	return err
}

// PostSize is how long a post without Wrap is, with its header.
func PostSize(text string) int {
	key := AppendKey(nil, 0, Key{})
	return len(AppendFrame(nil, OpText, mask, append(key, text...)))
}

// Receive is Receiver's.
func (p *Plain) Receive(c *Conn, b []byte) (taken int, err error) {
	for {
		f, n, err := Next(b[taken:])
		if n == 0 || err != nil {
			return taken, err
		}
		taken += n
		if f.Op != OpText {
			if err := control(c, f); err != nil {
				return taken, err
			}
			continue
		}
		if p.Mine != nil && !p.Mine(f.Payload, p.key) {
			continue
		}
		p.Answered++
		if !p.stopped && !p.Paced {
			if err := p.Post(c.loop.now); err != nil {
				return taken, err
			}
		}
	}
}

// WrapTutorial is the frame of the tutorial's page: its text is the key and the text, because the tutorial drops a text that
// was said before.
func WrapTutorial(room string) func(dst, key []byte, text string) []byte {
	return func(dst, key []byte, text string) []byte {
		dst = append(append(append(dst, `{"message": "`...), key...), ' ')
		dst = append(append(dst, text...), `", "room_name": `...)
		dst = strconv.AppendQuote(dst, room)
		return append(dst, `, "sender": "poster"}`...)
	}
}

// MineTutorial finds the poster's own message.
func MineTutorial(payload, key []byte) bool { return bytes.Contains(payload, key) }
