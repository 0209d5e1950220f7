package main

import (
	"net/http"
	"testing"
)

// TestHandshake is what /ws answers to those who do not ask as RFC 6455 says; internal/socket tests the rest.
func TestHandshake(t *testing.T) {
	h := start(t)
	ana := h.join("ana", "lobby")
	for method, want := range map[string]int{
		"GET": http.StatusUpgradeRequired, "HEAD": http.StatusMethodNotAllowed, "POST": http.StatusMethodNotAllowed,
		"PUT": http.StatusMethodNotAllowed, "DELETE": http.StatusMethodNotAllowed, "OPTIONS": http.StatusMethodNotAllowed,
	} {
		r, _ := ana.do(method, "/ws", nil, "Origin", h.url)
		if r.StatusCode != want || want == http.StatusMethodNotAllowed && r.Header.Get("Allow") != "GET" {
			t.Errorf("%s: got %s, Allow %q, want %d", method, r.Status, r.Header.Get("Allow"), want)
		}
	}
	if got := h.handshake("/ws", "Origin: "+h.url); got != http.StatusSwitchingProtocols {
		t.Errorf("a good one: got %d", got)
	}
	if got := h.handshake("/ws", "Upgrade: x, y", "Connection: keep-alive"); got != http.StatusSwitchingProtocols {
		t.Errorf("one of several protocols: got %d", got)
	}
}
