DROP TRIGGER vocabulary_skills ON skills;
DROP TRIGGER vocabulary_skill_aliases ON skill_aliases;
DROP TRIGGER vocabulary_skill_links ON skill_links;
DROP TRIGGER vocabulary_occupations ON occupations;
DROP FUNCTION mark_vocabulary();
DROP TABLE __vocabulary;
