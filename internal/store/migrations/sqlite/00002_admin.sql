-- +goose Up

-- What administrators did. It names things by what they were called then, so that it stays readable when they are gone.
CREATE TABLE audit (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        BIGINT NOT NULL,
    user_id   BIGINT NOT NULL, -- 0: the operator's commands
    user_name TEXT   NOT NULL,
    verb      TEXT   NOT NULL,
    object    TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    detail    TEXT   NOT NULL
);
CREATE INDEX audit_user ON audit (user_id, id);

-- Work that a deletion left to be done in small pieces.
CREATE TABLE jobs (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT   NOT NULL,
    subject BIGINT NOT NULL, -- a room or a user, by the kind
    done_to BIGINT NOT NULL, -- messages.id of the last one that is done
    up_to   BIGINT NOT NULL  -- messages.id of the last one there was when the job began
);
CREATE INDEX jobs_kind ON jobs (kind, id);

-- The orders that the lists of the admin site can be walked in.
CREATE INDEX rooms_list_created ON rooms (deleted, id);
CREATE INDEX rooms_list_name ON rooms (deleted, lower(name), id);
CREATE INDEX rooms_list_messages ON rooms (deleted, messages, id);
CREATE INDEX rooms_list_members ON rooms (deleted, members, id);
CREATE INDEX users_list_name ON users (lower(name), id);
CREATE INDEX users_list_kind ON users (kind, id);
CREATE INDEX users_list_role ON users (role, id);
CREATE INDEX users_list_seen ON users (seen_at, id);
