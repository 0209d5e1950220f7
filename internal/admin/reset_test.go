package admin_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parley/internal/admin"
	"parley/internal/chat"
)

func TestResetLink(t *testing.T) {
	w := newWorld(t)
	reset := func(p person) string { return "/admin/users/" + strings.TrimPrefix(p.ID.String(), "u") + "/reset" }
	// made is the token of the link on a page.
	made := func(a answer) string {
		t.Helper()
		found := regexp.MustCompile(`value="http://example\.com/-/reset\?token=([^"]+)"`).FindStringSubmatch(a.body)
		if found == nil {
			t.Fatalf("there is no link on the page: %s", a.body)
		}
		return found[1]
	}
	whose := func(token string) string {
		t.Helper()
		user, err := w.users.Resets(context.Background(), token)
		if err != nil {
			return string(chat.KindOf(err))
		}
		return user.Name
	}
	member := w.signUp("mia", chat.NoRole)
	t.Run("is made for a member and shown once", func(t *testing.T) {
		w.want("the user's page", w.get(w.administrator, "/admin/users/"+strings.TrimPrefix(member.ID.String(), "u")+"/"), http.StatusOK, "Make a link to a new one")
		w.want("the question", w.get(w.administrator, reset(member)), http.StatusOK, "Make a link")
		token := made(w.send(w.administrator, reset(member)))
		if got := whose(token); got != "mia" {
			t.Errorf("got a link for %q, want mia", got)
		}
		if w.get(w.administrator, reset(member)).has(token) {
			t.Error("the link is shown again")
		}
		if line := w.audit(1)[0]; !strings.Contains(line, "made a reset link for") || strings.Contains(line, token) {
			t.Errorf("got the line %q in the log", line)
		}
		if _, err := w.users.ResetPassword(context.Background(), token, "$argon2id$new"); err != nil {
			t.Fatal(err)
		}
		if got := whose(token); got != string(chat.NotFound) {
			t.Errorf("a link that was used is %q's", got)
		}
	})
	t.Run("an administrator makes none for an owner", func(t *testing.T) {
		w.want("the owner's", w.send(w.administrator, reset(w.owner)), http.StatusForbidden, "Only an owner")
		made(w.send(w.owner, reset(w.administrator)))
	})
	t.Run("nobody signs in as a guest", func(t *testing.T) {
		w.want("a guest's", w.send(w.administrator, reset(w.join("gudrun"))), http.StatusForbidden, "Nobody can sign in as gudrun")
	})
	t.Run("dies with the account's deactivation", func(t *testing.T) {
		token := made(w.send(w.administrator, reset(member)))
		_, err := w.admin.EditUser(context.Background(), w.owner.actor(), member.ID, chat.UserEdit{Name: "mia"}, chat.UserEdit{Name: "mia", Deactivated: true})
		check(t, err)
		_, err = w.admin.EditUser(context.Background(), w.owner.actor(), member.ID, chat.UserEdit{Name: "mia", Deactivated: true}, chat.UserEdit{Name: "mia"})
		check(t, err)
		if got := whose(token); got != string(chat.NotFound) {
			t.Errorf("the link is %q's still", got)
		}
	})
	t.Run("is made by the operator's command", func(t *testing.T) {
		operator := admin.Local(admin.NewOperator(w.admin, nil))
		link, err := admin.MakeResetLink(context.Background(), operator, "MIA")
		check(t, err)
		if got := whose(strings.TrimPrefix(link.Path, "/-/reset?token=")); got != "mia" || link.Name != "mia" {
			t.Errorf("got %+v for %q, want mia", link, got)
		}
		_, err = admin.MakeResetLink(context.Background(), operator, "nobody")
		if chat.KindOf(err) != chat.NotFound {
			t.Errorf("got %v, want NotFound", err)
		}
	})
	t.Run("a deleted account frees its address", func(t *testing.T) {
		check(t, w.store.Write(context.Background(), func(tx chat.Tx) error {
			return tx.PutEmail(chat.Email{User: member.ID, Address: "mia@example.org", Key: "mia@example.org", VerifiedAt: 1})
		}))
		_, err := w.admin.DeleteUsers(context.Background(), w.owner.actor(), []chat.UserID{member.ID}, false)
		check(t, err)
		if user, err := w.users.ByLogin(context.Background(), "mia@example.org"); chat.KindOf(err) != chat.NotFound {
			t.Errorf("got %v, %v, want nobody", user, err)
		}
	})
}
