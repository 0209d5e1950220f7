package importer

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"parley/internal/chat"
)

// A Report is what an import did. Its JSON is for programs, WriteTo for people.
type Report struct {
	Path     string        `json:"path"`
	Rooms    RoomCounts    `json:"rooms"`
	Messages MessageCounts `json:"messages"`
	Authors  int           `json:"authors"` // new users who stand for authors

	Renamed []Renaming `json:"renamed,omitempty"` // rooms that could not keep their name, the first listed of them
	More    int        `json:"more,omitempty"`    // how many further rooms could not

	Changed  []Note `json:"changed,omitempty"`  // came, but not as it was
	Skipped  []Note `json:"skipped,omitempty"`  // did not come
	Unheeded []Note `json:"unheeded,omitempty"` // was changed in the source after it had come; that is not followed
}

// RoomCounts are the source's rooms by what became of them.
type RoomCounts struct {
	Made   int `json:"made"`   // are new rooms
	Added  int `json:"added"`  // went into the room of the same name that was here
	Merged int `json:"merged"` // went together with another room of the same name in the source
	Before int `json:"before"` // had come by an earlier import
}

// Came is how many rooms came now.
func (c RoomCounts) Came() int { return c.Made + c.Added + c.Merged }

// MessageCounts are the source's messages by what became of them; what was skipped is in neither.
type MessageCounts struct {
	Came   int `json:"came"`
	Before int `json:"before"` // had come by an earlier import
}

// A Renaming is a room that could not keep its name.
type Renaming struct {
	ID   int64  `json:"id"` // in the source
	From string `json:"from"`
	To   string `json:"to"`
	Why  string `json:"why"`
}

// A Note says what happened to some rows, and why.
type Note struct {
	What  string  `json:"what"` // "room" or "message"
	Why   string  `json:"why"`
	Count int     `json:"count"`
	IDs   []int64 `json:"ids,omitempty"` // the first listed of them, by their ids in the source
}

// The reasons in notes; they follow "3 messages: ".
const (
	whyReplaced = "characters that cannot be stored (invalid UTF-8 or NUL) were replaced by U+FFFD"
	whyKind     = "a value of the kind %s was taken as text"
	whyNoSender = "no sender (NULL), taken as blank"
	whyLongName = "the sender is too long for a name and was shortened"
	whySpace    = "white space around the name and its Unicode form do not count here"

	whyNoID     = "the id is no whole number"
	whySameID   = "the id is that of the row before"
	whyNoText   = "no text (NULL)"
	whyTooLarge = "larger than 16 MiB"
	whyNoRoom   = "the room does not exist"
	whyRoomGone = "the room has been deleted here"

	whyEdited  = "edited there since"
	whyDeleted = "deleted there since"
	whyRenamed = "renamed there since"
)

// listed is how many rows a report lists; of the others it says how many there are.
const (
	listed      = 10
	listedRooms = 100
)

// note adds rows to the note of that reason.
func note(notes *[]Note, what, why string, ids ...int64) {
	if len(ids) == 0 {
		return
	}
	n := noteFor(notes, what, why)
	n.Count += len(ids)
	n.IDs = append(n.IDs, ids[:min(len(ids), listed-len(n.IDs))]...)
}

// noteNameless is note for a row that has no id.
func noteNameless(notes *[]Note, what, why string) { noteFor(notes, what, why).Count++ }

func noteFor(notes *[]Note, what, why string) *Note {
	for i := range *notes {
		if n := &(*notes)[i]; n.What == what && n.Why == why {
			return n
		}
	}
	*notes = append(*notes, Note{What: what, Why: why})
	return &(*notes)[len(*notes)-1]
}

func (r *Report) fate(room roomRow, f chat.RoomFate, why string) {
	switch f.Fate {
	case chat.ImportMade:
		r.Rooms.Made++
	case chat.ImportAdded:
		r.Rooms.Added++
	case chat.ImportMerged:
		r.Rooms.Merged++
	case chat.ImportBefore:
		r.Rooms.Before++
		return
	}
	if why == "" {
		if f.Name != room.name.text.String {
			note(&r.Changed, "room", whySpace, room.id.Int64)
		}
		return
	}
	if len(r.Renamed) == listedRooms {
		r.More++
		return
	}
	r.Renamed = append(r.Renamed, Renaming{
		ID: room.id.Int64, From: excerpt(room.name.text.String), To: excerpt(f.Name), Why: why,
	})
}

// excerpt is the beginning of a name that a report can show.
func excerpt(name string) string {
	name = strings.ToValidUTF8(name, unstorable)
	n := 0
	for i := range name {
		if n++; n > 80 {
			return name[:i] + "…"
		}
	}
	return name
}

// WriteTo writes the report for people.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, r.String())
	return int64(n), err
}

// String is the report for people, some lines of text.
func (r Report) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }

	line("%s and %s came from %s.", count(r.Rooms.Came(), "room"), count(r.Messages.Came, "message"), filepath.Base(r.Path))
	if r.Rooms.Before+r.Messages.Before > 0 {
		line("%s and %s had come before.", count(r.Rooms.Before, "room"), count(r.Messages.Before, "message"))
	}
	for _, part := range []struct {
		n    int
		what string
	}{
		{r.Rooms.Made, "made"},
		{r.Rooms.Added, "put into the room of the same name that was here"},
		{r.Rooms.Merged, "put together with another of the same name in the file"},
	} {
		if part.n > 0 {
			line("  %s %s", count(part.n, "room"), part.what)
		}
	}
	if r.Authors > 0 {
		line("  %s wrote them; nobody can sign in as one of these", count(r.Authors, "new author"))
	}
	if len(r.Renamed)+len(r.Changed) > 0 {
		line("Changed:")
	}
	for _, renamed := range r.Renamed {
		line("  room %d %q is called %q here, because %s", renamed.ID, renamed.From, renamed.To, renamed.Why)
	}
	if r.More > 0 {
		line("  %s likewise", count(r.More, "further room"))
	}
	writeNotes(line, "", r.Changed)
	writeNotes(line, "Skipped:", r.Skipped)
	writeNotes(line, "Not followed:", r.Unheeded)
	return b.String()
}

func writeNotes(line func(string, ...any), title string, notes []Note) {
	if len(notes) > 0 && title != "" {
		line("%s", title)
	}
	for _, n := range notes {
		line("  %s: %s%s", count(n.Count, n.What), n.Why, ids(n))
	}
}

// ids names the rows of a note.
func ids(n Note) string {
	if len(n.IDs) == 0 {
		return ""
	}
	var b strings.Builder
	for i, id := range n.IDs {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.FormatInt(id, 10))
	}
	if n.Count > len(n.IDs) {
		b.WriteString(", …")
	}
	if n.Count == 1 {
		return " (id " + b.String() + ")"
	}
	return " (ids " + b.String() + ")"
}

// count is a number with its noun, "1 room", "12,000 rooms".
func count[N int | int64](n N, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return number(n) + " " + noun
}

// number is a number for people, "12,000".
func number[N int | int64](n N) string {
	digits := strconv.FormatInt(int64(n), 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
