package socket

import (
	"crypto/sha1"
	"encoding/base64"
	"net"
	"net/http"
	"strings"
	"time"
)

// upgradeTime is how long the answer to an upgrade may take to send.
const upgradeTime = 10 * time.Second

// acceptGUID is what a server adds to a client's key to show that it speaks WebSocket (RFC 6455, section 1.3).
const acceptGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// challenge checks a request for an upgrade (RFC 6455, section 4.2.1) and is the key to answer. Where the request is no
// good one it answers with the HTTP error that says so, and ok is false.
func challenge(w http.ResponseWriter, r *http.Request) (key string, ok bool) {
	refuse := func(status int, text string) (string, bool) {
		http.Error(w, text, status)
		return "", false
	}
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		return refuse(http.StatusMethodNotAllowed, "A WebSocket is opened by GET.")
	}
	// An Upgrade of HTTP/1.0 counts as none (RFC 9110, section 7.8).
	if !r.ProtoAtLeast(1, 1) || !hasToken(r.Header, "Upgrade", "websocket") {
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		return refuse(http.StatusUpgradeRequired, "This address speaks WebSocket only.")
	}
	if !hasToken(r.Header, "Connection", "upgrade") {
		return refuse(http.StatusBadRequest, "The header Connection must name Upgrade.")
	}
	if version := r.Header.Values("Sec-WebSocket-Version"); len(version) != 1 || version[0] != "13" {
		w.Header().Set("Sec-WebSocket-Version", "13")
		return refuse(http.StatusUpgradeRequired, "The version of WebSocket must be 13.")
	}
	keys := r.Header.Values("Sec-WebSocket-Key")
	if len(keys) != 1 {
		return refuse(http.StatusBadRequest, "There must be one header Sec-WebSocket-Key.")
	}
	if nonce, err := base64.StdEncoding.DecodeString(keys[0]); err != nil || len(nonce) != 16 {
		return refuse(http.StatusBadRequest, "The header Sec-WebSocket-Key must be 16 bytes in base64.")
	}
	if r.ContentLength != 0 {
		// What follows the header would be read as frames; and it is not waited for.
		w.Header().Set("Connection", "close")
		return refuse(http.StatusBadRequest, "A request for a WebSocket has no body.")
	}
	return keys[0], true
}

// hasToken reports whether one of the comma-separated values of a header is the token, in upper or lower case. A version
// that follows it, as in websocket/13, is not ours.
func hasToken(h http.Header, name, token string) bool {
	for _, value := range h.Values(name) {
		for item := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.Trim(item, " \t"), token) {
				return true
			}
		}
	}
	return false
}

// hijack takes over the connection of a request whose challenge was good and answers it. pending is what the client has
// sent behind the request already.
func hijack(w http.ResponseWriter, key string) (conn net.Conn, pending []byte, err error) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "This connection cannot become a WebSocket.", http.StatusUpgradeRequired)
		return nil, nil, err
	}
	digest := sha1.Sum([]byte(key + acceptGUID))
	_ = conn.SetDeadline(time.Now().Add(upgradeTime))
	_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(digest[:]) + "\r\n\r\n") // Flush tells the error
	if err := rw.Flush(); err != nil {
		_ = conn.Close() // it is of no use
		return nil, nil, err
	}
	_ = conn.SetDeadline(time.Time{})
	peeked, _ := rw.Reader.Peek(rw.Reader.Buffered())
	return conn, append([]byte(nil), peeked...), nil
}
