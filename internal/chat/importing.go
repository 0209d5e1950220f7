package chat

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// ImportBatch is how many changes one transaction of an import makes at most, so that posts of others get in between.
const ImportBatch = 500

// An ImportID names a source of imports: one database of another system.
type ImportID int64

// An ImportSource is a database of another system from which rooms and messages have come.
type ImportSource struct {
	ID     ImportID
	System string // "django"
	Mark   string // what tells the source from others of its system wherever it lies, "" if it bears no such thing
	At     int64  // unix ms of the first import
}

// An ImportedRoom says what became of a source's room. Digest is that of its name there, so that a room of the same name
// is known again.
type ImportedRoom struct {
	Source int64 // the room's id in the source
	Digest int64
	Room   RoomID
}

// An ImportedMessage says that a source's message has come. Digest is that of its content there, so that an edit is noticed.
type ImportedMessage struct {
	Source int64 // the message's id in the source
	Digest int64
}

// ImportSnapshot is what an import reads beyond what everybody reads.
type ImportSnapshot interface {
	// ImportSources are the sources of a system, the oldest first.
	ImportSources(system string) ([]ImportSource, error)
	// ImportedRoom finds what became of a source's room.
	ImportedRoom(id ImportID, source int64) (ImportedRoom, error)
	// ImportedRoomNamed finds the newest of the source's rooms whose name has that digest.
	ImportedRoomNamed(id ImportID, digest int64) (ImportedRoom, error)
	// ImportedRooms are rooms with a Source of at least from, ascending, at most limit.
	ImportedRooms(id ImportID, from int64, limit int) ([]ImportedRoom, error)
	// ImportedMessages are messages with a Source of at least from, ascending, at most limit.
	ImportedMessages(id ImportID, from int64, limit int) ([]ImportedMessage, error)
	// ImportedAuthor finds the user that stands for a source's author.
	ImportedAuthor(id ImportID, author []byte) (Person, error)
}

// ImportTx is what an import writes beyond what everybody writes.
type ImportTx interface {
	// InsertImportSource stores a source and sets its ID.
	InsertImportSource(s *ImportSource) error
	InsertImportedRoom(id ImportID, r ImportedRoom) error
	// InsertImportedMessages stores any number of messages; one that is stored already is an error.
	InsertImportedMessages(id ImportID, messages []ImportedMessage) error
	InsertImportedAuthor(id ImportID, author []byte, user UserID) error
}

// An Import brings the rooms and messages of one source. What has come is remembered in the transaction that brings it:
// an import that was cut off is completed by another one, nothing comes twice, and two at once do not harm each other.
// The operator of the machine imports, so no Actor is asked for. The methods are for one goroutine.
type Import struct {
	store  Store
	source ImportSource

	// What is remembered between batches, at most importMemory of each.
	rooms   map[int64]RoomID  // that have been committed
	authors map[string]Person // that have been committed
	tried   map[string]int    // how far the search for a free name went; a hint only
}

const importMemory = 20_000

// BeginImport begins or goes on with an import. A source without an ID is new; then known are all the sources of its system
// that the caller has compared it with, and if there are others by now the error is Conflict.
func BeginImport(ctx context.Context, store Store, source ImportSource, known []ImportSource) (*Import, error) {
	i := &Import{
		store: store, source: source,
		rooms: map[int64]RoomID{}, authors: map[string]Person{}, tried: map[string]int{},
	}
	if source.ID != 0 {
		return i, nil
	}
	err := store.Write(ctx, func(tx Tx) error {
		now, err := tx.ImportSources(source.System)
		if err != nil {
			return err
		}
		if !slices.Equal(now, known) {
			return Errorf(Conflict, "", "Another import has begun meanwhile.")
		}
		i.source.At = Millis(tx.Now())
		return tx.InsertImportSource(&i.source)
	})
	return i, err
}

// ImportFate says what became of a room or a message that was to be imported.
type ImportFate string

// The fates of rooms and messages.
const (
	ImportMade   ImportFate = "made"   // stored now
	ImportBefore ImportFate = "before" // an earlier import brought it
	ImportAdded  ImportFate = "added"  // a room whose messages go into the room of that name that was here
	ImportMerged ImportFate = "merged" // a room whose messages go where those of another room of that name in the source go
	ImportLost   ImportFate = "lost"   // a message that was not stored: its room is none that was imported
	ImportGone   ImportFate = "gone"   // a message that was not stored: its room has been deleted here
)

