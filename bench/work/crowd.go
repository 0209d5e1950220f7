//go:build linux

package work

import (
	"errors"
	"fmt"
	"time"

	"parley/bench/audit"
	"parley/bench/host"
	"parley/bench/load"
)

// A crowd is many readers of one room, and those who post into it, at one server.
type crowd struct {
	loop    *load.Loop
	readers []*load.Reader
	posters []poster
	conns   []*load.Conn // of the posters
	ours    []*load.Poster
	askers  []*load.Asker
}

// A poster is a load.Poster or a load.Plain.
type poster interface {
	load.Receiver
	Start(c *load.Conn, now time.Time) error
	Stop()
	Waiting() int
}

// A window is what was counted in the measured time.
type window struct {
	complete float64 // messages that all readers had, a second
	frames   int64   // to all readers
	bytes    int64
	answered int64         // posts and requests
	cpu      time.Duration // of the server
	own      time.Duration // of the bench
	wall     time.Duration
	waits    *load.Waits // of deliveries, where they are timed
}

// perMillion is the server's processor seconds per million frames.
func (w window) perMillion() float64 { return w.cpu.Seconds() / float64(w.frames) * 1e6 }

// least is what the slowest reader has had.
func (c *crowd) least() (frames int64) {
	for i, r := range c.readers {
		if i == 0 || r.Frames < frames {
			frames = r.Frames
		}
	}
	return frames
}

func (c *crowd) total() (frames, bytes int64) {
	for _, r := range c.readers {
		frames += r.Frames
		bytes += r.Bytes
	}
	return frames, bytes
}

// A mark is where a window begins or ends.
type mark struct {
	at                   time.Time
	least, frames, bytes int64
	answered             int64
	cpu, own             time.Duration
}

func (c *crowd) mark(p *host.Process, now time.Time) (m mark, err error) {
	m.at, m.least = now, c.least()
	m.frames, m.bytes = c.total()
	for _, p := range c.ours {
		m.answered += int64(p.Answered)
	}
	for _, a := range c.askers {
		m.answered += int64(a.Answered)
		m.bytes += a.Bytes
	}
	var err1, err2 error
	m.cpu, err1 = p.CPU()
	m.own, err2 = host.OwnCPU()
	return m, errors.Join(err1, err2)
}

func (m mark) since(from mark) window {
	wall := m.at.Sub(from.at)
	return window{
		complete: float64(m.least-from.least) / wall.Seconds(), frames: m.frames - from.frames, bytes: m.bytes - from.bytes,
		answered: m.answered - from.answered,
		cpu:      m.cpu - from.cpu, own: m.own - from.own, wall: wall,
	}
}

// drainTime is how long answers and deliveries may take to arrive after the last post.
const drainTime = 30 * time.Second

// press is pressWindow, and then waits until all that was posted is answered and delivered.
func (c *crowd) press(p *host.Process, warm, measured time.Duration, step func(now time.Time) time.Duration) (window, error) {
	w, err := c.pressWindow(p, warm, measured, step)
	if err != nil {
		return w, err
	}
	return w, c.drain(time.Now().Add(drainTime))
}

// pressWindow has everybody post for warm and then for as long as the measured window. step, unless nil, is called in between
// and says when it wants to be called again.
func (c *crowd) pressWindow(p *host.Process, warm, measured time.Duration, step func(now time.Time) time.Duration) (window, error) {
	for i, poster := range c.posters {
		if err := poster.Start(c.conns[i], time.Now()); err != nil {
			return window{}, err
		}
	}
	var first, last mark
	began := time.Now()
	err := c.loop.Run(func(now time.Time) (again time.Duration, done bool, err error) {
		again = 10 * time.Millisecond
		if step != nil {
			again = min(again, step(now))
		}
		switch since := now.Sub(began); {
		case since < warm:
		case first.at.IsZero():
			first, err = c.mark(p, now)
		case since >= warm+measured:
			last, err = c.mark(p, now)
			// A machine that is busy otherwise may have been given nothing to do in a short window.
			done = last.frames+last.answered > first.frames+first.answered
			if since > warm+measured+drainTime {
				err = errors.Join(err, fmt.Errorf("nothing was delivered or answered in %s", since-warm))
			}
		}
		return again, done, err
	})
	if err != nil {
		return window{}, err
	}
	for _, poster := range c.posters {
		poster.Stop()
	}
	return last.since(first), nil
}

