package verify

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/anishathalye/porcupine"
)

const (
	// anything is the value of a register that nobody knows.
	anything = -1
	// orderTime is how long the order of one register's operations is looked for.
	orderTime = 20 * time.Second
)

// moments number the beginnings and ends of operations: a lower one was earlier.
var moments atomic.Int64

// A Register is the history of one number that several clients set and read at once: a read position, or whether somebody is a member.
// At the end there must be one order of all that was done, in which each takes place between its beginning and its end, that explains
// every answer. Its methods may be called from any goroutine.
type Register struct {
	what string

	mu    sync.Mutex
	first int64 // the value before the first of ops
	ops   []registerOp
	open  []int // those of ops that may still take place
}

type registerOp struct {
	client    int
	begun     int64
	ended     int64
	set       bool
	value     int64
	doubted   bool // nobody knows whether it took place
	existence int  // of the server that it was sent to
}

// NewRegister makes a Register of which nobody knows the value. what names it: "the read position of u7 in r8".
func NewRegister(what string) *Register { return &Register{what: what, first: anything} }

// Begin is the moment before an operation is sent to a server in its existence, counted from its starts. What was sent to an earlier one, and not
// answered, takes place no more.
func (r *Register) Begin(existence int) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	ended, now, still := moments.Add(1), moments.Add(1), r.open[:0]
	for _, i := range r.open {
		if r.ops[i].existence < existence {
			r.ops[i].ended = ended
		} else {
			still = append(still, i)
		}
	}
	r.open = still
	return now
}

// Set tells that the value was set, which was answered just now.
func (r *Register) Set(client int, begun, value int64) { r.add(client, begun, value, true) }

// Read tells that the value was read.
func (r *Register) Read(client int, begun, value int64) { r.add(client, begun, value, false) }

func (r *Register) add(client int, begun, value int64, set bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ops = append(r.ops, registerOp{client: client, begun: begun, ended: moments.Add(1), value: value, set: set})
}

// Doubted tells that the setting of a value was not answered: it may take place as long as the server exists, or never.
func (r *Register) Doubted(client int, begun, value int64, existence int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = append(r.open, len(r.ops))
	r.ops = append(r.ops, registerOp{client: client, begun: begun, value: value, set: true, doubted: true, existence: existence})
}

// Len is how many operations there are since the last Check.
func (r *Register) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.ops)
}

// Check reports whether the history can be explained; decided is false if that could not be found out in time. It begins a new history,
// with a value that is known to whoever is told anything.
func (r *Register) Check(value int64) (explained, decided bool) {
	r.mu.Lock()
	ops, first, now := r.ops, r.first, moments.Add(1)
	for _, i := range r.open {
		ops[i].ended = now
	}
	r.ops, r.open, r.first = nil, nil, value
	r.mu.Unlock()
	history := make([]porcupine.Operation, len(ops))
	for i, o := range ops {
		history[i] = porcupine.Operation{ClientId: o.client, Input: o, Output: o, Call: o.begun, Return: o.ended}
	}
	result := porcupine.CheckOperationsTimeout(registerModel(first), history, orderTime)
	return result != porcupine.Illegal, result != porcupine.Unknown
}

// registerModel is what a register may do, from a value.
func registerModel(first int64) porcupine.Model {
	model := porcupine.NondeterministicModel{
		Init: func() []any { return []any{first} },
		Step: func(state, input, _ any) []any {
			o, value := input.(registerOp), state.(int64)
			switch {
			case o.doubted:
				return []any{value, o.value}
			case o.set, value == anything, value == o.value:
				return []any{o.value}
			}
			return nil
		},
	}
	return model.ToModel()
}
