// Package load is the bench's own client: raw sockets in one epoll loop, frames that are found and not decoded. It takes
// several million frames a second on one core, so that what is measured is the server.
//
// It is no client for anything else: it trusts the server on the other side and gives up on the first thing it does not expect.
package load

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The opcodes of frames, RFC 6455 section 5.2.
const (
	OpText  = 1
	OpClose = 8
	OpPing  = 9
	OpPong  = 10
)

// A Frame is one whole frame as a server sends it: final and unmasked.
type Frame struct {
	Op      byte
	Payload []byte // lies in the bytes that were scanned
}

var (
	errMasked     = errors.New("load: a frame from the server is masked")
	errFragmented = errors.New("load: a frame from the server is a fragment")
	errHuge       = errors.New("load: a frame from the server is longer than 1 GiB")
)

// maxFrame bounds a length that is read from a header.
const maxFrame = 1 << 30

// Next splits the first frame off b. n is how long it is with its header, 0 if b does not hold the whole of it yet.
func Next(b []byte) (f Frame, n int, err error) {
	if len(b) < 2 {
		return Frame{}, 0, nil
	}
	if b[1]&0x80 != 0 {
		return Frame{}, 0, errMasked
	}
	if b[0]&0x80 == 0 || b[0]&0x0f == 0 {
		return Frame{}, 0, errFragmented
	}
	start, size := 2, int(b[1])
	switch size {
	case 126:
		if len(b) < 4 {
			return Frame{}, 0, nil
		}
		start, size = 4, int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		if len(b) < 10 {
			return Frame{}, 0, nil
		}
		long := binary.BigEndian.Uint64(b[2:])
		if long > maxFrame {
			return Frame{}, 0, errHuge
		}
		start, size = 10, int(long)
	}
	n = start + size
	if len(b) < n {
		return Frame{}, 0, nil
	}
	return Frame{Op: b[0] & 0x0f, Payload: b[start:n:n]}, n, nil
}

// AppendFrame appends a whole frame as a client sends it: masked with the four bytes of mask.
func AppendFrame(dst []byte, op byte, mask uint32, payload []byte) []byte {
	dst = append(dst, 0x80|op)
	switch n := len(payload); {
	case n < 126:
		dst = append(dst, 0x80|byte(n))
	case n <= 0xffff:
		dst = append(dst, 0x80|126)
		dst = binary.BigEndian.AppendUint16(dst, uint16(n))
	default:
		dst = append(dst, 0x80|127)
		dst = binary.BigEndian.AppendUint64(dst, uint64(n))
	}
	dst = binary.BigEndian.AppendUint32(dst, mask)
	key := [4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}
	for i, c := range payload {
		dst = append(dst, c^key[i&3])
	}
	return dst
}

// number reads the digits that b begins with; rest is what follows them. Without a digit ok is false.
func number(b []byte) (n int64, rest []byte, ok bool) {
	i := 0
	for i < len(b) && b[i]-'0' <= 9 {
		n = n*10 + int64(b[i]-'0')
		i++
	}
	return n, b[i:], i > 0 && i < 19
}

// after is what follows a text at the beginning of b.
func after(b []byte, text string) ([]byte, bool) {
	if len(b) < len(text) || string(b[:len(text)]) != text {
		return nil, false
	}
	return b[len(text):], true
}

// Broken is an error that says which promise the server did not keep: a change that is lost, doubled or out of order, a post
// that is answered twice.
type Broken string

func (b Broken) Error() string { return string(b) }

// unexpected is the error for something that this package does not know.
func unexpected(what string, b []byte) error {
	return fmt.Errorf("load: %s: %.300q", what, b)
}
