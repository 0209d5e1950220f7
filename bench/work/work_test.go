//go:build linux

package work_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/bench/figures"
	"parley/bench/work"
)

// TestWorks does a glimpse of every work to a real server: it must measure something, and find nothing wrong. What has to be
// installed first, and the module of its own, are left out.
func TestWorks(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	server := filepath.Join(t.TempDir(), "parley")
	if out, err := exec.Command("go", "build", "-o", server, "parley/cmd/parley").CombinedOutput(); err != nil {
		t.Fatalf("building the server: %v\n%s", err, out)
	}
	for _, w := range work.All {
		t.Run(w.Name+" measures something and finds nothing wrong", func(t *testing.T) {
			book := &figures.Book{}
			b := &work.Bench{
				Root: filepath.Join("..", ".."), Dir: t.TempDir(), Rounds: 1, Text: "hello", Book: book, Log: t.Output(), Parley: server,
				Size:     work.Size{Readers: 8, Posters: 4, Idle: 20, Long: 2500, Asks: 10, Longest: 200 * time.Millisecond},
				Subjects: []string{"parley", "limit", "parley-pinned"},
			}
			if err := b.Do(context.Background(), w); err != nil {
				t.Fatal(err)
			}
			for _, fault := range book.Faults {
				t.Error(fault)
			}
			for _, s := range book.Sections {
				if len(s.Figures) == 0 {
					t.Errorf("%s has no figures", s.Name)
				}
				for _, f := range s.Figures {
					// So few frames cost less than a tick of the clock for processor time, and so few connections no page of memory.
					if coarse := strings.Contains(f.Unit, "CPU") || strings.HasSuffix(f.Unit, "iB"); !(f.Median > 0) && !coarse {
						t.Errorf("%s, %s: got %v", s.Name, f.Name, f.Median)
					}
				}
			}
		})
	}
}
