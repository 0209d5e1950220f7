package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestASVS has every test that docs/asvs.md names exist.
func TestASVS(t *testing.T) {
	text, err := os.ReadFile("../../docs/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	found := regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9_]+)\(`)
	err = filepath.WalkDir("../..", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := filepath.Base(name)
		switch {
		case entry.IsDir() && (base == "node_modules" || base == ".git" || base == ".cache"):
			return filepath.SkipDir
		case strings.HasSuffix(base, ".spec.ts"):
			there[base] = true
		case strings.HasSuffix(base, "_test.go"):
			code, err := os.ReadFile(name)
			for _, match := range found.FindAllSubmatch(code, -1) {
				there[string(match[1])] = true
			}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test[A-Za-z0-9_]+|[a-z_]+\\.spec\\.ts)`").FindAllSubmatch(text, -1)
	if len(named) < 60 {
		t.Errorf("got %d names of tests, want the whole document", len(named))
	}
	for _, name := range named {
		if !there[string(name[1])] {
			t.Errorf("docs/asvs.md names %s, and there is no such test", name[1])
		}
	}
	// A line of a table without a test or a document holds nothing.
	held, _, _ := strings.Cut(string(text), "## What does not apply")
	for line := range strings.Lines(held) {
		if regexp.MustCompile(`^\| [0-9]`).MatchString(line) && !strings.Contains(line, "`Test") && !strings.Contains(line, ".spec.ts`") && !strings.Contains(line, ".md") {
			t.Errorf("no test holds %s", line)
		}
	}
}
