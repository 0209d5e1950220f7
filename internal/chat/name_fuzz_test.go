package chat_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/internal/chat"
)

// names are seeds: plain ones and those that have gone wrong somewhere.
var names = []string{
	"ana", "  ana  ", "Ana Lucía", "ANA", "аnа", "ａｎａ", "e\u0301", "\u1e9b\u0323", "ß", "ﬁ", "İ", "Σς", "한글", "我家", "👩‍👩‍👧", "🏳️‍🌈", "❤️", "☠︎",
	"", " ", "\t", "\u200b", "\u2060", "\u3164", "\u2800", "a\u202eb", "a\x00b", "a\nb", "a/b", "\xff", ".", "..", "~x", "admin", "-",
	strings.Repeat("a", 41), strings.Repeat("é", 256), strings.Repeat("Z\u0351", 10), "a" + strings.Repeat("\u0301", 40), "\u0344", "\ufb2c",
	"<b>", "%2e%2e", "a;b?c#d", "\u0f77", "\u00ad", "\u034f", "\u115f", "ı", "ℓ", "１", "rn", "m", "O0", "l1I",
}

func FuzzCheckName(f *testing.F) {
	for _, name := range names {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, err := chat.CheckName(name, 40)
		checkLine(t, name, got, err, "username", 40)
		if err != nil {
			return
		}
		if again, err := chat.CheckName(got, 40); err != nil || again != got {
			t.Errorf("CheckName(%+q) = %+q, and of that %+q, %v", name, got, again, err)
		}
		if got == "." || got == ".." {
			t.Errorf("CheckName(%+q) = %q, which no address can have", name, got)
		}
		if chat.NameKey(got) == "" {
			t.Errorf("NameKey(%+q) is empty: all such names would be one", got)
		}
	})
}

func FuzzCheckRoomName(f *testing.F) {
	for _, name := range names {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, err := chat.CheckRoomName(name, 255)
		checkLine(t, name, got, err, "room", 255)
		if err != nil {
			return
		}
		if again, err := chat.CheckRoomName(got, 255); err != nil || again != got {
			t.Errorf("CheckRoomName(%+q) = %+q, and of that %+q, %v", name, got, again, err)
		}
		switch {
		case got == "admin", got == "api", got == "ws", got == "-", got == ".", got == "..", strings.HasPrefix(got, "~"):
			t.Errorf("CheckRoomName(%+q) = %q, which is an address of the server's own", name, got)
		}
	})
}

// checkLine holds for what either function returns.
func checkLine(t *testing.T, given, got string, err error, field string, limit int) {
	t.Helper()
	if err != nil {
		e, ok := errors.AsType[*chat.Error](err)
		if !ok || e.Field != field || e.Kind != chat.Invalid && e.Kind != chat.TooLong {
			t.Errorf("%+q: got the error %#v, want one of Invalid and TooLong for the field %q", given, err, field)
		}
		return
	}
	if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || strings.TrimSpace(got) != got || strings.Contains(got, "/") {
		t.Errorf("%+q: got %+q, want NFC, trimmed, no slash", given, got)
	}
	if n := utf8.RuneCountInString(got); n < 1 || n > limit {
		t.Errorf("%+q: got %d characters, want 1 to %d", given, n, limit)
	}
}

func FuzzNameKey(f *testing.F) {
	for _, name := range names {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		name, err := chat.CheckName(name, 40)
		if err != nil {
			return
		}
		key := chat.NameKey(name)
		if again := chat.NameKey(key); again != key {
			t.Errorf("NameKey(%+q) = %+q, and of that %+q", name, key, again)
		}
		for what, other := range map[string]string{
			"in NFD":             norm.NFD.String(name),
			"in NFKC":            norm.NFKC.String(name),
			"with spaces around": " " + name + "\u00a0",
			"with a joiner":      name + "\u200d",
		} {
			if got := chat.NameKey(other); got != key {
				t.Errorf("%+q %s has the key %+q, want %+q", name, what, got, key)
			}
		}
	})
}
