package chat

// Mentioned is whom a text names of a room with these members, by their names.
func Mentioned(text string, members map[string]UserID) ([]UserID, error) {
	known := memberKeys{keys: map[string]UserID{}}
	for name, id := range members {
		known.keys[NameKey(name)] = id
	}
	return mentioned(known, 1, callsIn(text, DefaultLimits.Name))
}

// memberKeys is a snapshot that knows the members of one room and nothing else.
type memberKeys struct {
	Snapshot
	keys map[string]UserID
}

func (m memberKeys) MembersByKey(_ RoomID, keys []string) (map[string]UserID, error) {
	found := map[string]UserID{}
	for _, key := range keys {
		if id, ok := m.keys[key]; ok {
			found[key] = id
		}
	}
	return found, nil
}
