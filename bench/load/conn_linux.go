package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"syscall"
	"time"
	"unsafe"
)

// A Conn is one raw connection to a server on this machine. Until it is added to a Loop its methods block.
type Conn struct {
	Name string        // for errors
	Took time.Duration // from the last Call to its whole answer

	fd       int
	kept     []byte // has arrived and was not taken yet
	loop     *Loop
	receiver Receiver
	calls    int // that were made before
}

// handTime is how long a handshake and a call before the load may take.
const handTime = 30 * time.Second

// Dial connects to an IPv4 address of this machine, "127.0.0.1:8000".
func Dial(address string) (*Conn, error) {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().Is4() || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("load: %q is no IPv4 loopback address with a port", address)
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("load: socket: %w", err)
	}
	limit := syscall.NsecToTimeval(handTime.Nanoseconds())
	err = errors.Join(
		syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &limit),
		syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_SNDTIMEO, &limit),
		syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1),
	)
	c := &Conn{Name: address, fd: fd}
	if err == nil {
		err = c.connect(&syscall.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()})
	}
	if err != nil {
		_ = syscall.Close(fd)
		return nil, fmt.Errorf("load: connecting to %s: %w", address, err)
	}
	return c, nil
}

// connect connects. One that a signal breaks in on goes on by itself, and ends when the socket can be written to.
func (c *Conn) connect(to *syscall.SockaddrInet4) error {
	err := syscall.Connect(c.fd, to)
	if !errors.Is(err, syscall.EINTR) {
		return err
	}
	if err := c.writable(); err != nil {
		return err
	}
	code, err := syscall.GetsockoptInt(c.fd, syscall.SOL_SOCKET, syscall.SO_ERROR)
	if err == nil && code != 0 {
		err = syscall.Errno(code)
	}
	return err
}

// Close closes the connection.
func (c *Conn) Close() { _ = syscall.Close(c.fd) }

// Write writes everything, and waits where it does not fit.
func (c *Conn) Write(b []byte) (n int, err error) {
	for n < len(b) {
		w, err := syscall.Write(c.fd, b[n:])
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			if err := c.writable(); err != nil {
				return n, err
			}
		case err != nil:
			return n, fmt.Errorf("load: %s: writing: %w", c.Name, err)
		default:
			n += w
		}
	}
	return n, nil
}

// writable waits until the socket takes something.
func (c *Conn) writable() error {
	for {
		if again, err := c.pollWrite(); !again || err != nil {
			return err
		}
	}
}

func (c *Conn) pollWrite() (again bool, err error) {
	const pollOut = 4
	wanted := struct {
		fd              int32
		events, revents int16
	}{int32(c.fd), pollOut, 0}
	timeout := syscall.NsecToTimespec(handTime.Nanoseconds())
	n, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&wanted)), 1, uintptr(unsafe.Pointer(&timeout)), 0, 0, 0)
	switch {
	case errno == syscall.EINTR:
		return true, nil
	case errno != 0:
		return false, fmt.Errorf("load: %s: poll: %w", c.Name, errno)
	case n == 0:
		return false, fmt.Errorf("load: %s: the server has taken nothing for %s", c.Name, handTime)
	}
	return false, nil
}

// fill reads more into kept, before the connection is in a loop.
func (c *Conn) fill() error {
	var b [16 << 10]byte
	for {
		n, err := syscall.Read(c.fd, b[:])
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			return fmt.Errorf("load: %s: no answer for %s", c.Name, handTime)
		case err != nil:
			return fmt.Errorf("load: %s: reading: %w", c.Name, err)
		case n == 0:
			return fmt.Errorf("load: %s: %w", c.Name, io.ErrUnexpectedEOF)
		}
		c.kept = append(c.kept, b[:n]...)
		return nil
	}
}

// Read reads what has arrived, before the connection is in a loop.
func (c *Conn) Read(b []byte) (int, error) {
	if len(c.kept) == 0 {
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(b, c.kept)
	c.kept = c.kept[n:]
	return n, nil
}

// Upgrade asks for a WebSocket at path, with further header lines.
func (c *Conn) Upgrade(path string, header ...string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", path, c.Name)
	for _, line := range header {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("\r\n")
	if _, err := c.Write(b.Bytes()); err != nil {
		return err
	}
	for {
		if end := bytes.Index(c.kept, []byte("\r\n\r\n")); end >= 0 {
			if !bytes.HasPrefix(c.kept, []byte("HTTP/1.1 101 ")) {
				return unexpected("no upgrade", c.kept)
			}
			c.kept = append([]byte(nil), c.kept[end+4:]...)
			return nil
		}
		if err := c.fill(); err != nil {
			return err
		}
	}
}

// Frame waits for the next text frame that wanted takes, before the connection is in a loop. The others are dropped.
func (c *Conn) Frame(wanted func(payload []byte) bool) ([]byte, error) {
	for {
		f, n, err := Next(c.kept)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			if err := c.fill(); err != nil {
				return nil, err
			}
			continue
		}
		payload := bytes.Clone(f.Payload)
		c.kept = c.kept[n:]
		switch {
		case f.Op == OpClose:
			return nil, unexpected("the server closes", payload)
		case f.Op == OpText && wanted(payload):
			return payload, nil
		}
	}
}

// Text sends a text frame.
func (c *Conn) Text(text []byte) error {
	_, err := c.Write(AppendFrame(nil, OpText, mask, text))
	return err
}

// mask is what all frames are masked with: the server must unmask whatever it is.
const mask = 0x37fa213d
