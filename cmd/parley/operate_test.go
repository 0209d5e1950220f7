package main

import (
	"database/sql"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// TestOperate runs the operator's commands with and without a running server.
func TestOperate(t *testing.T) {
	for _, running := range []bool{false, true} {
		name := "while no server runs"
		if running {
			name = "while the server runs"
		}
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			h := (*host)(nil)
			if running {
				h = start(t, "--data", data)
			}
			ok := func(in, want string, args ...string) {
				t.Helper()
				code, out, errs := command(t, in, append(args, "--data", data)...)
				if code != 0 || !strings.Contains(out, want) {
					t.Fatalf("%v: got exit code %d, %q, %q; want %q", args, code, out, errs, want)
				}
			}
			bad := func(in, want string, args ...string) {
				t.Helper()
				code, _, errs := command(t, in, append(args, "--data", data)...)
				if code == 0 || !strings.Contains(errs, want) {
					t.Fatalf("%v: got exit code %d and %q, want an error with %q", args, code, errs, want)
				}
			}
			ok("", "Nobody", "admin", "list")
			ok("correct horse battery\n", "olga is owner", "admin", "create", "olga", "--password-stdin")
			ok("", "Password: ", "admin", "create", "adam")
			ok("", "adam\tadministrator", "admin", "list")
			bad("short\n", "password", "admin", "create", "ada", "--password-stdin")
			bad("", "called that", "admin", "create", "OLGA")
			bad("", "owner", "admin", "remove", "olga")
			bad("", "nobody", "admin", "password", "nobody")
			ok("", "cannot open", "admin", "remove", "adam")
			ok("another horse battery\n", "another password", "admin", "password", "olga", "--password-stdin")

			db := tutorialDatabase(t)
			ok("", "2 messages", "import", "django", db)
			ok("", "0 rooms and 0 messages came", "import", "django", db)
			bad("", "SQLite", "import", "django", "operate_test.go")
			if !running {
				h = startOwned(t, "--data", data)
			}
			p := h.nobody()
			status, _ := p.form("/-/sign-in", url.Values{"username": {"olga"}, "password": {"another horse battery"}, "next": {"/admin/"}})
			if r, body := p.do("GET", "/admin/", nil); status != http.StatusSeeOther || r.StatusCode != http.StatusOK {
				t.Errorf("signing in: %d; the admin site: %s %.200s", status, r.Status, body)
			}
			_, page := p.json("GET", "/api/v1/rooms/lobby/messages", "")
			if m := page.list("messages"); len(m) != 2 || m[0].str("text") != "hello <b>" || m[0].at("at") != nil {
				t.Errorf("imported: got %v", page)
			}
		})
	}
}

// tutorialDatabase makes a database as the tutorial's site has it.
func tutorialDatabase(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db.sqlite3")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Exec(`
		CREATE TABLE "ChatApp_room" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "room_name" varchar(255) NOT NULL);
		CREATE TABLE "ChatApp_message" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sender" varchar(255) NOT NULL,
			"message" text NOT NULL, "room_id" bigint NOT NULL REFERENCES "ChatApp_room" ("id") DEFERRABLE INITIALLY DEFERRED);
		CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL,
			"name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
		INSERT INTO django_migrations (app, name, applied) VALUES ('ChatApp', '0001_initial', '2024-01-02 03:04:05.678901');
		INSERT INTO ChatApp_room (room_name) VALUES ('lobby');
		INSERT INTO ChatApp_message (sender, message, room_id) VALUES ('ana', 'hello <b>', 1), ('ben', 'hello ana', 1);`)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
