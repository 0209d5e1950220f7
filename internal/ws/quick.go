package ws

import "strings"

// quick decodes the frames that clients send most, flat objects of plain strings and whole numbers, without reflection. It
// reports false, and leaves q as it was, for any frame that has something else in it, which encoding/json is to judge: an
// escape in a string, a field that is not in its list or comes twice, another type, or a fault.
func (q *request) quick(text string) bool {
	var r request
	s := scanner{text}
	if !s.next('{') {
		return false
	}
	for {
		name, ok := s.plain()
		if !ok || !s.next(':') || !r.field(name, &s) {
			return false
		}
		if s.next('}') {
			break
		}
		if !s.next(',') {
			return false
		}
	}
	if s.space(); s.rest != "" {
		return false
	}
	*q = r
	return true
}

// field reads the value of a field, the first of that name.
func (q *request) field(name string, s *scanner) (ok bool) {
	text := func(p **string) bool {
		v, ok := s.plain()
		if !ok || *p != nil {
			return false
		}
		*p = &v
		return true
	}
	switch name {
	case "id":
		if q.ID != 0 {
			return false
		}
		q.ID, ok = s.whole()
		return ok
	case "do":
		if q.Do != "" {
			return false
		}
		q.Do, ok = s.plain()
		return ok
	case "room":
		return text(&q.Room)
	case "key":
		return text(&q.Key)
	case "text":
		return text(&q.Text)
	}
	return false
}

// A scanner stands in the JSON text that is to be read.
type scanner struct{ rest string }

func (s *scanner) space() {
	for s.rest != "" && (s.rest[0] == ' ' || s.rest[0] == '\n' || s.rest[0] == '\t' || s.rest[0] == '\r') {
		s.rest = s.rest[1:]
	}
}

// next goes over a mark and the space before it.
func (s *scanner) next(mark byte) bool {
	s.space()
	if s.rest == "" || s.rest[0] != mark {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// plain reads a string that stands for itself: with no escapes. A frame is valid UTF-8, so nothing in it needs replacing.
func (s *scanner) plain() (string, bool) {
	if !s.next('"') {
		return "", false
	}
	end := strings.IndexByte(s.rest, '"')
	if end < 0 {
		return "", false
	}
	v := s.rest[:end]
	for i := range len(v) {
		if v[i] < ' ' || v[i] == '\\' {
			return "", false
		}
	}
	s.rest = s.rest[end+1:]
	return v, true
}

// whole reads a whole number above 0 of at most 18 digits.
func (s *scanner) whole() (n int64, ok bool) {
	s.space()
	digits := 0
	for digits < len(s.rest) && s.rest[digits] >= '0' && s.rest[digits] <= '9' {
		n = n*10 + int64(s.rest[digits]-'0')
		if digits++; digits > 18 {
			return 0, false
		}
	}
	if digits == 0 || s.rest[0] == '0' {
		return 0, false
	}
	s.rest = s.rest[digits:]
	return n, true
}
