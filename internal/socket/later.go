package socket

// maxHeld is how many messages of one client may wait for their answers before its next one is read.
const maxHeld = 256

// Hold says that the message which the handler has now is answered later, by Release: the handler may return before, and
// the next message is read meanwhile. It waits while 256 answers are outstanding, and, as Send does, while the client leaves
// more than 256 KiB of answers unread. It is called by the handler only.
func (c *Conn) Hold() {
	c.mu.Lock()
	for c.held >= maxHeld || len(c.answers) > answerBytes && !c.closed && !c.last {
		c.drained.Wait()
	}
	c.held++
	c.mu.Unlock()
}

// Release ends one Hold with frames, the answer, or without one if frames are empty. It does not block or keep frames, and
// may be called from any goroutine. Each Hold is released once, also when the connection is gone.
func (c *Conn) Release(frames []byte) {
	c.mu.Lock()
	c.addLocked(frames)
	c.held--
	var bye *closing
	if c.held == 0 && !c.handling {
		bye = c.leaving
	}
	if c.held == 0 || c.held == maxHeld-1 {
		c.drained.Broadcast()
	}
	c.mu.Unlock()
	c.mark.Urge()
	if bye != nil {
		c.Close(bye.code, bye.reason)
	}
}

// Settle waits until everything that is held is released, so that what the handler sends next comes after it.
func (c *Conn) Settle() {
	c.mu.Lock()
	for c.held > 0 {
		c.drained.Wait()
	}
	c.mu.Unlock()
}
