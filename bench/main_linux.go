package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"parley/bench/figures"
	"parley/bench/host"
	"parley/bench/work"
)

// settings are the flags.
type settings struct {
	Only    []string `placeholder:"WORK" help:"Only this work; can be repeated: ${works}."`
	Subject []string `placeholder:"NAME" help:"Of works that compare, only these subjects; can be repeated: ${subjects}."`
	Rounds  int      `default:"5" help:"How often each is measured; the figure is the median. (${default})"`
	Short   bool     `help:"A glance: loads of a second or two."`
	Text    string   `default:"Has anyone seen the keys to the garden?" help:"The text of the messages. (${default})"`
	Server  string   `placeholder:"PATH" help:"The server to measure, instead of the one that is built from this tree."`
	Dir     string   `placeholder:"DIR" help:"Where to keep data meanwhile, instead of the system's directory for temporary files."`
	JSON    bool     `name:"json" help:"Print the figures as JSON."`
	Write   bool     `help:"Write docs/benchmarks.md and its plots."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main; the exit code is 0 when everything was measured and nothing was lost, doubled or out of order, else 1.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var s settings
	parser, err := kong.New(&s, kong.Name("bench"), kong.Description("Measures Parley beside its references. Targets that are missed are no failure; a lost, doubled or misplaced message is."),
		kong.Vars{"works": strings.Join(names(), ", "), "subjects": strings.Join(work.Subjects(), ", ")}, kong.Writers(out, errs))
	if err == nil {
		_, err = parser.Parse(args)
	}
	if err == nil {
		err = s.measure(ctx, out, errs)
	}
	if err != nil {
		fmt.Fprintln(errs, "bench:", err)
		return 1
	}
	return 0
}

func names() []string {
	var list []string
	for _, w := range work.All {
		list = append(list, w.Name)
	}
	return list
}

// check looks at the flags together and returns the works that were asked for.
func (s *settings) check() ([]work.Work, error) {
	for _, name := range s.Subject {
		if !slices.Contains(work.Subjects(), name) {
			return nil, fmt.Errorf("there is no subject %q; there are %s", name, strings.Join(work.Subjects(), ", "))
		}
	}
	switch {
	case s.Rounds < 1:
		return nil, errors.New("--rounds must be at least 1")
	case s.Write && (len(s.Only) > 0 || len(s.Subject) > 0):
		return nil, errors.New("--write needs all works and subjects: the document holds them all")
	}
	return s.chosen()
}

// chosen are the works that were asked for.
func (s *settings) chosen() ([]work.Work, error) {
	if len(s.Only) == 0 {
		return work.All, nil
	}
	var chosen []work.Work
	for _, name := range s.Only {
		i := slices.Index(names(), name)
		if i < 0 {
			return nil, fmt.Errorf("there is no work %q; there are %s", name, strings.Join(names(), ", "))
		}
		chosen = append(chosen, work.All[i])
	}
	return chosen, nil
}

func (s *settings) measure(ctx context.Context, out, errs io.Writer) (err error) {
	chosen, err := s.check()
	if err != nil {
		return err
	}
	root, err := host.Run(ctx, "", nil, "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	root = strings.TrimSpace(root)
	dir, err := os.MkdirTemp(s.Dir, "parley-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	machine := host.ThisMachine()
	book := &figures.Book{
		Date: time.Now().UTC().Format("2 January 2006"), Rounds: s.Rounds, Short: s.Short,
		Machine:  fmt.Sprintf("%s, %d cores, %s, data on %s, %s", machine.Processor, machine.Cores, machine.Kernel, host.Filesystem(dir), machine.Go),
		Commands: []string{"make bench", "go run ./bench --only fanout --rounds 1 --short    # a glance at one work; --help lists them"},
	}
	b := &work.Bench{Root: root, Dir: dir, Rounds: s.Rounds, Size: work.Full, Text: s.Text, Book: book, Log: errs, Parley: s.Server, Subjects: s.Subject}
	if s.Short {
		b.Size = work.Short
	}
	for _, w := range chosen {
		if err := b.Do(ctx, w); err != nil {
			return fmt.Errorf("%s: %w", w.Name, err)
		}
	}
	if s.JSON {
		if err := json.NewEncoder(out).Encode(book); err != nil {
			return err
		}
	} else {
		book.Print(out)
	}
	if s.Write {
		if err := book.Write(filepath.Join(root, "docs")); err != nil {
			return err
		}
	}
	if len(book.Faults) > 0 {
		return errors.New("something was lost, doubled, out of order, or not as acknowledged")
	}
	return nil
}
