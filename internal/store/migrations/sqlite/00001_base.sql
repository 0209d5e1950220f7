-- +goose Up

-- Times are unix milliseconds; 0 stands for "never" and "not known". Flags are 0 or 1.
-- Nothing here needs functions, collations or virtual tables of ours: any SQLite from 3.40 reads and checks this file.

CREATE TABLE server (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    epoch   TEXT    NOT NULL,
    version BIGINT  NOT NULL -- head of the server's own log
);

CREATE TABLE users (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL, -- '' when the user holds its name no longer
    kind        TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    password    TEXT    NOT NULL,
    version     BIGINT  NOT NULL, -- head of the user's own log
    created_at  BIGINT  NOT NULL,
    seen_at     BIGINT  NOT NULL,
    deactivated INTEGER NOT NULL
);
CREATE UNIQUE INDEX users_name_key ON users (name_key) WHERE name_key <> '';
CREATE INDEX users_role ON users (role) WHERE role <> '';
CREATE INDEX users_scripts ON users (id) WHERE kind = 'script' AND name_key <> '';

CREATE TABLE old_names (
    name_key TEXT   NOT NULL,
    user_id  BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (name_key, user_id)
) WITHOUT ROWID;
CREATE INDEX old_names_user ON old_names (user_id);

CREATE TABLE sessions (
    id         TEXT   PRIMARY KEY, -- SHA-256 of the token, in hex
    user_id    BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    agent      TEXT   NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE rooms (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    topic        TEXT    NOT NULL,
    version      BIGINT  NOT NULL, -- head of the room's log
    messages     BIGINT  NOT NULL, -- number of the newest message
    members      BIGINT  NOT NULL, -- how many are members now
    info_version BIGINT  NOT NULL, -- version at which name, kind, topic or deleted last changed
    newest       BIGINT  NOT NULL, -- messages.id of the newest message
    created_at   BIGINT  NOT NULL,
    deleted      INTEGER NOT NULL
);
CREATE UNIQUE INDEX rooms_name ON rooms (name) WHERE kind = 'public' AND deleted = 0;
CREATE INDEX rooms_newest ON rooms (newest) WHERE kind = 'public' AND deleted = 0;

CREATE TABLE members (
    room_id       BIGINT  NOT NULL REFERENCES rooms (id),
    user_id       BIGINT  NOT NULL REFERENCES users (id),
    joined        INTEGER NOT NULL, -- 0: has left
    version       BIGINT  NOT NULL, -- the room's version when this row last changed: the higher of the next two
    moved_version BIGINT  NOT NULL, -- … of the last join or leave
    named_version BIGINT  NOT NULL, -- … of the last new name
    at            BIGINT  NOT NULL, -- of the last join or leave
    PRIMARY KEY (room_id, user_id)
) WITHOUT ROWID;
CREATE INDEX members_version ON members (room_id, version);
CREATE INDEX members_user ON members (user_id);

CREATE TABLE messages (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of storing, over all rooms
    room_id    BIGINT NOT NULL REFERENCES rooms (id),
    number     BIGINT NOT NULL, -- 1, 2, 3, … in the room, without a gap
    version    BIGINT NOT NULL, -- the room's version when this row last changed
    user_id    BIGINT NOT NULL REFERENCES users (id),
    key        TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    edited_at  BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL, -- a tombstone: its text is ''
    text       TEXT   NOT NULL
);
CREATE UNIQUE INDEX messages_number ON messages (room_id, number);
CREATE INDEX messages_version ON messages (room_id, version);
CREATE INDEX messages_user ON messages (user_id, id);
CREATE INDEX messages_at ON messages (at);

-- What each key was given for. It outlives the message, so that a late repetition makes no second one. It was written with
-- its message, whose row has the references. Keys mostly grow with time, so the key comes first in the index: new receipts
-- then share a page, where user first would touch one page for every user; posting is a third faster for it.
CREATE TABLE receipts (
    user_id BIGINT NOT NULL,
    key     TEXT   NOT NULL,
    room_id BIGINT NOT NULL,
    number  BIGINT NOT NULL,
    version BIGINT NOT NULL,
    digest  BLOB   NOT NULL,
    PRIMARY KEY (key, user_id)
) WITHOUT ROWID;
