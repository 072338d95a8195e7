-- The log: every accepted change, in order, and the latest state of each record.
-- Plain SQL that SQLite and PostgreSQL both take.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE graphs (
    id  BIGINT PRIMARY KEY,
    iri TEXT NOT NULL UNIQUE
);

-- One row a record that ever was. An empty hash says that it is deleted: its IRI is never used again.
CREATE TABLE records (
    id    BIGINT PRIMARY KEY,
    graph BIGINT NOT NULL,
    iri   TEXT NOT NULL,
    seq   BIGINT NOT NULL,
    hash  TEXT NOT NULL,
    UNIQUE (iri, graph)
);

CREATE INDEX records_graph ON records (graph);

-- hash covers the change before, this change's header and its entries: a chain that damage breaks.
CREATE TABLE changes (
    seq     BIGINT PRIMARY KEY,
    at      TEXT NOT NULL,
    author  TEXT NOT NULL,
    note    TEXT NOT NULL,
    entries BIGINT NOT NULL,
    hash    TEXT NOT NULL
);

-- previous is the seq of the record's entry before this one, 0 if there was none.
CREATE TABLE entries (
    seq      BIGINT NOT NULL,
    position BIGINT NOT NULL,
    record   BIGINT NOT NULL,
    previous BIGINT NOT NULL,
    hash     TEXT NOT NULL,
    triples  TEXT NOT NULL,
    PRIMARY KEY (seq, position)
);

CREATE UNIQUE INDEX entries_record ON entries (record, seq);
