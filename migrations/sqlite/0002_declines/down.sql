CREATE TABLE declines_text (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    declined_on DATE NOT NULL,
    reason TEXT,
    -- Whether every gate passed on that day: only then does a refusal count against anybody.
    was_suitable BOOLEAN NOT NULL
);
INSERT INTO declines_text (id, resident_id, posting_id, declined_on, reason, was_suitable)
SELECT id, resident_id, posting_id, declined_on, reason, was_suitable FROM declines;
DROP TABLE declines;
ALTER TABLE declines_text RENAME TO declines;
CREATE INDEX declines_resident ON declines (resident_id);
CREATE INDEX declines_posting ON declines (posting_id);
