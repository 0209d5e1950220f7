//go:build linux

package work

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parley/bench/figures"
	"parley/bench/host"
	"parley/bench/load"
)

const (
	fanoutText = `Every poster waits for the answer to its message before it posts the next; a message is complete when all readers
have it. Each of Parley's is durable before it is answered or delivered, and every delivery of every reader is checked for its
version.`
)

// usualFrame is how many bytes a frame has, where no Parley server was measured before the references.
const usualFrame = 193

// A subject is one program that is measured, in one way.
type subject struct {
	name   string // for --subject
	title  string
	pinned bool // the server alone on one core, the bench on another: the mode that is stable
	press  func(ctx context.Context, b *Bench, s subject, frame int) (window, error)
}

func (s subject) core() int {
	if s.pinned {
		return 1
	}
	return 0
}

// fanoutSubjects are measured one after the other in each round.
var fanoutSubjects = []subject{
	{"parley", "Parley", false, fanoutParley()},
	{"limit", "limit, batched", false, fanoutLimit("batched")},
	{"parley-1", "Parley, GOMAXPROCS=1", false, fanoutParley("GOMAXPROCS=1")},
	{"limit-1", "limit, batched, GOMAXPROCS=1", false, fanoutLimit("batched", "GOMAXPROCS=1")},
	{"limit-one", "limit, one write a frame", false, fanoutLimit("one")},
	{"coder", "coder/websocket loop", false, fanoutCoder},
	{"parley-pinned", "Parley, pinned", true, fanoutParley()},
	{"limit-pinned", "limit, batched, pinned", true, fanoutLimit("batched")},
	{"django", "the tutorial's Django", false, fanoutDjango},
}

// fanout is many readers and many posters in one room, at Parley and at the references.
func fanout(ctx context.Context, b *Bench) error {
	s := b.Book.Section("fanout", "1,000 readers in one room, 100 posters", fanoutText)
	s.Plot(figures.Plot{File: "fanout.svg", Title: "Messages that 1,000 readers have, 100 posters", Log: true, Figures: titles(fanoutSubjects)})
	s.Plot(figures.Plot{File: "fanout-cpu.svg", Title: "What a frame costs when they come in batches", Figures: []string{
		titleOf(fanoutSubjects, "parley-pinned") + cpuFigure, titleOf(fanoutSubjects, "limit-pinned") + cpuFigure,
	}})
	for round := range b.Rounds {
		b.say("fanout, round %d of %d", round+1, b.Rounds)
		measured, err := b.round(ctx, fanoutSubjects)
		if err != nil {
			return err
		}
		fanoutFigures(s, measured)
	}
	return nil
}

// round measures every subject that is asked for and can be had, and returns the figures by its name.
func (b *Bench) round(ctx context.Context, subjects []subject) (map[string]window, error) {
	measured := map[string]window{}
	frame := usualFrame
	for _, subject := range subjects {
		if !b.asked(subject.name) {
			continue
		}
		w, err := b.pressed(ctx, subject, frame)
		if skipped, ok := errors.AsType[skip](err); ok {
			b.Book.Skip(subject.title + ": " + skipped.Error())
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", subject.title, err)
		}
		measured[subject.name] = w
		if strings.HasPrefix(subject.name, "parley") {
			frame = int(w.bytes/w.frames) + headerSize
		}
	}
	return measured, nil
}

func titleOf(subjects []subject, name string) string {
	i := slices.IndexFunc(subjects, func(s subject) bool { return s.name == name })
	return subjects[i].title
}

func titles(subjects []subject) []string {
	var all []string
	for _, s := range subjects {
		all = append(all, s.title)
	}
	return all
}

// headerSize is the header of a frame of 126 bytes to 64 KiB.
const headerSize = 4

// pressed measures one subject, on a core of its own if it is to be.
func (b *Bench) pressed(ctx context.Context, s subject, frame int) (w window, err error) {
	if !s.pinned {
		return s.press(ctx, b, s, frame)
	}
	if host.ThisMachine().Cores < 2 {
		return w, skip{"there is only one core"}
	}
	undo, err := host.Pin(2)
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, undo()) }()
	return s.press(ctx, b, s, frame)
}

// fanoutTargets are how many complete messages a second there should be.
var fanoutTargets = map[string]*figures.Target{"parley": figures.AtLeast(6000), "parley-1": figures.AtLeast(6000)}

