package chat_test

import (
	"testing"

	"parley/internal/chat"
)

// TestCan holds the permission table against expectations written by hand: r read, s speak, j join, c create,
// d delete others' messages, n rename, o operate.
func TestCan(t *testing.T) {
	letters := map[chat.Verb]string{
		chat.Read: "r", chat.Speak: "s", chat.Join: "j", chat.Create: "c", chat.Rename: "n", chat.DeleteAny: "d", chat.Operate: "o",
	}
	for name, test := range map[string]struct {
		user chat.User
		want string
	}{
		"nobody":                    {chat.User{}, "r"},
		"a guest":                   {chat.User{ID: 1, Kind: chat.Guest}, "rsjcn"},
		"a member":                  {chat.User{ID: 1, Kind: chat.Account}, "rsjcn"},
		"a bot":                     {chat.User{ID: 1, Kind: chat.Bot}, "rsjcn"},
		"a script":                  {chat.User{ID: 1, Kind: chat.Script}, "rsj"},
		"an imported author":        {chat.User{ID: 1, Kind: chat.Imported}, ""},
		"a moderator":               {chat.User{ID: 1, Kind: chat.Account, Role: chat.Moderator}, "rsjcdn"},
		"an administrator":          {chat.User{ID: 1, Kind: chat.Account, Role: chat.Administrator}, "rsjcdno"},
		"an owner":                  {chat.User{ID: 1, Kind: chat.Account, Role: chat.Owner}, "rsjcdno"},
		"a deactivated owner":       {chat.User{ID: 1, Kind: chat.Account, Role: chat.Owner, Deactivated: true}, ""},
		"a script with a role":      {chat.User{ID: 1, Kind: chat.Script, Role: chat.Owner}, "rsj"},
		"an imported with a role":   {chat.User{ID: 1, Kind: chat.Imported, Role: chat.Owner}, ""},
		"a role without an account": {chat.User{Role: chat.Owner}, "r"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, verb := range chat.Verbs {
				letter := letters[verb]
				if letter == "" {
					t.Fatalf("the test has no letter for the verb %q", verb)
				}
				err := chat.Can(test.user, verb)
				if err == nil {
					got += letter
					continue
				}
				want := chat.Forbidden
				if test.user.ID == 0 {
					want = chat.Unauthenticated
				}
				if chat.KindOf(err) != want {
					t.Errorf("%s: got %v, want kind %s", verb, err, want)
				}
			}
			if got != test.want {
				t.Errorf("may %q, want %q", got, test.want)
			}
		})
	}
	t.Run("nobody may do anything in a room that is gone", func(t *testing.T) {
		owner := chat.User{ID: 1, Kind: chat.Account, Role: chat.Owner}
		for _, verb := range chat.Verbs {
			if err := chat.CanIn(owner, verb, chat.Room{Deleted: true}); chat.KindOf(err) != chat.NotFound {
				t.Errorf("%s: got %v, want not found", verb, err)
			}
		}
	})
}
