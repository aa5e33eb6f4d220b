-- Deletion is soft until the process ends that did it: what mark cleared_id
-- covers and what stands in hidden is not listed any more, and the next process
-- deletes it. session tells the hidden ones of this process from those of
-- earlier ones.
CREATE TABLE hidden (
    id      INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
    session INTEGER NOT NULL
) STRICT;

-- The exchanges that cleared_id does not cover as long as it is not above
-- through: pinned ones (through is as large as can be), and those that were when
-- it was set. None of them is in hidden. It is a table, and no index of
-- exchange, so that no callback pays for it.
CREATE TABLE spared (
    id      INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
    through INTEGER NOT NULL
) STRICT;
INSERT INTO spared SELECT id, 9223372036854775807 FROM exchange WHERE pinned = 1;

-- What was sent again, for the same reason a table.
CREATE TABLE replay (
    id     INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
    origin INTEGER NOT NULL
) STRICT;
CREATE INDEX replay_origin ON replay (origin);
INSERT INTO replay SELECT id, origin FROM exchange WHERE via = 'replay';

-- The answers that a person has chosen.
CREATE TABLE choice (
    path    TEXT PRIMARY KEY,
    preset  TEXT    NOT NULL,
    message TEXT    NOT NULL,
    until   INTEGER NOT NULL                 -- Unix nanoseconds; 0: for good
) STRICT, WITHOUT ROWID;

-- What was resent, by what it was made from. Only resends pay for it.
CREATE INDEX exchange_origin ON exchange (origin) WHERE origin > 0;
