package socket

import (
	"encoding/binary"
	"encoding/json"

	"github.com/gobwas/ws"
)

// A Code is a WebSocket close code: what the client is to do next. See docs/protocol.md.
type Code = ws.StatusCode

// The close codes that Parley sends.
const (
	GoingAway   Code = ws.StatusGoingAway // connect again at once
	Protocol    Code = ws.StatusProtocolError
	Unsupported Code = ws.StatusUnsupportedData // a binary message
	NotUTF8     Code = ws.StatusInvalidFramePayloadData
	TooBig      Code = ws.StatusMessageTooBig
	Internal    Code = ws.StatusInternalServerError // connect again later
	SignedOut   Code = 4001                         // sign in again
	Refused     Code = 4003                         // the room that the socket is for is closed to its user
	Flood       Code = 4008                         // connect again later
	TooSlow     Code = 4009                         // connect again and resume
)

// A closing is why a connection is closed by us.
type closing struct {
	code   Code
	reason string
}

func (c closing) Error() string { return c.reason }

// AppendText appends a whole text frame with the payload that write appends, as a server sends it: unmasked.
func AppendText(dst []byte, write func([]byte) []byte) []byte {
	// The payload's length is not known yet; its header is at most 10 bytes. Leave 4, which is right for 126 bytes to
	// 64 KiB, and move the payload in the other cases.
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = write(dst)
	return shiftHeader(dst, start, ws.OpText)
}

// AppendBinary appends a whole binary frame.
func AppendBinary(dst, payload []byte) []byte { return appendFrame(dst, ws.OpBinary, payload) }

// AppendJSON appends a whole text frame with v in it, a value of one of our own types: it must have a JSON form.
func AppendJSON(dst []byte, v any) []byte {
	return AppendText(dst, func(dst []byte) []byte {
		text, err := json.Marshal(v)
		if err != nil {
			panic("socket: " + err.Error())
		}
		return append(dst, text...)
	})
}

func shiftHeader(dst []byte, start int, op ws.OpCode) []byte {
	const room = 4
	n := len(dst) - start - room
	var header [10]byte
	header[0] = 0x80 | byte(op)
	size := 2
	switch {
	case n < 126:
		header[1] = byte(n)
	case n <= 0xffff:
		header[1] = 126
		binary.BigEndian.PutUint16(header[2:], uint16(n))
		size = 4
	default:
		header[1] = 127
		binary.BigEndian.PutUint64(header[2:], uint64(n))
		size = 10
	}
	switch {
	case size < room:
		copy(dst[start+size:], dst[start+room:])
		dst = dst[:len(dst)-(room-size)]
	case size > room:
		dst = append(dst, header[:size-room]...) // room for the longer header
		copy(dst[start+size:], dst[start+room:len(dst)-(size-room)])
	}
	copy(dst[start:], header[:size])
	return dst
}

// appendFrame appends a whole frame.
func appendFrame(dst []byte, op ws.OpCode, payload []byte) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = append(dst, payload...)
	return shiftHeader(dst, start, op)
}
