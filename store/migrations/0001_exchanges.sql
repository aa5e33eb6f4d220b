-- exchange holds what lists show. Its rows stay small: heads and bodies live in
-- message, which no list ever reads.
CREATE TABLE exchange (
    id          INTEGER PRIMARY KEY,
    uid         BLOB    NOT NULL UNIQUE,     -- the 16 bytes of a UUID
    received_at INTEGER NOT NULL,            -- Unix nanoseconds
    via         TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    origin      INTEGER NOT NULL,
    pinned      INTEGER NOT NULL,
    endpoint    TEXT    NOT NULL,
    remote      TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    method      TEXT    NOT NULL,
    target      TEXT    NOT NULL,
    proto       TEXT    NOT NULL,
    host        TEXT    NOT NULL,
    size        INTEGER NOT NULL,
    truncated   INTEGER NOT NULL,
    error       TEXT    NOT NULL,

    annotated   INTEGER NOT NULL DEFAULT 0,
    class       INTEGER,                     -- who goes first when room is needed: 0 unknown sender, 1 not proven; NULL others
    provider    TEXT    NOT NULL DEFAULT '',
    event       TEXT    NOT NULL DEFAULT '',
    summary     TEXT    NOT NULL DEFAULT '',
    order_key   TEXT    NOT NULL DEFAULT '',
    delivery    TEXT    NOT NULL DEFAULT '',
    attempt     INTEGER NOT NULL DEFAULT 0,
    status      TEXT    NOT NULL DEFAULT '',
    at_arrival  TEXT    NOT NULL DEFAULT '',
    scheme      TEXT    NOT NULL DEFAULT '',
    proof       TEXT    NOT NULL DEFAULT '', -- Verification.Header
    proof_key   TEXT    NOT NULL DEFAULT '',
    reason      TEXT    NOT NULL DEFAULT '',

    answer_status INTEGER NOT NULL DEFAULT 0, -- 0: not answered
    answer_by     TEXT    NOT NULL DEFAULT '',
    answer_preset TEXT    NOT NULL DEFAULT '',
    answered_at   INTEGER NOT NULL DEFAULT 0,
    took          INTEGER NOT NULL DEFAULT 0,
    answer_id     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The attempts of a delivery, in their order. An index is paid for by every
-- callback, in pages that its commit must write: one on order_key took an eighth
-- of the throughput, and reading a million rows for a rare filter takes 150 ms.
CREATE INDEX exchange_delivery ON exchange (provider, delivery)
    WHERE delivery <> '' AND via IN ('local', 'tunnel');
CREATE INDEX exchange_class ON exchange (class) WHERE class IS NOT NULL;

CREATE TABLE message (
    exchange_id INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
    exact       INTEGER NOT NULL,
    trailers    TEXT,                        -- JSON [[name, value], …]
    head        BLOB,
    body        BLOB
) STRICT;

-- The header and body of answers. A positive id is shared by every exchange
-- that was answered so; a negative one belongs to the exchange of that number.
CREATE TABLE answer (
    id     INTEGER PRIMARY KEY,
    header TEXT,                             -- JSON [[name, value], …]
    body   BLOB
) STRICT;

CREATE TABLE endpoint (
    path     TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    provider TEXT NOT NULL,
    event    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The paths that were once given by default, so that a removed one stays removed.
CREATE TABLE endpoint_seed (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE public_value (
    name  TEXT NOT NULL,
    label TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name, label)
) STRICT, WITHOUT ROWID;

-- last_id: no exchange gets this id or a smaller one again.
-- settled_id: no exchange up to this one waits for an answer or an annotation.
CREATE TABLE mark (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
