ALTER TABLE skill_evidence DROP COLUMN level_before;
