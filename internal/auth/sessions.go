package auth

import (
	"context"
	"sync"
	"time"

	"parley/internal/chat"
)

const (
	// sessionsKept bounds how many sessions are remembered, at about 500 bytes each.
	sessionsKept = 1 << 15
	// sessionLife is how long a session is taken from memory until the store is asked again: it marks it as seen then, and knows
	// whether the database was changed by another program.
	sessionLife = time.Minute
)

// Sessions remembers whose the sessions are that were lately asked for, so that a request need not read them from the store.
// It has to hear of every commit, before anybody is answered, woken or asked: then a session that has ended is forgotten when
// its end is told, and every door finds it ended at the same moment. Its methods may be called from any goroutine.
type Sessions struct {
	mu     sync.RWMutex
	byID   map[chat.SessionID]remembrance
	byUser map[chat.UserID][]chat.SessionID
	moved  uint64 // counts the commits that may have ended or changed a session
}

// A remembrance is what Sessions knows of one session.
type remembrance struct {
	user  chat.User
	until time.Time
}

// NewSessions makes an empty memory.
func NewSessions() *Sessions {
	return &Sessions{byID: map[chat.SessionID]remembrance{}, byUser: map[chat.UserID][]chat.SessionID{}}
}

// Committed forgets the sessions of every user of whom something has changed; see chat.Log.
func (s *Sessions) Committed(changes []chat.Change) {
	for i := range changes {
		user := changes[i].Log.User()
		if user == 0 {
			continue
		}
		s.mu.Lock()
		s.moved++
		for _, id := range s.byUser[user] {
			delete(s.byID, id)
		}
		delete(s.byUser, user)
		s.mu.Unlock()
	}
}

// user finds whose session it is, as chat.Users.Session does.
func (s *Sessions) user(ctx context.Context, users *chat.Users, id chat.SessionID, now time.Time) (chat.User, error) {
	s.mu.RLock()
	known, ok := s.byID[id]
	moved := s.moved
	s.mu.RUnlock()
	if ok && now.Before(known.until) {
		return known.user, nil
	}
	user, err := users.Session(ctx, id)
	if err == nil {
		s.remember(id, user, now.Add(sessionLife), moved)
	}
	return user, err
}

// remember keeps what was read after moved was seen, unless something has moved since: it may have been this session.
func (s *Sessions) remember(id chat.SessionID, user chat.User, until time.Time, moved uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.moved != moved {
		return
	}
	if len(s.byID) >= sessionsKept {
		clear(s.byID)
		clear(s.byUser)
	}
	if _, ok := s.byID[id]; !ok {
		s.byUser[user.ID] = append(s.byUser[user.ID], id)
	}
	s.byID[id] = remembrance{user, until}
}
