-- +goose Up

-- Posting touches few pages: besides the row itself, which is appended, one leaf of messages_number for each room.
--
-- There is no index on version. In a room posted_version grows with number, so what was posted after a version lies at the
-- end of messages_number; only what was edited or deleted since it was posted has an entry of its own (messages_changed).
-- Whom a message is by and what key made it is asked of old messages rarely, and such entries lie scattered. So the newest
-- messages are in message_authors and message_keys only after a while, thousands at once in the order of the index.
--
-- The writer looks up room and user in the transaction that stores a message, so the table does not look them up again.

CREATE TABLE new_messages (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of storing, over all rooms
    room_id        BIGINT NOT NULL, -- rooms.id
    number         BIGINT NOT NULL, -- 1, 2, 3, … in the room, without a gap
    version        BIGINT NOT NULL, -- the room's version when this row last changed
    posted_version BIGINT NOT NULL, -- the room's version when it was posted: the same as version if it never changed
    user_id        BIGINT NOT NULL, -- users.id
    at             BIGINT NOT NULL,
    edited_at      BIGINT NOT NULL,
    deleted_at     BIGINT NOT NULL, -- a tombstone: its text is ''
    key            TEXT   NOT NULL, -- '' for none
    digest         BLOB   NOT NULL, -- of the text as it was posted, if the row has changed since and has a key
    text           TEXT   NOT NULL
);

-- posted_version is known of what never changed, and by their receipts of others that have a key. What is left are messages
-- without a key that were edited or deleted: as far above its number as the one before it is a version it may have had.
INSERT INTO new_messages (id, room_id, number, version, posted_version, user_id, at, edited_at, deleted_at, key, digest, text)
SELECT id, room_id, number, version,
    number + coalesce(max(ahead) OVER (PARTITION BY room_id ORDER BY number), 0),
    user_id, at, edited_at, deleted_at, key, digest, text
FROM (
    SELECT m.*, coalesce(r.digest, x'') AS digest,
        CASE WHEN m.edited_at = 0 AND m.deleted_at = 0 THEN m.version ELSE r.version END - m.number AS ahead
    FROM messages m LEFT JOIN receipts r
        ON r.key = m.key AND r.user_id = m.user_id AND m.key <> '' AND (m.edited_at <> 0 OR m.deleted_at <> 0)
)
ORDER BY id;

UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM sqlite_sequence WHERE name IN ('messages', 'new_messages'))
WHERE name = 'new_messages';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_messages', seq FROM sqlite_sequence
WHERE name = 'messages' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'new_messages');

DROP TABLE messages;
DROP TABLE receipts;
ALTER TABLE new_messages RENAME TO messages;

CREATE UNIQUE INDEX messages_number ON messages (room_id, number);
CREATE INDEX messages_changed ON messages (room_id, version) WHERE version <> posted_version;
CREATE INDEX messages_at ON messages (at);

CREATE TABLE message_authors (
    user_id BIGINT NOT NULL,
    id      BIGINT NOT NULL, -- messages.id
    PRIMARY KEY (user_id, id)
) WITHOUT ROWID;
INSERT INTO message_authors (user_id, id) SELECT user_id, id FROM messages ORDER BY user_id, id;

-- A key is never given twice by a user. The message's row says what it was given for, also when the text is gone.
CREATE TABLE message_keys (
    hash BIGINT NOT NULL, -- of user_id and key; others may have the same
    id   BIGINT NOT NULL, -- messages.id
    PRIMARY KEY (hash, id)
) WITHOUT ROWID;
INSERT INTO message_keys (hash, id) SELECT parley_key_hash(user_id, key), id FROM messages WHERE key <> '' ORDER BY 1, 2;

-- How far these two reach: messages with a higher id are not in them yet.
CREATE TABLE message_tails (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    authors BIGINT  NOT NULL,
    keys    BIGINT  NOT NULL
);
INSERT INTO message_tails (id, authors, keys) SELECT 1, coalesce(max(id), 0), coalesce(max(id), 0) FROM messages;
