package tutorial

// Decode reads a frame of the tutorial's client, for the tests.
func Decode(text []byte) (message, room, sender string, err error) {
	s, err := decode(text)
	return s.message, s.room, s.sender, err
}
