package verify

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gobwas/ws"

	"parley/internal/chat"
)

const (
	dialTime = 5 * time.Second
	// answerTime is how long an answer may take before it is doubted.
	answerTime = 10 * time.Second
	// silentTime is how long a reader hears nothing at all before it connects anew: more than the server's pulse and pings.
	silentTime = 45 * time.Second
	// frameLimit is how long a frame from the server may be.
	frameLimit = 64 << 20
)

// A frame is whatever the server says on its socket or stream.
type frame struct {
	Re    int64           `json:"re"`
	OK    json.RawMessage `json:"ok"`
	Error *refusal        `json:"error"`
	Hello *struct {
		Epoch chat.Epoch `json:"epoch"`
		Me    *struct {
			User struct {
				ID   chat.UserID `json:"id"`
				Name string      `json:"name"`
			} `json:"user"`
			Rooms []entry `json:"rooms"`
		} `json:"me"`
	} `json:"hello"`
	Me *struct {
		Room *entry `json:"room"`
	} `json:"me"`
	Reset *Opened `json:"reset"`
	Change
}

// An entry is a room of one's own list, as it is told.
type entry struct {
	ID   chat.RoomID `json:"id"`
	Left bool        `json:"left"`
	Read *int64      `json:"read"` // nil where the entry says nothing of one's own part
}

// isChange reports whether the frame is a room's change, and not a value or an answer.
func (f *frame) isChange() bool { return f.Re == 0 && f.Room != 0 && f.Version != 0 }

// A refusal is an error as the server words it.
type refusal struct {
	Code    string `json:"code"`
	Field   string `json:"field"`
	Message string `json:"message"`
	Text    string `json:"text"`
	Version int64  `json:"version"`
}

func (r *refusal) Error() string { return r.Code + ": " + r.Message }

// passing reports whether the same may succeed later.
func (r *refusal) passing() bool {
	return r.Code == string(chat.Unavailable) || r.Code == string(chat.Internal) || r.Code == string(chat.RateLimited)
}

// kind is what it means that something was refused which may not be: rooms and messages are there once they were
// acknowledged.
func (r *refusal) kind() Kind {
	if r.Code == string(chat.NotFound) {
		return Lost
	}
	return Answer
}

// dial opens a line through an outlet.
func dial(ctx context.Context, o *Outlet, address string) (*Line, error) {
	if err := o.back(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return o.Plug(conn), nil
}

// A wireSocket is a WebSocket to the server, read by one goroutine at a time and written by one.
type wireSocket struct {
	line *Line
	r    *bufio.Reader
	text []byte
	end  func() bool // stops the watch that closes it with ctx
}

// dialSocket opens a WebSocket at a path. It is closed when ctx ends.
func dialSocket(ctx context.Context, o *Outlet, address, path, cookie string) (*wireSocket, error) {
	line, err := dial(ctx, o, address)
	if err != nil {
		return nil, err
	}
	header := http.Header{"Origin": {"http://" + address}}
	if cookie != "" {
		header.Set("Cookie", cookie)
	}
	_ = line.SetDeadline(time.Now().Add(answerTime))
	dialer := ws.Dialer{Header: ws.HandshakeHeaderHTTP(header)}
	early, _, err := dialer.Upgrade(line, &url.URL{Scheme: "ws", Host: address, Path: path})
	if err != nil {
		_ = line.Close()
		return nil, err
	}
	_ = line.SetDeadline(time.Time{})
	s := &wireSocket{line: line, r: bufio.NewReaderSize(line, 16<<10), end: context.AfterFunc(ctx, func() { _ = line.Close() })}
	if early != nil {
		// What came with the handshake, which is no more than what is buffered.
		first, _ := early.Peek(early.Buffered())
		s.r = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(bytes.Clone(first)), line), 16<<10)
	}
	return s, nil
}

func (s *wireSocket) close() {
	s.end()
	_ = s.line.Close()
}

// send sends one text frame.
func (s *wireSocket) send(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.write(ws.OpText, text)
}

func (s *wireSocket) write(op ws.OpCode, payload []byte) error {
	var mask [4]byte
	binary.LittleEndian.PutUint32(mask[:], rand.Uint32())
	frame := ws.MaskFrameInPlaceWith(ws.NewFrame(op, true, bytes.Clone(payload)), mask)
	bytes, err := ws.CompileFrame(frame)
	if err != nil {
		return err
	}
	_ = s.line.SetWriteDeadline(time.Now().Add(answerTime))
	_, err = s.line.Write(bytes)
	return err
}

