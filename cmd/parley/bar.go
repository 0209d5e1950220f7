package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"parley/internal/search"
)

const (
	barWidth = 30              // characters
	barTime  = 3 * time.Second // between two lines where there is no terminal
)

// A bar shows how far something is: one line that is written over on a terminal, else a line every few seconds.
type bar struct {
	w     io.Writer
	tty   bool
	clock func() time.Time

	began, told time.Time
	first       int64 // what was done when it began
	open        bool  // a line without its end stands on the terminal
}

func newBar(w io.Writer) *bar {
	b := &bar{w: w, clock: time.Now}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		b.tty = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return b
}

// show shows a progress, or leaves it out because one was shown a moment ago.
func (b *bar) show(p search.Progress) {
	now := b.clock()
	if b.began.IsZero() || p.Done < b.first {
		b.began, b.first = now, p.Done
	}
	if !b.tty && !b.told.IsZero() && now.Sub(b.told) < barTime && p.Done < p.Total {
		return
	}
	b.told = now
	text := fmt.Sprintf("%s %3d %%  %s of %s changes%s", drawn(p), percent(p), grouped(p.Done), grouped(p.Total), b.left(p, now))
	if p.Trouble != "" {
		text += "  waiting: " + p.Trouble
	}
	if b.tty {
		fmt.Fprint(b.w, "\r\x1b[K"+text)
		b.open = true
		return
	}
	fmt.Fprintln(b.w, text)
}

// end ends the line.
func (b *bar) end() {
	if b.open {
		fmt.Fprintln(b.w)
		b.open = false
	}
}

// left is how long it will still take, as far as can be told.
func (b *bar) left(p search.Progress, now time.Time) string {
	done, seconds := p.Done-b.first, now.Sub(b.began).Seconds()
	if done <= 0 || seconds < 1 || p.Done >= p.Total {
		return ""
	}
	left := time.Duration(float64(p.Total-p.Done) / float64(done) * seconds * float64(time.Second))
	return ", " + left.Round(time.Second).String() + " left"
}

func percent(p search.Progress) int64 {
	if p.Total <= 0 {
		return 100
	}
	return 100 * p.Done / p.Total
}

func drawn(p search.Progress) string {
	full := int(barWidth * percent(p) / 100)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "]"
}

// grouped is a number with a comma between its thousands.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
