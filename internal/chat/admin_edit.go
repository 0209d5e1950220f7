package chat

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TopicLimit is how many characters a room's topic has at most.
const TopicLimit = 250

// CheckTopic is a room's topic as it is stored: NFC, trimmed, one line of at most TopicLimit characters without control
// characters; it may be empty. Errors name the field "topic".
func CheckTopic(topic string) (string, error) {
	if !utf8.ValidString(topic) {
		return "", Errorf(Invalid, "topic", "The topic is not valid UTF-8.")
	}
	topic = strings.TrimFunc(norm.NFC.String(topic), unicode.IsSpace)
	for _, r := range topic {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return "", Errorf(Invalid, "topic", "The topic has a control character (%U) in it.", r)
		}
	}
	if n := utf8.RuneCountInString(topic); n > TopicLimit {
		return "", Errorf(TooLong, "topic", "The topic has %d characters; at most %d fit.", n, TopicLimit)
	}
	return topic, nil
}

// write runs f in a transaction for an actor who may operate the server.
func (a *Admin) write(ctx context.Context, actor Actor, f func(tx Tx, by User) error) error {
	return a.Store.Write(ctx, func(tx Tx) error {
		by, err := operator(tx, actor)
		if err != nil {
			return err
		}
		return f(tx, by)
	})
}

// details says in words what changed: pairs of what was and what is, each only if they differ.
type details []string

func (d *details) add(what, was, is string) {
	if was != is {
		*d = append(*d, fmt.Sprintf("%s: %q → %q", what, was, is))
	}
}

func (d details) String() string { return strings.Join(d, "; ") }

// A RoomEdit is what an administrator wants a room to be.
type RoomEdit struct {
	Version int64 // Room.InfoVersion that the edit was made from
	Name    string
	Topic   string
}

// EditRoom gives a room another name and topic and returns the room. If either has changed since the edit's version the
// error is Conflict and the room is the one of now, unless it is the wanted one already.
func (a *Admin) EditRoom(ctx context.Context, actor Actor, id RoomID, edit RoomEdit) (Room, error) {
	topic, err := CheckTopic(edit.Topic)
	if err != nil {
		return Room{}, err
	}
	var room Room
	err = a.write(ctx, actor, func(tx Tx, by User) error {
		if room, err = tx.Room(id); err != nil {
			return err
		}
		if room.Deleted {
			return Errorf(NotFound, "", "That room has been deleted.")
		}
		name := edit.Name
		if name != room.Name {
			if name, err = CheckRoomName(name, a.Limits.Room); err != nil {
				return err
			}
		}
		switch {
		case name == room.Name && topic == room.Topic:
			return nil
		case edit.Version != room.InfoVersion:
			return Errorf(Conflict, "", "Somebody else changed this room meanwhile.")
		}
		if err := freeRoom(tx, name, id); err != nil {
			return err
		}
		var changed details
		changed.add("name", room.Name, name)
		changed.add("topic", room.Topic, topic)
		was := room.Name
		edited := room
		edited.Name, edited.Topic = name, topic
		if err := tx.UpdateRoom(&edited); err != nil {
			return err
		}
		room = edited
		return note(tx, by, "changed", id.String(), was, changed.String(), "")
	})
	return room, err
}

// freeRoom returns a NameTaken error if another public room than me has that name.
func freeRoom(s Snapshot, name string, me RoomID) error {
	other, err := s.RoomByName(name)
	if KindOf(err) == NotFound || err == nil && other.ID == me {
		return nil
	}
	if err != nil {
		return err
	}
	return Errorf(NameTaken, "room", "There is a room called %q already.", shorten(name, 80))
}

// AddRoom makes a public room. A name that there is already is NameTaken.
func (a *Admin) AddRoom(ctx context.Context, actor Actor, name, topic string) (Room, error) {
	topic, err := CheckTopic(topic)
	if err != nil {
		return Room{}, err
	}
	if name, err = CheckRoomName(name, a.Limits.Room); err != nil {
		return Room{}, err
	}
	room := Room{Name: name, Kind: Public, Topic: topic}
	err = a.write(ctx, actor, func(tx Tx, by User) error {
		if err := freeRoom(tx, name, 0); err != nil {
			return err
		}
		room.CreatedAt = Millis(tx.Now())
		if err := tx.InsertRoom(&room); err != nil {
			return err
		}
		return note(tx, by, "added", room.ID.String(), room.Name, "", "")
	})
	return room, err
}

