//go:build !linux

package socket

import "syscall"

// boundUnsent leaves it to the kernel how much it takes for a client that does not read.
func boundUnsent(syscall.RawConn) {}
