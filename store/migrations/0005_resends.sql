-- What is known of a resend because we sent it. Only resends pay for it.
ALTER TABLE replay ADD COLUMN base        TEXT    NOT NULL DEFAULT '';
ALTER TABLE replay ADD COLUMN dns         INTEGER NOT NULL DEFAULT 0;   -- nanoseconds, as are the next four
ALTER TABLE replay ADD COLUMN connect     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replay ADD COLUMN tls         INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replay ADD COLUMN first_byte  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replay ADD COLUMN total       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replay ADD COLUMN differences TEXT    NOT NULL DEFAULT '';  -- JSON of []Difference
ALTER TABLE replay ADD COLUMN hops        TEXT    NOT NULL DEFAULT '';  -- JSON of []Hop

-- A resend has its body from another message, by the number of that. Where that is
-- deleted, body keeps it until the last resend is gone.
ALTER TABLE message ADD COLUMN body_of INTEGER NOT NULL DEFAULT 0;      -- 0: its own
CREATE INDEX message_body_of ON message (body_of) WHERE body_of > 0;
CREATE TABLE body (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;
CREATE TRIGGER message_leaves_body BEFORE DELETE ON message
    WHEN EXISTS (SELECT 1 FROM message WHERE body_of = old.exchange_id AND body_of > 0) AND old.body IS NOT NULL
    BEGIN INSERT INTO body (id, data) VALUES (old.exchange_id, old.body); END;
CREATE TRIGGER message_took_body AFTER DELETE ON message
    WHEN old.body_of > 0 AND NOT EXISTS (SELECT 1 FROM message WHERE body_of = old.body_of AND body_of > 0)
    BEGIN DELETE FROM body WHERE id = old.body_of; END;

-- Where callbacks were resent to, by whose they were and where they came in.
CREATE TABLE target (
    provider TEXT    NOT NULL,
    endpoint TEXT    NOT NULL,
    address  TEXT    NOT NULL,
    used_at  INTEGER NOT NULL,               -- Unix nanoseconds
    PRIMARY KEY (provider, endpoint, address)
) STRICT, WITHOUT ROWID;
