package socket_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestHandshake sends requests for an upgrade as RFC 6455, section 4.2.1, and RFC 9110, section 7.8, allow and forbid them.
func TestHandshake(t *testing.T) {
	address := startMirror(t)
	const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
	good := []string{"Host: a", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", key}
	for name, test := range map[string]struct {
		request string            // "GET / HTTP/1.1" if empty
		instead map[string]string // header lines by name; "" leaves one out
		also    []string
		status  int
		header  string // a line of the answer
	}{
		"good":                                  {status: 101, header: "Sec-Websocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}, // the example of RFC 6455
		"in other letters":                      {instead: map[string]string{"Upgrade": "WebSocket", "Connection": "upgrade"}, status: 101},
		"one protocol of several":               {instead: map[string]string{"Upgrade": "websocket, x"}, status: 101},
		"the last of several":                   {instead: map[string]string{"Upgrade": "h2c , websocket"}, status: 101},
		"the last of several lines":             {instead: map[string]string{"Upgrade": "h2c"}, also: []string{"Upgrade: websocket"}, status: 101},
		"with keep-alive":                       {instead: map[string]string{"Connection": "keep-alive, Upgrade"}, status: 101},
		"with keep-alive in a line":             {instead: map[string]string{"Connection": "keep-alive"}, also: []string{"Connection: Upgrade"}, status: 101},
		"with extensions and protocols":         {also: []string{"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits", "Sec-WebSocket-Protocol: chat"}, status: 101},
		"of HTTP/1.0":                           {request: "GET / HTTP/1.0", status: 426, header: "Upgrade: websocket"},
		"by POST":                               {request: "POST / HTTP/1.1", also: []string{"Content-Length: 0"}, status: 405, header: "Allow: GET"},
		"by HEAD":                               {request: "HEAD / HTTP/1.1", status: 405},
		"without Host":                          {instead: map[string]string{"Host": ""}, status: 400},
		"without Upgrade":                       {instead: map[string]string{"Upgrade": ""}, status: 426, header: "Upgrade: websocket"},
		"for another protocol":                  {instead: map[string]string{"Upgrade": "websockets"}, status: 426},
		"for a version of the protocol":         {instead: map[string]string{"Upgrade": "websocket/13"}, status: 426},
		"without Connection":                    {instead: map[string]string{"Connection": ""}, status: 400},
		"with a Connection that does not agree": {instead: map[string]string{"Connection": "keep-alive"}, status: 400},
		"without a version":                     {instead: map[string]string{"Sec-WebSocket-Version": ""}, status: 426, header: "Sec-Websocket-Version: 13"},
		"of version 8":                          {instead: map[string]string{"Sec-WebSocket-Version": "8"}, status: 426, header: "Sec-Websocket-Version: 13"},
		"of version 013":                        {instead: map[string]string{"Sec-WebSocket-Version": "013"}, status: 426},
		"of two versions":                       {also: []string{"Sec-WebSocket-Version: 13"}, status: 426},
		"without a key":                         {instead: map[string]string{"Sec-WebSocket-Key": ""}, status: 400},
		"with two keys":                         {also: []string{key}, status: 400},
		"with a short key":                      {instead: map[string]string{"Sec-WebSocket-Key": "dGhlIHNhbXBsZQ=="}, status: 400},
		"with a long key":                       {instead: map[string]string{"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZXM="}, status: 400},
		"with a key of 24 letters":              {instead: map[string]string{"Sec-WebSocket-Key": "this is not base 64 !!!!"}, status: 400},
		"with a body":                           {also: []string{"Content-Length: 5"}, status: 400},
		"with a body in chunks":                 {also: []string{"Transfer-Encoding: chunked"}, status: 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := []string{test.request}
			if test.request == "" {
				lines[0] = "GET / HTTP/1.1"
			}
			for _, line := range good {
				field, _, _ := strings.Cut(line, ":")
				switch value, replaced := test.instead[field]; {
				case !replaced:
					lines = append(lines, line)
				case value != "":
					lines = append(lines, field+": "+value)
				}
			}
			lines = append(lines, test.also...)
			conn, response := ask(t, address, strings.Join(lines, "\r\n")+"\r\n\r\n")
			if response.StatusCode != test.status {
				t.Errorf("got %s, want %d", response.Status, test.status)
			}
			if field, want, _ := strings.Cut(test.header, ": "); test.header != "" && response.Header.Get(field) != want {
				t.Errorf("got %s: %q, want %q", field, response.Header.Get(field), want)
			}
			if response.StatusCode == http.StatusSwitchingProtocols {
				if extension := response.Header.Get("Sec-WebSocket-Extensions"); extension != "" {
					t.Errorf("got the extension %q, which is not spoken", extension)
				}
				_, _ = io.WriteString(conn, in(bye, goodbye(1000, "")))
			}
		})
	}
	t.Run("frames that come with it are answered", func(t *testing.T) {
		frames := in(txt, "first") + in(-txt, "sec") + in(ping, "1") + in(cont, "ond") + in(bye, goodbye(1001, ""))
		conn, _ := ask(t, address, upgradeRequest+frames)
		want := []string{"text first", "pong 1", "text second", "close 1001"}
		if got := received(conn); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// ask sends a request and reads the answer's header, and nothing behind it.
func ask(t *testing.T, address, request string) (net.Conn, *http.Response) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(oneByte{conn}, 16), nil)
	if err != nil {
		t.Fatal(err)
	}
	return conn, response
}
