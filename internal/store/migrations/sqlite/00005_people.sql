-- +goose Up

-- People, rooms that are theirs, and who may not come in.

ALTER TABLE users ADD COLUMN bio TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN muted_until BIGINT NOT NULL DEFAULT 0; -- on the whole server
ALTER TABLE users ADD COLUMN room_bans BIGINT NOT NULL DEFAULT 0; -- how many rooms the user is banned from
ALTER TABLE users ADD COLUMN approved INTEGER NOT NULL DEFAULT 0; -- a message that was held has been approved, for the whole server
ALTER TABLE users ADD COLUMN banned INTEGER NOT NULL DEFAULT 0; -- why the user is deactivated

ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT ''; -- the network it was opened from: an IPv4 address, an IPv6 /64

ALTER TABLE server ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'; -- JSON; what is absent is as usual

ALTER TABLE rooms ADD COLUMN address TEXT NOT NULL DEFAULT ''; -- "~…" of private and direct rooms, kept when one becomes public
ALTER TABLE rooms ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN slow BIGINT NOT NULL DEFAULT 0; -- seconds between two messages of one person
ALTER TABLE rooms ADD COLUMN no_preview INTEGER NOT NULL DEFAULT 0; -- 1: only members may read this public room
ALTER TABLE rooms ADD COLUMN created_by BIGINT NOT NULL DEFAULT 0; -- users.id
ALTER TABLE rooms ADD COLUMN people TEXT NOT NULL DEFAULT ''; -- of a direct room: the ids of its people, ascending, "3,7"
CREATE UNIQUE INDEX rooms_address ON rooms (address) WHERE address <> '';
CREATE UNIQUE INDEX rooms_people ON rooms (people) WHERE people <> '' AND deleted = 0;

-- What rooms were called before; an address with such a name leads to the room unless another one is called so now.
CREATE TABLE old_room_names (
    name    TEXT   NOT NULL,
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    at      BIGINT NOT NULL,
    PRIMARY KEY (name, room_id)
) WITHOUT ROWID;

ALTER TABLE members ADD COLUMN role TEXT NOT NULL DEFAULT ''; -- 'moderator' of this room
ALTER TABLE members ADD COLUMN banned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN muted_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN approved INTEGER NOT NULL DEFAULT 0; -- a message that was held has been approved, for this room
ALTER TABLE members ADD COLUMN spoke_at BIGINT NOT NULL DEFAULT 0; -- the last message; kept right only where rooms.slow is not 0

-- What is one's own about a room. No row: nothing read, told of everything.
CREATE TABLE reads (
    user_id BIGINT NOT NULL REFERENCES users (id),
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    number  BIGINT NOT NULL, -- everything up to this message has been read
    notify  TEXT   NOT NULL, -- '' all, 'mentions', 'nothing', 'hidden'
    PRIMARY KEY (user_id, room_id)
) WITHOUT ROWID;

CREATE TABLE mentions (
    user_id BIGINT NOT NULL,
    room_id BIGINT NOT NULL,
    number  BIGINT NOT NULL,
    PRIMARY KEY (user_id, room_id, number)
) WITHOUT ROWID;
CREATE INDEX mentions_message ON mentions (room_id, number);

CREATE TABLE invites (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       TEXT   NOT NULL UNIQUE, -- SHA-256 of the token, in hex
    room_id    BIGINT NOT NULL, -- 0: to the server alone
    role       TEXT   NOT NULL, -- that an account which uses it gets on the server
    note       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL, -- 0: never
    uses       BIGINT NOT NULL, -- how many it admits; 0: any number
    used       BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked    INTEGER NOT NULL
);
CREATE INDEX invites_room ON invites (room_id, id);
CREATE INDEX invites_by ON invites (created_by, id);

CREATE TABLE invite_uses (
    invite_id BIGINT NOT NULL REFERENCES invites (id),
    user_id   BIGINT NOT NULL REFERENCES users (id),
    at        BIGINT NOT NULL,
    PRIMARY KEY (invite_id, user_id)
) WITHOUT ROWID;
CREATE INDEX invite_uses_user ON invite_uses (user_id);

-- An address counts only once its link was opened; until then anybody may have typed it.
CREATE TABLE emails (
    user_id     BIGINT NOT NULL REFERENCES users (id),
    address     TEXT   NOT NULL, -- as it was typed
    address_key TEXT   NOT NULL, -- what addresses are compared by
    verified_at BIGINT NOT NULL, -- 0: not yet
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (user_id, address_key)
) WITHOUT ROWID;
CREATE UNIQUE INDEX emails_verified ON emails (address_key) WHERE verified_at <> 0;

-- Secrets that work once: to confirm an address, to choose a new password, to move to another device.
CREATE TABLE links (
    hash       TEXT   PRIMARY KEY, -- SHA-256 of the token, in hex
    purpose    TEXT   NOT NULL,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    detail     TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX links_user ON links (user_id, purpose);
CREATE INDEX links_expires ON links (expires_at);

CREATE TABLE passkeys (
    id         TEXT   PRIMARY KEY, -- the credential's id, base64url
    user_id    BIGINT NOT NULL REFERENCES users (id),
    name       TEXT   NOT NULL,
    handle     TEXT   NOT NULL, -- what devices know the user by, base64url; one for all passkeys of a user
    credential TEXT   NOT NULL, -- JSON
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX passkeys_user ON passkeys (user_id);

-- Who somebody is at another server that signs them in (OpenID Connect).
CREATE TABLE identities (
    issuer  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    at      BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;
CREATE INDEX identities_user ON identities (user_id);

-- Networks that no new guest comes from.
CREATE TABLE address_bans (
    prefix  TEXT   PRIMARY KEY,
    until   BIGINT NOT NULL, -- 0: for ever
    user_id BIGINT NOT NULL, -- whom it was meant for, or 0
    by_user BIGINT NOT NULL, -- who banned it
    at      BIGINT NOT NULL,
    why     TEXT   NOT NULL
) WITHOUT ROWID;
CREATE INDEX address_bans_user ON address_bans (user_id);

CREATE TABLE reports (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id    BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    by_user    BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    why        TEXT   NOT NULL,
    text       TEXT   NOT NULL, -- the message as it was reported; '' once decided
    state      TEXT   NOT NULL, -- 'open', 'upheld', 'dismissed'
    decided_by BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    note       TEXT   NOT NULL
);
CREATE UNIQUE INDEX reports_once ON reports (room_id, number, by_user);
CREATE INDEX reports_by ON reports (by_user, id);
CREATE INDEX reports_state ON reports (state, id);
CREATE INDEX reports_room ON reports (room_id, state, id);

-- What waits for approval. It is no message: it has no number and no version.
CREATE TABLE held (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    key     TEXT   NOT NULL,
    text    TEXT   NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX held_user ON held (user_id, key);
CREATE INDEX held_room ON held (room_id, id);

ALTER TABLE audit ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN room_id BIGINT NOT NULL DEFAULT 0; -- where it happened
CREATE INDEX audit_room ON audit (room_id, id) WHERE room_id <> 0;

-- Of the deletion of a person's messages, or of a time range's: in which room (0: all), from when to when (0: no bound).
ALTER TABLE jobs ADD COLUMN room_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN from_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN to_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN by_user BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN cut_at BIGINT NOT NULL DEFAULT 0; -- of a time range in all rooms: the time that it has come to
ALTER TABLE jobs ADD COLUMN changed BIGINT NOT NULL DEFAULT 0; -- how many messages it has deleted