// EditMessage gives a message another text, whoever wrote it, and returns the message. If it has changed since version the
// error is Conflict and the message is the one of now, unless it has the wanted text already.
func (a *Admin) EditMessage(ctx context.Context, actor Actor, ref MessageRef, version int64, text string) (MessageRow, error) {
	text, err := CheckText(text, a.Limits.Text)
	if err != nil {
		return MessageRow{}, err
	}
	var row MessageRow
	calls := callsIn(text, a.Limits.Name)
	err = a.write(ctx, actor, func(tx Tx, by User) error {
		if row, err = tx.MessageRow(ref.Room, ref.Number); err != nil {
			return err
		}
		switch {
		case row.Deleted:
			return Errorf(NotFound, "", "That message has been deleted.")
		case row.Text == text:
			return nil
		case row.Version != version:
			e := Errorf(Conflict, "", "The message has been changed meanwhile.")
			e.Text, e.Version = row.Text, row.Version
			return e
		}
		edited := row.Message
		edited.Text, edited.Edited = text, Millis(tx.Now())
		if edited.Mentions, err = mentioned(tx, ref.Room, calls); err != nil {
			return err
		}
		if err := tx.UpdateMessage(&edited); err != nil {
			return err
		}
		row.Message = edited
		return note(tx, by, "changed", objectOf(ref), labelOf(row), "text of "+row.ByName, "")
	})
	return row, err
}

func objectOf(ref MessageRef) string { return fmt.Sprintf("%s/%d", ref.Room, ref.Number) }

func labelOf(row MessageRow) string { return fmt.Sprintf("%s, message %d", row.RoomName, row.Number) }

// A UserEdit is what an administrator wants a user to be.
type UserEdit struct {
	Name        string
	Role        Role
	Deactivated bool
}

// Edit is the user as an edit form shows it.
func (u User) Edit() UserEdit {
	return UserEdit{Name: u.Name, Role: u.Role, Deactivated: u.Deactivated}
}

// EditUser changes a user's name, role and whether they are deactivated, and returns the user. The edit was made from was:
// if the user is no longer that, the error is Conflict and the user is the one of now, unless they are the wanted one
// already. Deactivating ends all sessions and keeps the name held.
//
// Only an owner changes owners and administrators (but for one's own name) and makes new ones, and one active owner always
// stays: Forbidden.
func (a *Admin) EditUser(ctx context.Context, actor Actor, id UserID, was, edit UserEdit) (User, error) {
	var user User
	err := a.write(ctx, actor, func(tx Tx, by User) error {
		var err error
		if user, err = tx.User(id); err != nil {
			return err
		}
		if edit.Name != user.Name {
			if edit.Name, err = CheckName(edit.Name, a.Limits.Name); err != nil {
				return err
			}
		}
		switch user.Edit() {
		case edit:
			return nil
		case was:
		default:
			return Errorf(Conflict, "", "Somebody else changed this user meanwhile.")
		}
		if err := mayEdit(tx, by, user, edit); err != nil {
			return err
		}
		edited, err := a.edited(tx, user, edit)
		if err != nil {
			return err
		}
		if edited.Deactivated && !user.Deactivated {
			if err := endAll(tx, id); err != nil {
				return err
			}
		}
		if err := tx.UpdateUser(edited); err != nil {
			return err
		}
		if edited.Deactivated != user.Deactivated {
			if err := succeedAll(tx, id); err != nil {
				return err
			}
		}
		before := user
		if user, err = tx.User(id); err != nil {
			return err
		}
		return note(tx, by, "changed", id.String(), before.Name, userChange(before, user), "")
	})
	return user, err
}

