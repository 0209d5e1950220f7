//go:build linux

package work

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"

	"parley/bench/figures"
	"parley/bench/host"
	"parley/bench/load"
)

const (
	idleText = `10,000 signed-in people, each with a socket that has one room open, and nobody says anything. The server's memory is read
before they connect and after they have been quiet for a while, and the difference divided among them: all that the process holds
(RSS), and, where the server tells, the live heap and the stacks alone. The kernel's own memory for sockets is not the server's.`
)

// reserve is how many files a process has open beside its connections, at most.
const reserve = 200

// idle is what a connection costs that does nothing.
func idle(ctx context.Context, b *Bench) error {
	s := b.Book.Section("idle", "Idle connections", idleText)
	if files := host.Files(); files < uint64(b.Size.Idle)+reserve {
		b.Book.Skip(fmt.Sprintf("idle connections: a process may have only %d files open here", files))
		return nil
	}
	for round := range b.Rounds {
		b.say("idle, round %d of %d", round+1, b.Rounds)
		if err := b.idleRound(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bench) idleRound(ctx context.Context, s *figures.Section) error {
	count := b.Size.Idle
	debug, err := freePort()
	if err != nil {
		return err
	}
	p, err := b.parley(ctx, launch{debug: debug})
	if err != nil {
		return err
	}
	defer p.Kill()
	const room = "lobby"
	guests, err := load.Enter(p.Address, count, func(i int) (string, string) { return fmt.Sprintf("guest-%d", i), room })
	if err != nil {
		return err
	}
	loop, err := load.NewLoop()
	if err != nil {
		return err
	}
	defer loop.Close()
	before, err := b.rest(loop, p)
	if err != nil {
		return err
	}
	if err := idlers(loop, guests, room); err != nil {
		return err
	}
	after, err := b.rest(loop, p)
	if err != nil {
		return err
	}
	each := func(bytes int64) float64 { return float64(bytes) / float64(count) / 1024 }
	resident, live := each(after.resident-before.resident), each(after.live-before.live)
	b.say("  %d connections: %.1f KiB each, %.1f KiB of it live heap and stacks; the server holds %d MiB, before %d MiB", count,
		resident, live, after.resident>>20, before.resident>>20)
	s.Add("a connection, all memory", "KiB", resident, figures.AtMost(8))
	s.Add("a connection, live heap and stacks", "KiB", live, nil)
	s.Add("the whole server with all of them", "MiB", float64(after.resident)/(1<<20), nil)
	loop.Close()
	return p.Stop()
}

// settleTime is how long the server may come to rest: what connecting left behind is collected and given back.
const settleTime = 6 * time.Second

// held is a server's memory: all that it holds, and its live heap and stacks alone.
type held struct{ resident, live int64 }

// rest has the server collect its garbage, waits for it to come to rest while the loop reads, and reads its memory.
func (b *Bench) rest(loop *load.Loop, p *parley) (h held, err error) {
	for range 2 {
		if h.live, err = p.live(); err != nil {
			return h, err
		}
		until := time.Now().Add(b.seconds(settleTime.Seconds()) / 2)
		if err := loop.Run(func(now time.Time) (time.Duration, bool, error) { return time.Second, now.After(until), nil }); err != nil {
			return h, err
		}
	}
	memory, err := p.Memory()
	h.resident = memory.Resident
	return h, err
}

// live has the garbage collected and reads the live heap and the stacks from the server's debug address.
func (p *parley) live() (int64, error) {
	text, err := load.Guest{Address: p.debug}.Fetch("/debug/pprof/heap?debug=1&gc=1")
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, name := range []string{"HeapAlloc", "Stack"} {
		_, rest, found := bytes.Cut(text, []byte("\n# "+name+" = "))
		if !found {
			return 0, fmt.Errorf("the heap's profile tells no %s", name)
		}
		n := 0
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		value, err := strconv.ParseInt(string(rest[:n]), 10, 64)
		if err != nil {
			return 0, err
		}
		sum += value
	}
	return sum, nil
}

// idlers connects everybody and opens the room on each.
func idlers(loop *load.Loop, guests []load.Guest, room string) error {
	conns := make([]*load.Conn, len(guests))
	readers := make([]*load.Reader, len(guests))
	err := load.Together(len(guests), func(next func() (int, bool)) error {
		for i, ok := next(); ok; i, ok = next() {
			conn, err := guests[i].Socket()
			if err != nil {
				return err
			}
			opened, err := conn.Open(room)
			if err != nil {
				return err
			}
			conns[i], readers[i] = conn, &load.Reader{Room: opened.Room, Version: opened.Version}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, conn := range conns {
		if err := loop.Add(conn, readers[i]); err != nil {
			return err
		}
	}
	return nil
}
