package socket

import (
	"bufio"
	"errors"
	"io"

	"github.com/gobwas/ws"
)

// ReadAll reads messages from r until the first error, for the fuzzer.
func ReadAll(r io.Reader, limit int) (messages [][]byte, pings int, err error) {
	count := pingCount(0)
	defer func() { pings = int(count) }()
	f := frameReader{r: bufio.NewReaderSize(r, 16), limit: limit, binary: true, controls: &count}
	for {
		var op ws.OpCode
		var message []byte
		if op, message, err = f.next(); err != nil {
			return messages, pings, err
		}
		if op == ws.OpText || op == ws.OpBinary {
			messages = append(messages, message)
		}
	}
}

type pingCount int

func (n *pingCount) ping([]byte) { *n++ }

// Blames reports whether an error of ReadAll puts the blame on the client.
func Blames(err error) bool {
	_, ours := errors.AsType[closing](err)
	_, theirs := errors.AsType[errClosed](err)
	return ours || theirs
}

// Tidier asks a new tidier after each interval, in which so many connections were opened, whether it is due.
func Tidier(opened ...int64) (due []bool) {
	var t tidier
	var all int64
	for _, n := range opened {
		all += n
		due = append(due, t.due(all))
	}
	return due
}
