package figures_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/bench/figures"
)

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{7}, 7},
		{[]float64{9, 1, 5}, 5},
		{[]float64{9, 1, 5, 100}, 7},
		{[]float64{3, 3, 3, 1000, 0}, 3},
	} {
		before := fmt.Sprint(test.values)
		if got := figures.Median(test.values); got != test.want {
			t.Errorf("%v: got %v, want %v", test.values, got, test.want)
		}
		if after := fmt.Sprint(test.values); after != before {
			t.Errorf("%s was reordered to %s", before, after)
		}
	}
	if got := figures.Median(nil); !math.IsNaN(got) {
		t.Errorf("of nothing: got %v", got)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0.00", 0.0651: "0.065", 0.71: "0.71", 12.34: "12.3", 999.6: "1,000", 12345678: "12,345,678", -1234: "-1,234", 123: "123"} {
		if got := figures.Number(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
}

// book has one section with two figures and a plot.
func book() *figures.Book {
	b := &figures.Book{Date: "1 January 2026", Machine: "a machine", Rounds: 3, Commands: []string{"make bench"}}
	s := b.Section("speed", "How fast", "What is done.")
	for _, v := range []float64{900, 1000, 2000} {
		s.Add("Parley", "messages/s", v, figures.AtLeast(1500))
		s.Add("another <one>", "messages/s", v/10, nil)
	}
	s.Plot(figures.Plot{File: "speed.svg", Title: "Speed & more", Figures: []string{"Parley", "another <one>", "not measured"}})
	return b
}

func TestTargets(t *testing.T) {
	b := book()
	f := b.Sections[0].Figure("Parley")
	if f.Median != 1000 || f.Verdict() != "missed" || f.Goal() != "≥ 1,500" {
		t.Errorf("got the median %v, %s, %s", f.Median, f.Verdict(), f.Goal())
	}
	b.Sections[0].Add("Parley", "messages/s", 5000, nil)
	if f.Median != 1500 || f.Verdict() != "reached" {
		t.Errorf("one round later: got the median %v, %s", f.Median, f.Verdict())
	}
	if figures.AtMost(8).Met(8.01) || !figures.AtMost(8).Met(8) {
		t.Error("at most 8 is 8 and not 8.01")
	}
}

func TestPrint(t *testing.T) {
	b := book()
	b.Skip("something: there is no such thing here")
	b.Skip("something: there is no such thing here")
	b.Faults = []string{"fanout: lost"}
	var got strings.Builder
	b.Print(&got)
	want := `
How fast
  figure         median  unit        rounds       target
  Parley          1,000  messages/s  900 – 2,000  ≥ 1,500  missed
  another <one>     100  messages/s  90.0 – 200

Not measured: something: there is no such thing here

WRONG: fanout: lost
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A shape is an element of a drawing, with what places it.
type shape struct {
	XMLName xml.Name
	Class   string  `xml:"class,attr"`
	X       float64 `xml:"x,attr"`
	Width   float64 `xml:"width,attr"`
	X1      float64 `xml:"x1,attr"`
	X2      float64 `xml:"x2,attr"`
	Text    string  `xml:",chardata"`
}

// shapes reads a drawing, which must be well-formed.
func shapes(t *testing.T, svg []byte) (all []shape) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, svg)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local != "svg" {
			var s shape
			if err := d.DecodeElement(&s, &start); err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
	}
}

func named(all []shape, name string) (found []shape) {
	for _, s := range all {
		if s.XMLName.Local == name {
			found = append(found, s)
		}
	}
	return found
}

func TestPlot(t *testing.T) {
	section := book().Sections[0]
	plot := section.Plots[0]

	t.Run("bars, spreads and targets stand where their values are", func(t *testing.T) {
		all := shapes(t, plot.SVG(section))
		bars, lines := named(all, "rect"), named(all, "line")
		if len(bars) != 2 || len(lines) != 3 {
			t.Fatalf("got %d bars and %d lines, want 2 and 3: what was not measured is not drawn", len(bars), len(lines))
		}
		left, perUnit := bars[0].X, bars[0].Width/1000
		if bars[0].Class != "ours" || bars[1].Class != "other" {
			t.Errorf("got the colours of %s and %s", bars[0].Class, bars[1].Class)
		}
		near := func(what string, got, want float64) {
			t.Helper()
			if math.Abs(got-want) > 0.2 {
				t.Errorf("%s: got %.1f, want %.1f", what, got, want)
			}
		}
		near("the shorter bar", bars[1].Width, 100*perUnit)
		near("the lowest round", lines[0].X1, left+900*perUnit)
		near("the highest round", lines[0].X2, left+2000*perUnit)
		near("the target", lines[1].X1, left+1500*perUnit)
		near("the longest is as long as there is room", lines[0].X2-left, 380)
	})

	t.Run("a logarithmic scale has a power of ten in each step", func(t *testing.T) {
		var s figures.Section
		for name, v := range map[string]float64{"one": 1.2, "ten": 12, "hundred": 120, "thousand": 1200} {
			s.Add(name, "x", v, nil)
		}
		all := shapes(t, figures.Plot{Log: true, Figures: []string{"one", "ten", "hundred", "thousand"}}.SVG(&s))
		bars := named(all, "rect")
		step := bars[1].Width - bars[0].Width
		for i := 2; i < len(bars); i++ {
			if got := bars[i].Width - bars[i-1].Width; math.Abs(got-step) > 0.2 || step <= 0 {
				t.Errorf("step %d: got %.1f, want %.1f", i, got, step)
			}
		}
		if bars[0].Width <= 0 {
			t.Errorf("the lowest has a bar of %.1f", bars[0].Width)
		}
	})

	t.Run("names are shown as they are", func(t *testing.T) {
		var found bool
		for _, s := range named(shapes(t, plot.SVG(section)), "text") {
			found = found || s.Text == "another <one>"
		}
		if !found {
			t.Error("there is no label \"another <one>\"")
		}
	})

	t.Run("of nothing there is no drawing", func(t *testing.T) {
		if got := (figures.Plot{Figures: []string{"x"}}).SVG(&figures.Section{}); got != nil {
			t.Errorf("got %s", got)
		}
	})
}

func TestWrite(t *testing.T) {
	docs := t.TempDir()
	path := filepath.Join(docs, "benchmarks.md")
	read := func() string {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if err := book().Write(docs); err != nil {
		t.Fatal(err)
	}
	first := read()
	for _, want := range []string{
		"a machine", "make bench", "| Parley | 1,000 | messages/s | 900 – 2,000 | ≥ 1,500 | **missed** |", "![Speed & more](benchmarks/speed.svg)", "Nothing, in any round.",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("there is no %q in\n%s", want, first)
		}
	}
	if _, err := os.Stat(filepath.Join(docs, "benchmarks", "speed.svg")); err != nil {
		t.Error(err)
	}
	const byHand = "\n## Written by people\n\nWords.\n"
	if err := os.WriteFile(path, []byte(first+byHand), 0o600); err != nil {
		t.Fatal(err)
	}
	again := book()
	again.Machine = "another machine"
	if err := again.Write(docs); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Replace(first, "a machine", "another machine", 1)+byHand, read()); diff != "" {
		t.Errorf("written again (-want +got)\n%s", diff)
	}
}
