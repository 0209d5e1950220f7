-- +goose Up

-- Where rooms and messages of other systems came from, and what has come, so that nothing comes twice.

CREATE TABLE imports (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    system TEXT    NOT NULL,
    mark   TEXT    NOT NULL, -- tells the source from others of its system; '' if it bears no such thing
    at     BIGINT  NOT NULL  -- of the first import
);

CREATE TABLE imported_rooms (
    import_id BIGINT NOT NULL REFERENCES imports (id),
    source_id BIGINT NOT NULL, -- the room's id there
    digest    BIGINT NOT NULL, -- of its name there
    room_id   BIGINT NOT NULL REFERENCES rooms (id),
    PRIMARY KEY (import_id, source_id)
) WITHOUT ROWID;
CREATE INDEX imported_rooms_digest ON imported_rooms (import_id, digest, source_id);
CREATE INDEX imported_rooms_room ON imported_rooms (room_id);

CREATE TABLE imported_messages (
    import_id BIGINT NOT NULL REFERENCES imports (id),
    source_id BIGINT NOT NULL, -- the message's id there
    digest    BIGINT NOT NULL, -- of its content there
    PRIMARY KEY (import_id, source_id)
) WITHOUT ROWID;

CREATE TABLE imported_authors (
    import_id BIGINT NOT NULL REFERENCES imports (id),
    author    BLOB   NOT NULL, -- a digest of the name there
    user_id   BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (import_id, author)
) WITHOUT ROWID;
CREATE INDEX imported_authors_user ON imported_authors (user_id);
