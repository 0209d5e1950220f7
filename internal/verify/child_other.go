//go:build !linux

package verify

import "syscall"

// childAttributes has nothing to ask for: only Linux ends a child with its parent.
func childAttributes() *syscall.SysProcAttr { return nil }

// threadsAre is for what takes a Disk, which there is on Linux only.
func threadsAre(int, string) (bool, error) { return false, ErrNoDisk }
