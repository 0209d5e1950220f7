package verify

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"parley/internal/chat"
)

// A follower reads all rooms by cursors, and begins a new connection where the one before was cut.
type follower struct {
	run    *torture
	name   string
	reader *Reader
	outlet *Outlet
	kind   string
}

// ways are how followers read, in turns: the socket, the stream of server-sent events, the long poll.
var ways = []string{"socket", "socket", "stream", "poll"}

func (t *torture) newFollower(n int) *follower {
	f := &follower{run: t, kind: ways[n%len(ways)], outlet: t.readers[n]}
	f.name = fmt.Sprintf("%s %d", f.kind, n+1)
	f.reader = t.checker.NewReader(f.name)
	return f
}

// work goes on until ctx ends.
func (f *follower) work(ctx context.Context) error {
	read := map[string]func(context.Context, string) error{"socket": f.socket, "stream": f.stream, "poll": f.poll}[f.kind]
	for times := 0; ctx.Err() == nil; times++ {
		address, err := f.run.child.Up(ctx)
		if err != nil {
			return nil
		}
		if err := read(ctx, address); err == nil || ctx.Err() != nil {
			continue
		} else if wrong, ok := errors.AsType[*refusal](err); ok && !wrong.passing() {
			f.run.checker.Violate(wrong.kind(), "%s was refused: %v", f.name, wrong)
		}
		if err := rest(ctx, 5*time.Millisecond); err != nil {
			return nil
		}
	}
	return nil
}

// socket follows over /ws until the connection ends.
func (f *follower) socket(ctx context.Context, address string) error {
	s, err := dialSocket(ctx, f.outlet, address, "/ws", "")
	if err != nil {
		return err
	}
	defer s.close()
	hello, err := s.read(answerTime)
	if err != nil {
		return err
	}
	if hello.Hello == nil {
		return errors.New("the server said something before hello")
	}
	epoch := hello.Hello.Epoch
	f.run.checker.Epoch(epoch)
	asked, resumes := map[int64]Asked{}, int64(0)
	for i, room := range f.run.rooms {
		q := map[string]any{"id": i + 1, "do": "open", "room": room}
		from, placed := f.reader.Position(room)
		if placed {
			q["at"] = from
			resumes = 1
		}
		asked[int64(i+1)] = f.run.checker.Ask(room, from)
		if err := s.send(q); err != nil {
			return err
		}
	}
	f.run.tally.resumes.Add(resumes)
	for {
		frame, err := s.read(silentTime)
		if err != nil {
			return err
		}
		f.run.tally.frames.Add(1)
		switch {
		case frame.Error != nil:
			return frame.Error
		case frame.Re != 0:
			var o Opened
			if err := json.Unmarshal(frame.OK, &o); err != nil {
				return err
			}
			if !f.opened(asked[frame.Re], o) {
				return nil
			}
		case frame.Reset != nil:
			f.run.tally.resets.Add(1)
			f.reader.Reset(*frame.Reset)
		case frame.isChange():
			f.reader.Change(epoch, frame.Change)
		}
	}
}

func (f *follower) opened(asked Asked, o Opened) bool {
	if o.Reset && asked.from.Epoch != "" {
		f.run.tally.resets.Add(1)
	}
	return f.reader.Opened(asked, o)
}

// places are where the follower stands, as the routes of HTTP take them, and the epoch of it.
func (f *follower) places() (query string, epoch chat.Epoch) {
	entries := make([]string, 0, len(f.run.rooms))
	for _, room := range f.run.rooms {
		entry := room.String()
		if at, placed := f.reader.Position(room); placed {
			entry += fmt.Sprint(":", at.Version)
			epoch = at.Epoch
		}
		entries = append(entries, entry)
	}
	values := url.Values{"at": {strings.Join(entries, ",")}}
	if epoch != "" {
		values.Set("epoch", string(epoch))
	}
	return "/api/v1/changes?" + values.Encode(), epoch
}

// stream follows by server-sent events until the connection ends.
func (f *follower) stream(ctx context.Context, address string) error {
	h, err := dialHTTP(ctx, f.outlet, address)
	if err != nil {
		return err
	}
	defer h.close()
	path, epoch := f.places()
	if epoch != "" {
		f.run.tally.resumes.Add(1)
	}
	response, err := h.send("GET", path, nil, "Accept", "text/event-stream")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 4096))
		return fmt.Errorf("the stream was answered with %s %s", response.Status, text)
	}
	lines := bufio.NewReaderSize(response.Body, 16<<10)
	for {
		_ = h.line.SetReadDeadline(time.Now().Add(silentTime))
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err // a line that was cut off is not looked at
		}
		data, ok := bytes.CutPrefix(line, []byte("data: "))
		if !ok {
			continue
		}
		var frame frame
		if err := json.Unmarshal(data, &frame); err != nil {
			f.run.checker.Violate(Answer, "%s was given an event that is not JSON: %.100q", f.name, data)
			return err
		}
		f.run.tally.frames.Add(1)
		switch {
		case frame.Hello != nil:
			epoch = frame.Hello.Epoch
			f.run.checker.Epoch(epoch)
		case frame.Reset != nil:
			f.run.tally.resets.Add(1)
			f.reader.Reset(*frame.Reset)
		case frame.isChange():
			f.reader.Change(epoch, frame.Change)
		}
	}
}

// poll follows by long polls on one connection until it ends.
func (f *follower) poll(ctx context.Context, address string) error {
	h, err := dialHTTP(ctx, f.outlet, address)
	if err != nil {
		return err
	}
	defer h.close()
	for first := true; ctx.Err() == nil; first = false {
		path, epoch := f.places()
		if first && epoch != "" {
			f.run.tally.resumes.Add(1)
		}
		var answer struct {
			Changes []Change `json:"changes"`
			Resets  []Opened `json:"resets"`
		}
		if err := h.ask("GET", path, silentTime, nil, &answer); err != nil {
			return err
		}
		for _, o := range answer.Resets {
			f.run.tally.frames.Add(1)
			f.run.tally.resets.Add(1)
			f.reader.Reset(o)
		}
		for _, change := range answer.Changes {
			f.run.tally.frames.Add(1)
			f.reader.Change(epoch, change)
		}
	}
	return nil
}
