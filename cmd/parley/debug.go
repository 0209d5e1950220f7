package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"os"
	"runtime"
	"runtime/debug"
	"time"
)

// listenDebug opens the debug address. Whoever can ask there sees the program's memory and can slow it
// down: only programs on this machine may.
func (c *serveCommand) listenDebug() (net.Listener, error) {
	listener, err := net.Listen("tcp", c.Debug)
	if err != nil {
		return nil, fmt.Errorf("--debug: %w", err)
	}
	address, err := netip.ParseAddrPort(listener.Addr().String())
	if err != nil || !address.Addr().IsLoopback() {
		_ = listener.Close()
		return nil, fmt.Errorf("--debug must be a loopback address, not %s", c.Debug)
	}
	return listener, nil
}

// debug serves the runtime's profiles at /debug/pprof/, and counts, on an address of their own until ctx ends.
func (s *server) debug(ctx context.Context, listener net.Listener) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/counts", s.counts)
	s.logger.InfoContext(ctx, "debugging", "address", listener.Addr().String())
	web := &http.Server{Handler: ownHost(mux), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	return serveUntil(ctx, web, listener, func() { _ = web.Close() }) // a profile that is being taken is not waited for
}

// ownHost refuses requests that name another host than this machine, as those of a page somewhere do whose name was made
// to point here.
func ownHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
			http.Error(w, "Ask by the loopback address.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// counts tells what the server holds now, in JSON. With ?gc=1 the heap is what is in use: garbage is collected, and what
// can be is given back to the system, first.
func (s *server) counts(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("gc") != "" {
		runtime.GC() // what has a finaliser, or lies in a pool, takes two
		debug.FreeOSMemory()
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	descriptors, _ := os.ReadDir("/proc/self/fd") // 0 where there is no such directory
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"goroutines":  runtime.NumGoroutine(),
		"descriptors": len(descriptors),
		"sockets":     s.sockets.Connections(),
		"stalled":     s.sockets.Stalled(), // since the start
		"logs_awake":  s.logs.Awake(),
		"heap":        memory.HeapAlloc, // bytes
		"stacks":      memory.StackInuse,
		"from_system": memory.Sys - memory.HeapReleased,
		"collections": memory.NumGC,
	})
}
