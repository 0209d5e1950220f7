package importer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/importer"
)

func TestImport(t *testing.T) {
	t.Run("rooms and messages come in order, without a time", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		lobby, garden := f.room("lobby"), f.room("garden")
		f.room("empty")
		f.say(lobby, "ana", "one")
		f.say(garden, "ben", "two")
		f.say(lobby, "ben", "one") // the same text again is another message
		f.say(lobby, "ana", "four")
		report := f.run(s)

		want := map[string][]said{
			"lobby":  {{"ana", "one"}, {"ben", "one"}, {"ana", "four"}},
			"garden": {{"ben", "two"}},
			"empty":  {},
		}
		if diff := cmp.Diff(content(t, s), want); diff != "" {
			t.Error(diff)
		}
		wantReport := importer.Report{
			Path: f.path, Rooms: importer.RoomCounts{Made: 3}, Messages: importer.MessageCounts{Came: 4}, Authors: 2,
		}
		if diff := cmp.Diff(report, wantReport); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("an empty database is no error and leaves no trace", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		report := f.run(s)
		if diff := cmp.Diff(report, importer.Report{Path: f.path}); diff != "" {
			t.Error(diff)
		}
		if n := sources(t, s); n != 0 {
			t.Errorf("%d sources, want none", n)
		}
	})
	t.Run("what limits forbid to new messages comes as it is", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		room := f.room(strings.Repeat("長", 255))
		long, sender := strings.Repeat("long ", 100_000), strings.Repeat("é", 255)
		for _, text := range []string{long, "", " \t\n ", "\x1b[31mred\x07", "a\r\nb\rc", "<script>alert(1)</script>"} {
			f.say(room, sender, text)
		}
		f.say(room, "", "nobody said this")
		f.say(room, " ana \x01", "odd name")
		report := f.run(s)

		want := map[string][]said{strings.Repeat("長", 255): {
			{sender, long},
			{sender, ""},
			{sender, " \t\n "},
			{sender, "\x1b[31mred\x07"},
			{sender, "a\r\nb\rc"},
			{sender, "<script>alert(1)</script>"},
			{"", "nobody said this"},
			{" ana \x01", "odd name"},
		}}
		if diff := cmp.Diff(content(t, s), want); diff != "" {
			t.Error(diff)
		}
		if report.Changed != nil || report.Skipped != nil {
			t.Errorf("changed %v, skipped %v, want nothing of that", report.Changed, report.Skipped)
		}
	})
	t.Run("what cannot be stored is replaced and reported", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		room := f.room("lobby")
		f.exec(`INSERT INTO ChatApp_message (room_id, sender, message) VALUES
			($1, 'ana', CAST(x'61ff62' AS TEXT)), ($1, 'ana', CAST(x'610062' AS TEXT)), ($1, CAST(x'c3' AS TEXT), 'c')`, room)
		report := f.run(s)
		want := map[string][]said{"lobby": {{"ana", "a\uFFFDb"}, {"ana", "a\uFFFDb"}, {"\uFFFD", "c"}}}
		if diff := cmp.Diff(content(t, s), want); diff != "" {
			t.Error(diff)
		}
		wantChanged := []importer.Note{{
			What: "message", Why: "characters that cannot be stored (invalid UTF-8 or NUL) were replaced by U+FFFD",
			Count: 3, IDs: []int64{1, 2, 3},
		}}
		if diff := cmp.Diff(report.Changed, wantChanged); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("loosely typed values are taken as text or skipped with a reason", func(t *testing.T) {
		f, s := bareFixture(t, looseTables), newStore(t, nil)
		f.exec(`INSERT INTO ChatApp_room VALUES (1, 'lobby'), (2, 42), (3, x'626c6f62'), ('x', 'no id'), (NULL, 'none'), (1, 'again')`)
		f.exec(`INSERT INTO ChatApp_message VALUES (2, 'ana', 2.5, '1'), (1, 7, x'6869', 1), (3, NULL, 'no sender', 2),
			(4, 'ana', NULL, 1), (5, 'ana', 'nowhere', NULL), (6, 'ana', 'nowhere', 'lobby'), (7, 'ana', 'gone', 99),
			('y', 'ana', 'no id', 1), (1.5, 'ana', 'no id', 1), (3, 'ana', 'again', 1), (8, 'ana', 'last', 3),
			(9, 'ana', zeroblob(17000000), 1)`)
		report := f.run(s)

		want := map[string][]said{
			"lobby": {{"7", "hi"}, {"ana", "2.5"}}, "42": {{"", "no sender"}}, "blob": {{"ana", "last"}},
		}
		if diff := cmp.Diff(content(t, s), want); diff != "" {
			t.Error(diff)
		}
		wantReport := importer.Report{
			Path: f.path, Rooms: importer.RoomCounts{Made: 3}, Messages: importer.MessageCounts{Came: 4}, Authors: 3,
			Changed: []importer.Note{
				{What: "message", Why: "a value of the kind blob was taken as text", Count: 1, IDs: []int64{1}},
				{What: "message", Why: "a value of the kind integer was taken as text", Count: 1, IDs: []int64{1}},
				{What: "message", Why: "a value of the kind real was taken as text", Count: 1, IDs: []int64{2}},
				{What: "message", Why: "no sender (NULL), taken as blank", Count: 1, IDs: []int64{3}},
			},
			Skipped: []importer.Note{
				{What: "room", Why: "the id is no whole number", Count: 2},
				{What: "room", Why: "the id is that of the row before", Count: 1, IDs: []int64{1}},
				{What: "message", Why: "the room does not exist", Count: 3, IDs: []int64{7, 5, 6}},
				{What: "message", Why: "the id is no whole number", Count: 2},
				{What: "message", Why: "the id is that of the row before", Count: 1, IDs: []int64{3}},
				{What: "message", Why: "no text (NULL)", Count: 1, IDs: []int64{4}},
				{What: "message", Why: "larger than 16 MiB", Count: 1, IDs: []int64{9}},
			},
		}
		if diff := cmp.Diff(report, wantReport); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("messages of rooms that there are not are skipped and counted", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		lobby := f.room("lobby")
		f.exec(`PRAGMA foreign_keys = OFF`)
		for range 12 {
			f.say(77, "ana", "into the void")
		}
		f.say(lobby, "ana", "hello")
		report := f.run(s)
		if diff := cmp.Diff(content(t, s), map[string][]said{"lobby": {{"ana", "hello"}}}); diff != "" {
			t.Error(diff)
		}
		want := []importer.Note{{
			What: "message", Why: "the room does not exist", Count: 12, IDs: []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		}}
		if diff := cmp.Diff(report.Skipped, want); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a database in UTF-16 comes as it is meant", func(t *testing.T) {
		f, s := bareFixture(t, `PRAGMA encoding = 'UTF-16le';`+djangoTables), newStore(t, nil)
		f.say(f.room("zoë"), "我", "上海 🎉")
		f.run(s)
		if diff := cmp.Diff(content(t, s), map[string][]said{"zoë": {{"我", "上海 🎉"}}}); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("the import is in the log of what administrators did", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		f.say(f.room("lobby"), "ana", "hello")
		f.run(s)
		f.run(s)
		var lines []chat.Audit
		read(t, s, func(s chat.Snapshot) error {
			page, err := s.AuditList(chat.AuditQuery{Paging: chat.Paging{Limit: 10}})
			lines = page.Rows
			return err
		})
		if len(lines) != 1 || lines[0].Verb != "imported" || lines[0].Name != "db.sqlite3" || lines[0].Detail != "1 room, 1 message" {
			t.Errorf("the log has %+v", lines)
		}
	})
}

func TestImportedRooms(t *testing.T) {
	t.Run("rooms of the same name are one, interleaved by message id", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		rooms := []int64{f.room("café"), f.room("cafe\u0301"), f.room(" café\t"), f.room("café"), f.room("Café")}
		for i := range 10 {
			f.say(rooms[i%5], "ana", fmt.Sprint(i))
		}
		report := f.run(s)
		want := map[string][]said{
			"café": {{"ana", "0"}, {"ana", "1"}, {"ana", "2"}, {"ana", "3"}, {"ana", "5"}, {"ana", "6"}, {"ana", "7"}, {"ana", "8"}},
			"Café": {{"ana", "4"}, {"ana", "9"}},
		}
		if diff := cmp.Diff(content(t, s), want); diff != "" {
			t.Error(diff)
		}
		if want := (importer.RoomCounts{Made: 2, Merged: 3}); report.Rooms != want {
			t.Errorf("rooms %+v, want %+v", report.Rooms, want)
		}
	})
	t.Run("a room of that name that is here gets the messages appended", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		makeRoom(t, s, "lobby", "hello from before")
		f.say(f.room("lobby"), "ana", "from the tutorial")
		report := f.run(s)
		got := messagesOf(t, s, "lobby")
		if diff := cmp.Diff(got, []said{{"guest of lobby", "hello from before"}, {"ana", "from the tutorial"}}); diff != "" {
			t.Error(diff)
		}
		if want := (importer.RoomCounts{Added: 1}); report.Rooms != want {
			t.Errorf("rooms %+v, want %+v", report.Rooms, want)
		}
	})
	t.Run("a name that cannot be an address becomes the nearest free one", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		makeRoom(t, s, "admin-2", "here before")
		names := []string{"a/b", "a-b", "a/b", "admin", "", "~me", " ~ ", ".", "two\nlines", "unnamed", strings.Repeat("x", 2100)}
		for i, name := range names {
			f.say(f.room(name), "ana", fmt.Sprint(i))
		}
		f.exec(`INSERT INTO ChatApp_room (room_name) VALUES (CAST(x'ff' AS TEXT))`)
		report := f.run(s)

		got := content(t, s)
		delete(got, "admin-2")
		want := map[string][]said{
			"a-b-2": {{"ana", "0"}, {"ana", "2"}}, "a-b": {{"ana", "1"}}, "admin-2-2": {{"ana", "3"}}, "unnamed-2": {{"ana", "4"}},
			"me": {{"ana", "5"}}, "unnamed-3": {{"ana", "6"}}, ".-2": {{"ana", "7"}}, "two lines": {{"ana", "8"}},
			"unnamed": {{"ana", "9"}}, strings.Repeat("x", 2000): {{"ana", "10"}}, "\uFFFD": {},
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Error(diff)
		}
		wantRenamed := []importer.Renaming{
			{ID: 1, From: "a/b", To: "a-b-2", Why: "it has a / in it"},
			{ID: 3, From: "a/b", To: "a-b-2", Why: "it has a / in it"},
			{ID: 4, From: "admin", To: "admin-2-2", Why: "the server itself uses that name"},
			{ID: 5, From: "", To: "unnamed-2", Why: "it shows nothing"},
			{ID: 6, From: "~me", To: "me", Why: "names that begin with ~ are the server's own"},
			{ID: 7, From: " ~ ", To: "unnamed-3", Why: "names that begin with ~ are the server's own, it shows nothing"},
			{ID: 8, From: ".", To: ".-2", Why: "the server itself uses that name"},
			{ID: 9, From: "two\nlines", To: "two lines", Why: "it has control characters in it"},
			{ID: 11, From: strings.Repeat("x", 80) + "…", To: strings.Repeat("x", 80) + "…", Why: "it is too long for an address"},
			{ID: 12, From: "\uFFFD", To: "\uFFFD", Why: "it is not valid UTF-8"},
		}
		if diff := cmp.Diff(report.Renamed, wantRenamed); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(report.Rooms, importer.RoomCounts{Made: 11, Merged: 1}); diff != "" {
			t.Error(diff)
		}

		t.Run("and later rooms of that name go there too", func(t *testing.T) {
			f.say(f.room("a/b"), "ana", "later")
			f.run(s)
			if diff := cmp.Diff(messagesOf(t, s, "a-b-2"), []said{{"ana", "0"}, {"ana", "2"}, {"ana", "later"}}); diff != "" {
				t.Error(diff)
			}
		})
	})
	t.Run("messages follow a room that was renamed here", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		lobby := f.room("lobby")
		f.say(lobby, "ana", "one")
		f.run(s)
		changeRoom(t, s, "lobby", func(r *chat.Room) { r.Name = "hall" })
		f.say(lobby, "ana", "two")
		f.say(f.room("lobby"), "ana", "three")
		f.run(s)
		want := map[string][]said{"hall": {{"ana", "one"}, {"ana", "two"}, {"ana", "three"}}}
		if diff := cmp.Diff(content(t, s), want); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a room that was deleted here stays deleted, and what would have come is reported", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		lobby := f.room("lobby")
		f.say(lobby, "ana", "one")
		f.run(s)
		changeRoom(t, s, "lobby", func(r *chat.Room) { r.Deleted = true })
		f.say(lobby, "ana", "two")
		report := f.run(s)
		if diff := cmp.Diff(content(t, s), map[string][]said{}); diff != "" {
			t.Error(diff)
		}
		want := []importer.Note{{What: "message", Why: "the room has been deleted here", Count: 1, IDs: []int64{2}}}
		if diff := cmp.Diff(report.Skipped, want); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("very many rooms in need of a name are no trouble", func(t *testing.T) {
		f, s := newFixture(t), newStore(t, nil)
		f.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
			INSERT INTO ChatApp_room (room_name) SELECT '~' || substr('~~~~~~~~~~~~', 1, i % 7) || ' ' || i FROM n`)
		report := f.run(s)
		if got := len(content(t, s)); got != 1200 {
			t.Errorf("%d rooms, want 1200", got)
		}
		if len(report.Renamed) != 100 || report.More != 1100 {
			t.Errorf("%d renamed and %d more, want 100 and 1100", len(report.Renamed), report.More)
		}
	})
}

func TestImportedAuthors(t *testing.T) {
	f, s := newFixture(t), newStore(t, nil)
	live := makeRoom(t, s, "lobby", "hello")
	lobby := f.room("lobby")
	f.say(lobby, "guest of lobby", "I am somebody else")
	f.say(lobby, "guest of lobby", "really")
	f.say(lobby, "Guest of lobby", "and so am I")
	if report := f.run(s); report.Authors != 2 {
		t.Errorf("%d authors, want 2", report.Authors)
	}
	var authors []chat.User
	read(t, s, func(s chat.Snapshot) error {
		room, err := s.RoomByName("lobby")
		if err != nil {
			return err
		}
		messages, _, err := s.MessagesAfter(room.ID, 1, 10)
		if err != nil {
			return err
		}
		for _, m := range messages {
			u, err := s.User(m.By)
			if err != nil {
				return err
			}
			authors = append(authors, u)
			if m, err := s.Member(room.ID, u.ID); err != nil || m.Joined || m.Version != 0 {
				t.Errorf("the author %v is %+v (%v) of the room, want known there and no member", u, m, err)
			}
		}
		holder, err := s.UserByName(chat.NameKey("guest of lobby"))
		if holder.ID != live.ID {
			t.Errorf("the name is held by %v, want %v", holder, live)
		}
		return err
	})
	if len(authors) != 3 || authors[0].ID != authors[1].ID || authors[0].ID == authors[2].ID || authors[0].ID == live.ID {
		t.Fatalf("the authors are %+v", authors)
	}
	for _, u := range authors {
		if u.Kind != chat.Imported || u.NameKey != "" || u.Password != "" || u.Role != chat.NoRole {
			t.Errorf("the author is %+v", u)
		}
	}
	t.Run("nobody signs in as one", func(t *testing.T) {
		users := chat.Users{Store: s, Limits: chat.DefaultLimits}
		err := users.SignIn(context.Background(), authors[0].ID, chat.Session{ID: "x"})
		if got := chat.KindOf(err); got != chat.Forbidden {
			t.Errorf("error %v, want forbidden", err)
		}
	})
	t.Run("the same name in another source is another author", func(t *testing.T) {
		other := newFixture(t)
		other.say(other.room("lobby"), "guest of lobby", "a third one")
		if report := other.run(s); report.Authors != 1 {
			t.Errorf("%d authors, want 1", report.Authors)
		}
	})
	t.Run("a sender too long for a name is shortened", func(t *testing.T) {
		other := newFixture(t)
		other.say(other.room("long"), strings.Repeat("ö", 5000), "hello")
		other.say(1, strings.Repeat("ö", 5001), "hello")
		report := other.run(s)
		short := strings.Repeat("ö", 1000)
		if diff := cmp.Diff(messagesOf(t, s, "long"), []said{{short, "hello"}, {short, "hello"}}); diff != "" {
			t.Error(diff)
		}
		if report.Authors != 2 || len(report.Changed) != 1 || report.Changed[0].Count != 2 {
			t.Errorf("the report is %+v", report)
		}
	})
}

func read(t testing.TB, s chat.Store, f func(chat.Snapshot) error) {
	t.Helper()
	if err := s.Read(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// sources is how many sources the store knows.
func sources(t testing.TB, s chat.Store) int {
	t.Helper()
	n := 0
	read(t, s, func(s chat.Snapshot) error {
		all, err := s.ImportSources("django")
		n = len(all)
		return err
	})
	return n
}

// messagesOf is what is said in a room, by whomever.
func messagesOf(t testing.TB, s chat.Store, name string) []said {
	t.Helper()
	var all []said
	read(t, s, func(s chat.Snapshot) error {
		room, err := s.RoomByName(name)
		if err != nil {
			return err
		}
		messages, _, err := s.MessagesAfter(room.ID, 0, 1000)
		for _, m := range messages {
			by, err := s.User(m.By)
			if err != nil {
				return err
			}
			all = append(all, said{by.Name, m.Text})
		}
		return err
	})
	return all
}

// makeRoom has a guest, "guest of" the room, make a room and say something in it.
func makeRoom(t testing.TB, s chat.Store, room, text string) chat.User {
	t.Helper()
	users := &chat.Users{Store: s, Limits: chat.DefaultLimits}
	rooms := &chat.Rooms{Store: s, Limits: chat.DefaultLimits}
	name := "guest of " + room
	u, err := users.Guest(context.Background(), name, chat.Session{ID: chat.SessionID(name)})
	if err == nil {
		_, err = rooms.Join(context.Background(), chat.Actor{User: u.ID}, room)
	}
	if err == nil {
		_, err = rooms.Post(context.Background(), chat.Actor{User: u.ID}, room, chat.Draft{Text: text})
	}
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// changeRoom changes a room as an administrator would.
func changeRoom(t testing.TB, s chat.Store, name string, change func(*chat.Room)) {
	t.Helper()
	err := s.Write(context.Background(), func(tx chat.Tx) error {
		room, err := tx.RoomByName(name)
		if err != nil {
			return err
		}
		change(&room)
		return tx.UpdateRoom(&room)
	})
	if err != nil {
		t.Fatal(err)
	}
}
