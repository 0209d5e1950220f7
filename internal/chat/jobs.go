package chat

import (
	"context"
	"fmt"
)

// A JobKind is what a job does.
type JobKind string

// The kinds of jobs. They sort by who waits for them.
const (
	JobForget   JobKind = "forget"   // Subject is a user who has deleted themselves; After is the last room that is done
	JobLead     JobKind = "lead"     // Subject is a user whose private rooms may be without a moderator; After is the last room that is done
	JobLeave    JobKind = "leave"    // Subject is a deleted user, who leaves all rooms
	JobMessages JobKind = "messages" // messages are deleted: those of the user Subject, or of everybody if that is 0
	JobPurge    JobKind = "purge"    // Subject is a deleted room, whose rows are removed
)

// A Job is work that is done in many small transactions after the one that asked for it.
type Job struct {
	ID      int64
	Kind    JobKind
	Subject int64
	After   int64 // the id of the last message that is done, in the job's order
	Upto    int64 // the id of the newest message that it is about

	Room     RoomID // of JobMessages: in this room alone, unless it is 0
	From, To int64  // of JobMessages: posted at or after From and before To, in unix ms; 0 for no bound
	By       UserID // who asked for it; 0 for whoever runs the machine
	CutAt    int64  // of a time range in all rooms, which is walked in the order of time: how far it has come
	Changed  int64  // how many messages it has deleted
}

// JobSnapshot is what jobs read.
type JobSnapshot interface {
	// NextJob is the job to do next: those that people see the work of first, then the oldest. NotFound when there is none.
	NextJob() (Job, error)
	// Jobs are the jobs of a kind that are not done, the oldest first.
	Jobs(kind JobKind, limit int) ([]Job, error)
	// MessagesBy are up to limit messages of a user that are neither deleted nor in a deleted room, with ids above after
	// and up to upto, ascending by id.
	MessagesBy(user UserID, after, upto int64, limit int) ([]MessageRow, error)
	// Doomed are the next messages that a job of JobMessages comes by, at most limit, in its order: of a user by id, of a room
	// by number, else by time. Not all of them are to be deleted. Fewer than limit say that there are no more.
	Doomed(job Job, limit int) ([]Doomed, error)
}

// JobTx is what jobs write.
type JobTx interface {
	// InsertJob stores a job, sets its ID, and its Upto to the id of the newest message there is.
	InsertJob(j *Job) error
	// UpdateJob stores how far a job has come; DeleteJob removes it.
	UpdateJob(j Job) error
	DeleteJob(id int64) error
}

// A Doomed is a message that a job comes by.
type Doomed struct {
	MessageRef
	ID     int64
	At     int64
	Wanted bool // it is to be deleted: it is one that the job is about, and neither deleted nor in a deleted room
}

const (
	// batch is how many rows one transaction of a job changes at most.
	batch = 500
	// looked is how many messages one transaction of a job comes by at most.
	looked = 2000
)

// Sweep does the next piece of the jobs that deletions left, in one transaction of at most 500 changes, and reports
// whether there was one. What it has done is stored with it, so after a kill it goes on where it was. Calling it from
// several goroutines does nothing twice.
func (a *Admin) Sweep(ctx context.Context) (bool, error) {
	found := false
	err := a.Store.Write(ctx, func(tx Tx) error {
		job, err := tx.NextJob()
		if KindOf(err) == NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		found = true
		done, err := step(tx, &job)
		if err != nil {
			return err
		}
		if done {
			if err := finished(tx, job); err != nil {
				return err
			}
			return tx.DeleteJob(job.ID)
		}
		return tx.UpdateJob(job)
	})
	return found, err
}

// step does one piece of a job and reports whether that was the last.
func step(tx Tx, job *Job) (bool, error) {
	switch job.Kind {
	case JobForget:
		return forgetAll(tx, job)
	case JobLead:
		return succeedOn(tx, job)
	case JobLeave:
		return leaveAll(tx, UserID(job.Subject))
	case JobMessages:
		return buryAll(tx, job)
	case JobPurge:
		n, err := tx.PurgeRoom(RoomID(job.Subject), batch)
		return n == 0, err
	default:
		return false, Errorf(Internal, "", "There is no job %q.", job.Kind)
	}
}

func leaveAll(tx Tx, user UserID) (bool, error) {
	rooms, err := tx.RoomsOf(user, batch)
	if err != nil {
		return false, err
	}
	for _, room := range rooms {
		m, err := tx.Member(room.ID, user)
		if err != nil {
			return false, err
		}
		if err := depart(tx, &m); err != nil {
			return false, err
		}
	}
	return len(rooms) < batch, nil
}

func buryAll(tx Tx, job *Job) (bool, error) {
	rows, err := tx.Doomed(*job, looked)
	if err != nil {
		return false, err
	}
	buried := 0
	for _, row := range rows {
		if buried == batch {
			return false, nil
		}
		if row.Wanted {
			if err := bury(tx, Message{Room: row.Room, Number: row.Number}); err != nil {
				return false, err
			}
			buried++
			job.Changed++
		}
		job.After, job.CutAt = row.ID, row.At
	}
	return len(rows) < looked, nil
}

func bury(tx Tx, m Message) error {
	m.Deleted, m.Text = true, ""
	return tx.UpdateMessage(&m)
}

// finished tells the audit log how a deletion that somebody asked for came out.
func finished(tx Tx, job Job) error {
	if job.Kind != JobMessages {
		return nil
	}
	by, err := act(tx, Actor{User: job.By})
	if err != nil {
		return err
	}
	object, name, err := purged(tx, job)
	if err != nil {
		return err
	}
	return note(tx, by, "finished", object, name, fmt.Sprintf("deleting messages: %d deleted", job.Changed), "")
}
