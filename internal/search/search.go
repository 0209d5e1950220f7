// Package search is the search index: which messages have which words, in a file of its own beside the database.
//
// The index is a reader like any other. For each room it has a cursor, stored in the same transaction as what it read, and
// asks the store for what changed after it; a wake says that there is something, and comparing heads every two seconds
// heals a wake that was lost. So it may be stopped, killed, deleted or fall behind at any time and goes on from where it
// was, and posting never waits for it. What it cannot trust it throws away and reads again: a file that is damaged or of
// another store's epoch as a whole, a room whose head is below its cursor by itself.
//
// The file holds a full-text table (SQLite's FTS5) of the trigrams of each message, and of its pairs and single characters
// that are not spaces, which answer searches of one and two characters, such as 上海, by the same walk as longer ones. The
// table has neither the texts nor the places of the tokens in them: a candidate has to be read again from the store in any
// case, since the index lags. We make the tokens ourselves because FTS5's own trigram tokenizer makes nothing of a text of
// one or two characters and folds case and accents by the tables of Unicode 6.1; chat.Plain is what the query is matched with.
//
// Measured on two cores with messages of 66 bytes (BenchmarkSearch): 30 to 40 µs of a processor and 150 bytes a message. In
// 1,000,000 messages a page of hits takes 0.2 to 3 ms in the median, one and two characters and words that nothing has among
// them, and 16 ms for several frequent words that hardly ever come together; 24 ms at worst in a hundred. With trigrams alone
// indexing would cost half, and one and two characters would have to be looked for in the messages themselves, which takes seconds
// where they are rare.
package search

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	"parley/internal/chat"
)

// A Config says where the index is.
type Config struct {
	Path   string       // the file; its folder must exist
	Logger *slog.Logger // nil for slog.Default
}

// An Index is a chat.Index, and the chat.Log that wakes it. It reads while Run or CatchUp runs, one of them at a time; all other
// methods may be called from any goroutine.
type Index struct {
	config Config
	ledger ledger
	wake   chan struct{} // of capacity 1
	tokens grams         // of the goroutine that reads
	newest int64         // the highest id of a message that is in the file; of the goroutine that reads
	rows   int           // of a batch
	window int64         // ids that one call of Candidates goes over

	damaged atomic.Bool  // a search found that the file is
	anew    atomic.Bool  // Rebuild was called
	trouble atomic.Value // of string: why Run cannot go on, "" if it can

	mu       sync.RWMutex // held for reading by searches, and to open and close the file
	file     *file        // nil while there is none that can be used
	epoch    chat.Epoch   // of the store that the file was read from, "" before the first
	building bool         // it has not caught up since it was made

	heardMu sync.Mutex
	heard   chan struct{} // closed and replaced when the index has come further
}

var (
	_ chat.Index = (*Index)(nil)
	_ chat.Log   = (*Index)(nil)
)

// New makes an Index. It opens nothing: Run and CatchUp do, and until then searches are Unavailable.
func New(c Config) (*Index, error) {
	if c.Path == "" {
		return nil, errors.New("search: Config.Path is empty")
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	x := &Index{config: c, wake: make(chan struct{}, 1), heard: make(chan struct{}), rows: batchRows, window: window}
	x.ledger.reset(nil)
	return x, nil
}

// Close closes the file. Run must have returned.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.closeLocked()
}

func (x *Index) closeLocked() error {
	f := x.file
	x.file = nil
	if f == nil {
		return nil
	}
	return f.Close()
}

// Committed is chat.Log's Committed: it notes which rooms have something new, and wakes Run.
func (x *Index) Committed(changes []chat.Change) {
	if x.ledger.committed(changes) {
		x.ring()
	}
}

func (x *Index) ring() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// Behind is chat.Index's Behind.
func (x *Index) Behind() int64 {
	behind, _, _ := x.ledger.standing()
	return behind
}

// window is how many ids one call of Candidates goes over: what is rarely found takes more calls, not a longer one.
const window = 1 << 20

// Candidates is chat.Index's Candidates.
func (x *Index) Candidates(ctx context.Context, w chat.Wanted, limit int) (ids []int64, next int64, end bool, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.file == nil {
		return nil, 0, false, chat.Errorf(chat.Unavailable, "", "The search index cannot be read just now.")
	}
	low, high, err := x.file.span(ctx)
	if err != nil {
		return nil, 0, false, x.notRead(err)
	}
	if w.Ascending {
		low = max(low, w.From+1)
		end = high-low < x.window
		high = min(high, low+x.window-1)
		next = high
	} else {
		if w.From > 0 {
			high = min(high, w.From-1)
		}
		end = high-low < x.window
		low = max(low, high-x.window+1)
		next = low
	}
	if low > high {
		return nil, w.From, true, nil
	}
	ids, err = x.file.ids(ctx, expression(w), low, high, w.Ascending, limit)
	if err != nil {
		return nil, 0, false, x.notRead(err)
	}
	if len(ids) == limit {
		next, end = ids[limit-1], false
	}
	return ids, next, end, nil
}

// notRead is what a search is told that could not be done; one that found the file damaged has it made anew.
func (x *Index) notRead(err error) error {
	if isDamaged(err) {
		x.damaged.Store(true)
		x.ring()
	}
	return chat.Errorf(chat.Unavailable, "", "The search index cannot be read just now.").Because(err)
}

// A Progress is how far the index is.
type Progress struct {
	Done     int64 `json:"done"`     // changes that it has read
	Total    int64 `json:"total"`    // changes that there are
	Building bool  `json:"building"` // it has not caught up since it was made
	// Trouble is why it cannot go on just now, for whoever runs the server; "" if it can.
	Trouble string `json:"trouble,omitempty"`
}

// Progress is how far the index is, and a channel that is closed when it has come further.
func (x *Index) Progress() (Progress, <-chan struct{}) {
	x.heardMu.Lock()
	heard := x.heard
	x.heardMu.Unlock()
	behind, total, _ := x.ledger.standing()
	x.mu.RLock()
	defer x.mu.RUnlock()
	trouble, _ := x.trouble.Load().(string)
	return Progress{
		Done: total - behind, Total: total, Building: x.building || x.file == nil || x.anew.Load(), Trouble: trouble,
	}, heard
}

// advanced tells those who wait for Progress.
func (x *Index) advanced() {
	x.heardMu.Lock()
	defer x.heardMu.Unlock()
	close(x.heard)
	x.heard = make(chan struct{})
}

// Rebuild has Run throw everything away and read it again. While the index is being built anyway, it goes on with that.
func (x *Index) Rebuild() {
	x.mu.RLock()
	building := x.building && x.file != nil
	x.mu.RUnlock()
	if !building {
		x.anew.Store(true)
	}
	x.ring()
}
