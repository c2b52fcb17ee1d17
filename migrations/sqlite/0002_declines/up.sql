-- Why somebody declined is a code and a sealed note: free text would keep personal data in the clear.
CREATE TABLE declines_coded (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    declined_on DATE NOT NULL,
    reason TEXT CHECK (reason IN ('pay', 'hours', 'distance', 'work', 'skill', 'care', 'health', 'employer', 'other_job', 'other')),
    note_cipher BLOB,
    -- Whether every gate passed on that day: only then does a refusal count against anybody.
    was_suitable BOOLEAN NOT NULL
);
INSERT INTO declines_coded (id, resident_id, posting_id, declined_on, reason, was_suitable)
SELECT id, resident_id, posting_id, declined_on, CASE WHEN reason IS NULL THEN NULL ELSE 'other' END, was_suitable FROM declines;
DROP TABLE declines;
ALTER TABLE declines_coded RENAME TO declines;
CREATE INDEX declines_resident ON declines (resident_id);
CREATE INDEX declines_posting ON declines (posting_id);
