package verify

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"parley/internal/chat"
)

const (
	// patience is how long an operation may be in doubt, restarts of the server included.
	patience = 45 * time.Second
	// textLimit is how long a message may be in the server under test, which runs with its defaults.
	textLimit = 8 << 10
	// ownPosts is how many of its own posts an author remembers to edit, delete and repeat.
	ownPosts = 64
)

// An ownPost is a post that its author remembers.
type ownPost struct {
	id              OpID
	room            chat.RoomID
	text            string // as it was posted
	number, version int64
	newest          int64 // the version of the newest edit
}

// An author posts, edits and deletes over the socket and over HTTP, one operation after the other, and sends each of them
// again with the same key until the answer is definite.
type author struct {
	run   *torture
	index int
	base  string // the name to enter with
	who   *identity
	doors [2]door // the socket's, and HTTP's, which is http
	http  *httpDoor
	r     *rand.Rand
	texts texts
	own   []ownPost
	era   int // how many restores there were when it entered
	tries int // how many names did not let it in
}

func (t *torture) newAuthor(index int) *author {
	r := rand.New(rand.NewPCG(t.Seed, uint64(1000+index)))
	a := &author{run: t, index: index, base: fmt.Sprint("author ", index+1), who: new(identity), r: r, texts: texts{r}}
	a.http = &httpDoor{outlet: t.writers[t.authors+index], child: t.child, who: a.who}
	a.doors = [2]door{&socketDoor{outlet: t.writers[index], child: t.child, who: a.who}, a.http}
	return a
}

