package store

import (
	"database/sql"
	"errors"

	"parley/internal/chat"
)

const userColumns = `id, name, name_key, kind, role, password, version, created_at, seen_at, deactivated,
	bio, muted_until, room_bans, approved, banned`

func scanUser(row scanner) (u chat.User, err error) {
	err = row.Scan(&u.ID, &u.Name, &u.NameKey, &u.Kind, &u.Role, &u.Password, &u.Version, &u.CreatedAt, &u.SeenAt,
		&u.Deactivated, &u.Bio, &u.MutedUntil, &u.RoomBans, &u.Approved, &u.Banned)
	return u, err
}

func (s *snapshot) User(id chat.UserID) (chat.User, error) {
	u, err := one(s.queries, scanUser, `SELECT `+userColumns+` FROM users WHERE id = $1`, id)
	return found(u, err, "user", "There is no user %s.", id)
}

// User is the snapshot's User; the writer keeps those that it has seen lately.
func (t *tx) User(id chat.UserID) (chat.User, error) {
	return t.cache.users.load(id, func() (chat.User, error) {
		defer t.aside()()
		return t.snapshot.User(id)
	})
}

func (s *snapshot) UserByName(key string) (chat.User, error) {
	u, err := one(s.queries, scanUser,
		`SELECT `+userColumns+` FROM users WHERE name_key = $1 AND name_key <> ''`, key)
	return found(u, err, "username", "Nobody has that name.")
}

func scanPerson(row scanner) (p chat.Person, err error) {
	err = row.Scan(&p.ID, &p.Name)
	return p, err
}

func (s *snapshot) Names(ids []chat.UserID) ([]chat.Person, error) {
	return s.names(ids, ``)
}

// PublicNames is chat.MemberSnapshot's PublicNames.
func (s *snapshot) PublicNames(ids []chat.UserID) ([]chat.Person, error) {
	return s.names(ids, ` AND EXISTS (SELECT 1 FROM members m JOIN rooms r ON r.id = m.room_id
		WHERE m.user_id = users.id AND r.kind = 'public' AND r.deleted = 0 AND r.no_preview = 0)`)
}

// names are those of the ids for which a further condition holds, which is constant.
func (s *snapshot) names(ids []chat.UserID, condition string) ([]chat.Person, error) {
	var people []chat.Person
	for len(ids) > 0 {
		n := min(len(ids), listSize)
		some, err := list(s.queries, scanPerson,
			`SELECT id, name FROM users WHERE id IN (`+placeholders+`)`+condition, fill(ids[:n])...)
		if err != nil {
			return nil, err
		}
		people = append(people, some...)
		ids = ids[n:]
	}
	return people, nil
}

func (s *snapshot) Owners() (int, error) {
	n, err := one(s.queries, scanInt, `SELECT count(*) FROM users WHERE role = $1 AND role <> ''`, chat.Owner)
	return int(n), err
}

func scanUserID(row scanner) (id chat.UserID, err error) {
	err = row.Scan(&id)
	return id, err
}

func (s *snapshot) NamesBefore(key string) ([]chat.UserID, error) {
	return list(s.queries, scanUserID, `SELECT user_id FROM old_names WHERE name_key = $1 ORDER BY user_id`, key)
}

// checkFree refuses a name key that somebody else than id holds.
func (t *tx) checkFree(key string, id chat.UserID) error {
	if key == "" {
		return nil
	}
	holder, err := one(t.queries, scanUserID, `SELECT id FROM users WHERE name_key = $1 AND name_key <> ''`, key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case holder != id:
		return chat.Errorf(chat.NameTaken, "username", "Somebody has that name, or one that looks like it.")
	}
	return nil
}

