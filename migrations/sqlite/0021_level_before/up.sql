-- The person's level before the course, so that a result entered by mistake can be taken back: 0 = none; NULL = not kept (before this version).
ALTER TABLE skill_evidence ADD COLUMN level_before BIGINT CHECK (level_before BETWEEN 0 AND 5);
