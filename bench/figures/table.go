package figures

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Number is a value with as many digits as are worth reading, thousands apart.
func Number(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "–"
	case a >= 100:
		return thousands(strconv.FormatFloat(v, 'f', 0, 64))
	case a >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 0.1 || a == 0:
		return strconv.FormatFloat(v, 'f', 2, 64)
	default:
		return strconv.FormatFloat(v, 'f', 3, 64)
	}
}

func thousands(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Goal is the target in words, "" without one.
func (f *Figure) Goal() string {
	switch {
	case f.Target == nil:
		return ""
	case f.Target.Most:
		return "≤ " + Number(f.Target.Value)
	default:
		return "≥ " + Number(f.Target.Value)
	}
}

// Verdict says whether the target is reached, "" without one.
func (f *Figure) Verdict() string {
	switch {
	case f.Met == nil:
		return ""
	case *f.Met:
		return "reached"
	default:
		return "missed"
	}
}

// spread are the lowest and the highest round.
func (f *Figure) spread() string {
	if len(f.Values) < 2 {
		return ""
	}
	low, high := f.Values[0], f.Values[0]
	for _, v := range f.Values {
		low, high = min(low, v), max(high, v)
	}
	return Number(low) + " – " + Number(high)
}

// row are the cells of a figure, in the order of head.
func (f *Figure) row() []string {
	return []string{f.Name, Number(f.Median), f.Unit, f.spread(), f.Goal(), f.Verdict()}
}

var head = []string{"figure", "median", "unit", "rounds", "target", ""}

// Print writes the sections as tables for a terminal.
func (b *Book) Print(w io.Writer) {
	for _, s := range b.Sections {
		fmt.Fprintf(w, "\n%s\n", s.Title)
		rows := [][]string{head}
		for _, f := range s.Figures {
			rows = append(rows, f.row())
		}
		printRows(w, rows)
	}
	for _, what := range b.Skipped {
		fmt.Fprintf(w, "\nNot measured: %s\n", what)
	}
	for _, fault := range b.Faults {
		fmt.Fprintf(w, "\nWRONG: %s\n", fault)
	}
}

// printRows aligns the columns: the median to the right, the rest to the left.
func printRows(w io.Writer, rows [][]string) {
	widths := make([]int, len(head))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		line.WriteString("  ")
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 1 {
				line.WriteString(pad + cell + "  ")
			} else {
				line.WriteString(cell + pad + "  ")
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}
