package main

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/gobwas/ws"
)

// TestPipeline sends everything without waiting for an answer: posts are read while those before them are on their way to the
// disk, and yet each frame is answered once, in the order of the frames, and sees what the frames before it did.
func TestPipeline(t *testing.T) {
	h := start(t, "--limits", "off")
	w, _ := h.join("ana", "lobby").socket()
	const posts = 600 // more than are held at once
	var frames []string
	add := func(format string, args ...any) {
		frames = append(frames, fmt.Sprintf(`{"id":%d,`, len(frames)+1)+fmt.Sprintf(format, args...)+`}`)
	}
	for i := range posts {
		add(`"do":"post","room":"lobby","key":"k%d","text":"%d"`, i, i)
		switch i {
		case 100:
			add(`"do":"post","room":"lobby","key":"bad key","text":"x"`)
		case 200:
			add(`"do":"post","room":"lobby","key":"k7","text":"7"`)
		case 300:
			add(`"do":"edit","room":"lobby","number":301,"version":%d,"text":"edited"`, 302+1) // ana's join was the room's second change
		case 400:
			add(`"do":"history","room":"lobby","limit":1`)
		case 500:
			add(`"do":"nonsense"`)
		}
	}
	var all bytes.Buffer
	for _, f := range frames {
		_ = ws.WriteFrame(&all, ws.MaskFrame(ws.NewTextFrame([]byte(f)))) // to memory
	}
	sent := make(chan error, 1)
	go func() {
		_, err := w.conn.Write(all.Bytes())
		sent <- err
	}()
	number := int64(0)
	for id := 1; id <= len(frames); id++ {
		got, err := w.read()
		if err != nil {
			t.Fatal(err)
		}
		if got.int("re") != int64(id) {
			t.Fatalf("got %v, want the answer to frame %d, %s", got, id, frames[id-1])
		}
		switch id {
		case 102:
			wantError(t, got, "invalid", "key")
		case 203:
			if got.int("ok.number") != 8 {
				t.Errorf("a repeated key: got %v, want number 8", got)
			}
		case 304:
			if got.int("ok.version") != 304 {
				t.Errorf("an edit behind its post: got %v, want version 304", got)
			}
		case 405:
			if page := got.list("ok.messages"); len(page) != 1 || page[0].str("text") != "400" {
				t.Errorf("history behind a post: got %v, want the message 400", got)
			}
		case 506:
			wantError(t, got, "unknown_verb", "do")
		default:
			if number++; got.int("ok.number") != number {
				t.Fatalf("got %v, want number %d", got, number)
			}
		}
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}
