-- What visitors write to those who run the node. Private: it is in no graph and in no answer.
CREATE TABLE feedback (
    id      TEXT PRIMARY KEY,
    at      TEXT NOT NULL,
    message TEXT NOT NULL,
    page    TEXT NOT NULL,
    mail    TEXT NOT NULL
);
