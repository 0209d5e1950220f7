// Echo sends every WebSocket message back as it came, text and binary, by the same code that carries Parley's sockets: for
// conformance suites and for measuring that code alone. A message may have 16 MiB. Any path is taken, and any Origin.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"parley/internal/live"
	"parley/internal/socket"
)

const (
	// messageLimit is how many bytes a message may have.
	messageLimit = 16 << 20
	// stallTime is long, so that a client may send much before it reads.
	stallTime   = time.Minute
	goodbyeTime = 5 * time.Second
	headerTime  = 10 * time.Second
)

// settings are the flags.
type settings struct {
	Listen string `default:"127.0.0.1:9001" placeholder:"ADDRESS" help:"Where to listen. (${default})"`
}

func main() {
	var s settings
	kong.Parse(&s, kong.Name("echo"), kong.Description("Sends every WebSocket message back, by the code of Parley's sockets."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", s.Listen)
	if err == nil {
		err = serve(ctx, listener, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "echo:", err)
		os.Exit(1)
	}
}

// serve echoes on a listener until ctx ends, and says goodbye to the connections then.
func serve(ctx context.Context, listener net.Listener, out io.Writer) error {
	logger := slog.New(slog.DiscardHandler)
	writer := live.NewWriter()
	sockets := socket.New(socket.Config{Logs: live.New(nil), Writer: writer, Logger: logger, Frame: messageLimit, Stall: stallTime})
	web := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sockets.Upgrade(w, r, nil, live.Who{}, echo{})
		}),
		ReadHeaderTimeout: headerTime,
	}
	// The writer ends after the sockets, whose goodbyes it sends.
	writing, endWriting := context.WithCancel(context.WithoutCancel(ctx))
	defer endWriting()
	var last, first errgroup.Group
	last.Go(func() error { return writer.Run(writing) })
	first.Go(func() error { return sockets.Run(ctx, goodbyeTime) })
	first.Go(func() error {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	first.Go(func() error {
		<-ctx.Done()
		return web.Close() // upgraded connections are the sockets', not closed by this
	})
	fmt.Fprintf(out, "listening on %s\n", listener.Addr())
	err := first.Wait()
	endWriting()
	return errors.Join(err, last.Wait())
}

// echo is a connection's side of the protocol: there is none. It has no cursors that could fall behind.
type echo struct{}

func (echo) Opened(*socket.Conn)               {}
func (echo) Closed(*socket.Conn)               {}
func (echo) CatchUp(*socket.Conn, live.Behind) {}

// Message sends a text back.
func (echo) Message(c *socket.Conn, text []byte) {
	c.Send(socket.AppendText(make([]byte, 0, len(text)+16), func(dst []byte) []byte { return append(dst, text...) }))
}

// Binary sends bytes back.
func (echo) Binary(c *socket.Conn, data []byte) {
	c.Send(socket.AppendBinary(make([]byte, 0, len(data)+16), data))
}
