//go:build linux

package work

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/bench/figures"
	"parley/bench/load"
)

const (
	stalledOthers  = 100 // readers that do read
	stalledRate    = 200 // messages a second
	stalledSeconds = 30
	tooSlow        = 4009 // the close code that says resume
	stalledText    = `200 messages of 1 KiB a second into one room for 30 seconds, for 100 readers; in every second run there are 1,000 more in
the room which read nothing, with a receive buffer of 4 KiB each. Afterwards those read what is there for them, which must be whole messages without
a gap and the close code that says resume, and they resume.`
)

// stalled is what readers cost that do not read.
func stalled(ctx context.Context, b *Bench) error {
	s := b.Book.Section("stalled", "1,000 readers that do not read", stalledText)
	for round := range b.Rounds {
		b.say("stalled, round %d of %d", round+1, b.Rounds)
		without, err := b.stalledRun(ctx, 0)
		if err != nil {
			return err
		}
		with, err := b.stalledRun(ctx, b.Size.Readers)
		if err != nil {
			return err
		}
		mib := func(bytes int64) float64 { return float64(bytes) / (1 << 20) }
		s.Add("without them: delivery, p99", "ms", ms(without.waits.At(0.99)), nil)
		s.Add("with them: delivery, p99", "ms", ms(with.waits.At(0.99)), nil)
		s.Add("with ÷ without: p99", "×", float64(with.waits.At(0.99))/float64(without.waits.At(0.99)), figures.AtMost(1.5))
		s.Add("memory more, the server's at its most", "MiB", mib(with.resident-without.resident), figures.AtMost(128))
		s.Add("memory more, the kernel's for TCP at its most", "MiB", mib(with.kernel-without.kernel), nil)
	}
	return nil
}

// A burden is what one run cost.
type burden struct {
	waits            *load.Waits
	resident, kernel int64 // bytes, at their most
}

func (b *Bench) stalledRun(ctx context.Context, count int) (burden, error) {
	u := burden{waits: &load.Waits{}}
	p, err := b.parley(ctx, launch{})
	if err != nil {
		return u, err
	}
	defer p.Kill()
	c, err := gather(p, stalledOthers, 1, 1, strings.Repeat("x", 1<<10))
	if err != nil {
		return u, err
	}
	defer c.close()
	idle, err := deafReaders(p.Address, count)
	defer func() {
		for _, r := range idle {
			_ = r.conn.Close()
		}
	}()
	if err != nil {
		return u, err
	}
	poster := c.ours[0]
	poster.Paced, poster.Window = true, 10_000
	pace := newPace(stalledRate)
	for _, r := range c.readers {
		r.Seen = func(version int64, rest []byte) {
			if seen, ok := load.ParseSighting(version, rest); ok {
				u.waits.Add(time.Since(pace.sent[seen.Key.Seq]))
			}
		}
	}
	post, next := pace.step(poster.Post), time.Now()
	var measuring error
	w, err := c.press(p.Process, 0, b.seconds(stalledSeconds), func(now time.Time) time.Duration {
		if now.After(next) {
			next = now.Add(time.Second)
			measuring = errors.Join(measuring, u.measure(p))
		}
		return post(now)
	})
	if err = errors.Join(err, measuring, pace.failed); err != nil {
		return u, err
	}
	b.say("  %4d that do not read: deliveries p50 %s, p99 %s, p99.9 %s; the server holds %d MiB, the kernel %d MiB; %.2f cores",
		count, u.waits.At(0.5), u.waits.At(0.99), u.waits.At(0.999), u.resident>>20, u.kernel>>20, w.cpu.Seconds()/w.wall.Seconds())
	if err := b.wake(p, idle, c.head()); err != nil {
		return u, wrong{fmt.Errorf("stalled: %w", err)}
	}
	c.close()
	return u, p.audit(ctx, "stalled", c.posted())
}

// measure notes what the server and the kernel hold, if it is the most so far.
func (u *burden) measure(p *parley) error {
	memory, err := p.Memory()
	if err != nil {
		return err
	}
	text, err := os.ReadFile("/proc/net/sockstat")
	if err != nil {
		return err
	}
	_, tcp, _ := strings.Cut(string(text), "TCP: ")
	_, pages, _ := strings.Cut(tcp, " mem ")
	pages, _, _ = strings.Cut(pages, "\n")
	n, err := strconv.ParseInt(strings.TrimSpace(pages), 10, 64)
	u.resident, u.kernel = max(u.resident, memory.Resident), max(u.kernel, n*int64(os.Getpagesize()))
	return err
}