// edited is user with the edit, checked for the name being free if the user holds it.
func (a *Admin) edited(tx Tx, user User, edit UserEdit) (User, error) {
	back := user.Deactivated && !edit.Deactivated && (user.Kind == Account || user.Kind == Bot)
	if user.NameKey != "" || back {
		if err := (&Users{Store: a.Store, Limits: a.Limits}).free(tx, edit.Name, user.ID); err != nil {
			return User{}, err
		}
		user.NameKey = NameKey(edit.Name)
	}
	user.Name, user.Role, user.Deactivated = edit.Name, edit.Role, edit.Deactivated
	user.Banned = user.Banned && user.Deactivated
	return user, nil
}

func userChange(was, is User) string {
	var changed details
	changed.add("name", was.Name, is.Name)
	changed.add("role", cmp.Or(string(was.Role), "none"), cmp.Or(string(is.Role), "none"))
	switch {
	case is.Deactivated && !was.Deactivated:
		changed = append(changed, "deactivated")
	case was.Deactivated && !is.Deactivated:
		changed = append(changed, "activated")
	}
	return changed.String()
}

// operates reports whether a role opens the admin site.
func operates(role Role) bool { return role == Owner || role == Administrator }

// mayEdit is the rule of who changes whom; by may operate the server.
func mayEdit(s Snapshot, by, user User, edit UserEdit) error {
	if err := checkRole(user.Kind, user.Role, edit.Role); err != nil {
		return err
	}
	if by.Role != Owner {
		switch {
		case edit.Role != user.Role && (operates(edit.Role) || operates(user.Role)):
			return Errorf(Forbidden, "role", "Only an owner makes and unmakes owners and administrators.")
		case edit.Deactivated != user.Deactivated && operates(user.Role):
			return Errorf(Forbidden, "deactivated", "Only an owner can do that to an owner or administrator.")
		case edit.Name != user.Name && operates(user.Role) && by.ID != user.ID:
			return Errorf(Forbidden, "username", "Only an owner renames owners and administrators.")
		}
	}
	if edit.Role == Owner && !edit.Deactivated {
		return nil
	}
	field := "deactivated"
	if edit.Role != Owner {
		field = "role"
	}
	return keepOwner(s, user, field)
}

// keepOwner returns a Forbidden error if user is the only owner who can act.
func keepOwner(s Snapshot, user User, field string) error {
	if user.Role != Owner || user.Deactivated {
		return nil
	}
	administrators, err := s.Administrators()
	if err != nil {
		return err
	}
	for _, other := range administrators {
		if other.ID != user.ID && other.Role == Owner && !other.Deactivated {
			return nil
		}
	}
	return Errorf(Forbidden, field, "%s is the only owner. Make somebody else an owner first.", user.Name)
}

func checkRole(kind UserKind, was, is Role) error {
	switch is {
	case NoRole, Moderator, Administrator, Owner:
	default:
		return Errorf(Invalid, "role", "There is no role %q.", shorten(string(is), 20))
	}
	if is != was && is != NoRole && kind != Account {
		return Errorf(Invalid, "role", "Only somebody who has an account can have a role.")
	}
	return nil
}

// AddUser makes an account with a password, given as a PHC string. A name that somebody holds is NameTaken; only an owner
// makes owners and administrators.
func (a *Admin) AddUser(ctx context.Context, actor Actor, name, password string, role Role) (User, error) {
	name, err := CheckName(name, a.Limits.Name)
	if err != nil {
		return User{}, err
	}
	user := User{Name: name, NameKey: NameKey(name), Kind: Account, Password: password}
	err = a.write(ctx, actor, func(tx Tx, by User) error {
		if err := mayEdit(tx, by, user, UserEdit{Name: name, Role: role}); err != nil {
			return err
		}
		user.Role = role
		return a.insert(tx, by, &user)
	})
	return user, err
}

func (a *Admin) insert(tx Tx, by User, user *User) error {
	users := &Users{Store: a.Store, Limits: a.Limits}
	if err := users.free(tx, user.Name, 0); err != nil {
		return err
	}
	if err := users.insert(tx, user, nil); err != nil {
		return err
	}
	return note(tx, by, "added", user.ID.String(), user.Name, userChange(User{Name: user.Name}, *user), "")
}
