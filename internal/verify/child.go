package verify

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// startTime is how long the server may take until it says that it is ready.
	startTime = time.Minute
	// stopTime is how long it may take to end in good order.
	stopTime = 20 * time.Second
	// behindLimit is how many changes a reader may lag before it is reset: fewer than usual, so that it happens.
	behindLimit = "300"
	// tailLimit is how much of a room is held in memory: as little as can be, so that readers have to go to the store.
	tailLimit = "1048576"
)

// A Child is the server under test: a process of its own, always at the same address once it has run.
type Child struct {
	program string
	env     []string
	log     io.Writer // what it prints to its errors
	data    string

	mu      sync.Mutex
	address string
	starts  int           // how often it was started
	up      chan struct{} // closed while it runs and is ready
	process *exec.Cmd
	ended   chan struct{} // closed when process has ended
	failure error         // how it ended
	last    *tailWriter   // the end of what it printed to its errors
}

// NewChild makes a Child that is not started.
func NewChild(program string, env []string, data string, log io.Writer) *Child {
	return &Child{program: program, env: env, data: data, log: log, up: make(chan struct{})}
}

// Starts is how often the server was started: what was sent to one start can take place before the next.
func (c *Child) Starts() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.starts
}

// Up waits until the server is ready and is its address.
func (c *Child) Up(ctx context.Context) (string, error) {
	c.mu.Lock()
	up := c.up
	c.mu.Unlock()
	select {
	case <-up:
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.address, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Start starts the server and waits until it is ready. extra is added to its environment. It may not run already.
func (c *Child) Start(ctx context.Context, extra ...string) error {
	listen := c.address
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	c.mu.Lock()
	c.starts++
	c.mu.Unlock()
	process := exec.Command(c.program, "serve", "--listen", listen, "--data", c.data, "--limits", "off", "--behind-limit", behindLimit, "--tail-limit", tailLimit)
	process.Env = append(append([]string(nil), c.env...), extra...)
	process.SysProcAttr = childAttributes()
	last := new(tailWriter)
	c.last = last
	process.Stderr = io.MultiWriter(c.log, last)
	out, err := process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := process.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewReader(out)
		line, _ := lines.ReadString('\n')
		ready <- line
		_, _ = io.Copy(io.Discard, lines)
		c.failure = process.Wait()
		close(ended)
	}()
	c.process, c.ended = process, ended
	late := time.NewTimer(startTime)
	defer late.Stop()
	var line string
	select {
	case line = <-ready:
	case <-late.C:
		c.Kill()
		return fmt.Errorf("the server was not ready after %v: %s", startTime, last.String())
	case <-ctx.Done():
		c.Kill()
		return ctx.Err()
	}
	found := readyLine.FindStringSubmatch(line)
	if found == nil {
		c.Kill()
		return fmt.Errorf("%w (%v): %s%s", errNotStarted, c.failure, line, last.String())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.address = found[1]
	close(c.up)
	return nil
}

var readyLine = regexp.MustCompile(`ready: http://(\S+)`)

// down notes that the server is not to be reached.
func (c *Child) down() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.up:
		c.up = make(chan struct{})
	default:
	}
}

// Kill ends the server at once and waits for its end.
func (c *Child) Kill() {
	if c.process == nil {
		return
	}
	c.down()
	_ = c.process.Process.Kill()
	<-c.ended
	c.process = nil
}

// Stop asks the server to end and waits for its end. An error says that it did not end well or in time; it is gone all the same.
func (c *Child) Stop() error {
	if c.process == nil {
		return nil
	}
	c.down()
	_ = c.process.Process.Signal(syscall.SIGTERM)
	late := time.NewTimer(stopTime)
	defer late.Stop()
	select {
	case <-c.ended:
	case <-late.C:
		c.Kill()
		return fmt.Errorf("the server did not end within %v of SIGTERM", stopTime)
	}
	c.process = nil
	if c.failure != nil {
		return fmt.Errorf("the server ended with %w", c.failure)
	}
	return nil
}

// Halt stops the server where it is, without its knowing, as a power cut would. When it returns no thread runs any more but
// in a system call, such as a sync, from which it will not come back to the program.
func (c *Child) Halt(ctx context.Context) error {
	if err := c.process.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	// The kernel takes its time to tell all threads, on a busy machine some milliseconds.
	return c.until(ctx, "TD")
}

// HaltAtRest is Halt, and waits until no system call is under way either.
func (c *Child) HaltAtRest(ctx context.Context) error {
	if err := c.Halt(ctx); err != nil {
		return err
	}
	return c.until(ctx, "T")
}

// until waits until every thread of the server is in one of some states, as proc(5) names them.
func (c *Child) until(ctx context.Context, states string) error {
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	for {
		reached, err := threadsAre(c.process.Process.Pid, states)
		if reached || err != nil {
			return err
		}
		if err := rest(ctx, time.Millisecond); err != nil {
			return fmt.Errorf("halting the server: %w", err)
		}
	}
}

// Resume lets a halted server go on.
func (c *Child) Resume() error { return c.process.Process.Signal(syscall.SIGCONT) }

// errNotStarted says that the server has ended by itself before it was ready.
var errNotStarted = errors.New("the server did not start")

// Gone waits until the server has ended by itself, for a failpoint's sake.
func (c *Child) Gone(ctx context.Context, patience time.Duration) error {
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-c.ended:
		c.down()
		c.process = nil
		return nil
	case <-late.C:
		return errors.New("the server did not end by itself")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Obituary says how the server that was started last has ended, once it has.
func (c *Child) Obituary() string { return fmt.Sprintf("%v: %s", c.failure, c.last) }

// Ended is closed when the server that was started last has ended.
func (c *Child) Ended() <-chan struct{} { return c.ended }

// Command runs another command of the same program on the same data directory and is what it printed.
func (c *Child) Command(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, c.program, args...)
	command.Env = c.env
	out, err := command.CombinedOutput()
	text := strings.TrimSpace(string(out))
	if err != nil {
		return text, fmt.Errorf("parley %s: %w: %s", strings.Join(args, " "), err, text)
	}
	return text, nil
}

// A tailWriter keeps the end of what is written, about 2 KiB.
type tailWriter struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *tailWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.b.Write(p)
	if over := w.b.Len() - 2048; over > 0 {
		w.b.Next(over)
	}
	return len(p), nil
}

func (w *tailWriter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}
