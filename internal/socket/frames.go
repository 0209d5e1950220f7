package socket

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// maxFragments is how many frames one message may come in; the limit on a message's bytes does not bound empty frames.
const maxFragments = 1024

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
	Flood       Code = 4008                         // connect again later
	TooSlow     Code = 4009                         // connect again and resume
)

// A closing is why a connection is closed by us.
type closing struct {
	code   Code
	reason string
}

func (c closing) Error() string { return c.reason }

var (
	// errClosed says that the peer has closed the connection in good order.
	errClosed = errors.New("socket: closed by the peer")
	// errParted says that we have said goodbye already, and the peer goes on sending.
	errParted = errors.New("socket: the goodbye is said")
)

// AppendText appends a whole text frame with the payload that write appends, as a server sends it: unmasked.
func AppendText(dst []byte, write func([]byte) []byte) []byte {
	// The payload's length is not known yet; its header is at most 10 bytes. Leave 4, which is right for 126 bytes to
	// 64 KiB, and move the payload in the other cases.
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = write(dst)
	return shiftHeader(dst, start, ws.OpText)
}

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

// A frameReader reads messages as RFC 6455 has them from a client: masked, fragmented or not, with control frames between.
type frameReader struct {
	r     io.Reader
	limit int
	ping  func(payload []byte)
	pong  func()

	header [ws.MaxHeaderSize]byte
}

// next is the next whole message; the payload is the caller's. The error is a closing where the client is at fault and
// errClosed where it has said goodbye.
func (f *frameReader) next() (op ws.OpCode, payload []byte, err error) {
	state := ws.StateServerSide
	for fragments := 1; ; {
		h, err := ws.ReadHeaderBuffer(f.r, f.header[:0])
		if err != nil {
			if errors.Is(err, ws.ErrHeaderLengthMSB) || errors.Is(err, ws.ErrHeaderLengthUnexpected) {
				return 0, nil, closing{Protocol, "the length of a frame is broken"}
			}
			return 0, nil, err
		}
		if err := ws.CheckHeader(h, state); err != nil {
			return 0, nil, closing{Protocol, err.Error()}
		}
		if h.OpCode.IsControl() {
			if err := f.control(h); err != nil {
				return 0, nil, err
			}
			continue
		}
		if !state.Fragmented() {
			op = h.OpCode
		}
		if h.Length > int64(f.limit-len(payload)) {
			return 0, nil, closing{TooBig, "the message is too big"}
		}
		if payload, err = f.body(h, payload); err != nil {
			return 0, nil, err
		}
		if h.Fin {
			if op == ws.OpText && !utf8.Valid(payload) {
				return 0, nil, closing{NotUTF8, "the message is not valid UTF-8"}
			}
			return op, payload, nil
		}
		if fragments++; fragments > maxFragments {
			return 0, nil, closing{TooBig, "the message has too many fragments"}
		}
		state = state.Set(ws.StateFragmented)
	}
}

func (f *frameReader) body(h ws.Header, payload []byte) ([]byte, error) {
	start := len(payload)
	// h.Length is within the limit, so a lying header costs no more than that.
	payload = append(payload, make([]byte, h.Length)...)
	if _, err := io.ReadFull(f.r, payload[start:]); err != nil {
		return nil, err
	}
	ws.Cipher(payload[start:], h.Mask, 0)
	return payload, nil
}

func (f *frameReader) control(h ws.Header) error {
	payload, err := f.body(h, make([]byte, 0, ws.MaxControlFramePayloadSize))
	if err != nil {
		return err
	}
	switch h.OpCode {
	case ws.OpPing:
		f.ping(payload)
	case ws.OpPong:
		f.pong()
	case ws.OpClose:
		if len(payload) == 0 {
			return errClosed
		}
		code, reason := ws.ParseCloseFrameData(payload)
		if err := ws.CheckCloseFrameData(code, reason); err != nil {
			return closing{Protocol, err.Error()}
		}
		return errClosed
	}
	return nil
}
