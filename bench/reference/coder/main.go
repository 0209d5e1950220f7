// Coder is the loop that most chat servers are: whoever posts holds everybody else up while the message is written to one
// connection after the other, here with github.com/coder/websocket. It stores nothing. Readers connect to /read, posters to
// /post; a post makes one text message of the given size for every reader, and is answered when all have it.
//
// It is a module of its own, so that the product does not depend on what it is compared with.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/coder/websocket"
)

// A crowd is the connections of the readers.
type crowd struct {
	message []byte

	mu      sync.Mutex // held for a whole broadcast, so that all get the same order
	readers map[*websocket.Conn]struct{}
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "where to listen")
	size := flag.Int("message", 176, "bytes of a message to a reader, without its header")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	c := &crowd{message: bytes.Repeat([]byte("x"), *size), readers: map[*websocket.Conn]struct{}{}}
	web := &http.Server{Handler: http.HandlerFunc(c.serve)}
	go func() {
		<-ctx.Done()
		_ = web.Close()
	}()
	fmt.Printf("listening on %s\n", listener.Addr())
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

func (c *crowd) serve(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	if r.URL.Path != "/post" {
		c.mu.Lock()
		c.readers[conn] = struct{}{}
		c.mu.Unlock()
		defer c.leave(conn)
	}
	for {
		if _, _, err := conn.Read(r.Context()); err != nil {
			return
		}
		c.broadcast(r.Context())
		if err := conn.Write(r.Context(), websocket.MessageText, []byte(`{"ok":true}`)); err != nil {
			return
		}
	}
}

func (c *crowd) leave(conn *websocket.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.readers, conn)
}

func (c *crowd) broadcast(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.readers {
		_ = conn.Write(ctx, websocket.MessageText, c.message) // a reader that is gone is noticed by its own goroutine
	}
}
