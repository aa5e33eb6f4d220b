-- Sessions are named sets of exchanges; mark active_session says which of them
-- takes what is captured. An id is never given again. The state 'gone' is of what
-- is being removed.
CREATE TABLE session (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT    NOT NULL,
    state          TEXT    NOT NULL,
    created        INTEGER NOT NULL,         -- Unix nanoseconds
    note           TEXT    NOT NULL,
    keep_exchanges INTEGER NOT NULL,         -- 0: no limit of its own, as with the next two
    keep_bytes     INTEGER NOT NULL,
    keep_age       INTEGER NOT NULL,         -- nanoseconds
    origin         TEXT    NOT NULL          -- JSON of SessionOrigin; '' of one that was made here
) STRICT;
INSERT INTO session VALUES (1, 'First session', 'open', coalesce((SELECT received_at FROM exchange ORDER BY id LIMIT 1),
    CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000000), '', 0, 0, 0, '');
INSERT INTO mark (name, value) VALUES ('active_session', 1);
ALTER TABLE exchange ADD COLUMN session INTEGER NOT NULL DEFAULT 1;

-- A facet is a combination of what exchanges are told apart by. There are few of
-- them: so any question about these columns is asked of this table, and what has a
-- facet is found by one index. Where there would be too many, '*' (of answer_status
-- -1) stands for anything: the exchange's row tells.
CREATE TABLE facet (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    session       INTEGER NOT NULL,
    via           TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    provider      TEXT    NOT NULL,
    event         TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    answer_status INTEGER NOT NULL,
    answer_by     TEXT    NOT NULL,
    UNIQUE (session, via, state, provider, event, status, answer_status, answer_by)
) STRICT;
INSERT INTO facet (session, via, state, provider, event, status, answer_status, answer_by)
    SELECT 1, via, state, provider, event, status, answer_status, answer_by FROM exchange WHERE length(CAST(event AS BLOB)) <= 100
    GROUP BY via, state, provider, event, status, answer_status, answer_by ORDER BY count(*) DESC LIMIT 1000;

-- The class, which goes first when room is needed, follows from the facet.
DROP INDEX exchange_class;
ALTER TABLE exchange RENAME COLUMN class TO facet;
UPDATE exchange SET facet = (SELECT f.id FROM facet f WHERE f.session = 1 AND f.via = exchange.via AND f.state = exchange.state
    AND f.provider = exchange.provider AND f.event = exchange.event AND f.status = exchange.status
    AND f.answer_status = exchange.answer_status AND f.answer_by = exchange.answer_by);
INSERT INTO facet (session, via, state, provider, event, status, answer_status, answer_by)
    SELECT DISTINCT 1, via, state, provider, '*', status, answer_status, answer_by FROM exchange WHERE facet IS NULL;
UPDATE exchange SET facet = (SELECT f.id FROM facet f WHERE f.session = 1 AND f.via = exchange.via AND f.state = exchange.state
    AND f.provider = exchange.provider AND f.event = '*' AND f.status = exchange.status
    AND f.answer_status = exchange.answer_status AND f.answer_by = exchange.answer_by)
    WHERE facet IS NULL;
CREATE INDEX exchange_facet ON exchange (facet);

-- What a person says of an exchange. Only those who say something pay for it.
CREATE TABLE remark (
    id   INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
    mark TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;

-- What is known of an exchange because it came from a file.
CREATE TABLE imported (
    id       INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
    via      TEXT    NOT NULL,
    redacted INTEGER NOT NULL,
    mac      TEXT    NOT NULL,
    uid      BLOB,                           -- its own, where another exchange had that already
    origin   TEXT    NOT NULL,               -- of a replay: the UID of what it was made from
    rest     TEXT    NOT NULL                -- JSON of what can be made anew of others, or stands elsewhere
) STRICT;
CREATE INDEX imported_uid ON imported (uid) WHERE uid IS NOT NULL;

-- Exchanges whose texts have changed since the index of words may have read them,
-- and how often: what changes while the index reads them stays here.
CREATE TABLE touched (
    id    INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
    times INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE saved_filter (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    name  TEXT    NOT NULL,
    text  TEXT    NOT NULL,
    place INTEGER NOT NULL
) STRICT;
