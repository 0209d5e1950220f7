package admin_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/admin"
	"parley/internal/auth"
	"parley/internal/chat"
)

// eachWay runs a test with the operator's commands over a unix socket and in the process.
func eachWay(t *testing.T, f func(t *testing.T, w *world, server admin.Doer, o *admin.Operator)) {
	t.Run("over a unix socket", func(t *testing.T) {
		w := newWorld(t)
		o := admin.NewOperator(w.admin, nil)
		folder, err := os.MkdirTemp("", "parley") // a unix socket's path must be short
		check(t, err)
		t.Cleanup(func() { os.RemoveAll(folder) })
		path := filepath.Join(folder, "s")
		listener, err := net.Listen("unix", path)
		check(t, err)
		server := &http.Server{Handler: o}
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(listener) }()
		t.Cleanup(func() {
			server.Close()
			<-ended
		})
		f(t, w, admin.Dial(path), o)
	})
	t.Run("in the process", func(t *testing.T) {
		w := newWorld(t)
		o := admin.NewOperator(w.admin, nil)
		f(t, w, admin.Local(o), o)
	})
}

func TestOperatorsCommands(t *testing.T) {
	eachWay(t, func(t *testing.T, w *world, server admin.Doer, _ *admin.Operator) {
		ctx := t.Context()
		refused := func(what string, err error, kind chat.Kind, field string) {
			t.Helper()
			e, ok := errors.AsType[*chat.Error](err)
			if !ok || e.Kind != kind || e.Field != field || e.Message == "" {
				t.Errorf("%s: got %#v, want %s for %q", what, err, kind, field)
			}
		}
		created, err := admin.Create(ctx, server, admin.Command{Name: " root ", Password: "a long password"})
		check(t, err)
		if created.Name != "root" || created.Role != chat.Administrator {
			t.Errorf("created %+v, want an administrator, since there is an owner", created)
		}
		user, err := w.users.ByName(ctx, "root")
		check(t, err)
		if right, err := auth.Verify(ctx, user.Password, "a long password"); !right || err != nil {
			t.Errorf("the password is not the one given: %v", err)
		}
		_, err = admin.Create(ctx, server, admin.Command{Name: "mel", Password: "a long password"})
		refused("a name that is taken", err, chat.NameTaken, "username")
		_, err = admin.Create(ctx, server, admin.Command{Name: "x", Password: "short"})
		refused("a bad password", err, chat.Invalid, "password")
		_, err = admin.Create(ctx, server, admin.Command{Name: "x"})
		refused("no password", err, chat.Missing, "password")
		_, err = admin.Create(ctx, server, admin.Command{Name: "a/b", Password: "a long password"})
		refused("a bad name", err, chat.Invalid, "username")
		_, err = admin.Create(ctx, server, admin.Command{Name: "x", Password: "a long password", Role: "moderator"})
		refused("a role that does not operate", err, chat.Invalid, "role")
		_, err = admin.Create(ctx, server, admin.Command{Name: "gus", Existing: true})
		refused("a guest", err, chat.NotFound, "username")

		raised, err := admin.Create(ctx, server, admin.Command{Name: "MEL", Role: chat.Owner, Existing: true})
		check(t, err)
		if raised.ID != w.member.ID || raised.Role != chat.Owner {
			t.Errorf("raised %+v, want mel to be an owner", raised)
		}
		w.want("mel is still signed in", w.get(w.member, "/admin/"), http.StatusOK)
		if _, err := admin.SetPassword(ctx, server, "mel", "another password"); err != nil {
			t.Fatal(err)
		}
		w.want("mel is signed out", w.get(w.member, "/admin/"), http.StatusSeeOther)
		_, err = admin.SetPassword(ctx, server, "nobody", "another password")
		refused("password of nobody", err, chat.NotFound, "username")
		if _, err := admin.Remove(ctx, server, "mel"); err != nil {
			t.Fatal(err)
		}
		_, err = admin.Remove(ctx, server, "mel")
		refused("removed twice", err, chat.NotFound, "username")
		_, err = admin.Remove(ctx, server, "olga")
		refused("the last owner", err, chat.Forbidden, "username")

		list, err := admin.List(ctx, server)
		check(t, err)
		var names []string
		for _, a := range list {
			names = append(names, a.Name+" "+string(a.Role))
		}
		if diff := cmp.Diff(names, []string{"olga owner", "adam administrator", "dora administrator", "root administrator"}); diff != "" {
			t.Errorf("list (-got +want):\n%s", diff)
		}
		if diff := cmp.Diff(w.audit(4), []string{
			`changed u4 mel role: "owner" → "none"`, "changed u4 mel new password", `changed u4 mel role: "none" → "owner"`,
			`added u7 root role: "none" → "administrator"`,
		}); diff != "" {
			t.Errorf("log (-got +want):\n%s", diff)
		}
		w.want("the log", w.get(w.owner, "/admin/log/?by=operator"), http.StatusOK, "4 lines", ">operator<")
	})
}

