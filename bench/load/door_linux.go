package load

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// A Guest is somebody who came in through the front door of a Parley server.
type Guest struct {
	Address string
	Name    string
	Cookie  string
}

// Enter has guests come in by the join page, each into its room: name and room by place. It is done by a few at a time.
func Enter(address string, count int, who func(i int) (name, room string)) ([]Guest, error) {
	guests := make([]Guest, count)
	err := Together(count, func(next func() (int, bool)) error {
		c, err := Dial(address)
		if err != nil {
			return err
		}
		defer c.Close()
		answers := bufio.NewReader(c)
		for i, ok := next(); ok; i, ok = next() {
			name, room := who(i)
			cookie, err := enter(c, answers, name, room)
			if err != nil {
				return err
			}
			guests[i] = Guest{Address: address, Name: name, Cookie: cookie}
		}
		return nil
	})
	return guests, err
}

func enter(c *Conn, answers *bufio.Reader, name, room string) (string, error) {
	form := url.Values{"username": {name}, "room": {room}}.Encode()
	head := "Content-Type: application/x-www-form-urlencoded"
	status, header, body, err := c.Ask(answers, "POST", "/", form, head, "Origin: http://"+c.Name)
	if err != nil {
		return "", err
	}
	if status != http.StatusSeeOther {
		return "", fmt.Errorf("load: %q does not get into %q: %d %.300s", name, room, status, body)
	}
	for _, cookie := range (&http.Response{Header: header}).Cookies() {
		return cookie.Name + "=" + cookie.Value, nil
	}
	return "", fmt.Errorf("load: %q got no session", name)
}

// Ask sends a request and reads its answer, before the connection is in a loop. answers reads from the connection.
func (c *Conn) Ask(answers *bufio.Reader, method, path, body string, header ...string) (int, http.Header, []byte, error) {
	lines := strings.Join(append(header, fmt.Sprintf("Content-Length: %d", len(body))), "\r\n")
	if _, err := fmt.Fprintf(c, "%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n%s", method, path, c.Name, lines, body); err != nil {
		return 0, nil, nil, err
	}
	response, err := http.ReadResponse(answers, nil)
	if err != nil {
		return 0, nil, nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, text, err
}

// workers is how many set things up at once.
const workers = 8

// Together does work for the places 0 to count-1, by a few goroutines that take the next place each; the first error ends it.
func Together(count int, work func(next func() (int, bool)) error) error {
	var mu sync.Mutex
	var failed error
	taken := 0
	next := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		taken++
		return taken - 1, taken <= count && failed == nil
	}
	var all sync.WaitGroup
	for range min(workers, count) {
		all.Go(func() {
			err := work(next)
			mu.Lock()
			defer mu.Unlock()
			if failed == nil {
				failed = err
			}
		})
	}
	all.Wait()
	return failed
}

// Socket opens the guest's socket and waits for the hello. A Guest without a cookie is nobody.
func (g Guest) Socket() (*Conn, error) {
	c, err := Dial(g.Address)
	if err != nil {
		return nil, err
	}
	header := []string{"Origin: http://" + g.Address}
	if g.Cookie != "" {
		header = append(header, "Cookie: "+g.Cookie)
	}
	if err = c.Upgrade("/ws", header...); err == nil {
		_, err = c.Frame(func(p []byte) bool { return bytes.HasPrefix(p, []byte(`{"hello":`)) })
	}
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("%s: %w", g.Name, err)
	}
	c.Name = g.Name
	return c, nil
}

// An Opened is what is read of the answer to "open".
type Opened struct {
	Room    string `json:"room"`
	Epoch   string `json:"epoch"`
	Version int64  `json:"version"`
	Number  int64  `json:"number"`
}

// Call sends a verb with its fields, before the connection is in a loop, and returns the "ok" of its answer.
func (c *Conn) Call(do string, fields map[string]any) (json.RawMessage, error) {
	c.calls++
	frame := map[string]any{"id": c.calls, "do": do}
	maps.Copy(frame, fields)
	text, err := json.Marshal(frame)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := c.Text(text); err != nil {
		return nil, err
	}
	begin := fmt.Appendf(nil, `{"re":%d,`, c.calls)
	payload, err := c.Frame(func(p []byte) bool { return bytes.HasPrefix(p, begin) })
	if err != nil {
		return nil, err
	}
	c.Took = time.Since(began)
	var answer struct {
		OK json.RawMessage `json:"ok"`
	}
	if err := json.Unmarshal(payload, &answer); err != nil || answer.OK == nil {
		return nil, unexpected(do+" is refused", payload)
	}
	return answer.OK, nil
}

// Open follows a room, by name or id, with a page of one message.
func (c *Conn) Open(room string) (opened Opened, err error) {
	ok, err := c.Call("open", map[string]any{"room": room, "limit": 1})
	if err != nil {
		return opened, err
	}
	return opened, json.Unmarshal(ok, &opened)
}

// Shut stops following a room.
func (c *Conn) Shut(room string) error {
	_, err := c.Call("close", map[string]any{"room": room})
	return err
}

// Room is the id of a room that the guest may read.
func (g Guest) Room(name string) (string, error) {
	c, err := g.Socket()
	if err != nil {
		return "", err
	}
	defer c.Close()
	opened, err := c.Open(name)
	return opened.Room, err
}

// Fetch is the whole answer to a GET, with its header, as it came.
func (g Guest) Fetch(path string) ([]byte, error) {
	c, err := Dial(g.Address)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var came bytes.Buffer
	status, _, _, err := c.Ask(bufio.NewReader(io.TeeReader(c, &came)), "GET", path, "", "Cookie: "+g.Cookie)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("load: %s: %d", path, status)
	}
	return came.Bytes(), err
}
