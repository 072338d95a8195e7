-- The other nodes and publishers that an administrator listed, and what the last check of each found.
-- Private: no part of the log. Texts are empty and numbers absent where nothing is known.
CREATE TABLE peers (
    name     TEXT PRIMARY KEY,
    base     TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    trust    TEXT NOT NULL,
    named    BIGINT NOT NULL,
    pinned   TEXT NOT NULL,
    added    TEXT NOT NULL,
    checked  TEXT NOT NULL,
    problem  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    latency  BIGINT,
    answered TEXT NOT NULL,
    triples  BIGINT,
    records  BIGINT,
    seq      BIGINT
);
