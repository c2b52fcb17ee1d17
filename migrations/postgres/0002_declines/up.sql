-- Why somebody declined is a code and a sealed note: free text would keep personal data in the clear.
ALTER TABLE declines ADD COLUMN note_cipher BYTEA;
UPDATE declines SET reason = 'other' WHERE reason IS NOT NULL;
ALTER TABLE declines ADD CONSTRAINT declines_reason_check
    CHECK (reason IN ('pay', 'hours', 'distance', 'work', 'skill', 'care', 'health', 'employer', 'other_job', 'other'));