// wake has those that did not read do so, sees that what they get is in order, and resumes for them.
func (b *Bench) wake(p *parley, idle []*deaf, head int64) error {
	had, ended := int64(0), 0
	for _, r := range idle {
		code, err := r.rest()
		if err != nil {
			return fmt.Errorf("a reader that reads again: %w", err)
		}
		had += r.reader.Frames
		if r.reader.Version < head {
			if code != tooSlow {
				return fmt.Errorf("a reader stands at version %d of %d and was closed with %d, not %d", r.reader.Version, head, code, tooSlow)
			}
			ended++
		}
		_ = r.conn.Close()
		conn, err := load.Guest{Address: p.Address}.Socket()
		if err != nil {
			return err
		}
		answer, err := conn.Call("open", map[string]any{"room": r.opened.Room, "at": map[string]any{"epoch": r.opened.Epoch, "version": r.reader.Version}})
		conn.Close()
		if err != nil {
			return err
		}
		var resumed load.Opened
		if err := json.Unmarshal(answer, &resumed); err != nil || resumed.Version != head {
			return fmt.Errorf("resumed to version %d, want %d (%w)", resumed.Version, head, err)
		}
	}
	if len(idle) > 0 {
		b.say("  %d of %d were closed with %d after %d messages on average, and all could resume", ended, len(idle), tooSlow, had/int64(len(idle)))
	}
	return nil
}

// A deaf reader has opened the room and reads nothing.
type deaf struct {
	conn   net.Conn
	opened load.Opened
	reader load.Reader
}

// deafReaders connects them, with receive buffers of 4 KiB.
func deafReaders(address string, count int) ([]*deaf, error) {
	idle := make([]*deaf, 0, count)
	dialer := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) error {
		var err error
		outer := raw.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10) })
		return errors.Join(err, outer)
	}}
	for range count {
		conn, err := dialer.Dial("tcp", address)
		if err != nil {
			return idle, err
		}
		r := &deaf{conn: conn}
		idle = append(idle, r)
		if err := r.open(address); err != nil {
			return idle, err
		}
	}
	return idle, nil
}

// open opens the room, and reads up to the answer and no further.
func (r *deaf) open(address string) error {
	_ = r.conn.SetDeadline(time.Now().Add(30 * time.Second))
	defer func() { _ = r.conn.SetDeadline(time.Time{}) }()
	_, err := fmt.Fprintf(r.conn, "GET /ws HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", address)
	if err != nil {
		return err
	}
	if _, err := r.conn.Write(load.AppendFrame(nil, load.OpText, 1, []byte(`{"id":1,"do":"open","room":"lobby","limit":1}`))); err != nil {
		return err
	}
	var head []byte
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		head = append(head, 0)
		if _, err := r.conn.Read(head[len(head)-1:]); err != nil {
			return err
		}
	}
	for {
		f, err := r.frame()
		if err != nil {
			return err
		}
		var answer struct {
			Re int
			OK load.Opened
		}
		if err := json.Unmarshal(f.Payload, &answer); err != nil {
			return err
		}
		if answer.Re == 1 {
			r.opened = answer.OK
			r.reader = load.Reader{Room: r.opened.Room, Version: r.opened.Version}
			return nil
		}
	}
}

// frame reads one frame and nothing behind it.
func (r *deaf) frame() (load.Frame, error) {
	b := make([]byte, 2, 512)
	if _, err := io.ReadFull(r.conn, b); err != nil {
		return load.Frame{}, err
	}
	for { // byte by byte, so that nothing of the next one is taken
		f, n, err := load.Next(b)
		if n > 0 || err != nil {
			return f, err
		}
		b = append(b, 0)
		if _, err := r.conn.Read(b[len(b)-1:]); err != nil {
			return f, err
		}
	}
}

// rest reads everything up to the goodbye, whose code it returns, 0 if there is none for a second.
func (r *deaf) rest() (code int, err error) {
	_ = r.conn.SetReadDeadline(time.Now().Add(time.Second))
	var b []byte
	chunk := make([]byte, 64<<10)
	for {
		n, err := r.conn.Read(chunk)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return 0, nil
		}
		if err != nil {
			return 0, fmt.Errorf("the end came without a goodbye: %w", err)
		}
		b = append(b, chunk[:n]...)
		for {
			f, size, err := load.Next(b)
			if err != nil {
				return 0, err
			}
			if size == 0 {
				break
			}
			if f.Op == load.OpClose {
				return int(binary.BigEndian.Uint16(f.Payload)), nil
			}
			if f.Op == load.OpText {
				if _, err := r.reader.Receive(nil, b[:size]); err != nil {
					return 0, err
				}
			}
			b = b[size:]
		}
	}
}
