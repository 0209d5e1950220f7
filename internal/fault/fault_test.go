package fault_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"parley/internal/fault"
)

// TestNoTrace builds a program that has a point, without and with the tag.
func TestNoTrace(t *testing.T) {
	if fault.Enabled {
		t.Skip("this is a build with failpoints")
	}
	built := func(t *testing.T, args ...string) []byte {
		t.Helper()
		path := filepath.Join(t.TempDir(), "program")
		out, err := exec.Command("go", append(append([]string{"build", "-o", path}, args...), "./testdata/program")...).CombinedOutput()
		if err != nil {
			t.Fatalf("building: %v\n%s", err, out)
		}
		program, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return program
	}
	program := built(t)
	if !bytes.Contains(program, []byte("a program with a point")) {
		t.Fatal("the program does not hold its own text: this test would find nothing")
	}
	for _, trace := range []string{string(fault.Commit), string(fault.Migration), "internal/fault.Point", "PARLEY_FAULT"} {
		if bytes.Contains(program, []byte(trace)) {
			t.Errorf("a build without the tag holds %q", trace)
		}
	}
}

func TestOneMistakeAtMost(t *testing.T) {
	if out, err := exec.Command("go", "vet", "-tags", "fault_ack,fault_sync", ".").CombinedOutput(); err == nil {
		t.Errorf("two planted mistakes in one program: %s", out)
	}
}
