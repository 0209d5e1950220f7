package load

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// An Asker sends the same kind of request over one kept connection again and again, each when the last is answered
// (HTTP/1.1, RFC 9112). It understands answers with a Content-Length or in chunks.
type Asker struct {
	// Request appends the whole of the next request.
	Request func(dst []byte, seq int, now time.Time) []byte
	// Answer looks at an answer's status and body, which it must not keep. An error ends the load.
	Answer func(seq, status int, body []byte) error
	Waits  *Waits // takes how long each answer took, unless nil

	Asked, Answered int
	Bytes           int64 // of the answers, headers included

	conn    *Conn
	stopped bool
	sent    time.Time
	request []byte
	body    []byte
}

// Start begins to ask.
func (a *Asker) Start(c *Conn, now time.Time) error {
	a.conn = c
	return a.ask(now)
}

// Stop asks nothing more.
func (a *Asker) Stop() { a.stopped = true }

// Waiting is 1 while an answer is under way.
func (a *Asker) Waiting() int { return a.Asked - a.Answered }

func (a *Asker) ask(now time.Time) error {
	a.request = a.Request(a.request[:0], a.Asked, now)
	a.Asked++
	a.sent = now
	_, err := a.conn.Write(a.request)
	return err
}

// Receive is Receiver's.
func (a *Asker) Receive(c *Conn, b []byte) (taken int, err error) {
	status, body, size, err := a.split(b)
	if size == 0 || err != nil {
		return 0, err
	}
	if err := a.Answer(a.Answered, status, body); err != nil {
		return size, err
	}
	a.Answered++
	a.Bytes += int64(size)
	if a.Waits != nil {
		a.Waits.Add(c.loop.now.Sub(a.sent))
	}
	if a.stopped {
		return size, nil
	}
	return size, a.ask(c.loop.now)
}

var (
	headEnd = []byte("\r\n\r\n")
	lineEnd = []byte("\r\n")
)

// split finds one whole answer; size is 0 while it is not all there.
func (a *Asker) split(b []byte) (status int, body []byte, size int, err error) {
	end := bytes.Index(b, headEnd)
	if end < 0 {
		return 0, nil, 0, nil
	}
	head, rest := b[:end+len(lineEnd)], b[end+len(headEnd):]
	line, fields, _ := bytes.Cut(head, lineEnd)
	digits, ok := after(line, "HTTP/1.1 ")
	if !ok || len(digits) < 3 {
		return 0, nil, 0, unexpected("no answer", line)
	}
	if status, err = strconv.Atoi(string(digits[:3])); err != nil {
		return 0, nil, 0, unexpected("no status", line)
	}
	if value, ok := field(fields, "content-length"); ok {
		n, err := strconv.Atoi(string(value))
		if err != nil || n < 0 {
			return 0, nil, 0, unexpected("no length", value)
		}
		if len(rest) < n {
			return 0, nil, 0, nil
		}
		return status, rest[:n], end + len(headEnd) + n, nil
	}
	if value, ok := field(fields, "transfer-encoding"); !ok || string(value) != "chunked" {
		return 0, nil, 0, unexpected("an answer of unknown length", head)
	}
	body, n, err := a.chunks(rest)
	if n == 0 || err != nil {
		return 0, nil, 0, err
	}
	return status, body, end + len(headEnd) + n, nil
}

// field is the value of a header field. name is in lower case.
func field(fields []byte, name string) ([]byte, bool) {
	for len(fields) > 0 {
		var line []byte
		line, fields, _ = bytes.Cut(fields, lineEnd)
		if len(line) > len(name) && line[len(name)] == ':' && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return bytes.TrimSpace(line[len(name)+1:]), true
		}
	}
	return nil, false
}

// chunks puts the chunks of a body together; n is 0 while the last is not there.
func (a *Asker) chunks(b []byte) (body []byte, n int, err error) {
	a.body = a.body[:0]
	for {
		line, _, found := bytes.Cut(b[n:], lineEnd)
		if !found {
			return nil, 0, nil
		}
		size, err := strconv.ParseUint(string(line), 16, 31)
		if err != nil {
			return nil, 0, fmt.Errorf("load: a chunk without a size: %.40q", line)
		}
		start := n + len(line) + len(lineEnd)
		n = start + int(size) + len(lineEnd)
		if len(b) < n {
			return nil, 0, nil
		}
		if size == 0 {
			return a.body, n, nil
		}
		a.body = append(a.body, b[start:start+int(size)]...)
	}
}

// ParsePosted reads {"number":17,"version":42}.
func ParsePosted(body []byte) (r Receipt, ok bool) {
	rest, ok := after(body, `{"number":`)
	if !ok {
		return r, false
	}
	if r.Number, rest, ok = number(rest); !ok {
		return r, false
	}
	if rest, ok = after(rest, `,"version":`); !ok {
		return r, false
	}
	r.Version, _, ok = number(rest)
	return r, ok
}
