package pages

import (
	"container/list"
	"sync"

	"parley/internal/chat"
)

// keptBytes is about how much memory Kept may hold.
const keptBytes = 32 << 20

// Kept is what room pages were lately made of, so that the next one is not read and rendered anew: the newest page of a room, a
// person's own rooms, the list of public rooms. It has to hear of every commit, before anybody is answered or woken: what a
// commit may have changed is not used any more. Its methods may be called from any goroutine.
//
// What is read from the store while a commit comes in is not kept: a fetch notes what it is about to read, and a commit that
// touches it spoils it. A nil Kept keeps nothing.
type Kept struct {
	mu        sync.Mutex
	byKey     map[any]*list.Element // of *keptThing
	byUse     *list.List            // the one used last in front
	bytes     int
	byName    map[string]chat.RoomID // of the rooms that are kept, as they were called when they were kept
	directory *chat.Directory        // nil: not known
	fetches   map[*fetch]struct{}
	locked    bool // not everybody may read public rooms, by the server's settings
}

// A keptThing is something in Kept. Its keys are a chat.RoomID for a *roomPiece, a chat.UserID for a *chat.Mine and a shellPlace
// for a *shell.
type keptThing struct {
	key, value any
	bytes      int
	stale      bool // of a room: only its rows are of use
}

// A fetch is what one request needs of a room for a user: what is kept of it, and whether what is read may be kept.
type fetch struct {
	user chat.UserID
	room chat.RoomID

	mine      *chat.Mine
	directory *chat.Directory
	piece     *roomPiece
	last      *roomPiece // what the room was made of before it changed, or nil

	spoiledMine, spoiledDirectory, spoiledRoom bool

	touched chat.RoomID // the room in which messages changed meanwhile; of two of them, their order is not known
}

// NewKept makes an empty memory.
func NewKept() *Kept {
	return &Kept{byKey: map[any]*list.Element{}, byUse: list.New(), byName: map[string]chat.RoomID{}, fetches: map[*fetch]struct{}{}}
}

// Committed lets go of what has changed; see chat.Log.
func (k *Kept) Committed(changes []chat.Change) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range changes {
		c := &changes[i]
		if user := c.Log.User(); user != 0 {
			k.drop(user)
			k.spoil(func(f *fetch) { f.spoiledMine = f.spoiledMine || f.user == user })
		}
		if c.Server != nil && c.Server.Settings != nil {
			k.locked = chat.Settings{}.Narrower(*c.Server.Settings)
		}
		room := c.Log.Room()
		if e := k.byKey[room]; e != nil {
			e.Value.(*keptThing).stale = true
		}
		k.spoil(func(f *fetch) { f.spoiledRoom = f.spoiledRoom || f.room == room })
		if c.Message != nil && !k.first(room) || c.Server != nil || c.Info != nil {
			k.directory = nil
		}
		switch {
		case c.Server != nil || c.Info != nil:
			k.spoil(func(f *fetch) { f.spoiledDirectory = true })
		case c.Message != nil:
			k.spoil(func(f *fetch) { f.touch(room) })
		}
	}
}

// touch notes a message in a room, which moves the room to the top of the list.
func (f *fetch) touch(room chat.RoomID) {
	f.spoiledDirectory = f.spoiledDirectory || f.touched != 0 && f.touched != room
	f.touched = room
}

func (k *Kept) spoil(mark func(*fetch)) {
	for f := range k.fetches {
		mark(f)
	}
}

// first reports whether a room stands first in the list, where a message in it changes nothing about their order.
func (k *Kept) first(room chat.RoomID) bool {
	return k.directory != nil && begins(k.directory, room)
}

func begins(d *chat.Directory, room chat.RoomID) bool {
	return len(d.Rooms) > 0 && d.Rooms[0].ID == room
}

// named finds a room that is kept by its exact name.
func (k *Kept) named(name string) (chat.Room, bool) {
	if k == nil {
		return chat.Room{}, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	id, ok := k.byName[name]
	if !ok {
		return chat.Room{}, false
	}
	e := k.byKey[id]
	if e == nil || e.Value.(*keptThing).stale {
		return chat.Room{}, false
	}
	return e.Value.(*keptThing).value.(*roomPiece).room, true
}

// open reports whether everything that is kept may be read by a user: that is so unless the server's settings say otherwise or the
// user is banned from some room.
func (k *Kept) open(u chat.User) bool {
	if u.RoomBans > 0 || u.Deactivated {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return !k.locked
}

// Settle tells the server's settings at its start; later it hears of them.
func (k *Kept) Settle(s chat.Settings) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.locked = chat.Settings{}.Narrower(s)
}

// begin says what is kept for a page of a room for a user. It must be followed by end.
func (k *Kept) begin(user chat.UserID, room chat.RoomID) *fetch {
	if k == nil {
		return &fetch{}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	f := &fetch{user: user, room: room, directory: k.directory}
	if t := k.used(user); t != nil {
		f.mine = t.value.(*chat.Mine)
	}
	if t := k.used(room); t != nil {
		f.last = t.value.(*roomPiece)
		if !t.stale {
			f.piece = f.last
		}
	}
	k.fetches[f] = struct{}{}
	return f
}

// end keeps what f has now and had not at begin, as far as no commit has touched it meanwhile.
func (k *Kept) end(f *fetch) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.fetches, f)
	if f.mine != nil && !f.spoiledMine {
		k.put(f.user, f.mine, 256+128*len(f.mine.Rooms))
	}
	if f.directory != nil && !f.spoiledDirectory && (f.touched == 0 || begins(f.directory, f.touched)) {
		k.directory = f.directory
	}
	if f.piece != nil && !f.spoiledRoom {
		k.put(f.room, f.piece, f.piece.bytes)
		if r := f.piece.room; r.Kind == chat.Public && !r.NoPreview {
			k.byName[r.Name] = f.room
		}
	}
}

// shell is the one that is kept at a place, made by create unless it depends on the same.
func (k *Kept) shell(place shellPlace, key shellKey, create func() (*shell, error)) (*shell, error) {
	if k == nil {
		return create()
	}
	k.mu.Lock()
	t := k.used(place)
	k.mu.Unlock()
	if t != nil {
		if s := t.value.(*shell); s.key == key {
			return s, nil
		}
	}
	s, err := create()
	if err != nil {
		return nil, err
	}
	s.key = key
	k.mu.Lock()
	defer k.mu.Unlock()
	k.put(place, s, s.bytes())
	return s, nil
}

func (k *Kept) used(key any) *keptThing {
	e := k.byKey[key]
	if e == nil {
		return nil
	}
	k.byUse.MoveToFront(e)
	return e.Value.(*keptThing)
}

func (k *Kept) put(key, value any, bytes int) {
	if e := k.byKey[key]; e != nil && e.Value.(*keptThing).value == value {
		return
	}
	k.drop(key)
	k.byKey[key] = k.byUse.PushFront(&keptThing{key: key, value: value, bytes: bytes})
	k.bytes += bytes
	for k.bytes > keptBytes {
		k.drop(k.byUse.Back().Value.(*keptThing).key)
	}
}

func (k *Kept) drop(key any) {
	e := k.byKey[key]
	if e == nil {
		return
	}
	t := e.Value.(*keptThing)
	k.byUse.Remove(e)
	delete(k.byKey, key)
	k.bytes -= t.bytes
	if piece, ok := t.value.(*roomPiece); ok && k.byName[piece.room.Name] == t.key {
		delete(k.byName, piece.room.Name)
	}
}