// InsertUser is chat.Tx's InsertUser.
func (t *tx) InsertUser(u *chat.User) error {
	if err := t.checkFree(u.NameKey, 0); err != nil {
		return err
	}
	if err := t.savepoint(); err != nil {
		return err
	}
	id, err := one(t.queries, scanUserID, `INSERT INTO users
		(name, name_key, kind, role, password, version, created_at, seen_at, deactivated, bio, muted_until, approved, banned)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`,
		u.Name, u.NameKey, u.Kind, u.Role, u.Password, u.Version, u.CreatedAt, u.SeenAt, flag(u.Deactivated),
		u.Bio, u.MutedUntil, flag(u.Approved), flag(u.Banned))
	if err != nil {
		return err
	}
	u.ID = id
	t.cache.users.put(id, *u)
	return nil
}

// UpdateUser is chat.Tx's UpdateUser. The user's Version is the store's own and is not taken from u. The user's log is told
// of what the user sees of itself.
func (t *tx) UpdateUser(u chat.User) error {
	old, err := t.User(u.ID)
	if err != nil {
		return err
	}
	if err := t.checkFree(u.NameKey, u.ID); err != nil {
		return err
	}
	u.Version, u.RoomBans = old.Version, old.RoomBans
	if err := t.write(`UPDATE users SET name = $2, name_key = $3, kind = $4, role = $5, password = $6, created_at = $7,
		seen_at = $8, deactivated = $9, bio = $10, muted_until = $11, approved = $12, banned = $13 WHERE id = $1`,
		u.ID, u.Name, u.NameKey, u.Kind, u.Role, u.Password, u.CreatedAt, u.SeenAt, flag(u.Deactivated),
		u.Bio, u.MutedUntil, flag(u.Approved), flag(u.Banned)); err != nil {
		return err
	}
	t.cache.users.put(u.ID, u)
	if u.Name != old.Name {
		clear(t.cache.members) // they carry the name
	}
	if u.Name != old.Name && !u.Gone() {
		if err := t.renamed(old, u); err != nil {
			return err
		}
	}
	if u.Name == old.Name && u.Kind == old.Kind && u.Role == old.Role && u.Deactivated == old.Deactivated &&
		u.Bio == old.Bio && u.MutedUntil == old.MutedUntil {
		return nil
	}
	u.Version++
	// Another role may allow less.
	return t.tellOwn(u, chat.Change{Me: &chat.MeChange{User: &u}, Ends: u.Role != old.Role})
}

// renamed remembers the old name and tells every room where the user is known, also those that it has left: what it wrote
// there is shown under its name.
func (t *tx) renamed(old, u chat.User) error {
	oldKey := chat.NameKey(old.Name)
	if oldKey != chat.NameKey(u.Name) {
		if err := t.write(`INSERT INTO old_names (name_key, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
			oldKey, u.ID); err != nil {
			return err
		}
	}
	members, err := list(t.queries, scanMember, `SELECT `+memberColumns+` FROM members m JOIN users u ON u.id = m.user_id
		JOIN rooms r ON r.id = m.room_id WHERE m.user_id = $1 AND r.deleted = 0 ORDER BY m.room_id`, u.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if err := t.nameMember(m); err != nil {
			return err
		}
	}
	return nil
}

// ReleaseScripts is chat.Tx's ReleaseScripts.
func (t *tx) ReleaseScripts() error {
	_, err := t.exec(`UPDATE users SET name_key = '' WHERE kind = 'script' AND name_key <> ''`)
	return err
}

// listSize is how many values a statement with placeholders takes.
const listSize = 64

// placeholders is "$1, $2, …", listSize of them: one statement for lists of any length.
const placeholders = `$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, ` +
	`$17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, ` +
	`$33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, ` +
	`$49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62, $63, $64`

// fill makes ids, of which there is at least one, the arguments of placeholders: the last one stands for those missing.
func fill(ids []chat.UserID) []any {
	args := make([]any, listSize)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	return args
}

// flag is a bool as it is stored.
func flag(set bool) int64 {
	if set {
		return 1
	}
	return 0
}