// A RoomImport is a room to be imported.
type RoomImport struct {
	Source int64 // its id in the source
	Digest int64 // of its name there: rooms with the same are merged
	Name   string
	// Own says that Name is not the room's name in the source but made from it. Then it must be a new room's: if it is
	// taken, the next free one of Name-2, Name-3, … is.
	Own bool
}

// A RoomFate is what became of a RoomImport.
type RoomFate struct {
	Fate ImportFate
	Name string // in Parley, unless the fate is ImportBefore
}

// Rooms imports rooms, at most ImportBatch/2 at once because a new one changes two logs, and tells what became of each.
func (i *Import) Rooms(ctx context.Context, rooms []RoomImport) ([]RoomFate, error) {
	if len(rooms) > ImportBatch/2 {
		return nil, fmt.Errorf("importing %d rooms at once", len(rooms))
	}
	var fates []RoomFate
	err := i.store.Write(ctx, func(tx Tx) error {
		fates = fates[:0]
		for _, r := range rooms {
			fate, err := i.room(tx, r)
			if err != nil {
				return fmt.Errorf("importing room %d: %w", r.Source, err)
			}
			fates = append(fates, fate)
		}
		return nil
	})
	if err != nil {
		return nil, err // nothing of it is stored
	}
	return fates, nil
}

func (i *Import) room(tx Tx, r RoomImport) (RoomFate, error) {
	_, err := tx.ImportedRoom(i.source.ID, r.Source)
	if KindOf(err) != NotFound {
		return RoomFate{Fate: ImportBefore}, err
	}
	room, fate, err := i.target(tx, r)
	if err != nil {
		return RoomFate{}, err
	}
	return RoomFate{Fate: fate, Name: room.Name},
		tx.InsertImportedRoom(i.source.ID, ImportedRoom{Source: r.Source, Digest: r.Digest, Room: room.ID})
}

// target is the room in Parley that a room of the source becomes.
func (i *Import) target(tx Tx, r RoomImport) (Room, ImportFate, error) {
	same, err := tx.ImportedRoomNamed(i.source.ID, r.Digest)
	if err == nil {
		room, err := tx.Room(same.Room)
		if err != nil || !room.Deleted {
			return room, ImportMerged, err
		}
	} else if KindOf(err) != NotFound {
		return Room{}, "", err
	}
	room, err := tx.RoomByName(r.Name)
	if r.Own {
		stem := r.Name
		for n := max(2, i.tried[stem]); err == nil; n++ {
			r.Name = fmt.Sprintf("%s-%d", stem, n)
			i.tried[stem] = n
			room, err = tx.RoomByName(r.Name)
		}
		forget(i.tried)
	}
	if KindOf(err) != NotFound {
		return room, ImportAdded, err
	}
	room = Room{Name: r.Name, Kind: Public, CreatedAt: Millis(tx.Now())}
	return room, ImportMade, tx.InsertRoom(&room)
}

// A MessageImport is a message to be imported. Its text and its author's name are taken as they are.
type MessageImport struct {
	Source int64 // its id in the source
	Digest int64 // of its content there
	Room   int64 // the room's id in the source
	By     string
	Text   string
	At     int64 // unix ms, 0 when it is not known
	// Author tells authors of the source apart: the same one is the same user.
	Author []byte
}

// MessageFates is what became of some messages.
type MessageFates struct {
	Fates   []ImportFate // of each message
	Authors int          // new users among those who wrote them
}

// Messages imports messages, ascending by Source and at most ImportBatch at once, in that order. Each author becomes a user
// of the kind Imported, who holds no name and is a member of no room.
func (i *Import) Messages(ctx context.Context, messages []MessageImport) (MessageFates, error) {
	if len(messages) > ImportBatch {
		return MessageFates{}, fmt.Errorf("importing %d messages at once", len(messages))
	}
	var b *importing
	err := i.store.Write(ctx, func(tx Tx) error {
		b = &importing{Import: i, tx: tx, rooms: map[int64]Room{}, authors: map[string]Person{}}
		return b.all(messages)
	})
	if err != nil {
		return MessageFates{}, err
	}
	for source, room := range b.rooms {
		i.rooms[source] = room.ID
	}
	for author, person := range b.authors {
		i.authors[author] = person
	}
	forget(i.rooms)
	forget(i.authors)
	return b.fates, nil
}

