package socket

import (
	"syscall"
	"unsafe"
)

// wait waits until there is something to read, or the connection has ended, without reading it. The error is that of a
// connection that was closed, or of a read deadline.
func (c *Conn) wait() error {
	if c.raw == nil {
		return nil // reading waits
	}
	return c.raw.Read(readable)
}

// readable looks at the first byte that can be read, and leaves it there. By the system's call alone, so that it fits on the
// smallest stack.
func readable(fd uintptr) bool {
	var first byte
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(&first)), 1,
		syscall.MSG_PEEK|syscall.MSG_DONTWAIT, 0, 0)
	return errno != syscall.EAGAIN
}
