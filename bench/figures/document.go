package figures

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// byHand is the line from which on the document is written by people; it is kept.
const byHand = "<!-- What follows is written by people and kept. -->"

// Write writes benchmarks.md and its plots, in benchmarks/, into the directory of the documents.
func (b *Book) Write(docs string) error {
	path := filepath.Join(docs, "benchmarks.md")
	kept := byHand + "\n"
	if old, err := os.ReadFile(path); err == nil {
		if i := bytes.Index(old, []byte(byHand)); i >= 0 {
			kept = string(old[i:])
		}
	}
	plots := filepath.Join(docs, "benchmarks")
	if err := os.MkdirAll(plots, 0o755); err != nil {
		return err
	}
	for _, s := range b.Sections {
		for _, p := range s.Plots {
			if drawn := p.SVG(s); drawn != nil {
				if err := os.WriteFile(filepath.Join(plots, p.File), drawn, 0o644); err != nil {
					return err
				}
			}
		}
	}
	return os.WriteFile(path, append(b.Document(), kept...), 0o644)
}

// Document is benchmarks.md up to what people write.
func (b *Book) Document() []byte {
	var d bytes.Buffer
	d.WriteString(`# Benchmarks

What Parley does on one machine, beside references that are built and measured in the same run by the same load generator, which runs on
the same machine. Figures differ from machine to machine; the ratios do so less. Every delivery of every reader is checked for its
version, and after each load the server is stopped and its database compared with everything that was acknowledged.

`)
	fmt.Fprintf(&d, "Measured on %s: %s. Each figure is the median of %d rounds", b.Date, b.Machine, b.Rounds)
	d.WriteString("; \"rounds\" are the lowest and the highest. In plots the thin line is the same, the dashed one the target.\n\n```\n")
	for _, command := range b.Commands {
		d.WriteString(command + "\n")
	}
	d.WriteString("```\n")
	if b.Short {
		d.WriteString("\n**This was a short run**, with loads of a second or two: its figures are a glance.\n")
	}
	for _, s := range b.Sections {
		s.document(&d)
	}
	if len(b.Skipped) > 0 {
		d.WriteString("\n## Not measured\n\n")
		for _, what := range b.Skipped {
			d.WriteString("- " + strings.TrimSpace(what) + "\n")
		}
	}
	d.WriteString("\n## Lost, doubled, out of order\n\n")
	if len(b.Faults) == 0 {
		d.WriteString("Nothing, in any round.\n")
	}
	for _, fault := range b.Faults {
		d.WriteString("- " + fault + "\n")
	}
	d.WriteString("\n")
	return d.Bytes()
}

func (s *Section) document(d *bytes.Buffer) {
	fmt.Fprintf(d, "\n## %s\n\n%s\n\n", s.Title, s.Text)
	for _, p := range s.Plots {
		if p.SVG(s) != nil {
			fmt.Fprintf(d, "![%s](benchmarks/%s)\n\n", p.Title, p.File)
		}
	}
	d.WriteString("| figure | median | unit | rounds | target | |\n|---|---:|---|---|---|---|\n")
	for _, f := range s.Figures {
		row := f.row()
		if f.Met != nil && !*f.Met {
			row[len(row)-1] = "**missed**"
		}
		fmt.Fprintf(d, "| %s |\n", strings.Join(row, " | "))
	}
}