// drain waits until every post is answered and every reader has had what was posted.
func (c *crowd) drain(deadline time.Time) error {
	return c.loop.Run(func(now time.Time) (time.Duration, bool, error) {
		waiting := 0
		for _, p := range c.posters {
			waiting += p.Waiting()
		}
		head := c.head()
		behind := 0
		for _, r := range c.readers {
			if r.Version < head {
				behind++
			}
		}
		if waiting == 0 && behind == 0 {
			return 0, true, nil
		}
		if now.After(deadline) {
			return 0, false, wrong{fmt.Errorf("%d posts were not answered and %d readers not told of version %d within %s", waiting, behind, head, drainTime)}
		}
		return 10 * time.Millisecond, false, nil
	})
}

// head is the highest version that a poster was told, 0 for servers without versions.
func (c *crowd) head() (version int64) {
	for _, p := range c.ours {
		for i := len(p.Receipts) - 1; i >= 0 && i >= len(p.Receipts)-p.Window; i-- {
			version = max(version, p.Receipts[i].Version)
		}
	}
	return version
}

// posted is what the posters were answered.
func (c *crowd) posted() []audit.Posted {
	posted := make([]audit.Posted, len(c.ours))
	for i, p := range c.ours {
		posted[i] = audit.Posted{Room: p.Room, Receipts: p.Receipts}
	}
	return posted
}

// gather brings readers and posters into a room of a Parley server: all signed in, the readers with the room open.
func gather(p *parley, readers, posters, size int, text string) (*crowd, error) {
	const room = "lobby"
	guests, err := load.Enter(p.Address, readers+posters, func(i int) (string, string) { return fmt.Sprintf("guest-%d", i), room })
	if err != nil {
		return nil, err
	}
	loop, err := load.NewLoop()
	if err != nil {
		return nil, err
	}
	c := &crowd{loop: loop, readers: make([]*load.Reader, readers), posters: make([]poster, posters), conns: make([]*load.Conn, posters), ours: make([]*load.Poster, posters)}
	conns := make([]*load.Conn, readers)
	err = load.Together(readers+posters, func(next func() (int, bool)) error {
		for i, ok := next(); ok; i, ok = next() {
			conn, err := guests[i].Socket()
			if err != nil {
				return err
			}
			opened, err := conn.Open(room)
			if err != nil {
				return err
			}
			if i < readers {
				conns[i], c.readers[i] = conn, &load.Reader{Room: opened.Room, Version: opened.Version}
				continue
			}
			if err := conn.Shut(opened.Room); err != nil {
				return err
			}
			c.conns[i-readers] = conn
			c.ours[i-readers] = &load.Poster{By: i - readers, Room: opened.Room, Text: text, Window: size}
			c.posters[i-readers] = c.ours[i-readers]
		}
		return nil
	})
	if err != nil {
		loop.Close()
		return nil, err
	}
	return c, c.join(conns)
}

// join adds all connections to the loop.
func (c *crowd) join(readers []*load.Conn) error {
	for i, conn := range readers {
		if err := c.loop.Add(conn, c.readers[i]); err != nil {
			return err
		}
	}
	for i, conn := range c.conns {
		if err := c.loop.Add(conn, c.posters[i]); err != nil {
			return err
		}
	}
	return nil
}

// attend brings readers and plain posters to a server that has no rooms of ours.
func attend(address, readPath, postPath string, readers, posters int, post func(by int) *load.Plain) (*crowd, error) {
	loop, err := load.NewLoop()
	if err != nil {
		return nil, err
	}
	c := &crowd{loop: loop}
	var conns []*load.Conn
	for i := range readers + posters {
		conn, err := load.Dial(address)
		if err != nil {
			return nil, err
		}
		path := readPath
		if i >= readers {
			path = postPath
		}
		if err := conn.Upgrade(path, "Origin: http://"+address); err != nil {
			return nil, err
		}
		if i < readers {
			conns = append(conns, conn)
			c.readers = append(c.readers, &load.Reader{})
			continue
		}
		c.conns = append(c.conns, conn)
		c.posters = append(c.posters, post(i-readers))
	}
	return c, c.join(conns)
}

// close ends all connections.
func (c *crowd) close() { c.loop.Close() }