// next is the next text, valid until the call after it. It answers pings.
func (s *wireSocket) next(patience time.Duration) ([]byte, error) {
	_ = s.line.SetReadDeadline(time.Now().Add(patience))
	s.text = s.text[:0]
	for {
		h, err := ws.ReadHeader(s.r)
		if err != nil {
			return nil, err
		}
		if h.Masked || h.Length > frameLimit {
			return nil, fmt.Errorf("a frame that a server may not send: %+v", h)
		}
		start := len(s.text)
		s.text = append(s.text, make([]byte, h.Length)...)
		payload := s.text[start:]
		if _, err := io.ReadFull(s.r, payload); err != nil {
			return nil, err
		}
		switch h.OpCode {
		case ws.OpText, ws.OpContinuation:
			if h.Fin {
				return s.text, nil
			}
			continue
		case ws.OpPing:
			if err := s.write(ws.OpPong, payload); err != nil {
				return nil, err
			}
		case ws.OpClose:
			_ = s.write(ws.OpClose, payload) // a server that goes away waits for it
			code, reason := ws.ParseCloseFrameData(payload)
			return nil, fmt.Errorf("closed with %d %s", code, reason)
		}
		s.text = s.text[:start]
	}
}

// read is the next frame.
func (s *wireSocket) read(patience time.Duration) (*frame, error) {
	text, err := s.next(patience)
	if err != nil {
		return nil, err
	}
	f := new(frame)
	if err := json.Unmarshal(text, f); err != nil {
		return nil, fmt.Errorf("not JSON: %.100q: %w", text, err)
	}
	return f, nil
}

// ask sends a verb and reads until its answer, into ok; a *refusal is an error.
func (s *wireSocket) ask(id int64, q map[string]any, ok any) error {
	q["id"] = id
	if err := s.send(q); err != nil {
		return err
	}
	until := time.Now().Add(answerTime)
	for {
		f, err := s.read(time.Until(until))
		switch {
		case err != nil:
			return err
		case f.Re != id:
			continue // what is my own, the list of rooms, or a room that is open
		case f.Error != nil:
			return f.Error
		}
		return json.Unmarshal(f.OK, ok)
	}
}

// A wireHTTP is one connection for requests, one after the other.
type wireHTTP struct {
	line *Line
	r    *bufio.Reader
	host string
	end  func() bool
}

// dialHTTP opens a connection for requests. It is closed when ctx ends.
func dialHTTP(ctx context.Context, o *Outlet, address string) (*wireHTTP, error) {
	line, err := dial(ctx, o, address)
	if err != nil {
		return nil, err
	}
	return &wireHTTP{
		line: line, r: bufio.NewReaderSize(line, 16<<10), host: address,
		end: context.AfterFunc(ctx, func() { _ = line.Close() }),
	}, nil
}

func (h *wireHTTP) close() {
	h.end()
	_ = h.line.Close()
}

// send writes a request and reads the head of its answer.
func (h *wireHTTP) send(method, path string, body []byte, header ...string) (*http.Response, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, h.host)
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", header[i], header[i+1])
		}
	}
	if body != nil {
		b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(body)
	_ = h.line.SetDeadline(time.Now().Add(answerTime))
	if _, err := h.line.Write(b.Bytes()); err != nil {
		return nil, err
	}
	return http.ReadResponse(h.r, &http.Request{Method: method})
}

// ask sends a request with a JSON body, if it has one, and reads a JSON answer: into ok, or as the refusal.
func (h *wireHTTP) ask(method, path string, patience time.Duration, body []byte, ok any, header ...string) error {
	if body != nil {
		header = append(header, "Content-Type", "application/json")
	}
	_ = h.line.SetReadDeadline(time.Now().Add(patience))
	response, err := h.send(method, path, body, header...)
	if err != nil {
		return err
	}
	_ = h.line.SetReadDeadline(time.Now().Add(patience))
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		r := new(refusal)
		if err := json.Unmarshal(text, r); err != nil || r.Code == "" {
			return fmt.Errorf("%s %s: %s", method, path, response.Status)
		}
		return r
	}
	return json.Unmarshal(text, ok)
}

// enter goes in by the front door and is the session's cookie.
func enter(ctx context.Context, o *Outlet, address, name, room string) (string, error) {
	h, err := dialHTTP(ctx, o, address)
	if err != nil {
		return "", err
	}
	defer h.close()
	form := url.Values{"username": {name}, "room": {room}}.Encode()
	response, err := h.send("POST", "/", []byte(form), "Content-Type", "application/x-www-form-urlencoded", "Connection", "close")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	cookies := response.Cookies()
	switch {
	case response.StatusCode == http.StatusSeeOther && len(cookies) == 1:
		return cookies[0].Name + "=" + cookies[0].Value, nil
	case response.StatusCode == http.StatusConflict:
		return "", errNameTaken
	}
	return "", fmt.Errorf("entering as %q: %s %.200s", name, response.Status, text)
}

// errNameTaken says that somebody has that name: a guest who was made by a request whose answer was lost.
var errNameTaken = errors.New("the name is taken")
