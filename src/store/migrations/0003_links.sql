-- Queries that somebody wanted a short address for. Private: no part of the log, never published.
CREATE TABLE links (
    name  TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    at    TEXT NOT NULL
);
