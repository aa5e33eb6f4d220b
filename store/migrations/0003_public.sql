-- A public address of one's own is a third way for deliveries to come.
DROP INDEX exchange_delivery;
CREATE INDEX exchange_delivery ON exchange (provider, delivery)
    WHERE delivery <> '' AND via IN ('local', 'tunnel', 'public');

-- The changes of the public address's state: when it carried, and when not.
CREATE TABLE public_event (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,                 -- Unix nanoseconds
    state  TEXT    NOT NULL,
    url    TEXT    NOT NULL,
    code   TEXT    NOT NULL,
    reason TEXT    NOT NULL
) STRICT;
