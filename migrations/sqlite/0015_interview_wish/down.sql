ALTER TABLE introductions DROP COLUMN interview_on;