func fanoutFigures(s *figures.Section, measured map[string]window) {
	for _, subject := range fanoutSubjects {
		if w, ok := measured[subject.name]; ok {
			s.Add(subject.title, "complete messages/s", w.complete, fanoutTargets[subject.name])
		}
	}
	ratio := func(over, under string, target *figures.Target) {
		ours, ok1 := measured[over]
		theirs, ok2 := measured[under]
		if ok1 && ok2 && theirs.complete > 0 {
			s.Add(titleOf(fanoutSubjects, over)+" ÷ "+titleOf(fanoutSubjects, under), "×", ours.complete/theirs.complete, target)
		}
	}
	ratio("parley", "limit", figures.AtLeast(0.7))
	ratio("parley-1", "limit-1", figures.AtLeast(0.7))
	ratio("parley", "django", figures.AtLeast(2000))
	ratio("parley", "coder", nil)
	for _, subject := range fanoutSubjects {
		w, ok := measured[subject.name]
		if !ok || !subject.pinned {
			continue
		}
		var target *figures.Target
		if subject.name == "parley-pinned" {
			target = figures.AtMost(0.15)
		}
		s.Add(subject.title+cpuFigure, perMillionUnit, w.perMillion(), target)
	}
}

const (
	perMillionUnit = "CPU-s per million frames"
	cpuFigure      = ": CPU"
)

// fanoutParley presses a Parley server and audits its database.
func fanoutParley(env ...string) func(ctx context.Context, b *Bench, s subject, frame int) (window, error) {
	return func(ctx context.Context, b *Bench, s subject, _ int) (window, error) {
		p, err := b.parley(ctx, launch{core: s.core(), env: env})
		if err != nil {
			return window{}, err
		}
		defer p.Kill()
		c, err := gather(p, b.Size.Readers, b.Size.Posters, 1, b.Text)
		if err != nil {
			return window{}, err
		}
		defer c.close()
		witness := load.NewWitness(c.readers[0])
		w, err := c.press(p.Process, b.seconds(2), b.seconds(5), nil)
		if err != nil {
			return w, err
		}
		b.tell(s.title, w)
		if err := errors.Join(witness.Check(c.ours), c.same()); err != nil {
			return w, wrong{fmt.Errorf("fanout: %s: %w", s.title, err)}
		}
		c.close()
		return w, p.audit(ctx, "fanout: "+s.title, c.posted())
	}
}

var listening = regexp.MustCompile(`listening on (\S+)`)

// same says whether all readers were sent the same bytes.
func (c *crowd) same() error {
	first := c.readers[0]
	for i, r := range c.readers {
		if r.Version != first.Version {
			return fmt.Errorf("reader %d ends at version %d, reader 0 at %d", i, r.Version, first.Version)
		}
	}
	return nil
}

// tell says what a window has shown.
func (b *Bench) tell(name string, w window) {
	b.say("  %-24s %8s complete/s  %6.2f M frames/s  server %.2f cores, %.3f CPU-s per million; bench %.2f cores",
		name, figures.Number(w.complete), float64(w.frames)/w.wall.Seconds()/1e6, w.cpu.Seconds()/w.wall.Seconds(), w.perMillion(),
		w.own.Seconds()/w.wall.Seconds())
}

// fanoutLimit presses the limit program.
func fanoutLimit(mode string, env ...string) func(ctx context.Context, b *Bench, s subject, frame int) (window, error) {
	return func(ctx context.Context, b *Bench, s subject, frame int) (window, error) {
		path, err := b.program(ctx, "./bench/reference/limit")
		if err != nil {
			return window{}, err
		}
		return b.reference(ctx, s, host.Program{Path: path, Env: env, Args: []string{
			"--mode", mode, "--frame", fmt.Sprint(frame), "--post", fmt.Sprint(load.PostSize(b.Text)),
		}})
	}
}

// fanoutCoder presses the loop with coder/websocket.
func fanoutCoder(ctx context.Context, b *Bench, s subject, frame int) (window, error) {
	path, err := b.program(ctx, "./bench/reference/coder")
	if err != nil {
		return window{}, skip{"it cannot be built here: " + err.Error()}
	}
	return b.reference(ctx, s, host.Program{Path: path, Args: []string{"-message", fmt.Sprint(frame - headerSize)}})
}

// reference presses a program that takes readers and posters at two paths.
func (b *Bench) reference(ctx context.Context, s subject, program host.Program) (window, error) {
	program.Ready, program.Core = listening, s.core()
	p, err := host.Start(ctx, program)
	if err != nil {
		return window{}, err
	}
	defer p.Kill()
	c, err := attend(p.Address, "/read", "/post", b.Size.Readers, b.Size.Posters, func(by int) *load.Plain {
		return &load.Plain{By: by, Text: b.Text}
	})
	if err != nil {
		return window{}, err
	}
	defer c.close()
	w, err := c.press(p, b.seconds(1), b.seconds(4), nil)
	if err == nil {
		b.tell(s.title, w)
	}
	return w, err
}

// Subjects are the names of what is compared.
func Subjects() []string {
	var names []string
	for _, s := range fanoutSubjects {
		names = append(names, s.name)
	}
	return names
}
