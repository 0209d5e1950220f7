// Package postbox is a mail server for tests: it takes whatever is sent to it over SMTP, on a loopback address, and keeps it.
package postbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"sync"
)

// A Message is a mail that has arrived.
type Message struct {
	From, To string // of the envelope
	Header   mail.Header
	Text     string // decoded
}

var link = regexp.MustCompile(`https?://\S+`)

// Link is the first web address in the text, or "".
func (m Message) Link() string { return link.FindString(m.Text) }

// A Postbox takes mail. Its methods may be called from any goroutine.
type Postbox struct {
	listener net.Listener
	arrived  chan Message
	ended    sync.WaitGroup

	mu      sync.Mutex // protects what follows
	open    map[net.Conn]bool
	refuse  []string // answers to the next mails instead of taking them
	closing bool
}

// Open opens a postbox on a free port, which Close closes.
func Open() (*Postbox, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &Postbox{listener: listener, arrived: make(chan Message, 1024), open: map[net.Conn]bool{}}
	b.ended.Go(b.accept)
	return b, nil
}

// URL is the postbox as an address of a mail server, smtp://127.0.0.1:40123.
func (b *Postbox) URL() string { return "smtp://" + b.listener.Addr().String() }

// Close closes the postbox; what has not been read is lost.
func (b *Postbox) Close() {
	_ = b.listener.Close()
	b.mu.Lock()
	b.closing = true
	for c := range b.open {
		_ = c.Close()
	}
	b.mu.Unlock()
	b.ended.Wait()
}

// Refuse has the next mails answered with these lines, such as "451 later", one each, instead of being taken.
func (b *Postbox) Refuse(lines ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refuse = append(b.refuse, lines...)
}

// Next is the mail that arrived next; it waits for it until ctx ends.
func (b *Postbox) Next(ctx context.Context) (Message, error) {
	select {
	case m := <-b.arrived:
		return m, nil
	case <-ctx.Done():
		return Message{}, fmt.Errorf("no mail has arrived: %w", ctx.Err())
	}
}

// Empty reports whether no mail waits to be read.
func (b *Postbox) Empty() bool { return len(b.arrived) == 0 }

func (b *Postbox) accept() {
	for {
		c, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.mu.Lock()
		if b.closing {
			_ = c.Close()
		} else {
			b.open[c] = true
			b.ended.Go(func() { b.serve(c) })
		}
		b.mu.Unlock()
	}
}

// serve speaks as much of RFC 5321 as a client needs.
func (b *Postbox) serve(c net.Conn) {
	defer func() {
		_ = c.Close()
		b.mu.Lock()
		delete(b.open, c)
		b.mu.Unlock()
	}()
	lines := bufio.NewReader(c)
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	say("220 postbox")
	var m Message
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			say("250-postbox")
			say("250 8BITMIME")
		case "MAIL":
			m = Message{From: path(rest)}
			say("250 ok")
		case "RCPT":
			m.To = path(rest)
			say("250 ok")
		case "DATA":
			say("354 go on")
			text, err := data(lines)
			if err != nil {
				return
			}
			say(b.take(m, text))
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// path is the address in "FROM:<ana@example.org> BODY=8BITMIME".
func path(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}

// data reads a mail up to the line with a dot alone.
func data(lines *bufio.Reader) (string, error) {
	var text strings.Builder
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return "", err
		}
		if strings.TrimRight(line, "\r\n") == "." {
			return text.String(), nil
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
}

// take keeps a mail and gives the answer to it.
func (b *Postbox) take(m Message, text string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.refuse) > 0 {
		answer := b.refuse[0]
		b.refuse = b.refuse[1:]
		return answer
	}
	parsed, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		return "554 " + err.Error()
	}
	body := parsed.Body
	if strings.EqualFold(parsed.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	decoded, err := io.ReadAll(body)
	if err != nil {
		return "554 " + err.Error()
	}
	m.Header, m.Text = parsed.Header, strings.ReplaceAll(string(decoded), "\r\n", "\n")
	b.arrived <- m
	return "250 taken"
}
