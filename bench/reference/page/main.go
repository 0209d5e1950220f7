// Page is a bare net/http handler that writes one answer from memory, header and body, whatever it is asked: what a page costs
// when nothing has to be looked up or rendered.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// settings are the flags.
type settings struct {
	Listen string `default:"127.0.0.1:0" help:"Where to listen. (${default})"`
	Answer string `required:"" placeholder:"FILE" help:"The whole answer as it came from a server."`
}

func main() {
	var s settings
	kong.Parse(&s, kong.Name("page"), kong.Description("Serves one answer from memory."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "page:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	text, err := os.ReadFile(s.Answer)
	if err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(text)), nil)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	answer.Header.Del("Date")
	answer.Header.Del("Content-Length")
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return err
	}
	web := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		_, _ = w.Write(body) // a client that is gone wants no page
	})}
	go func() {
		<-ctx.Done()
		_ = web.Close()
	}()
	fmt.Printf("listening on %s\n", listener.Addr())
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
