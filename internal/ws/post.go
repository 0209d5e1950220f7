package ws

import (
	"context"
	"strconv"
	"time"

	"parley/internal/chat"
	"parley/internal/socket"
)

// post hands a message on to the store and returns: the answer follows when it is durable, and the next frame is read
// meanwhile. So no goroutine waits for a commit, and who sends several messages at once has them in one. An error is to be
// answered by the caller; nothing was handed on then.
func (s *session) post(c *socket.Conn, q *request) error {
	if s.typing != 0 {
		s.door.Logs.Typing(s.typing, s.user, false)
		s.typing = 0
	}
	c.Hold()
	err := s.door.Rooms.Submit(soon(), s.actor(), *q.Room, chat.Draft{Key: *q.Key, Text: *q.Text}, func(posted chat.Posted, err error) {
		if err != nil {
			c.Release(s.report(q, nil, err))
			return
		}
		var frame [96]byte // on the stack; an answer fits
		c.Release(appendPosted(frame[:0], q.ID, posted))
	})
	if err != nil {
		c.Release(nil)
	}
	return err
}

// appendPosted appends the answer to a post: what answer makes of it, without reflection, for it is made on the one
// goroutine that stores.
func appendPosted(dst []byte, id int64, p chat.Posted) []byte {
	return socket.AppendText(dst, func(dst []byte) []byte {
		dst = strconv.AppendInt(append(dst, `{"re":`...), id, 10)
		if p.Held != 0 {
			return append(strconv.AppendInt(append(dst, `,"ok":{"held":`...), p.Held, 10), "}}"...)
		}
		dst = strconv.AppendInt(append(dst, `,"ok":{"number":`...), p.Number, 10)
		dst = strconv.AppendInt(append(dst, `,"version":`...), p.Version, 10)
		return append(dst, "}}"...)
	})
}

// A deadline is a context that ends at a time and tells so when asked, without a timer or a goroutine to wait for it.
type deadline time.Time

// soon is the end of the time that a command has.
func soon() context.Context { return deadline(time.Now().Add(commandTime)) }

// Deadline is the time.
func (d deadline) Deadline() (time.Time, bool) { return time.Time(d), true }

// Done is nil: nobody is woken.
func (d deadline) Done() <-chan struct{} { return nil }

// Err is DeadlineExceeded once the time has come.
func (d deadline) Err() error {
	if time.Now().After(time.Time(d)) {
		return context.DeadlineExceeded
	}
	return nil
}

// Value is nil.
func (d deadline) Value(any) any { return nil }
