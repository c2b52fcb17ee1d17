-- What the vocabulary is known by: another mark whenever one of its rows changes, so that what a program built of it serves as long as the
-- mark is the same. Two databases, and what was rolled back, never share one. No record: a backup does not carry it.
CREATE TABLE __vocabulary (mark TEXT NOT NULL);
INSERT INTO __vocabulary (mark) VALUES (lower(hex(randomblob(16))));
CREATE TRIGGER vocabulary_skills_insert AFTER INSERT ON skills BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_skills_update AFTER UPDATE ON skills BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_skills_delete AFTER DELETE ON skills BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_skill_aliases_insert AFTER INSERT ON skill_aliases BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_skill_aliases_update AFTER UPDATE ON skill_aliases BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_skill_aliases_delete AFTER DELETE ON skill_aliases BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_skill_links_insert AFTER INSERT ON skill_links BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_skill_links_update AFTER UPDATE ON skill_links BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_skill_links_delete AFTER DELETE ON skill_links BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_occupations_insert AFTER INSERT ON occupations BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_occupations_update AFTER UPDATE ON occupations BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
CREATE TRIGGER vocabulary_occupations_delete AFTER DELETE ON occupations BEGIN UPDATE __vocabulary SET mark = lower(hex(randomblob(16))); END;
