package store

import (
	"strconv"
	"strings"

	"parley/internal/chat"
)

// mentionPieces are how many keys one statement looks up; what is over of a piece is filled with ”, which nobody has.
var mentionPieces = [...]int{8, 64}

var mentionSQLs = func() (queries [len(mentionPieces)]string) {
	for i, n := range mentionPieces {
		places := make([]string, n)
		for j := range places {
			places[j] = "$" + strconv.Itoa(2+j)
		}
		queries[i] = `SELECT u.name_key, u.id FROM users u CROSS JOIN members m ON m.room_id = $1 AND m.user_id = u.id
			WHERE u.name_key <> '' AND m.joined = 1 AND u.name_key IN (` + strings.Join(places, ", ") + `)`
	}
	return queries
}()

type keyedUser struct {
	key string
	id  chat.UserID
}

func scanKeyedUser(row scanner) (u keyedUser, err error) {
	err = row.Scan(&u.key, &u.id)
	return u, err
}

// MembersByKey is chat.MentionSnapshot's MembersByKey.
func (s *snapshot) MembersByKey(room chat.RoomID, keys []string) (map[string]chat.UserID, error) {
	members := map[string]chat.UserID{}
	for len(keys) > 0 {
		size := 0
		for size < len(mentionPieces)-1 && len(keys) > mentionPieces[size] {
			size++
		}
		args := make([]any, 1, 1+mentionPieces[size])
		args[0] = room
		for i := range mentionPieces[size] {
			key := ""
			if i < len(keys) {
				key = keys[i]
			}
			args = append(args, key)
		}
		found, err := list(s.queries, scanKeyedUser, mentionSQLs[size], args...)
		if err != nil {
			return nil, err
		}
		for _, u := range found {
			members[u.key] = u.id
		}
		keys = keys[min(len(keys), mentionPieces[size]):]
	}
	return members, nil
}

// MembersByKey is the snapshot's MembersByKey; what was put aside waits.
func (t *tx) MembersByKey(room chat.RoomID, keys []string) (map[string]chat.UserID, error) {
	defer t.aside()()
	return t.snapshot.MembersByKey(room, keys)
}

// names reports whether a text may name somebody, so that one which does not costs no look at the mentions.
func names(text string) bool { return strings.IndexByte(text, '@') >= 0 }

type mention struct {
	number int64
	user   chat.UserID
}

func scanMention(row scanner) (m mention, err error) {
	err = row.Scan(&m.number, &m.user)
	return m, err
}

// mentionSpan is how many numbers are read at once for messages that are close to each other.
const mentionSpan = 512

// addMentions adds to messages of one room whom they name.
func (s *snapshot) addMentions(messages []chat.Message) error {
	for i := 0; i < len(messages); {
		if !names(messages[i].Text) {
			i++
			continue
		}
		// A run of messages that ascend or descend and lie close together.
		low, high, end := messages[i].Number, messages[i].Number, i
		for j := i + 1; j < len(messages); j++ {
			if names(messages[j].Text) {
				if l, h := min(low, messages[j].Number), max(high, messages[j].Number); h-l < mentionSpan {
					low, high, end = l, h, j
					continue
				}
				break
			}
		}
		found, err := list(s.queries, scanMention, `SELECT number, user_id FROM mentions
			WHERE room_id = $1 AND number >= $2 AND number <= $3 ORDER BY number, user_id`, messages[i].Room, low, high)
		if err != nil {
			return err
		}
		by := map[int64][]chat.UserID{}
		for _, m := range found {
			by[m.number] = append(by[m.number], m.user)
		}
		for ; i <= end; i++ {
			if names(messages[i].Text) {
				messages[i].Mentions = by[messages[i].Number]
			}
		}
	}
	return nil
}

// putMentions stores whom a message names.
func (t *tx) putMentions(m *chat.Message) error {
	for _, user := range m.Mentions {
		if err := t.write(`INSERT INTO mentions (user_id, room_id, number) VALUES ($1, $2, $3)`, user, m.Room, m.Number); err != nil {
			return err
		}
	}
	return nil
}

// changeMentions stores whom a message names that named others before.
func (t *tx) changeMentions(old []chat.UserID, m *chat.Message) error {
	if len(old) > 0 {
		if err := t.write(`DELETE FROM mentions WHERE room_id = $1 AND number = $2`, m.Room, m.Number); err != nil {
			return err
		}
	}
	return t.putMentions(m)
}
