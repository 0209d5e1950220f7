package store

import (
	"encoding/json"
	"fmt"

	"parley/internal/chat"
)

func scanSettings(row scanner) (s chat.Settings, err error) {
	var text []byte
	if err = row.Scan(&text); err != nil {
		return s, err
	}
	if err = json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("the server's settings: %w", err)
	}
	return s, nil
}

func (s *snapshot) Settings() (chat.Settings, error) {
	return one(s.queries, scanSettings, `SELECT settings FROM server WHERE id = 1`)
}

// Settings is the snapshot's Settings; the writer keeps them.
func (t *tx) Settings() (chat.Settings, error) {
	if t.cache.settings != nil {
		return *t.cache.settings, nil
	}
	defer t.aside()()
	s, err := t.snapshot.Settings()
	if err == nil {
		t.cache.settings = &s
	}
	return s, err
}

// PutSettings is chat.Tx's PutSettings.
func (t *tx) PutSettings(s chat.Settings) error {
	old, err := t.Settings()
	if err != nil || old == s {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := t.write(`UPDATE server SET settings = $1 WHERE id = 1`, string(text)); err != nil {
		return err
	}
	t.cache.settings = &s
	return t.Tell(chat.ServerLog, chat.Change{Server: &chat.ServerChange{Settings: &s}, Ends: old.Narrower(s)})
}
