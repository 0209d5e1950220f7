// Limit is the least that a chat server must do for a crowd of readers: it writes ready-made frames and does nothing else. It
// stores nothing, looks at no message, and knows how many were posted from the bytes that came. What the kernel takes
// for those writes is what no server gets below.
//
// It takes WebSockets at /read, which get a frame for every post, and at /post, whose every post is answered.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// settings are the flags.
type settings struct {
	Listen string `default:"127.0.0.1:0" help:"Where to listen. (${default})"`
	Mode   string `enum:"one,batched" default:"batched" help:"one: a write for each frame. batched: a write for everything that a connection is owed. (${default})"`
	Frame  int    `default:"180" help:"Bytes of a frame to a reader, its header included. (${default})"`
	Post   int    `required:"" help:"Bytes of a post, its header included."`
}

func main() {
	var s settings
	kong.Parse(&s, kong.Name("limit"), kong.Description("Writes ready-made frames to a crowd of readers."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "limit:", err)
		os.Exit(1)
	}
}