// forget empties a memory that has grown too large.
func forget[K comparable, V any](memory map[K]V) {
	if len(memory) > importMemory {
		clear(memory)
	}
}

// importing is one transaction of an import of messages, with what it has looked up.
type importing struct {
	*Import
	tx      Tx
	rooms   map[int64]Room // by id in the source; the zero Room where there is none
	authors map[string]Person
	fates   MessageFates
}

func (b *importing) all(messages []MessageImport) error {
	before, err := b.before(messages)
	if err != nil {
		return err
	}
	var came []ImportedMessage
	for _, m := range messages {
		fate := ImportBefore
		if !before[m.Source] {
			if fate, err = b.one(m); err != nil {
				return fmt.Errorf("importing message %d: %w", m.Source, err)
			}
		}
		if fate == ImportMade {
			came = append(came, ImportedMessage{Source: m.Source, Digest: m.Digest})
		}
		b.fates.Fates = append(b.fates.Fates, fate)
	}
	return b.tx.InsertImportedMessages(b.source.ID, came)
}

// before are those messages that have come already. It asks from message to message, because between two of them there may
// be any number that the source has no longer.
func (b *importing) before(messages []MessageImport) (map[int64]bool, error) {
	before := map[int64]bool{}
	for at := 0; at < len(messages); {
		page, err := b.tx.ImportedMessages(b.source.ID, messages[at].Source, len(messages))
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			before[m.Source] = true
		}
		if len(page) < len(messages) {
			break
		}
		for last := page[len(page)-1].Source; at < len(messages) && messages[at].Source <= last; {
			at++
		}
	}
	return before, nil
}

// one stores a message if it can be stored.
func (b *importing) one(m MessageImport) (ImportFate, error) {
	room, err := b.room(m.Room)
	switch {
	case err != nil:
		return "", err
	case room.ID == 0:
		return ImportLost, nil
	case room.Deleted:
		return ImportGone, nil
	}
	by, err := b.author(m)
	if err != nil {
		return "", err
	}
	return ImportMade, b.tx.InsertMessage(&Message{Room: room.ID, By: by.ID, At: m.At, Text: m.Text}, by)
}

// room is where the messages of a source's room go, as it is in this transaction; the zero Room if it was not imported.
func (b *importing) room(source int64) (Room, error) {
	if room, ok := b.rooms[source]; ok {
		return room, nil
	}
	id, ok := b.Import.rooms[source]
	if !ok {
		imported, err := b.tx.ImportedRoom(b.source.ID, source)
		if KindOf(err) == NotFound {
			return Room{}, nil
		}
		if err != nil {
			return Room{}, err
		}
		id = imported.Room
	}
	room, err := b.tx.Room(id)
	b.rooms[source] = room
	return room, err
}

func (b *importing) author(m MessageImport) (Person, error) {
	key := string(m.Author)
	if by, ok := b.authors[key]; ok {
		return by, nil
	}
	by, ok := b.Import.authors[key]
	if !ok {
		var err error
		by, err = b.tx.ImportedAuthor(b.source.ID, m.Author)
		if KindOf(err) == NotFound {
			by, err = b.newAuthor(m)
		}
		if err != nil {
			return Person{}, err
		}
	}
	b.authors[key] = by
	return by, nil
}

func (b *importing) newAuthor(m MessageImport) (Person, error) {
	now := Millis(b.tx.Now())
	u := User{Name: m.By, Kind: Imported, CreatedAt: now, SeenAt: now}
	if err := b.tx.InsertUser(&u); err != nil {
		return Person{}, err
	}
	b.fates.Authors++
	return Person{ID: u.ID, Name: u.Name}, b.tx.InsertImportedAuthor(b.source.ID, m.Author, u.ID)
}

// Note adds the import to the log of what administrators did: the source's name and what came.
func (i *Import) Note(ctx context.Context, name, detail string) error {
	return i.store.Write(ctx, func(tx Tx) error {
		return note(tx, User{}, "imported", i.source.System, name, detail, "")
	})
}

// ImportDigest is a digest of parts that tells apart what differs in any of them: the first 8 bytes of a SHA-256.
func ImportDigest(parts ...string) int64 {
	h := sha256.New()
	for _, part := range parts {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		h.Write(size[:])
		io.WriteString(h, part)
	}
	return int64(binary.BigEndian.Uint64(h.Sum(nil)))
}
