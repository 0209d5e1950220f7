package chat_test

import (
	"slices"
	"strings"
	"testing"

	"parley/internal/chat"
)

// The letters that the expectations below name verbs by.
var letters = map[chat.Verb]string{
	chat.Read: "r", chat.Speak: "s", chat.Retract: "w", chat.Join: "j", chat.Leave: "l", chat.Mark: "k", chat.Report: "p",
	chat.Add: "a", chat.Invite: "i", chat.Remove: "x", chat.Silence: "q", chat.Appoint: "t", chat.DeleteAny: "d", chat.Approve: "v", chat.Review: "2",
	chat.Manage: "m", chat.Convert: "y", chat.Archive: "h", chat.Drop: "z", chat.Create: "c", chat.Enclose: "e", chat.Direct: "g",
	chat.Rename: "n", chat.Appear: "N", chat.Become: "b", chat.Meet: "f", chat.Moderate: "u", chat.Host: "1", chat.Operate: "o",
}

// may are the letters of what a standing allows, in the order of the alphabet.
func may(t *testing.T, s chat.Standing) string {
	t.Helper()
	var got []string
	for _, verb := range chat.Verbs() {
		if verb == chat.Anybody {
			continue
		}
		letter := letters[verb]
		if letter == "" {
			t.Fatalf("the test has no letter for the verb %q", verb)
		}
		if s.Can(verb) == nil {
			got = append(got, letter)
		}
	}
	slices.Sort(got)
	return strings.Join(got, "")
}

func TestCanOnTheServer(t *testing.T) {
	for name, test := range map[string]struct {
		user chat.User
		want string
	}{
		"nobody":                    {chat.User{}, "br"},
		"a guest":                   {chat.User{ID: 1, Kind: chat.Guest}, "Nbcfgjknrs"},
		"a member":                  {chat.User{ID: 1, Kind: chat.Account}, "Nbcefgjknrs"},
		"a bot":                     {chat.User{ID: 1, Kind: chat.Bot}, "Nbcefgjknrs"},
		"a muted member":            {chat.User{ID: 1, Kind: chat.Account, MutedUntil: 1}, "bfknr"},
		"a script":                  {chat.User{ID: 1, Kind: chat.Script}, "bjrs"},
		"an imported author":        {chat.User{ID: 1, Kind: chat.Imported}, ""},
		"a moderator":               {chat.User{ID: 1, Kind: chat.Account, Role: chat.Moderator}, "1Nbcefgjknrsu"},
		"an administrator":          {chat.User{ID: 1, Kind: chat.Account, Role: chat.Administrator}, "1Nbcefgjknorsu"},
		"an owner":                  {chat.User{ID: 1, Kind: chat.Account, Role: chat.Owner}, "1Nbcefgjknorsu"},
		"a deactivated owner":       {chat.User{ID: 1, Kind: chat.Account, Role: chat.Owner, Deactivated: true}, ""},
		"a script with a role":      {chat.User{ID: 1, Kind: chat.Script, Role: chat.Owner}, "bjrs"},
		"an imported with a role":   {chat.User{ID: 1, Kind: chat.Imported, Role: chat.Owner}, ""},
		"a role without an account": {chat.User{Role: chat.Owner}, "br"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := may(t, chat.Standing{User: test.user}); got != test.want {
				t.Errorf("may %q, want %q", got, test.want)
			}
		})
	}
}

