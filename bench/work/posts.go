//go:build linux

package work

import (
	"context"
	"fmt"
	"time"

	"parley/bench/figures"
	"parley/bench/load"
)

const (
	postRooms   = 100
	postPosters = 256
	postsText   = `Each poster has a room of the hundred and posts into it over its WebSocket; every message is durable before it is answered.
A window of 1: the answer is waited for before the next post. A window of 8: eight posts are under way.`
)

// posts is many posters in many rooms, with nobody reading.
func posts(ctx context.Context, b *Bench) error {
	s := b.Book.Section("posts", "256 posters in 100 rooms, over WebSocket", postsText)
	s.Plot(figures.Plot{File: "posts.svg", Title: "Durable posts over WebSocket", Figures: []string{"Parley, window 1", "Parley, window 8"}})
	for round := range b.Rounds {
		b.say("posts, round %d of %d", round+1, b.Rounds)
		for _, size := range []int{1, 8} {
			if err := b.postsRound(ctx, s, size); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *Bench) postsRound(ctx context.Context, s *figures.Section, size int) error {
	name := fmt.Sprintf("Parley, window %d", size)
	p, err := b.parley(ctx, launch{})
	if err != nil {
		return err
	}
	defer p.Kill()
	c, guests, waits, err := b.postCrowd(p, size)
	if err != nil {
		return err
	}
	defer c.close()
	w, err := c.press(p.Process, b.seconds(2), b.seconds(8), nil)
	if err != nil {
		return fmt.Errorf("posts: %s: %w", name, err)
	}
	rate := float64(w.answered) / w.wall.Seconds()
	b.say("  %-16s %8s posts/s  server %.2f cores, %.1f µs of CPU each; bench %.2f cores; answers p50 %s, p99 %s", name, figures.Number(rate),
		w.cpu.Seconds()/w.wall.Seconds(), w.cpu.Seconds()/float64(w.answered)*1e6, w.own.Seconds()/w.wall.Seconds(), waits.At(0.5), waits.At(0.99))
	s.Add(name, "acknowledged messages/s", rate, figures.AtLeast(30000))
	s.Add(name+": answer, p50", "ms", ms(waits.At(0.5)), nil)
	s.Add(name+": answer, p99", "ms", ms(waits.At(0.99)), nil)
	found, err := c.findLast(ctx, guests[0])
	if err != nil {
		return err
	}
	b.say("  everything is found %s after the load", found.Round(time.Millisecond))
	s.Add(name+": all searchable after the load", "s", found.Seconds(), figures.AtMost(30))
	c.close()
	return p.audit(ctx, "posts: "+name, c.posted())
}

// postCrowd brings the posters in: everybody signed in, each in its room, with none open.
func (b *Bench) postCrowd(p *parley, size int) (*crowd, []load.Guest, *load.Waits, error) {
	room := func(i int) string { return fmt.Sprintf("room-%d", i%postRooms) }
	guests, err := load.Enter(p.Address, postPosters, func(i int) (string, string) { return fmt.Sprintf("poster-%d", i), room(i) })
	if err != nil {
		return nil, nil, nil, err
	}
	loop, err := load.NewLoop()
	if err != nil {
		return nil, nil, nil, err
	}
	c, waits := &crowd{loop: loop}, &load.Waits{}
	for i, guest := range guests {
		conn, err := guest.Socket()
		if err != nil {
			return nil, nil, nil, err
		}
		opened, err := conn.Open(room(i))
		if err != nil {
			return nil, nil, nil, err
		}
		if err := conn.Shut(opened.Room); err != nil {
			return nil, nil, nil, err
		}
		own := &load.Poster{By: i, Room: opened.Room, Text: b.Text, Window: size, Waits: waits}
		c.ours, c.posters, c.conns = append(c.ours, own), append(c.posters, own), append(c.conns, conn)
	}
	return c, guests, waits, c.join(nil)
}