func TestFirstOneCreatedIsTheOwner(t *testing.T) {
	w := newWorld(t)
	check(t, w.store.Write(t.Context(), func(tx chat.Tx) error {
		u, err := tx.User(w.owner.ID)
		if err != nil {
			return err
		}
		u.Role = chat.NoRole
		return tx.UpdateUser(u)
	}))
	server := admin.Local(admin.NewOperator(w.admin, nil))
	first, err := admin.Create(t.Context(), server, admin.Command{Name: "root", Password: admin.NewPassword()})
	if err != nil || first.Role != chat.Owner {
		t.Errorf("got %+v, %v, want an owner", first, err)
	}
}

func TestOperatorAnswersOtherPartsCommands(t *testing.T) {
	eachWay(t, func(t *testing.T, _ *world, server admin.Doer, o *admin.Operator) {
		gone := make(chan struct{})
		o.Handle("POST /operator/import/other", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			io.WriteString(w, "got "+string(body)+"\n")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Errorf("Flush: %v", err)
			}
			<-r.Context().Done()
			close(gone)
		}))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, admin.Base+"/operator/import/other", strings.NewReader("a file"))
		check(t, err)
		response, err := server.Do(r)
		check(t, err)
		line := make([]byte, len("got a file\n"))
		if _, err := io.ReadFull(response.Body, line); err != nil || string(line) != "got a file\n" {
			t.Errorf("got %q, %v, want the first line while the command still runs", line, err)
		}
		response.Body.Close()
		<-gone // closing the body ends the command's context
	})
}

func TestOperatorRefusesWhatIsNoCommand(t *testing.T) {
	eachWay(t, func(t *testing.T, _ *world, server admin.Doer, _ *admin.Operator) {
		for _, tc := range []struct {
			method, path, body string
			status             int
		}{
			{http.MethodPost, "/operator/admins", "{", http.StatusBadRequest},
			{http.MethodPost, "/operator/admins", `{"name":7}`, http.StatusBadRequest},
			{http.MethodPost, "/operator/admins/password", strings.Repeat(" ", 70<<10), http.StatusBadRequest},
			{http.MethodGet, "/operator/nothing", "", http.StatusNotFound},
			{http.MethodGet, "/admin/", "", http.StatusNotFound},
			{http.MethodDelete, "/operator/admins", "", http.StatusMethodNotAllowed},
		} {
			r, err := http.NewRequestWithContext(t.Context(), tc.method, admin.Base+tc.path, strings.NewReader(tc.body))
			check(t, err)
			response, err := server.Do(r)
			check(t, err)
			response.Body.Close()
			if response.StatusCode != tc.status {
				t.Errorf("%s %s: got %d, want %d", tc.method, tc.path, response.StatusCode, tc.status)
			}
		}
	})
}
