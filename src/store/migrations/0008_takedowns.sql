-- What was taken down and must not come back. Private, but for the kind of reason: no part of the log.
-- `through` is the change by which the record was deleted, 0 until then; `lifted` is empty until it
-- may be written again; `emptied` says that no text of its versions up to that change is left.
CREATE TABLE takedowns (
    record  TEXT PRIMARY KEY,
    class   TEXT NOT NULL,
    reason  TEXT NOT NULL,
    at      TEXT NOT NULL,
    through BIGINT NOT NULL,
    lifted  TEXT NOT NULL,
    emptied BIGINT NOT NULL
);

-- The contents of these records, by hash, whatever they are called.
CREATE TABLE blocked_contents (
    hash   TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (hash, record)
);
