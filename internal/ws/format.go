package ws

import (
	"parley/internal/chat"
	"parley/internal/live"
	"parley/internal/socket"
)

// Format is changes and values as text frames of JSON.
var Format live.Format = format{}

type format struct{}

func (format) AppendChange(dst []byte, c *chat.Change) []byte {
	if c.Silent() {
		return dst
	}
	return socket.AppendJSON(dst, c)
}

func (format) AppendValue(dst []byte, v *live.Value) []byte {
	return socket.AppendJSON(dst, v)
}
