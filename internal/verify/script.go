package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"parley/internal/chat"
)

// A tutorialFrame is what the tutorial's socket says.
type tutorialFrame struct {
	Message *struct {
		Sender  string `json:"sender"`
		Message string `json:"message"`
	} `json:"message"`
	Error *refusal `json:"error"`
}

// tutorialPath is where the tutorial's client connects for a room, before it is escaped.
func tutorialPath(room string) string { return "/ws/notification/" + room + "/" }

// A script posts and listens over the tutorial's socket. Its protocol has no keys and no answers: a message is
// acknowledged when it comes back, and one in doubt is never sent again.
type script struct {
	run      *torture
	name     string
	room     chat.RoomID
	roomName string
	silent   bool // it only listens
	listener *Listener
	outlet   *Outlet
	r        *rand.Rand
	texts    texts
	socket   *wireSocket
	speaker  string
	times    int           // how often it has connected
	awaited  atomic.Uint32 // the post that is to come back
	came     chan OpID     // that it has
	ended    chan error    // how the hearing of this connection ended
}

func (t *torture) newScript(n int, silent bool) *script {
	r := rand.New(rand.NewPCG(t.Seed, uint64(2000+n)))
	s := &script{run: t, name: fmt.Sprint("script ", n+1), silent: silent, r: r, texts: texts{r}, came: make(chan OpID, 1)}
	if silent {
		s.name = fmt.Sprint("listener ", n+1)
	}
	s.room, s.roomName = t.rooms[n%len(t.rooms)], t.names[n%len(t.rooms)]
	s.listener = t.checker.NewListener(s.name, s.room)
	return s
}

// work goes on until ctx ends.
func (s *script) work(ctx context.Context) error {
	defer s.hangUp()
	for ctx.Err() == nil {
		if err := s.connect(ctx); err != nil {
			if err := rest(ctx, 20*time.Millisecond); err != nil {
				return nil
			}
			continue
		}
		err := s.listen(ctx)
		s.hangUp()
		if err := rest(ctx, 10*time.Millisecond); err != nil {
			return nil
		}
		if r, refused := errors.AsType[*refusal](err); refused && !r.passing() {
			s.run.checker.Violate(r.kind(), "%s was refused: %v", s.name, r)
		}
	}
	return nil
}

func (s *script) connect(ctx context.Context) error {
	address, err := s.run.child.Up(ctx)
	if err != nil {
		return err
	}
	if s.socket, err = dialSocket(ctx, s.outlet, address, tutorialPath(s.roomName), ""); err != nil {
		return err
	}
	// A name is free again only when the server has seen the socket before close.
	s.times++
	s.speaker = fmt.Sprintf("%s.%d", s.name, s.times)
	s.listener.Connected()
	return nil
}

func (s *script) hangUp() {
	if s.socket != nil {
		s.socket.close()
		s.socket = nil
		s.listener.Disconnected()
	}
}

// listen speaks, if it does, and hears until the connection ends.
func (s *script) listen(ctx context.Context) error {
	if s.silent {
		return s.hearAll()
	}
	s.ended = make(chan error, 1)
	go func() { s.ended <- s.hearAll() }()
	for {
		done, err := s.run.hold(ctx)
		if err == nil {
			err = s.say(ctx)
			done()
		}
		if err != nil {
			_ = s.socket.line.Close()
			return errors.Join(err, <-s.ended)
		}
	}
}

// hearAll hears until the connection ends.
func (s *script) hearAll() error {
	for {
		id, err := s.hear()
		if err != nil {
			return err
		}
		if id != 0 && uint32(id) == s.awaited.Load() {
			s.came <- id
		}
	}
}

// say posts and waits until the message comes back.
func (s *script) say(ctx context.Context) error {
	id, text := s.run.checker.Post(Author{Name: s.speaker}, s.room, false, s.texts.fill(textLimit))
	s.run.tally.posts.Add(1)
	s.awaited.Store(uint32(id))
	defer s.awaited.Store(0)
	err := s.socket.send(map[string]string{"message": text, "room_name": s.roomName, "sender": s.speaker})
	if err == nil {
		late := time.NewTimer(answerTime)
		defer late.Stop()
		select {
		case <-s.came:
			s.run.checker.Acknowledged(id, 0, 0)
			return nil
		case err = <-s.ended:
			s.ended <- err
		case <-late.C:
			err = errors.New("the message did not come back")
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if r, refused := errors.AsType[*refusal](err); refused && !r.passing() {
		s.run.checker.Refused(id, r.Code)
		return err
	}
	select {
	case <-s.came: // it came back just before the end
		s.run.checker.Acknowledged(id, 0, 0)
	default:
		s.run.tally.unknown.Add(1)
	}
	return err
}

// hear waits for the next message.
func (s *script) hear() (OpID, error) {
	text, err := s.socket.next(silentTime)
	if err != nil {
		return 0, err
	}
	var f tutorialFrame
	if err := json.Unmarshal(text, &f); err != nil {
		return 0, fmt.Errorf("not JSON: %.100q: %w", text, err)
	}
	switch {
	case f.Error != nil:
		return 0, f.Error
	case f.Message == nil:
		s.run.checker.Violate(Answer, "%s heard something that is no message: %.100q", s.name, text)
		return 0, nil
	}
	s.run.tally.frames.Add(1)
	return s.listener.Heard(f.Message.Sender, f.Message.Message), nil
}
