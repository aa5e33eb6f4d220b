-- Rules say what callbacks are answered. An id is never given again: exchanges
-- name the rule that answered them.
CREATE TABLE rule (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT    NOT NULL,
    enabled  INTEGER NOT NULL,
    place    INTEGER NOT NULL,               -- Rule.Order
    endpoint TEXT    NOT NULL,
    filter   TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    params   TEXT    NOT NULL,               -- JSON of RuleParams
    most     INTEGER NOT NULL,               -- RuleEnd: callbacks; 0: any number
    used     INTEGER NOT NULL,
    until    INTEGER NOT NULL,               -- Unix nanoseconds; 0: for good
    quit     INTEGER NOT NULL,
    hits     INTEGER NOT NULL
) STRICT;

-- A chosen answer is a preset rule that is named after its endpoint's path and
-- asked after all others.
INSERT INTO rule (name, enabled, place, endpoint, filter, kind, params, most, used, until, quit, hits)
    SELECT path, 1, 1099511627776, path, '', 'preset',
        json_object('answer', CASE message WHEN '' THEN json_object('preset', preset)
            ELSE json_object('preset', preset, 'message', message) END),
        0, 0, until, 0, 0
    FROM choice ORDER BY path;
DROP TABLE choice;

ALTER TABLE exchange ADD COLUMN answer_rule INTEGER NOT NULL DEFAULT 0;
ALTER TABLE exchange ADD COLUMN answer_rule_name TEXT NOT NULL DEFAULT '';

-- Real callbacks come to a live endpoint.
ALTER TABLE endpoint ADD COLUMN live INTEGER NOT NULL DEFAULT 0;
