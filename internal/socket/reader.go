package socket

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

const (
	// emptyFragments is how many frames without a payload one message may hold; the limit on its bytes bounds the others.
	emptyFragments = 1024
	// bodyStep is how much of a frame's payload is made room for at first; more as it arrives, so that a header which
	// promises much and keeps nothing costs little.
	bodyStep = 4 << 10
	// controlBytes is the longest payload of a control frame (RFC 6455, section 5.5).
	controlBytes = 125
)

// errClosed says that the peer has closed the connection in good order.
type errClosed struct{ code Code }

func (errClosed) Error() string { return "socket: closed by the peer" }

// errParted says that we have said goodbye already, and the peer goes on sending.
var errParted = errors.New("socket: the goodbye is said")

// A frameReader reads messages as RFC 6455 has them from a client: masked, fragmented or not, with control frames between.
type frameReader struct {
	r      *bufio.Reader
	limit  int  // bytes in a message
	binary bool // binary messages are understood

	controls interface{ ping(payload []byte) } // hears of pings
}

// A header is what a frame begins with.
type header struct {
	op     ws.OpCode
	fin    bool
	length int64
	mask   [4]byte
}

// next is the next whole message, text or binary; the payload is the caller's. It is no message, with op 0, where only
// control frames came and nothing is there to be read after them. Text is checked as it arrives, so that what
// is not UTF-8 ends the connection at once and not at the end of the message (RFC 6455, section 8.1). The error is a
// closing where the client is at fault and an errClosed where it has said goodbye.
func (f *frameReader) next() (op ws.OpCode, payload []byte, err error) {
	checked, empty := 0, 0 // bytes that are known to be UTF-8; fragments without a payload
	for {
		h, err := f.header()
		if err != nil {
			return 0, nil, err
		}
		if h.op.IsControl() {
			if err := f.control(h); err != nil {
				return 0, nil, err
			}
			if op == 0 && f.r.Buffered() == 0 {
				return 0, nil, nil
			}
			continue
		}
		if (op != 0) != (h.op == ws.OpContinuation) {
			return 0, nil, closing{Protocol, "a message may begin only where the one before has ended"}
		}
		if op == 0 {
			if op = h.op; op == ws.OpBinary && !f.binary {
				return 0, nil, closing{Unsupported, "only text messages are understood"}
			}
		}
		if h.length > int64(f.limit-len(payload)) {
			return 0, nil, closing{TooBig, "the message is too big"}
		}
		if h.length == 0 && !h.fin {
			if empty++; empty > emptyFragments {
				return 0, nil, closing{TooBig, "the message has too many fragments"}
			}
		}
		var text *int
		if op == ws.OpText {
			text = &checked
		}
		if payload, err = f.body(h, payload, text); err != nil {
			return 0, nil, err
		}
		if h.fin {
			if op == ws.OpText && checked < len(payload) {
				return 0, nil, notUTF8 // it ends within a character
			}
			return op, payload, nil
		}
	}
}

var (
	notUTF8      = closing{NotUTF8, "the message is not valid UTF-8"}
	brokenLength = closing{Protocol, "the length of a frame is broken"}
)

// header reads a frame's header and checks all that can be told from it alone (RFC 6455, section 5.2).
func (f *frameReader) header() (h header, err error) {
	b, err := f.r.Peek(2)
	if err != nil {
		return h, ended(b, err)
	}
	h.op, h.fin, h.length = ws.OpCode(b[0]&0x0f), b[0]&0x80 != 0, int64(b[1]&0x7f)
	switch {
	case b[0]&0x70 != 0:
		return h, closing{Protocol, "a reserved bit is set"}
	case h.op.IsReserved():
		return h, closing{Protocol, "the opcode is reserved"}
	case b[1]&0x80 == 0:
		return h, closing{Protocol, "a frame from a client must be masked"}
	case h.op.IsControl() && !h.fin:
		return h, closing{Protocol, "a control frame must not be fragmented"}
	case h.op.IsControl() && h.length > controlBytes:
		return h, closing{Protocol, "a control frame is too long"}
	}
	size := 6
	switch h.length {
	case 126:
		size = 8
	case 127:
		size = 14
	}
	if b, err = f.r.Peek(size); err != nil {
		return h, ended(b, err)
	}
	switch size {
	case 8:
		if h.length = int64(binary.BigEndian.Uint16(b[2:])); h.length < 126 {
			return h, brokenLength // fewer bytes could say it
		}
	case 14:
		if h.length = int64(binary.BigEndian.Uint64(b[2:])); h.length <= 0xffff { // or the highest bit is set
			return h, brokenLength
		}
	}
	copy(h.mask[:], b[size-4:])
	_, _ = f.r.Discard(size) // it is in the buffer
	return h, nil
}

// ended is why a header could not be read: a stream that ends within one ends in the middle.
func ended(got []byte, err error) error {
	if errors.Is(err, io.EOF) && len(got) > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}

// body appends a frame's payload, unmasked. If the message is text, checked is how much of it is known to be UTF-8.
func (f *frameReader) body(h header, payload []byte, checked *int) ([]byte, error) {
	start := len(payload)
	end := start + int(h.length)
	for len(payload) < end {
		have := len(payload)
		want := min(end, have+max(bodyStep, have-start))
		payload = slices.Grow(payload, want-have)[:want]
		n, err := f.r.Read(payload[have:])
		payload = payload[:have+n]
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		ws.Cipher(payload[have:], h.mask, have-start)
		if checked == nil {
			continue
		}
		valid, ok := validUTF8(payload[*checked:])
		if !ok {
			return nil, notUTF8
		}
		*checked += valid
	}
	return payload, nil
}

// validUTF8 reports whether p can be the beginning of valid UTF-8, and how many bytes of it are whole characters.
func validUTF8(p []byte) (n int, ok bool) {
	n = len(p)
	for i := n - 1; i >= 0 && i >= n-utf8.UTFMax+1; i-- {
		if utf8.RuneStart(p[i]) {
			if !utf8.FullRune(p[i:]) {
				n = i // the rest of the character may come
			}
			break
		}
	}
	return n, utf8.Valid(p[:n])
}

func (f *frameReader) control(h header) error {
	payload, err := f.body(h, make([]byte, 0, controlBytes), nil)
	if err != nil {
		return err
	}
	switch h.op {
	case ws.OpPing:
		f.controls.ping(payload)
	case ws.OpClose:
		return farewell(payload)
	}
	return nil
}

// farewell reads what a client's close frame says (RFC 6455, section 5.5.1).
func farewell(payload []byte) error {
	if len(payload) == 0 {
		return errClosed{ws.StatusNormalClosure}
	}
	if len(payload) == 1 {
		return closing{Protocol, "a close code has two bytes"}
	}
	code := Code(binary.BigEndian.Uint16(payload))
	switch {
	case !mayBeSent(code):
		return closing{Protocol, "that close code must not be sent"}
	case !utf8.Valid(payload[2:]):
		return closing{NotUTF8, "the reason is not valid UTF-8"}
	}
	return errClosed{code}
}

// mayBeSent reports whether an endpoint may send a close code: those of RFC 6455, section 7.4.1, those registered since
// (1012 to 1014), and those of libraries and applications.
func mayBeSent(code Code) bool {
	switch {
	case code >= 1000 && code <= 1003, code >= 1007 && code <= 1014, code >= 3000 && code <= 4999:
		return true
	}
	return false
}
