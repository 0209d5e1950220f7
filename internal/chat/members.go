package chat

// MemberLimit is how many members one page of them has at most.
const MemberLimit = 100

// A MemberQuery says which of a room's members are wanted.
type MemberQuery struct {
	After  string // those whose names come after this one
	Banned bool   // those who are banned, instead of the members
	Limit  int    // at most MemberLimit
}
