//go:build !linux

package socket

// wait leaves the waiting to the reading.
func (c *Conn) wait() error { return nil }
