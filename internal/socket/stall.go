package socket

import (
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/gobwas/ws"
)

// A client that reads nothing holds what the kernel has taken for it, the frame that was begun, and its cursors. When it has
// taken nothing for the stall time, though something waits for it, it is told to come back: the frame that was begun is
// finished and the goodbye follows it, so that the client, when it reads again, finds whole frames, the code that says
// resume, and the end. All else is let go of: it lies in the store, where the client will go on by its position.
//
// defaultStall is the stall time. goodbyeTime is how long the goodbye then waits for its client to read.
const (
	defaultStall = 10 * time.Second
	goodbyeTime  = time.Minute
)

// A piece is frames that are being written: the first sent bytes of them are with the kernel.
type piece struct {
	frames []byte // begins with a frame
	sent   int
}

// remainder is the piece that is left when n bytes of frames were sent: from the frame on that was begun.
func remainder(frames []byte, n int) piece {
	start, _ := frameAt(frames, n)
	return piece{frames[start:], n - start}
}

// left is what was not sent yet.
func (p piece) left() []byte { return p.frames[p.sent:] }

// begun is what was not sent yet of the frame that was begun, nothing if none was.
func (p piece) begun() []byte {
	_, end := frameAt(p.frames, p.sent)
	return p.frames[p.sent:end]
}

// frameAt is where the frame that byte n lies in begins and ends, in a run of whole frames as a server sends them; n twice
// where no frame is begun, which is at the beginning of one.
func frameAt(frames []byte, n int) (start, end int) {
	for end < n {
		start = end
		end += frameSize(frames[start:])
	}
	if end == n {
		start = n
	}
	return start, end
}

// frameSize is the size of the frame that b begins with, as a server sends it: unmasked.
func frameSize(b []byte) int {
	switch n := int(b[1]); n {
	case 126:
		return 4 + int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		return 10 + int(binary.BigEndian.Uint64(b[2:]))
	default:
		return 2 + n
	}
}

// drain ends a flush that has to wait for its client, on a goroutine of its own.
func (c *Conn) drain(p piece, last, more bool) {
	err := c.write(&p, c.server.config.Stall)
	if c.raw != nil && errors.Is(err, os.ErrDeadlineExceeded) { // after that TLS cannot go on
		if !last {
			p = c.stalled(p)
			last, more = true, false
		}
		err = c.write(&p, goodbyeTime)
	}
	if err != nil {
		c.abort()
		return
	}
	c.finish(last, more)
}

// write writes what is left of a piece. The error is os.ErrDeadlineExceeded when the client takes nothing for the time given.
func (c *Conn) write(p *piece, stall time.Duration) error {
	for len(p.left()) > 0 {
		_ = c.net.SetWriteDeadline(time.Now().Add(stall))
		// Small pieces, so that a slow client that does read gets a new deadline for each.
		n, err := c.net.Write(p.left()[:min(len(p.left()), 16<<10)])
		p.sent += n
		if err != nil && (n == 0 || !errors.Is(err, os.ErrDeadlineExceeded)) {
			return err
		}
	}
	_ = c.net.SetWriteDeadline(time.Time{})
	return nil
}

// Stalled is how many connections were ended so far because their clients took nothing.
func (s *Server) Stalled() int64 { return s.stalls.Load() }

// stalled says goodbye to a client that takes nothing: no more is added for it, its cursors are closed, and what is left to
// send is the end of the frame that was begun, and the goodbye, which is another one if that was said already.
func (c *Conn) stalled(p piece) piece {
	goodbye := appendFrame(nil, ws.OpClose, ws.NewCloseFrameBody(TooSlow, tooSlow))
	c.server.stalls.Add(1)
	c.mu.Lock()
	if c.last && len(c.answers) > 0 {
		goodbye = lastFrame(c.answers)
	}
	c.last, c.answers = true, nil
	c.drained.Broadcast()
	c.mu.Unlock()
	_ = c.net.SetReadDeadline(time.Now()) // the handler is done with, though the goodbye waits
	return piece{frames: slices.Concat(p.begun(), goodbye)}
}

func lastFrame(frames []byte) []byte {
	for {
		size := frameSize(frames)
		if size == len(frames) {
			return frames
		}
		frames = frames[size:]
	}
}

const tooSlow = "too slow; connect again and resume"
