package load

import (
	"bytes"
	"fmt"
)

// A Reader follows one room and checks that it is given every version once and in order. Without a Room it only counts the
// text frames, for servers that have no versions.
type Reader struct {
	Room string // the room's id, "r7"

	// Seen, unless nil, is called for each frame with a message. It may keep nothing of it.
	Seen func(version int64, payload []byte)

	Frames  int64 // text frames with a change
	Bytes   int64 // of their payloads
	Others  int64 // frames without a change: values, what is the reader's own
	Version int64 // the last one
	prefix  []byte
}

// Receive is Receiver's.
func (r *Reader) Receive(c *Conn, b []byte) (taken int, err error) {
	if r.prefix == nil {
		r.prefix = []byte(`{"room":"` + r.Room + `","version":`)
	}
	for {
		f, n, err := Next(b[taken:])
		if n == 0 || err != nil {
			return taken, err
		}
		taken += n
		switch {
		case f.Op == OpText && r.Room == "":
			r.Frames++
			r.Bytes += int64(len(f.Payload))
			if r.Seen != nil {
				r.Seen(0, f.Payload)
			}
		case f.Op == OpText:
			if err := r.change(f.Payload); err != nil {
				return taken, err
			}
		default:
			if err := control(c, f); err != nil {
				return taken, err
			}
		}
	}
}

// change looks at one text frame.
func (r *Reader) change(payload []byte) error {
	if !bytes.HasPrefix(payload, r.prefix) {
		if bytes.HasPrefix(payload, []byte(`{"reset":`)) {
			return Broken(fmt.Sprintf("a reader that keeps up is reset: %.300s", payload))
		}
		r.Others++
		return nil
	}
	version, rest, ok := number(payload[len(r.prefix):])
	if !ok {
		return unexpected("a change without a version", payload)
	}
	if version != r.Version+1 {
		return Broken(fmt.Sprintf("after version %d of %s came %d: %s", r.Version, r.Room, version, fault(r.Version, version)))
	}
	r.Version = version
	r.Frames++
	r.Bytes += int64(len(payload))
	if r.Seen != nil {
		r.Seen(version, rest)
	}
	return nil
}

func fault(last, version int64) string {
	switch {
	case version == last:
		return "doubled"
	case version < last:
		return "out of order"
	default:
		return "lost"
	}
}

// control answers a ping; a goodbye is an error.
func control(c *Conn, f Frame) error {
	switch f.Op {
	case OpPing:
		_, err := c.Write(AppendFrame(nil, OpPong, mask, f.Payload))
		return err
	case OpClose:
		return unexpected("the server closes", f.Payload)
	}
	return nil
}

// A Sighting is one message as one reader saw it.
type Sighting struct {
	Key     Key
	Number  int64
	Version int64
}

// ParseSighting reads a message out of the frame of a change, from behind its version on. Changes of other things are none.
func ParseSighting(version int64, rest []byte) (s Sighting, ok bool) {
	rest, ok = after(rest, `,"message":{"number":`)
	if !ok {
		return s, false
	}
	s.Version = version
	if s.Number, rest, ok = number(rest); !ok {
		return s, false
	}
	const field = `"key":"`
	i := bytes.Index(rest, []byte(field))
	if i < 0 || len(rest) < i+len(field)+keySize {
		return s, false
	}
	s.Key, ok = ParseKey(rest[i+len(field) : i+len(field)+keySize])
	return s, ok
}
