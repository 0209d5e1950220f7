package figures

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Plot is bars below each other, one for each of a section's figures that it names and that were measured: the median, a
// line from the lowest round to the highest, and a mark where the target is. The figures have one unit.
type Plot struct {
	File    string // "fanout.svg"
	Title   string
	Log     bool // the scale is logarithmic
	Figures []string
}

// Plot adds a plot to the section, once.
func (s *Section) Plot(p Plot) {
	if !slices.ContainsFunc(s.Plots, func(other Plot) bool { return other.File == p.File }) {
		s.Plots = append(s.Plots, p)
	}
}

// The measures of a plot, in pixels.
const (
	plotWidth   = 760
	labelWidth  = 290
	valueWidth  = 90
	barsWidth   = plotWidth - labelWidth - valueWidth
	rowHeight   = 26
	barHeight   = 14
	titleHeight = 46
)

// style is readable on light and on dark paper.
const style = `text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}.unit,.goal{fill:#59636e}
.ours{fill:#0a7d5c}.other{fill:#afb8c1}.spread,.target{stroke:#1f2328;stroke-width:1.5}.target{stroke-dasharray:3 2}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.unit,.goal{fill:#9198a1}.ours{fill:#3fb68b}.other{fill:#59636e}.spread,.target{stroke:#e6edf3}}`

// SVG draws the plot with the section's figures. Without one of them it is nil.
func (p Plot) SVG(s *Section) []byte {
	var bars []*Figure
	for _, name := range p.Figures {
		if f := s.Figure(name); f != nil {
			bars = append(bars, f)
		}
	}
	if len(bars) == 0 {
		return nil
	}
	scale := p.scale(bars)
	height := titleHeight + rowHeight*len(bars) + 8
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s">`+"\n",
		plotWidth, height, plotWidth, height, escaped(p.Title))
	fmt.Fprintf(&b, "<style>%s</style>\n", style)
	fmt.Fprintf(&b, `<text class="title" x="0" y="16">%s</text>`+"\n", escaped(p.Title))
	unit := bars[0].Unit
	if p.Log {
		unit += ", on a logarithmic scale"
	}
	fmt.Fprintf(&b, `<text class="unit" x="0" y="34">%s</text>`+"\n", escaped(unit))
	for i, f := range bars {
		f.draw(&b, titleHeight+rowHeight*i, scale)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// scale tells how long the bar of a value is.
func (p Plot) scale(bars []*Figure) func(v float64) float64 {
	low, high := math.Inf(1), 0.0
	for _, f := range bars {
		for _, v := range append([]float64{f.Median}, f.Values...) {
			low, high = min(low, v), max(high, v)
		}
		if f.Target != nil {
			low, high = min(low, f.Target.Value), max(high, f.Target.Value)
		}
	}
	if p.Log && low > 0 {
		// From the power of ten below the lowest, so that it has a bar as well.
		from, to := math.Floor(math.Log10(low)*0.999), math.Log10(high)
		if from >= math.Log10(low) {
			from--
		}
		return func(v float64) float64 { return barsWidth * (math.Log10(v) - from) / (to - from) }
	}
	return func(v float64) float64 { return barsWidth * v / max(high, math.SmallestNonzeroFloat64) }
}

// draw draws the row of one figure.
func (f *Figure) draw(b *bytes.Buffer, y int, scale func(v float64) float64) {
	class := "other"
	if strings.HasPrefix(f.Name, "Parley") {
		class = "ours"
	}
	middle := y + rowHeight/2
	top := middle - barHeight/2
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", labelWidth-8, middle+4, escaped(f.Name))
	fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`+"\n", class, labelWidth, top, max(scale(f.Median), 1), barHeight)
	if len(f.Values) > 1 {
		low, high := slices.Min(f.Values), slices.Max(f.Values)
		fmt.Fprintf(b, `<line class="spread" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", labelWidth+scale(low), middle, labelWidth+scale(high), middle)
	}
	if f.Target != nil {
		x := labelWidth + scale(f.Target.Value)
		fmt.Fprintf(b, `<line class="target" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", x, top-4, x, top+barHeight+4)
	}
	end := max(scale(f.Median), 1)
	for _, v := range f.Values {
		end = max(end, scale(v))
	}
	if f.Target != nil {
		end = max(end, scale(f.Target.Value))
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%d">%s</text>`+"\n", labelWidth+end+8, middle+4, escaped(Number(f.Median)))
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}
