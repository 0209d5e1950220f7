package socket_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/socket"
)

func TestTidier(t *testing.T) {
	got := socket.Tidier(0, 300, 300, 1, 0, 0, 499, 0, 1, 0, 0)
	want := []bool{false, false, false, false, true, false, false, false, false, true, false}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("memory is given back once, in the calm after many connections (-got +want):\n%s", diff)
	}
}
