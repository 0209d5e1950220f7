package socket

import "syscall"

const (
	tcpNotsentLowat = 25 // TCP_NOTSENT_LOWAT of linux/tcp.h, which syscall does not name
	// unsentBytes is how much the kernel takes for a client beyond what the client's own window has room for. Its usual
	// answer is megabytes, for each client that does not read.
	unsentBytes = 32 << 10
)

// boundUnsent has the kernel take little for a client that does not read, however large its buffers may grow for one that does.
func boundUnsent(raw syscall.RawConn) {
	if raw == nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpNotsentLowat, unsentBytes) // other kinds of sockets have none
	})
}
