//go:build torture

package main

import (
	"os/exec"
	"regexp"
	"testing"
)

// TestTortureMatrix has the matrix find that everybody may do everything, which is the mistake that can be planted.
func TestTortureMatrix(t *testing.T) {
	out, err := exec.Command("go", "test", "-count=1", "-tags", "fault_can", "-run", "^TestAuthorizationMatrix$", ".").CombinedOutput()
	if err == nil {
		t.Fatalf("got green, want red:\n%s", out)
	}
	cells := len(regexp.MustCompile(`(?m)^ +--- FAIL: TestAuthorizationMatrix/[^/\n]+/[^/\n]+/[^/\n]+ `).FindAll(out, -1))
	t.Logf("%d cells are red", cells)
	if cells < 500 {
		t.Errorf("got %d red cells, want at least 500:\n%.4000s", cells, out)
	}
}
