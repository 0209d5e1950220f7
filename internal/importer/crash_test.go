package importer_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/internal/chat"
	"parley/internal/importer"
	"parley/internal/store"
)

// The environment of a child that imports a source into a store and is killed meanwhile.
const (
	crashSource = "PARLEY_TEST_CRASH_SOURCE"
	crashStore  = "PARLEY_TEST_CRASH_STORE"
)

func TestMain(m *testing.M) {
	if source := os.Getenv(crashSource); source != "" {
		importUntilKilled(source, os.Getenv(crashStore))
		os.Exit(1) // it should have been killed
	}
	goleak.VerifyTestMain(m)
}

// A teller is a chat.Log that writes a line for each commit and waits to be given a byte for it.
type teller struct{}

func (teller) Committed(changes []chat.Change) {
	fmt.Println(len(changes))
	_, _ = os.Stdin.Read(make([]byte, 1))
}

func importUntilKilled(source, path string) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Path: path, Log: teller{}})
	if err == nil {
		go s.Run(ctx)
		_, err = importer.File(ctx, s, source, nil)
	}
	fmt.Println("the import ended:", err)
}

func TestImportKilled(t *testing.T) {
	const messages = 6000
	f := newFixture(t)
	var want []said
	f.exec(`BEGIN`)
	f.room("lobby")
	for i := range messages {
		want = append(want, said{fmt.Sprint("person ", i%700), fmt.Sprint(i)})
		f.say(1, want[i].By, want[i].Text)
	}
	f.exec(`COMMIT`)
	f.close()
	path := filepath.Join(t.TempDir(), "parley.db")

	// Each child gets a little further: it is killed in the midst of its fourth commit, or before it begins another one.
	for range 3 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), crashSource+"="+f.path, crashStore+"="+path)
		child.Stderr = os.Stderr
		in, err := child.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 3 {
			lines.Scan()
			if _, err := in.Write([]byte{'.'}); err != nil {
				t.Errorf("the child has ended, saying %q: %v", lines.Text(), err)
			}
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it was killed
	}

	s := openStore(t, store.Config{Path: path})
	report := f.run(s)
	if report.Messages.Before < messages/4 || report.Messages.Came == 0 || report.Messages.Before+report.Messages.Came != messages {
		t.Errorf("messages %+v, want some of both and %d in all", report.Messages, messages)
	}
	if diff := cmp.Diff(content(t, s), map[string][]said{"lobby": want}); diff != "" {
		t.Error(diff)
	}
}
