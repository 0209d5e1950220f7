package search_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/search"
	"parley/internal/store"
)

// killDir is the environment variable that makes the test binary a child that indexes what is in that folder until it is killed.
const killDir = "PARLEY_SEARCH_KILL"

// indexUntilKilled reads in small batches and prints a line after each.
func indexUntilKilled(dir string) int {
	s, err := store.Open(context.Background(), store.Config{Path: filepath.Join(dir, "parley.db")})
	if err == nil {
		var index *search.Index
		if index, err = search.New(search.Config{Path: filepath.Join(dir, "search.db")}); err == nil {
			index.Bound(100, 1<<20)
			err = index.CatchUp(context.Background(), s, func(p search.Progress) { fmt.Println(p.Done) })
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestKill kills an index again and again while it reads, and looks whether what it comes to is whole: rows and cursors are
// stored together, or nothing is.
func TestKill(t *testing.T) {
	w := newWorld(t)
	talker := newTalker(7)
	w.fill(2500, 5, talker)
	w.close()
	done := 0
	for round := 0; done < 2500; round++ {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), killDir+"="+w.dir)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		check(t, err)
		check(t, child.Start())
		lines, before := bufio.NewScanner(out), done
		for n := 0; n < 3+round%4 && lines.Scan(); n++ {
			if _, err := fmt.Sscan(lines.Text(), &done); err != nil {
				t.Fatalf("the child said %q", lines.Text())
			}
		}
		<-time.After(rand.N(15 * time.Millisecond)) // in the midst of a batch, wherever that is
		check(t, child.Process.Kill())
		_ = child.Wait()
		if done < before {
			t.Fatalf("round %d: it had come to %d, and now to %d", round, before, done)
		}
		if round > 200 {
			t.Fatalf("after %d rounds it has come to %d", round, done)
		}
	}
	w.open()
	w.catchUp()
	w.audit()
}
