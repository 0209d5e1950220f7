// Package host starts the programs that the bench measures, on the cores they are told, and reads what they cost.
package host

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A Program is what is to be started.
type Program struct {
	Path string
	Args []string
	Dir  string
	Env  []string // added to the bench's own
	Core int      // the only core that it may use, counted from 1; 0 for all
	// Ready finds, in a line of its output, the address that it listens on.
	Ready *regexp.Regexp
}

// A Process is a running program.
type Process struct {
	Address string // host:port
	Started time.Duration

	command *exec.Cmd
	errs    tail
	ended   chan struct{}
	err     error // how it ended, once ended is closed
}

const (
	// startTime is how long a program may take until it listens; stopTime, until it has ended when it is told to.
	startTime = 2 * time.Minute
	stopTime  = 30 * time.Second
)

// Start starts a program and waits until it listens. It is killed when the bench dies, or ctx ends.
func Start(ctx context.Context, p Program) (*Process, error) {
	began := time.Now()
	c := exec.CommandContext(ctx, p.Path, p.Args...)
	c.Dir, c.Env = p.Dir, append(c.Environ(), p.Env...)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	s := &Process{command: c, ended: make(chan struct{})}
	c.Stderr = &s.errs
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := onCore(p.Core, c.Start); err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.Path, err)
	}
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewReader(out)
		for {
			line, err := lines.ReadString('\n')
			if m := p.Ready.FindStringSubmatch(line); m != nil {
				select {
				case found <- m[1]:
				default:
				}
			}
			if err != nil {
				break
			}
		}
		s.err = c.Wait()
		close(s.ended)
	}()
	patience := time.NewTimer(startTime)
	defer patience.Stop()
	select {
	case s.Address = <-found:
		s.Started = time.Since(began)
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("%s ended before it listened: %w\n%s", p.Path, s.err, s.errs.String())
	case <-patience.C:
		_ = c.Process.Kill()
		<-s.ended
		return nil, fmt.Errorf("%s did not listen within %s\n%s", p.Path, startTime, s.errs.String())
	}
}

// onCore calls start with the calling thread, and so whatever it starts, bound to a core.
func onCore(core int, start func() error) error {
	if core == 0 {
		return start()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	was, err := affinity(0)
	if err != nil {
		return err
	}
	if err := bind(0, only(core)); err != nil {
		return err
	}
	return errors.Join(start(), bind(0, was))
}

// ID is the process's id.
func (s *Process) ID() int { return s.command.Process.Pid }

// Stop asks the program to end and waits until it has. A program that has to be killed, or complains, is an error.
func (s *Process) Stop() error {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	patience := time.NewTimer(stopTime)
	defer patience.Stop()
	select {
	case <-s.ended:
	case <-patience.C:
		s.Kill()
		return fmt.Errorf("%s did not end within %s", s.command.Path, stopTime)
	}
	if s.err != nil {
		return fmt.Errorf("%s: %w\n%s", s.command.Path, s.err, s.errs.String())
	}
	return nil
}

// Kill ends the program at once, if it still runs.
func (s *Process) Kill() {
	_ = s.command.Process.Kill()
	<-s.ended
}

// Errors is the end of what the program wrote to its standard error.
func (s *Process) Errors() string { return s.errs.String() }

// A tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 8 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if over := len(t.text) - tailSize; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}

// Run runs a command to its end and returns what it printed. An error holds what it complained about.
func Run(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	var out, errs bytes.Buffer
	c := exec.CommandContext(ctx, name, args...)
	c.Dir, c.Env, c.Stdout, c.Stderr = dir, append(c.Environ(), env...), &out, &errs
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.String(), nil
}
