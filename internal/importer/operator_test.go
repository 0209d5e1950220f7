package importer_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/importer"
)

// serve has the handler listen on a unix socket and returns a client that talks to it.
func serve(t *testing.T, s chat.Store) *http.Client {
	t.Helper()
	folder, err := os.MkdirTemp("", "sock") // short enough for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(importer.Route, importer.Handler(s))
	server := httptest.NewUnstartedServer(mux)
	server.Listener.Close()
	server.Listener = listener
	server.Start()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return &http.Client{Transport: transport}
}

func TestOperator(t *testing.T) {
	f := newFixture(t)
	f.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
		INSERT INTO ChatApp_message (sender, message, room_id) SELECT 'ana', i, 1 FROM n`)
	f.room("lobby")
	ask := func(client *http.Client, path string, progress func(importer.Progress)) (importer.Report, error) {
		return importer.Ask(context.Background(), client, "http://parley", path, progress)
	}

	t.Run("the command gets progress and the report that the server makes", func(t *testing.T) {
		s := newStore(t, nil)
		client := serve(t, s)
		t.Chdir(filepath.Dir(f.path))
		var seen []importer.Progress
		report, err := ask(client, "db.sqlite3", func(p importer.Progress) { seen = append(seen, p) })
		if err != nil {
			t.Fatal(err)
		}
		want := importer.Report{
			Path: f.path, Rooms: importer.RoomCounts{Made: 1}, Messages: importer.MessageCounts{Came: 1200}, Authors: 1,
		}
		if diff := cmp.Diff(report, want); diff != "" {
			t.Error(diff)
		}
		if len(seen) != 3 || seen[2] != (importer.Progress{Stage: "messages", Done: 1200, Total: 1200}) {
			t.Errorf("progress %v", seen)
		}
	})
	t.Run("an error keeps its kind and its sentence", func(t *testing.T) {
		_, err := ask(serve(t, newStore(t, nil)), "/nowhere/db.sqlite3", nil)
		e, ok := errors.AsType[*chat.Error](err)
		if !ok || e.Kind != chat.NotFound || e.Field != "path" || !strings.Contains(e.Message, "/nowhere/db.sqlite3") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a second import is refused while one runs, which stops when its client goes", func(t *testing.T) {
		gate := &gatedStore{Store: newStore(t, nil), entered: make(chan struct{}), open: make(chan struct{})}
		client := serve(t, gate)
		ctx, cancel := context.WithCancel(context.Background())
		first := make(chan error, 1)
		go func() {
			_, err := importer.Ask(ctx, client, "http://parley", f.path, nil)
			first <- err
		}()
		<-gate.entered
		if _, err := ask(client, f.path, nil); chat.KindOf(err) != chat.Conflict {
			t.Errorf("error %v, want conflict", err)
		}
		cancel()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want canceled", err)
		}
		close(gate.open)
		for {
			report, err := ask(client, f.path, nil)
			if chat.KindOf(err) == chat.Conflict {
				continue // the server has not noticed yet
			}
			if err != nil || report.Messages.Came+report.Messages.Before != 1200 {
				t.Errorf("error %v, the report is %+v", err, report)
			}
			break
		}
	})
	t.Run("what is no request is refused", func(t *testing.T) {
		client := serve(t, newStore(t, nil))
		for _, tc := range []struct{ body, says string }{
			{`{`, "bad_frame"},
			{`[]`, "bad_frame"},
			{`{"path":"db.sqlite3"}`, "is not absolute"},
			{`{}`, "is not absolute"},
			{`{"path":"` + strings.Repeat("x", 70<<10) + `"}`, "bad_frame"},
		} {
			response, err := client.Post("http://parley"+importer.Route, "application/json", strings.NewReader(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if !strings.Contains(string(body), tc.says) || strings.Count(string(body), "\n") != 1 {
				t.Errorf("%.40s is answered %q, want %q", tc.body, body, tc.says)
			}
		}
		response, err := client.Get("http://parley" + importer.Route)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("GET is answered %s", response.Status)
		}
	})
	t.Run("a server that breaks off is an error that says what to do", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"progress":{"stage":"rooms","done":1,"total":2}}`+"\n")
		}))
		defer server.Close()
		defer server.Client().CloseIdleConnections()
		_, err := importer.Ask(context.Background(), server.Client(), server.URL, f.path, nil)
		if err == nil || !strings.Contains(err.Error(), "run the import again") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a path that JSON cannot carry is refused", func(t *testing.T) {
		_, err := ask(http.DefaultClient, "a\xffb", nil)
		if chat.KindOf(err) != chat.Invalid {
			t.Errorf("error %v, want invalid", err)
		}
	})
}

// A gatedStore says when the first read or write comes and holds it until it is opened.
type gatedStore struct {
	chat.Store
	entered, open chan struct{}
}

func (s *gatedStore) Read(ctx context.Context, f func(chat.Snapshot) error) error {
	select {
	case s.entered <- struct{}{}:
	case <-s.open:
	}
	select {
	case <-s.open:
	case <-ctx.Done():
	}
	return s.Store.Read(ctx, f)
}