// work goes on until ctx ends. Between two operations it can be held up.
func (a *author) work(ctx context.Context) error {
	defer a.hangUp()
	for {
		done, err := a.run.hold(ctx)
		if err != nil {
			return nil
		}
		err = a.once(ctx)
		done()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (a *author) hangUp() {
	for _, d := range a.doors {
		d.close()
	}
}

// once does one operation.
func (a *author) once(ctx context.Context) error {
	if a.who.cookie == "" || a.era != a.run.eraNow() {
		if err := a.enter(ctx); err != nil {
			return err
		}
	}
	n := a.r.IntN(100)
	switch {
	case n < 4:
		return a.postTwice(ctx)
	case n < 80 || len(a.own) == 0:
		return a.post(ctx)
	}
	i := a.r.IntN(len(a.own))
	switch {
	case n < 87:
		return a.edit(ctx, i)
	case n < 89:
		return a.editTwice(ctx, i)
	case n < 93:
		return a.remove(ctx, i)
	case n < 97:
		return a.repeat(ctx, i)
	default:
		return a.reuse(ctx, i)
	}
}

// enter makes a guest of the author, under another name if the one before is held by a guest whose cookie was lost.
func (a *author) enter(ctx context.Context) error {
	a.hangUp()
	a.own, a.era = nil, a.run.eraNow()
	until := time.Now().Add(patience)
	for time.Now().Before(until) && ctx.Err() == nil {
		address, err := a.run.child.Up(ctx)
		if err != nil {
			return err
		}
		name := a.base
		if a.tries > 0 {
			name = fmt.Sprintf("%s.%d", a.base, a.tries)
		}
		cookie, err := enter(ctx, a.run.writers[a.index], address, name, a.run.names[a.index%len(a.run.names)])
		if err == nil {
			a.who.cookie, a.who.Name = cookie, name
			if a.who.User, err = a.whoAmI(ctx, address); err == nil {
				return nil
			}
		}
		a.tries++
		if err := rest(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	if ctx.Err() == nil {
		a.run.checker.Violate(Stuck, "%s could not enter for %v", a.base, patience)
	}
	return ctx.Err()
}

func (a *author) whoAmI(ctx context.Context, address string) (chat.UserID, error) {
	h, err := dialHTTP(ctx, a.run.writers[a.index], address)
	if err != nil {
		return 0, err
	}
	defer h.close()
	var hello struct {
		Me *struct {
			User struct {
				ID chat.UserID `json:"id"`
			} `json:"user"`
		} `json:"me"`
	}
	if err := h.ask("GET", "/api/v1/me", answerTime, nil, &hello, "Cookie", a.who.cookie, "Connection", "close"); err != nil {
		return 0, err
	}
	if hello.Me == nil {
		return 0, errSignedOut
	}
	return hello.Me.User.ID, nil
}

// rest waits for d, or until ctx ends.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// settle asks until the answer is definite: by the one door or the other, with a rest in between.
func (a *author) settle(ctx context.Context, doors [2]door, first int, q request) (granted, error) {
	until := time.Now().Add(patience)
	for n := 0; ; n++ {
		door := doors[first]
		if n > 0 {
			a.run.tally.retries.Add(1)
			door = doors[(first+n/2)%2]
		}
		answer, err := door.ask(ctx, q)
		r, refused := errors.AsType[*refusal](err)
		switch {
		case err == nil:
			return answer, nil
		case ctx.Err() != nil:
			return granted{}, ctx.Err()
		case refused && !r.passing():
			return granted{}, r
		case errors.Is(err, errSignedOut):
			a.run.checker.Violate(Lost, "the session of %s, which the server has acknowledged, is gone", a.who.Name)
			return granted{}, err
		case refused:
			a.run.tally.unavailable.Add(1)
		}
		if time.Now().After(until) {
			a.run.checker.Violate(Stuck, "%s by %s in %s had no definite answer for %v: %v", q.do, a.who.Name, q.room, patience, err)
			return granted{}, err
		}
		if err := rest(ctx, min(time.Duration(n+1)*10*time.Millisecond, 200*time.Millisecond)); err != nil {
			return granted{}, err
		}
	}
}

// door is by which door an operation goes first.
func (a *author) door() int { return a.r.IntN(5) / 3 } // three of five by the socket

// post posts, and now and then looks at once whether it is there.
func (a *author) post(ctx context.Context) error {
	room := a.someRoom()
	id, text := a.run.checker.Post(a.who.Author, room, true, a.texts.fill(textLimit))
	q := request{do: "post", room: room, key: Key(id), text: text}
	a.run.tally.posts.Add(1)
	answer, err := a.settle(ctx, a.doors, a.door(), q)
	if err != nil {
		return a.surprised(id, q, err)
	}
	a.posted(id, q, answer)
	if a.r.IntN(16) == 0 {
		a.look(ctx, room, answer.Number)
	}
	return nil
}

func (a *author) someRoom() chat.RoomID { return a.run.rooms[a.r.IntN(len(a.run.rooms))] }

func (a *author) posted(id OpID, q request, answer granted) {
	a.run.checker.Acknowledged(id, answer.Number, answer.Version)
	a.remember(ownPost{id: id, room: q.room, text: q.text, number: answer.Number, version: answer.Version, newest: answer.Version})
}

// postTwice says the same by both doors at once, with the same key.
func (a *author) postTwice(ctx context.Context) error {
	room := a.someRoom()
	id, text := a.run.checker.Post(a.who.Author, room, true, a.texts.fill(textLimit))
	q := request{do: "post", room: room, key: Key(id), text: text}
	a.run.tally.posts.Add(1)
	a.run.tally.twice.Add(1)
	var answers [2]granted
	var errs [2]error
	var both sync.WaitGroup
	for i, d := range a.doors {
		// Each keeps to its own door, which takes one request at a time.
		both.Go(func() { answers[i], errs[i] = a.settle(ctx, [2]door{d, d}, 0, q) })
	}
	both.Wait()
	if err := errors.Join(errs[0], errs[1]); err != nil {
		return a.surprised(id, q, err)
	}
	a.posted(id, q, answers[0])
	a.run.checker.Repeated(id, answers[1].Number, answers[1].Version)
	return nil
}

// look reads a message that was acknowledged this very moment. A connection that is cut meanwhile proves nothing.
func (a *author) look(ctx context.Context, room chat.RoomID, number int64) {
	a.run.tally.looks.Add(1)
	if err := a.http.open(ctx); err != nil {
		return
	}
	asked := a.run.checker.Ask(room, chat.Position{})
	path := fmt.Sprintf("/api/v1/rooms/%s/messages?around=%d&limit=3", room, number)
	var page Opened
	err := a.http.conn.ask(http.MethodGet, path, answerTime, nil, &page, "Cookie", a.who.cookie)
	r, refused := errors.AsType[*refusal](err)
	switch {
	case err == nil:
		a.run.checker.Looked(a.who.Name, asked, number, page)
	case !refused:
		a.http.close()
	case !r.passing():
		a.run.checker.Violate(r.kind(), "%s could not read number %d of %s: %v", a.who.Name, number, room, r)
	}
}

func (a *author) remember(p ownPost) {
	if len(a.own) < ownPosts {
		a.own = append(a.own, p)
		return
	}
	a.own[a.r.IntN(len(a.own))] = p
}

// surprised tells of a refusal that there is no reason for.
func (a *author) surprised(id OpID, q request, err error) error {
	r, refused := errors.AsType[*refusal](err)
	if !refused {
		return err
	}
	a.run.checker.Refused(id, r.Code)
	a.run.checker.Violate(r.kind(), "op %d (%s by %s in %s) was refused: %v", id, q.do, a.who.Name, q.room, r)
	return nil
}

func (a *author) edit(ctx context.Context, i int) error {
	p := &a.own[i]
	id, text := a.run.checker.Edit(p.id, a.texts.fill(textLimit))
	q := request{do: "edit", room: p.room, number: p.number, version: p.newest, text: text}
	a.run.tally.edits.Add(1)
	answer, err := a.settle(ctx, a.doors, a.door(), q)
	if err != nil {
		return a.surprised(id, q, err)
	}
	a.run.checker.Acknowledged(id, p.number, answer.Version)
	p.newest = answer.Version
	return nil
}

// editTwice edits a message by both doors at once, from the same version with different texts: one wins, and the other is told
// of it.
func (a *author) editTwice(ctx context.Context, i int) error {
	p := &a.own[i]
	var ids [2]OpID
	var asked [2]request
	var answers [2]granted
	var errs [2]error
	for i := range ids {
		ids[i], asked[i].text = a.run.checker.Edit(p.id, a.texts.fill(textLimit))
		asked[i] = request{do: "edit", room: p.room, number: p.number, version: p.newest, text: asked[i].text}
	}
	a.run.tally.edits.Add(2)
	a.run.tally.races.Add(1)
	var both sync.WaitGroup
	for i, d := range a.doors {
		both.Go(func() { answers[i], errs[i] = a.settle(ctx, [2]door{d, d}, 0, asked[i]) })
	}
	both.Wait()
	won := 0
	if errs[0] != nil {
		won = 1
	}
	lost := 1 - won
	if errs[won] != nil {
		return a.surprised(ids[won], asked[won], errs[won])
	}
	a.run.checker.Acknowledged(ids[won], p.number, answers[won].Version)
	p.newest = answers[won].Version
	told, refused := errors.AsType[*refusal](errs[lost])
	switch {
	case errs[lost] == nil:
		a.run.checker.Violate(Overruled, "ops %d and %d are edits of number %d of %s from the same version, and both were acknowledged",
			ids[0], ids[1], p.number, p.room)
	case !refused:
		return errs[lost]
	case told.Code != string(chat.Conflict):
		return a.surprised(ids[lost], asked[lost], told)
	default:
		a.run.checker.Refused(ids[lost], told.Code)
		if told.Text != asked[won].text || told.Version != p.newest {
			a.run.checker.Violate(Answer, "op %d was told of a conflict with version %d (%.60q), and op %d won as version %d",
				ids[lost], told.Version, told.Text, ids[won], p.newest)
		}
	}
	return nil
}

func (a *author) remove(ctx context.Context, i int) error {
	p := a.own[i]
	a.own = append(a.own[:i], a.own[i+1:]...)
	id := a.run.checker.Delete(p.id)
	q := request{do: "delete", room: p.room, number: p.number}
	a.run.tally.deletions.Add(1)
	answer, err := a.settle(ctx, a.doors, a.door(), q)
	if err != nil {
		return a.surprised(id, q, err)
	}
	a.run.checker.Acknowledged(id, p.number, answer.Version)
	return nil
}

// repeat posts with the key of a post that was answered long ago, and maybe edited since.
func (a *author) repeat(ctx context.Context, i int) error {
	p := a.own[i]
	q := request{do: "post", room: p.room, key: Key(p.id), text: p.text}
	a.run.tally.repeats.Add(1)
	answer, err := a.settle(ctx, a.doors, a.door(), q)
	r, refused := errors.AsType[*refusal](err)
	switch {
	case refused:
		a.run.checker.Violate(Answer, "the key of op %d was refused when it was repeated: %v", p.id, r)
	case err != nil:
		return err
	default:
		a.run.checker.Repeated(p.id, answer.Number, answer.Version)
	}
	return nil
}

// reuse posts another text with a key that was used: it must be refused, and never be seen.
func (a *author) reuse(ctx context.Context, i int) error {
	p := a.own[i]
	id, text := a.run.checker.Post(a.who.Author, p.room, true, a.texts.fill(textLimit))
	a.run.tally.reuses.Add(1)
	answer, err := a.settle(ctx, a.doors, a.door(), request{do: "post", room: p.room, key: Key(p.id), text: text})
	r, refused := errors.AsType[*refusal](err)
	switch {
	case refused && r.Code == string(chat.KeyReused):
		a.run.checker.Refused(id, r.Code)
	case refused:
		a.run.checker.Refused(id, r.Code)
		a.run.checker.Violate(Answer, "the key of op %d was used for another text, and the answer was %v", p.id, r)
	case err != nil:
		return err
	default:
		a.run.checker.Violate(Doubled, "the key of op %d made another message, number %d of %s", p.id, answer.Number, p.room)
	}
	return nil
}
