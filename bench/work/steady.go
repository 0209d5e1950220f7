//go:build linux

package work

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/bench/figures"
	"parley/bench/host"
	"parley/bench/load"
)

const (
	steadyRate = 100 // messages a second
	steadyText = `One person speaks at a fixed rate of 100 messages a second and a thousand read. There is nothing to batch, so a write for
each frame is the least there can be; the limit makes exactly these writes. The time of a delivery is from the post to the moment at which
the bench has read it on one of the thousand connections.`
)

// steadySubjects are measured one after the other in each round.
var steadySubjects = []subject{
	{"parley-pinned", "Parley, pinned", true, steadyParley},
	{"limit-pinned", "limit, one write a frame, pinned", true, steadyLimit},
	{"parley", "Parley", false, steadyParley},
	{"limit", "limit, one write a frame", false, steadyLimit},
}

// steady is one poster at a fixed rate, and what a frame costs then.
func steady(ctx context.Context, b *Bench) error {
	s := b.Book.Section("steady", "1,000 readers, 1 poster", steadyText)
	s.Plot(figures.Plot{File: "steady-cpu.svg", Title: "What a frame costs when there is nothing to batch", Figures: []string{
		titleOf(steadySubjects, "parley-pinned") + cpuFigure, titleOf(steadySubjects, "limit-pinned") + cpuFigure,
	}})
	for round := range b.Rounds {
		b.say("steady, round %d of %d", round+1, b.Rounds)
		measured, err := b.round(ctx, steadySubjects)
		if err != nil {
			return err
		}
		for _, name := range []string{"parley-pinned", "limit-pinned"} {
			if w, ok := measured[name]; ok {
				s.Add(titleOf(steadySubjects, name)+cpuFigure, perMillionUnit, w.perMillion(), nil)
			}
		}
		if ours, limit := measured["parley-pinned"], measured["limit-pinned"]; ours.frames > 0 && limit.frames > 0 {
			s.Add("Parley ÷ limit: CPU per frame", "×", ours.perMillion()/limit.perMillion(), figures.AtMost(1.3))
		}
		for _, name := range []string{"parley", "limit"} {
			if w, ok := measured[name]; ok {
				title := titleOf(steadySubjects, name)
				var target *figures.Target
				if name == "parley" {
					target = figures.AtMost(10)
				}
				s.Add(title+": delivery, p50", "ms", ms(w.waits.At(0.5)), nil)
				s.Add(title+": delivery, p99", "ms", ms(w.waits.At(0.99)), target)
			}
		}
	}
	return nil
}

func steadyParley(ctx context.Context, b *Bench, s subject, _ int) (window, error) {
	p, err := b.parley(ctx, launch{core: s.core()})
	if err != nil {
		return window{}, err
	}
	defer p.Kill()
	c, err := gather(p, b.Size.Readers, 1, 1, b.Text)
	if err != nil {
		return window{}, err
	}
	defer c.close()
	poster := c.ours[0]
	poster.Paced, poster.Window = true, 1000
	witness := load.NewWitness(c.readers[0])
	pace := newPace(steadyRate)
	waits := &load.Waits{}
	for i, r := range c.readers {
		noted := r.Seen
		r.Seen = func(version int64, rest []byte) {
			if seen, ok := load.ParseSighting(version, rest); ok {
				waits.Add(time.Since(pace.sent[seen.Key.Seq]))
			}
			if i == 0 {
				noted(version, rest)
			}
		}
	}
	w, err := c.press(p.Process, b.seconds(1), b.seconds(5), pace.step(poster.Post))
	if err != nil {
		return w, err
	}
	w.waits = waits
	b.tellSteady(s.title, w)
	if err := errors.Join(pace.failed, witness.Check(c.ours), c.same()); err != nil {
		return w, wrong{fmt.Errorf("steady: %s: %w", s.title, err)}
	}
	c.close()
	return w, p.audit(ctx, "steady: "+s.title, c.posted())
}

func steadyLimit(ctx context.Context, b *Bench, s subject, frame int) (window, error) {
	path, err := b.program(ctx, "./bench/reference/limit")
	if err != nil {
		return window{}, err
	}
	p, err := host.Start(ctx, host.Program{Path: path, Core: s.core(), Ready: listening, Args: []string{
		"--mode", "one", "--frame", fmt.Sprint(frame), "--post", fmt.Sprint(load.PostSize(b.Text)),
	}})
	if err != nil {
		return window{}, err
	}
	defer p.Kill()
	poster := &load.Plain{Text: b.Text, Paced: true}
	c, err := attend(p.Address, "/read", "/post", b.Size.Readers, 1, func(int) *load.Plain { return poster })
	if err != nil {
		return window{}, err
	}
	defer c.close()
	pace := newPace(steadyRate)
	waits := &load.Waits{}
	for _, r := range c.readers {
		r.Seen = func(int64, []byte) { waits.Add(time.Since(pace.sent[r.Frames-1])) }
	}
	w, err := c.press(p, b.seconds(1), b.seconds(5), pace.step(poster.Post))
	if err != nil {
		return w, err
	}
	w.waits = waits
	b.tellSteady(s.title, w)
	return w, pace.failed
}

func (b *Bench) tellSteady(name string, w window) {
	b.say("  %-32s %.3f CPU-s per million frames; deliveries p50 %s, p99 %s, p99.9 %s", name, w.perMillion(), w.waits.At(0.5), w.waits.At(0.99), w.waits.At(0.999))
}

// A pace posts at a fixed rate and remembers when.
type pace struct {
	every  time.Duration
	next   time.Time
	sent   []time.Time
	failed error
}

func newPace(perSecond int) *pace { return &pace{every: time.Second / time.Duration(perSecond)} }

// step posts what is due, for pressWindow. A bench that was held up does not post in a burst: it goes on from where it is.
func (p *pace) step(post func(now time.Time) error) func(now time.Time) time.Duration {
	return func(now time.Time) time.Duration {
		if p.next.IsZero() {
			p.next = now
		}
		if !now.Before(p.next) {
			p.next = p.next.Add(p.every)
			if p.next.Before(now) {
				p.next = now.Add(p.every)
			}
			now = time.Now()
			p.sent = append(p.sent, now)
			if err := post(now); err != nil && p.failed == nil {
				p.failed = err
			}
		}
		return p.next.Sub(now)
	}
}
