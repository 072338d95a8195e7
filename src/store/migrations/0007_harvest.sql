-- What was taken over from peers: where each harvest stands, what is kept back, how each run went.
-- Private: no part of the log, which holds the records. Texts are empty where nothing is known.
CREATE TABLE harvests (
    peer     TEXT PRIMARY KEY,
    base     TEXT NOT NULL,
    bookmark TEXT NOT NULL,
    wanted   TEXT NOT NULL
);
CREATE TABLE harvest_pages (
    peer   TEXT NOT NULL,
    url    TEXT NOT NULL,
    etag   TEXT NOT NULL,
    closed BIGINT NOT NULL,
    links  TEXT NOT NULL,
    PRIMARY KEY (peer, url)
);
CREATE TABLE harvest_versions (
    peer    TEXT NOT NULL,
    record  TEXT NOT NULL,
    version TEXT NOT NULL,
    origin  TEXT NOT NULL,
    PRIMARY KEY (peer, record)
);
CREATE INDEX harvest_versions_by_origin ON harvest_versions (peer, origin);
CREATE TABLE harvest_quarantine (
    peer    TEXT NOT NULL,
    record  TEXT NOT NULL,
    version TEXT NOT NULL,
    origin  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    since   TEXT NOT NULL,
    triples TEXT NOT NULL,
    PRIMARY KEY (peer, record)
);
CREATE TABLE harvest_runs (
    peer        TEXT NOT NULL,
    started     TEXT NOT NULL,
    ended       TEXT NOT NULL,
    problem     TEXT NOT NULL,
    detail      TEXT NOT NULL,
    added       BIGINT NOT NULL,
    changed     BIGINT NOT NULL,
    deleted     BIGINT NOT NULL,
    unchanged   BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    own         BIGINT NOT NULL,
    requests    BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    PRIMARY KEY (peer, started)
);
