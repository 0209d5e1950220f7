package chat

// A Verb is something that a user may or may not do.
type Verb string

// The verbs of the permission table.
const (
	Read      Verb = "read"       // see a room, its messages and who is there
	Speak     Verb = "speak"      // post, and edit and delete what is one's own
	Join      Verb = "join"       // become a member, or leave
	Create    Verb = "create"     // make a public room
	DeleteAny Verb = "delete any" // delete what others wrote
	Rename    Verb = "rename"     // change one's own name
	Operate   Verb = "operate"    // the admin site
)

// Verbs are all verbs, so that a test can see that the table is complete.
var Verbs = []Verb{Read, Speak, Join, Create, DeleteAny, Rename, Operate}

// A class is what the permission table tells users apart by.
type class int

const (
	nobody class = iota
	deactivated
	silent // imported authors
	script
	guest
	member // accounts and bots
	moderator
	administrator
	classes
)

// permissions is the only table that says who may do what; an owner is an administrator here.
var permissions = map[Verb][classes]bool{
	Read:      {nobody: true, script: true, guest: true, member: true, moderator: true, administrator: true},
	Speak:     {script: true, guest: true, member: true, moderator: true, administrator: true},
	Join:      {script: true, guest: true, member: true, moderator: true, administrator: true},
	Create:    {guest: true, member: true, moderator: true, administrator: true},
	Rename:    {guest: true, member: true, moderator: true, administrator: true},
	DeleteAny: {moderator: true, administrator: true},
	Operate:   {administrator: true},
}

func classOf(u User) class {
	switch {
	case u.ID == 0:
		return nobody
	case u.Deactivated:
		return deactivated
	case u.Kind == Imported:
		return silent
	case u.Kind == Script:
		return script
	case u.Role == Owner || u.Role == Administrator:
		return administrator
	case u.Role == Moderator:
		return moderator
	case u.Kind == Account || u.Kind == Bot:
		return member
	default:
		return guest
	}
}

// Can returns nil if u, the zero User for nobody, may do verb, else Unauthenticated for nobody and Forbidden for
// everybody else.
func Can(u User, verb Verb) error {
	class := classOf(u)
	if permissions[verb][class] {
		return nil
	}
	if class == nobody {
		return Errorf(Unauthenticated, "", "Please join with a name first.")
	}
	return Errorf(Forbidden, "", "You may not do that (%s).", verb)
}

// CanIn is Can for what is done in a room. A room that is gone is NotFound for everybody.
func CanIn(u User, verb Verb, r Room) error {
	if r.Deleted {
		return Errorf(NotFound, "room", "That room has been deleted.")
	}
	if err := Can(u, verb); err != nil {
		e := AsError(err)
		e.Field = "room"
		return e
	}
	return nil
}
