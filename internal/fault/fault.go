// Package fault holds the points at which a program built for the torture run can be made to fail: it kills itself, is told
// that the disk failed, waits, or is shown another time. Only a build with the tag fault has them; in any other each call
// is an empty function, which the compiler removes together with its argument.
//
// A plan says what happens where, as a list with commas between:
//
//	POINT=ACTION[@FIRST[-LAST|+]]
//
// The actions are crash (SIGKILL of this very process), error, delay:DURATION, and jump:DURATION for the clock. They happen the
// FIRST time the point is reached, counted from 1 since the start of the process (1 if it is not given), or each time until the
// LAST, or always from then on. So
//
//	commit.before-answer=crash@500,log.sync=error@20-25
//
// makes the 500th commit the last one, and the syncs 20 to 25 of the log fail.
//
// The tags fault_ack, fault_key, fault_resume, fault_member and fault_sync plant one mistake each into the program, which the torture run
// has to find. They stand in files of their own beside the code that they break.
package fault

// The mistakes that can be planted. Planted is one of them, or "".
const (
	EarlyAnswer   = "messages are acknowledged before they are stored" // tag fault_ack
	ForgottenKeys = "a repeated key makes another message"             // tag fault_key
	SkippedChange = "a reader that comes back misses a change"         // tag fault_resume
	TrustedCursor = "who may not read any more goes on reading"        // tag fault_member
	NoSync        = "what is acknowledged need not be on the disk"     // tag fault_sync
)

// A Name is the name of a point.
type Name string

// The points.
const (
	// Commit is reached when a transaction is durable and nobody has been told of it: neither who asked nor any reader.
	Commit Name = "commit.before-answer"
	// Delivery is reached before a reader is sent what is new to it. Who asked over HTTP has its answer then or gets it.
	Delivery Name = "answer.before-delivery"
	// Migration is reached before each page that a migration writes to the log.
	Migration Name = "migration.write"
	// LogWrite and LogSync are reached before each write to the log and each sync of it. An error of them is an I/O error.
	LogWrite Name = "log.write"
	LogSync  Name = "log.sync"
	// CheckpointWrite and CheckpointSync are reached before each page that is written from the log into the database, and
	// each sync of that. An error of them is an I/O error.
	CheckpointWrite Name = "checkpoint.write"
	CheckpointSync  Name = "checkpoint.sync"
	// Clock is reached when the store asks for the time.
	Clock Name = "clock"
)
