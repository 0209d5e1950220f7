// Package figures keeps what the bench has measured: a value for each round, their median, what the figure should reach, and
// the ways to show it: a table at the terminal, JSON, and docs/benchmarks.md with its plots.
package figures

import (
	"math"
	"slices"
)

// A Book holds the sections of one run, in the order in which they were begun.
type Book struct {
	Date     string     `json:"date"`
	Machine  string     `json:"machine"`
	Commands []string   `json:"commands"`
	Rounds   int        `json:"rounds"`
	Short    bool       `json:"short"`
	Sections []*Section `json:"sections"`
	Skipped  []string   `json:"skipped,omitempty"` // what was not measured, and why
	Faults   []string   `json:"faults,omitempty"`  // what was lost, doubled, out of order, or not as acknowledged
}

// A Section is one kind of work.
type Section struct {
	Name    string    `json:"name"`
	Title   string    `json:"title"`
	Text    string    `json:"text"` // what is done, a paragraph
	Figures []*Figure `json:"figures"`
	Plots   []Plot    `json:"-"`
}

// A Figure is one thing that is measured once a round.
type Figure struct {
	Name   string    `json:"name"`
	Unit   string    `json:"unit"`
	Values []float64 `json:"rounds"`
	Median float64   `json:"median"`
	Target *Target   `json:"target,omitempty"`
	Met    *bool     `json:"reached,omitempty"`
}

// A Target is what a figure's median should reach.
type Target struct {
	Most  bool    `json:"at_most"` // at most Value, else at least
	Value float64 `json:"value"`
}

// AtLeast and AtMost make targets.
func AtLeast(v float64) *Target { return &Target{Value: v} }

// AtMost is a Target that is not to be exceeded.
func AtMost(v float64) *Target { return &Target{Most: true, Value: v} }

// Section is the section of that name, made with title and text at its first use.
func (b *Book) Section(name, title, text string) *Section {
	for _, s := range b.Sections {
		if s.Name == name {
			return s
		}
	}
	s := &Section{Name: name, Title: title, Text: text}
	b.Sections = append(b.Sections, s)
	return s
}

// Skip notes that something was not measured, once.
func (b *Book) Skip(what string) {
	if !slices.Contains(b.Skipped, what) {
		b.Skipped = append(b.Skipped, what)
	}
}

// Add notes the value of a round. target is nil where there is none.
func (s *Section) Add(name, unit string, value float64, target *Target) {
	f := s.Figure(name)
	if f == nil {
		f = &Figure{Name: name, Unit: unit, Target: target}
		s.Figures = append(s.Figures, f)
	}
	f.Values = append(f.Values, value)
	f.Median = Median(f.Values)
	if f.Target != nil {
		met := f.Target.Met(f.Median)
		f.Met = &met
	}
}

// Figure is the figure of that name, nil if there is none.
func (s *Section) Figure(name string) *Figure {
	for _, f := range s.Figures {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Met reports whether a value reaches the target.
func (t *Target) Met(v float64) bool {
	if t.Most {
		return v <= t.Value
	}
	return v >= t.Value
}

// Median is the middle of values, the mean of the two in the middle if they are even. Of nothing it is NaN.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
