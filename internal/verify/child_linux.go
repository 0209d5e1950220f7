package verify

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// childAttributes has the kernel end the server when this program is killed itself.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// threadsAre reports whether every thread of a process is in one of some states: T is stopped, D in a system call that
// cannot be interrupted. See proc(5), /proc/pid/task/tid/stat.
func threadsAre(pid int, states string) (bool, error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(threads) == 0 {
		return false, fmt.Errorf("process %d has no threads: %w", pid, err)
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			continue // it has ended
		}
		// The state follows the name, which is in brackets and may have brackets itself.
		_, state, _ := bytes.Cut(stat[bytes.LastIndexByte(stat, ')')+1:], []byte(" "))
		if len(state) == 0 || !strings.Contains(states, string(state[:1])) {
			return false, nil
		}
	}
	return true, nil
}
