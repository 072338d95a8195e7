-- What the shapes say of versions of records: a reading of the log, made again at will. A version with
-- a grave fault is not published. findings is JSON.
CREATE TABLE faults (
    seq      BIGINT NOT NULL,
    position BIGINT NOT NULL,
    record   BIGINT NOT NULL,
    grave    BIGINT NOT NULL,
    findings TEXT NOT NULL,
    PRIMARY KEY (seq, position)
);

CREATE INDEX faults_record ON faults (record);