// TestCanInRooms holds the table against expectations written by hand, for each place that one can have towards a room.
func TestCanInRooms(t *testing.T) {
	people := map[string]chat.Standing{
		"nobody":             {},
		"guest":              {User: chat.User{ID: 1, Kind: chat.Guest}},
		"guest inside":       {User: chat.User{ID: 1, Kind: chat.Guest}, Member: chat.Member{Joined: true}},
		"stranger":           {User: chat.User{ID: 1, Kind: chat.Account}},
		"member":             {User: chat.User{ID: 1, Kind: chat.Account}, Member: chat.Member{Joined: true}},
		"banned":             {User: chat.User{ID: 1, Kind: chat.Account}, Member: chat.Member{Banned: true}},
		"room moderator":     {User: chat.User{ID: 1, Kind: chat.Account}, Member: chat.Member{Joined: true, Role: chat.Moderator}},
		"moderator":          {User: chat.User{ID: 1, Kind: chat.Account, Role: chat.Moderator}},
		"administrator":      {User: chat.User{ID: 1, Kind: chat.Account, Role: chat.Administrator}},
		"owner inside":       {User: chat.User{ID: 1, Kind: chat.Account, Role: chat.Owner}, Member: chat.Member{Joined: true}},
		"deactivated inside": {User: chat.User{ID: 1, Kind: chat.Account, Deactivated: true}, Member: chat.Member{Joined: true}},
		"muted":              {User: chat.User{ID: 1, Kind: chat.Account}, Member: chat.Member{Joined: true, MutedUntil: 10}, Now: 9},
		"muted moderator":    {User: chat.User{ID: 1, Kind: chat.Account, MutedUntil: 10}, Member: chat.Member{Joined: true, Role: chat.Moderator}, Now: 9},
		"muted before":       {User: chat.User{ID: 1, Kind: chat.Account, MutedUntil: 10}, Member: chat.Member{Joined: true}, Now: 10},
	}
	rooms := map[string]chat.Room{
		"public":   {ID: 1, Kind: chat.Public},
		"private":  {ID: 1, Kind: chat.Private},
		"direct":   {ID: 1, Kind: chat.DirectRoom},
		"archived": {ID: 1, Kind: chat.Public, Archived: true},
		"deleted":  {ID: 1, Kind: chat.Public, Deleted: true},
	}
	want := map[string]map[string]string{
		"public": {
			"nobody": "r", "guest": "jlprsw", "guest inside": "jklprsw", "stranger": "jlprsw", "member": "aijklprsw", "banned": "",
			"room moderator": "2adhijklmpqrstvwxyz", "moderator": "2adhijklmpqrstvwxyz", "administrator": "2adhijklmpqrstvwxyz",
			"owner inside": "2adhijklmpqrstvwxyz", "deactivated inside": "", "muted": "klprw", "muted moderator": "2dhklpqrtvwxyz", "muted before": "aijklprsw",
		},
		"private": {
			"guest inside": "jklprsw", "member": "aijklprsw", "room moderator": "2adhijklmpqrstvwxyz",
			"owner inside": "2adhijklmpqrstvwxyz", "muted": "klprw", "muted moderator": "2dhklpqrtvwxyz", "muted before": "aijklprsw",
		},
		"direct": {
			"guest inside": "jkprsw", "member": "jkprsw", "room moderator": "jkprsw", "owner inside": "jkprsw",
			"muted": "kprw", "muted moderator": "kprw", "muted before": "jkprsw",
		},
		"archived": {
			"nobody": "r", "guest": "lpr", "guest inside": "klpr", "stranger": "lpr", "member": "klpr",
			"room moderator": "2dhklpqrtvxz", "moderator": "2dhklpqrtvxz", "administrator": "2dhklpqrtvxz", "owner inside": "2dhklpqrtvxz",
			"muted": "klpr", "muted moderator": "2dhklpqrtvxz", "muted before": "klpr",
		},
	}
	for kind, room := range rooms {
		for name, standing := range people {
			t.Run(kind+"/"+name, func(t *testing.T) {
				standing.Room = room
				if got := may(t, standing); got != want[kind][name] {
					t.Errorf("may %q, want %q", got, want[kind][name])
				}
			})
		}
	}
	t.Run("a private room does not exist for who is not in it", func(t *testing.T) {
		standing := people["administrator"]
		standing.Room = rooms["private"]
		if err := standing.Can(chat.Read); chat.KindOf(err) != chat.NotFound {
			t.Errorf("got %v, want not found", err)
		}
	})
}
